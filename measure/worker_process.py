"""A worker as a process of its own: lines of JSON in and out, and an end with the process that started it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys

from measure.clock import Clock, RealClock
from measure.model_run import Bench
from measure.power import Meter
from measure.worker import Task, Worker
from measure.worker_config import Message, WorkerConfig
from measure.workload import ModelSpec, workload_kind


def card_of(config: WorkerConfig) -> tuple[Meter, Clock]:
    """Return the meter and the clock: a card's, or the simulation's."""
    if config.workload == "simulated":
        from measure.simulation import world_of

        world = world_of(config.options.script)
        return world.meter, world.clock
    from measure.nvml import NvmlMeter

    return NvmlMeter(int(config.device)), RealClock()


def serve_process() -> None:
    """Serve the process that started this one: one line of configuration, then a line for each request."""
    die_with_parent()
    # The lines to the parent keep their own descriptor: what libraries print must not end up between them.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    config = WorkerConfig.from_json(sys.stdin.readline())

    def tell(message: Message) -> None:
        lines.write(json.dumps(message) + "\n")

    def ask() -> Task | None:
        tell({"event": "next"})
        answer = json.loads(sys.stdin.readline())
        return Task(**answer | {"spec": ModelSpec(*answer["spec"])}) if answer else None

    kind = workload_kind(config.workload)
    meter, clock = card_of(config)
    tell({"event": "ready", "versions": kind.versions()})
    bench = Bench(kind, config.options, meter, clock, config.rules(), lambda *_: None, lambda *_: None)
    Worker(config, bench, ask, tell).serve()


def die_with_parent() -> None:
    """Have the kernel end this process with the one that started it, which holds its place in the campaign."""
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


if __name__ == "__main__":
    serve_process()
