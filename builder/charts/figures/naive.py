"""Fig 6: measured energy against the naive estimate, and how much of the factor between them is convention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from builder.analysis.naive import Convention, measured_over_naive, naive_energy
from builder.analysis.ratios import geometric_mean, geometric_sd
from builder.analysis.study import PAPER_PYTORCH, PAPER_TENSORRT
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import SHORT, Material, query_of
from builder.charts.figures.words import hollow, significant

CONVENTIONS = {"a100_pytorch": PAPER_PYTORCH, "a100_tensorrt": PAPER_TENSORRT}
# Column of gpus.csv -> how readers know the peak that it holds.
PEAKS = {
    "a100_pytorch": {"peak_fp32_tflops": "FP32", "peak_tf32_tensor_tflops": "TF32 tensor cores"},
    "a100_tensorrt": {"peak_fp16_tflops": "FP16", "peak_fp16_tensor_tflops": "FP16 tensor cores"},
}
GPU = "a100-pcie-40gb"
FLOPS_PER_MAC = (1, 2)
# The naive estimate goes down to microjoules.
LONG_ENERGY = f"datum.value < 1 ? format(datum.value * 1000, ',~r') + ' µJ' : ({style.ENERGY_LABEL})"


@dataclass(frozen=True)
class Factor:
    """By how many times one convention's estimate is too low.

    Attributes:
        setup: Key of the study.
        peak: What the peak rate is of.
        convention: The assumption.
        geometric_mean: Of measured over naive.
        geometric_sd: Of the same.
        is_paper: Whether the paper takes this convention.
    """

    setup: str
    peak: str
    convention: Convention
    geometric_mean: float
    geometric_sd: float
    is_paper: bool


def factors(material: Material) -> list[Factor]:
    """Return the factor under each convention that readers meet."""
    gpu = material.gpus[material.gpus.index == GPU]
    macs = material.study.models["macs_g"]
    found = []
    for setup, peaks in PEAKS.items():
        for column, peak in peaks.items():
            for flops in FLOPS_PER_MAC:
                convention = Convention(float(gpu[f"gpu_{column}"].iloc[0]), float(gpu["gpu_tdp_w"].iloc[0]), flops)
                ratios = measured_over_naive(material.study.energies[setup], macs, convention)
                mean, sd = geometric_mean(ratios), geometric_sd(ratios)
                found.append(Factor(setup, peak, convention, mean, sd, convention == CONVENTIONS[setup]))
    return found


def naive_figure(material: Material) -> Figure:
    """Make Fig 6."""
    rows = material.of(*CONVENTIONS).dropna(subset=["macs_g"])
    rows = rows.assign(
        naive_mj=pd.concat([naive_energy(part["macs_g"], CONVENTIONS[str(key)]) for key, part in rows.groupby("key")])
    )
    means = {key: material.numbers[f"fig6.{key.removeprefix('a100_')}.geometric_mean"] for key in CONVENTIONS}
    reach = np.array([float(rows["naive_mj"].min()), float(rows["naive_mj"].max())])
    lines = pd.concat(
        [
            pd.DataFrame({"key": key, "times": times, "naive_mj": reach, "energy_mj": reach * times})
            for key, mean in means.items()
            for times in (1.0, mean)
        ],
        ignore_index=True,
    )
    notes = pd.DataFrame(
        [
            row
            for key, mean in means.items()
            for row in (
                # Beside the lines, where no model is.
                {"key": key, "naive_mj": 3.0, "energy_mj": 2.0, "text": "as estimated", "align": "left"},
                {"key": key, "naive_mj": 3e4 / mean / 1.3, "energy_mj": 3e4, "text": f"{mean:.2f}×", "align": "right"},
            )
        ]
    )
    return Figure(
        key="fig-6",
        place="Fig 6",
        title=(
            f"Measured energy is {min(means.values()):.1f} times the naive estimate, "
            f"and up to {material.numbers['fig6.pytorch.largest']:.0f} times with PyTorch and "
            f"{material.numbers['fig6.tensorrt.largest']:.0f} with TensorRT"
        ),
        subtitle=(
            "Energy per image as measured and as MACs ÷ peak rate × power give it, of "
            f"{len(material.study.energies):,} models on an A100 (250 W). Peak: {PAPER_PYTORCH.peak_tflops:g} TFLOP/s "
            f"for PyTorch, {PAPER_TENSORRT.peak_tflops:g} for TensorRT; a MAC counts as one operation. "
            "Lines: equal, and the geometric mean of the ratio." + hollow(int(rows["in_doubt"].notna().sum()))
        ),
        description=(
            "Two scatter plots. Nearly all models lie above the line of equality, in the geometric mean "
            + " and ".join(f"{mean:.2f} times ({SHORT[key]})" for key, mean in means.items())
            + "."
        ),
        layers={
            "models": rows[["key", "model", "input_size_px", "class", "macs_g", "naive_mj", "energy_mj", "in_doubt"]],
            "lines": lines,
            "notes": notes,
        },
        query=query_of(*CONVENTIONS),
        view=_naive_view(rows),
    )


def conventions_figure(material: Material) -> Figure:
    """Make the factor under each convention."""
    found = factors(material)
    rows = pd.DataFrame(
        {
            "convention": [
                f"{SHORT[each.setup].removeprefix('A100, ')}, {each.peak}, {each.convention.peak_tflops:g} TFLOP/s, "
                f"MAC = {each.convention.flops_per_mac}"
                for each in found
            ],
            "factor": [each.geometric_mean for each in found],
            "low": [each.geometric_mean / each.geometric_sd for each in found],
            "high": [each.geometric_mean * each.geometric_sd for each in found],
            "paper": [each.is_paper for each in found],
        }
    )
    rows = rows.assign(
        text=[f"{row.factor:.2g}×{' (the paper)' if row.paper else ''}" for row in rows.itertuples()], align="left"
    )
    least, most = (significant(float(rows["factor"].agg(end))) for end in ("min", "max"))
    return Figure(
        key="fig-6-conventions",
        place="Fig 6, other conventions",
        title=f"By convention alone the factor is anything from {least} to {most}",
        subtitle=(
            "Measured ÷ naive energy on an A100: geometric mean and one geometric standard deviation to each side, by "
            "the peak rate that is taken and by how many operations a multiply-accumulate (MAC) counts as."
        ),
        description="; ".join(f"{row.convention}: {row.factor:.2g} times" for row in rows.itertuples()) + ".",
        layers={"models": rows, "equal": pd.DataFrame({"factor": [1.0]})},
        query=query_of(*CONVENTIONS),
        view=_conventions_view(rows),
    )


def _naive_view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        x = marks.log_x("naive_mj", "Naive estimate per image", rows["naive_mj"], LONG_ENERGY)
        y = marks.log_y("energy_mj", "", rows["energy_mj"])
        panels: list[View] = []
        for key in CONVENTIONS:
            mine = f"datum.key == '{key}'"
            panels.append(
                marks.panel(
                    SHORT[key],
                    marks.models(x, y, 12, mine, marks.Key(shape.panel() - 96, 180) if not panels else None),
                    marks.line("lines", x, y, f"{mine} && datum.times == 1", strokeDash=[4, 3], strokeWidth=1.2),
                    marks.line("lines", x, y, f"{mine} && datum.times != 1", strokeWidth=2),
                    *marks.words("notes", x, y, mine, fontWeight=600),
                    width=shape.panel(),
                    height=270,
                    over="Measured energy per image",
                )
            )
        return marks.side_by_side(panels, shape.columns)

    return view


def _conventions_view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        room = 150 if shape.narrow else 290
        x = marks.log_x("factor", "Measured ÷ naive", pd.concat([rows["low"], rows["high"]]), marks.TIMES)
        x["axis"]["values"] = [1, 2, 5, 10, 20]
        y = alt.Y(
            "convention:N",
            sort=None,
            title=None,
            axis=alt.Axis(
                domain=False,
                ticks=False,
                labelLimit=room,
                grid=False,
                labelExpr="split(datum.label, ', ')" if shape.narrow else "datum.label",
                labelLineHeight=13,
            ),
        )
        return marks.panel(
            "",
            marks.layer("equal").mark_rule(color=style.LINE_STRONG, strokeDash=[4, 3]).encode(x=x),
            marks.layer("models")
            .mark_rule(color=style.INK_2, strokeWidth=1.4)
            .encode(x=marks.field(x, "low"), x2=alt.X2("high:Q"), y=y),
            marks.readable(
                marks.layer("models")
                .mark_point(filled=True, size=80, opacity=1)
                .encode(
                    x=x,
                    y=y,
                    color=alt.condition("datum.paper", alt.value(style.ACCENT), alt.value(style.INK)),
                )
            ),
            *marks.words("models", x, y, dy=-12, dx=-6),
            width=shape.width - room - 24,
            height=(68 if shape.narrow else 44) * len(rows),
        )

    return view
