"""General models beside those made for a task, on numbers worked out by hand."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pytest

from builder.analysis import queries
from builder.analysis.approaches import Gap, gap, ratio_of_means
from builder.analysis.leaderboards import leaderboards

TASK = "storytelling"


@pytest.fixture(scope="module")
def found(mini: duckdb.DuckDBPyConnection) -> Gap:
    models = queries.rated_models(mini, TASK)
    approaches = dict(zip(models["model"], models["approach"], strict=True))
    parameters_m = dict(zip(models["model"], models["parameters_m"].astype(float), strict=True))
    figures = list(leaderboards(mini)[TASK].figures.values())
    whole = gap(figures, approaches, parameters_m)
    assert whole
    assert (
        gap([figure for figure in figures if approaches[figure.model] == "general"], approaches, parameters_m) is None
    )
    return whole


def test_a_gap_is_of_geometric_means(found: Gap) -> None:
    # General: 8, 11, 50, 100 Wh; made for the task: 1, 2, 5 Wh, and one without a figure.
    assert (found.general, found.specific) == (4, 3)
    assert found.times.value == pytest.approx((8 * 11 * 50 * 100) ** (1 / 4) / 10 ** (1 / 3))


def test_its_interval_is_welchs_on_logarithms() -> None:
    # Logarithms 0 and 2 against 0 and 0: difference 1, variance 2/2 = 1, one degree of freedom, t = 12.70620.
    ratio = ratio_of_means(np.array([1.0, math.exp(2)]), np.array([1.0, 1.0]))
    assert ratio.value == pytest.approx(math.e)
    assert math.log(ratio.low) == pytest.approx(1 - 12.706205, rel=1e-6)
    assert math.log(ratio.high) == pytest.approx(1 + 12.706205, rel=1e-6)


def test_groups_without_spread_have_an_interval_without_width() -> None:
    ratio = ratio_of_means(np.array([6.0, 6.0]), np.array([2.0, 2.0]))
    assert [ratio.value, ratio.low, ratio.high] == pytest.approx([3, 3, 3])


def test_each_general_model_is_paired_with_the_one_of_its_size(found: Gap) -> None:
    assert [(pair.general, pair.specific) for pair in found.pairs] == [
        ("bard.small", "inkwell/quill-large"),
        ("bard.medium", "inkwell/quill-large"),
        ("bard.huge", "inkwell/quill-large"),
        ("bard.vast", "inkwell/quill-large"),
    ]
    small, *_, vast = found.pairs
    # 8 over 5 Wh, each ± 4.968275 %.
    assert small.times.value == pytest.approx(1.6)
    assert small.times.low == pytest.approx(1.6 * 0.95031725 / 1.04968275)
    assert small.times.high == pytest.approx(1.6 * 1.04968275 / 0.95031725)
    assert small.decode_share == pytest.approx(0.75)
    assert math.isnan(vast.times.low)
