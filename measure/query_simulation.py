"""From a script to query workloads that only pretend: known times and power for each phase, and chosen faults."""

from __future__ import annotations

import functools
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure.queries import QueryOptions
from measure.replay import LoadedCard, ReplayMeter, SimulatedClock
from measure.workload import BuildFailedError, DeviceLostError, OutOfMemoryError, UnsupportedError

_RAISED = {
    "build_failed": BuildFailedError,
    "unsupported": UnsupportedError,
    "out_of_memory": OutOfMemoryError,
    "lost": DeviceLostError,
}


@dataclass(frozen=True)
class PhaseBehaviour:
    """How a simulated phase behaves: its time and power for each item, whatever the batch."""

    item_s: float
    watts: float


@dataclass(frozen=True)
class QueryBehaviour:
    """How a simulated model behaves.

    Attributes:
        phases: In order.
        tokens: Made for each item; None for a model that makes none.
        fault: none, build_failed, unsupported, out_of_memory, lost, crash or hang.
        fault_phase: The phase that the fault strikes in; "" when the model is built.
        most_items: Larger batches run out of memory.
    """

    phases: dict[str, PhaseBehaviour]
    tokens: int | None = None
    fault: str = "none"
    fault_phase: str = ""
    most_items: int = 1 << 20


# Times that are no multiples of the sensors' periods: power samples do not all fall on the ends of batches.
DEFAULT = QueryBehaviour({"preprocess": PhaseBehaviour(0.0021, 100.0), "forward": PhaseBehaviour(0.0103, 400.0)})


@dataclass
class QueryWorld:
    """One simulated card with its clock and meter, and how models behave on it.

    Attributes:
        idle_w: Power between batches.
        models: How models behave that are not as DEFAULT.
    """

    idle_w: float = 80.0
    models: dict[str, QueryBehaviour] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock()
        self.card = LoadedCard(self.idle_w)
        self.meter = ReplayMeter(self.card, self.clock)

    def build(self, model: str, options: QueryOptions, device: str = "cuda") -> SimulatedQueries:  # noqa: ARG002
        """Build a model."""
        return SimulatedQueries(self, self.models.get(model, DEFAULT))

    def versions(self) -> dict[str, str]:
        """Return no software."""
        return {"simulation": "1"}


class SimulatedQueries:
    """A model whose phases take the time and power of its behaviour."""

    def __init__(self, world: QueryWorld, behaviour: QueryBehaviour) -> None:
        self._world = world
        self._behaviour = behaviour
        self.phases = tuple(behaviour.phases)
        self._strike("")

    def run(self, phase: str, work: Any) -> Any:
        """Let the batch's time pass at its power, or strike."""
        self._strike(phase)
        items = len(work)
        if items > self._behaviour.most_items:
            msg = f"{items} items do not fit"
            raise OutOfMemoryError(msg)
        behaviour, clock = self._behaviour.phases[phase], self._world.clock
        now_s = clock.now_s()
        self._world.card.load(now_s, now_s + behaviour.item_s * items, behaviour.watts)
        clock.sleep_s(behaviour.item_s * items)
        return work

    def output_tokens(self, work: Any) -> int | None:
        """Return the behaviour's."""
        return None if self._behaviour.tokens is None else self._behaviour.tokens * len(work)

    def memory_mib(self) -> float:
        """Return a hundred MiB."""
        return 100.0

    def close(self) -> None:
        """Give nothing back."""

    def _strike(self, phase: str) -> None:
        fault = self._behaviour.fault
        if fault == "none" or phase != self._behaviour.fault_phase:
            return
        if fault in _RAISED:
            raise _RAISED[fault]("simulated")
        if fault == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        while fault == "hang":
            time.sleep(1.0)


@functools.cache
def query_world_of(script: str) -> QueryWorld:
    """Return this process's world for a script: the path of a JSON file.

    The file holds idle_w and models; a model names the fields of `QueryBehaviour` that differ from the default, its
    phases as pairs of seconds and watts.
    """
    content: dict[str, Any] = json.loads(Path(script).read_text())
    models = {}
    for name, values in content.get("models", {}).items():
        pairs = values.pop("phases", None)
        phases = {phase: PhaseBehaviour(*pair) for phase, pair in pairs.items()} if pairs else DEFAULT.phases
        models[name] = QueryBehaviour(phases, **values)
    return QueryWorld(content.get("idle_w", 80.0), models)
