from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.analysis.scores import (
    LOG_MANHATTAN,
    MANHATTAN,
    PER_JOULE,
    SCORES,
    WEIGHTED_SCORES,
    Context,
    ExchangeRate,
    Score,
    WeightedScore,
    context_of,
)
from builder.analysis.winners import Winner, winners

CONTEXT = Context(largest_energy_mj=1000, median_energy_mj=10, median_accuracy_pct=80)
energies = st.floats(1e-3, 1e6)
accuracies = st.floats(0, 100)
weights = st.floats(0.5, 99.5)


def value(score: Score, energy: float, accuracy: float, w: float = 50) -> float:
    return float(score.score(np.array([energy]), np.array([accuracy]), w, CONTEXT)[0])


def test_manhattan_at_half_is_the_mean_of_accuracy_and_energy_spared() -> None:
    assert value(MANHATTAN, 250, 80) == (80 + 75) / 2


def test_manhattan_is_the_formula_of_the_paper() -> None:
    # 100 - (W * E / N + (1 - W) * (100 - A)), with W in 0..1 and E / N in percent.
    assert value(MANHATTAN, 300, 70, w=20) == pytest.approx(100 - (0.2 * 30 + 0.8 * 30))


def test_manhattan_without_weight_is_accuracy_and_with_all_of_it_the_energy_spared() -> None:
    assert value(MANHATTAN, 250, 80, w=0) == 80
    assert value(MANHATTAN, 250, 80, w=100) == 75


def test_accuracy_per_joule_counts_points_for_each_joule() -> None:
    assert value(PER_JOULE, 500, 80) == 160


def test_log_manhattan_gives_the_median_half_and_takes_25_for_each_tenfold() -> None:
    assert value(LOG_MANHATTAN, 10, 80, w=100) == 50
    assert value(LOG_MANHATTAN, 100, 80, w=100) == 25
    assert value(LOG_MANHATTAN, 1, 80, w=100) == 75
    assert value(LOG_MANHATTAN, 100, 80, w=50) == (25 + 80) / 2


pairs = st.tuples(energies, energies), st.tuples(accuracies, accuracies)


@given(*pairs, weights, st.builds(Context, energies, energies, accuracies))
def test_no_other_model_moves_the_log_manhattan_order_of_two(
    energy: tuple[float, float], accuracy: tuple[float, float], w: float, elsewhere: Context
) -> None:
    here = LOG_MANHATTAN.score(np.array(energy), np.array(accuracy), w, CONTEXT)
    there = LOG_MANHATTAN.score(np.array(energy), np.array(accuracy), w, elsewhere)
    assert here[0] - here[1] == pytest.approx(there[0] - there[1], abs=1e-9)


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.key)
@given(energies, accuracies, weights)
def test_the_contour_of_a_models_score_goes_through_the_model(score: Score, e: float, a: float, w: float) -> None:
    level = value(score, e, a, w)
    through = score.contour_accuracy(np.array([e]), level, w, CONTEXT)
    assert through[0] == pytest.approx(a, abs=1e-6, rel=1e-9)


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.key)
@given(energies, st.floats(1, 100), weights)
def test_the_contour_by_energy_goes_through_the_model_too(score: Score, e: float, a: float, w: float) -> None:
    level = value(score, e, a, w)
    through = score.contour_energy(np.array([a]), level, w, CONTEXT)
    assert through[0] == pytest.approx(e, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("score", WEIGHTED_SCORES, ids=lambda score: score.key)
def test_an_upright_or_level_contour_names_the_other_function(score: WeightedScore) -> None:
    upright = "^at w = 100 accuracy does not count: contours are upright, take contour_energy$"
    with pytest.raises(ValueError, match=upright):
        score.contour_accuracy(np.array([1.0]), 50, 100, CONTEXT)
    level = "^at w = 0 energy does not count: contours are level, take contour_accuracy$"
    with pytest.raises(ValueError, match=level):
        score.contour_energy(np.array([1.0]), 50, 0, CONTEXT)


@pytest.mark.parametrize("score", WEIGHTED_SCORES, ids=lambda score: score.key)
@given(weights)
def test_a_model_with_one_point_more_for_the_exchange_rate_has_an_equal_score(score: WeightedScore, w: float) -> None:
    rate = score.exchange_rate(w, CONTEXT)
    if rate.energy_mj > 1e300:
        return
    there = value(score, CONTEXT.median_energy_mj + rate.energy_mj, 51, w)
    assert there == pytest.approx(value(score, CONTEXT.median_energy_mj, 50, w), rel=1e-6)


def test_exchange_rates_are_what_the_weights_imply() -> None:
    assert MANHATTAN.exchange_rate(50, CONTEXT) == ExchangeRate(10, 1, everywhere=True)
    assert MANHATTAN.exchange_rate(0, CONTEXT) == ExchangeRate(np.inf, np.inf, everywhere=True)
    assert MANHATTAN.exchange_rate(100, CONTEXT) == ExchangeRate(0, 0, everywhere=True)
    tenfold = 100 * 4 / (100 + 4)  # where a point is worth a tenfold of energy
    rate = LOG_MANHATTAN.exchange_rate(tenfold, CONTEXT)
    assert (rate.energy_mj, rate.of_median) == pytest.approx((90, 9))
    assert not rate.everywhere
    assert PER_JOULE.exchange_rate(50, CONTEXT) == ExchangeRate(0.125, 0.0125, everywhere=False)


def test_the_context_counts_rows_without_accuracy_and_skips_rows_without_energy() -> None:
    energy, accuracy = np.array([4.0, 1, np.nan, 3]), np.array([np.nan, 70, 90, 80])
    assert context_of(energy, accuracy) == Context(4, 3, 75)


def test_rows_without_a_pair_of_numbers_have_no_context() -> None:
    message = "^no row has both an energy and an accuracy: there is nothing to score$"
    with pytest.raises(ValueError, match=message):
        context_of(np.array([np.nan, 1]), np.array([50, np.nan]))


def test_winners_hand_over_where_their_scores_are_equal() -> None:
    # N = 1000: the two scores are 90 (1 - w/100) and 80 (1 - w/100) + w/2, equal at 10 (1 - w/100) = w/2.
    energy, accuracy = np.array([500.0, 1000, 900]), np.array([80.0, 90, 70])
    assert winners(MANHATTAN, energy, accuracy, CONTEXT) == (
        Winner(1, 0, pytest.approx(1000 / 60)),  # type: ignore[arg-type]
        Winner(0, pytest.approx(1000 / 60), 100),  # type: ignore[arg-type]
    )


def test_no_models_have_no_winners() -> None:
    assert winners(MANHATTAN, np.array([]), np.array([]), CONTEXT) == ()


@pytest.mark.parametrize("score", WEIGHTED_SCORES, ids=lambda score: score.key)
@given(st.integers(0, 10**6), st.floats(0, 100))
def test_a_winner_has_the_highest_score_within_its_weights(score: WeightedScore, seed: int, w: float) -> None:
    random = np.random.default_rng(seed)
    energy, accuracy = np.exp(random.uniform(0, 7, 30)), random.uniform(40, 90, 30)
    first = [winner for winner in winners(score, energy, accuracy, CONTEXT) if winner.w_from <= w <= winner.w_to]
    scores = score.score(energy, accuracy, w, CONTEXT)
    assert first
    for winner in first:
        assert scores[winner.index] == pytest.approx(scores.max(), abs=1e-6)


def test_the_winners_cover_all_weights_without_a_gap() -> None:
    random = np.random.default_rng(1)
    row = winners(MANHATTAN, random.uniform(1, 1000, 50), random.uniform(0, 100, 50), CONTEXT)
    assert [winner.w_from for winner in row] == [0, *(winner.w_to for winner in row[:-1])]
    assert row[-1].w_to == 100
    assert all(winner.w_from < winner.w_to for winner in row)
