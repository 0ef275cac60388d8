"""Changed at random, a data folder is either valid or refused with file and line, in time and without a traceback."""

from __future__ import annotations

import pytest

from tests.hostile.fuzz import fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_check_copes_with_whatever_is_in_the_files(seed: int) -> None:
    outcome = fuzz(inputs=150, seed=seed)
    assert [f"{path}: {message}" for message, path, _ in outcome.failures] == []
    assert outcome.inputs == 150
    assert 0 < outcome.valid < 75
