"""From a device to what every workload asks of it: precision, memory, waiting, and torch's errors translated."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import torch

from measure.workload import BuildFailedError, DeviceLostError, OutOfMemoryError, UnsupportedError

_MIB = 1024 * 1024
DTYPES = {"fp32": torch.float32, "fp32strict": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
# What torch says when the context is gone: every later call fails with the same words.
_CONTEXT_LOST = ("CUDA error", "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "CUBLAS_STATUS_EXECUTION_FAILED")
_QUERY_PACKAGES = ("torch", "transformers", "timm", "diffusers", "tokenizers", "triton")


class TorchCard:
    """The device that one model's queries run on."""

    def __init__(self, device: str, precision: str, seed: int) -> None:
        self.device = torch.device(device)
        self.dtype = DTYPES[precision]
        torch.manual_seed(seed)
        set_precision(precision)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)

    def wait(self) -> None:
        """Wait until the card has done what is queued."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def memory_mib(self) -> float:
        """Return torch's peak since this was made."""
        return torch.cuda.max_memory_allocated(self.device) / _MIB if self.device.type == "cuda" else 0.0

    def free(self) -> None:
        """Return torch's cached memory to the card."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def put(self, inputs: Any) -> dict[str, Any]:
        """Put named tensors on the card: numbers with a fraction in the models' precision."""
        return {
            name: value.to(self.device, dtype=self.dtype if value.is_floating_point() else None)
            for name, value in inputs.items()
        }


class translated:  # noqa: N801 - reads as a statement
    """Turn torch's errors into the workload's: while building into BuildFailedError, else into UnsupportedError."""

    def __init__(self, *, building: bool = False) -> None:
        self._kind = BuildFailedError if building else UnsupportedError

    def __enter__(self) -> None:
        """Watch."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise the workload's error."""
        known = (BuildFailedError, UnsupportedError, OutOfMemoryError, DeviceLostError)
        if not isinstance(error, Exception) or isinstance(error, known):
            return
        line = first_line(error)
        # Without the cause, whose traceback would hold the tensors of the failed batch.
        if isinstance(error, torch.cuda.OutOfMemoryError):
            raise OutOfMemoryError(line) from None
        if any(words in str(error) for words in _CONTEXT_LOST):
            raise DeviceLostError(line) from None
        raise self._kind(line) from None


def set_precision(precision: str) -> None:
    """Set PyTorch's defaults (TF32 in convolutions, not in matrix products), or forbid TF32 for fp32strict.

    They are the process's: set for every model, because another one may have changed them.
    """
    torch.backends.cudnn.allow_tf32 = precision != "fp32strict"
    torch.backends.cuda.matmul.allow_tf32 = False


def first_line(error: BaseException) -> str:
    """Return an error's kind and what it says first."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"[:300]


def versions(packages: Sequence[str] = _QUERY_PACKAGES) -> dict[str, str]:
    """Return the versions of the libraries that run the models, and of torch's CUDA."""
    found = {name: _version(name) for name in packages}
    found["cuda_runtime"] = str(torch.version.cuda)
    found["cudnn"] = str(torch.backends.cudnn.version())
    return {name: version for name, version in found.items() if version}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
