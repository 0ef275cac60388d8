"""Kills campaigns with signal 9 at random moments and counts what is left: run as `python -m tests.measure.killing`."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from measure.campaign import is_done, rows_by_model
from measure.folder import Folder
from measure.model_run import Bench
from measure.protocol import SURVEY
from measure.results import Row
from measure.simulation import World
from measure.worker import Task, Worker
from measure.worker_config import WorkerConfig
from measure.workload import ModelSpec, WorkloadOptions

# A campaign of four models takes about this long.
_LONGEST_S = 0.25
MODELS = [ModelSpec(f"model{number}", 224) for number in range(4)]


def run_here(folder: Folder, tag: str, tell: Any) -> None:
    """Do what a campaign of one worker does, in this process: merge, measure what is not done, merge."""
    earlier = rows_by_model(folder.merge_rows())
    todo = [spec for spec in MODELS if not is_done(earlier.get(spec, []), SURVEY)]
    config = WorkerConfig(
        campaign="c",
        device="0",
        card="simulated",
        workload="simulated",
        options=WorkloadOptions(),
        protocol="survey",
        final_trials=0,
        shard=str(folder.work / f"rows-{tag}.csv"),
        sentinel_shard="",
        sentinel_moments=(),
        traces="",
        seed=1,
        memory_mib=1e6,
        deadline_s=None,
    )
    world = World()
    bench = Bench(world, WorkloadOptions(), world.meter, world.clock, SURVEY, lambda *_: None, lambda *_: None)

    def ask() -> Task | None:
        spec = todo.pop(0) if todo else None
        return None if spec is None else Task(spec, earlier.get(spec, []))

    Worker(config, bench, ask, tell).serve()
    folder.merge_rows()


def key(row: Row) -> tuple[str, ...]:
    return (row["model"], row["batch_size"], row["stage"], row["trial"])


def kill_one(folder: Folder, moment_s: float) -> tuple[bool, set[tuple[str, ...]]]:
    """Run a campaign in a child and kill it after a time; say whether it had not ended, and the rows it told of."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)

        def tell(message: dict[str, Any]) -> None:
            if message["event"] == "trial":
                os.write(writer, (json.dumps(key(message["row"])) + "\n").encode())

        run_here(folder, str(os.getpid()), tell)
        os._exit(0)
    os.close(writer)
    time.sleep(moment_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        told = {tuple(json.loads(line)) for line in pipe if line.endswith("\n")}
    return os.WIFSIGNALED(status), told


def kill_often(root: Path, kills: int) -> dict[str, Any]:
    """Kill until the number is reached; count rows lost, doubled and torn, and campaigns that ended."""
    chance = random.Random(7)
    counts = {"kills": 0, "lost": 0, "doubled": 0, "torn": 0, "campaigns": 0, "rows": 0}
    told: set[tuple[str, ...]] = set()
    folder = Folder(root / "0", root / "0", "setup")
    while counts["kills"] < kills:
        killed, new = kill_one(folder, chance.uniform(0.0, _LONGEST_S))
        counts["kills"] += killed
        told |= new
        merged = folder.merge_rows()
        kept = {key(row) for row in merged}
        counts["lost"] += len(told - kept)
        counts["doubled"] += len(merged) - len(kept)
        counts["torn"] += folder.rows.exists() and not folder.rows.read_bytes().endswith(b"\n")
        if all(is_done(rows_by_model(merged).get(spec, []), SURVEY) for spec in MODELS):
            counts["campaigns"] += 1
            counts["rows"] += len(merged)
            told.clear()
            folder = Folder(root / str(counts["campaigns"]), root, "setup")
    return counts


if __name__ == "__main__":
    sys.stdout.write(json.dumps(kill_often(Path(sys.argv[1]), int(sys.argv[2]))))
