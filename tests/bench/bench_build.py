"""How long a build of the whole site takes with nothing kept from a build before, and how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.rows import Row, row

# The project's own targets, on two cores.
LIMIT_S, LIMIT_GB = 10.0, 1.0
_POLL_S = 0.1


def bench_build() -> list[Row]:
    """Build the project's own data once."""
    with tempfile.TemporaryDirectory() as folder:
        before, start = _cpu_s(), time.perf_counter()
        command = [str(Path(sys.executable).with_name("joule-atlas")), "build", "--out", f"{folder}/site"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as build:
            peak = 0
            while build.poll() is None:
                peak = max(peak, sum(map(_own_bytes, _with_children(build.pid))))
                time.sleep(_POLL_S)
            seconds = time.perf_counter() - start
        if build.returncode:
            raise subprocess.CalledProcessError(build.returncode, command)
    return [
        row("joule-atlas build, cold", seconds, "s", LIMIT_S),
        row("its processor time, both processes", _cpu_s() - before, "s", 2 * LIMIT_S),
        *([row("its memory, both processes", peak / 1e9, "GB", LIMIT_GB)] if peak else []),
    ]


def _cpu_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _with_children(process: int) -> list[int]:
    """Return a process and what it started; Linux lists them."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(each for child in children for each in _with_children(int(child)))]


def _own_bytes(process: int) -> int:
    """Return the memory that a process holds now, with its part of what it shares (Linux' Pss); 0 if unknown."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
