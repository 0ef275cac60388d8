"""Changed at random, a data folder is either valid or refused with file and line, in time and without a traceback."""

from __future__ import annotations

import pytest

from tests.hostile.fuzz import fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_check_copes_with_whatever_is_in_the_files(seed: int) -> None:
    told = []
    outcome = fuzz(inputs=150, seed=seed, tell=lambda so_far: told.append(so_far.inputs), built=0)
    assert [f"{path}: {message}" for message, path, _ in outcome.failures] == []
    assert outcome.inputs == 150
    assert 0 < outcome.valid < 75
    assert told == [100]


@pytest.mark.timeout(300)
def test_what_is_valid_can_be_built() -> None:
    """With this seed one of the valid folders is built."""
    outcome = fuzz(inputs=20, seed=3, built=0.3)
    assert (outcome.failures, outcome.built) == ([], 1)
