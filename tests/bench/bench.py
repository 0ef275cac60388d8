"""`make bench`: what readers and contributors wait for, measured part by part into one table.

Each part is a process of its own, so that none has another's memory, and one that fails costs its own rows alone.
`BENCH=full` adds a hundred times the rows, which takes minutes more.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.bench.rows import Row, show

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("BENCH") == "full"
# Module and function -> seconds after which it hangs. All of it takes three minutes where nothing else runs.
PARTS = {
    "bench_machine": 60,
    "bench_build": 300,
    "bench_check": 300,
    "bench_analysis": 300,
    "bench_scale": 3600 if FULL else 600,
    "bench_explorer": 600,
}
_PART = """
import json
from dataclasses import asdict
from tests.bench.{part} import {part}
print(json.dumps([asdict(row) if hasattr(row, "what") else row for row in {part}()]))
"""


def main() -> None:
    """Print the table."""
    rows = []
    for part, limit_s in PARTS.items():
        print(f"{part} …", file=sys.stderr, flush=True)  # noqa: T201 - a benchmark's progress
        rows += run_part(part, limit_s)
    show(rows)


def run_part(part: str, limit_s: int) -> list[Row]:
    """Return the rows of one part, or one that says how it failed."""
    command = [sys.executable, "-c", _PART.format(part=part)]
    # A session of its own: what it has started ends with it.
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            printed, complaint = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            return [Row(f"{part}: not finished in {limit_s} s", "")]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        return [Row(f"{part} failed: {(complaint.strip().splitlines() or ['without a word'])[-1]}", "")]
    # DuckDB may have drawn its progress above.
    found = json.loads(printed.splitlines()[-1])
    return [Row(**each) if isinstance(each, dict) else Row(*each) for each in found]


if __name__ == "__main__":
    main()
