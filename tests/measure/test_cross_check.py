"""Two instruments on one simulated load."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from measure.cross_check import compare
from measure.simulation import Behaviour, World
from measure.workload import ModelSpec, WorkloadOptions


@dataclass
class Measured:
    time: float
    total_energy: float


class CounterMonitor:
    """Reads the world's counter at both ends of a window, as zeus does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._began = (0.0, 0.0)

    def begin_window(self, key: str, sync_execution: bool = True) -> None:
        self._began = (self._world.clock.now_s(), self._world.meter.energy_mj())

    def end_window(self, key: str, sync_execution: bool = True) -> Measured:
        began_s, began_mj = self._began
        return Measured(self._world.clock.now_s() - began_s, (self._world.meter.energy_mj() - began_mj) / 1000.0)


def test_a_steady_load_reads_the_same_on_both() -> None:
    world = World(default=Behaviour(launch_s=0.001, overhead_s=0.0, item_s=0.0005, busy_w=500.0))
    workload = world.build(ModelSpec("any", 224), WorkloadOptions())
    workload.prepare(64)
    found = compare(workload, CounterMonitor(world), world.meter, world.clock, 10.0)
    assert found.joule_measure_w == pytest.approx(500.0, rel=1e-3)
    assert found.zeus_w == pytest.approx(500.0, rel=0.01)
    assert found.window_s == pytest.approx(10.0, abs=0.1)
