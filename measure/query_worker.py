"""A worker process for queries: asks its parent for models over a pipe, measures their runs, and tells of each."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from measure.clock import Clock, RealClock
from measure.power import Meter
from measure.queries import QueryOptions, QueryRules, QueryWorkload, Sample, TaskModule, task_module
from measure.query_rows import Job, run_row, status_row
from measure.query_run import QueryBench, run_queries, warm_up
from measure.samples import samples_of
from measure.trial import RefusedError
from measure.worker_process import die_with_parent
from measure.workload import BuildFailedError, DeviceLostError, OutOfMemoryError, UnsupportedError

Message = dict[str, Any]
STATUSES = {
    BuildFailedError: "build_failed",
    UnsupportedError: "unsupported",
    OutOfMemoryError: "out_of_memory",
    DeviceLostError: "crashed",
}


@dataclass(frozen=True)
class QueryConfig:
    """What a worker is told at its start.

    Attributes:
        options: How models run.
        rules: How they are measured.
        gpu: The card, as NVML numbers it.
        deadline_s: Monotonic time by which the last run must be over; None without.
    """

    options: QueryOptions
    rules: QueryRules
    gpu: int
    deadline_s: float | None

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(line: str) -> QueryConfig:
        """Read what `to_json` wrote."""
        content = json.loads(line)
        content["options"] = QueryOptions(**content["options"])
        content["rules"] = QueryRules(**content["rules"])
        return QueryConfig(**content)


class QueryWorker:
    """Measures jobs on one card.

    Args:
        config: What to do.
        module: Builds the workloads.
        meter: The card's sensors.
        clock: Time.
        tell: Takes each message: start, run and done.
    """

    def __init__(
        self, config: QueryConfig, module: TaskModule, meter: Meter, clock: Clock, tell: Callable[[Message], None]
    ) -> None:
        self._config = config
        self._module = module
        self._bench = QueryBench(meter, clock, config.rules)
        self._tell = tell
        self._samples: list[Sample] = []
        self._built: tuple[str, QueryWorkload] | None = None

    def serve(self, job: Job) -> None:
        """Measure one job's runs; what goes wrong with it is told.

        Raises:
            DeviceLostError: The card's context is broken: the process must end.
        """
        took = {"build_s": 0.0, "warm_up_s": 0.0, "runs_s": 0.0}
        rules = self._config.rules
        number = job.first_run
        status, reason = "ok", ""
        try:
            workload = self._workload(job, took)
            if not self._samples:
                options = self._config.options
                self._samples = samples_of(options.task, options.samples, rules.sample_count, options.seed)
            with _timed(took, "warm_up_s"):
                self._step("warm-up", job)
                warm_up(workload, self._samples, job.batch_size, rules.warm_ups)
            last_s = 0.0
            for number in range(job.first_run, rules.runs + 1):
                if self._config.deadline_s is not None and time.monotonic() + last_s > self._config.deadline_s:
                    status, reason = "left", "the time is over"
                    break
                with _timed(took, "runs_s") as lasted:
                    self._step("run", job)
                    self._run(workload, job, number)
                last_s = lasted()
        except tuple(STATUSES) as error:
            status, reason = next(name for kind, name in STATUSES.items() if isinstance(error, kind)), str(error)
            self._tell({"event": "run", "row": status_row(job, number, rules.sample_count, status), "reason": reason})
            self.close()
            if isinstance(error, DeviceLostError):
                raise
        self._tell({"event": "done", "status": status, "reason": reason, "took": took})

    def close(self) -> None:
        """Drop the model that is held."""
        if self._built is not None:
            self._built[1].close()
            self._built = None

    def _workload(self, job: Job, took: dict[str, float]) -> QueryWorkload:
        """Build the job's model, unless it is the last job's at another batch size."""
        if self._built is None or self._built[0] != job.model:
            self.close()
            with _timed(took, "build_s"):
                self._step("build", job)
                self._built = (job.model, self._module.build(job.model, self._config.options))
        return self._built[1]

    def _run(self, workload: QueryWorkload, job: Job, number: int) -> None:
        """Measure one run and tell its row; one that is refused has no figure, and the next one follows."""
        rules = self._config.rules
        try:
            run = run_queries(workload, self._samples, job.batch_size, self._bench)
        except RefusedError as error:
            row, reason = status_row(job, number, rules.sample_count, "refused"), str(error)
        else:
            row, reason = run_row(job, number, run), ""
        self._tell({"event": "run", "row": row, "reason": reason})

    def _step(self, step: str, job: Job) -> None:
        self._tell({"event": "start", "step": step, "model": job.model})


class _timed:  # noqa: N801 - reads as a statement
    """Add the time spent within to a sum; calling it tells the time."""

    def __init__(self, sums: dict[str, float], name: str) -> None:
        self._sums, self._name = sums, name
        self._took_s = 0.0

    def __enter__(self) -> Callable[[], float]:
        self._began_s = time.monotonic()
        return lambda: self._took_s

    def __exit__(self, *_: object) -> None:
        self._took_s = time.monotonic() - self._began_s
        self._sums[self._name] += self._took_s


def serve_process() -> None:
    """Serve the process that started this one: a line of configuration, then a line for each job."""
    die_with_parent()
    # The lines to the parent keep their own descriptor: what libraries print must not end up between them.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    config = QueryConfig.from_json(sys.stdin.readline())

    def tell(message: Message) -> None:
        lines.write(json.dumps(message) + "\n")

    if config.options.script:
        from measure.query_simulation import query_world_of

        world = query_world_of(config.options.script)
        module: TaskModule = world
        meter: Meter = world.meter
        clock: Clock = world.clock
    else:
        from measure.nvml import NvmlMeter

        module, meter, clock = task_module(config.options.task), NvmlMeter(config.gpu), RealClock()
    tell({"event": "ready", "versions": module.versions()})
    worker = QueryWorker(config, module, meter, clock, tell)
    for line in sys.stdin:
        worker.serve(Job(**json.loads(line)))
    worker.close()


if __name__ == "__main__":
    serve_process()
