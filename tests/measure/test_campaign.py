"""Whole campaigns of worker processes on the simulated card, with every fault."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from builder.problems import UserError
from measure.campaign import Outcome, Plan, is_done, run_campaign
from measure.folder import COST_HEADER, Folder, Lock
from measure.progress import PlainProgress
from measure.protocol import SENTINELS, STUDY, SURVEY
from measure.results import read_rows, status_row
from measure.worker import SENTINEL_HEADER, warm
from measure.worker_config import WorkerConfig
from measure.workload import ModelSpec, WorkloadOptions

Campaign = Callable[..., Outcome]


class Lines:
    """A stream that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def specs(*names: str) -> list[ModelSpec]:
    return [ModelSpec(name, 224) for name in names]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    def run(
        names: list[ModelSpec],
        models: dict[str, dict[str, Any]] | None = None,
        *,
        workers: int = 1,
        step_limit_s: float = 30.0,
        sentinels: bool = False,
        deadline_s: float | None = None,
        again: Sequence[ModelSpec] = (),
    ) -> Outcome:
        script = tmp_path / "script.json"
        script.write_text(json.dumps({"models": models or {}}))
        folder = Folder(tmp_path / "out", tmp_path / "records", "setup")
        options = WorkloadOptions(script=str(script))
        configs = [
            WorkerConfig(
                campaign="2026-01-01T00:00:00Z",
                device=str(number),
                card=f"card-{number}",
                workload="simulated",
                options=options,
                protocol="survey",
                final_trials=0,
                shard=str(folder.work / "rows-{tag}.csv"),
                sentinel_shard=str(folder.work / "sentinels-{tag}.csv") if sentinels else "",
                sentinel_moments=("start", "end"),
                traces="",
                seed=number,
                memory_mib=40960.0,
                deadline_s=deadline_s,
            )
            for number in range(workers)
        ]
        plan = Plan(names, configs, [{} for _ in configs], SURVEY, step_limit_s, again=frozenset(again))
        return run_campaign(plan, folder, PlainProgress(Lines()))  # type: ignore[arg-type]

    return run


def rows_of(tmp_path: Path) -> list[dict[str, str]]:
    return read_rows(tmp_path / "out" / "setup.csv")


def statuses(tmp_path: Path) -> dict[str, str]:
    return {row["model"]: row["status"] for row in rows_of(tmp_path) if not row["batch_size"]}


def test_two_workers_measure_every_model_once(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs(*(f"m{number}" for number in range(12))), workers=2)
    assert (outcome.measured, outcome.failed, outcome.left, outcome.restarts) == (12, {}, 0, 0)
    rows = rows_of(tmp_path)
    finals = [row["model"] for row in rows if row["stage"] == "final"]
    assert sorted(finals) == sorted(f"m{number}" for number in range(12))
    assert {float(row["energy_mj_per_item"]) for row in rows if row["stage"] == "final"} == {304.6875}
    assert not list((tmp_path / "out").rglob("rows-*.csv"))


def test_final_trials_come_in_shuffled_order(campaign: Campaign, tmp_path: Path) -> None:
    campaign(specs("a", "b", "c", "d"))
    log = (tmp_path / "records" / "setup_costs.csv").read_text().splitlines()
    assert log[0] == ",".join(COST_HEADER)
    assert len(log) == 5
    assert {line.split(",")[2] for line in log[1:]} == {"card-0"}


def test_a_crash_costs_its_model_and_nothing_else(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs("a", "bad", "c"), {"bad": {"fault": "crash", "fault_batch": 512}})
    assert (outcome.measured, outcome.restarts) == (2, 1)
    assert statuses(tmp_path) == {"bad": "crashed"}
    with (tmp_path / "records" / "setup_costs.csv").open() as file:
        reasons = {row["model"]: row["reason"] for row in csv.DictReader(file)}
    assert reasons == {"a": "", "bad": "ended by SIGSEGV", "c": ""}


def test_a_hang_costs_its_model_and_nothing_else(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs("a", "bad", "c"), {"bad": {"fault": "hang", "fault_batch": 512}}, step_limit_s=2.0)
    assert (outcome.measured, outcome.restarts) == (2, 1)
    assert statuses(tmp_path) == {"bad": "timed_out"}


def test_a_lost_device_costs_its_model_and_nothing_else(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs("a", "bad", "c"), {"bad": {"fault": "lost", "fault_batch": 512}})
    assert (outcome.measured, outcome.restarts) == (2, 1)
    assert statuses(tmp_path) == {"bad": "crashed"}


def test_models_that_cannot_run_have_their_status(campaign: Campaign, tmp_path: Path) -> None:
    faults = {
        "b": {"fault": "build_failed"},
        "o": {"fault": "out_of_memory"},
        "u": {"fault": "unsupported", "fault_batch": 1, "launch_s": 0.02, "item_s": 0.0002},
        "small": {"most_items": 100},
    }
    outcome = campaign(specs("a", "b", "o", "u", "small"), faults)
    assert outcome.restarts == 0
    assert statuses(tmp_path) == {"b": "build_failed", "o": "out_of_memory", "u": "unsupported"}
    assert [row["batch_size"] for row in rows_of(tmp_path) if row["model"] == "small" and row["stage"] == "final"] == [
        "64"
    ]


def test_a_second_run_measures_only_what_is_left(campaign: Campaign, tmp_path: Path) -> None:
    campaign(specs("a", "b"))
    before = rows_of(tmp_path)
    outcome = campaign(specs("a", "b", "c"))
    assert outcome.measured == 1
    assert [row for row in rows_of(tmp_path) if row["model"] != "c"] == before


def test_models_are_measured_again_and_their_rows_superseded(campaign: Campaign, tmp_path: Path) -> None:
    campaign(specs("a", "b", "c"))
    before = rows_of(tmp_path)
    outcome = campaign(specs("a", "b"), {"a": {"busy_w": 300.0}}, again=specs("a", "b"))
    assert outcome.measured == 2
    after = rows_of(tmp_path)
    finals = {row["model"]: float(row["energy_mj_per_item"]) for row in after if row["stage"] == "final"}
    assert finals == {"a": pytest.approx(304.6875 / 2, rel=1e-5), "b": 304.6875, "c": 304.6875}
    assert read_rows(tmp_path / "records" / "setup_superseded.csv") == [row for row in before if row["model"] != "c"]


def test_a_model_for_which_no_time_was_left_keeps_its_rows(campaign: Campaign, tmp_path: Path) -> None:
    campaign(specs("a", "b"))
    before = rows_of(tmp_path)
    outcome = campaign(specs("a", "b"), again=specs("a"), deadline_s=1.0)
    assert outcome.measured == 0
    assert rows_of(tmp_path) == before
    assert read_rows(tmp_path / "records" / "setup_superseded.csv") == []


def test_a_campaign_without_time_hands_nothing_out(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs("a", "b"), deadline_s=1.0)
    assert (outcome.measured, outcome.left) == (0, 2)


def test_sentinels_are_measured_at_both_ends(campaign: Campaign, tmp_path: Path) -> None:
    outcome = campaign(specs("a"), sentinels=True)
    rows = read_rows(tmp_path / "records" / "setup_sentinels.csv", SENTINEL_HEADER)
    assert outcome.sentinels == rows
    assert {row["card"] for row in rows} == {"card-0"}
    assert sorted((row["moment"], row["model"]) for row in rows) == sorted(
        (moment, name) for moment in ("start", "end") for name, _, _ in SENTINELS
    )


def test_a_worker_that_cannot_start_is_an_error(campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text("{}")
    with pytest.raises(
        UserError, match=r"^GPU 0 cannot work: ended with code 1: TypeError: .*'no_such_field'\.\n  fix: read "
    ):
        campaign(specs("a"), {"a": {"no_such_field": 1}})


def test_a_campaign_does_not_touch_the_files_of_another(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measure.folder._LOCK_PATIENCE_S", 0.1)
    folder = Folder(tmp_path / "out", tmp_path / "records", "setup")
    lock = Lock(folder)
    with pytest.raises(UserError) as caught:
        campaign(specs("a"))
    lock.release()
    assert str(caught.value) == (
        f"{folder.work / 'lock'} is held: another joule-measure measures setup.\n"
        "  fix: wait for it, or name another --output."
    )


def test_a_model_is_done_with_its_final_trials_or_a_status() -> None:
    spec = ModelSpec("m", 224)
    assert not is_done([], SURVEY)
    assert is_done([status_row(spec, "final", 1, None, "crashed")], SURVEY)
    swept, final, another = (
        status_row(spec, stage, number, 64, "ok") | {"energy_mj_per_item": energy}
        for stage, number, energy in (("sweep", 1, "100"), ("final", 1, "103"), ("final", 2, "102"))
    )
    assert not is_done([swept], SURVEY)
    assert not is_done([swept, final], SURVEY)
    assert is_done([swept, final, another], SURVEY)
    assert not is_done([swept, final, another], STUDY)


def test_no_row_is_lost_doubled_or_torn_by_a_hundred_kills(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.measure.killing", str(tmp_path), "100"],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    counts = json.loads(done.stdout)
    assert (counts["kills"], counts["lost"], counts["doubled"], counts["torn"]) == (100, 0, 0, 0)
    # Every campaign ended in its four models' three sweep trials and one final, as one that nobody kills.
    assert counts["campaigns"] > 0
    assert counts["rows"] == counts["campaigns"] * 4 * 4


def test_a_card_is_warm_when_its_temperature_is_level() -> None:
    rising = [(float(second), 20.0 + second) for second in range(40)]
    level = [(float(second), min(55.0, 40.0 + second)) for second in range(40)]
    assert not warm(level[:10], 9.0)
    assert not warm(rising, 39.0)
    assert not warm(level[:34], 33.0)  # 53 °C at 13 s
    assert warm(level[:35], 34.0)
    assert warm(rising, 90.0)
