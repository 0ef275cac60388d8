"""Fig 4: energy against parameters, MACs and activations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from builder.analysis.correlation import PREDICTORS
from builder.analysis.resampling import correlation_leads, resampled_interval
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SPOKEN, Material, query_of
from builder.charts.figures.words import hollow, listed

SETUP = "a100_tensorrt"
# Predictor -> name, unit, as a sentence names it.
NAMES = {
    "parameters_m": ("Parameters", "millions", "the number of parameters"),
    "macs_g": ("MACs", "billions per image", "the number of MACs"),
    "activations_m": ("Activations", "millions per image", "the number of activations"),
}


def correlation(material: Material, predictor: str, scale: str = "linear") -> float:
    """Return Pearson's correlation of energy with a predictor, `linear` or `logarithmic`."""
    return material.numbers[f"fig4.{predictor.rpartition('_')[0]}.{scale}"]


def ordered(material: Material, scale: str = "linear") -> list[str]:
    """Return the predictors, the one that goes with energy best on a scale first."""
    return sorted(PREDICTORS, key=lambda predictor: -correlation(material, predictor, scale))


def lead(material: Material, scale: str = "linear") -> tuple[float, float]:
    """Return the 95 % interval of how far the first is ahead of the second, over resampled models.

    Where 0 lies in it, which of the two is first hangs on which models were measured.
    """
    first, second, _ = ordered(material, scale)
    columns = material.of(SETUP)[[first, second, "energy_mj"]].dropna().to_numpy(np.float64).T
    return resampled_interval(correlation_leads, *(np.log(columns) if scale == "logarithmic" else columns))


def _ahead(material: Material, scale: str) -> str:
    first, second, _ = ordered(material, scale)
    r = {predictor: f"{correlation(material, predictor, scale):.2f}" for predictor in (first, second)}
    if lead(material, scale)[0] > 0:
        return f"{NAMES[first][0]} go with energy best{{}} (r = {r[first]})"
    return f"{NAMES[first][0]} ({r[first]}) and {NAMES[second][0].lower()} ({r[second]}) cannot be told apart{{}}"


def _title(material: Material) -> str:
    """Return what goes with energy best on each scale, and least where both scales agree on it."""
    last, last_log = (ordered(material, scale)[-1] for scale in ("linear", "logarithmic"))
    least = f"; {NAMES[last][0].lower()} least" if last == last_log else ""
    in_logs, as_they_are = (_ahead(material, scale) for scale in ("logarithmic", "linear"))
    return f"{in_logs.format(' in logarithms')}; {as_they_are.format(' in plain numbers')}{least}"


def predictors_figure(material: Material) -> Figure:
    """Make Fig 4."""
    rows = material.of(SETUP)
    counts = [int(rows[predictor].notna().sum()) for predictor in PREDICTORS]
    return Figure(
        key="fig-4",
        place="Fig 4",
        title=_title(material),
        subtitle=(
            f"Energy per image of {max(counts):,} models on {SPOKEN[SETUP]}, against what is known before measuring; "
            "all axes logarithmic. r: Pearson’s correlation of the numbers as they are, and of their logarithms."
            + hollow(int(rows["in_doubt"].notna().sum()))
        ),
        description="Three scatter plots. Correlations with energy, as they are and of the logarithms: "
        + listed(
            [
                f"{NAMES[predictor][2].removeprefix('the number of ')} {correlation(material, predictor):.2f} and "
                f"{correlation(material, predictor, 'logarithmic'):.2f}"
                for predictor in PREDICTORS
            ]
        )
        + ".",
        layers={"models": rows[["model", "input_size_px", "class", "energy_mj", *PREDICTORS, "in_doubt"]]},
        query=query_of(SETUP),
        view=_view(material, rows),
    )


def _view(material: Material, rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        columns = 1 if shape.narrow else 3
        width = shape.panel() if shape.narrow else (shape.width - 2 * 26) // 3 - 58
        key = marks.Key(width - 88, 178 if shape.narrow else 202)
        panels: list[View] = []
        for predictor in PREDICTORS:
            name, unit, _ = NAMES[predictor]
            x = marks.log_x(predictor, f"{name}, {unit}", rows[predictor].dropna(), marks.THOUSANDS)
            y = marks.log_y("energy_mj", "", rows["energy_mj"])
            linear, log = (correlation(material, predictor, scale) for scale in ("linear", "logarithmic"))
            panels.append(
                marks.panel(
                    f"{name}: r = {linear:.2f}, log r = {log:.2f}",
                    marks.models(x, y, 10, f"isValid(datum.{predictor})", key if predictor == "macs_g" else None),
                    width=width,
                    height=250 if shape.narrow else 270,
                    over="Energy per image",
                )
            )
        return marks.side_by_side(panels, columns)

    return view
