"""How models are run into words: batch size, runtime and precision, and the power that boards draw."""

from __future__ import annotations

import numpy as np

from builder.analysis.resampling import geometric_means, means, medians, resampled_interval
from builder.analysis.study import NEAR_TDP, TABLE_2
from builder.charts.figures import batch_size as batches
from builder.charts.figures import power as powers
from builder.charts.figures import savings
from builder.charts.figures.material import GPUS, SPOKEN, Material
from builder.charts.figures.words import listed, significant
from builder.pages.finding_text.text import RESAMPLED, Number, Text


def batch_size(material: Material) -> Text | None:
    """Tell what small batches cost; None where nothing was swept."""
    batch = None if material.sweeps.empty else batches.common_batch(material)
    if batch is None:
        return None
    rows = batches.swept_rows(material)
    at = rows.loc[rows["batch_size"] == batch, "energy_over_least"].to_numpy(np.float64)
    low, high = (100 * (end - 1) for end in resampled_interval(medians, at))
    ends = batches.middle(material)
    largest = int(ends["batch_size"].iloc[-1])
    times = zip((batch, largest), batches.latencies_ms(material, batch, largest), strict=True)
    return Text(
        slug="batch-size",
        topic="Batch size",
        number=Number(
            value=f"{100 * (float(np.median(at)) - 1):.0f} %",
            label=f"more energy an image at a batch of {batch} than at the best batch, in the middle model",
            interval=f"{low:.0f} to {high:.0f} %",
            source=f"{RESAMPLED} ({len(at)} models)",
        ),
        sentences=(
            f"{batches.swept(material)} models were swept over their batch size on "
            f"{material.titles[str(rows['setup'].iloc[0])]}, by us.",
            f"At a batch of {batch} half of those tried take at least {100 * (float(np.median(at)) - 1):.0f} % more "
            f"energy an image than at their best, and up to {100 * (float(at.max()) - 1):.0f} %.",
            "What it costs is time: among the models tried at both, a batch takes "
            + listed([f"{significant(latency)} ms at {at_batch}" for at_batch, latency in times])
            + " in the middle.",
        ),
        figures=("fig-7",),
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
            + f", and {int(numbers['fig9.a100.below_1'])} models on the A100 take more.",
            "Runtime and precision change together here, FP32 in PyTorch (with TF32 in convolutions) against FP16 in "
            "TensorRT: these figures cannot say which of the two saves how much.",
            f"They also order models differently: between {SPOKEN[one]} and {SPOKEN[other]} energies correlate by "
            f"{numbers[f'table2.{one}.{other}.pearson']:.2f}, between the two GPUs with TensorRT by "
            f"{numbers['table2.a100_tensorrt.h100_tensorrt.pearson']:.2f}.",
        ),
        figures=("fig-9",),
    )


def full_power(material: Material) -> Text:
    """Tell how many models draw the board's power, and what follows."""
    shares = powers.shares(material)
    key = min(shares, key=lambda setup: shares[setup])
    drawn = material.study.powers[key].dropna().to_numpy(np.float64) / material.study.tdp_w[key]
    near = (np.abs(drawn - 1) <= NEAR_TDP).astype(np.float64)
    low, high = resampled_interval(means, near)
    numbers = material.numbers
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
            "The models to the left of the line draw less: some wait for something else than the GPU’s units, and some "
            "rows the audit doubts.",
        ),
        figures=("fig-8",),
    )
