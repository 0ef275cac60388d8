"""From a request to a Slurm array through submitit: each task measures its share into files of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.problems import UserError
from measure.request import Request


@dataclass(frozen=True)
class SlurmOptions:
    """What Slurm is asked for.

    Attributes:
        tasks: Array tasks: the campaign is split into as many shares.
        partition: Partition; "" for the cluster's default.
        minutes: Time limit of a task.
        gpus: GPUs of a task; 0 asks for none.
    """

    tasks: int
    partition: str
    minutes: int
    gpus: int


def task_request(request: Request, task: int, tasks: int) -> Request:
    """Return one task's request: every n-th model, into files below the campaign's own."""
    output = Path(request.output) / ".joule-measure" / "tasks" / f"task-{task}"
    return replace(
        request,
        share=(task, tasks),
        output=str(output),
        records=str(output / "records"),
        gpus=(),
        seed=request.seed + task,
    )


def task_outputs(output: Path) -> list[Path]:
    """Return the folders that tasks have written to."""
    return sorted((output / ".joule-measure" / "tasks").glob("task-*"))


def run_task(text: str) -> str:
    """Measure one task's share; what submitit runs on the node. Return a line on what became of it."""
    from measure.session import measure_request

    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    outcome = measure_request(Request.from_json(text))
    return f"{outcome.measured} measured, {len(outcome.failed)} without a figure, {outcome.left} left"


def submit(request: Request, slurm: SlurmOptions, log_folder: Path) -> Sequence[Any]:
    """Submit the array; return submitit's jobs.

    Raises:
        UserError: submitit or Slurm is not installed, or Slurm refuses the array.
    """
    try:
        import submitit
    except ModuleNotFoundError as error:
        msg = "--executor slurm needs submitit.\n  fix: pip install 'joule-atlas[measure]'"
        raise UserError(msg) from error
    try:
        executor = submitit.SlurmExecutor(folder=str(log_folder))
    except RuntimeError as error:
        msg = f"Slurm is not here: {error}.\n  fix: submit from a login node, or measure with --executor local."
        raise UserError(msg) from error
    wanted: dict[str, Any] = {"job_name": "joule-measure", "time": slurm.minutes, "array_parallelism": slurm.tasks}
    if slurm.partition:
        wanted["partition"] = slurm.partition
    if slurm.gpus:
        wanted["gres"] = f"gpu:{slurm.gpus}"
    executor.update_parameters(**wanted)
    texts = [task_request(request, task, slurm.tasks).to_json() for task in range(slurm.tasks)]
    try:
        return list(executor.map_array(run_task, texts))
    except submitit.core.utils.FailedJobError as error:
        msg = f"Slurm refused the array: {error}.\n  fix: check --slurm-partition and the limits of the cluster."
        raise UserError(msg) from error
