"""A process that fills the compiler's caches: models come in as lines of JSON, what became of each goes out."""

from __future__ import annotations

import json
import os
import sys

from measure.worker_process import die_with_parent
from measure.workload import (
    BuildFailedError,
    DeviceLostError,
    ModelSpec,
    OutOfMemoryError,
    UnsupportedError,
    WorkloadOptions,
)
from measure.workloads.timm_models import TimmWorkload


def serve(device: str = "cuda") -> None:
    """Compile what is asked for until there is no more: first a line of options, then a model a line."""
    die_with_parent()
    # The lines to the parent keep their own descriptor: what libraries print must not end up between them.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    options = WorkloadOptions(**json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        name, size_px, batch_size = json.loads(line)
        lines.write(json.dumps(_compiled(ModelSpec(name, size_px), options, batch_size, device)) + "\n")


def _compiled(spec: ModelSpec, options: WorkloadOptions, batch_size: int, device: str) -> str:
    """Return what went wrong; "" where nothing did."""
    try:
        workload = TimmWorkload(spec, options, device)
        try:
            workload.fill_caches(batch_size)
        finally:
            workload.close()
    except DeviceLostError:
        raise
    except (BuildFailedError, UnsupportedError, OutOfMemoryError) as error:
        return str(error)
    return ""


if __name__ == "__main__":
    serve(*sys.argv[1:])
