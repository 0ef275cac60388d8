"""Every chart compiles, and draws fields that its data sets have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import altair as alt
import pytest

from builder.charts import CHARTS
from builder.charts.chart import Chart, to_vega
from builder.charts.explorer import explorer_specs, explorer_views
from builder.charts.explorer import looks as looks_of_marks
from builder.charts.style import CLASSES
from builder.tables.schema import CLASSES as KNOWN_CLASSES

_DRAWN = ("line", "symbol", "text")
_DATUM = re.compile(r"datum(?:\.(\w+)|\[\"(\w+)\"\])")


@pytest.fixture(scope="module", params=CHARTS, ids=lambda chart: chart.key)
def chart(request: pytest.FixtureRequest) -> Chart:
    chart: Chart = request.param
    return chart


@pytest.fixture(scope="module")
def specs(chart: Chart) -> list[dict[str, Any]]:
    return [to_vega(view) for view in chart.views().values()]


def _inside(value: Any) -> Iterator[Any]:
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _inside(part)


def _data_set(mark: dict[str, Any], spec: dict[str, Any]) -> str:
    """Follow a mark to the data set that it draws, through facets and derived data."""
    source = mark["from"]
    name = str(source.get("facet", source)["data"])
    parents = {data["name"]: data.get("source") for data in spec["data"]}
    while parents[name] is not None:
        name = parents[name]
    return name


def _fields(mark: dict[str, Any]) -> set[str]:
    named = {part["field"] for part in _inside(mark) if isinstance(part, dict) and isinstance(part.get("field"), str)}
    grouped = {name for part in _inside(mark) if isinstance(part, dict) for name in part.get("groupby", ())}
    texts = [part for part in _inside(mark.get("encode", {})) if isinstance(part, str)]
    return named | grouped | {first or second for text in texts for first, second in _DATUM.findall(text)}


def test_every_view_compiles_and_draws_existing_fields(chart: Chart, specs: list[dict[str, Any]]) -> None:
    drawn: dict[str, set[str]] = {}
    for spec in specs:
        for mark in spec["marks"]:
            name = _data_set(mark, spec)
            assert name in chart.data_sets
            drawn.setdefault(name, set()).update(_fields(mark))
    assert drawn == {name: set(fields) for name, fields in chart.data_sets.items()}


def test_every_view_is_valid_vega_lite(chart: Chart) -> None:
    for view in chart.views().values():
        alt.LayerChart.from_dict(view, validate=True)


def test_no_view_carries_data(specs: list[dict[str, Any]]) -> None:
    for spec in specs:
        assert [data for data in spec["data"] if "values" in data or "url" in data] == []


def test_colours_are_properties_of_the_style_sheet(specs: list[dict[str, Any]]) -> None:
    for spec in specs:
        texts = [part for part in _inside(spec) if isinstance(part, str)]
        assert [text for text in texts if re.fullmatch(r"#[0-9a-fA-F]{3,8}|rgb.*", text)] == []


def test_the_explorers_specifications_are_those_of_its_scales() -> None:
    specs = explorer_specs()
    assert sorted(specs) == ["linear", "log", "looks"]
    for scale in ("log", "linear"):
        spec = specs[scale]
        assert [axis["type"] for axis in spec["scales"] if axis["name"] == "x"] == [scale]
        assert {mark["from"]["data"] for mark in spec["marks"]} == {"models", "flagged"}
        assert spec["padding"] == {"left": 46, "right": 12, "top": 8, "bottom": 26}
        assert spec["autosize"] == "none"


def test_the_scripts_draw_marks_as_the_views_do() -> None:
    spec, looks = to_vega(explorer_views()["overlay-log"]), looks_of_marks()
    scales = {scale["name"]: scale for scale in spec["scales"]}
    marks = {name: mark for mark in spec["marks"] for name in [_data_set(mark, spec)]}

    def drawn(name: str, channel: str) -> dict[str, Any]:
        (mark,) = (inner for inner in _inside(marks[name]) if isinstance(inner, dict) and inner.get("type") in _DRAWN)
        scale = scales[mark["encode"]["update"][channel]["scale"]]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    assert drawn("lines", "stroke") == {kind: look["colour"] for kind, look in looks["lines"].items()}
    assert drawn("lines", "strokeWidth") == {kind: look["width"] for kind, look in looks["lines"].items()}
    assert drawn("lines", "strokeDash") == {kind: look["dash"] for kind, look in looks["lines"].items()}
    assert drawn("rings", "stroke") == {kind: look["colour"] for kind, look in looks["rings"].items()}
    assert drawn("rings", "fill") == {key: look["colour"] for key, look in looks["classes"].items()}
    assert drawn("rings", "shape") == {key: look["shape"] for key, look in looks["classes"].items()}
    assert drawn("notes", "fill") == {kind: look["colour"] for kind, look in looks["notes"].items()}
    assert marks["veil"]["encode"]["update"]["opacity"] == {"value": looks["veil"]["opacity"]}


def test_every_class_has_a_colour_and_a_shape_of_its_own() -> None:
    assert tuple(look.key for look in CLASSES) == KNOWN_CLASSES
    assert len({look.colour for look in CLASSES}) == len({look.shape for look in CLASSES}) == len(CLASSES)
