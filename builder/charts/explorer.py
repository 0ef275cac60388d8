"""The explorer's chart, accuracy against energy: two Vega-Lite views that lie on each other, and their first picture.

The lower view holds axes and models; the upper one everything that moves with a slider: lines (score contours, Pareto
front, growth fit, limits), the veil over models outside the limits, rings around the first of the ranking and notes. So
an event of a slider redraws a few hundred coordinates, however many models there are. Both are drawn in data units on
the same scales and padding.

In the browser Vega draws the axes, and static/js/paint.js the marks, with the shapes, widths and colours of `looks`:
without `eval`, Vega's interpreter takes 25 µs for a mark, which is 0.4 s for ten times as many models as there are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from builder.charts import style
from builder.charts.chart import Chart, View, named_data, plain, to_vega
from builder.charts.plane import PADDING, SCALES, Plane, Rows, Scale
from builder.charts.svg import slim

# kind of a line: colour, width in pixels, dashes.
_LINES: dict[str, tuple[str, float, list[int]]] = {
    "contour": (style.LINE_STRONG, 0.9, [1, 3]),
    "best": (style.ACCENT, 1.4, []),
    "front": (style.INK, 1.6, []),
    "fit": (style.INK_2, 1.6, [7, 4]),
    "limit": (style.INK_2, 1.1, [4, 3]),
    "leader": (style.INK_3, 0.8, []),
    "year": (style.INK_3, 0.9, []),
}
# kind of a ring: colour.
_RINGS = {"top": style.INK, "found": style.ACCENT, "chosen": style.ACCENT}
# kind of a note: colour, weight.
_NOTES: dict[str, tuple[str, str]] = {
    "contour": (style.INK_3, "normal"),
    "best": (style.ACCENT, "600"),
    "front": (style.INK, "600"),
    "fit": (style.INK_2, "normal"),
    "limit": (style.INK_2, "normal"),
    "name": (style.INK, "normal"),
    "chosen": (style.ACCENT, "600"),
    "year": (style.INK_2, "normal"),
}

# Opacity of a model's mark and of the veil; a ring's area in marks, and the widths of its line and of a mark's that is
# in doubt; of a note's text: size, width and opacity of what keeps it apart from what it lies on. Lengths in pixels.
_MODEL_OPACITY, _VEIL_OPACITY = 0.62, 0.74
_RING_SIZE, _RING_WIDTH, _DOUBT_WIDTH = 1.9, 1.4, 1.3
_NOTE_SIZE, _HALO_WIDTH, _HALO_OPACITY = 12, 3.5, 0.9

# What the signals hold until the scripts set them.
_ANY = Plane(energy_mj=(1.0, 10.0), accuracy_pct=(0.0, 100.0), scale="log", width=640, height=480)

# Data sets of both views and their fields.
FIELDS: dict[str, tuple[str, ...]] = {
    "models": ("energy_mj", "accuracy_pct", "class"),
    "flagged": ("energy_mj", "accuracy_pct", "class"),
    "veil": ("energy_mj", "energy_to_mj", "accuracy_pct", "accuracy_to_pct"),
    "lines": ("energy_mj", "accuracy_pct", "line", "kind"),
    "rings": ("energy_mj", "accuracy_pct", "class", "kind"),
    "notes": ("energy_mj", "accuracy_pct", "text", "kind", "align"),
}


def explorer_views() -> dict[str, View]:
    """Return the models with their axes and what lies over them, on each scale, and both in one picture."""
    return {
        **{f"models-{scale}": _framed(models_view(scale)) for scale in SCALES},
        **{f"overlay-{scale}": _framed(overlay_view(scale)) for scale in SCALES},
        "picture": _picture_view(),
    }


def explorer_specs() -> dict[str, Any]:
    """Return scale -> Vega specification of axes and models, whose data sets stay empty, and "looks" of the marks.

    Domains, ticks and the marks' size are signals that the scripts set: those of `_signals`.
    """
    return {**{scale: to_vega(_framed(models_view(scale))) for scale in SCALES}, "looks": looks()}


def looks() -> dict[str, Any]:
    """Return what marks look like, for the scripts that draw them; colours are properties of the style sheet."""
    return {
        "model": {"opacity": _MODEL_OPACITY, "doubt_width": _DOUBT_WIDTH},
        "veil": {"colour": style.PAPER, "opacity": _VEIL_OPACITY},
        "lines": {kind: {"colour": look[0], "width": look[1], "dash": look[2]} for kind, look in _LINES.items()},
        "rings": {kind: {"colour": colour} for kind, colour in _RINGS.items()},
        "ring": {"size": _RING_SIZE, "width": _RING_WIDTH},
        "notes": {kind: {"colour": colour, "weight": weight} for kind, (colour, weight) in _NOTES.items()},
        "note": {"size": _NOTE_SIZE, "halo": style.PAPER, "halo_width": _HALO_WIDTH, "halo_opacity": _HALO_OPACITY},
        "classes": {look.key: {"colour": look.colour, "shape": look.shape} for look in style.CLASSES},
    }


def first_pictures(models: pd.DataFrame, pictures: Mapping[str, tuple[Plane, Mapping[str, Rows]]]) -> dict[str, str]:
    """Return the whole chart as SVG, for the page as it stands before any script has run.

    Args:
        models: Columns energy_mj, accuracy_pct, class, flagged.
        pictures: Name -> what to show, and the rows of the upper view's data sets. The scale is logarithmic.
    """
    spec = to_vega(_picture_view())
    fields = list(FIELDS["models"])
    marks: dict[str, Rows] = {
        "models": models.loc[~models["flagged"], fields].to_dict("records"),  # type: ignore[dict-item]
        "flagged": models.loc[models["flagged"], fields].to_dict("records"),  # type: ignore[dict-item]
    }
    return {
        name: slim(vl_convert.vega_to_svg(_filled(spec, plane, {**marks, **overlay})), name)
        for name, (plane, overlay) in pictures.items()
    }


def _picture_view() -> View:
    return _framed({"layer": [models_view("log"), overlay_view("log", axis=True)]})


def models_view(scale: Scale) -> View:
    """Return axes and models; those whose figures are in doubt are hollow."""
    size = alt.ExprRef("model_size")
    encoding = {
        "x": _energy(scale, axis=True),
        "y": _accuracy(axis=True),
        "color": style.class_colour(),
        "shape": style.class_shape(),
    }
    marks = (
        alt.Chart(named_data("models"))
        .mark_point(clip=True, filled=True, opacity=_MODEL_OPACITY, strokeWidth=0, size=size)
        .encode(**encoding)
    )
    flagged = (
        alt.Chart(named_data("flagged"))
        .mark_point(clip=True, filled=False, opacity=1, strokeWidth=_DOUBT_WIDTH, size=size)
        .encode(**encoding)
    )
    return {"layer": [plain(marks), plain(flagged)]}


def overlay_view(scale: Scale, *, axis: bool = False) -> View:
    """Return what lies over the models; in a picture of both, all layers share the axes."""
    x, y = _energy(scale, axis=axis), _accuracy(axis=axis)
    veil = (
        alt.Chart(named_data("veil"))
        .mark_rect(color=style.PAPER, opacity=_VEIL_OPACITY)
        .encode(x=x, x2="energy_to_mj:Q", y=y, y2="accuracy_to_pct:Q")
    )
    lines = (
        alt.Chart(named_data("lines"))
        .mark_line(clip=True, order=False, strokeJoin="round")
        .encode(
            x=x,
            y=y,
            detail="line:N",
            color=_by_kind({kind: look[0] for kind, look in _LINES.items()}),
            strokeWidth=alt.StrokeWidth(
                "kind:N", scale=_scale({k: look[1] for k, look in _LINES.items()}), legend=None
            ),
            strokeDash=alt.StrokeDash("kind:N", scale=_scale({k: look[2] for k, look in _LINES.items()}), legend=None),
        )
    )
    rings = (
        alt.Chart(named_data("rings"))
        .mark_point(
            clip=True,
            filled=True,
            strokeWidth=_RING_WIDTH,
            size=alt.ExprRef(f"model_size * {_RING_SIZE}"),
            opacity=1,
        )
        .encode(
            x=x,
            y=y,
            color=style.class_colour(),
            shape=style.class_shape(),
            stroke=alt.Stroke("kind:N", scale=_scale(_RINGS), legend=None),
        )
    )
    notes = alt.Chart(named_data("notes")).encode(x=x, y=y, text="text:N")
    align = alt.ExprRef("datum.align")
    halo = notes.mark_text(
        fontSize=_NOTE_SIZE,
        stroke=style.PAPER,
        strokeWidth=_HALO_WIDTH,
        strokeJoin="round",
        opacity=_HALO_OPACITY,
        align=align,
    )
    text = notes.mark_text(
        fontSize=_NOTE_SIZE,
        fontWeight=alt.ExprRef(_choice("datum.kind", {kind: weight for kind, (_, weight) in _NOTES.items()})),
        align=align,
    ).encode(color=_by_kind({kind: colour for kind, (colour, _) in _NOTES.items()}))
    return {
        "layer": [plain(mark) for mark in (veil, lines, rings, halo, text)],
        "resolve": {"scale": {"color": "independent", "shape": "independent"}},
    }


def _energy(scale: Scale, *, axis: bool) -> alt.X:
    ticks = alt.Axis(labelExpr=style.ENERGY_LABEL, values=alt.ExprRef("ticks"), labelOverlap=True, labelFlush=True)
    return alt.X(
        "energy_mj:Q",
        axis=ticks if axis else None,
        scale=alt.Scale(
            type=scale,
            domain=[alt.ExprRef("energy_from"), alt.ExprRef("energy_to")],
            nice=False,
            zero=False,
        ),
    )


def _accuracy(*, axis: bool) -> alt.Y:
    return alt.Y(
        "accuracy_pct:Q",
        axis=alt.Axis(labelExpr="datum.label + ' %'", tickCount=6, domain=False, ticks=False) if axis else None,
        scale=alt.Scale(domain=[alt.ExprRef("accuracy_from"), alt.ExprRef("accuracy_to")], nice=False, zero=False),
    )


def _scale(values: dict[str, Any]) -> alt.Scale:
    return alt.Scale(type="ordinal", domain=list(values), range=list(values.values()))


def _by_kind(colours: dict[str, str]) -> alt.Color:
    return alt.Color("kind:N", scale=_scale(colours), legend=None)


def _choice(value: str, cases: dict[str, str]) -> str:
    """Return an expression that looks a value up."""
    return f"{json.dumps(cases)}[{value}]"


def _framed(view: View) -> View:
    """Give a view its size, its padding and the signals that set what it shows."""
    return {
        "$schema": alt.SCHEMA_URL,
        "config": style.config().to_dict(),
        **view,
        "params": [{"name": name, "value": value} for name, value in _signals(_ANY).items()],
        "width": _ANY.plot_width,
        "height": _ANY.plot_height,
        "padding": PADDING,
        "autosize": {"type": "none"},
    }


def _filled(spec: dict[str, Any], plane: Plane, rows: Mapping[str, Rows]) -> dict[str, Any]:
    signals = _signals(plane)
    return {
        **spec,
        "width": plane.plot_width,
        "height": plane.plot_height,
        "data": [{**data, "values": rows[data["name"]]} if data["name"] in rows else data for data in spec["data"]],
        "signals": [{**signal, "value": signals.get(signal["name"], signal["value"])} for signal in spec["signals"]],
    }


def _signals(plane: Plane) -> dict[str, Any]:
    return {
        "energy_from": plane.energy_mj[0],
        "energy_to": plane.energy_mj[1],
        "accuracy_from": plane.accuracy_pct[0],
        "accuracy_to": plane.accuracy_pct[1],
        "ticks": plane.ticks,
        "model_size": plane.model_size,
    }


EXPLORER = Chart("explorer", "Accuracy against energy", explorer_views, FIELDS)
