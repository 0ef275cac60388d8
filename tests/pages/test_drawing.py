"""The process that draws beside the build: its errors arrive, and it never outlives the build."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from builder.charts.energy_label import label_png
from builder.pages.drawing import drawing

WAITING = """
import sys
from builder.pages.drawing import drawing
with drawing(alone=bool(sys.argv[1])) as draw:
    print(flush=True)
    sys.stdin.read()
"""
LABELS = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1"/>' for width in range(1, 9)]
PATIENCE_S = 60.0


def test_what_goes_wrong_while_drawing_is_raised_as_itself(tmp_path: Path) -> None:
    with drawing() as draw:
        future = draw.findings(tmp_path / "none.duckdb", {})
        with pytest.raises(duckdb.IOException, match=r"none\.duckdb.*database does not exist"):
            future.result()


@pytest.mark.parametrize("begun", [0, 3, len(LABELS)])
def test_labels_drawn_in_either_process_come_in_their_order(begun: int) -> None:
    with drawing() as draw:
        labels = draw.labels(LABELS)
        for future in labels.futures[:begun]:
            future.result()
        assert labels.pngs() == [label_png(svg) for svg in LABELS]
        assert not any(future.cancelled() for future in labels.futures[:begun])


@pytest.mark.parametrize("alone", ["", "alone"])
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed in Linux' /proc")
def test_no_process_outlives_a_killed_build(alone: str) -> None:
    command = [sys.executable, "-c", WAITING, alone]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as build:
        assert build.stdout
        build.stdout.readline()
        children = Path(f"/proc/{build.pid}/task/{build.pid}/children").read_text().split()
        assert children
        build.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    while [child for child in children if Path(f"/proc/{child}").exists()]:
        assert time.monotonic() < deadline, "a process still draws for a build that was killed"
        time.sleep(0.05)
