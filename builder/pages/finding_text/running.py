"""How models are run into words: batch size, runtime and precision, and the power that boards draw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from builder.analysis.pareto import FloatArray
from builder.analysis.resampling import geometric_means, means, medians, resampled_interval
from builder.analysis.study import NEAR_TDP, SETUPS, TABLE_2
from builder.charts.figures import batch_size as batches
from builder.charts.figures import power as powers
from builder.charts.figures import savings
from builder.charts.figures.material import GPUS, SPOKEN, Material
from builder.charts.figures.words import joules, listed, significant
from builder.pages.finding_text.text import RESAMPLED, Number, Text


def batch_size(material: Material) -> Text | None:
    """Tell what small batches cost; None where nothing was swept."""
    batch = None if material.sweeps.empty else batches.common_batch(material)
    if batch is None:
        return None
    rows = batches.swept_rows(material)
    at = rows.loc[rows["batch_size"] == batch, "energy_over_least"].to_numpy(np.float64)
    low, high = (100 * (end - 1) for end in resampled_interval(medians, at))
    return Text(
        slug="batch-size",
        topic="Batch size",
        number=Number(
            value=f"{100 * (float(np.median(at)) - 1):.0f} %",
            label=f"more energy an image at a batch of {batch} than at the best batch, in the middle of the {len(at)} "
            "models tried there",
            interval=f"{low:.0f} to {high:.0f} %",
            source=RESAMPLED,
        ),
        sentences=(
            f"{batches.swept(material)} models were swept over their batch size on "
            f"{material.titles[str(rows['setup'].iloc[0])]}, by us; not every one at every size, so each number has "
            "models of its own.",
            _at_small_batch(material, batch, at),
            _among_the_same(material),
        ),
        figures=("fig-7",),
    )


def _at_small_batch(material: Material, batch: int, over_least: FloatArray) -> str:
    least = [rows.groupby(batches.KEY)["energy_mj"].min() for rows in batches.tried_at(material, batch)]
    usual, most = (100 * (float(end) - 1) for end in (np.median(over_least), over_least.max()))
    told = (
        f"At a batch of {batch} the {len(over_least)} models tried there take {usual:.0f} % more energy an image in "
        f"the middle than at their best, and up to {most:.0f} %"
    )
    if least[1].empty:
        return f"{told}."
    mine, others = (joules(float(part.median())) for part in least)
    return f"{told}; at their best they take {mine} in the middle, the other {len(least[1])} models {others}."


def _among_the_same(material: Material) -> str:
    """Return what more images at a time do to the same models; or that no sizes were tried often enough."""
    same = batches.middle(material)
    if same.empty:
        return "No two batch sizes were tried with enough of the models to compare them."
    first, last = same.iloc[0], same.iloc[-1]
    over = [f"{100 * (end['energy_over_least'] - 1):.1f} %" for end in (first, last)]
    took = [significant(end["latency_ms"]) for end in (first, last)]
    sizes = [int(end["batch_size"]) for end in (first, last)]
    return (
        f"Among the {int(first['models'])} models tried at both {sizes[0]} and {sizes[1]} the middle one is {over[0]} "
        f"over its least energy at {sizes[0]} and {over[1]} at {sizes[1]}, where a batch takes {took[1]} ms instead of "
        f"{took[0]} ms."
    )


def pytorch_against_tensorrt(material: Material) -> Text:
    """Tell what TensorRT in FP16 saves, and what cannot be told apart."""
    rows = savings.ratios(material)
    intervals = {
        gpu: resampled_interval(geometric_means, rows.loc[rows["gpu"] == gpu, "times"].to_numpy(np.float64))
        for gpu in GPUS
    }
    numbers, first = material.numbers, next(iter(GPUS))
    means_by = {gpu: numbers[f"fig9.{gpu}.geometric_mean"] for gpu in GPUS}
    (one, other) = TABLE_2[0]
    return Text(
        slug="pytorch-against-tensorrt",
        topic="PyTorch against TensorRT",
        number=Number(
            value=f"{means_by[first]:.2f}×",
            label=f"less energy with TensorRT in FP16 than with PyTorch in FP32 on the {GPUS[first]}, geometric mean",
            interval=f"{intervals[first][0]:.2f} to {intervals[first][1]:.2f}",
            source=RESAMPLED,
        ),
        sentences=(
            "TensorRT takes "
            + listed([f"{mean:.2f} times less energy on the {GPUS[gpu]}" for gpu, mean in means_by.items()])
            + f", over {len(rows) // len(GPUS):,} models; the geometric standard deviation is "
            + listed([f"{numbers[f'fig9.{gpu}.geometric_sd']:.2f}" for gpu in GPUS])
            + f". {_more_with_tensorrt(rows)}",
            "Runtime and precision change together here, FP32 in PyTorch (with TF32 in convolutions) against FP16 in "
            "TensorRT: these figures cannot say which of the two saves how much.",
            f"They also order models differently: between {SPOKEN[one]} and {SPOKEN[other]} energies correlate by "
            f"{numbers[f'table2.{one}.{other}.pearson']:.2f}, between the two GPUs with TensorRT by "
            f"{numbers['table2.a100_tensorrt.h100_tensorrt.pearson']:.2f}.",
        ),
        figures=("fig-9",),
    )


def _more_with_tensorrt(rows: pd.DataFrame) -> str:
    """Return how many models take more with TensorRT, and how many of these figures are in doubt."""
    more = {str(gpu): part for gpu, part in rows[rows["times"] < 1].groupby("gpu")}
    if not more:
        return "No model takes more."
    told = listed([f"{len(part)} on the {GPUS[gpu]}" for gpu, part in more.items()])
    doubted = sum(int(part["in_doubt"].notna().sum()) for part in more.values())
    return f"With TensorRT {told} take more" + (f"; the audit doubts {doubted} of these." if doubted else ".")


def full_power(material: Material) -> Text:
    """Tell how many models draw the board's power, and what follows."""
    shares = powers.shares(material)
    key = min(shares, key=lambda setup: shares[setup])
    drawn = material.study.powers[key].dropna().to_numpy(np.float64) / material.study.tdp_w[key]
    near = (np.abs(drawn - 1) <= NEAR_TDP).astype(np.float64)
    low, high = resampled_interval(means, near)
    numbers = material.numbers
    doubted = material.of(*SETUPS)["in_doubt"].str.contains("power", na=False).sum()
    return Text(
        slug="full-power",
        topic="The power limit",
        number=Number(
            value=f"{shares[key]:.1f} %",
            label=f"of models draw the board’s power on {SPOKEN[key]}, the setup with the fewest",
            interval=f"{100 * low:.1f} to {100 * high:.1f} %",
            source=RESAMPLED,
        ),
        sentences=(
            "Energy × throughput is power, and nearly everywhere it is the board’s limit: within "
            f"{100 * NEAR_TDP:.0f} % of it for "
            + listed([f"{share:.1f} % of models on {SPOKEN[setup]}" for setup, share in shares.items()])
            + ".",
            "So at the best batch size a model that is twice as fast takes half the energy: from PyTorch to TensorRT "
            "the logarithms of both gains correlate by "
            + listed([f"{numbers[f'fig8.{gpu}.speed_energy_correlation']:.2f} on the {GPUS[gpu]}" for gpu in GPUS])
            + ".",
            "The models to the left of the line draw less: some wait for something else than the GPU’s units, and "
            f"{doubted} figures the audit doubts for their power (hollow).",
        ),
        figures=("fig-8",),
    )
