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
from builder.charts.figures.words import listed, significant

# A median of fewer models hangs on which they happen to be.
MIN_TRIED = 30
# A batch size that so many of the models were tried at counts for the line of the middle.
TRIED_SHARE = 0.5
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


def tried_at(material: Material, batch: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the models that were tried at a batch size, and those of the others."""
    rows = swept_rows(material)
    tried = rows.groupby(KEY)["batch_size"].transform(lambda sizes: (sizes == batch).any())
    return rows[tried], rows[~tried]


def middle(material: Material) -> pd.DataFrame:
    """Return the median at the batch sizes that most models were tried at, over the models tried at all of these.

    Each batch size has the same models (`models`, how many), so that the medians can be compared. No row, where there
    are fewer than two such sizes, or too few such models.
    """
    rows = swept_rows(material)
    share = rows.groupby("batch_size").size() / rows.groupby(KEY).ngroups
    rows = rows[rows["batch_size"].isin(share.index[share >= TRIED_SHARE])]
    sizes = rows["batch_size"].nunique()
    rows = rows[rows.groupby(KEY)["batch_size"].transform("size") == sizes]
    groups = rows.groupby("batch_size")
    medians = groups[list(PANELS)].median().assign(models=groups.size()).reset_index()
    return medians if sizes > 1 and len(rows) >= sizes * MIN_TRIED else medians[:0]


def batch_size_figure(material: Material) -> Figure | None:
    """Make Fig 7; None where no model was swept over several batch sizes."""
    batch = None if material.sweeps.empty else common_batch(material)
    if batch is None:
        return None
    rows = swept_rows(material)
    rows = rows.assign(line=rows.groupby(KEY).ngroup())
    medians = middle(material)
    there = rows.loc[rows["batch_size"] == batch, "energy_over_least"]
    excess = float(there.median() - 1)
    same = ""
    if len(medians):
        same = (
            f"the {medians['models'].iloc[0]} models tried at {listed([str(size) for size in medians['batch_size']])}"
        )
    return Figure(
        key="fig-7",
        place="Fig 7",
        title=(
            f"At a batch of {batch} the middle of the {len(there)} models tried there takes {100 * excess:.0f} % more "
            "energy an image than at its best"
        ),
        subtitle=(
            f"{swept(material)} models on {material.titles[str(rows['setup'].iloc[0])]}, at every batch size that the "
            f"sweep tried. One line a model{f'; red: the median of {same}' if same else ''}. Our own measurements; "
            "the paper’s sweeps are not published."
        ),
        description=(
            f"Three panels over the batch size, one line a model. At {batch} the {len(there)} models tried there take "
            f"{float(there.median()):.2f} times their least energy in the middle."
            + (f" Medians of {same}: {_medians(medians)}." if same else "")
        ),
        layers={
            "models": rows[["setup", "model", "input_size_px", "line", "batch_size", "energy_mj", *PANELS]],
            "middle": medians,
        },
        query=queries.sweep_rows(TASK),
        view=_view(rows),
    )


def _medians(medians: pd.DataFrame) -> str:
    return listed(
        [
            f"at {int(row['batch_size'])} energy {row['energy_over_least']:.3f} times the least, throughput "
            f"{row['throughput_over_most']:.2f} of the most and {significant(row['latency_ms'])} ms a batch"
            for _, row in medians.iterrows()
        ]
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
            mine = f"isValid(datum.{column})"
            panels.append(
                marks.panel(
                    title,
                    marks.readable(
                        marks.line("models", x, y, mine, strokeWidth=1, opacity=0.3).encode(
                            detail=alt.Detail("line:N")
                        ),
                        mine,
                    ),
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
