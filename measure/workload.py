"""What is measured: the workload protocol, what may go wrong with one, and the registry of those that exist."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Protocol, cast


class OutOfMemoryError(Exception):
    """A batch size needs more memory than the card has: an answer, not a failure."""


class UnsupportedError(Exception):
    """The model, or this batch size of it, cannot run in this runtime and precision."""


class BuildFailedError(Exception):
    """The model could not be built or compiled."""


class DeviceLostError(Exception):
    """The card's context is broken: nothing more can run in this process."""


@dataclass(frozen=True, order=True)
class ModelSpec:
    """A model at an input size.

    Attributes:
        model: Name as in the rows: an architecture, or architecture.tag with trained weights.
        input_size_px: Height and width of the input.
    """

    model: str
    input_size_px: int

    def __str__(self) -> str:
        return f"{self.model} at {self.input_size_px} px"


@dataclass(frozen=True)
class WorkloadOptions:
    """How models run.

    Attributes:
        runtime: pytorch, torchcompile or tensorrt.
        precision: fp32, fp32strict, fp16 or bf16.
        weights: random or pretrained.
        channels_last: Activations in channels-last order.
        inputs: randn, uniform or zeros.
        weights_file: Trained weights for --weights pretrained; "" takes timm's from the hub.
        script: For the simulated workload: a JSON file that says how it behaves.
    """

    runtime: str = "pytorch"
    precision: str = "fp32"
    weights: str = "random"
    channels_last: bool = False
    inputs: str = "randn"
    weights_file: str = ""
    script: str = ""


class Workload(Protocol):
    """A model on the card, ready to run batches."""

    def prepare(self, batch_size: int) -> None:
        """Make inputs of this batch size and run one batch.

        Raises:
            OutOfMemoryError: The card has too little memory.
            UnsupportedError: The model does not run.
            DeviceLostError: The context is broken.
        """
        ...

    def enqueue(self) -> None:
        """Queue one batch; may return before it has run. Raises as `prepare` does."""
        ...

    def wait(self) -> None:
        """Return when the oldest queued batch is done. Raises as `prepare` does."""
        ...

    def memory_mib(self) -> float:
        """Return the peak memory since `prepare`, without that of other models held, in MiB."""
        ...

    def weights_mib(self) -> float:
        """Return the memory of the weights, in MiB."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class WorkloadKind(Protocol):
    """A family of workloads: one module, whose functions these are."""

    def versions(self) -> dict[str, str]:
        """Return the names and versions of the software that runs the models."""
        ...

    def build(self, spec: ModelSpec, options: WorkloadOptions) -> Workload:
        """Put a model on the card.

        Raises:
            BuildFailedError: It could not be built.
            UnsupportedError: It cannot run in this runtime or precision.
            OutOfMemoryError: The card has too little memory for its weights.
        """
        ...


# Name on the command line, task folder under data/, module.
WORKLOADS = (
    ("timm", "image_classification", "measure.workloads.timm_models"),
    ("simulated", "image_classification", "measure.simulation"),
)


def workload_kind(name: str) -> WorkloadKind:
    """Import the workload of this name from the registry, or raise KeyError."""
    modules = {known: module for known, _, module in WORKLOADS}
    return cast("WorkloadKind", importlib.import_module(modules[name]))


def workload_task(name: str) -> str:
    """Return the folder under data/ that holds the models of this workload, or raise KeyError."""
    return {known: task for known, task, _ in WORKLOADS}[name]
