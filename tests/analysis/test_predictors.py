"""Correlations, savings, naive energy and input sizes, on numbers that a head can follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from builder.analysis.correlation import between_setups, with_predictors
from builder.analysis.input_size import Line, fit_line, size_pairs
from builder.analysis.naive import Convention, measured_over_naive, naive_energy
from builder.analysis.ratios import geometric_mean
from builder.analysis.savings import log_correlation, saving


def row(*numbers: float) -> pd.Series[float]:
    return pd.Series(numbers, dtype=np.float64)


def test_setups_are_compared_over_the_models_that_all_of_them_have() -> None:
    # Without its last row, x and y rise together; z falls.
    energies = pd.DataFrame({"x": [1.0, 2, 4, 9], "y": [2.0, 4, 8, 0], "z": [3.0, 2, 1, np.nan]})
    assert between_setups(energies, "pearson")["x"]["y"] == pytest.approx(1)
    assert between_setups(energies, "spearman")["x"]["z"] == pytest.approx(-1)


def test_a_predictor_that_is_a_power_of_energy_correlates_fully_in_logarithms_alone() -> None:
    energy = row(1, 2, 4, 8)
    models = pd.DataFrame({"parameters_m": energy**3, "macs_g": 5 * energy, "activations_m": [1.0, 2, 4, np.nan]})
    table = with_predictors(models, energy)
    assert table.index.tolist() == ["parameters_m", "macs_g", "activations_m"]
    assert table["logarithmic"].tolist() == pytest.approx([1, 1, 1])
    assert table["linear"].tolist() == pytest.approx([np.corrcoef(energy**3, energy)[0, 1], 1, 1])
    assert table["models"].tolist() == [4, 4, 3]


def test_a_saving_is_the_geometric_mean_of_ratios_over_models_with_both() -> None:
    saved = saving(row(8, 10, 3, np.nan), row(1, 5, np.nan, 2))
    assert saved.ratios.tolist() == [8, 2]
    assert saved.geometric_mean == pytest.approx(4)
    assert saved.geometric_sd == pytest.approx(np.exp(np.std(np.log([8, 2]), ddof=1)))
    assert saved.below_1 == 0
    assert saving(row(1, 2), row(2, 2)).below_1 == 1


def test_a_saving_of_one_model_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^1 models have an energy on both sides: a saving takes two$"):
        saving(row(1, 2), row(1, np.nan))


def test_logarithms_of_a_power_law_correlate_fully() -> None:
    assert log_correlation(row(1, 2, 4, np.nan), row(1, 4, 16, 3)) == pytest.approx(1)


def test_naive_energy_is_operations_over_peak_rate_times_power() -> None:
    # 10 billion operations at 10 TFLOP/s take 1 ms; at 100 W that is 100 mJ.
    macs = row(10)
    assert naive_energy(macs, Convention(peak_tflops=10, power_w=100)).tolist() == [pytest.approx(100)]
    twice = Convention(peak_tflops=10, power_w=100, flops_per_mac=2)
    assert naive_energy(macs, twice).tolist() == [pytest.approx(200)]


def test_measured_over_naive_leaves_out_models_without_one_of_the_two() -> None:
    ratios = measured_over_naive(row(300, np.nan, 50), row(10, 10, np.nan), Convention(10, 100))
    assert ratios.tolist() == [pytest.approx(3)]
    assert geometric_mean(row(1, 100)) == pytest.approx(10)


def test_pairs_are_models_at_exactly_two_sizes_with_everything_measured() -> None:
    figures = pd.DataFrame(
        {
            "model": ["a", "a", "b", "b", "b", "c", "d", "d"],
            "input_size_px": [448, 224, 1, 2, 3, 224, 100, 200],
            "energy_mj": [40.0, 10, 1, 2, 3, 5, 1, np.nan],
            "accuracy_pct": [88.0, 80, 1, 2, 3, 5, 70, 75],
        }
    )
    pairs = size_pairs(figures)
    assert pairs.index.tolist() == ["a"]
    assert pairs.loc[["a"]].to_numpy()[0].tolist() == pytest.approx([224, 448, 300, 10, 300])


def test_a_line_says_how_much_it_explains() -> None:
    line = fit_line(row(0, 1, 2), row(1, 3, 5))
    assert (line.slope, line.intercept, line.r_squared, line.n) == pytest.approx((2, 1, 1, 3))
    assert fit_line(row(0, 1, 2, 3), row(0, 1, 1, 0)) == Line(0, 0.5, 0, 4)
