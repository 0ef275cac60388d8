"""From an eager model to one compiled for a runtime: as it is, torch.compile (Inductor), or TensorRT."""

from __future__ import annotations

import importlib.util
from typing import Any

import torch

from measure.workload import BuildFailedError, OutOfMemoryError, UnsupportedError

# Far more models than wait for their final trials at once.
_MOST_COMPILED = 256
_compiled_held = 0


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


def compiled_is_gone(runtime: str) -> None:
    """Let the compiler forget all models once the last one that it compiled is no longer used."""
    global _compiled_held  # noqa: PLW0603 - the compiler's caches are the process's
    if runtime == "torchcompile":
        _compiled_held -= 1
        if _compiled_held == 0:
            torch._dynamo.reset()


def _inductor(model: Any, inputs: Any) -> Any:
    """Compile with Inductor for exactly this shape; the first call compiles.

    Dynamo keeps what it compiled with the code of `forward`, which all models of a family share: to forget one is to
    forget all, and past a limit of eight it would silently run the next one uncompiled.
    """
    global _compiled_held  # noqa: PLW0603 - see `compiled_is_gone`
    torch._dynamo.config.recompile_limit = _MOST_COMPILED
    torch._dynamo.config.fail_on_recompile_limit_hit = True
    compiled = torch.compile(model, dynamic=False)
    compiled(inputs)
    _compiled_held += 1
    return compiled


def fill_caches(model: Any, inputs: Any) -> None:
    """Compile with Inductor for these inputs as `compile_for` does, into its caches on disk, and run nothing.

    Of a model that Dynamo cuts into several graphs it is the first alone: to come to the next, it would have to run.
    """
    from torch._dynamo.exc import BackendCompilerFailed
    from torch._inductor.compile_fx import compile_fx

    def backend(graph: Any, example_inputs: Any) -> Any:
        compile_fx(graph, example_inputs)
        raise _CompiledError

    torch._dynamo.reset()
    try:
        torch.compile(model, backend=backend, dynamic=False)(inputs)
    except BackendCompilerFailed as error:
        if not isinstance(error.inner_exception, _CompiledError):
            raise


class _CompiledError(Exception):
    """The graph is compiled; it is not to run."""


def _tensorrt(model: Any, inputs: Any) -> Any:
    """Export the model and compile it with Torch-TensorRT's Dynamo front end; types are those of the model."""
    if importlib.util.find_spec("torch_tensorrt") is None:
        msg = "TensorRT needs torch_tensorrt of the same release as torch: pip install torch-tensorrt"
        raise UnsupportedError(msg)
    import torch_tensorrt

    exported = torch.export.export(model, (inputs,))
    return torch_tensorrt.dynamo.compile(exported, arg_inputs=[inputs], use_explicit_typing=True)
