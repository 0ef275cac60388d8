"""Fig 5: what a larger input brings and costs, for models measured at two sizes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from builder.analysis.input_size import fit_line, size_pairs
from builder.analysis.study import FIG_5_OUTLIER
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SPOKEN, Material, query_of
from builder.charts.figures.words import hollow, significant

SETUP = "a100_tensorrt"
# Quantity -> panel.
PANELS = {"energy": "Energy grows with the area", "accuracy": "Accuracy hardly does"}
AXIS = "Growth of the input’s area, %"


def pairs(material: Material) -> pd.DataFrame:
    """Return the models at two sizes, as `size_pairs` does, with class and whether the line is fitted to them.

    A pair is `in_doubt` where the audit doubts one of its two figures.
    """
    rows = material.tested(SETUP)
    grown = size_pairs(rows).reset_index()
    classes = rows.drop_duplicates("model").set_index("model")["class"]
    doubts = rows.dropna(subset=["in_doubt"]).groupby("model")["in_doubt"].agg("; ".join)
    return grown.assign(
        **{"class": grown["model"].map(classes)},
        fitted=grown["model"] != FIG_5_OUTLIER,
        in_doubt=grown["model"].map(doubts),
    )


def input_size_figure(material: Material) -> Figure:
    """Make Fig 5."""
    grown = pairs(material)
    used = grown[grown["fitted"]]
    reach = np.array([0.0, float(grown["area_pct"].max())])
    lines = {quantity: fit_line(used["area_pct"], used[f"{quantity}_pct"]) for quantity in PANELS}
    long = pd.concat(
        [
            grown[["model", "small_px", "large_px", "class", "fitted", "area_pct", "in_doubt"]].assign(
                quantity=quantity, growth_pct=grown[f"{quantity}_pct"]
            )
            for quantity in PANELS
        ],
        ignore_index=True,
    )
    fitted = pd.concat(
        [
            pd.DataFrame({"quantity": quantity, "area_pct": reach, "growth_pct": line.slope * reach + line.intercept})
            for quantity, line in lines.items()
        ],
        ignore_index=True,
    )
    notes = pd.DataFrame(
        [
            {
                "quantity": quantity,
                "text": f"{significant(line.slope)} x + {significant(line.intercept)}, R² = {line.r_squared:.2f}",
                "area_pct": 4.0,
                "growth_pct": float(grown[f"{quantity}_pct"].max()),
                "align": "left",
            }
            for quantity, line in lines.items()
        ]
    )
    return Figure(
        key="fig-5",
        place="Fig 5",
        title=(
            f"1 % more input area costs {significant(lines['energy'].slope)} % more energy "
            f"and brings {significant(lines['accuracy'].slope)} % more accuracy"
        ),
        subtitle=(
            f"{len(grown)} models with figures at two input sizes on {SPOKEN[SETUP]}: relative growth from the smaller "
            f"to the larger. Lines: least squares over {len(used)}; the ringed model ({FIG_5_OUTLIER}) is left out."
            + hollow(int(grown["in_doubt"].notna().sum()))
        ),
        description=(
            f"Two scatter plots over the growth of the area. Energy lies along a line of slope "
            f"{lines['energy'].slope:.2f} (R² {lines['energy'].r_squared:.2f}); accuracy scatters around one of slope "
            f"{lines['accuracy'].slope:.3f} (R² {lines['accuracy'].r_squared:.2f})."
        ),
        layers={"models": long, "lines": fitted, "notes": notes},
        query=query_of(SETUP),
        view=_view(long),
    )


def _view(long: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.linear_x(
            "area_pct",
            AXIS,
            (0.0, float(long["area_pct"].max()) * 1.04),
        )
        panels: list[View] = []
        for quantity, title in PANELS.items():
            mine = f"datum.quantity == '{quantity}'"
            values = long["growth_pct"][long["quantity"] == quantity]
            room = 0.06 * float(values.max() - values.min())
            domain = (min(0.0, float(values.min())) - room, float(values.max()) + room)
            y = marks.linear_y("growth_pct", "", domain, marks.PLAIN)
            ring = marks.layer("models", f"{mine} && !datum.fitted").mark_point(
                color=style.ACCENT, size=110, strokeWidth=1.6, opacity=1
            )
            panels.append(
                marks.panel(
                    title,
                    marks.models(x, y, 22, mine, marks.Key(10, 60, shown=set(long["class"])) if not panels else None),
                    marks.line("lines", x, y, mine, strokeWidth=2),
                    ring.encode(x=x, y=y),
                    *marks.words("notes", x, y, mine),
                    width=shape.panel(),
                    height=270,
                    over=f"Growth of {quantity}, %",
                )
            )
        return marks.side_by_side(panels, shape.columns)

    return view
