from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.analysis.scores import MANHATTAN, PER_JOULE, SCORES, Context, Score
from builder.charts.contours import contours, polyline, round_levels
from builder.charts.plane import Plane

CONTEXT = Context(largest_energy_mj=60_000.0, median_energy_mj=195.0, median_accuracy_pct=82.0)
PLANES = [
    Plane((0.5, 100_000.0), (40.0, 95.0), "log", 760, 600),
    Plane((0.0, 64_000.0), (0.0, 95.0), "linear", 360, 400),
]


@settings(max_examples=40)
@given(st.sampled_from(SCORES), st.integers(0, 100), st.sampled_from(PLANES))
def test_every_place_of_a_contour_has_its_score(score: Score, w: float, plane: Plane) -> None:
    for contour in contours(plane, score, w, CONTEXT, best=None):
        if contour.points:
            energy, accuracy = np.array(contour.points).T
            assert score.score(energy, accuracy, w, CONTEXT) == pytest.approx(contour.level, rel=1e-7, abs=1e-7)


@settings(max_examples=40)
@given(st.sampled_from(SCORES), st.integers(0, 100), st.sampled_from(PLANES))
def test_contours_stay_within_the_plane_and_rise(score: Score, w: float, plane: Plane) -> None:
    for contour in contours(plane, score, w, CONTEXT, best=None):
        energies, accuracies = ([point[side] for point in contour.points] for side in (0, 1))
        assert energies == sorted(energies)
        assert accuracies == pytest.approx(sorted(accuracies), abs=1e-9)
        assert all(plane.energy_mj[0] <= energy <= plane.energy_mj[1] for energy in energies)
        assert all(plane.accuracy_pct[0] <= accuracy <= plane.accuracy_pct[1] for accuracy in accuracies)


def test_levels_are_round_and_go_down_from_the_best() -> None:
    assert round_levels(PLANES[0], MANHATTAN, 50, CONTEXT) == [95, 90, 85, 80, 75, 70, 65, 60, 55]


def test_levels_of_a_ratio_are_powers_of_ten() -> None:
    assert round_levels(PLANES[0], PER_JOULE, 50, CONTEXT) == [100_000, 10_000, 1_000, 100, 10, 1]


def test_contours_are_upright_where_accuracy_does_not_count() -> None:
    energies = [energy for energy, _ in polyline(PLANES[0], MANHATTAN, 100, CONTEXT, 90.0)]
    assert energies == pytest.approx([6_000.0] * 32)


def test_contours_are_level_where_energy_does_not_count() -> None:
    accuracies = [accuracy for _, accuracy in polyline(PLANES[0], MANHATTAN, 0, CONTEXT, 60.0)]
    assert accuracies == [60.0] * 32


def test_the_best_models_contour_comes_first() -> None:
    first, second, *_ = contours(PLANES[0], MANHATTAN, 50, CONTEXT, best=93.08)
    assert (first.level, first.best, second.level, second.best) == (93.08, True, 95, False)
