"""Fig 2: accuracy against energy, the growth fit with its band, and how far the curve can be carried on."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from builder.analysis.bootstrap import REFITS
from builder.analysis.growth import ALL_VERTICES, PAPER, GrowthFit, Recipe, fit_growth
from builder.analysis.pareto import FloatArray
from builder.analysis.study import DECADES_MJ
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import FIG_2, SHORT, SPOKEN, Material, query_of
from builder.charts.figures.words import hollow, joules, significant, watt_hours

SETUP = FIG_2
SAMPLES = 120
# The ends of the band, and of the interval, over resampled models.
RESAMPLED_PCT = ("resampled_low_pct", "resampled_high_pct")
RESAMPLED_MJ = ("resampled_low_mj", "resampled_high_mj")
ACCURACY = (35.0, 95.0)
PERFECT_PCT = 100.0
# Where the axis of the extrapolation ends, in mJ, and which accuracies it shows.
FAR_MJ = 1e21
FAR_ACCURACY = (36.0, 111.0)
SI_JOULES = "replace(format(datum.value / 1000, '~s'), /([a-zA-Z]?)$/, ' $1') + 'J'"


def fitted(material: Material, recipe: Recipe = PAPER) -> tuple[pd.DataFrame, GrowthFit]:
    """Return the tested models of Fig 2 and their growth fit.

    Raises:
        LookupError: When they are too few for a fit.
    """
    rows = material.tested(SETUP)
    fit = fit_growth(rows["energy_mj"].to_numpy(np.float64), rows["accuracy_pct"].to_numpy(np.float64), recipe)
    if fit is None:
        message = f"{SHORT[SETUP]} has too few models for a growth fit"
        raise LookupError(message)
    return rows, fit


def sound(material: Material, recipe: Recipe = PAPER) -> tuple[pd.DataFrame, GrowthFit | None]:
    """Return the same without the rows that the audit doubts; no fit where too few are left."""
    rows = material.tested(SETUP)
    rows = rows[rows["in_doubt"].isna()].reset_index(drop=True)
    energy, accuracy = (rows[name].to_numpy(np.float64) for name in ("energy_mj", "accuracy_pct"))
    return rows, fit_growth(energy, accuracy, recipe)


def interval_mj(fit: GrowthFit) -> tuple[float, float]:
    """Return the 95 % interval of the energy for 100 %, in mJ, by the delta method."""
    low, high = fit.log10_energy_interval(PERFECT_PCT)
    return 10.0**low, 10.0**high


def resampled_interval_mj(material: Material, recipe: Recipe = PAPER) -> tuple[float, float]:
    """Return the same over fits of resampled models, whose hulls differ: it is wider."""
    low, high = material.resampled_growth[recipe.key].log10_energy_interval(PERFECT_PCT)
    return 10.0**low, 10.0**high


def growth_figure(material: Material) -> Figure:
    """Make Fig 2."""
    rows, fit = fitted(material)
    energies = _along(fit, *_reach_mj(rows, fit))
    middle, half = fit.accuracy_at(energies), fit.t_quantile() * fit.accuracy_se(energies)
    resampled = (
        np.where(np.isfinite(end), end, np.nan)
        for end in material.resampled_growth[fit.recipe.key].accuracy_band(energies)
    )
    best = [material.numbers[f"fig2.best_within_{limit:.0f}_mj"] for limit in DECADES_MJ]
    reached = [float(rows.loc[rows["accuracy_pct"] == value, "energy_mj"].min()) for value in best]
    gains = [f"{after - before:.1f}" for before, after in itertools.pairwise(best[1:])]
    layers = {
        "models": rows[["model", "input_size_px", "class", "energy_mj", "accuracy_pct", "in_doubt"]],
        "vertices": rows.loc[fit.vertices, ["model", "input_size_px", "energy_mj", "accuracy_pct"]],
        "curve": pd.DataFrame(
            {"energy_mj": energies, "accuracy_pct": middle, "low_pct": middle - half, "high_pct": middle + half}
            | dict(zip(RESAMPLED_PCT, resampled, strict=True))
        ),
        "best": pd.DataFrame(
            {
                "energy_from_mj": reached,
                "energy_mj": np.minimum(DECADES_MJ, float(rows["energy_mj"].max())),
                "accuracy_pct": best,
                "text": [f"{value:.1f} %" for value in best],
                # The first stands beside the axis.
                "align": ["left", *["right"] * (len(best) - 1)],
            }
        ),
    }
    return Figure(
        key="fig-2",
        place="Fig 2",
        title=f"From 10 mJ an image on, ten times the energy buys {', then '.join(gains)} points",
        subtitle=(
            f"ImageNet top-1 accuracy and energy per image of {len(rows):,} models on {SPOKEN[SETUP]}. Black: the "
            f"growth fit through the {len(fit.vertices)} ringed vertices of the upper hull, with its 95 % band, and "
            f"dotted that of {REFITS:,} resamples of the models. "
            "Red: the best within each power of ten, from the model that reaches it on."
            + hollow(int(rows["in_doubt"].notna().sum()))
        ),
        description=(
            "Accuracy rises steeply up to about 10 mJ per image, then ever more slowly. The best model has "
            + ", ".join(f"{value:.1f} % within {limit:,.0f} mJ" for limit, value in zip(DECADES_MJ, best, strict=True))
            + "."
        ),
        layers=layers,
        query=query_of(SETUP),
        view=_growth_view(rows["energy_mj"]),
    )


def extrapolation_figure(material: Material) -> Figure:
    """Make the growth fit carried on to 100 %, which only its interval makes honest."""
    rows, fit = fitted(material)
    _, full = fitted(material, ALL_VERTICES)
    fits = {"paper": fit, "all": full}
    curves, ends = [], []
    for key, each in fits.items():
        from_mj, to_mj = _reach_mj(rows, each)
        for part, (begin, end) in {"data": (from_mj, to_mj), "beyond": (to_mj, each.energy_at(PERFECT_PCT))}.items():
            reach = _along(each, begin, min(FAR_MJ, end))
            curves.append(
                pd.DataFrame({"fit": key, "part": part, "energy_mj": reach, "accuracy_pct": each.accuracy_at(reach)})
            )
        low, high = interval_mj(each)
        widest = max(high, resampled_interval_mj(material, each.recipe)[1])
        ends.append(
            {
                "fit": key,
                "energy_mj": each.energy_at(PERFECT_PCT),
                "low_mj": low,
                "high_mj": high,
                **dict(zip(RESAMPLED_MJ, resampled_interval_mj(material, each.recipe), strict=True)),
                "accuracy_pct": PERFECT_PCT,
                # Where the interval leaves the picture, if it does.
                "leaves_mj": FAR_MJ if widest > FAR_MJ else None,
                "text": f"{watt_hours(each.energy_at(PERFECT_PCT), 3)} ({watt_hours(low)} to {watt_hours(high)}), "
                f"{len(each.vertices)} vertices",
                "align": "center" if key == "paper" else "left",
            }
        )
    hollow_ones = ", hollow: in doubt by the audit" if rows["in_doubt"][full.vertices].notna().any() else ""
    decades = (fit.log10_energy_interval(PERFECT_PCT)[1] - fit.log10_energy_interval(PERFECT_PCT)[0]) / 2
    return Figure(
        key="fig-2-extrapolation",
        place="Fig 2, carried on",
        title=(
            f"100 % would take {watt_hours(fit.energy_at(PERFECT_PCT), 3)} an image, "
            f"give or take {significant(decades)} powers of ten: the curve cannot say"
        ),
        subtitle=(
            f"The growth fit on {SPOKEN[SETUP]}, carried on to 100 %, with the 95 % interval of where it arrives: once "
            f"with the {len(fit.vertices)} vertices above 1 mJ (the paper), once with all {len(full.vertices)}. Thin: "
            f"the interval of {REFITS:,} resamples of the models; an arrow: it goes on. Dots: the hull’s vertices"
            f"{hollow_ones}. Dashes: beyond the last of them, at {joules(_reach_mj(rows, full)[1])}; the models that "
            f"take more, up to {joules(float(rows['energy_mj'].max()))}, are no more accurate."
        ),
        description=(
            f"Two curves leave the data below 1 kJ. The paper's reaches 100 % at {ends[0]['text']}; "
            f"the other at {ends[1]['text']}."
        ),
        layers={
            "vertices": rows.loc[full.vertices, ["model", "input_size_px", "energy_mj", "accuracy_pct", "in_doubt"]],
            "curves": pd.concat(curves, ignore_index=True),
            "ends": pd.DataFrame(ends),
        },
        query=query_of(SETUP),
        view=_extrapolation_view(rows["energy_mj"]),
    )


def _reach_mj(rows: pd.DataFrame, fit: GrowthFit) -> tuple[float, float]:
    """Return the energies of the first and the last vertex, between which the curve describes the front."""
    energies = rows["energy_mj"][fit.vertices]
    return float(energies.min()), float(energies.max())


def _along(fit: GrowthFit, from_mj: float, to_mj: float) -> FloatArray:
    """Return energies along the curve, evenly in accuracy, so that it is smooth where it is steep."""
    return np.exp(fit.floor + np.geomspace(np.log(from_mj) - fit.floor, np.log(to_mj) - fit.floor, SAMPLES))


def _growth_view(energy_mj: pd.Series[float]) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        width = shape.panel(columns=1)
        # Right and low, where no model is.
        key = (
            marks.Key(width - 96, round(shape.height * 0.56))
            if shape.narrow
            else marks.Key(width - 290, round(shape.height * 0.82), "horizontal")
        )
        x = marks.log_x("energy_mj", "Energy per image", energy_mj)
        y = marks.linear_y("accuracy_pct", "Accuracy on ImageNet", ACCURACY)
        band = marks.layer("curve").mark_area(clip=True, color=style.INK, opacity=0.16)
        steps = marks.layer("best").mark_rule(clip=True, color=style.ACCENT, strokeWidth=1.4)
        rings = marks.layer("vertices").mark_point(color=style.INK, strokeWidth=1.4, size=shape.mark * 3, opacity=1)
        return marks.panel(
            "",
            marks.models(x, y, shape.mark, key=key),
            band.encode(x=x, y=marks.field(y, "low_pct"), y2=alt.Y2("high_pct:Q")),
            marks.line("curve", x, y, strokeWidth=2),
            *(
                marks.line("curve", x, marks.field(y, name), f"isValid(datum.{name})", strokeWidth=1, strokeDash=[1, 3])
                for name in RESAMPLED_PCT
            ),
            steps.encode(x=marks.field(x, "energy_from_mj"), x2=alt.X2("energy_mj:Q"), y=y),
            rings.encode(x=x, y=y),
            *marks.words("best", x, y, color=style.ACCENT, fontWeight=600, dy=11),
            width=width,
            height=shape.height,
        )

    return view


def _extrapolation_view(energy_mj: pd.Series[float]) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        limits = pd.Series([float(energy_mj.min()), FAR_MJ])
        x = marks.log_x("energy_mj", "Energy per image", limits, SI_JOULES, every=6 if shape.narrow else 3)
        y = marks.linear_y("accuracy_pct", "Accuracy on ImageNet", FAR_ACCURACY, values=range(40, 101, 10))
        vertices = marks.layer("vertices").mark_point(color=style.INK, size=30, opacity=1, strokeWidth=1.4)
        fill = alt.condition(marks.IN_DOUBT, alt.value(style.PAPER), alt.value(style.INK))
        layers = [
            marks.layer("ends").mark_rule(color=style.LINE_STRONG, strokeDash=[2, 3]).encode(y=y),
        ]
        # One interval over the line at 100 %, the other under it.
        for key, colour, aside, above in (("paper", style.ACCENT, -6, -34), ("all", style.INK_2, 6, -18)):
            mine = f"datum.fit == '{key}'"
            layers += [
                marks.line("curves", x, y, f"{mine} && datum.part == 'data'", color=colour, strokeWidth=2),
                marks.line("curves", x, y, f"{mine} && datum.part == 'beyond'", color=colour, strokeDash=[5, 4]),
                marks.layer("ends", mine)
                .mark_rule(clip=True, color=colour, strokeWidth=1.4, yOffset=aside)
                .encode(x=marks.field(x, RESAMPLED_MJ[0]), x2=alt.X2(f"{RESAMPLED_MJ[1]}:Q"), y=y),
                marks.layer("ends", mine)
                .mark_rule(clip=True, color=colour, strokeWidth=5, opacity=0.4, yOffset=aside)
                .encode(x=marks.field(x, "low_mj"), x2=alt.X2("high_mj:Q"), y=y),
                marks.layer("ends", f"{mine} && isValid(datum.leaves_mj)")
                .mark_point(filled=True, color=colour, size=70, opacity=1, shape="triangle-right", yOffset=aside)
                .encode(x=marks.field(x, "leaves_mj"), y=y),
                marks.layer("ends", mine)
                .mark_point(filled=True, color=colour, size=60, opacity=1, yOffset=aside)
                .encode(x=x, y=y),
                *marks.words("ends", x, y, mine, color=colour, dy=above, fontSize=11 if shape.narrow else 12),
            ]
        return marks.panel(
            "",
            *layers,
            vertices.encode(x=x, y=y, fill=fill),
            width=shape.panel(columns=1),
            height=round(shape.height * 0.72),
        )

    return view
