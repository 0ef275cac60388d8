"""From models and cards to rows: one worker a card, watched, restarted when it falls, every row kept."""

from __future__ import annotations

import os
import queue
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from builder.problems import UserError
from measure.folder import COST_HEADER, Folder, Lock
from measure.model_run import finals_done, finals_left
from measure.progress import Message, Progress
from measure.protocol import USUAL_HIGHEST, Protocol
from measure.results import Row, RowFile, next_trial_number, of, read_rows, status_row
from measure.supervised import Channel, Supervised
from measure.worker import Task
from measure.worker_config import WorkerConfig
from measure.workload import ModelSpec

# A worker that falls this often in a row before its first model cannot work at all.
_MAX_FALSE_STARTS = 2
# Loading torch, timm and the driver on a cold machine takes half a minute; this is ten times that.
_START_LIMIT_S = 300.0
_LOOK_EVERY_S = 0.2


@dataclass(frozen=True)
class Plan:
    """What a campaign does.

    Attributes:
        specs: Models in the order in which they are handed out.
        configs: One for each worker.
        environments: What each worker's environment adds: its card.
        protocol: With its overrules.
        step_limit_s: A worker silent for longer is hung: building, timing and each trial are told of.
        batch_sizes: Models whose batch size is known and not searched.
        first_sizes: The batch size that a model's search times first.
        again: Models to measure although they have rows; these are superseded.
    """

    specs: Sequence[ModelSpec]
    configs: Sequence[WorkerConfig]
    environments: Sequence[Mapping[str, str]]
    protocol: Protocol
    step_limit_s: float
    batch_sizes: Mapping[ModelSpec, int] = field(default_factory=dict)
    first_sizes: Mapping[ModelSpec, int] = field(default_factory=dict)
    again: frozenset[ModelSpec] = frozenset()


@dataclass
class Outcome:
    """What became of a campaign.

    Attributes:
        measured: Models whose trials are complete.
        failed: Models without a figure: their status.
        left: Models not handed out: the time was over.
        restarts: Workers that fell and were started again.
        sentinels: The campaign's sentinel rows.
        versions: Of the software, as the workers told.
    """

    measured: int = 0
    failed: dict[ModelSpec, str] = field(default_factory=dict)
    left: int = 0
    restarts: int = 0
    sentinels: list[Row] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


def is_done(rows: Sequence[Row], protocol: Protocol) -> bool:
    """Say whether a model's rows are complete: enough final trials, or a status."""
    if any(row["stage"] == "final" and not row["batch_size"] for row in rows):
        return True
    return finals_done(list(rows)) > 0 and not finals_left(list(rows), protocol)


def rows_by_model(rows: Sequence[Row]) -> dict[ModelSpec, list[Row]]:
    """Group rows by model."""
    groups: dict[ModelSpec, list[Row]] = {}
    for row in rows:
        groups.setdefault(ModelSpec(row["model"], int(row["input_size_px"])), []).append(row)
    return groups


def run_campaign(plan: Plan, folder: Folder, progress: Progress) -> Outcome:
    """Measure the plan's models and merge their rows.

    Raises:
        UserError: Workers cannot start, or another campaign holds the files.
    """
    lock = Lock(folder)
    try:
        moved = folder.supersede(plan.again)
        earlier = rows_by_model(folder.merge_rows())
        folder.merge_records()
        todo = [spec for spec in plan.specs if not is_done(earlier.get(spec, []), plan.protocol)]
        progress.start(len(plan.specs), len(plan.specs) - len(todo))
        run = _Run(plan, folder, progress, _Work(deque(todo), earlier), lock)
        try:
            run.loop()
        finally:
            run.end()
            folder.put_back(moved)
            sentinels = folder.merge_records()
        names = {config.campaign for config in plan.configs}
        run.outcome.sentinels = [row for row in sentinels if row["campaign"] in names]
        run.outcome.left = len(run.work.todo)
        return run.outcome
    finally:
        progress.stop()
        lock.release()


@dataclass
class _Work:
    """Models still to be handed out, and the rows that models had before."""

    todo: deque[ModelSpec]
    earlier: dict[ModelSpec, list[Row]]


class _Run:
    """The loop over the workers' messages."""

    def __init__(self, plan: Plan, folder: Folder, progress: Progress, work: _Work, lock: Lock) -> None:
        self.outcome = Outcome()
        self.work = work
        self._plan = plan
        self._folder = folder
        self._progress = progress
        self._messages: queue.Queue[tuple[int, Message]] = queue.Queue()
        self._statuses = RowFile(folder.work / f"rows-supervisor-{os.getpid()}.csv")
        self._costs = RowFile(folder.work / f"costs-{os.getpid()}.csv", COST_HEADER)
        channel = Channel(folder.work, self._messages, lock.descriptor)
        self._workers = [
            Supervised(number, config, environment, channel)
            for number, (config, environment) in enumerate(zip(plan.configs, plan.environments, strict=True))
        ]

    def loop(self) -> None:
        """Serve the workers until all have ended."""
        for worker in self._workers:
            worker.start()
        while any(worker.running for worker in self._workers):
            try:
                number, message = self._messages.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                self._look_for_hung()
                continue
            self._serve(self._workers[number], message)
            self._look_for_hung()

    def end(self) -> None:
        """End workers that still run, and the files."""
        for worker in self._workers:
            worker.kill()
        self._statuses.close()
        self._costs.close()

    def _serve(self, worker: Supervised, message: Message) -> None:
        worker.heard(message)
        event = message["event"]
        if event == "ready":
            self.outcome.versions |= message["versions"]
        elif event == "next":
            worker.hand(self._task(self.work.todo.popleft()) if self.work.todo else None)
        elif event == "done":
            self._done(worker, ModelSpec(*message["model"]), message)
        elif event == "fell":
            self._fallen(worker, message["status"], message["reason"])
        self._progress.tell(worker.name, message)

    def _task(self, spec: ModelSpec) -> Task:
        plan = self._plan
        return Task(spec, self._rows_of(spec), plan.batch_sizes.get(spec), plan.first_sizes.get(spec, USUAL_HIGHEST))

    def _done(self, worker: Supervised, spec: ModelSpec, message: Message) -> None:
        if message["status"] == "ok":
            self.outcome.measured += 1
        else:
            self.outcome.failed[spec] = message["status"]
        seconds = message.get("seconds", {})
        reason = " ".join(message["reason"].split())[:200]
        values = {f"{step}_s": f"{took:.3f}" for step, took in seconds.items()}
        values |= {"campaign": worker.config.campaign, "device": worker.config.device, "card": worker.config.card}
        values |= {"status": message["status"]}
        values |= {"model": spec.model, "input_size_px": str(spec.input_size_px), "reason": reason}
        self._costs.append(dict.fromkeys(COST_HEADER, "") | values | {"protocol": self._plan.protocol.name})

    def _fallen(self, worker: Supervised, status: str, reason: str) -> None:
        """Blame the model that a worker fell with, hand the others that it held out again, and start it anew."""
        blamed = worker.blamed
        if blamed is not None:
            number = next_trial_number(self._rows_of(blamed), blamed, "final", None)
            self._statuses.append(status_row(blamed, "final", number, None, status))
            message: Message = {"event": "done", "model": [blamed.model, blamed.input_size_px], "status": status}
            message |= {"seconds": {}, "reason": reason}
            self._done(worker, blamed, message)
            self._progress.tell(worker.name, message)
        for spec in reversed(worker.held):
            if spec != blamed and spec not in self.outcome.failed:
                self.work.todo.appendleft(spec)
        if blamed is None and not worker.measured_since_start:
            worker.false_starts += 1
            if worker.false_starts >= _MAX_FALSE_STARTS:
                msg = (
                    f"{worker.name} cannot work: {reason}.\n"
                    f"  fix: read {worker.log}; `joule-measure doctor` says what this machine lacks."
                )
                raise UserError(msg)
        self.outcome.restarts += 1
        worker.start()

    def _look_for_hung(self) -> None:
        now_s = time.monotonic()
        for worker in self._workers:
            limit_s = self._plan.step_limit_s if worker.ready else _START_LIMIT_S
            if worker.running and now_s - worker.last_heard_s > limit_s:
                worker.kill_hung(f"no sign of life for {limit_s:.0f} s")

    def _rows_of(self, spec: ModelSpec) -> list[Row]:
        """Return a model's rows from earlier runs and from every shard of this one."""
        rows = list(self.work.earlier.get(spec, []))
        if self.outcome.restarts:
            for path in self._folder.work.glob("rows-*.csv"):
                rows += [row for row in read_rows(path) if of(row, spec)]
        return rows
