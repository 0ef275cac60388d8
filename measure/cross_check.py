"""From one steady load to its power as two instruments read it: this project's counter windows and zeus."""

from __future__ import annotations

import importlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import click

from measure.clock import Clock
from measure.power import Meter, Recorder
from measure.workload import ModelSpec, Workload, WorkloadOptions, workload_kind

LOAD = ("resnet50", 224, 256)
# Zeus reads the counter when a window begins and ends, wherever its update of 100 ms stands: over 10 s that is 1 %.
WINDOW_S = 10.0
SETTLE_S = 3.0
TURNS = 3


class Measured(Protocol):
    """What a zeus window says."""

    time: float
    total_energy: float


class Monitor(Protocol):
    """zeus.monitor.ZeusMonitor, as far as it is used."""

    def begin_window(self, key: str, sync_execution: bool = ...) -> None:
        """Begin a window."""
        ...

    def end_window(self, key: str, sync_execution: bool = ...) -> Measured:
        """End it."""
        ...


@dataclass(frozen=True)
class Comparison:
    """One stretch of the same load, read twice.

    Attributes:
        window_s: Length of zeus's window.
        zeus_w: Its energy over its length.
        joule_measure_w: Counter energy between two updates within it, over the time between them.
    """

    window_s: float
    zeus_w: float
    joule_measure_w: float


def compare(workload: Workload, monitor: Monitor, meter: Meter, clock: Clock, seconds: float) -> Comparison:
    """Run a prepared workload for this time and read its power both ways at once."""
    _run(workload, clock, SETTLE_S)
    recorder = Recorder(meter, clock)
    monitor.begin_window("load", sync_execution=False)
    with recorder.recording():
        _run(workload, clock, seconds)
    measured = monitor.end_window("load", sync_execution=False)
    # The first update is the value that the recorder found, not one that it saw come.
    first, last = recorder.updates[1], recorder.updates[-1]
    ours_w = (last.energy_mj - first.energy_mj) / 1000.0 / (last.time_s - first.time_s)
    return Comparison(measured.time, measured.total_energy / measured.time, ours_w)


def _run(workload: Workload, clock: Clock, seconds: float) -> None:
    until_s = clock.now_s() + seconds
    workload.enqueue()
    while clock.now_s() < until_s:
        workload.enqueue()
        workload.wait()
    workload.wait()


@click.command()
@click.option("--gpu", type=int, default=0, show_default=True, help="GPU as nvidia-smi numbers it.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="JSON file.")
def main(gpu: int, output: Path) -> None:
    """Measure resnet50's power with zeus and with joule-measure at once. Needs zeus: pip install zeus."""
    from measure.clock import RealClock
    from measure.nvml import NvmlMeter, card

    # zeus reads numbers here, no UUIDs; by the bus they are those of nvidia-smi.
    os.environ |= {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": str(card(gpu).index)}
    name, size_px, batch_size = LOAD
    workload = workload_kind("timm").build(ModelSpec(name, size_px), WorkloadOptions())
    workload.prepare(batch_size)
    monitor: Monitor = importlib.import_module("zeus.monitor").ZeusMonitor(
        gpu_indices=[0]
    )  # the only one that CUDA_VISIBLE_DEVICES leaves
    found = [compare(workload, monitor, NvmlMeter(gpu), RealClock(), WINDOW_S) for _ in range(TURNS)]
    content = {"load": f"{name} at {size_px} px, batch {batch_size}", "windows": [asdict(one) for one in found]}
    output.write_text(json.dumps(content, indent=2) + "\n")
    click.echo(output.read_text())


if __name__ == "__main__":
    main()
