from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from builder.analysis import queries
from builder.analysis.growth import ALL_VERTICES, PAPER, GrowthFit, Recipe, fit_growth
from builder.analysis.pareto import FloatArray

E = np.e
# Accuracy grows by 10 points whenever ln E doubles: A = 60 + 10 / ln 2 * ln(ln E), with L = 0.
DOUBLING = np.array([E, E**2, E**4, E**8])
TENS = np.array([60.0, 70.0, 80.0, 90.0])


def fitted(energy_mj: FloatArray, accuracy_pct: FloatArray, recipe: Recipe = ALL_VERTICES) -> GrowthFit:
    fit = fit_growth(energy_mj, accuracy_pct, recipe)
    assert fit is not None
    return fit


def noisy(a: float, b: float, floor: float, seed: int) -> tuple[FloatArray, FloatArray]:
    """A concave cloud of models around a growth curve."""
    random = np.random.default_rng(seed)
    log_energy = floor + np.exp(random.uniform(-2, 2.2, 40))
    return np.exp(log_energy), a + b * np.log(log_energy - floor) + random.normal(0, 0.3, 40)


def test_points_on_the_curve_give_its_parameters_back() -> None:
    fit = fitted(DOUBLING, TENS)
    assert (fit.a, fit.b, fit.floor) == pytest.approx((60, 10 / np.log(2), 0), abs=1e-6)
    assert fit.r_squared == pytest.approx(1, abs=1e-12)
    assert not fit.at_limit


def test_the_inverse_gives_the_energy_of_an_accuracy() -> None:
    fit = fitted(DOUBLING, TENS)
    assert fit.energy_at(100) == pytest.approx(E**16, rel=1e-5)
    assert fit.log10_energy_at(100) == pytest.approx(16 / np.log(10), rel=1e-7)


def test_the_curve_has_no_accuracy_at_and_under_its_floor() -> None:
    accuracy = fitted(DOUBLING, TENS).accuracy_at(np.array([0.5, E**4]))
    np.testing.assert_allclose(accuracy, [np.nan, 80], rtol=1e-7)


def test_models_off_the_hull_do_not_move_the_fit() -> None:
    with_others = fitted(np.append(DOUBLING, [E**3, E**9]), np.append(TENS, [50, 89]))
    assert with_others.vertices.tolist() == [0, 1, 2, 3]
    assert with_others.a == fitted(DOUBLING, TENS).a


def test_the_recipe_of_the_paper_drops_vertices_up_to_1_mj_after_the_hull(mini: duckdb.DuckDBPyConnection) -> None:
    models = queries.setup_models(mini, "image_classification", "alpha-10gb_pytorch_fp32", ["plain"])
    models = models.dropna(subset=["energy_mj", "accuracy_pct"])
    energy, accuracy = models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy()
    paper, every = fitted(energy, accuracy, PAPER), fitted(energy, accuracy)
    assert energy[paper.vertices].tolist() == [2.718282, 7.389056, 54.59815, 2980.958]
    assert energy[every.vertices].tolist() == [0.5, 2.718282, 7.389056, 54.59815, 2980.958]
    # A vertex at the limit itself is dropped.
    assert [len(fitted(energy, accuracy, Recipe("", "", above)).vertices) for above in (0.49, 0.5)] == [5, 4]
    assert (paper.a, paper.b, paper.floor) == pytest.approx((60, 10 / np.log(2), 0), abs=1e-4)


def test_fewer_than_four_vertices_give_no_fit() -> None:
    assert fit_growth(DOUBLING[:3], TENS[:3]) is None
    assert fit_growth(np.array([]), np.array([])) is None


def test_a_straight_line_in_log_energy_is_said_to_be_at_the_limit() -> None:
    # A hair of curvature, as a straight line has no inner vertices.
    x = np.arange(1.0, 6.0)
    fit = fitted(np.exp(x), 50 + 5 * x - 1e-4 * x**2)
    assert fit.at_limit


def test_an_energy_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^energies must be above 0: leave out the models that lack one before$"):
        fit_growth(np.array([0.0, 1, 2, 3]), TENS)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.floats(1e-9, 1e9))
def test_the_fit_does_not_depend_on_the_unit_of_energy(seed: int, unit: float) -> None:
    energy, accuracy = noisy(70, 9, 0.2, seed)
    plain, scaled = fitted(energy, accuracy), fitted(energy * unit, accuracy)
    assert (scaled.a, scaled.b) == pytest.approx((plain.a, plain.b), rel=1e-4)
    assert scaled.floor - plain.floor == pytest.approx(np.log(unit), abs=1e-4)
    assert scaled.log10_energy_at(95) - plain.log10_energy_at(95) == pytest.approx(np.log10(unit), abs=1e-3)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_no_start_value_leads_a_local_search_to_a_better_fit(seed: int) -> None:
    energy, accuracy = noisy(72, 8, 0.5, seed)
    fit = fitted(energy, accuracy)
    x, y = np.log(energy[fit.vertices]), accuracy[fit.vertices]
    best = fit.residual_pct**2 * (len(x) - 3)
    for depth in (-6.0, -2.0, 0.0, 2.0):

        def model(x: FloatArray, a: float, b: float, u: float, lowest: float = x[0]) -> FloatArray:
            return np.asarray(a + b * np.log(x - lowest + np.exp(np.clip(u, -14, 4.5))))

        try:
            found, _ = curve_fit(model, x, y, p0=(70.0, 8.0, depth), maxfev=2000)
        except RuntimeError:
            continue
        assert best <= ((y - model(x, *found)) ** 2).sum() * (1 + 1e-6)


def test_the_delta_method_agrees_with_the_covariance_of_a_general_fitter() -> None:
    energy, accuracy = noisy(70, 9, 0.2, 1)
    fit = fitted(energy, accuracy)
    x, y = np.log(energy[fit.vertices]), accuracy[fit.vertices]

    def model(x: FloatArray, a: float, b: float, floor: float) -> FloatArray:
        return np.asarray(a + b * np.log(x - floor))

    found, covariance = curve_fit(model, x, y, p0=(fit.a, fit.b, fit.floor))
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-3)
    a, b, floor = found
    step = 1e-6 * np.eye(3)
    gradient = np.array(
        [
            ((floor + s[2] + np.exp((100 - a - s[0]) / (b + s[1]))) - (floor + np.exp((100 - a) / b))) / 1e-6
            for s in step
        ]
    ) / np.log(10)
    assert fit.log10_energy_se(100) == pytest.approx(np.sqrt(gradient @ covariance @ gradient), rel=1e-3)


def test_the_interval_is_student_t_on_n_minus_3_degrees_of_freedom() -> None:
    log_energy = np.array([1.0, 2, 3, 5, 8, 13, 21])
    fit = fitted(np.exp(log_energy), 60 + 14 * np.log(log_energy) + np.array([0, 0.1, 0, -0.1, 0, 0.1, 0]))
    assert len(fit.vertices) == 7
    low, high = fit.log10_energy_interval(95)
    # Of four degrees of freedom, from any printed table.
    assert (high - low) / 2 / fit.log10_energy_se(95) == pytest.approx(2.776, abs=1e-3)
    assert (low + high) / 2 == pytest.approx(fit.log10_energy_at(95))


def test_the_standard_error_of_the_curve_follows_from_the_covariance() -> None:
    energy, accuracy = noisy(70, 9, 0.2, 4)
    fit = fitted(energy, accuracy)
    at = float(np.exp(fit.floor + 1))
    # Where ln E - L = 1 the curve is a, and its gradient (1, 0, -b).
    gradient = np.array([1, 0, -fit.b])
    expected = np.sqrt(gradient @ fit.covariance @ gradient)
    assert float(fit.accuracy_se(at)) == pytest.approx(expected)
