"""The command `joule-measure rate`: from its options to a campaign of queries on one card."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from builder.problems import UserError
from builder.tables.schema import PRECISIONS, QUERY_PROVENANCE, RATED_MODELS
from measure.folder import Folder
from measure.provenance import read_provenance, surroundings, write_provenance
from measure.queries import PHASE_MIN_S, RUNS, SAMPLE_COUNT, TASK_NAMES, WARM_UPS, QueryOptions, QueryRules
from measure.query_campaign import QueryPlan, run_query_campaign
from measure.query_provenance import query_provenance
from measure.query_worker import QueryConfig


def rate_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of `rate`."""
    for option in reversed(
        (
            click.argument("task", type=click.Choice(TASK_NAMES), metavar="TASK"),
            click.argument("patterns", nargs=-1, metavar="[MODEL]..."),
            click.option("--gpu", type=int, default=0, show_default=True, help="GPU as nvidia-smi numbers it."),
            click.option(
                "--runtime",
                type=click.Choice(["pytorch", "torchcompile"]),
                default="pytorch",
                show_default=True,
                help="pytorch: eager; torchcompile: Inductor.",
            ),
            click.option(
                "--precision",
                type=click.Choice(PRECISIONS),
                default="fp32",
                show_default=True,
                help="The rating's is fp32, of text generation bf16.",
            ),
            click.option(
                "--weights",
                type=click.Choice(["random", "pretrained"]),
                default="random",
                show_default=True,
                help="random: the published architecture, no network needed; pretrained: from the hub.",
            ),
            click.option(
                "--samples",
                type=click.Choice(["synthetic", "hub"]),
                default="synthetic",
                show_default=True,
                help="synthetic: of the data sets' lengths and sizes; hub: from the data sets.",
            ),
            click.option(
                "--sample-count", type=click.IntRange(1), default=SAMPLE_COUNT, show_default=True, help="Of a run."
            ),
            click.option("--runs", type=click.IntRange(1), default=RUNS, show_default=True, help="Of each model."),
            click.option(
                "--warm-ups", type=click.IntRange(0), default=WARM_UPS, show_default=True, help="Batches before them."
            ),
            click.option(
                "--phase-seconds",
                type=click.FloatRange(0.5),
                default=PHASE_MIN_S,
                show_default=True,
                help="A phase is repeated until it lasts this long.",
            ),
            click.option(
                "--batch-size",
                "batch_sizes",
                type=click.IntRange(1),
                multiple=True,
                default=(1,),
                show_default=True,
                help="Queries in a batch; the rating's is 1. May be given again.",
            ),
            click.option(
                "--data",
                type=click.Path(path_type=Path),
                default=Path("data"),
                show_default=True,
                help="The project's data folder, which holds rated_models.csv.",
            ),
            click.option(
                "--output",
                type=click.Path(path_type=Path),
                help="Folder of <setup>.csv and <setup>.toml.  [default: queries/ of the task in --data]",
            ),
            click.option(
                "--records",
                type=click.Path(path_type=Path),
                help="Folder of costs.  [default: measure/validation/<gpu>/queries/<task>]",
            ),
            click.option(
                "--time-limit",
                type=click.FloatRange(0),
                default=0.0,
                metavar="SECONDS",
                help="End cleanly within this time; the same command goes on later.",
            ),
            click.option(
                "--run-time-limit",
                type=click.FloatRange(1),
                default=1800.0,
                show_default=True,
                metavar="SECONDS",
                help="A run, or building a model, that takes longer is given up.",
            ),
            click.option("--seed", type=int, default=0, show_default=True, help="Of samples and random weights."),
            click.option(
                "--author",
                default="Joule Atlas contributors",
                show_default=True,
                help="Who measures, for the provenance.",
            ),
            click.option("--url", default="", help="A page about the figures, for the provenance."),
            click.option(
                "--simulation", default="", metavar="JSON", help="Measure invented models as this file says; no GPU."
            ),
        )
    ):
        command = option(command)
    return command


@click.command()
@rate_options
def rate(**given: Any) -> None:
    """Measure a task's queries: names or globs, or all of rated_models.csv, the smallest first.

    \b
    joule-measure rate text_generation --precision bf16
    joule-measure rate speech_recognition 'openai/*' --sample-count 102 --runs 3 --time-limit 600
    joule-measure rate image_classification resnet50.a1_in1k --batch-size 1 --batch-size 16 --runtime torchcompile

    A row is appended and synced as each run ends. Run the same command again, and it goes on.
    """  # noqa: D301 (click reads the backspace)
    options = QueryOptions(
        task=given["task"],
        runtime=given["runtime"],
        precision=given["precision"],
        weights=given["weights"],
        samples=given["samples"],
        seed=given["seed"],
        script=given["simulation"],
    )
    rules = QueryRules(given["sample_count"], given["runs"], given["warm_ups"], given["phase_seconds"])
    models = chosen_models(given["data"] / options.task / Path(RATED_MODELS.path).name, given["patterns"])
    found = None
    if not given["simulation"]:
        from measure.nvml import card

        found = card(given["gpu"])
    here = surroundings(found, given["data"], {}, given["author"], given["url"])
    environment = {"CUDA_VISIBLE_DEVICES": found.uuid} if found else {}
    name = f"{here.gpu}_{options.runtime}_{options.precision}"
    records = given["records"] or Path("measure") / "validation" / here.gpu / "queries" / options.task
    folder = Folder(given["output"] or given["data"] / options.task / "queries", records, name)
    deadline_s = time.monotonic() + given["time_limit"] if given["time_limit"] else None
    config = QueryConfig(options, rules, given["gpu"], deadline_s)
    plan = QueryPlan(models, given["batch_sizes"], config, environment, given["run_time_limit"])
    earlier = read_provenance(folder.provenance)
    # Before anything runs: it says whether the rows there are of the same kind, and rows never stand alone.
    write_provenance(folder.provenance, query_provenance(here, options, rules, earlier), QUERY_PROVENANCE)
    outcome = run_query_campaign(plan, folder, click.echo)
    here = replace(here, versions=outcome.versions)
    write_provenance(folder.provenance, query_provenance(here, options, rules, earlier), QUERY_PROVENANCE)
    click.echo(
        f"{outcome.measured} measured, {len(outcome.failed)} without a figure, {outcome.left} left, "
        f"{outcome.restarts} restarts; rows in {folder.rows}"
    )
    for job, (status, reason) in outcome.failed.items():
        click.echo(f"  {job.model}, batch {job.batch_size}: {status} ({reason})")


def chosen_models(table: Path, patterns: Sequence[str]) -> list[str]:
    """Return the models of a task that any pattern names, the smallest first; without patterns all.

    Raises:
        UserError: The table is missing, or a pattern names no model.
    """
    if not table.exists():
        msg = f"{table} is missing.\n  fix: run in a checkout of the project, or name its folder with --data."
        raise UserError(msg)
    with table.open(newline="") as file:
        sizes = {row["model"]: float(row["parameters_m"]) for row in csv.DictReader(file)}
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in sizes):
            msg = f"{pattern!r} names no model.\n  expected: a name or glob of {table}"
            raise UserError(msg)
    named = [name for name in sizes if any(fnmatchcase(name, pattern) for pattern in patterns or ("*",))]
    return sorted(named, key=lambda name: (sizes[name], name))
