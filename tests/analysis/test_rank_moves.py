"""Ranks on two setups, on five models whose order a head can follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from builder.analysis.rank_moves import by_score, rank_agreement, rank_moves
from builder.analysis.scores import MANHATTAN

BEFORE = pd.Series([1.0, 2, 4, 8, 16], index=list("abcde"))
STILL = (0.01, 0.01)


def test_one_swap_among_five_is_one_pair_in_ten() -> None:
    found = rank_agreement(np.array([1.0, 2, 4, 8, 16]), np.array([1.0, 2, 4, 32, 16]))
    assert (found.spearman, found.kendall) == pytest.approx((0.9, 0.8))


def test_a_move_between_energies_far_apart_is_news() -> None:
    moves = rank_moves(BEFORE, pd.Series([1.0, 2, 4, 32, 16], index=BEFORE.index), STILL)
    assert moves["rank_before"].tolist() == [1, 2, 3, 4, 5]
    assert moves["rank_after"].tolist() == [1, 2, 3, 5, 4]
    assert moves["move"].tolist() == [0, 0, 0, -1, 1]
    assert moves[["low", "high"]].to_numpy()[3].tolist() == [-1, -1]
    assert moves.index[moves["beyond_noise"]].tolist() == ["d", "e"]


def test_a_move_between_energies_that_noise_may_swap_is_none() -> None:
    moves = rank_moves(BEFORE, pd.Series([1.0, 2, 4, 16.1, 16], index=BEFORE.index), STILL)
    assert moves["move"].tolist() == [0, 0, 0, -1, 1]
    assert moves[["low", "high"]].to_numpy()[3].tolist() == [-1, 0]
    assert not moves["beyond_noise"].any()


def test_a_noisier_setup_explains_larger_moves() -> None:
    after = pd.Series([1.0, 2, 4, 19, 16], index=BEFORE.index)
    assert rank_moves(BEFORE, after, STILL)["beyond_noise"].sum() == 2
    assert rank_moves(BEFORE, after, (0.01, 0.3))["beyond_noise"].sum() == 0


def test_moves_are_the_same_each_time() -> None:
    after = pd.Series([1.0, 2, 4, 16.5, 16], index=BEFORE.index)
    pd.testing.assert_frame_equal(rank_moves(BEFORE, after, STILL), rank_moves(BEFORE, after, STILL))


def test_in_a_score_accuracy_decides_too() -> None:
    accuracy = np.array([10.0, 90, 20, 30, 40])
    after = pd.Series([16.0, 15, 14, 1, 2], index=BEFORE.index)
    sides = [np.asarray(side, dtype=np.float64) for side in (BEFORE, after)]
    before_order, after_order = (by_score(MANHATTAN, 50, side, accuracy) for side in sides)
    # 50 (1 - E / 16) + A / 2: 51.9, 88.8, 47.5, 40 and 20 before; 5, 48.1, 16.2, 61.9 and 63.8 after.
    moves = rank_moves(BEFORE, after, STILL, (before_order, after_order))
    assert moves["rank_before"].tolist() == [2, 1, 3, 4, 5]
    assert moves["rank_after"].tolist() == [5, 3, 4, 2, 1]
    assert moves["move"].tolist() == [-3, -2, -1, 2, 4]
