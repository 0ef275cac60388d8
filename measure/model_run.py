"""From one model on a card to its rows: a search of the batch size, then final trials at the one chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from builder.units import MS_PER_S
from measure.batch_sizes import (
    Range,
    best_batch_size,
    busy_sizes,
    chosen_batch_size,
    next_batch_size,
    predicted_range,
)
from measure.clock import Clock
from measure.power import Meter
from measure.protocol import (
    CLEARLY_BUSY,
    CLEARLY_LONGER,
    CONFIRMED_WITHIN,
    LONGER_STEP,
    REFUSED_RETRIES,
    TIMED_LONG_S,
    TIMED_REPETITIONS,
    TIMED_TURNS,
    USUAL_HIGHEST,
    Protocol,
    WindowRule,
)
from measure.results import Row, next_trial_number, of, status_row, trial_row
from measure.trial import RefusedError, Trial, run_trial
from measure.workload import ModelSpec, OutOfMemoryError, UnsupportedError, Workload, WorkloadKind, WorkloadOptions


@dataclass(frozen=True)
class Bench:
    """What a model is measured with.

    Attributes:
        kind: Builds the workloads.
        options: How models run.
        meter: The card's sensors.
        clock: Time.
        protocol: How models are measured.
        before_trial: Told the model, the stage and the batch size before each step that could hang.
        after_trial: Told the row, and the trial where there is one, after each; it stores them.
    """

    kind: WorkloadKind
    options: WorkloadOptions
    meter: Meter
    clock: Clock
    protocol: Protocol
    before_trial: Callable[[ModelSpec, str, int | None], None]
    after_trial: Callable[[Row, Trial | None, str], None]


class ModelRun:
    """One model, held on the card from its search to its final trials.

    Attributes:
        spec: The model.
        rows: Its rows so far, earlier runs' included.
        busy_s: Time spent on it: building, searching, final trials.
        chosen: The batch size of its final trials, once it was searched.
    """

    def __init__(self, spec: ModelSpec, rows: list[Row], bench: Bench) -> None:
        self.spec = spec
        self.rows = [row for row in rows if of(row, spec)]
        self.busy_s = {"build": 0.0, "sweep": 0.0, "final": 0.0}
        self.chosen: int | None = None
        self._bench = bench
        bench.before_trial(spec, "build", None)
        began_s = bench.clock.now_s()
        self.workload: Workload = bench.kind.build(spec, bench.options)
        self.busy_s["build"] = bench.clock.now_s() - began_s

    def search(self, known: int | None = None, first: int = USUAL_HIGHEST) -> int:
        """Run sweep trials until the batch size is found; return it. Final trials say that it was found before.

        Args:
            known: The batch size, where it is known from elsewhere: one sweep trial there, which the final trial then
                confirms.
            first: The size that is timed first.

        Raises:
            OutOfMemoryError, UnsupportedError, RefusedError: No batch size runs.
            DeviceLostError: From the workload.
        """
        bench, protocol = self._bench, self._bench.protocol
        began_s = bench.clock.now_s()
        tried, batch_s = tried_sizes(self.rows), batch_times(self.rows)
        self.chosen = final_batch_size(self.rows) or known
        if self.chosen is not None:
            if known == self.chosen and tried.get(known) is None and not finals_done(self.rows):
                self.trial("sweep", known, protocol.sweep)
                self.busy_s["sweep"] += bench.clock.now_s() - began_s
            return self.chosen
        launch_s, worthwhile = self._predict(first)
        problem: Exception = OutOfMemoryError("not even one item fits")
        while (
            size := next_batch_size(busy_sizes(tried, batch_s, launch_s), worthwhile, protocol, batch_s)
        ) is not None:
            if tried and bench.clock.now_s() - began_s > protocol.model_limit_s:
                break
            try:
                trial = self.trial("sweep", size, protocol.sweep)
            except (OutOfMemoryError, UnsupportedError, RefusedError) as error:
                # Without its traceback, which would hold the tensors of the failed batch.
                problem, tried[size] = type(error)(str(error)), None
            else:
                tried[size], batch_s[size] = trial.energy_mj_per_item, trial.latency_ms / MS_PER_S
        self.busy_s["sweep"] += bench.clock.now_s() - began_s
        choose = best_batch_size if protocol.search == "ladder" else chosen_batch_size
        self.chosen = choose(busy_sizes(tried, batch_s, launch_s or batch_s.get(1, 0.0)))
        if self.chosen is None:
            raise problem
        return self.chosen

    def finals_left(self) -> int:
        """Count the final trials that are still to be run."""
        return finals_left(self.rows, self._bench.protocol)

    def final(self) -> None:
        """Run one final trial at the chosen batch size; one that is refused leaves its row and no figure."""
        began_s = self._bench.clock.now_s()
        if self.chosen is None:
            msg = f"{self.spec} was not searched"
            raise ValueError(msg)
        try:
            self.trial("final", self.chosen, self._bench.protocol.final)
        except (OutOfMemoryError, UnsupportedError, RefusedError):
            pass  # its row says so
        finally:
            self.busy_s["final"] += self._bench.clock.now_s() - began_s

    def trial(self, stage: str, batch_size: int, rule: WindowRule) -> Trial:
        """Run one trial and store its row; one that is refused is stored so and tried again."""
        bench = self._bench
        for attempt in range(REFUSED_RETRIES + 1):
            number = next_trial_number(self.rows, self.spec, stage, batch_size)
            bench.before_trial(self.spec, stage, batch_size)
            try:
                self.workload.prepare(batch_size)
                trial = run_trial(self.workload, batch_size, bench.meter, bench.clock, rule)
            except RefusedError as error:
                self._store(status_row(self.spec, stage, number, batch_size, "refused"), None, str(error))
                if attempt == REFUSED_RETRIES:
                    raise
            except OutOfMemoryError as error:
                self._store(status_row(self.spec, stage, number, batch_size, "out_of_memory"), None, str(error))
                raise
            except UnsupportedError as error:
                self._store(status_row(self.spec, stage, number, batch_size, "unsupported"), None, str(error))
                raise
            else:
                self._store(trial_row(self.spec, stage, number, trial), trial, "")
                return trial
        raise AssertionError

    def _store(self, row: Row, trial: Trial | None, reason: str) -> None:
        self.rows.append(row)
        self._bench.after_trial(row, trial, reason)

    def _predict(self, first: int) -> tuple[float, Range]:
        """Time a batch of the first size, and one item unless that shows enough; return the launching time and range.

        A ladder begins with one item.
        """
        protocol = self._bench.protocol
        if protocol.search == "ladder":
            return 0.0, Range(1, protocol.max_batch_size)
        few = min(first, protocol.max_batch_size)
        while few > 1:
            try:
                queued_s, few_s = self._batch_time(few, 1)
                break
            except (OutOfMemoryError, UnsupportedError):
                few //= LONGER_STEP  # the search meets it and stores it
        else:
            few = 1
            queued_s, few_s = self._batch_time(1, TIMED_REPETITIONS)
        if few_s >= CLEARLY_BUSY * queued_s:
            return queued_s, predicted_range(queued_s, few, few_s, protocol)
        launch_s = self._batch_time(1, TIMED_REPETITIONS)[1]
        while few_s <= CLEARLY_LONGER * launch_s and few < min(USUAL_HIGHEST, protocol.max_batch_size):
            try:
                larger = min(few * LONGER_STEP, USUAL_HIGHEST, protocol.max_batch_size)
                few_s = self._batch_time(larger, TIMED_REPETITIONS)[1]
                few = larger
            except (OutOfMemoryError, UnsupportedError):
                break
        return launch_s, predicted_range(launch_s, few, few_s, protocol)

    def _batch_time(self, batch_size: int, repetitions: int) -> tuple[float, float]:
        """Return the time in which the host queues a batch, and that in which it is done: the shortest seen."""
        bench, workload = self._bench, self.workload
        bench.before_trial(self.spec, "timing", batch_size)
        workload.prepare(batch_size)
        queued: list[float] = []
        done: list[float] = []
        while len(done) < TIMED_TURNS and sum(done) < TIMED_LONG_S:
            began_s = bench.clock.now_s()
            for _ in range(repetitions):
                workload.enqueue()
            queued.append(bench.clock.now_s() - began_s)
            for _ in range(repetitions):
                workload.wait()
            done.append(bench.clock.now_s() - began_s)
        return min(queued) / repetitions, min(done) / repetitions


def final_batch_size(rows: list[Row]) -> int | None:
    """Return the batch size of one model's final trials; None before the first."""
    return next((int(row["batch_size"]) for row in rows if row["stage"] == "final" and row["batch_size"]), None)


def finals_done(rows: list[Row]) -> int:
    """Count one model's final trials; one that was refused counts when it was tried as often as it may be."""
    finals = [row["status"] for row in rows if row["stage"] == "final" and row["batch_size"]]
    refused = finals.count("refused")
    return len(finals) - refused + refused // (REFUSED_RETRIES + 1)


def finals_left(rows: list[Row], protocol: Protocol) -> int:
    """Count the final trials that one model still needs, as far as is known before they ran."""
    done = finals_done(rows)
    if done < protocol.final_trials:
        return protocol.final_trials - done
    finals = [float(row["energy_mj_per_item"]) for row in rows if row["stage"] == "final" and row["status"] == "ok"]
    if done >= protocol.most_final_trials:
        return 0
    if not finals:
        return 1 if done == protocol.final_trials else 0  # all were refused: once more, at another time
    swept = tried_sizes(rows).get(final_batch_size(rows) or 0)
    readings = sorted(finals if swept is None else [*finals, swept])
    confirmed = any(higher <= lower * (1 + CONFIRMED_WITHIN) for lower, higher in pairwise(readings))
    return 0 if confirmed else 1


def tried_sizes(rows: list[Row]) -> dict[int, float | None]:
    """Return the batch sizes of one model's sweep rows and their energy; None where none of their trials ran."""
    tried: dict[int, float | None] = {}
    for row in rows:
        if row["stage"] == "sweep" and row["batch_size"]:
            size = int(row["batch_size"])
            tried[size] = float(row["energy_mj_per_item"]) if row["status"] == "ok" else tried.get(size)
    return tried


def batch_times(rows: list[Row]) -> dict[int, float]:
    """Return the time of one batch by batch size, in seconds, of one model's sweep rows."""
    return {
        int(row["batch_size"]): float(row["latency_ms"]) / MS_PER_S
        for row in rows
        if row["stage"] == "sweep" and row["status"] == "ok"
    }
