"""The command `joule-measure precompile`: from its options to filled compiler caches."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from builder.problems import UserError
from builder.tables.schema import PRECISIONS
from measure.nvml import card
from measure.precompile import Compilers
from measure.precompile import precompile as fill
from measure.request import batch_sizes_of
from measure.selection import read_candidates, select
from measure.workload import WorkloadOptions, workload_task


@click.command()
@click.argument("patterns", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--batch-sizes-from",
    type=click.Path(path_type=Path),
    required=True,
    metavar="CSV",
    help="Another setup's file: its models and their batch sizes.",
)
@click.option(
    "--cache", type=click.Path(path_type=Path), required=True, help="Folder of the compiler's caches, for run."
)
@click.option("--gpu", type=int, default=0, show_default=True, help="GPU as nvidia-smi numbers it; nobody measures it.")
@click.option("--processes", type=click.IntRange(1), default=8, show_default=True, help="How many compile at once.")
@click.option("--precision", type=click.Choice(PRECISIONS), default="fp16", show_default=True, help="As in run.")
@click.option("--channels-last", is_flag=True, help="As in run.")
@click.option(
    "--time-limit", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="End within this time; 0: none."
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="As in run.")
def precompile(patterns: tuple[str, ...], gpu: int, data: Path, **given: Any) -> None:
    """Compile models for `run --runtime torchcompile` beforehand, many at once, on a GPU that nobody measures.

    \b
    joule-measure precompile --batch-sizes-from h200_pytorch_fp16.csv --cache /tmp/inductor --gpu 1 --processes 12
    joule-measure run --runtime torchcompile --precision fp16 --batch-sizes-from h200_pytorch_fp16.csv \\
      --compile-cache /tmp/inductor

    Models and inputs are put on the GPU, and compiled kernels loaded, but none is run.
    """  # noqa: D301 (click reads the backspace)
    sizes = batch_sizes_of(given["batch_sizes_from"])
    candidates = read_candidates(data / workload_task("timm") / "models.csv", "random")
    jobs = [(spec, sizes[spec]) for spec in select(candidates, patterns, "all") if spec in sizes]
    if not jobs:
        msg = f"{given['batch_sizes_from']} holds no final trial of these models.\n  fix: measure them there first."
        raise UserError(msg)
    compilers = Compilers(
        options=WorkloadOptions("torchcompile", given["precision"], channels_last=given["channels_last"]),
        cache=given["cache"],
        processes=given["processes"],
        deadline_s=time.monotonic() + given["time_limit"] if given["time_limit"] else None,
        environment={"CUDA_VISIBLE_DEVICES": card(gpu).uuid},
    )
    compiled = fill(jobs, compilers, click.echo)
    click.echo(f"{compiled} of {len(jobs)} models compiled into {given['cache']}")
