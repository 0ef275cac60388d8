"""From an eager model to one compiled for a runtime: as it is, torch.compile (Inductor), or TensorRT."""

from __future__ import annotations

import importlib.util
from typing import Any

import torch

from measure.workload import BuildFailedError, OutOfMemoryError, UnsupportedError


def compile_for(runtime: str, model: Any, inputs: Any) -> Any:
    """Compile a model for a runtime and these inputs' shape.

    Raises:
        BuildFailedError: The compiler gave up.
        UnsupportedError: The runtime is not installed.
        OutOfMemoryError: Compiling needs more memory than the card has.
    """
    if runtime == "pytorch":
        return model
    compiler = {"torchcompile": _inductor, "tensorrt": _tensorrt}[runtime]
    try:
        return compiler(model, inputs)
    except (UnsupportedError, BuildFailedError):
        raise
    except torch.cuda.OutOfMemoryError as error:
        raise OutOfMemoryError(str(error)) from error
    except Exception as error:  # compilers raise whatever they raise
        msg = f"{runtime}: {type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"
        raise BuildFailedError(msg[:300]) from error


def _inductor(model: Any, inputs: Any) -> Any:
    """Compile with Inductor for exactly this shape; the first call compiles."""
    torch._dynamo.reset()
    compiled = torch.compile(model, dynamic=False)
    compiled(inputs)
    return compiled


def _tensorrt(model: Any, inputs: Any) -> Any:
    """Export the model and compile it with Torch-TensorRT's Dynamo front end; types are those of the model."""
    if importlib.util.find_spec("torch_tensorrt") is None:
        msg = "TensorRT needs torch_tensorrt of the same release as torch: pip install torch-tensorrt"
        raise UnsupportedError(msg)
    import torch_tensorrt

    exported = torch.export.export(model, (inputs,))
    return torch_tensorrt.dynamo.compile(exported, arg_inputs=[inputs], use_explicit_typing=True)
