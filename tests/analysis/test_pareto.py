from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from builder.analysis.pareto import FloatArray, best_within, pareto_front, upper_hull

# Few different numbers, so that equal energies and equal accuracies occur.
points = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, n, elements=st.integers(1, 6).map(float)),
        arrays(np.float64, n, elements=st.integers(0, 6).map(float)),
    )
)


def row(*numbers: float) -> FloatArray:
    return np.array(numbers, dtype=np.float64)


def test_a_dominated_model_is_off_the_front() -> None:
    assert pareto_front(row(1, 2, 3), row(50, 40, 60)).tolist() == [True, False, True]


def test_of_equal_energies_only_the_more_accurate_is_on_the_front() -> None:
    assert pareto_front(row(2, 2), row(50, 60)).tolist() == [False, True]


def test_of_equal_accuracies_only_the_cheaper_is_on_the_front() -> None:
    assert pareto_front(row(3, 2), row(50, 50)).tolist() == [False, True]


def test_equal_models_are_all_on_the_front_or_all_off_it() -> None:
    assert pareto_front(row(1, 1, 2, 2), row(50, 50, 40, 40)).tolist() == [True, True, False, False]


def test_no_models_have_an_empty_front_and_hull() -> None:
    assert pareto_front(row(), row()).tolist() == []
    assert upper_hull(row(), row()).tolist() == []


def test_a_model_without_energy_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^energies and accuracies must be finite: leave out the models that lack one before$"
    ):
        pareto_front(row(1, np.nan), row(1, 2))


def test_rows_of_unequal_length_are_refused() -> None:
    message = r"^energies and accuracies must be two rows of equal length, not \(1,\) and \(2,\)$"
    with pytest.raises(ValueError, match=message):
        pareto_front(row(1), row(1, 2))


def test_the_hull_leaves_out_models_under_a_straight_line_and_on_it() -> None:
    #                  cheapest  on the line  over it  dominated  best
    x, accuracy = row(0, 1, 2, 2.5, 4), row(0, 4, 8, 3, 10)
    assert upper_hull(x, accuracy).tolist() == [0, 2, 4]


def test_the_hull_takes_the_first_of_equal_models() -> None:
    assert upper_hull(row(1, 1, 2), row(5, 5, 9)).tolist() == [0, 2]


def test_the_best_accuracy_within_a_limit_counts_the_limit_itself() -> None:
    best = best_within(row(10, 1, 5), row(90, 40, 30), row(0.5, 1, 7, 10))
    np.testing.assert_array_equal(best, row(np.nan, 40, 40, 90))


@settings(max_examples=50)
@given(points)
def test_a_model_is_on_the_front_exactly_when_no_other_beats_it(points: tuple[FloatArray, FloatArray]) -> None:
    energy, accuracy = points
    no_worse = (energy[:, None] <= energy) & (accuracy[:, None] >= accuracy)
    better = (energy[:, None] < energy) | (accuracy[:, None] > accuracy)
    assert pareto_front(energy, accuracy).tolist() == (~(no_worse & better).any(axis=0)).tolist()


@settings(max_examples=50)
@given(points)
def test_the_front_does_not_depend_on_units_or_scales(points: tuple[FloatArray, FloatArray]) -> None:
    energy, accuracy = points
    plain = pareto_front(energy, accuracy)
    assert pareto_front(np.log(energy), accuracy**3).tolist() == plain.tolist()


@settings(max_examples=50)
@given(points, st.randoms(use_true_random=False))
def test_the_front_does_not_depend_on_the_order_of_models(points, random) -> None:  # type: ignore[no-untyped-def]
    energy, accuracy = points
    order = list(range(len(energy)))
    random.shuffle(order)
    assert pareto_front(energy[order], accuracy[order]).tolist() == pareto_front(energy, accuracy)[order].tolist()


@settings(max_examples=50)
@given(points)
def test_every_model_is_on_the_hull_or_under_it(points: tuple[FloatArray, FloatArray]) -> None:
    energy, accuracy = points
    hull = upper_hull(energy, accuracy)
    assert pareto_front(energy, accuracy)[hull].all()
    inside = (energy >= energy[hull[0]]) & (energy <= energy[hull[-1]])
    roof = np.interp(energy[inside], energy[hull], accuracy[hull])
    assert (accuracy[inside] <= roof + 1e-9).all()
    slopes = np.diff(accuracy[hull]) / np.diff(energy[hull])
    assert (np.diff(slopes) < 0).all()
