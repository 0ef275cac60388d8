"""From models and batch sizes to filled compiler caches: processes on a card that nobody measures compile, run nothing.

Compiling a model takes a core a minute, measuring it ten seconds. Kernels that are tuned by timing them are not tuned
here, where other processes use the card too, but by the worker that measures them.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from measure.workload import ModelSpec, WorkloadOptions

# Where Inductor keeps its graphs and Triton its kernels: torch._inductor's cache_dir().
CACHE_VARIABLE = "TORCHINDUCTOR_CACHE_DIR"
# Threads of a compiling process beside its own; the processes share the cores.
_SURROUNDINGS = {"TORCHINDUCTOR_COMPILE_THREADS": "2", "OMP_NUM_THREADS": "1"}
# Whatever launches kernels goes before them.
_NICELY = ("nice", "-n", "10")

Job = tuple[ModelSpec, int]


@dataclass(frozen=True)
class Compilers:
    """What compiles.

    Attributes:
        options: How the models will run.
        cache: The folder of the compiler's caches.
        processes: How many compile at once.
        deadline_s: Monotonic time at which all must be over; None without.
        environment: What the processes' environment adds: their card.
        command: What a process is started with.
    """

    options: WorkloadOptions
    cache: Path
    processes: int
    deadline_s: float | None
    environment: Mapping[str, str]
    command: Sequence[str] = (sys.executable, "-m", "measure.workloads.compiler_process")

    def late(self) -> bool:
        """Say whether the time is over."""
        return self.deadline_s is not None and time.monotonic() >= self.deadline_s


def precompile(jobs: Sequence[Job], compilers: Compilers, say: Callable[[str], None]) -> int:
    """Compile models at their batch sizes, in this order; tell a line of each, and return how many were compiled."""
    compilers.cache.mkdir(parents=True, exist_ok=True)
    todo: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        todo.put(job)
    compiled: list[ModelSpec] = []

    def work() -> None:
        process: _Process | None = None
        while not compilers.late():
            try:
                spec, batch_size = todo.get_nowait()
            except queue.Empty:
                break
            began_s = time.monotonic()
            process = process or _Process(compilers)
            reason = process.compile(spec, batch_size)
            if reason is None:
                process.end()
                process, reason = None, "the time is over" if compilers.late() else "the process ended"
            if not reason:
                compiled.append(spec)
            say(f"{spec}, batch {batch_size}: {reason or 'compiled'}, {time.monotonic() - began_s:.0f} s")
        if process is not None:
            process.end()

    threads = [threading.Thread(target=work) for _ in range(min(compilers.processes, len(jobs)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(compiled)


class _Process:
    """One compiling process."""

    def __init__(self, compilers: Compilers) -> None:
        self._compilers = compilers
        own = {**_SURROUNDINGS, **compilers.environment, CACHE_VARIABLE: str(compilers.cache.resolve())}
        self._process = subprocess.Popen(  # noqa: S603 - this program's own
            [*_NICELY, *compilers.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **own}
        )
        self._say(asdict(compilers.options))

    def compile(self, spec: ModelSpec, batch_size: int) -> str | None:
        """Return why a model was not compiled, "" where it was, None where the process fell or the time is over."""
        self._say([spec.model, spec.input_size_px, batch_size])
        stream = self._process.stdout
        deadline_s = self._compilers.deadline_s
        left_s = None if deadline_s is None else max(0.0, deadline_s - time.monotonic())
        if stream is None or not select.select([stream], [], [], left_s)[0]:
            return None
        line = stream.readline()
        return str(json.loads(line)) if line else None

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _say(self, content: object) -> None:
        stream = self._process.stdin
        # A process that fell is found by `compile`.
        with contextlib.suppress(BrokenPipeError):
            if stream is not None:
                stream.write(json.dumps(content).encode() + b"\n")
                stream.flush()
