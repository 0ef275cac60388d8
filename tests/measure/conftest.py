"""A simulated card whose answers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from measure.model_run import Bench, ModelRun
from measure.protocol import SURVEY, Protocol
from measure.results import Row
from measure.simulation import Behaviour, World
from measure.trial import Trial
from measure.workload import ModelSpec, WorkloadOptions

SPEC = ModelSpec("resnet50", 224)


@dataclass
class Bed:
    """A world, the bench on it, and what the bench stored."""

    world: World
    bench: Bench
    rows: list[Row] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    steps: list[tuple[str, int | None]] = field(default_factory=list)

    def run(self, rows: list[Row] | None = None) -> ModelRun:
        return ModelRun(SPEC, rows or [], self.bench)


@pytest.fixture
def bed_of() -> Callable[..., Bed]:
    def make(behaviour: Behaviour | None = None, protocol: Protocol = SURVEY, world: World | None = None) -> Bed:
        world = world or World(models={SPEC.model: behaviour or Behaviour()})

        def store(row: Row, trial: Trial | None, reason: str) -> None:
            bed.rows.append(row)
            bed.reasons.append(reason)
            if trial is not None:
                bed.trials.append(trial)

        def step(_: ModelSpec, stage: str, batch_size: int | None) -> None:
            bed.steps.append((stage, batch_size))

        bench = Bench(world, WorkloadOptions(), world.meter, world.clock, protocol, step, store)
        bed = Bed(world, bench)
        return bed

    return make
