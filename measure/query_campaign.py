"""From jobs and one card to rows on disk: a worker process, watched, started again when it falls, every run kept."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from builder.problems import UserError
from measure.folder import Folder, Lock
from measure.query_rows import COST_HEADER, HEADER, Job, Row, jobs_left, status_row
from measure.query_worker import Message, QueryConfig
from measure.results import RowFile, read_rows, repair

# Loading torch, transformers and the driver on a cold machine takes half a minute; this is ten times that.
_START_LIMIT_S = 300.0
# A worker that falls this often in a row before it is ready cannot work at all.
_MAX_FALSE_STARTS = 2
_LOG_TAIL_BYTES = 2000


@dataclass
class QueryOutcome:
    """What became of a campaign.

    Attributes:
        measured: Jobs that have all their runs.
        failed: Jobs without a figure: status and reason.
        left: Jobs not begun, or not ended, in time.
        restarts: How often the worker fell.
        versions: Of the software.
    """

    measured: int = 0
    failed: dict[Job, tuple[str, str]] = field(default_factory=dict)
    left: int = 0
    restarts: int = 0
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QueryPlan:
    """What a campaign does.

    Attributes:
        models: In the order in which they are measured.
        batch_sizes: Of each.
        config: The worker's.
        environment: What the worker's environment adds: its card.
        step_limit_s: A worker silent for longer is hung: building, warming up and each run are told of.
    """

    models: Sequence[str]
    batch_sizes: Sequence[int]
    config: QueryConfig
    environment: Mapping[str, str]
    step_limit_s: float


def run_query_campaign(plan: QueryPlan, folder: Folder, say: Callable[[str], None]) -> QueryOutcome:
    """Measure what the folder's rows lack; each run is appended and on disk before the next one starts.

    Raises:
        UserError: The worker cannot start, or another campaign holds the files.
    """
    lock = Lock(folder)
    try:
        repair(folder.rows)
        jobs = jobs_left(plan.models, plan.batch_sizes, plan.config.rules.runs, read_rows(folder.rows, HEADER))
        say(f"{len(plan.models) * len(plan.batch_sizes)} models and batch sizes, {len(jobs)} of them to be measured")
        campaign = _Campaign(plan, folder, say)
        try:
            campaign.measure(jobs)
        finally:
            campaign.end()
        return campaign.outcome
    finally:
        lock.release()


class _Campaign:
    """The files, and the worker as it is now."""

    def __init__(self, plan: QueryPlan, folder: Folder, say: Callable[[str], None]) -> None:
        self.outcome = QueryOutcome()
        self._plan = plan
        self._say = say
        self._log = folder.work / "worker.log"
        self._rows = RowFile(folder.rows, HEADER)
        self._costs = RowFile(folder.costs, COST_HEADER)
        self._worker: _Process | None = None
        self._false_starts = 0

    def measure(self, jobs: Sequence[Job]) -> None:
        """Measure the jobs one after the other, until the time is over."""
        for number, job in enumerate(jobs):
            deadline_s = self._plan.config.deadline_s
            if deadline_s is not None and time.monotonic() >= deadline_s:
                self.outcome.left += len(jobs) - number
                return
            self._measure(job)

    def end(self) -> None:
        """End the worker and close the files."""
        if self._worker is not None:
            self._worker.end()
        self._rows.close()
        self._costs.close()

    def _measure(self, job: Job) -> None:
        worker = self._ready_worker()
        worker.told_status = False
        worker.say(json.dumps(asdict(job)))
        run = job.first_run
        while True:
            message = worker.hear(self._plan.step_limit_s)
            if message["event"] == "run":
                self._keep(message["row"], message["reason"])
                run = int(message["row"]["run"]) + 1
            elif message["event"] == "done":
                self._done(job, message["status"], message["reason"], message["took"])
                return
            elif message["event"] == "fell":
                if not worker.told_status:
                    self._keep(status_row(job, run, self._plan.config.rules.sample_count, message["status"]), "")
                self._done(job, message["status"], message["reason"], {})
                self.outcome.restarts += 1
                worker.end()
                self._worker = None
                return

    def _keep(self, row: Row, reason: str) -> None:
        self._rows.append(row)
        self._say(_line(row, reason))

    def _done(self, job: Job, status: str, reason: str, took: Mapping[str, float]) -> None:
        if status == "ok":
            self.outcome.measured += 1
        elif status == "left":
            self.outcome.left += 1
        else:
            self.outcome.failed[job] = (status, reason)
        config = self._plan.config
        known = {"task": config.options.task, "model": job.model, "batch_size": str(job.batch_size)}
        known |= {"device": str(config.gpu), "status": status, "reason": " ".join(reason.split())[:200]}
        costs = {name: f"{seconds:.3f}" for name, seconds in took.items()}
        self._costs.append(dict.fromkeys(COST_HEADER, "") | known | costs)
        spent = ", ".join(f"{name.removesuffix('_s')} {seconds} s" for name, seconds in costs.items())
        self._say(f"{job.model}, batch {job.batch_size}: {status} {reason}".rstrip() + (f" ({spent})" if spent else ""))

    def _ready_worker(self) -> _Process:
        """Return the worker, started if there is none.

        Raises:
            UserError: It falls before it is ready.
        """
        while self._worker is None:
            worker = _Process(self._plan.config, self._plan.environment, self._log)
            message = worker.hear(_START_LIMIT_S)
            if message["event"] == "ready":
                self.outcome.versions |= message["versions"]
                self._worker, self._false_starts = worker, 0
                break
            worker.end()
            self._false_starts += 1
            if self._false_starts >= _MAX_FALSE_STARTS:
                msg = f"the worker cannot work: {message['reason']}.\n  fix: read {self._log}."
                raise UserError(msg)
        return self._worker


class _Process:
    """A worker process and a thread that listens to it.

    Attributes:
        told_status: Whether it told, of its job at hand, why there is no figure.
    """

    def __init__(self, config: QueryConfig, environment: Mapping[str, str], log: Path) -> None:
        self.told_status = False
        self._log = log
        self._messages: queue.Queue[Message] = queue.Queue()
        with log.open("a") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "measure.query_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                bufsize=1,
                env={**os.environ, **environment},
            )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.say(config.to_json())

    def say(self, line: str) -> None:
        """Send a line; one that has fallen is found out by `hear`."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()

    def hear(self, limit_s: float) -> Message:
        """Return the next message; a fall is one too, and silence for longer than the limit is a fall."""
        try:
            message = self._messages.get(timeout=limit_s)
        except queue.Empty:
            return {"event": "fell", "status": "timed_out", "reason": f"no sign of life for {limit_s:.0f} s"}
        if message["event"] == "run":
            self.told_status = message["row"]["status"] not in ("ok", "refused")
        return message

    def end(self) -> None:
        """End the process, if it still runs, and close what leads to it."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._messages.put(json.loads(line))
        code = self._process.wait()
        ended = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        tail = self._log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip().splitlines()
        reason = f"{ended}: {tail[-1].strip()}" if tail else ended
        self._messages.put({"event": "fell", "status": "crashed", "reason": reason})


def _line(row: Row, reason: str) -> str:
    name = f"{row['model']}, batch {row['batch_size']}, run {row['run']}"
    if row["status"] != "ok":
        return f"{name}: {row['status']}{f' ({reason})' if reason else ''}"
    return (
        f"{name}: {float(row['energy_mj_per_item']) / 1000:.4g} J/query, {float(row['latency_ms']):.4g} ms, "
        f"{float(row['mean_power_w']):.0f} W"
    )
