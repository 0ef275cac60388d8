"""A figure of the paper: what is drawn, from which rows, and its Vega-Lite specification at two widths."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from builder.analysis.queries import Query
from builder.charts import chart, style

View = chart.View
# Rounded alike in the CSV and in the picture, as the data are.
DIGITS = 7
GAP = 26


@dataclass(frozen=True)
class Shape:
    """How much room a figure has.

    Attributes:
        key: Name in ids.
        width: Of the picture, in pixels at the size of its type.
        height: Of a plot that has the whole width, in pixels.
        columns: Panels beside each other.
        mark: Area of a model's mark where a panel has the whole width, in square pixels.
        narrow: Whether words must be saved.
    """

    key: str
    width: int
    height: int
    columns: int
    mark: int
    narrow: bool

    def panel(self, left: int = 44, columns: int | None = None) -> int:
        """Return the width of a plot when so many stand beside each other, each with room for labels to its left."""
        count = min(columns or self.columns, self.columns)
        return (self.width - (count - 1) * GAP) // count - left - 14


# Paper and desk; phone.
WIDE = Shape("wide", 760, 430, columns=2, mark=22, narrow=False)
NARROW = Shape("narrow", 380, 340, columns=1, mark=11, narrow=True)
SHAPES = (WIDE, NARROW)


@dataclass(frozen=True)
class Figure:
    """What stands under one number in the paper, or beside it.

    Attributes:
        key: Name of its files.
        place: Where the paper has it; None where it is not in the paper.
        title: What it shows: the finding.
        subtitle: What is drawn, of which setups.
        description: For readers who cannot see it.
        layers: Name -> rows that are drawn; the only data of the view.
        query: What the rows were computed from.
        view: Returns the picture for a shape.
    """

    key: str
    place: str | None
    title: str
    subtitle: str
    description: str
    layers: Mapping[str, pd.DataFrame]
    query: Query
    view: Callable[[Shape], View]

    @cached_property
    def data(self) -> Mapping[str, pd.DataFrame]:
        """The layers, with numbers to seven significant digits."""
        return {name: rows.apply(_rounded) for name, rows in self.layers.items()}

    @cached_property
    def csv(self) -> str:
        """Every row that is drawn, with the name of its layer first."""
        frames = [rows.assign(layer=name) for name, rows in self.data.items()]
        table = pd.concat(frames, ignore_index=True)
        columns = ["layer", *(column for column in table.columns if column != "layer")]
        return str(table[columns].to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g"))

    @property
    def sha256(self) -> str:
        """Of the CSV."""
        return hashlib.sha256(self.csv.encode()).hexdigest()

    @cached_property
    def _records(self) -> dict[str, list[dict[str, Any]]]:
        return {name: json.loads(rows.to_json(orient="records")) for name, rows in self.data.items()}

    def spec(self, shape: Shape = WIDE, *, titled: bool = False) -> dict[str, Any]:
        """Return the Vega-Lite specification with its data.

        Args:
            shape: The room it has.
            titled: Whether the finding stands over it; pages have their own heading.
        """
        spec = {**self._view(shape), "datasets": self._records}
        if titled:
            spec["title"] = {"text": wrapped(self.title, 92), "subtitle": wrapped(self.subtitle, 116)}
        return spec

    def drawn_spec(self, shape: Shape) -> str:
        """Return what draws the same picture in less time: JSON, and of the data only the fields that are drawn."""
        view = json.dumps(self._view(shape), ensure_ascii=False)
        data = {name: rows[[column for column in rows if str(column) in view]] for name, rows in self.data.items()}
        rows = ",".join(f'"{name}":{part.to_json(orient="records", force_ascii=False)}' for name, part in data.items())
        return f'{view[:-1]},"datasets":{{{rows}}}}}'

    def _view(self, shape: Shape) -> dict[str, Any]:
        # Altair would check each part against the schema again and again, which takes longer than drawing; the tests
        # check each figure once, as a whole.
        with debug_mode(False):
            view = self.view(shape)
        return {
            "$schema": alt.SCHEMA_URL,
            **view,
            "config": _config(),
            "padding": {"left": 6, "right": 8, "top": 6, "bottom": 4},
            "usermeta": {"figure": self.key, "data_sha256": self.sha256},
        }


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many characters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _rounded(column: pd.Series[Any]) -> pd.Series[Any]:
    if not pd.api.types.is_float_dtype(column):
        return column
    return column.map(lambda value: float(f"{value:.{DIGITS}g}"))


@cache
def _config() -> dict[str, Any]:
    config: dict[str, Any] = style.config().to_dict()
    del config["axis"]["title"]
    config["axis"] |= {
        "titleColor": style.INK,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelFlush": False,
    }
    config["legend"] = {
        "title": None,
        "labelColor": style.INK,
        "labelFontSize": 12,
        "symbolSize": 60,
        "symbolOpacity": 1,
        "orient": "none",
        "direction": "horizontal",
    }
    config["title"] = {
        "anchor": "start",
        "frame": "bounds",
        "color": style.INK,
        "fontSize": 15,
        "fontWeight": 600,
        "subtitleColor": style.INK_2,
        "subtitleFontSize": 12,
        "offset": 14,
    }
    config["concat"] = {"spacing": GAP}
    return config
