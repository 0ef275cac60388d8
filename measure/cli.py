"""The command joule-measure: run, resume, rate, doctor, probe, validate, report, precompile."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from builder.problems import UserError
from builder.tables.schema import PRECISIONS
from measure.cli_options import request_of, run_options
from measure.folder import Folder
from measure.precompile_cli import precompile
from measure.query_cli import rate
from measure.request import Request, chosen_cards, folder_of, models_of
from measure.selection import read_candidates, select
from measure.session import bench_card, measure_request, merge_tasks
from measure.validate import PARTS, Validation
from measure.workload import WORKLOADS, WorkloadOptions, workload_task

_REQUEST_FILE = "request.json"


class _Group(click.Group):
    """Catches UserError once, for every command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"joule-measure: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Measure the energy that models take on a GPU.

    Energy is the difference of NVML's total-energy counter (which zeus reads too), both ends aligned to an
    update of the counter while batches run.

    \b
    First time on a machine:
      joule-measure doctor                    can this machine measure?
      joule-measure probe                     what is the card's sensor like? (3 minutes)
      joule-measure run resnet50              one model
      joule-measure run --time-limit 3600     an hour of what models.csv lists and nobody measured yet
      joule-measure resume                    go on after any interruption
    """  # noqa: D301 (click reads the backspace)


@main.command()
@run_options
def run(**given: Any) -> None:
    """Measure models: names or globs, or everything in models.csv that is not measured yet.

    \b
    joule-measure run resnet50 'convnext_*' vit_base_patch16_224@224
    joule-measure run --precision fp16 --channels-last --gpus 0,1 --time-limit 3000
    joule-measure run 'resnet*' --protocol study --output /tmp/mine
    joule-measure run --executor slurm --slurm-tasks 8 --slurm-partition gpu

    Rows are appended and synced as each trial ends. Run the same command again, or resume, and it goes on.
    """  # noqa: D301 (click reads the backspace)
    request = request_of(given)
    found = chosen_cards(request) if given["executor"] == "local" else ()
    folder = folder_of(request, found)
    _store(request, folder.output)
    if given["executor"] == "slurm":
        _submit(request, folder, given)
        return
    measure_request(request)


@main.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("data/image_classification/measurements"),
    show_default=True,
    help="The interrupted run's folder.",
)
@click.option(
    "--time-limit", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="End cleanly within this time."
)
@click.option("--merge-only", is_flag=True, help="Merge what was measured (Slurm's tasks too) and measure nothing.")
def resume(output: Path, time_limit: float, *, merge_only: bool) -> None:
    """Go on with the last run of a folder, after any interruption; Slurm's tasks are merged first."""
    path = output / ".joule-measure" / _REQUEST_FILE
    if not path.exists():
        msg = f"{path} is missing: no run was begun there.\n  fix: joule-measure run, or name the folder with --output."
        raise UserError(msg)
    # What --again moved out is missing now, and so is measured; what it measured is not to be moved out too.
    request = replace(Request.from_json(path.read_text()), time_limit_s=time_limit, again=False)
    merged = merge_tasks(output)
    if merged:
        click.echo(f"merged the rows of {merged} tasks")
    if not merge_only:
        measure_request(request)


@main.command()
def doctor() -> None:
    """Say whether this machine can measure, and what to do where it cannot."""
    from measure.clock import RealClock
    from measure.doctor import examine, render

    findings = examine(RealClock())
    click.echo(render(findings))
    if any(finding.level == "fail" for finding in findings):
        sys.exit(1)


@main.command()
@click.option("--gpu", type=int, default=0, show_default=True, help="GPU as nvidia-smi numbers it.")
@click.option("--seconds", type=click.FloatRange(20), default=180.0, show_default=True, help="How long to probe.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="JSON file.  [default: measure/validation/<gpu>/probe.json]"
)
def probe(gpu: int, seconds: float, output: Path | None) -> None:
    """Characterise a GPU's sensors under known loads: update periods, rise times, counter against power."""
    from measure.clock import RealClock
    from measure.nvml import NvmlMeter, card

    found = card(gpu)
    os.environ["CUDA_VISIBLE_DEVICES"] = found.uuid
    from measure.probe import probe as probe_card
    from measure.workloads.burn import Burn

    report = probe_card(NvmlMeter(gpu), RealClock(), Burn(), seconds)
    content = {"gpu": found.slug, "driver": found.driver, "seconds": seconds} | dataclasses.asdict(report)
    path = output or Path("measure") / "validation" / found.slug / "probe.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2) + "\n"
    path.write_text(text)
    click.echo(text + f"stored in {path}")


@main.command()
@click.argument("patterns", nargs=-1, required=True, metavar="MODEL...")
@click.option("--gpu", type=int, default=0, show_default=True, help="GPU as nvidia-smi numbers it.")
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    help="repeats: survey five times; survey; study; inputs: randn, uniform, zeros; weights: random, trained; options: "
    "precisions, memory formats and the compiler. May be given again.",
)
@click.option("--precision", type=click.Choice(PRECISIONS), default="fp32", show_default=True, help="As in run.")
@click.option(
    "--weights-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Trained weights for --part weights: the model's tensors in its order.  [default: the hub's]",
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="As in run.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Folder of trials.csv and costs.csv.")
@click.option("--workload", type=click.Choice([name for name, _, _ in WORKLOADS]), default="timm", help="As in run.")
def validate(**given: Any) -> None:
    """Measure what shows whether a card's figures can be trusted; `joule-measure report` sums it up."""
    workload = given["workload"]
    options = WorkloadOptions(precision=given["precision"], weights_file=str(given["weights_file"] or ""))
    card = bench_card(workload, options, given["gpu"])
    candidates = read_candidates(given["data"] / workload_task(workload) / "models.csv", "random")
    specs = select(candidates, given["patterns"], "default")
    validation = Validation(card, given["output"], click.echo)
    for part in given["parts"] or PARTS:
        validation.run(part, specs)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--rows",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    multiple=True,
    help="A measurement file measured with this kind of card. May be given again.",
)
def report(folder: Path, rows: tuple[Path, ...]) -> None:
    """Write a validation folder's README.md from its raw rows, the same for the same rows."""
    from measure.report import report as summed_up

    path = folder / "README.md"
    path.write_text(summed_up(folder, rows))
    click.echo(f"wrote {path}")


main.add_command(precompile)
main.add_command(rate)


def _store(request: Request, output: Path) -> None:
    path = output / ".joule-measure" / _REQUEST_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(request.to_json())


def _submit(request: Request, folder: Folder, given: dict[str, Any]) -> None:
    from measure.slurm import SlurmOptions, submit

    models_of(request)  # says what is wrong with the names here, not on a node
    slurm = SlurmOptions(given["slurm_tasks"], given["slurm_partition"], given["slurm_minutes"], given["slurm_gpus"])
    absolute = replace(request, output=str(folder.output.resolve()), data=str(Path(request.data).resolve()))
    jobs = submit(absolute, slurm, folder.output.resolve() / ".joule-measure" / "slurm")
    click.echo(f"submitted {len(jobs)} tasks: {', '.join(str(job.job_id) for job in jobs)}")
    click.echo(f"when they are done: joule-measure resume --output {folder.output} --merge-only")
