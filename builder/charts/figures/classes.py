"""Fig 2 on all four setups: the classes of architectures and where their middles lie."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from builder.analysis.study import SETUPS
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SHORT, Material, query_of
from builder.charts.figures.words import hollow, listed, significant

ACCURACY = (35.0, 92.0)
# The classes compared in words; the others are fewer, or a mixture of these.
ONE, OTHER = "transformer", "cnn"


def centres(material: Material) -> pd.DataFrame:
    """Return the middle of each class on each setup: geometric mean of energy, mean of accuracy."""
    tested = material.tested(*SETUPS)
    logs = tested.assign(log_energy=np.log(tested["energy_mj"]))
    middles = logs.groupby(["key", "class"], as_index=False).agg(
        log_energy=("log_energy", "mean"), accuracy_pct=("accuracy_pct", "mean"), models=("model", "size")
    )
    return middles.assign(energy_mj=np.exp(middles["log_energy"])).drop(columns="log_energy")


def classes_figure(material: Material) -> Figure:
    """Make the four panels."""
    rows, middles = material.tested(*SETUPS), centres(material)
    side = middles.set_index(["key", "class"])
    ratios = [float(side["energy_mj"][key, ONE] / side["energy_mj"][key, OTHER]) for key in SETUPS]
    gain = [float(side["accuracy_pct"][key, ONE] - side["accuracy_pct"][key, OTHER]) for key in SETUPS]
    return Figure(
        key="fig-2-setups",
        place="Fig 2, by setup and class",
        title=(
            f"The middle transformer takes {significant(min(ratios))} to {significant(max(ratios))} times the energy "
            f"of the middle CNN and is {min(gain):.1f} to {max(gain):.1f} points more accurate"
        ),
        subtitle=(
            "ImageNet accuracy and energy per image on the study’s four setups, by class of architecture. Large "
            "marks: the middle of each class (geometric mean of energy, mean of accuracy)."
            + hollow(int(rows["in_doubt"].notna().sum()))
        ),
        description=(
            "Four scatter plots, "
            + listed(list(SHORT.values()))
            + ". In each the transformers' middle lies right of and above that of the CNNs."
        ),
        layers={
            "models": rows[["key", "model", "input_size_px", "class", "energy_mj", "accuracy_pct", "in_doubt"]],
            "middles": middles,
        },
        query=query_of(*SETUPS),
        view=_view(rows["energy_mj"]),
    )


def _view(energy_mj: pd.Series[float]) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.log_x("energy_mj", "Energy per image", energy_mj)
        y = marks.linear_y("accuracy_pct", "", ACCURACY)
        panels: list[View] = []
        for key, title in SHORT.items():
            mine = f"datum.key == '{key}'"
            middles = marks.layer("middles", mine).mark_point(
                filled=True, size=170, opacity=1, stroke=style.PAPER, strokeWidth=2
            )
            panels.append(
                marks.panel(
                    title,
                    marks.models(x, y, 10, mine, marks.Key(shape.panel() - 96, 150) if not panels else None),
                    middles.encode(x=x, y=y, color=style.class_colour(), shape=style.class_shape()),
                    width=shape.panel(),
                    height=240,
                    over="Accuracy on ImageNet",
                )
            )
        return marks.side_by_side(panels, shape.columns)

    return view
