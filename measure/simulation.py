"""From a script to models that only pretend: known times, known power and chosen faults, on simulated time."""

from __future__ import annotations

import functools
import json
import os
import signal
import time
from collections import deque
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from measure.replay import LoadedCard, ReplayMeter, SimulatedClock
from measure.workload import (
    BuildFailedError,
    DeviceLostError,
    ModelSpec,
    OutOfMemoryError,
    UnsupportedError,
    WorkloadOptions,
)


@dataclass(frozen=True)
class Behaviour:
    """How a simulated model behaves.

    Attributes:
        launch_s: Host time to queue a batch.
        overhead_s: Card time of a batch beside its items.
        item_s: Card time of an item.
        busy_w: Power while a batch runs.
        most_items: Batches of more items run out of memory.
        fault: none, build_failed, unsupported, out_of_memory, lost, crash or hang.
        fault_batch: The fault strikes when a batch of this size is prepared; 0 when the model is built.
    """

    launch_s: float = 0.002
    overhead_s: float = 0.004
    item_s: float = 0.0005
    busy_w: float = 600.0
    most_items: int = 1 << 20
    fault: str = "none"
    fault_batch: int = 0


@dataclass
class World:
    """One simulated card with its clock and meter.

    Attributes:
        idle_w: Power between batches.
        default: How a model behaves that `models` does not name.
        models: How others do.
    """

    idle_w: float = 100.0
    default: Behaviour = field(default_factory=Behaviour)
    models: dict[str, Behaviour] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock()
        self.card = LoadedCard(self.idle_w)
        self.meter = ReplayMeter(self.card, self.clock)

    def build(self, spec: ModelSpec, options: WorkloadOptions) -> SimulatedWorkload:
        """Build a model."""
        return SimulatedWorkload(self, self.models.get(spec.model, self.default), options)

    def versions(self) -> dict[str, str]:
        """Return no software."""
        return {"simulation": "1"}


class SimulatedWorkload:
    """A model whose batches take the time and power of its behaviour."""

    def __init__(self, world: World, behaviour: Behaviour, options: WorkloadOptions) -> None:
        self._world = world
        self._behaviour = behaviour
        self._options = options
        self._batch_size = 0
        self._queued: deque[float] = deque()
        if behaviour.fault_batch == 0:
            _strike(behaviour.fault)

    def prepare(self, batch_size: int) -> None:
        """Run one batch, or strike."""
        self._batch_size = batch_size
        self._queued.clear()
        if batch_size == self._behaviour.fault_batch:
            _strike(self._behaviour.fault)
        if batch_size > self._behaviour.most_items:
            msg = f"{batch_size} items do not fit"
            raise OutOfMemoryError(msg)
        self.enqueue()
        self.wait()

    def enqueue(self) -> None:
        """Queue a batch behind those that run."""
        behaviour, world = self._behaviour, self._world
        world.clock.sleep_s(behaviour.launch_s)
        start_s = max(world.clock.now_s(), world.card.busy_until_s)
        end_s = start_s + behaviour.overhead_s + behaviour.item_s * self._batch_size
        world.card.load(start_s, end_s, behaviour.busy_w)
        self._queued.append(end_s)

    def wait(self) -> None:
        """Let time pass until the oldest batch is done."""
        self._world.clock.sleep_s(max(0.0, self._queued.popleft() - self._world.clock.now_s()))

    def memory_mib(self) -> float:
        """Return ten MiB an item."""
        return 10.0 * self._batch_size

    def weights_mib(self) -> float:
        """Return a hundred MiB."""
        return 100.0

    def close(self) -> None:
        """Give nothing back."""


def build(spec: ModelSpec, options: WorkloadOptions) -> SimulatedWorkload:
    """Build a model in the world that the options' script describes."""
    return world_of(options.script).build(spec, options)


def versions() -> dict[str, str]:
    """Return no software."""
    return {"simulation": "1"}


@functools.cache
def world_of(script: str) -> World:
    """Return this process's world for a script: the path of a JSON file, or "" for the defaults.

    The file holds idle_w, default and models; a model names the fields of `Behaviour` that differ from the default.
    """
    content: dict[str, Any] = json.loads(Path(script).read_text()) if script else {}
    known = {entry.name for entry in fields(Behaviour)}
    default: dict[str, Any] = content.get("default", {})
    models = {name: Behaviour(**default | values) for name, values in content.get("models", {}).items()}
    unknown = set(default) - known
    if unknown:
        msg = f"{script}: unknown: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    return World(idle_w=content.get("idle_w", 100.0), default=Behaviour(**default), models=models)


def _strike(fault: str) -> None:
    if fault == "build_failed":
        raise BuildFailedError("simulated")
    if fault == "unsupported":
        raise UnsupportedError("simulated")
    if fault == "out_of_memory":
        raise OutOfMemoryError("simulated")
    if fault == "lost":
        raise DeviceLostError("simulated")
    if fault == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    while fault == "hang":
        time.sleep(1.0)
