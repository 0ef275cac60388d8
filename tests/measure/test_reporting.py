"""What the user sees and what is kept beside the rows: progress, warnings, traces, the validation's report."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from measure.cli import main
from measure.folder import COST_HEADER
from measure.progress import LiveProgress, PlainProgress, Tally, progress_for, trial_line
from measure.protocol import PROTOCOLS, STUDY, SURVEY, protocol_named
from measure.report import report
from measure.report_campaigns import campaigns
from measure.report_kinds import options
from measure.results import Row, read_rows, status_row, trial_row, write_rows
from measure.simulation import Behaviour, World
from measure.stability import final_trial_warnings, sentinel_drift, sentinel_warnings
from measure.traces import read_power, write_trace
from measure.trial import run_trial
from measure.worker import SENTINEL_HEADER
from measure.workload import ModelSpec, WorkloadOptions

from .conftest import SPEC

VALIDATION = Path("measure/validation/h200-sxm-141gb")


def a_final(number: int, energy: str) -> Row:
    figures = {"energy_mj_per_item": energy, "mean_power_w": "600", "temperature_start_c": "41"}
    return status_row(SPEC, "final", number, 64, "ok") | figures | {"temperature_end_c": "63"}


def test_a_trial_is_shown_in_one_line() -> None:
    assert trial_line(a_final(1, "86.9"), "") == "resnet50 at 224 px, batch 64, final 1: 0.0869 J/image, 600 W"


def test_a_refusal_is_shown_with_its_reason() -> None:
    row = status_row(SPEC, "sweep", 1, 64, "refused")
    assert trial_line(row, "the clock jumped") == "resnet50 at 224 px, batch 64: refused (the clock jumped)"


def test_plain_progress_counts_the_models() -> None:
    stream = io.StringIO()
    progress = PlainProgress(stream)
    progress.start(10, 2)
    progress.tell("GPU 0", {"event": "trial", "row": a_final(1, "86.9"), "reason": ""})
    progress.tell("GPU 0", {"event": "done", "model": ["resnet50", 224], "status": "crashed", "reason": "gone"})
    progress.stop()
    assert stream.getvalue() == (
        "10 models, 2 of them measured before\n"
        "GPU 0: resnet50 at 224 px, batch 64, final 1: 0.0869 J/image, 600 W\n"
        "GPU 0: resnet50 at 224 px done: crashed (gone), 3/10, 0 min left\n"
    )


def test_the_time_left_follows_the_pace() -> None:
    tally = Tally(12, 2, 0.0)
    assert tally.left(100.0) == ""
    tally.done = 4
    assert tally.left(120.0) == "8 min left"
    assert tally.left(1800.0) == "2.0 h left"


def test_a_terminal_gets_the_live_display(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    assert isinstance(progress_for(stream), PlainProgress)
    monkeypatch.setattr(stream, "isatty", lambda: True)
    live = progress_for(stream)
    assert isinstance(live, LiveProgress)
    live.start(2, 0)
    live.tell("GPU 0", {"event": "start", "model": ["resnet50", 224], "stage": "sweep", "batch_size": 64})
    live.tell("GPU 0", {"event": "trial", "row": a_final(1, "86.9"), "reason": ""})
    live.tell("GPU 0", {"event": "done", "model": ["resnet50", 224], "status": "crashed", "reason": "gone"})
    live.stop()


def test_final_trials_that_differ_are_warned_of() -> None:
    assert final_trial_warnings([a_final(1, "100"), a_final(2, "104")]) == []
    assert final_trial_warnings([a_final(1, "100"), a_final(2, "115")]) == [
        "resnet50 at 224 px: the final trials differ by 14% (limit 5%); the GPU was between 41 and 63 °C. Their median "
        "may not repeat: measure the model again with --protocol study."
    ]


def test_sentinels_that_drift_are_warned_of() -> None:
    rows = [
        a_final(1, "100") | {"device": "0", "moment": "start"},
        a_final(1, "103") | {"device": "0", "moment": "end"},
    ]
    assert sentinel_drift(rows) == {("0", "resnet50"): pytest.approx(0.03)}
    assert sentinel_warnings(rows) == [
        "Sentinel resnet50 on GPU 0 drifted by +3.0% over the campaign (limit 2%): figures measured early and late do "
        "not compare. Look at the temperatures in the sentinel file and measure again."
    ]


def test_a_kept_trace_plays_back(tmp_path: Path) -> None:
    world = World(default=Behaviour(launch_s=0.001, overhead_s=0.004, item_s=0.002, busy_w=500.0))
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(10)
    trial = run_trial(workload, 10, world.meter, world.clock, SURVEY.final)
    path = write_trace(tmp_path, trial_row(SPEC, "final", 1, trial), trial)
    assert path.name == "resnet50_224_final_10_1.parquet"
    assert read_power(path).watts(1.0) == 500.0


def test_protocols_keep_their_promises() -> None:
    assert [protocol.name for protocol in PROTOCOLS] == ["survey", "study"]
    assert (SURVEY.final.window_min_s, SURVEY.final.min_repetitions) == (2.0, 10)
    assert (SURVEY.final_trials, STUDY.final_trials) == (1, 3)
    assert (STUDY.final.window_min_s, STUDY.final.min_repetitions) == (10.0, 14)
    assert protocol_named("study") is STUDY


def test_the_report_on_the_h200_is_what_its_rows_say() -> None:
    rows = sorted(Path("data/image_classification/measurements").glob("h200-sxm-141gb_*.csv"))
    assert report(VALIDATION, rows) == (VALIDATION / "README.md").read_text()


def test_a_run_on_the_command_line_measures_and_resumes(tmp_path: Path) -> None:
    output = tmp_path / "out"
    arguments = ["run", "resnet18", "--workload", "simulated", "--no-sentinels", "--keep-traces"]
    arguments += ["--output", str(output), "--records", str(tmp_path / "records")]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert first.output.splitlines()[-1] == (
        f"1 measured, 0 without a figure, 0 left, 0 restarts; rows in {output / 'simulated_pytorch_fp32.csv'}"
    )
    assert len(list((tmp_path / "records").rglob("*.parquet"))) == 4
    again = CliRunner().invoke(main, ["resume", "--output", str(output)])
    assert again.output.splitlines()[0] == "1 models, 1 of them measured before"


def test_a_killed_supervisor_takes_its_workers_along_and_resume_goes_on(tmp_path: Path) -> None:
    output = tmp_path / "out"
    arguments = ["run", "resnet[123]*", "--workload", "simulated", "--workers", "2", "--no-sentinels"]
    arguments += ["--output", str(output), "--records", str(tmp_path / "records")]
    first = subprocess.Popen([sys.executable, "-m", "measure", *arguments], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    while " done" not in first.stdout.readline():
        pass
    first.kill()
    first.stdout.close()
    first.wait()
    again = CliRunner().invoke(main, ["resume", "--output", str(output)])
    assert again.exit_code == 0, again.output
    total, before = again.output.splitlines()[0].removesuffix(" of them measured before").split(" models, ")
    assert 0 < int(before) < int(total)
    rows = read_rows(output / "simulated_pytorch_fp32.csv")
    finals = [(row["model"], row["trial"]) for row in rows if row["stage"] == "final"]
    assert len(finals) == len(set(finals)) == int(total)


def test_resume_needs_a_run(tmp_path: Path) -> None:
    missing = CliRunner().invoke(main, ["resume", "--output", str(tmp_path)])
    assert (missing.exit_code, missing.output) == (
        1,
        f"joule-measure: {tmp_path / '.joule-measure' / 'request.json'} is missing: no run was begun there.\n"
        "  fix: joule-measure run, or name the folder with --output.\n",
    )


def test_gpus_are_numbers() -> None:
    wrong = CliRunner().invoke(main, ["run", "--gpus", "0,x"])
    assert (wrong.exit_code, wrong.output) == (
        1,
        "joule-measure: --gpus 0,x\n  expected: numbers as nvidia-smi shows them, such as 0,1\n",
    )


def test_a_validation_stores_its_series(tmp_path: Path) -> None:
    arguments = ["validate", "resnet18", "--workload", "simulated", "--part", "inputs", "--output", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    trials = (tmp_path / "trials.csv").read_text()
    assert trials.count("inputs-zeros-") == 2


def test_measuring_imports_neither_duckdb_nor_torch() -> None:
    code = "import measure.cli, measure.worker_process, measure.probe, sys; "
    code += "print(sorted({'duckdb', 'altair', 'torch', 'timm'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_options_are_compared_at_one_batch_size(tmp_path: Path) -> None:
    arguments = ["validate", "resnet18", "--workload", "simulated", "--part", "options", "--output", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    with (tmp_path / "trials.csv").open() as file:
        rows = [{"session": "1"} | row for row in csv.DictReader(file)]
    assert [line for line in options(rows) if line.startswith("| resnet18")] == [
        f"| resnet18 | 512 | {kind} | 304.7 |"
        for kind in (
            "pytorch, bf16",
            "pytorch, fp16",
            "pytorch, fp16, channels_last",
            "pytorch, fp32",
            "pytorch, fp32, channels_last",
            "pytorch, fp32strict",
            "torchcompile, fp16",
        )
    ]
    assert options([]) == []


def test_models_whose_final_trials_contradict_their_search_are_listed(tmp_path: Path) -> None:
    def a_trial(model: str, stage: str, number: int, latency_ms: str, energy: str) -> Row:
        row = status_row(ModelSpec(model, 224), stage, number, 64, "ok")
        return row | {"latency_ms": latency_ms, "energy_mj_per_item": energy}

    rows = [
        a_trial("steady", "sweep", 1, "10", "100"),
        a_trial("steady", "final", 1, "10.2", "101"),
        a_trial("slow", "sweep", 1, "10", "100"),
        a_trial("slow", "final", 1, "12", "110"),
        a_trial("apart", "sweep", 1, "10", "100"),
        a_trial("apart", "final", 1, "10", "100"),
        a_trial("apart", "final", 2, "10", "106"),
    ]
    write_rows(tmp_path / "s.csv", rows)
    write_rows(tmp_path / "s_costs.csv", [], COST_HEADER)
    write_rows(tmp_path / "s_sentinels.csv", [], SENTINEL_HEADER)
    said = "in the final trials against the search; the energies of the final trials differ by"
    assert campaigns(tmp_path, [tmp_path / "s.csv"])[-2:] == [
        f"- apart: batches of 64 took +0% {said} 5.8%",
        f"- slow: batches of 64 took +20% {said} 0.0%",
    ]
    write_rows(tmp_path / "s.csv", rows[:2])
    assert campaigns(tmp_path, [tmp_path / "s.csv"])[-1] == "No model's final trials contradict its search."
