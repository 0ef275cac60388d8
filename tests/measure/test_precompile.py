"""Compiling beforehand: processes that take models from a queue, fall, and end in time."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from measure.precompile import CACHE_VARIABLE, Compilers, precompile
from measure.workload import ModelSpec, WorkloadOptions

# Stands in for measure.workloads.compiler_process: it notes what it was asked, and does what a model's name says.
STAND_IN = f"""
import json, os, sys, time
options = json.loads(sys.stdin.readline())
for line in sys.stdin:
    name, size_px, batch_size = json.loads(line)
    if name == "falls":
        os._exit(3)
    if name == "hangs":
        time.sleep(600)
    folder = os.environ["{CACHE_VARIABLE}"]
    with open(os.path.join(folder, name), "w") as file:
        json.dump([size_px, batch_size, options["precision"], os.environ["CARD"]], file)
    print(json.dumps("it has no graph" if name == "refused" else ""), flush=True)
"""


def compilers(cache: Path, processes: int = 2, seconds: float | None = None) -> Compilers:
    return Compilers(
        options=WorkloadOptions("torchcompile", "fp16"),
        cache=cache,
        processes=processes,
        deadline_s=time.monotonic() + seconds if seconds is not None else None,
        environment={"CARD": "GPU-1"},
        command=(sys.executable, "-c", STAND_IN),
    )


def jobs(*names: str) -> list[tuple[ModelSpec, int]]:
    return [(ModelSpec(name, 224), 256) for name in names]


def untimed(lines: list[str]) -> list[str]:
    return sorted(line.rpartition(", ")[0] for line in lines)


def test_every_model_is_compiled_once_as_it_will_run(tmp_path: Path) -> None:
    lines: list[str] = []
    assert precompile(jobs("a", "b", "c"), compilers(tmp_path / "cache"), lines.append) == 3
    found = {path.name: json.loads(path.read_text()) for path in (tmp_path / "cache").iterdir()}
    assert found == {name: [224, 256, "fp16", "GPU-1"] for name in "abc"}
    assert untimed(lines) == [f"{name} at 224 px, batch 256: compiled" for name in "abc"]


def test_a_model_that_does_not_compile_costs_itself_alone(tmp_path: Path) -> None:
    lines: list[str] = []
    found = precompile(jobs("a", "falls", "refused", "b"), compilers(tmp_path, processes=1), lines.append)
    assert found == 2
    assert untimed(lines) == [
        "a at 224 px, batch 256: compiled",
        "b at 224 px, batch 256: compiled",
        "falls at 224 px, batch 256: the process ended",
        "refused at 224 px, batch 256: it has no graph",
    ]


def test_all_ends_when_the_time_is_over(tmp_path: Path) -> None:
    lines: list[str] = []
    began_s = time.monotonic()
    assert precompile(jobs("hangs", "a"), compilers(tmp_path, processes=1, seconds=2.0), lines.append) == 0
    assert time.monotonic() - began_s < 60.0
    assert untimed(lines) == ["hangs at 224 px, batch 256: the time is over"]
