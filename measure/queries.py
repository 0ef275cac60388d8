"""What a rating measures: the tasks, a task's workload, how its models run, and the rules of a run."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

Sample = Mapping[str, Any]

# The ten tasks of the AI Energy Score, each with its module.
TASKS = (
    ("text_generation", "measure.workloads.text_generation"),
    ("summarization", "measure.workloads.summarization"),
    ("question_answering", "measure.workloads.question_answering"),
    ("text_classification", "measure.workloads.text_classification"),
    ("semantic_similarity", "measure.workloads.semantic_similarity"),
    ("image_classification", "measure.workloads.image_classification"),
    ("object_detection", "measure.workloads.object_detection"),
    ("speech_recognition", "measure.workloads.speech_recognition"),
    ("text_to_image", "measure.workloads.text_to_image"),
    ("image_to_text", "measure.workloads.image_to_text"),
)
TASK_NAMES = tuple(name for name, _ in TASKS)

# The conditions of the AI Energy Score: 1,000 samples, 10 warm-up runs, ten runs averaged, one query at a time.
SAMPLE_COUNT = 1000
WARM_UPS = 10
RUNS = 10

# An H200's counter advances every 100 ms (`joule-measure probe`): shorter phases are repeated until they hold a few
# updates.
PHASE_MIN_S = 0.6
# The first update interval of a phase may still hold the end of the phase before it.
PHASE_SETTLE_S = 0.1
# Three intervals between updates: at 2 ms of doubt about each end, 1 %.
MIN_PHASE_UPDATES = 4
# A phase that holds too few updates is repeated up to this many times its shortest length.
PHASE_PATIENCE = 5.0
# Queries that go through all phases together: what a phase leaves for the next one must stay on the card.
CHUNK_ITEMS = 128
# Energy counter over integrated power samples. Wider than for the level load of a measurement window (5 %): a run's
# power steps from phase to phase, and the power field follows up to 100 ms later, a twelfth of the shortest run.
MIN_QUERY_POWER_RATIO = 0.8
MAX_QUERY_POWER_RATIO = 1.2


@dataclass(frozen=True)
class QueryOptions:
    """How the models of a task run.

    Attributes:
        task: One of TASK_NAMES.
        runtime: pytorch or torchcompile.
        precision: fp32, fp32strict, fp16 or bf16.
        weights: random or pretrained.
        samples: synthetic or hub.
        seed: Of synthetic samples and random weights.
        script: For simulated workloads: a JSON file that says how they behave; "" for real ones.
    """

    task: str
    runtime: str = "pytorch"
    precision: str = "fp32"
    weights: str = "random"
    samples: str = "synthetic"
    seed: int = 0
    script: str = ""


@dataclass(frozen=True)
class QueryRules:
    """How a model's queries are measured.

    Attributes:
        sample_count: Queries of a run.
        runs: Runs of a model at one batch size.
        warm_ups: Fewest batches run before the first run and not measured; 0 for none, else every sample once.
        phase_min_s: A phase is repeated until it has lasted this long.
    """

    sample_count: int = SAMPLE_COUNT
    runs: int = RUNS
    warm_ups: int = WARM_UPS
    phase_min_s: float = PHASE_MIN_S


class QueryWorkload(Protocol):
    """A model on the card, ready for queries."""

    @property
    def phases(self) -> tuple[str, ...]:
        """Return the names of its phases in order: those of the schema's columns."""
        ...

    def run(self, phase: str, work: Any) -> Any:
        """Take one batch through a phase and wait until the card is done.

        Args:
            phase: One of `phases`.
            work: The batch's samples for the first phase, then what the phase before returned. It may be taken
                through the same phase again.

        Returns:
            What the next phase takes.

        Raises:
            OutOfMemoryError: The card has too little memory.
            UnsupportedError: The model does not run.
            DeviceLostError: The context is broken.
        """
        ...

    def output_tokens(self, work: Any) -> int | None:
        """Return the tokens in what the last phase returned for one batch; None where a model makes no tokens."""
        ...

    def memory_mib(self) -> float:
        """Return the peak memory since the model was built, in MiB."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class TaskModule(Protocol):
    """A module of `measure.workloads` that builds the workloads of a task."""

    def build(self, model: str, options: QueryOptions, device: str = "cuda") -> QueryWorkload:
        """Put a model on the card.

        Raises:
            BuildFailedError: It could not be built.
            UnsupportedError: Its configuration is not known, or it cannot run in this runtime or precision.
            OutOfMemoryError: The card has too little memory for its weights.
        """
        ...

    def versions(self) -> dict[str, str]:
        """Return the names and versions of the software that runs the models."""
        ...


def task_module(task: str) -> TaskModule:
    """Import the module of a task, or raise KeyError."""
    return cast("TaskModule", importlib.import_module(dict(TASKS)[task]))


def batches(samples: Sequence[Sample], batch_size: int) -> list[Sequence[Sample]]:
    """Cut samples into batches; the last one may be smaller."""
    return [samples[start : start + batch_size] for start in range(0, len(samples), batch_size)]
