"""`make bench`: builds the site cold and measures what readers and contributors wait for, beside the targets."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Print one table."""
    rows = _build()
    # After the build: they import what it is not to have in memory.
    from tests.bench.bench_analysis import bench_analysis
    from tests.bench.bench_check import bench_check
    from tests.bench.bench_explorer import bench_explorer

    targets = {"fit and score all setups": "0.20 s", "check 100,000 rows": "2.00 s"}
    rows += [
        (name, f"{seconds:.2f} s", targets.get(name, ""))
        for name, seconds in (bench_analysis() | bench_check()).items()
    ]
    rows += bench_explorer()
    table = Table(box=None)
    for heading in ("what", "measured", "target"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=100).print(table)


def _build() -> list[tuple[str, str, str]]:
    """Build the site in a process of its own, with nothing kept from a build before."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [str(Path(sys.executable).with_name("joule-atlas")), "build", "--out", f"{folder}/site"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
    # Of the largest child so far: this one. Linux counts in KiB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return [
        ("joule-atlas build, cold", f"{seconds:.1f} s", "10 s"),
        ("its memory", f"{peak / 1e9:.2f} GB", "1 GB"),
    ]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
