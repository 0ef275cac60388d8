"""From a timm name to a model that runs on the card: eager, torch.compile or TensorRT, in four precisions."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import timm
import torch

from measure.workload import (
    BuildFailedError,
    ModelSpec,
    OutOfMemoryError,
    WorkloadOptions,
)
from measure.workloads import torch_card
from measure.workloads.runtimes import compile_for, compiled_is_gone, fill_caches
from measure.workloads.torch_card import DTYPES, first_line, set_precision, translated
from measure.workloads.weight_files import load_weights

_MIB = 1024 * 1024
_PACKAGES = ("torch", "timm", "torch_tensorrt", "triton")
# Random weights and inputs are the same in every run: what a card takes depends a little on the numbers that it moves.
_SEED = 0


class TimmWorkload:
    """A timm model on the first visible device."""

    def __init__(self, spec: ModelSpec, options: WorkloadOptions, device: str = "cuda") -> None:
        self._device = torch.device(device)
        self._options = options
        self._spec = spec
        self._dtype = DTYPES[options.precision]
        set_precision(options.precision)
        self._eager = _on_device(spec, options, self._dtype, self._device)
        self._model: Any = self._eager
        self._weights = sum(
            tensor.numel() * tensor.element_size() for tensor in [*self._eager.parameters(), *self._eager.buffers()]
        )
        self._inputs: Any = None
        self._events: deque[Any] = deque()
        self._held_before = 0

    def prepare(self, batch_size: int) -> None:
        """Make inputs, compile where the runtime does, and run one batch; nothing where this batch is ready."""
        self._events.clear()
        if self._inputs is not None and len(self._inputs) == batch_size:
            self._count_memory(held_inputs=self._inputs.numel() * self._inputs.element_size())
            return
        self._forget_batch()
        with translated(), torch.inference_mode():
            self._count_memory(held_inputs=0)
            inputs = _inputs(batch_size, self._spec.input_size_px, self._options, self._dtype, self._device)
            self._model = compile_for(self._options.runtime, self._eager, inputs)
            self._model(inputs)
            self._synchronize()
            self._inputs = inputs

    def fill_caches(self, batch_size: int) -> None:
        """Compile for this batch size into the compiler's caches, and run nothing."""
        with translated(building=True), torch.inference_mode():
            inputs = _inputs(batch_size, self._spec.input_size_px, self._options, self._dtype, self._device)
            fill_caches(self._eager, inputs)

    def enqueue(self) -> None:
        """Queue one batch and an event behind it."""
        with translated(), torch.inference_mode():
            self._model(self._inputs)
            if self._device.type == "cuda":
                event = torch.cuda.Event()
                event.record()
                self._events.append(event)

    def wait(self) -> None:
        """Wait for the oldest event."""
        with translated():
            if self._device.type == "cuda":
                self._events.popleft().synchronize()

    def memory_mib(self) -> float:
        """Return torch's peak, without the weights of other models that are held."""
        if self._device.type != "cuda":
            return 0.0
        peak = torch.cuda.max_memory_allocated(self._device)
        return float(peak - self._held_before + self._weights) / _MIB

    def weights_mib(self) -> float:
        """Return the size of parameters and buffers."""
        return float(self._weights) / _MIB

    def close(self) -> None:
        """Drop the model and return torch's cached memory to the card."""
        self._events.clear()
        self._forget_batch()
        self._eager = self._model = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _forget_batch(self) -> None:
        """Drop the inputs, and what was compiled for them."""
        self._inputs = None
        if self._model is not self._eager:
            self._model = self._eager
            compiled_is_gone(self._options.runtime)

    def _count_memory(self, *, held_inputs: int) -> None:
        """Begin a new peak, and note what other models hold."""
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)
            self._held_before = torch.cuda.memory_allocated(self._device) - held_inputs

    def _synchronize(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)


def build(spec: ModelSpec, options: WorkloadOptions) -> TimmWorkload:
    """Put a timm model on the first visible device, ready for `prepare`."""
    return TimmWorkload(spec, options)


def versions() -> dict[str, str]:
    """Return the versions of torch, its CUDA libraries and timm."""
    return torch_card.versions(_PACKAGES)


def create_model(spec: ModelSpec, pretrained: bool) -> Any:
    """Create a timm model for an input size: convolutional networks take any, others are built for theirs.

    Raises:
        BuildFailedError: timm does not know the name or cannot build it.
    """
    config = timm.get_pretrained_cfg(spec.model, allow_unregistered=True)
    try:
        if config is not None and config.input_size[-1] == spec.input_size_px:
            return timm.create_model(spec.model, pretrained=pretrained)
        try:
            return timm.create_model(spec.model, pretrained=pretrained, img_size=spec.input_size_px)
        except TypeError:
            return timm.create_model(spec.model, pretrained=pretrained)
    except torch.cuda.OutOfMemoryError as error:
        raise OutOfMemoryError(str(error)) from error
    except Exception as error:  # timm raises whatever its models raise
        raise BuildFailedError(first_line(error)) from error


def _on_device(spec: ModelSpec, options: WorkloadOptions, dtype: Any, device: Any) -> Any:
    pretrained = options.weights == "pretrained" and not options.weights_file
    torch.manual_seed(_SEED)
    try:
        # Initialising on the card takes a tenth of the time; a few models mix in arrays of the host and cannot.
        with torch.device(device):
            model = create_model(spec, pretrained)
    except BuildFailedError:
        model = create_model(spec, pretrained)
    with translated():
        if options.weights == "pretrained" and options.weights_file:
            load_weights(model, Path(options.weights_file))
        model = model.eval().requires_grad_(False).to(device=device, dtype=dtype)
        return model.to(memory_format=torch.channels_last) if options.channels_last else model


def _inputs(batch_size: int, size_px: int, options: WorkloadOptions, dtype: Any, device: Any) -> Any:
    makers = {"randn": torch.randn, "uniform": torch.rand, "zeros": torch.zeros}
    torch.manual_seed(_SEED)
    inputs = makers[options.inputs](batch_size, 3, size_px, size_px, dtype=dtype, device=device)
    return inputs.to(memory_format=torch.channels_last) if options.channels_last else inputs
