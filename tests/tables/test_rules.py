from __future__ import annotations

import pytest

from builder.problems import format_problems
from builder.tables.reader import MAX_ALIKE, header_line, parse_table, row_line
from builder.tables.rules import row_problems
from builder.tables.schema import ACCURACY, MEASUREMENTS, QUERY_RUNS, RATED_MODELS, Table
from tests.tables.messages import read_messages

PUBLISHED = {
    "model": "resnet50.a1_in1k",
    "input_size_px": "224",
    "batch_size": "64",
    "stage": "published",
    "trial": "1",
    "energy_mj_per_item": "86.9",
    "status": "ok",
}
FINAL = PUBLISHED | {"stage": "final"}
# 100 W for 2 s are 200 J; 20 batches of 64 are 1,280 items: 156.25 mJ each, 640 a second, 100 ms a batch.
WINDOW = FINAL | {
    "energy_mj_per_item": "156.25",
    "throughput_items_per_s": "640",
    "latency_ms": "100",
    "mean_power_w": "100",
    "window_s": "2",
    "repetitions": "20",
}
ACCURATE = {"model": "resnet50", "input_size_px": "224", "test_set": "imagenet", "accuracy_pct": "80"}
# 100 W for 3 s are 300 J: 10 J for each of 30 queries.
RUN = {
    "model": "bard.small",
    "batch_size": "1",
    "run": "1",
    "samples": "30",
    "energy_mj_per_item": "10000",
    "prefill_mj_per_item": "2500",
    "decode_mj_per_item": "7500",
    "duration_s": "3",
    "mean_power_w": "100",
    "status": "ok",
}
RATED = {
    "model": "bard.small",
    "title": "Bard small",
    "family": "Bard",
    "approach": "general",
    "parameters_m": "500",
    "year": "2022",
    "paper_title": "Bard",
    "paper_ref": "Invented 2022",
    "paper_url": "https://example.org/bard",
    "url": "https://example.org/bard.small",
    "quality": "70",
    "quality_note": "Fables",
    "quality_url": "https://example.org/bard",
}
WRONG: dict[str, tuple[Table, list[dict[str, str]]]] = {
    "accuracies without rows": (ACCURACY, []),
    "measurements without rows": (MEASUREMENTS, []),
    "a key twice": (ACCURACY, [ACCURATE, ACCURATE | {"accuracy_pct": "81"}]),
    "a published figure twice": (MEASUREMENTS, [PUBLISHED, PUBLISHED]),
    "a key without batch size twice": (MEASUREMENTS, [PUBLISHED | {"batch_size": ""}] * 2),
    "no figure and no status": (MEASUREMENTS, [PUBLISHED | {"energy_mj_per_item": ""}]),
    "a figure and a status": (MEASUREMENTS, [PUBLISHED | {"status": "crashed"}]),
    "a trial without batch size": (MEASUREMENTS, [FINAL | {"batch_size": ""}]),
    "published figures among trials": (MEASUREMENTS, [FINAL, PUBLISHED]),
    "trials among published figures": (MEASUREMENTS, [PUBLISHED, FINAL]),
    "two published figures": (MEASUREMENTS, [PUBLISHED, PUBLISHED | {"batch_size": "32"}]),
    "two final batch sizes": (MEASUREMENTS, [FINAL, FINAL | {"batch_size": "32"}]),
    "an energy in joules": (MEASUREMENTS, [WINDOW | {"energy_mj_per_item": "0.15625"}]),
    "a throughput in batches": (MEASUREMENTS, [WINDOW | {"throughput_items_per_s": "10"}]),
    "a latency in seconds": (MEASUREMENTS, [WINDOW | {"latency_ms": "0.1"}]),
    "a run twice": (QUERY_RUNS, [RUN, RUN]),
    "a run without energy": (QUERY_RUNS, [RUN | {"energy_mj_per_item": ""}]),
    "a run that was refused beside an energy": (QUERY_RUNS, [RUN | {"status": "refused"}]),
    "phases that do not make the run": (QUERY_RUNS, [RUN | {"decode_mj_per_item": "6500"}]),
    "an energy of the whole run": (QUERY_RUNS, [RUN | {"energy_mj_per_item": "300000"}]),
    "a quality without source": (RATED_MODELS, [RATED | {"quality_url": ""}]),
    "a source without quality": (RATED_MODELS, [RATED | {"quality": ""}]),
}


def problems_of(table: Table, rows: list[dict[str, str]]) -> str:
    content = header_line(table) + "".join(row_line(table, row) for row in rows)
    read, problems = parse_table(table, content.encode(), "m.csv")
    assert read is not None
    assert problems == ()
    return format_problems(row_problems(read), "text")


@pytest.mark.parametrize("name", WRONG)
def test_rows_that_contradict_are_told_in_full(name: str) -> None:
    assert problems_of(*WRONG[name]) == read_messages("rules")[name]


def test_every_message_about_rows_has_its_case() -> None:
    assert set(read_messages("rules")) == set(WRONG)


@pytest.mark.parametrize(
    "rows",
    [
        [WINDOW],
        [WINDOW | {"energy_mj_per_item": "159.3", "throughput_items_per_s": "628", "latency_ms": "101.9"}],
        # 20.9 batches, of which 20 are whole.
        [WINDOW | {"energy_mj_per_item": "149.5", "throughput_items_per_s": "668.8", "latency_ms": "95.7"}],
        [WINDOW | {"energy_mj_per_item": "0.15625", "window_s": "", "latency_ms": "", "throughput_items_per_s": ""}],
        [FINAL, FINAL | {"trial": "2"}, FINAL | {"stage": "sweep", "batch_size": "32"}],
        [PUBLISHED, PUBLISHED | {"input_size_px": "288"}],
        [PUBLISHED | {"energy_mj_per_item": "", "batch_size": "", "status": "not_recorded"}],
        [FINAL | {"stage": "sweep", "energy_mj_per_item": "", "batch_size": "", "status": "unsupported"}],
    ],
)
def test_rows_that_agree_have_no_problem(rows: list[dict[str, str]]) -> None:
    assert problems_of(MEASUREMENTS, rows) == ""


@pytest.mark.parametrize(
    "rows",
    [
        [RUN, RUN | {"run": "2"}, RUN | {"batch_size": "4"}],
        [RUN | {"prefill_mj_per_item": "", "decode_mj_per_item": ""}],
        [RUN | {"energy_mj_per_item": "10150", "mean_power_w": "", "duration_s": ""}],
        [{"model": "bard.small", "batch_size": "1", "run": "1", "samples": "30", "status": "refused"}],
    ],
)
def test_runs_that_agree_have_no_problem(rows: list[dict[str, str]]) -> None:
    assert problems_of(QUERY_RUNS, rows) == ""


def test_a_model_may_come_without_quality() -> None:
    unknown = {"quality": "", "quality_note": "", "quality_url": ""}
    assert problems_of(RATED_MODELS, [RATED, RATED | unknown | {"model": "bard.large"}]) == ""


def test_a_row_with_a_wrong_cell_is_left_to_its_cell() -> None:
    content = header_line(MEASUREMENTS) + row_line(MEASUREMENTS, WINDOW | {"energy_mj_per_item": "x"})
    read, problems = parse_table(MEASUREMENTS, content.encode(), "m.csv")
    assert read is not None
    assert [problem.found for problem in problems] == ["'x' in energy_mj_per_item"]
    assert row_problems(read) == []


def test_wrong_numbers_of_a_key_are_not_equal() -> None:
    content = header_line(ACCURACY) + "".join(row_line(ACCURACY, ACCURATE | {"input_size_px": s}) for s in ("a", "b"))
    read, _ = parse_table(ACCURACY, content.encode(), "a.csv")
    assert read is not None
    assert row_problems(read) == []


def test_more_than_a_hundred_double_keys_are_counted() -> None:
    told = problems_of(ACCURACY, [ACCURATE] * (MAX_ALIKE + 3)).splitlines()
    assert len(told) == 3 * (MAX_ALIKE + 1)
    assert told[-3:] == [
        "m.csv: found 2 more rows like these",
        "  expected: none",
        "  fix: Remove or correct line 2 or 104.",
    ]
