"""The figures' numbers into words: what each finding says in three sentences, and its number with an interval."""

from __future__ import annotations

from collections.abc import Mapping

from builder.charts.figures.material import Material
from builder.pages.finding_text.growth import diminishing_returns, year_on_year
from builder.pages.finding_text.predictors import input_size, naive_estimate, what_predicts_energy
from builder.pages.finding_text.running import batch_size, full_power, pytorch_against_tensorrt
from builder.pages.finding_text.setups import from_card_to_card, precision_or_compiler
from builder.pages.finding_text.text import Text


def texts(material: Material, noise: Mapping[str, float]) -> list[Text]:
    """Return what the data say, in the paper's order, with ours where they go on from it.

    Args:
        material: What the figures are made from.
        noise: Setup -> its noise floor (p95), as a share of the energy.
    """
    told = (
        diminishing_returns(material),
        year_on_year(material, noise),
        what_predicts_energy(material),
        input_size(material),
        batch_size(material),
        naive_estimate(material),
        pytorch_against_tensorrt(material),
        precision_or_compiler(material),
        from_card_to_card(material),
        full_power(material),
    )
    return [text for text in told if text]
