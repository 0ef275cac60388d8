"""Stars, intervals and leaderboards on numbers that tests/mini/README.md works out by hand."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.analysis import queries
from builder.analysis.choices import choices, summaries
from builder.analysis.leaderboards import Leaderboard, leaderboard, leaderboards
from builder.analysis.ratings import (
    Band,
    SizeClass,
    class_of,
    log_rating,
    run_interval,
    star_rating,
    without_hungriest,
)
from builder.tables.database import build_database

TASK, SETUP = "storytelling", "alpha-10gb_pytorch_fp32"
# Wh per 1,000 stories, times 3,600 mJ.
NANO, BASE, LARGE, SMALL, MEDIUM = (3600.0 * wh for wh in (1, 2, 5, 8, 11))
BAND = Band(NANO, MEDIUM)
ENERGIES = st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def board(mini: duckdb.DuckDBPyConnection) -> Leaderboard:
    return leaderboards(mini)[TASK]


def test_stars_are_five_bands_of_equal_width() -> None:
    energies = np.array([NANO, BASE, LARGE, SMALL, MEDIUM])
    assert star_rating(energies, BAND).tolist() == [5, 5, 3, 2, 1]
    assert [limit / 3600 for limit in BAND.limits_mj] == [3, 5, 7, 9]


def test_a_model_on_a_limit_has_lost_its_star() -> None:
    assert star_rating(np.array([*BAND.limits_mj]), BAND).tolist() == [4, 3, 2, 1]


def test_by_factor_each_star_stands_for_the_same_ratio() -> None:
    assert log_rating(np.array([NANO, BASE, LARGE, SMALL, MEDIUM]), BAND).tolist() == [5, 4, 2, 1, 1]


def test_one_hungry_model_gives_all_others_five_stars_but_not_by_factor() -> None:
    energies = np.array([1.0, 10.0, 100.0, 600.0])
    band = Band(1.0, 600.0)
    assert star_rating(energies, band).tolist() == [5, 5, 5, 1]
    assert log_rating(energies, band).tolist() == [5, 4, 2, 1]


def test_models_of_one_energy_all_have_five_stars() -> None:
    assert star_rating(np.array([7.0, 7.0]), Band(7.0, 7.0)).tolist() == [5, 5]


@given(ENERGIES, st.floats(1e-3, 1e6), st.floats(1.001, 1e4))
def test_more_energy_never_has_more_stars(values: list[float], least: float, factor: float) -> None:
    energies, band = np.sort(np.array(values)), Band(least, least * factor)
    for rating in (star_rating, log_rating):
        stars = rating(energies, band)
        assert (np.diff(stars) <= 0).all()
        assert set(stars.tolist()) <= {1, 2, 3, 4, 5}
        assert (stars[energies <= least] == 5).all()
        assert (stars[energies > least * factor * 1.0001] == 1).all()


def test_the_interval_is_students_over_runs() -> None:
    # Three runs at 98, 100 and 102: s = 2, t = 4.302653, half = 4.302653 · 2 / √3.
    low, high = run_interval(np.array([100.0, 50.0]), np.array([2.0, np.nan]), np.array([3.0, 1.0]))
    assert high[0] - 100 == pytest.approx(4.968275, rel=1e-6)
    assert 100 - low[0] == pytest.approx(4.968275, rel=1e-6)
    assert math.isnan(low[1])
    assert math.isnan(high[1])


def test_an_interval_does_not_reach_below_nothing() -> None:
    assert run_interval(np.array([1.0]), np.array([1.0]), np.array([2.0]))[0].tolist() == [0.0]


def test_a_class_takes_models_up_to_its_limit() -> None:
    classes = (SizeClass("A", "", 1000.0), SizeClass("B"))
    assert [class_of(size, classes).key for size in (10.0, 1000.0, 1000.1)] == ["A", "A", "B"]


def test_when_the_hungriest_leaves_the_others_may_lose_stars() -> None:
    energies = pd.Series({"nano": NANO, "base": BASE, "large": LARGE, "small": SMALL, "medium": MEDIUM})
    departure = without_hungriest(energies, BAND)
    assert departure
    assert (departure.model, departure.changes) == ("medium", {"small": (2, 1)})
    assert without_hungriest(energies.iloc[:4], Band(NANO, SMALL)) is None


def test_what_would_change_is_told_against_the_stars_that_are_shown() -> None:
    energies = pd.Series({"nano": NANO, "base": BASE, "large": LARGE, "small": SMALL, "medium": MEDIUM})
    departure = without_hungriest(energies, Band(NANO, 10 * MEDIUM))
    assert departure
    assert departure.changes == {"large": (5, 3), "small": (5, 1)}


def test_a_leaderboard_orders_models_by_energy_and_puts_those_without_last(board: Leaderboard) -> None:
    assert board.setup == SETUP
    assert [
        (figure.model, figure.energy_mj, figure.stars, figure.log_stars, figure.rank, figure.status)
        for figure in board.figures.values()
    ] == [
        ("inkwell/quill-nano", NANO, 5, 5, 1, "ok"),
        ("inkwell/quill-base", BASE, 5, 4, 2, "ok"),
        ("inkwell/quill-large", LARGE, 3, 2, 3, "ok"),
        ("bard.small", SMALL, 2, 1, 4, "ok"),
        ("bard.medium", MEDIUM, 1, 1, 5, "ok"),
        ("bard.huge", 180000.0, None, None, 1, "ok"),
        ("bard.vast", 360000.0, None, None, 2, "ok"),
        ("inkwell/quill-xl", None, None, None, None, "refused"),
    ]


def test_a_figure_has_its_phases_and_its_interval(board: Leaderboard) -> None:
    figure = board.figures["inkwell/quill-base"]
    assert figure.phases_mj == {"prefill": 1800.0, "decode": 5400.0}
    assert (figure.runs, figure.samples, figure.latency_ms) == (3, 30, 72.0)
    assert figure.high_mj == pytest.approx(BASE * 1.04968275, rel=1e-6)
    assert board.figures["bard.vast"].low_mj is None


def test_a_class_of_too_few_models_has_no_stars_and_says_why(board: Leaderboard) -> None:
    a, b = board.classes
    assert (a.models, a.mean_mj, a.band, a.reason) == (5, 19440.0, BAND, "")
    assert a.sd_mj == pytest.approx(14973.5767, rel=1e-6)
    assert (b.models, b.band, b.departure) == (2, None, None)
    assert b.reason == "Stars take at least 4 models; 2 of this class have been measured."


def frozen(least: float, most: float) -> pd.DataFrame:
    row = {"epoch": "2026-11-22_0123456789", "task": TASK, "class": "A", "setup": SETUP, "models": 5}
    return pd.DataFrame([{**row, "least_mj_per_item": least, "most_mj_per_item": most}])


def test_stars_stand_on_the_frozen_epoch_where_there_is_one(mini: duckdb.DuckDBPyConnection) -> None:
    board = leaderboard(mini, TASK, frozen(NANO, 10 * MEDIUM))
    assert [board.figures[model].stars for model in ("inkwell/quill-nano", "bard.medium")] == [5, 5]
    assert (board.classes[0].epoch, board.classes[1].epoch) == ("2026-11-22_0123456789", "")


def test_a_model_beyond_the_frozen_range_takes_the_nearest_band(mini: duckdb.DuckDBPyConnection) -> None:
    board = leaderboard(mini, TASK, frozen(BASE, LARGE))
    assert [board.figures[model].stars for model in ("inkwell/quill-nano", "bard.medium")] == [5, 1]


def test_the_latest_epoch_counts(mini_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(mini_data, data)
    (data / "epochs").mkdir()
    from builder.epoch import write_epoch

    header = "task,class,setup,models,least_mj_per_item,most_mj_per_item\n"
    for day, most in ((1, 100000), (2, 396000)):
        row = f"{TASK},A,{SETUP},5,3600,{most}\n"
        write_epoch(data, header + row, pd.Timestamp(2026, 11, day).date())
    with build_database(data) as connection:
        board = leaderboards(connection)[TASK]
        assert board.classes[0].band == Band(3600.0, 396000.0)
        assert leaderboards(connection, frozen=False)[TASK].classes[0].band == BAND


def test_choices_compare_one_thing_at_a_time(mini: duckdb.DuckDBPyConnection) -> None:
    found = choices(queries.query_figures(mini, TASK))
    assert [
        (one.kind, one.model, one.before, one.after, one.batch_size, one.before_mj, one.after_mj) for one in found
    ] == [
        ("batch_size", "inkwell/quill-base", "1", "4", 4, BASE, NANO),
        ("batch_size", "inkwell/quill-base", "1", "16", 16, BASE, NANO / 2),
        ("precision", "inkwell/quill-base", "fp32", "fp16", 1, BASE, 1.2 * 3600),
        ("precision", "inkwell/quill-large", "fp32", "fp16", 1, LARGE, LARGE / 2),
        ("runtime", "inkwell/quill-base", "pytorch", "torchcompile", 1, BASE, 1.5 * 3600),
    ]


def test_summaries_are_medians_over_models(mini: duckdb.DuckDBPyConnection) -> None:
    found = summaries([choices(queries.query_figures(mini, TASK))])
    assert [(one.before, one.after, one.models, one.sure, round(one.median_saved, 9)) for one in found] == [
        ("1", "4", 1, 1, 0.5),
        ("1", "16", 1, 1, 0.75),
        ("fp32", "fp16", 2, 2, 0.45),
        ("pytorch", "torchcompile", 1, 1, 0.25),
    ]
    assert (round(found[2].least_saved, 9), found[2].most_saved) == (0.4, 0.5)


def figures(*rows: tuple[str, str, str, int, float, int]) -> pd.DataFrame:
    """Return figures of a runtime, precision, model, batch size, energy and runs that differ by a tenth."""
    return pd.DataFrame(
        [
            {
                "setup": f"alpha-10gb_{runtime}_{precision}",
                "gpu": "alpha-10gb",
                "runtime": runtime,
                "precision": precision,
                "model": model,
                "batch_size": batch_size,
                "energy_mj": energy,
                "energy_sd_mj": 0.1 * energy if runs > 1 else math.nan,
                "runs": runs,
            }
            for runtime, precision, model, batch_size, energy, runs in rows
        ]
    )


CHANGED = figures(
    ("pytorch", "fp16", "a", 1, 50.0, 3),
    ("pytorch", "fp16", "a", 16, 10.0, 3),
    ("pytorch", "fp32", "a", 1, 100.0, 3),
    ("pytorch", "fp32", "a", 16, 25.0, 3),
    ("torchcompile", "fp16", "a", 1, 45.0, 3),
    ("torchcompile", "fp32", "a", 1, 90.0, 1),
    ("pytorch", "bf16", "b", 4, 8.0, 3),
)


def test_a_model_on_several_setups_counts_once_changed_from_its_plainest() -> None:
    found = choices(CHANGED)
    assert sum(one.kind == "batch_size" for one in found) == 2
    told = [(one.before, one.after, one.models, one.sure, round(one.median_saved, 9)) for one in summaries([found])]
    assert told == [
        ("1", "16", 1, 1, 0.75),
        ("fp32", "fp16", 1, 1, 0.5),
        ("pytorch", "torchcompile", 1, 0, 0.1),
    ]
    assert [one.models for one in summaries([found, found])] == [2, 2, 2]


def test_a_saving_is_sure_where_the_intervals_are_apart() -> None:
    sure = {(one.kind, one.runtime, one.precision, one.batch_size): one.is_sure for one in choices(CHANGED)}
    # ± 4.302653 · 0.1 / √3 = 24.8 %: 100 and 90 overlap, 50 and 45 too; a single run leaves all open.
    assert sure == {
        ("batch_size", "pytorch", "fp16", 16): True,
        ("batch_size", "pytorch", "fp32", 16): True,
        ("precision", "pytorch", "fp16", 1): True,
        ("precision", "pytorch", "fp16", 16): True,
        ("precision", "torchcompile", "fp16", 1): False,
        ("runtime", "torchcompile", "fp16", 1): False,
        ("runtime", "torchcompile", "fp32", 1): False,
    }
