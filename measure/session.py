"""From a request to a finished campaign on this machine: its rows, its provenance, and what the user is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from measure.campaign import Outcome, run_campaign
from measure.folder import Folder
from measure.progress import progress_for
from measure.provenance import SIMULATED_GPU, read_provenance, write_provenance
from measure.request import Request, chosen_cards, describe, folder_of, plan_of
from measure.results import HEADER, merge, read_rows
from measure.slurm import task_outputs
from measure.stability import final_trial_warnings, sentinel_drift, sentinel_warnings
from measure.validate import Card as BenchCard
from measure.workload import WorkloadOptions, workload_kind


def measure_request(request: Request) -> Outcome:
    """Measure a request on this machine, and write its provenance."""
    found = chosen_cards(request)
    folder = folder_of(request, found)
    content = describe(request, found, folder, {})  # before anything runs: are the rows there of the same kind?
    try:
        outcome = run_campaign(plan_of(request, found, folder), folder, progress_for(sys.stdout))
        content = describe(request, found, folder, outcome.versions)
    finally:
        if folder.rows.exists():
            write_provenance(folder.provenance, content)
    _summarise(outcome, folder)
    return outcome


def merge_tasks(output: Path) -> int:
    """Merge the rows of Slurm's tasks into the campaign's; return how many tasks had any."""
    merged = 0
    for task in task_outputs(output):
        for rows in task.glob("*.csv"):
            Folder(task, task, rows.stem).merge_rows()
            merge(output / rows.name, [rows], HEADER)
            merged += 1
            described = read_provenance(rows.with_suffix(".toml"))
            if described is not None and not (output / rows.name).with_suffix(".toml").exists():
                write_provenance((output / rows.name).with_suffix(".toml"), described)
    return merged


def bench_card(workload: str, options: WorkloadOptions, gpu: int) -> BenchCard:
    """Return the card for a command that measures in its own process."""
    if workload == "simulated":
        from measure.simulation import world_of

        world = world_of(options.script)
        return BenchCard(workload_kind(workload), options, world.meter, world.clock, str(gpu), SIMULATED_GPU)
    from measure.clock import RealClock
    from measure.nvml import NvmlMeter, card

    found = card(gpu)
    os.environ["CUDA_VISIBLE_DEVICES"] = found.uuid
    return BenchCard(workload_kind(workload), options, NvmlMeter(gpu), RealClock(), str(gpu), found.short_uuid)


def _summarise(outcome: Outcome, folder: Folder) -> None:
    click.echo(
        f"{outcome.measured} measured, {len(outcome.failed)} without a figure, {outcome.left} left, "
        f"{outcome.restarts} restarts; rows in {folder.rows}"
    )
    for spec, status in sorted(outcome.failed.items()):
        click.echo(f"  {spec}: {status}")
    for (device, model), drift in sentinel_drift(outcome.sentinels).items():
        click.echo(f"  sentinel {model} on GPU {device}: {drift:+.2%}")
    for warning in [*sentinel_warnings(outcome.sentinels), *final_trial_warnings(read_rows(folder.rows))]:
        click.echo(f"warning: {warning}")
