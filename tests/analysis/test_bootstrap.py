from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.analysis.bootstrap import GrowthCloud, bootstrap_growth, upper_hulls
from builder.analysis.growth import RECIPES, Recipe, fit_growth
from builder.analysis.pareto import upper_hull

RANDOM = np.random.default_rng(5)
LOG_ENERGY = RANDOM.uniform(-0.5, 8, 60)
ENERGY = np.exp(LOG_ENERGY)
ACCURACY = 70 + 9 * np.log(LOG_ENERGY + 0.8) - RANDOM.exponential(2, 60)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_hulls_of_many_subsets_are_the_hull_of_each(seed: int) -> None:
    random = np.random.default_rng(seed)
    # Few different numbers, so that ties occur.
    x, accuracy = random.integers(0, 15, 30).astype(float), random.integers(0, 15, 30).astype(float)
    drawn = random.random((8, 30)) < random.random()
    hull_x, hull_y, vertex = upper_hulls(x, accuracy, drawn)
    for place in range(8):
        members = np.flatnonzero(drawn[place])
        expected = members[upper_hull(x[members], accuracy[members])]
        assert hull_x[place, vertex[place]].tolist() == x[expected].tolist()
        assert hull_y[place, vertex[place]].tolist() == accuracy[expected].tolist()


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_refit_of_a_resample_is_the_fit_of_that_resample(recipe: Recipe) -> None:
    cloud = bootstrap_growth(ENERGY, ACCURACY, recipe, refits=20, seed=3)
    drawn = np.random.default_rng(3).integers(0, 60, (20, 60))
    fits = [fit_growth(ENERGY[rows], ACCURACY[rows], recipe) for rows in drawn]
    whole = [fit for fit in fits if fit is not None]
    assert cloud.left_out == 20 - len(whole)
    # Resamples that L does not bound have no digits worth comparing.
    bounded = [place for place, fit in enumerate(whole) if not fit.at_limit]
    assert len(bounded) > 10
    np.testing.assert_allclose(cloud.a[bounded], [whole[place].a for place in bounded], rtol=1e-5)
    np.testing.assert_allclose(cloud.b[bounded], [whole[place].b for place in bounded], rtol=1e-4)


def test_the_same_seed_gives_the_same_cloud() -> None:
    one, two = (bootstrap_growth(ENERGY, ACCURACY, refits=30) for _ in range(2))
    assert one.log10_energy_interval(95) == two.log10_energy_interval(95)


def test_resamples_without_four_vertices_are_counted() -> None:
    cloud = bootstrap_growth(np.array([1.0, 2, 3]), np.array([10.0, 20, 25]), refits=7)
    assert (len(cloud.a), cloud.left_out) == (0, 7)


def test_intervals_and_bands_hold_the_middle_of_the_cloud() -> None:
    # 101 curves with L = 0: at E = e the accuracy is a; 100 % is reached at ln E = exp((100 - a) / b).
    a = np.arange(101.0)
    cloud = GrowthCloud(a=a, b=np.full(101, 10.0), floor=np.zeros(101), left_out=0)
    low, high = cloud.accuracy_band(np.array([np.e, 0.5]), level=0.9)
    assert low.tolist() == [5, -np.inf]
    assert high.tolist() == [95, -np.inf]
    interval = cloud.log10_energy_interval(100, level=0.9)
    np.testing.assert_allclose(interval, np.exp([0.5, 9.5]) / np.log(10))
