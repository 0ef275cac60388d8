"""One card's worker: asks for models, measures them, writes its own rows, and tells what it does."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from measure.model_run import Bench, ModelRun
from measure.protocol import (
    BLOCK_MEMORY_SHARE,
    BLOCK_MODELS,
    SENTINELS,
    USUAL_HIGHEST,
    WARM_UP_LEVEL_K,
    WARM_UP_LEVEL_S,
    WARM_UP_MAX_S,
    WARM_UP_MODEL,
    WARM_UP_S,
)
from measure.results import HEADER, Row, RowFile, next_trial_number, status_row
from measure.trial import RefusedError, Trial
from measure.worker_config import Message, WorkerConfig, named
from measure.workload import (
    BuildFailedError,
    DeviceLostError,
    ModelSpec,
    OutOfMemoryError,
    UnsupportedError,
    WorkloadOptions,
)

SENTINEL_HEADER = ("campaign", "moment", "device", "card", *HEADER)
# Costs of a step beside its window, in seconds: preparing, settling, draining (H200, survey: 0.5 to 1.5 s).
_BESIDE_WINDOW_S = 1.5
# Building and searching a model with `survey` (H200: 2 to 10 s), and compiling it.
_SEARCH_S = 10.0
_COMPILING_S = 30.0
_STATUSES = {
    BuildFailedError: "build_failed",
    UnsupportedError: "unsupported",
    OutOfMemoryError: "out_of_memory",
    RefusedError: "refused",
    DeviceLostError: "crashed",
}


@dataclass(frozen=True)
class Task:
    """What a worker is asked to do.

    Attributes:
        spec: The model.
        rows: Its earlier rows.
        batch_size: Of its final trials, where it is known; None has it searched.
        first_size: The batch size that a search times first.
    """

    spec: ModelSpec
    rows: list[Row]
    batch_size: int | None = None
    first_size: int = USUAL_HIGHEST


class Worker:
    """Measures models on one card, a block at a time."""

    def __init__(
        self,
        config: WorkerConfig,
        bench: Bench,
        ask: Callable[[], Task | None],
        tell: Callable[[Message], None],
    ) -> None:
        self._config = config
        self._protocol = bench.protocol
        self._clock = bench.clock
        self._rows = RowFile(Path(config.shard))
        self._bench = replace(bench, before_trial=self._before, after_trial=self._after)
        self._ask = ask
        self._tell = tell
        self._random = random.Random(config.seed)  # noqa: S311 - an order, not a secret
        self._block: list[ModelRun] = []

    def serve(self) -> None:
        """Measure until there are no more models or no more time.

        Raises:
            DeviceLostError: The card's context is broken; the model's row says so and the process must end.
        """
        if self._config.sentinel_shard:
            warm_up(self._bench)
        self._sentinels("start")
        while self._time_for_another():
            task = self._ask()
            if task is None:
                break
            self._search(task)
            if self._block_full():
                self._finish_block()
        self._finish_block()
        self._sentinels("end")
        self._rows.close()
        self._tell({"event": "end"})

    def _search(self, task: Task) -> None:
        run: ModelRun | None = None
        try:
            run = ModelRun(task.spec, task.rows, self._bench)
            run.search(task.batch_size, task.first_size)
        except tuple(_STATUSES) as error:
            self._give_up(task.spec, task.rows if run is None else run.rows, error)
            if isinstance(error, DeviceLostError):
                raise
            if run is not None:
                run.workload.close()
            return
        self._block.append(run)
        if not run.finals_left():
            self._done(run)

    def _finish_block(self) -> None:
        """Run the final trials of all models held: one of each in shuffled order, then those of models that need more.

        Trials of one model are apart in time, so that what they have in common is the model.
        """
        while self._block:
            turn = list(self._block)
            self._random.shuffle(turn)
            for run in turn:
                try:
                    run.final()
                except DeviceLostError as error:
                    self._give_up(run.spec, run.rows, error)
                    raise
                if not run.finals_left():
                    self._done(run)

    def _done(self, run: ModelRun) -> None:
        run.workload.close()
        self._block.remove(run)
        if not any(row["stage"] == "final" and row["status"] == "ok" for row in run.rows):
            self._give_up(run.spec, run.rows, RefusedError("no final trial could be trusted"))
            return
        self._tell({"event": "done", "model": named(run.spec), "seconds": run.busy_s, "status": "ok", "reason": ""})

    def _give_up(self, spec: ModelSpec, rows: list[Row], error: Exception) -> None:
        status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
        self._rows.append(status_row(spec, "final", next_trial_number(rows, spec, "final", None), None, status))
        self._tell({"event": "done", "model": named(spec), "seconds": {}, "status": status, "reason": str(error)})

    def _block_full(self) -> bool:
        weights_mib = sum(run.workload.weights_mib() for run in self._block)
        return len(self._block) >= BLOCK_MODELS or weights_mib > BLOCK_MEMORY_SHARE * self._config.memory_mib

    def _time_for_another(self) -> bool:
        if self._config.deadline_s is None:
            return True
        final_s = self._protocol.final.window_min_s + _BESIDE_WINDOW_S
        finals = sum(run.finals_left() for run in self._block) + self._protocol.final_trials
        sentinels_s = len(SENTINELS) * final_s if self._config.sentinel_shard else 0.0
        search_s = _SEARCH_S + (0.0 if self._bench.options.runtime == "pytorch" else _COMPILING_S)
        return self._clock.now_s() + search_s + finals * final_s + sentinels_s < self._config.deadline_s

    def _sentinels(self, moment: str) -> None:
        """Measure the sentinels once, eager: it is the card that may drift. What fails leaves a row that says so."""
        if not self._config.sentinel_shard or moment not in self._config.sentinel_moments:
            return
        file = RowFile(Path(self._config.sentinel_shard), SENTINEL_HEADER)

        def store(row: Row, _trial: Trial | None, reason: str) -> None:
            labels = {"campaign": self._config.campaign, "moment": moment}
            file.append(labels | {"device": self._config.device, "card": self._config.card} | row)
            self._tell({"event": "sentinel", "moment": moment, "row": row, "reason": reason})

        bench = replace(self._bench, options=eager(self._bench.options), after_trial=store)
        for name, size_px, batch_size in SENTINELS:
            with contextlib.suppress(BuildFailedError, UnsupportedError, OutOfMemoryError, RefusedError):
                run = ModelRun(ModelSpec(name, size_px), [], bench)
                run.trial("final", batch_size, self._protocol.final)
                run.workload.close()
        file.close()

    def _before(self, spec: ModelSpec, stage: str, batch_size: int | None) -> None:
        self._tell({"event": "start", "model": named(spec), "stage": stage, "batch_size": batch_size})

    def _after(self, row: Row, trial: Trial | None, reason: str) -> None:
        self._rows.append(row)
        if trial is not None and self._config.traces:
            from measure.traces import write_trace

            write_trace(Path(self._config.traces), row, trial)
        self._tell({"event": "trial", "row": row, "interval": trial.interval if trial else None, "reason": reason})


def eager(options: WorkloadOptions) -> WorkloadOptions:
    """Return the same options without a compiler."""
    return replace(options, runtime="pytorch")


def warm_up(bench: Bench) -> None:
    """Run the largest sentinel, eager, until the card's temperature is level; nothing is stored."""
    name, size_px, batch_size = WARM_UP_MODEL
    spec = ModelSpec(name, size_px)
    with contextlib.suppress(BuildFailedError, UnsupportedError, OutOfMemoryError):
        bench.before_trial(spec, "build", None)
        workload = bench.kind.build(spec, eager(bench.options))
        bench.before_trial(spec, "warm-up", batch_size)
        workload.prepare(batch_size)
        began_s = bench.clock.now_s()
        seen: list[tuple[float, float]] = []
        workload.enqueue()
        while not warm(seen, bench.clock.now_s() - began_s):
            bench.before_trial(spec, "warm-up", batch_size)  # a sign of life: it lasts
            workload.enqueue()
            workload.wait()
            seen.append((bench.clock.now_s() - began_s, bench.meter.state().temperature_c))
        workload.wait()
        workload.close()


def warm(seen: Sequence[tuple[float, float]], now_s: float) -> bool:
    """Say whether a card has been warmed for long enough.

    Args:
        seen: Seconds since the warm-up began and the temperature then, ascending.
        now_s: Seconds since the warm-up began.
    """
    if now_s < WARM_UP_S:
        return False
    recent = [temperature_c for time_s, temperature_c in seen if time_s >= now_s - WARM_UP_LEVEL_S]
    level = bool(recent) and max(recent) - min(recent) <= WARM_UP_LEVEL_K
    return level or now_s >= WARM_UP_MAX_S
