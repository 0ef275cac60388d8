"""Fig 4: energy against parameters, MACs and activations."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from builder.analysis.correlation import PREDICTORS
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SPOKEN, Material, query_of
from builder.charts.figures.words import listed

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


def ordered(material: Material) -> list[str]:
    """Return the predictors, the one that goes with energy best first."""
    return sorted(PREDICTORS, key=lambda predictor: -correlation(material, predictor))


def predictors_figure(material: Material) -> Figure:
    """Make Fig 4."""
    rows = material.of(SETUP)
    best, *_, worst = ordered(material)
    counts = [int(rows[predictor].notna().sum()) for predictor in PREDICTORS]
    return Figure(
        key="fig-4",
        place="Fig 4",
        title=(
            f"{NAMES[best][2].capitalize().replace('macs', 'MACs')} goes with energy best "
            f"(r = {correlation(material, best):.2f}), {NAMES[worst][2]} least ({correlation(material, worst):.2f})"
        ),
        subtitle=(
            f"Energy per image of {max(counts):,} models on {SPOKEN[SETUP]}, against what is known before measuring; "
            "all axes logarithmic. r: Pearson’s correlation of the numbers as they are, and of their logarithms."
        ),
        description="Three scatter plots. Correlations with energy, as they are and of the logarithms: "
        + listed(
            [
                f"{NAMES[predictor][0].lower()} {correlation(material, predictor):.2f} and "
                f"{correlation(material, predictor, 'logarithmic'):.2f}"
                for predictor in PREDICTORS
            ]
        )
        + ".",
        layers={"models": rows[["model", "input_size_px", "class", "energy_mj", *PREDICTORS]]},
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
            x = marks.log_x(predictor, f"{name}, {unit}", rows[predictor].dropna(), marks.PLAIN)
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
