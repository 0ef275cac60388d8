"""Fig 7: what the batch size does to energy, throughput and latency, from our own sweeps."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd

from builder.analysis import queries
from builder.analysis.study import TASK
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import GAP, Figure, Shape, View
from builder.charts.figures.material import Material

# A median of fewer models hangs on which they happen to be.
MIN_TRIED = 30
KEY = ["setup", "model", "input_size_px"]
# Column -> panel, axis.
PANELS = {
    "energy_over_least": ("Energy", "Times the model’s least"),
    "throughput_over_most": ("Throughput", "Share of the model’s most"),
    "latency_ms": ("Latency of a batch", "Milliseconds"),
}


def swept_rows(material: Material) -> pd.DataFrame:
    """Return the sweeps of the setup that swept most models."""
    models = material.sweeps.groupby("setup")["model"].nunique()
    return material.sweeps[material.sweeps["setup"] == models.idxmax()] if len(models) else material.sweeps


def swept(material: Material) -> int:
    """Return how many models it swept."""
    return swept_rows(material).groupby(KEY).ngroups


def common_batch(material: Material) -> int | None:
    """Return the smallest batch size that enough models were tried at to speak of their middle; None without one."""
    tried = swept_rows(material).groupby("batch_size").size()
    often = tried[tried >= MIN_TRIED]
    return None if often.empty else int(often.index.min())


def middle(material: Material) -> pd.DataFrame:
    """Return the median over models at the batch sizes that enough of them were tried at."""
    groups = swept_rows(material).groupby("batch_size")
    medians = groups[list(PANELS)].median().assign(models=groups.size())
    return medians[medians["models"] >= MIN_TRIED].reset_index()


def latencies_ms(material: Material, one: int, other: int) -> tuple[float, float]:
    """Return the median latency at two batch sizes, over the models that were tried at both."""
    wide = swept_rows(material).pivot(index=KEY, columns="batch_size", values="latency_ms")  # noqa: PD010
    both = wide[[one, other]].dropna()
    return float(both[one].median()), float(both[other].median())


def batch_size_figure(material: Material) -> Figure | None:
    """Make Fig 7; None where no model was swept over several batch sizes."""
    batch = None if material.sweeps.empty else common_batch(material)
    if batch is None:
        return None
    rows = swept_rows(material)
    rows = rows.assign(line=rows.groupby(KEY).ngroup())
    medians = middle(material)
    excess = float(medians["energy_over_least"].iloc[0] - 1)
    return Figure(
        key="fig-7",
        place="Fig 7",
        title=(
            f"At a batch of {batch} the middle model takes {100 * excess:.0f} % more energy an image than at its best"
        ),
        subtitle=(
            f"{swept(material)} models on {material.titles[str(rows['setup'].iloc[0])]}, at every batch size that the "
            f"sweep tried. One line a model; red: the median, where {MIN_TRIED} models or more were tried. Our own "
            "measurements; the paper’s sweeps are not published."
        ),
        description=(
            "Energy falls and throughput rises with the batch size, less and less; latency rises in proportion. Median "
            "energy over the least: "
            + ", ".join(f"{row.energy_over_least:.2f} at {row.batch_size}" for row in medians.itertuples())
            + "."
        ),
        layers={
            "sweeps": rows[["setup", "model", "input_size_px", "line", "batch_size", "energy_mj", *PANELS]],
            "middle": medians,
        },
        query=queries.sweep_rows(TASK),
        view=_view(rows),
    )


def _view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    batches = sorted(int(batch) for batch in rows["batch_size"].unique())
    # Every fourfold, so that the numbers keep apart.
    powers = [batch for batch in batches if batch & (batch - 1) == 0][::-1][::2]

    def view(shape: Shape) -> View:
        columns = 1 if shape.narrow else len(PANELS)
        width = shape.panel() if shape.narrow else (shape.width - (columns - 1) * GAP) // columns - 58
        x = alt.X(
            "batch_size:Q",
            title="Batch size",
            axis=alt.Axis(values=powers, labelExpr=marks.PLAIN, grid=False, labelOverlap=False),
            scale=alt.Scale(type="log", base=2, domain=[batches[0] / 1.1, batches[-1] * 1.1], nice=False),
        )
        panels: list[View] = []
        for column, (title, over) in PANELS.items():
            if column == "throughput_over_most":
                room = 0.04 * float(rows[column].max() - rows[column].min())
                domain = (float(rows[column].min()) - room, float(rows[column].max()) + room)
                y = marks.linear_y(column, "", domain, "datum.label")
            else:
                y = marks.log_y(column, "", rows[column], marks.PLAIN)
            if column == "energy_over_least":
                y["axis"]["values"] = [1, 1.1, 1.2, 1.5, 2, 3, 5, 10]
            panels.append(
                marks.panel(
                    title,
                    marks.line("sweeps", x, y, strokeWidth=1, opacity=0.3).encode(detail=alt.Detail("line:N")),
                    marks.line("middle", x, y, strokeWidth=2.6, color=style.ACCENT),
                    marks.layer("middle")
                    .mark_point(filled=True, size=40, color=style.ACCENT, opacity=1)
                    .encode(x=x, y=y),
                    width=width,
                    height=240,
                    over=over,
                )
            )
        return marks.side_by_side(panels, columns)

    return view
