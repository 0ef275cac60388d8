"""What is known of a model before it is measured into words: how much of its energy that tells."""

from __future__ import annotations

import numpy as np

from builder.analysis.correlation import PREDICTORS
from builder.analysis.naive import measured_over_naive
from builder.analysis.ratios import geometric_sd
from builder.analysis.resampling import correlations, geometric_means, resampled_interval, slopes
from builder.analysis.study import PAPER_PYTORCH
from builder.charts.figures import input_size as sizes
from builder.charts.figures import naive, predictors
from builder.charts.figures.material import SPOKEN, Material
from builder.charts.figures.words import listed, significant
from builder.pages.finding_text.text import RESAMPLED, Number, Text


def what_predicts_energy(material: Material) -> Text:
    """Tell what goes with energy."""
    rows = material.of(predictors.SETUP)
    best, *others = predictors.ordered(material)
    lead_low, lead_high = predictors.lead(material)
    lead = (
        f"their lead over {predictors.NAMES[others[0]][0].lower()} is {lead_low:+.2f} to {lead_high:+.2f} over "
        f"resampled models{'' if lead_low > 0 else ', so which of the two is first cannot be told'}"
    )
    both = rows[[best, "energy_mj"]].dropna().to_numpy(np.float64).T
    low, high = resampled_interval(correlations, *both)
    name = predictors.NAMES[best][0]
    spread = geometric_sd((rows["energy_mj"] / rows["macs_g"]).dropna())
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
            f"against {rest}; {lead}.",
            "These correlations hang on a few very large models; of the logarithms, in which all count alike, they are "
            f"{logs}.",
            f"None replaces measuring: the energy for one MAC differs between models by a geometric standard deviation "
            f"of {spread:.1f}.",
        ),
        figures=("fig-4",),
    )


def input_size(material: Material) -> Text:
    """Tell what more pixels cost and bring."""
    grown = sizes.pairs(material)
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
            f"{len(grown)} models have figures at two input sizes on {SPOKEN[sizes.SETUP]}: their energy grows "
            f"nearly in proportion to the area (R² {numbers['fig5.energy.r_squared']:.2f}).",
            f"Accuracy gains {numbers['fig5.accuracy.slope']:.3f} % ({accuracy[0]:.3f} to {accuracy[1]:.3f} %) for "
            "each 1 % of area, and the area explains little of the gain "
            f"(R² {numbers['fig5.accuracy.r_squared']:.2f}).",
            f"Twice the pixels so take about {twice['energy']} % more energy for {twice['accuracy']} % more "
            "accuracy, relative to what the model had.",
        ),
        figures=("fig-5",),
    )


def naive_estimate(material: Material) -> Text:
    """Tell how far operations, peak rate and power are from what is measured."""
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
            f"it goes up to {numbers['fig6.pytorch.largest']:.0f} times with PyTorch and to "
            f"{numbers['fig6.tensorrt.largest']:.0f} with TensorRT (to "
            f"{numbers['fig6.tensorrt.largest_without_lambda']:.0f} without the models with lambda layers).",
            "The factor is a convention as much as a finding: with other peaks (tensor cores or not) and counts (a MAC "
            f"as one operation or two) the same measurements give {significant(least)} to {significant(most)}.",
            "So no naive estimate should be quoted without its peak rate, its power and its count.",
        ),
        figures=("fig-6", "fig-6-conventions"),
    )
