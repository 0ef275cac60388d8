"""Whole campaigns of queries, in worker processes on the simulated card, with every fault, through the command."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from measure.cli import main
from measure.folder import Folder, Lock
from measure.query_rows import HEADER, Job, jobs_left, status_row
from measure.results import read_rows

Rate = Callable[..., Result]
SIZES = {"a/one": 1, "a/two": 2, "a/three": 3}
BRIEF = {"preprocess": [0.0021, 100.0], "forward": [0.0103, 400.0]}


@pytest.fixture
def rate(tmp_path: Path) -> Rate:
    def run(
        *arguments: str, models: dict[str, dict[str, Any]] | None = None, sizes: dict[str, float] | None = None
    ) -> Result:
        table = tmp_path / "data" / "text_generation" / "rated_models.csv"
        table.parent.mkdir(parents=True, exist_ok=True)
        rows = [f"{name},{size}" for name, size in (sizes or SIZES).items()]
        table.write_text("\n".join(["model,parameters_m", *rows]) + "\n")
        script = tmp_path / "script.json"
        script.write_text(json.dumps({"models": models or {}}))
        given = ["--data", str(tmp_path / "data"), "--records", str(tmp_path / "records")]
        given += ["--simulation", str(script), "--sample-count", "6", "--runs", "2", "--warm-ups", "1"]
        return CliRunner().invoke(main, ["rate", "text_generation", *given, *arguments], catch_exceptions=False)

    return run


def rows_of(tmp_path: Path) -> list[dict[str, str]]:
    return read_rows(tmp_path / "data" / "text_generation" / "queries" / "simulated_pytorch_fp32.csv", HEADER)


def statuses(tmp_path: Path) -> list[tuple[str, str, str]]:
    return [(row["model"], row["run"], row["status"]) for row in rows_of(tmp_path)]


def reasons(tmp_path: Path) -> dict[str, str]:
    with (tmp_path / "records" / "simulated_pytorch_fp32_costs.csv").open() as file:
        return {row["model"]: row["reason"] for row in csv.DictReader(file)}


def both(model: str, status: str = "ok") -> list[tuple[str, str, str]]:
    return [(model, "1", status), (model, "2", status)]


def test_every_model_has_its_runs_the_smallest_first(rate: Rate, tmp_path: Path) -> None:
    result = rate(sizes={"a/large": 8000, "a/small": 12.5})
    assert result.exit_code == 0
    assert statuses(tmp_path) == both("a/small") + both("a/large")
    row = rows_of(tmp_path)[0]
    assert row["samples"] == "6"
    assert float(row["forward_mj_per_item"]) == pytest.approx(4120.0)
    assert float(row["preprocess_mj_per_item"]) == pytest.approx(210.0)
    assert float(row["energy_mj_per_item"]) == pytest.approx(4330.0)
    assert float(row["duration_s"]) == pytest.approx(6 * 0.0124)
    assert (row["prefill_mj_per_item"], row["decode_mj_per_item"], row["output_tokens_per_item"]) == ("", "", "")
    assert result.output.splitlines()[-1] == (
        f"2 measured, 0 without a figure, 0 left, 0 restarts; rows in "
        f"{tmp_path / 'data' / 'text_generation' / 'queries' / 'simulated_pytorch_fp32.csv'}"
    )


def test_the_provenance_says_what_was_shortened(rate: Rate, tmp_path: Path) -> None:
    rate("a/one")
    rate("a/two", "--sample-count", "9")
    path = tmp_path / "data" / "text_generation" / "queries" / "simulated_pytorch_fp32.toml"
    content = tomllib.loads(path.read_text())
    assert (content["protocol"], content["weights"], content["runtime"]) == ("queries-short", "random", "pytorch")
    assert content["measured"]["samples"] == "synthetic"
    assert content["protocol_note"].endswith(
        "The AI Energy Score takes 1,000 samples, 10 runs and 10 warm-up runs; here: 6 samples, 2 runs, 1 warm-up "
        "batches at least; 9 samples, 2 runs, 1 warm-up batches at least."
    )
    assert content["versions"] == {"simulation": "1"}


def test_rows_measured_in_another_way_are_not_mixed(rate: Rate, tmp_path: Path) -> None:
    rate("a/one")
    result = rate("a/one", "--weights", "pretrained")
    assert result.exit_code == 1
    assert result.output == (
        "joule-measure: the rows there were measured in another way: weights = 'random', now 'pretrained'.\n"
        "  fix: choose the same options, or another --output.\n"
    )


@pytest.mark.parametrize("fault", ["build_failed", "unsupported", "out_of_memory"])
def test_a_model_that_cannot_run_costs_itself(rate: Rate, tmp_path: Path, fault: str) -> None:
    result = rate(models={"a/two": {"fault": fault, "fault_phase": "" if fault == "build_failed" else "forward"}})
    assert statuses(tmp_path) == [*both("a/one"), ("a/two", "1", fault), *both("a/three")]
    assert reasons(tmp_path) == {"a/one": "", "a/two": "simulated", "a/three": ""}
    assert f"  a/two, batch 1: {fault} (simulated)" in result.output.splitlines()


def test_a_crash_costs_its_model_and_the_worker_starts_again(rate: Rate, tmp_path: Path) -> None:
    result = rate(models={"a/two": {"fault": "crash", "fault_phase": "forward"}})
    assert statuses(tmp_path) == [*both("a/one"), ("a/two", "1", "crashed"), *both("a/three")]
    assert reasons(tmp_path) == {"a/one": "", "a/two": "ended by SIGSEGV", "a/three": ""}
    assert "2 measured, 1 without a figure, 0 left, 1 restarts" in result.output


def test_a_lost_device_has_one_row(rate: Rate, tmp_path: Path) -> None:
    rate(models={"a/two": {"fault": "lost", "fault_phase": "forward"}})
    assert statuses(tmp_path) == [*both("a/one"), ("a/two", "1", "crashed"), *both("a/three")]


def test_a_hung_worker_is_given_up(rate: Rate, tmp_path: Path) -> None:
    rate("--run-time-limit", "2", models={"a/two": {"fault": "hang", "fault_phase": "forward"}})
    assert statuses(tmp_path) == [*both("a/one"), ("a/two", "1", "timed_out"), *both("a/three")]
    assert reasons(tmp_path)["a/two"] == "no sign of life for 2 s"


@pytest.mark.parametrize(
    ("watts", "reason"),
    [(0.0, "the energy counter stood still for 2.0 s"), (-50.0, "the energy counter ran backward")],
)
def test_a_run_with_a_phase_of_no_or_negative_energy_is_refused(
    rate: Rate, tmp_path: Path, watts: float, reason: str
) -> None:
    phases = {"preprocess": [0.0021, 100.0], "forward": [0.0103, watts]}
    result = rate("a/one", models={"a/one": {"phases": phases}})
    assert statuses(tmp_path) == both("a/one", "refused")
    assert f"a/one, batch 1, run 2: refused ({reason})" in result.output.splitlines()


def test_a_second_command_measures_only_what_is_left(rate: Rate, tmp_path: Path) -> None:
    rate("a/one", "a/two", models={"a/two": {"fault": "unsupported"}})
    before = rows_of(tmp_path)
    result = rate("--runs", "3")
    assert rows_of(tmp_path)[: len(before)] == before
    assert statuses(tmp_path)[len(before) :] == [
        ("a/one", "3", "ok"),
        ("a/three", "1", "ok"),
        ("a/three", "2", "ok"),
        ("a/three", "3", "ok"),
    ]
    assert result.output.startswith("3 models and batch sizes, 2 of them to be measured\n")


def test_batch_sizes_are_measured_on_one_build(rate: Rate, tmp_path: Path) -> None:
    rate("a/one", "--batch-size", "1", "--batch-size", "3", models={"a/one": {"phases": BRIEF}})
    found = [(row["batch_size"], row["run"], row["latency_ms"]) for row in rows_of(tmp_path)]
    assert found == [("1", "1", "12.4"), ("1", "2", "12.4"), ("3", "1", "37.2"), ("3", "2", "37.2")]


def test_no_time_leaves_everything(rate: Rate, tmp_path: Path) -> None:
    result = rate("--time-limit", "0.001")
    assert rows_of(tmp_path) == []
    assert result.output.splitlines()[-1].startswith("0 measured, 0 without a figure, 3 left, 0 restarts;")


def test_a_torn_last_row_is_cut_off_and_measured_again(rate: Rate, tmp_path: Path) -> None:
    rate("a/one")
    path = tmp_path / "data" / "text_generation" / "queries" / "simulated_pytorch_fp32.csv"
    path.write_bytes(path.read_bytes()[:-5])
    rate("a/one")
    assert statuses(tmp_path) == both("a/one")


def test_a_name_of_no_model_is_an_error(rate: Rate, tmp_path: Path) -> None:
    table = tmp_path / "data" / "text_generation" / "rated_models.csv"
    assert rate("b/*").output == (f"joule-measure: 'b/*' names no model.\n  expected: a name or glob of {table}\n")


def test_a_worker_that_cannot_start_is_an_error(rate: Rate, tmp_path: Path) -> None:
    result = rate("a/one", models={"a/one": {"no_such_field": 1}})
    assert result.exit_code == 1
    assert "joule-measure: the worker cannot work: ended with code 1: TypeError:" in result.output


def test_a_campaign_does_not_touch_the_files_of_another(
    rate: Rate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measure.folder._LOCK_PATIENCE_S", 0.1)
    folder = Folder(tmp_path / "data" / "text_generation" / "queries", tmp_path, "simulated_pytorch_fp32")
    lock = Lock(folder)
    result = rate("a/one")
    lock.release()
    assert result.output == (
        f"joule-measure: {folder.work / 'lock'} is held: another joule-measure measures simulated_pytorch_fp32.\n"
        "  fix: wait for it, or name another --output.\n"
    )


def test_what_is_left_follows_from_the_rows() -> None:
    rows = [
        status_row(Job("a", 1), 1, 9, "ok"),
        status_row(Job("a", 1), 2, 9, "refused"),
        status_row(Job("b", 1), 1, 9, "ok"),
        status_row(Job("c", 1), 1, 9, "crashed"),
    ]
    assert jobs_left(["a", "b", "c", "d"], [1], 2, rows) == [Job("b", 1, 2), Job("d", 1, 1)]
    assert jobs_left(["a"], [1, 4], 2, rows) == [Job("a", 4, 1)]
