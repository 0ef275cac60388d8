"""Fig 3: the upper hull year by year, over the architectures that were known by then."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from builder.analysis.pareto import upper_hull
from builder.analysis.study import DECADES_MJ
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.growth import SETUP
from builder.charts.figures.material import SPOKEN, Material, query_of
from builder.charts.figures.words import joules, significant

# What the last years are compared with, the budget that they are compared at and the accuracy whose price is followed.
SINCE = 2020
BUDGET_MJ = float(DECADES_MJ[2])
LEVEL_PCT = 85.0
ACCURACY = (58.0, 92.0)


def hulls(material: Material) -> pd.DataFrame:
    """Return the vertices of the upper hull at each year's end, for the years in which it moved."""
    rows = material.tested(SETUP)
    parts: list[pd.DataFrame] = []
    for year in sorted(rows["year"].unique()):
        known = rows[rows["year"] <= year].reset_index(drop=True)
        places = upper_hull(np.log(known["energy_mj"].to_numpy(np.float64)), known["accuracy_pct"].to_numpy(np.float64))
        hull = known.loc[places, ["model", "input_size_px", "year", "energy_mj", "accuracy_pct"]]
        hull = hull.rename(columns={"year": "model_year"}).assign(year=int(year))
        if not parts or set(zip(hull["energy_mj"], hull["accuracy_pct"], strict=True)) != set(
            zip(parts[-1]["energy_mj"], parts[-1]["accuracy_pct"], strict=True)
        ):
            parts.append(hull)
    return pd.concat(parts, ignore_index=True)


def best_by(material: Material, year: int, budget_mj: float = np.inf) -> float:
    """Return the best accuracy of architectures known by a year's end, within a budget."""
    rows = material.tested(SETUP)
    return float(rows["accuracy_pct"][(rows["year"] <= year) & (rows["energy_mj"] <= budget_mj)].max())


def cheapest_by(material: Material) -> pd.Series[float]:
    """Return the least energy for LEVEL_PCT among the architectures known by each year's end, from the first on."""
    rows = material.tested(SETUP)
    least = rows[rows["accuracy_pct"] >= LEVEL_PCT].groupby("year")["energy_mj"].min()
    return least.sort_index().cummin()


def years_figure(material: Material) -> Figure:
    """Make Fig 3."""
    lines = hulls(material)
    shown = sorted(lines["year"].unique())
    # The older the fainter: the order stands in grey print too.
    shade = lines["year"].map({year: 0.25 + 0.6 * place / len(shown) for place, year in enumerate(shown)})
    lines = lines.assign(newest=lines["year"] == shown[-1], shade=shade)
    last = int(material.tested(SETUP)["year"].max())
    within = best_by(material, last, BUDGET_MJ) - best_by(material, SINCE, BUDGET_MJ)
    overall = best_by(material, last) - best_by(material, SINCE)
    price = cheapest_by(material)
    ends = lines.loc[lines.groupby("year")["energy_mj"].idxmax()]
    # Where several years end in one model, only the last has room for its name.
    ends = ends.drop_duplicates(["energy_mj", "accuracy_pct"], keep="last").reset_index(drop=True)
    return Figure(
        key="fig-3",
        place="Fig 3",
        title=(
            f"Since {SINCE} the best within {joules(BUDGET_MJ, 1)} has gained {within:.1f} points, "
            f"the best at any energy {overall:.1f}"
        ),
        subtitle=(
            f"Upper hull of accuracy over energy on {SPOKEN[SETUP]}, for the architectures known by the end of each "
            f"year in which it moved, up to {last}. The year is that of the "
            "architecture’s paper; its weights may be later."
        ),
        description=(
            f"One line a year, each above the one before. {LEVEL_PCT:.0f} % took {joules(float(price.iloc[0]))} by "
            f"{price.index[0]} and {joules(float(price.iloc[-1]))} by {last}."
        ),
        layers={
            "models": lines,
            "ends": ends[["year", "newest", "energy_mj", "accuracy_pct"]].assign(
                text=ends["year"].astype(str), align="left"
            ),
        },
        query=query_of(SETUP),
        view=_view(lines),
    )


def factor(material: Material) -> str:
    """Return by how many times the price of LEVEL_PCT has fallen, in words."""
    price = cheapest_by(material)
    return significant(float(price.iloc[0] / price.iloc[-1]))


def _view(lines: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.log_x("energy_mj", "Energy per image", lines["energy_mj"])
        y = marks.linear_y("accuracy_pct", "Accuracy on ImageNet", ACCURACY)
        older, newest = "!datum.newest", "datum.newest"
        shade = alt.Opacity("shade:Q", scale=None)
        look = {"color": style.ACCENT, "fontWeight": 600, "dx": 7}
        return marks.panel(
            "",
            marks.line("models", x, y, older, strokeWidth=1.4).encode(detail=alt.Detail("year:O"), opacity=shade),
            marks.line("models", x, y, newest, strokeWidth=2.4, color=style.ACCENT),
            marks.readable(
                marks.layer("models")
                .mark_point(filled=True, clip=True)
                .encode(
                    x=x,
                    y=y,
                    color=alt.condition(newest, alt.value(style.ACCENT), alt.value(style.INK)),
                    size=alt.condition(newest, alt.value(26), alt.value(14)),
                    opacity=alt.condition(newest, alt.value(1), shade),
                )
            ),
            *marks.words("ends", x, y, older, dx=7),
            *marks.words("ends", x, y, newest, **look, dy=-9),
            width=shape.panel(columns=1) - 24,
            height=shape.height,
        )

    return view
