from __future__ import annotations

import json
from typing import Any

import pytest

from tests.analysis.vectors import MODELS, SETS, WEIGHTS, vectors


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    return vectors()


def test_the_vectors_are_the_same_each_time_and_fit_into_json(made: list[dict[str, Any]]) -> None:
    assert json.dumps(vectors(sets=1), allow_nan=False) == json.dumps(made[:1], allow_nan=False)


def test_the_vectors_compare_thousands_of_scores(made: list[dict[str, Any]]) -> None:
    scores = [answer for one in made for answer in one["scores"]]
    assert sum(len(answer["values"]) for answer in scores) == SETS * 3 * len(WEIGHTS) * MODELS
    assert {answer["score"] for answer in scores} == {"manhattan", "per_joule", "log_manhattan"}


def test_the_vectors_have_ties_and_fits(made: list[dict[str, Any]]) -> None:
    for one in made:
        energy, accuracy = one["energy_mj"], one["accuracy_pct"]
        assert MODELS - len(set(energy)) == 40
        assert MODELS - len(set(accuracy)) >= 40
        assert MODELS - len(set(zip(energy, accuracy, strict=True))) == 20
        assert all(len(fit["vertices"]) >= 4 for fit in one["fits"])
