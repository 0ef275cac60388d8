"""By how much energy changes at each step between setups: geometric mean, interval and spread, overall and by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.steps import GAINS_APART, Step
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import Material
from builder.charts.figures.step_panels import Panel, card_panels, precision_panels, query_of_panels
from builder.charts.figures.step_words import (
    card,
    cards_title,
    compiler_untold,
    described,
    left_out,
    precision_title,
)
from builder.charts.figures.words import joules, listed

# All models of a step, where others have the name of a class.
ALL = "all"
# Ratios near 1, and ratios that span more than FAR times.
NEAR_TICKS = (0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.4, 1.6, 2)
FAR_TICKS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 50)
FAR = 3.0
# Room for a row's name, for what stands beside its marks, and between rows, in pixels.
NAME_ROOM = 84
TEXT_ROOM = 86
ROW = 25
_DRAWN = (
    "geometric mean, its 95 % interval over resampled models (thick), and the 10th to 90th percentile of the models "
    "(thin); in brackets how many."
)


def precision_steps_figure(material: Material) -> Figure | None:
    """Make the steps from FP32 to compiled FP16; None where no card has figures in FP32 and FP16."""
    ladder = material.precision_ladder
    if not ladder:
        return None
    panels, same = precision_panels(ladder), ladder.same_as
    called = next(panel.title for panel in panels if panel.step is same)
    rows = material.architectures
    fp32 = rows.loc[rows["setup"] == ladder.precision.before, "energy_mj"]
    untold = compiler_untold(ladder)
    return _figure(
        material,
        panels,
        key="steps-precision",
        title=precision_title(ladder),
        subtitle=(
            f"Energy before ÷ energy after, of the same architectures at the same input size: {_DRAWN} TensorRT’s are "
            f"of the {len(same.rows):,} models of “{called}”, as far as it ran them: their median in FP32 is "
            f"{joules(float(same.rows['before_mj'].median()))} on the {card(ladder.generation)}, that of all "
            f"{len(fp32):,} measured there {joules(float(fp32.median()))}."
            + (f" Compiled FP16 is not told: {untold}." if untold else "")
        ),
    )


def card_steps_figure(material: Material) -> Figure | None:
    """Make the steps from card to card; None where there is one card alone."""
    ladder = material.card_ladder
    if not ladder:
        return None
    cards = listed([card(generation) for generation in ladder.setups])
    return _figure(
        material,
        card_panels(ladder),
        key="steps-cards",
        title=cards_title(ladder),
        subtitle=(
            f"Energy before ÷ energy after of the {len(ladder.table):,} models, each an architecture at one input "
            f"size, that {cards} have all run with PyTorch in FP32: {_DRAWN} Grey: how far two power sensors may be "
            f"apart, each {100 * SENSOR_GAIN:.0f} % off; where an interval reaches it, no difference can be told."
            + left_out(ladder)
        ),
    )


def _figure(material: Material, panels: Sequence[Panel], *, key: str, title: str, subtitle: str) -> Figure:
    rows = [row for panel in panels for row in _rows(panel.step)]
    told = pd.DataFrame([row for row in rows if not _is_few(row)])
    few = pd.DataFrame([row for row in rows if _is_few(row)])
    layers = {"means": told, "equal": pd.DataFrame({"at": [1.0]})}
    if len(few):
        layers["few"] = few.assign(at=_reach(told)[0])
    if not all(panel.step.same_gpu for panel in panels):
        layers["gain"] = pd.DataFrame({"low": [1 / GAINS_APART], "high": [GAINS_APART]})
    return Figure(
        key=key,
        place=None,
        title=title,
        subtitle=subtitle,
        description="; ".join(f"{panel.title}: {described(panel.step.change)}" for panel in panels) + ".",
        layers=layers,
        query=query_of_panels(material, panels),
        view=_view(panels, rows, _reach(told)),
    )


def _rows(step: Step) -> list[dict[str, object]]:
    """Return what is written of a step: of all its models and, where those are enough to tell, of each class."""
    classes = [look for look in style.CLASSES if look.key in step.models_by_class] if step.change else []
    named = [(ALL, "All", step.change, len(step.rows))]
    named += [
        (look.key, look.plural, step.changes_by_class.get(look.key), step.models_by_class[look.key]) for look in classes
    ]
    rows: list[dict[str, object]] = []
    for class_, name, change, models in named:
        row: dict[str, object] = {"step": step.key, "class": class_, "name": name, "models": models, "align": "left"}
        if change:
            (low, high), (least, most) = change.interval, change.spread
            row |= {"geometric_mean": change.geometric_mean, "low": low, "high": high}
            row |= {"percentile_10": least, "percentile_90": most, "right": max(high, most)}
            row["text"] = f"{change.geometric_mean:.2f}× ({models:,})"
        else:
            row["text"] = f"{models:,} model{'' if models == 1 else 's'}: too few to tell"
        rows.append(row)
    return rows


def _is_few(row: dict[str, object]) -> bool:
    return "geometric_mean" not in row


def _reach(told: pd.DataFrame) -> tuple[float, float]:
    return (
        min(1.0, float(told[["low", "percentile_10"]].min().min())),
        max(1.0, float(told[["high", "percentile_90"]].max().max())),
    )


def _view(
    panels: Sequence[Panel], rows: list[dict[str, object]], reach: tuple[float, float]
) -> Callable[[Shape], View]:
    low, high = reach
    ticks = FAR_TICKS if high / low > FAR else NEAR_TICKS

    def view(shape: Shape) -> View:
        width = shape.panel(left=NAME_ROOM)
        room = (high / low) ** (TEXT_ROOM / (width - TEXT_ROOM))
        x = alt.X(
            "geometric_mean:Q",
            title="Energy before ÷ energy after",
            axis=alt.Axis(values=[tick for tick in ticks if low <= tick <= high], labelExpr=marks.TIMES, grid=False),
            scale=alt.Scale(type="log", domain=[low / 1.02, high * room], nice=False),
        )
        at = marks.field(x, "at")
        y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False, grid=False))
        plots = []
        for panel in panels:
            own = [row for row in rows if row["step"] == panel.step.key]
            mine = f"datum.step == '{panel.step.key}'"
            plots.append(
                marks.panel(
                    panel.title,
                    *([] if panel.step.same_gpu else [_gain(x)]),
                    marks.layer("equal").mark_rule(color=style.LINE_STRONG, strokeDash=[4, 3]).encode(x=at),
                    *_intervals(x, y, mine),
                    *marks.words("means", marks.field(x, "right"), y, mine, dx=8),
                    *(marks.words("few", at, y, mine, dx=7, color=style.INK_2) if any(map(_is_few, own)) else ()),
                    width=width,
                    height=ROW * len(own),
                )
            )
        return marks.side_by_side(plots, shape.columns)

    return view


def _gain(x: alt.X) -> alt.Chart:
    band: alt.Chart = marks.layer("gain").mark_rect(color=style.INK, opacity=0.1)
    return band.encode(x=marks.field(x, "low"), x2=alt.X2("high:Q"))


def _intervals(x: alt.X, y: alt.Y, where: str) -> list[alt.Chart]:
    """Draw spread, interval and geometric mean, in the classes' colours and shapes, those of all models in ink."""
    layer = marks.layer("means", where)
    classes = [ALL, *(look.key for look in style.CLASSES)]
    colours = alt.Scale(domain=classes, range=[style.INK, *(look.colour for look in style.CLASSES)])
    shapes = alt.Scale(domain=classes, range=["circle", *(look.shape for look in style.CLASSES)])
    place = {"y": y, "color": alt.Color("class:N", scale=colours, legend=None)}
    return [
        layer.mark_rule(strokeWidth=1.2).encode(
            x=marks.field(x, "percentile_10"), x2=alt.X2("percentile_90:Q"), **place
        ),
        layer.mark_rule(strokeWidth=6, opacity=0.4).encode(x=marks.field(x, "low"), x2=alt.X2("high:Q"), **place),
        layer.mark_point(filled=True, size=80, opacity=1).encode(
            x=x, shape=alt.Shape("class:N", scale=shapes, legend=None), **place
        ),
    ]
