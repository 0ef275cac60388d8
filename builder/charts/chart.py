"""A chart: Vega-Lite views, the data sets that they draw, and the Vega specifications that browsers get."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

# What Vega-Lite writes for a text that may be missing.
_GUARDED_TEXT = re.compile(r"isValid\(datum\[\"(\w+)\"\]\) \?")

# A Vega-Lite specification, or a part of one.
View = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """What a page can show.

    Attributes:
        key: Name in files.
        title: Name for readers.
        views: Returns name -> Vega-Lite view; all that the chart is ever drawn with.
        data_sets: Name of a data set that the views draw -> its fields.
    """

    key: str
    title: str
    views: Callable[[], Mapping[str, View]]
    data_sets: Mapping[str, tuple[str, ...]]


def plain(chart: alt.Chart) -> View:
    """Return a mark with its data and encodings, to be put together with others.

    As dictionaries: Altair copies all layers again, and checks all of them, at each step, which takes longer than
    drawing. The tests check each view as a whole.
    """
    spec: View = chart.to_dict(validate=False)
    return {name: part for name, part in spec.items() if name not in ("$schema", "config")}


def named_data(name: str) -> alt.NamedData:
    """Return a data set that is filled later."""
    # Without a format Vega would look at every number to see whether it is one.
    return alt.NamedData(name=name, format={"parse": None})


def to_vega(view: View) -> dict[str, Any]:
    """Return a view's Vega specification."""
    spec: dict[str, Any] = _without_guards(vl_convert.vegalite_to_vega(view))
    return spec


def _without_guards(part: Any) -> Any:
    """Drop what Vega-Lite adds for numbers and texts that are missing: our rows have all of theirs.

    The browser would evaluate each guard for each row at each event of a slider, and it does so without `eval`.
    """
    if isinstance(part, list):
        if len(part) == 2 and isinstance(part[0], dict) and part[0].get("test", "").startswith("!isValid("):
            return part[1]
        return [_without_guards(item) for item in part]
    if isinstance(part, dict):
        text = _GUARDED_TEXT.match(part["signal"]) if isinstance(part.get("signal"), str) else None
        return {"field": text[1]} if text else {name: _without_guards(item) for name, item in part.items()}
    return part
