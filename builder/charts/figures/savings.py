"""Fig 9: by how many times a model takes less energy with TensorRT in FP16 than with PyTorch in FP32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.study import SETUPS
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import GPUS, Material, query_of
from builder.charts.figures.words import hollow
from builder.tables.schema import RUNTIME_TITLES

TICKS = [0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10]


def ratios(material: Material) -> pd.DataFrame:
    """Return one row a GPU and model with an energy in all four setups: its energies and their ratio.

    It is `in_doubt` where the audit doubts one of the two.
    """
    complete = material.study.energies.dropna()
    classes = material.study.models["class"]
    parts = []
    for gpu in GPUS:
        before, after = complete[f"{gpu}_pytorch"], complete[f"{gpu}_tensorrt"]
        parts.append(
            pd.DataFrame(
                {"gpu": gpu, "class": classes.reindex(complete.index), "pytorch_mj": before, "tensorrt_mj": after}
            ).assign(times=before / after, in_doubt=_doubts(material, gpu).reindex(complete.index))
        )
    return pd.concat(parts).reset_index()


def _doubts(material: Material, gpu: str) -> pd.Series[Any]:
    """Return the doubts about a model's energy on a GPU, by model and input size, with the runtime before them."""
    rows = material.of(f"{gpu}_pytorch", f"{gpu}_tensorrt").dropna(subset=["in_doubt"])
    texts = rows["runtime"].map(RUNTIME_TITLES) + ": " + rows["in_doubt"]
    return rows.assign(text=texts).groupby(queries.KEY)["text"].agg("; ".join)


def savings_figure(material: Material) -> Figure:
    """Make Fig 9."""
    rows = ratios(material)
    means = {gpu: material.numbers[f"fig9.{gpu}.geometric_mean"] for gpu in GPUS}
    spreads = {gpu: material.numbers[f"fig9.{gpu}.geometric_sd"] for gpu in GPUS}
    reach = np.array([float(rows["pytorch_mj"].min()), float(rows["pytorch_mj"].max())])
    bands = pd.DataFrame(
        [
            {
                "gpu": gpu,
                "pytorch_mj": reach[0],
                "pytorch_to_mj": reach[1],
                "times": mean,
                "low": mean / spreads[gpu],
                "high": mean * spreads[gpu],
                "text": f"{mean:.2f}×",
                "align": "left",
            }
            for gpu, mean in means.items()
        ]
    )
    below = int((rows["times"] < 1).sum())
    doubted = int(rows["in_doubt"].notna().sum())
    return Figure(
        key="fig-9",
        place="Fig 9",
        title=(
            f"TensorRT in FP16 takes {min(means.values()):.1f} to {max(means.values()):.1f} times less energy than "
            f"PyTorch in FP32, at most {rows['times'].max():.0f} times"
        ),
        subtitle=(
            f"PyTorch energy ÷ TensorRT energy of {len(rows) // len(GPUS):,} models, by their energy with PyTorch; "
            "both axes logarithmic. Line and band: geometric mean and standard deviation. Runtime and precision change "
            "together: how much is due to which, these figures cannot say." + hollow(doubted)
        ),
        description=(
            "Two scatter plots. "
            + "; ".join(
                f"{GPUS[gpu]}: geometric mean {mean:.2f}, geometric standard deviation {spreads[gpu]:.2f}"
                for gpu, mean in means.items()
            )
            + f". {below} points lie below 1."
        ),
        layers={"models": rows, "bands": bands},
        query=query_of(*SETUPS),
        view=_view(rows),
    )


def _view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.log_x("pytorch_mj", "Energy per image with PyTorch", rows["pytorch_mj"])
        y = marks.log_y("times", "", rows["times"], marks.TIMES)
        # Some models take three times as much: there are ticks for them too.
        y["axis"]["values"] = [tick for tick in TICKS if tick >= y["scale"]["domain"][0]]
        panels: list[View] = []
        for gpu, title in GPUS.items():
            mine = f"datum.gpu == '{gpu}'"
            band = marks.layer("bands", mine)
            panels.append(
                marks.panel(
                    title,
                    band.mark_rect(color=style.INK, opacity=0.1).encode(
                        x=x, x2=alt.X2("pytorch_to_mj:Q"), y=marks.field(y, "low"), y2=alt.Y2("high:Q")
                    ),
                    marks.models(x, y, 12, mine, marks.Key(shape.panel() - 96, 190) if not panels else None),
                    band.mark_rule(color=style.INK, strokeWidth=2).encode(x=x, x2=alt.X2("pytorch_to_mj:Q"), y=y),
                    *marks.words("bands", x, y, mine, dx=4, dy=-10, fontWeight=600),
                    width=shape.panel(),
                    height=290,
                    over="Saving",
                )
            )
        return marks.side_by_side(panels, shape.columns)

    return view
