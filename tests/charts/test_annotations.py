from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from builder.analysis.growth import fit_growth
from builder.analysis.ranking import Ranking, Thresholds, rank
from builder.analysis.scores import MANHATTAN, PER_JOULE
from builder.charts.annotations import Choice, Overlay, energy_text, overlay, score_text
from builder.charts.plane import Plane

LIMITS = Thresholds(min_accuracy_pct=65.0, max_energy_mj=1_000.0)


@pytest.fixture
def shown(models: pd.DataFrame) -> pd.DataFrame:
    return models.dropna(subset=["energy_mj"])


@pytest.fixture
def drawn(plane: Plane, models: pd.DataFrame, shown: pd.DataFrame) -> Overlay:
    ranking = rank(models, MANHATTAN, 50, LIMITS, top=4)
    return overlay(plane, shown, ranking, Choice(MANHATTAN, 50, LIMITS))


def _points(drawn: Overlay, line: str) -> list[tuple[float, float]]:
    return [(row["energy_mj"], row["accuracy_pct"]) for row in drawn.lines if row["line"] == line]


def _notes(drawn: Overlay, kind: str) -> list[dict[str, Any]]:
    return [note for note in drawn.notes if note["kind"] == kind]


def test_the_front_is_drawn_as_stairs(drawn: Overlay) -> None:
    front = [(0.5, 30), (2.718282, 60), (7.389056, 70), (20, 74), (54.59815, 80), (2980.958, 90)]
    between = [(right[0], left[1]) for left, right in pairwise(front)]
    assert _points(drawn, "front") == [
        *(corner for pair in zip(front, between, strict=False) for corner in pair),
        front[-1],
    ]


def test_limits_are_lines_with_their_values(drawn: Overlay) -> None:
    assert _points(drawn, "min-accuracy") == [(0.1, 65), (100_000, 65)]
    assert _points(drawn, "max-energy") == [(1_000, 0), (1_000, 100)]
    assert [note["text"] for note in _notes(drawn, "limit")] == ["at least 65 %", "at most 1 J"]


def test_the_veil_covers_what_is_outside_the_limits_once(drawn: Overlay) -> None:
    names = ("energy_mj", "energy_to_mj", "accuracy_pct", "accuracy_to_pct")
    assert [tuple(row[name] for name in names) for row in drawn.veil] == [
        (0.1, 100_000, 0, 65),
        (1_000, 100_000, 65, 100),
    ]


def test_without_limits_nothing_is_veiled(plane: Plane, models: pd.DataFrame, shown: pd.DataFrame) -> None:
    ranking = rank(models, MANHATTAN, 50, top=1)
    bare = overlay(plane, shown, ranking, Choice(MANHATTAN, 50, Thresholds()))
    assert (bare.veil, _notes(bare, "limit"), _points(bare, "min-accuracy")) == ([], [], [])


def test_the_first_three_are_named_and_all_of_the_ranking_is_ringed(drawn: Overlay) -> None:
    names = [note["text"] for note in _notes(drawn, "name")]
    assert names == ["1  lanternformer_s.base", "2  lanternformer_s.plus", "3  weavenet_l.base"]
    assert [(ring["energy_mj"], ring["kind"]) for ring in drawn.rings] == [
        (20, "top"),
        (200, "top"),
        (65, "top"),
        (54.59815, "top"),
    ]


def test_names_stand_left_of_the_models_and_leaders_lead_to_them(plane: Plane, drawn: Overlay) -> None:
    for place, note in enumerate(_notes(drawn, "name")):
        assert note["align"] == "right"
        assert plane.x(note["energy_mj"]) == pytest.approx(plane.x(54.59815) - 12)
        assert _points(drawn, f"leader-{place}")[1][0] in {54.59815, 65.0, 200.0}


def test_a_phone_names_the_best_alone(plane: Plane, models: pd.DataFrame, shown: pd.DataFrame) -> None:
    ranking = rank(models, MANHATTAN, 50, LIMITS, top=4)
    small = overlay(replace(plane, width=458), shown, ranking, Choice(MANHATTAN, 50, LIMITS))
    assert [note["text"] for note in _notes(small, "name")] == ["1  lanternformer_s.base"]


def test_a_name_without_room_is_cut(plane: Plane, models: pd.DataFrame, shown: pd.DataFrame) -> None:
    ranking = rank(models, MANHATTAN, 50, LIMITS, top=4)
    tiny = overlay(replace(plane, width=46 + 12 + 180), shown, ranking, Choice(MANHATTAN, 50, LIMITS))
    assert [note["text"] for note in _notes(tiny, "name")] == ["1  lanternf…"]


def test_the_best_contour_carries_the_best_score(drawn: Overlay, models: pd.DataFrame) -> None:
    # W * (1 - E / N) + (1 - W / 100) * A, with N = 6000 mJ.
    best = 50 * (1 - 54.59815 / 6_000) + 0.5 * 80
    assert best == pytest.approx(89.545, abs=1e-3)
    assert [note["text"] for note in _notes(drawn, "best")] == ["best: 89.55 points"]


def test_an_empty_ranking_has_no_names_no_rings_and_no_best(
    plane: Plane, models: pd.DataFrame, shown: pd.DataFrame
) -> None:
    nobody = Thresholds(min_accuracy_pct=99.0)
    ranking: Ranking = rank(models, MANHATTAN, 50, nobody, top=4)
    drawn = overlay(plane, shown, ranking, Choice(MANHATTAN, 50, nobody))
    assert (ranking.eligible, drawn.rings, _notes(drawn, "name"), _notes(drawn, "best")) == (0, [], [], [])


def test_the_growth_fit_is_drawn_from_its_curve(plane: Plane, models: pd.DataFrame, shown: pd.DataFrame) -> None:
    fit = fit_growth(shown["energy_mj"].to_numpy(), shown["accuracy_pct"].to_numpy())
    assert fit is not None
    drawn = overlay(plane, shown, rank(models, MANHATTAN, 50, top=1), Choice(MANHATTAN, 50, Thresholds(), fit))
    points = _points(drawn, "fit")
    assert len(points) > 20
    assert [accuracy for _, accuracy in points] == pytest.approx(
        fit.accuracy_at(np.array([energy for energy, _ in points]))
    )
    assert [note["text"] for note in _notes(drawn, "fit")] == ["growth fit"]


def test_notes_do_not_lie_on_each_other(plane: Plane, drawn: Overlay) -> None:
    boxes = []
    for note in drawn.notes:
        x, y, width = plane.x(note["energy_mj"]), plane.y(note["accuracy_pct"]), 6.7 * len(note["text"])
        boxes.append((x - width if note["align"] == "right" else x, y, width))
    for index, (x, y, width) in enumerate(boxes):
        for other_x, other_y, other_width in boxes[:index]:
            assert x + width <= other_x or other_x + other_width <= x or abs(y - other_y) >= 15


@pytest.mark.parametrize(
    ("energy_mj", "text"),
    [
        (0.5, "0.5 mJ"),
        (10, "10 mJ"),
        (71, "71 mJ"),
        (100, "0.1 J"),
        (1_000, "1 J"),
        (45_000, "45 J"),
        (1.2e6, "1,200 J"),
    ],
)
def test_a_limit_is_written_as_the_axis_writes_it(energy_mj: float, text: str) -> None:
    assert energy_text(energy_mj) == text


def test_a_score_has_its_unit() -> None:
    assert score_text(MANHATTAN, 93.08366) == "93.08 points"
    assert score_text(PER_JOULE, 4_128.9) == "4,129 points/J"
    assert score_text(PER_JOULE, 1.23456) == "1.235 points/J"
    assert score_text(PER_JOULE, 0.0) == "0.00 points/J"
