"""The marks that figures share: axes with their units, models by class, lines, and words with a halo."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import altair as alt
import pandas as pd

from builder.charts import style
from builder.charts.chart import View, named_data, plain

# A vertical axis' title stands over the axis and is read without turning the head.
ABOVE: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": -42, "titleY": -10}
# The two kinds of expression that pick a panel's rows: one value of a field, or any.
_PICKED = re.compile(r"datum\.(\w+) == '(\w+)'|isValid\(datum\.(\w+)\)")
_LINE: dict[str, Any] = {"clip": True, "order": False, "color": style.INK, "strokeWidth": 1.6}
_TEXT: dict[str, Any] = {"fontSize": 12, "align": alt.ExprRef("datum.align"), "baseline": "middle"}
_HALO: dict[str, Any] = {
    "color": style.PAPER,
    "stroke": style.PAPER,
    "strokeWidth": 4,
    "strokeJoin": "round",
    "opacity": 0.9,
}
PERCENT = "datum.label + ' %'"
PLAIN = "format(datum.value, ',~r')"
THOUSANDS = "datum.value >= 1000 ? format(datum.value / 1000, ',~r') + 'k' : format(datum.value, ',~r')"
# A figure that the audit doubts: its mark is hollow.
IN_DOUBT = "datum.in_doubt"
TIMES = "format(datum.value, '~r') + '×'"


@dataclass(frozen=True)
class Key:
    """The key of the classes: where it stands in the plot, in pixels, which way it runs and what it names."""

    x: int
    y: int
    direction: Literal["horizontal", "vertical"] = "vertical"
    shown: Collection[str] = tuple(look.key for look in style.CLASSES)


def decades(low: float, high: float) -> tuple[list[float], tuple[float, float]]:
    """Return the powers of ten within limits, and the limits with a little room."""
    room = (high / low) ** 0.02
    low, high = low / room, high * room
    powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    return [10.0**power for power in powers], (low, high)


def log_x(field: str, title: str, values: pd.Series[float], label: str = style.ENERGY_LABEL, every: int = 1) -> alt.X:
    """Encode a quantity on a logarithmic horizontal axis that holds all values, with a tick `every` so many decades."""
    ticks, domain = decades(float(values.min()), float(values.max()))
    ticks = ticks[::every]
    return alt.X(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(values=ticks, labelExpr=label, grid=False, labelOverlap=True),
        scale=alt.Scale(type="log", domain=list(domain), nice=False),
    )


def log_y(field: str, title: str, values: pd.Series[float], label: str = style.ENERGY_LABEL) -> alt.Y:
    """Encode a quantity on a logarithmic vertical axis that holds all values."""
    ticks, domain = decades(float(values.min()), float(values.max()))
    return alt.Y(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(values=ticks, labelExpr=label, domain=False, ticks=False, labelFlush=False, **ABOVE),
        scale=alt.Scale(type="log", domain=list(domain), nice=False),
    )


def linear_y(
    field: str, title: str, domain: tuple[float, float], label: str = PERCENT, values: Sequence[float] | None = None
) -> alt.Y:
    """Encode a quantity on a linear vertical axis, with ticks at round values or at those given."""
    ticks: dict[str, Any] = {"tickCount": 6} if values is None else {"values": list(values)}
    return alt.Y(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(**ticks, labelExpr=label, domain=False, ticks=False, **ABOVE),
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
    )


def linear_x(field: str, title: str, domain: tuple[float, float], label: str = PLAIN) -> alt.X:
    """Encode a quantity on a linear horizontal axis."""
    return alt.X(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(tickCount=6, labelExpr=label, grid=False),
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
    )


def field(channel: Any, name: str) -> Any:
    """Return the same axis for another field."""
    other = channel.copy()
    other.shorthand = f"{name}:Q"
    return other


def models(
    x: alt.X,
    y: alt.Y,
    size: int,
    where: str | None = None,
    key: Key | None = None,
) -> alt.Chart:
    """Draw the layer `models`: one mark a model, with colour and shape of its class, hollow where it is `in_doubt`.

    The marks' group is named after the rows that it holds, so that a page can say which mark is which row:
    `rows`, `rows__field` for those that have a field, or `rows__field__value`.

    Args:
        x: What stands across.
        y: What stands up.
        size: Area of a mark, in square pixels.
        where: Expression that picks the panel's rows.
        key: None for no key.
    """
    colour, shape = style.class_colour(), style.class_shape()
    if key:
        titles = {look.key: look.title for look in style.CLASSES}
        legend = alt.Legend(
            legendX=key.x,
            legendY=key.y,
            direction=key.direction,
            values=[look.key for look in style.CLASSES if look.key in key.shown],
            labelExpr=f"({titles})[datum.label]",
        )
        colour, shape = colour.legend(legend), shape.legend(legend)
    marked = layer("models", where).mark_point(clip=True, filled=True, opacity=0.6, strokeWidth=1.2, size=size)
    rim = cast("dict[str, Any]", style.class_colour().to_dict())
    hollow = marked.encode(
        x=x,
        y=y,
        color=colour,
        shape=shape,
        stroke=alt.StrokeValue(None, condition={"test": IN_DOUBT, **rim}),
        fillOpacity=alt.condition(IN_DOUBT, alt.value(0), alt.value(1)),
    )
    return readable(hollow, where)


def readable(chart: alt.Chart, where: str | None = None) -> alt.Chart:
    """Name a chart for read-outs: its marks, or the points of its lines, are rows of the layer `models`, in its order.

    Args:
        chart: Of that layer.
        where: Expression that picked its rows; each of several panels needs another.
    """
    named: alt.Chart = chart.properties(name=_name_of(where))
    return named


def _name_of(where: str | None) -> str:
    picked = _PICKED.fullmatch(where) if where else None
    if where and not picked:
        raise ValueError(f"{where}: no name for these rows")
    return "__".join(["rows", *(part for part in picked.groups() if part)]) if picked else "rows"


def layer(name: str, where: str | None = None) -> alt.Chart:
    """Return a chart of a layer's rows, or of those that an expression picks."""
    chart = alt.Chart(named_data(name))
    picked: alt.Chart = chart.transform_filter(where) if where else chart
    return picked


def line(name: str, x: alt.X, y: alt.Y, where: str | None = None, **look: Any) -> alt.Chart:
    """Draw the rows of a layer as one line, in their order."""
    drawn: alt.Chart = layer(name, where).mark_line(**_LINE | look).encode(x=x, y=y)
    return drawn


def words(name: str, x: alt.X, y: alt.Y, where: str | None = None, **look: Any) -> list[alt.Chart]:
    """Write the field `text` of a layer, aligned as its field `align` says, over a halo of paper."""
    chart = layer(name, where).encode(x=x, y=y, text=alt.Text("text:N"))
    return [chart.mark_text(**_TEXT | look | _HALO), chart.mark_text(**{"color": style.INK} | _TEXT | look)]


def panel(title: str, *layers: alt.Chart, width: int, height: int, over: str = "") -> View:
    """Put layers into one plot.

    Args:
        title: Name of the panel; empty for a figure of one panel, whose axes carry their titles.
        layers: From the lowest on.
        width: Between the axes, in pixels.
        height: Between the axes, in pixels.
        over: What the vertical axis shows, under the panel's name.
    """
    plot: View = {"layer": [plain(drawn) for drawn in layers], "width": width, "height": height}
    if title:
        look = {"color": style.INK, "subtitleColor": style.INK, "fontSize": 13, "fontWeight": 600}
        place = {"anchor": "start", "frame": "bounds", "offset": 8, "subtitlePadding": 4, "subtitleFontSize": 12}
        plot["title"] = {"text": title, "subtitle": over, **look, **place}
    return plot


def side_by_side(panels: Sequence[View], columns: int) -> View:
    """Put panels into rows of so many; each has its own key, where it has one."""
    resolve = {"legend": {"color": "independent", "shape": "independent"}}
    rows = [
        {"hconcat": list(panels[start : start + columns]), "resolve": resolve}
        for start in range(0, len(panels), columns)
    ]
    return {"vconcat": rows, "resolve": resolve}
