"""Fig 8: energy against throughput, and the line on which a board draws its full power."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from builder.analysis.study import NEAR_TDP, SETUPS
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SHORT, Material, query_of
from builder.charts.figures.words import hollow
from builder.units import MJ_PER_J


def shares(material: Material) -> dict[str, float]:
    """Return the share of models near the board's power, in percent, by setup."""
    return {key: material.numbers[f"fig8.{key}.within_5_pct_of_tdp"] for key in SETUPS}


def power_figure(material: Material) -> Figure:
    """Make Fig 8."""
    rows = material.of(*SETUPS)
    near = shares(material)
    reach = np.array([float(rows["energy_mj"].min()), float(rows["energy_mj"].max())])
    lines = pd.concat(
        [
            pd.DataFrame({"key": key, "energy_mj": reach, "throughput_items_per_s": watts * MJ_PER_J / reach})
            for key, watts in material.study.tdp_w.items()
        ],
        ignore_index=True,
    )
    notes = pd.DataFrame(
        [
            {
                "key": key,
                "energy_mj": reach[1],
                "throughput_items_per_s": float(rows["throughput_items_per_s"].max()) / 1.6,
                "text": f"{near[key]:.1f} % within {100 * NEAR_TDP:.0f} % of {watts:g} W",
                "align": "right",
            }
            for key, watts in material.study.tdp_w.items()
        ]
    )
    return Figure(
        key="fig-8",
        place="Fig 8",
        title=(
            f"{min(near.values()):.0f} to {max(near.values()):.0f} % of models draw the board’s full power, "
            "so what saves time saves energy"
        ),
        subtitle=(
            "Energy per image and throughput on the study’s four setups, all axes logarithmic. On the line, energy × "
            "throughput is the board’s power; models to its left draw less."
            + hollow(int(rows["in_doubt"].notna().sum()))
        ),
        description="Four scatter plots with nearly all models on one straight line: "
        + ", ".join(f"{SHORT[key]} {share:.1f} %" for key, share in near.items())
        + f" within {100 * NEAR_TDP:.0f} % of it.",
        layers={
            "models": rows[
                ["key", "model", "input_size_px", "class", "energy_mj", "throughput_items_per_s", "power_w", "in_doubt"]
            ],
            "lines": lines,
            "notes": notes,
        },
        query=query_of(*SETUPS),
        view=_view(rows),
    )


def _view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.log_x("energy_mj", "Energy per image", rows["energy_mj"])
        y = marks.log_y("throughput_items_per_s", "", rows["throughput_items_per_s"], marks.THOUSANDS)
        panels: list[View] = []
        for key, title in SHORT.items():
            mine = f"datum.key == '{key}'"
            panels.append(
                marks.panel(
                    title,
                    marks.line("lines", x, y, mine, color=style.INK, strokeWidth=1.2),
                    marks.models(x, y, 12, mine, marks.Key(10, 130) if not panels else None),
                    *marks.words("notes", x, y, mine),
                    width=shape.panel(),
                    height=220,
                    over="Images per second",
                )
            )
        return marks.side_by_side(panels, shape.columns)

    return view
