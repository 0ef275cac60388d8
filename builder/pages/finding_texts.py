"""The figures' numbers into words: what each finding says in three sentences, and its number with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from builder.analysis.correlation import PREDICTORS
from builder.analysis.growth import ALL_VERTICES
from builder.analysis.naive import measured_over_naive
from builder.analysis.resampling import correlations, geometric_means, means, medians, resampled_interval, slopes
from builder.analysis.study import DECADES_MJ, NEAR_TDP, PAPER_PYTORCH, SETUPS, TABLE_2
from builder.charts.figures import batch_size as batches
from builder.charts.figures import growth, input_size, naive, power, predictors, savings, years
from builder.charts.figures.material import GPUS, SPOKEN, Material
from builder.charts.figures.words import joules, listed, significant, watt_hours

RESAMPLED = "95 % interval over resampled models"


@dataclass(frozen=True)
class Number:
    """A finding's number.

    Attributes:
        value: With its unit.
        label: What it is.
        interval: From and to.
        source: What the interval stands on.
    """

    value: str
    label: str
    interval: str
    source: str


@dataclass(frozen=True)
class Text:
    """What a finding says, and the keys of the figures that show it.

    Attributes:
        slug: Name of its page.
        topic: What it is about, in two or three words.
        number: The one to remember.
        sentences: Three.
        figures: The first is the finding, the others are for looking closer.
    """

    slug: str
    topic: str
    number: Number
    sentences: tuple[str, ...]
    figures: tuple[str, ...]


def texts(material: Material, noise: Mapping[str, float]) -> list[Text]:
    """Return what the data say, in the paper's order.

    Args:
        material: What the figures are made from.
        noise: Setup -> its noise floor (p95), as a share of the energy.
    """
    told = (
        _diminishing_returns(material),
        _year_on_year(material, noise),
        _predictors(material),
        _input_size(material),
        _batch_size(material),
        _naive(material),
        _runtime(material),
        _power(material),
    )
    return [text for text in told if text]


def _diminishing_returns(material: Material) -> Text:
    rows, fit = growth.fitted(material)
    _, full = growth.fitted(material, ALL_VERTICES)
    best = [material.numbers[f"fig2.best_within_{limit:.0f}_mj"] for limit in DECADES_MJ]
    reached = [f"{value:.1f} % within {joules(limit, 1)}" for limit, value in zip(DECADES_MJ, best, strict=True)]
    low, high = (watt_hours(end) for end in growth.interval_mj(fit))
    full_low, full_high = (watt_hours(end) for end in growth.interval_mj(full))
    return Text(
        slug="diminishing-returns",
        topic="Diminishing returns",
        number=Number(
            value=watt_hours(fit.energy_at(growth.PERFECT_PCT), 3),
            label="an image for 100 %, if the curve went on",
            interval=f"{low} to {high}",
            source="95 % interval of the fit, by the delta method",
        ),
        sentences=(
            f"On {SPOKEN[growth.SETUP]} the best of {len(rows):,} models has {listed(reached)} of energy an image.",
            f"A nested logarithm through the upper hull describes this (R² {fit.r_squared:.3f}): "
            "energy grows doubly exponentially with accuracy.",
            f"It does not predict: the paper’s {len(fit.vertices)} vertices put 100 % at "
            f"{watt_hours(fit.energy_at(growth.PERFECT_PCT), 3)}, and one vertex more, which lies below 1 mJ, "
            f"at {watt_hours(full.energy_at(growth.PERFECT_PCT), 3)} ({full_low} to {full_high}).",
        ),
        figures=("fig-2", "fig-2-extrapolation", "fig-2-setups"),
    )


def _year_on_year(material: Material, noise: Mapping[str, float]) -> Text:
    price = years.cheapest_by(material)
    first, last = float(price.iloc[0]), float(price.iloc[-1])
    noise_floor = noise[SETUPS[growth.SETUP]]
    since = float(price.loc[: years.SINCE].iloc[-1])
    ends = sorted(int(year) for year in (material.tested(growth.SETUP)["year"].agg(["min", "max"])))
    return Text(
        slug="year-on-year",
        topic="Year on year",
        number=Number(
            value=f"{significant(first / last)}×",
            label=f"less energy for {years.LEVEL_PCT:.0f} % with architectures of {ends[1]} than of {price.index[0]}",
            interval=f"{significant(first / last * (1 - noise_floor) / (1 + noise_floor))} to "
            f"{significant(first / last * (1 + noise_floor) / (1 - noise_floor))}",
            source=f"both figures at the ends of the setup’s noise floor, ± {significant(100 * noise_floor)} %",
        ),
        sentences=(
            f"With the architectures known by {price.index[0]}, {years.LEVEL_PCT:.0f} % took {joules(first)} an image "
            f"on {SPOKEN[growth.SETUP]}; by {years.SINCE} it took {joules(since)}, and by {ends[1]} {joules(last)}.",
            f"Since {years.SINCE} the progress is at the top: the best within {joules(years.BUDGET_MJ, 1)} gained "
            f"{_gain(material, ends[1], years.BUDGET_MJ):.1f} points, the best at any energy "
            f"{_gain(material, ends[1], np.inf):.1f}.",
            "The year is that of the architecture’s paper; where weights were trained again later, as they often were, "
            "an old architecture stands higher than it did in its year.",
        ),
        figures=("fig-3",),
    )


def _gain(material: Material, year: int, budget_mj: float) -> float:
    return years.best_by(material, year, budget_mj) - years.best_by(material, years.SINCE, budget_mj)


def _predictors(material: Material) -> Text:
    rows = material.of(predictors.SETUP)
    best, *others = predictors.ordered(material)
    both = rows[[best, "energy_mj"]].dropna().to_numpy(np.float64).T
    low, high = resampled_interval(correlations, *both)
    name = predictors.NAMES[best][0]
    spread = float(stats.gstd((rows["energy_mj"] / rows["macs_g"]).dropna().to_numpy()))
    rest = listed(
        [f"{predictors.correlation(material, other):.2f} for {predictors.NAMES[other][0].lower()}" for other in others]
    )
    logs = listed(
        [
            f"{predictors.correlation(material, each, 'logarithmic'):.2f} for {predictors.NAMES[each][2]}"
            for each in PREDICTORS
        ]
    )
    return Text(
        slug="what-predicts-energy",
        topic="What predicts energy",
        number=Number(
            value=f"{predictors.correlation(material, best):.2f}",
            label=f"correlation of {name} with energy",
            interval=f"{low:.2f} to {high:.2f}",
            source=RESAMPLED,
        ),
        sentences=(
            f"On {SPOKEN[predictors.SETUP]} {name} go with energy by r = {predictors.correlation(material, best):.2f}, "
            f"against {rest}.",
            "These correlations hang on a few very large models; of the logarithms, in which all count alike, they are "
            f"{logs}.",
            f"None replaces measuring: the energy for one MAC differs between models by a geometric standard deviation "
            f"of {spread:.1f}.",
        ),
        figures=("fig-4",),
    )


def _input_size(material: Material) -> Text:
    grown = input_size.pairs(material)
    used = grown[grown["fitted"]]
    energy, accuracy = (
        resampled_interval(slopes, used["area_pct"].to_numpy(np.float64), used[f"{quantity}_pct"].to_numpy(np.float64))
        for quantity in ("energy", "accuracy")
    )
    numbers = material.numbers
    twice = {
        quantity: significant(100 * numbers[f"fig5.{quantity}.slope"] + numbers[f"fig5.{quantity}.intercept"])
        for quantity in ("energy", "accuracy")
    }
    return Text(
        slug="input-size",
        topic="Input size",
        number=Number(
            value=f"{numbers['fig5.energy.slope']:.2f} %",
            label="more energy for 1 % more pixels",
            interval=f"{energy[0]:.2f} to {energy[1]:.2f} %",
            source=RESAMPLED,
        ),
        sentences=(
            f"{len(grown)} models have figures at two input sizes on {SPOKEN[input_size.SETUP]}: their energy grows "
            f"nearly in proportion to the area (R² {numbers['fig5.energy.r_squared']:.2f}).",
            f"Accuracy gains {numbers['fig5.accuracy.slope']:.3f} % ({accuracy[0]:.3f} to {accuracy[1]:.3f} %) for "
            "each 1 % of area, and the area explains little of the gain "
            f"(R² {numbers['fig5.accuracy.r_squared']:.2f}).",
            f"Twice the pixels so take about {twice['energy']} % more energy for {twice['accuracy']} % more "
            "accuracy, relative to what the model had.",
        ),
        figures=("fig-5",),
    )


def _batch_size(material: Material) -> Text | None:
    batch = None if material.sweeps.empty else batches.common_batch(material)
    if batch is None:
        return None
    rows = material.sweeps
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
            f"{listed([material.titles[str(setup)] for setup in rows['setup'].unique()])}, by us.",
            f"At a batch of {batch} half of those tried take at least {100 * (float(np.median(at)) - 1):.0f} % more "
            f"energy an image than at their best, and up to {100 * (float(at.max()) - 1):.0f} %.",
            "What it costs is time: among the models tried at both, a batch takes "
            + listed([f"{significant(latency)} ms at {at_batch}" for at_batch, latency in times])
            + " in the middle.",
        ),
        figures=("fig-7",),
    )


def _naive(material: Material) -> Text:
    ratios = (material.of("a100_pytorch")["energy_mj"], material.of("a100_pytorch")["macs_g"])
    measured = np.asarray(measured_over_naive(*ratios, PAPER_PYTORCH), dtype=np.float64)
    low, high = resampled_interval(geometric_means, measured)
    found = naive.factors(material)
    least, most = min(each.geometric_mean for each in found), max(each.geometric_mean for each in found)
    numbers = material.numbers
    return Text(
        slug="naive-estimate",
        topic="The naive estimate",
        number=Number(
            value=f"{numbers['fig6.pytorch.geometric_mean']:.2f}×",
            label=f"measured over naive energy on {SPOKEN['a100_pytorch']}, in the geometric mean",
            interval=f"{low:.2f} to {high:.2f}",
            source=RESAMPLED,
        ),
        sentences=(
            "Operations divided by the peak rate, times the board’s power, is what a model would take if the GPU never "
            f"waited; measured energy is {numbers['fig6.pytorch.geometric_mean']:.2f} times that with PyTorch and "
            f"{numbers['fig6.tensorrt.geometric_mean']:.2f} times with TensorRT; "
            f"with PyTorch it goes up to {measured.max():.0f} times.",
            "The factor is a convention as much as a finding: with other peaks (tensor cores or not) and counts (a MAC "
            f"as one operation or two) the same measurements give {significant(least)} to {significant(most)}.",
            "So no naive estimate should be quoted without its peak rate, its power and its count.",
        ),
        figures=("fig-6", "fig-6-conventions"),
    )


def _runtime(material: Material) -> Text:
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


def _power(material: Material) -> Text:
    shares = power.shares(material)
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
