"""Which model to take instead of another, and what that saves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.analysis.intervals import distinguishable
from builder.analysis.swaps import MARGIN_PCT, NONE, find_swaps
from builder.analysis.workload import GRID, PRICE, USUAL, Assumption, Workload, Worth, yearly_worth

# Few values, so that models are often equal in one of the two or in both.
MODELS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.integers(0, 20).map(lambda tenths: 70 + tenths / 10),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=30,
)


def swaps(
    *models: tuple[float, float],
    doubted: tuple[int, ...] = (),
    share: float = 0.0,
    siblings: tuple[int, ...] | None = None,
) -> list[tuple[int, int]]:
    """Return for each model the places of the cheaper and of the better one; intervals are energies ± a share."""
    energy, accuracy = np.array(models, dtype=np.float64).T
    sound = np.array([place not in doubted for place in range(len(models))])
    interval = np.outer(energy, [1 - share, 1 + share])
    group = np.array(siblings or range(len(models)), dtype=np.intp)
    found = find_swaps(energy, accuracy, sound, interval, group)
    return list(zip(found.cheaper.tolist(), found.better.tolist(), strict=True))


def test_a_model_that_beats_another_on_both_is_proposed_twice() -> None:
    assert swaps((10, 80), (5, 81)) == [(1, 1), (NONE, NONE)]


def test_half_a_point_may_be_given_up_and_no_more() -> None:
    assert MARGIN_PCT == 0.5
    assert swaps((10, 80), (5, 79.5), (1, 79.499)) == [(1, NONE), (2, NONE), (NONE, NONE)]


def test_the_margin_holds_for_accuracies_whose_difference_is_not_exact() -> None:
    assert 64.001 - 63.501 > 0.5
    assert swaps((10, 64.001), (5, 63.501))[0] == (1, NONE)


def test_the_cheapest_within_the_margin_is_proposed_not_the_most_accurate() -> None:
    assert swaps((10, 80), (5, 81), (4, 79.6))[0] == (2, 1)


def test_a_better_model_may_take_as_much_energy() -> None:
    assert swaps((10, 80), (10, 82), (11, 90))[0] == (NONE, 1)


def test_equal_models_do_not_replace_each_other() -> None:
    assert swaps((10, 80), (10, 80)) == [(NONE, NONE), (NONE, NONE)]


def test_of_equal_proposals_the_one_better_in_the_other_respect_counts_and_then_the_first() -> None:
    assert swaps((10, 80), (5, 80), (5, 81), (5, 81))[0] == (2, 2)
    assert swaps((10, 80), (9, 82), (8, 82), (8, 82))[0] == (2, 2)


def test_a_model_in_doubt_is_not_proposed_and_still_has_swaps_of_its_own() -> None:
    assert swaps((10, 80), (5, 81), (6, 80.5), doubted=(1,)) == [(2, 2), (NONE, NONE), (NONE, NONE)]
    assert swaps((10, 80), (5, 81), doubted=(0,)) == [(1, 1), (NONE, NONE)]


def test_where_every_model_is_in_doubt_nothing_is_proposed() -> None:
    assert swaps((10, 80), (5, 81), doubted=(0, 1)) == [(NONE, NONE), (NONE, NONE)]


def test_a_cheaper_model_takes_distinguishably_less() -> None:
    # 10 ± 0.5 and 9.5 ± 0.475 mJ overlap; 9 ± 0.45 mJ is below both.
    assert swaps((10, 80), (9.5, 79.9), share=0.05) == [(NONE, NONE), (NONE, NONE)]
    assert swaps((10, 80), (9, 79.9), share=0.05) == [(1, NONE), (NONE, NONE)]
    # The cheapest has the widest interval: the next one counts.
    energy, accuracy = np.array([10.0, 8.0, 9.0]), np.array([80.0, 80.0, 80.0])
    interval = np.array([[9.8, 10.2], [6.0, 10.0], [8.9, 9.1]])
    found = find_swaps(energy, accuracy, np.full(3, True), interval, np.arange(3))
    assert found.cheaper.tolist() == [2, NONE, NONE]


def test_without_an_interval_nothing_is_known_to_be_cheaper() -> None:
    assert swaps((10, 80), (5, 81), share=np.nan) == [(NONE, 1), (NONE, NONE)]


def test_a_sibling_is_never_the_cheaper_one() -> None:
    assert swaps((10, 80), (8, 79.9), siblings=(0, 0)) == [(NONE, NONE), (NONE, NONE)]
    assert swaps((10, 80), (8, 79.9), (9, 79.9), siblings=(0, 0, 1))[0] == (2, NONE)
    # What a sibling gains in accuracy is no noise of a power sensor.
    assert swaps((10, 80), (8, 81), siblings=(0, 0))[0] == (NONE, 1)


@given(MODELS, st.sampled_from([0.0, 0.02, 0.2]))
def test_swaps_are_what_a_search_one_by_one_finds(models: list[tuple[int, float, bool, int]], share: float) -> None:
    energy = np.array([float(one) for one, *_ in models])
    accuracy = np.array([one for _, one, *_ in models])
    sound = np.array([one for _, _, one, _ in models], dtype=np.bool_)
    group = np.array([one for *_, one in models], dtype=np.intp)
    interval = np.outer(energy, [1 - share, 1 + share])
    found = find_swaps(energy, accuracy, sound, interval, group)
    places = np.flatnonzero(sound).tolist()
    for row in range(len(models)):
        near = [
            one
            for one in places
            if round(accuracy[row] - accuracy[one], 6) <= 0.5
            and energy[one] < energy[row]
            and distinguishable(
                (interval[one, 0], interval[one, 1]), (interval[row, 0], interval[row, 1]), same_card=True
            )
            and group[one] != group[row]
        ]
        above = [one for one in places if energy[one] <= energy[row] and accuracy[one] > accuracy[row]]
        assert found.cheaper[row] == min(near, key=lambda one: (energy[one], -accuracy[one], one), default=NONE)
        assert found.better[row] == min(above, key=lambda one: (-accuracy[one], energy[one], one), default=NONE)


def test_a_year_s_worth_can_be_worked_out_by_hand() -> None:
    # 36 mJ × 1,000 a day × 365 days = 13.14 kJ = 0.00365 kWh.
    workload = Workload(1_000, replaced(GRID, 200.0), replaced(PRICE, 0.5))
    worth = yearly_worth(36.0, workload)
    assert worth == Worth(
        pytest.approx(0.00365),  # type: ignore[arg-type]
        pytest.approx(0.001825),  # type: ignore[arg-type]
        pytest.approx(0.00073),  # type: ignore[arg-type]
    )


def test_the_usual_assumptions_say_what_they_are_of_and_who_gives_them() -> None:
    assert (USUAL.grid, USUAL.price) == (GRID, PRICE)
    for assumption in (GRID, PRICE):
        assert assumption.value > 0
        assert assumption.meaning
        assert assumption.source
        assert assumption.source_url.startswith("https://")


def replaced(assumption: Assumption, value: float) -> Assumption:
    return Assumption(value, assumption.unit, assumption.meaning, assumption.source, assumption.source_url)
