"""The options of `joule-measure run`, and from them to a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from builder.problems import UserError
from builder.tables.schema import PRECISIONS, RUNTIMES
from measure.protocol import PROTOCOLS
from measure.request import Request
from measure.workload import WORKLOADS, WorkloadOptions


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of `run`."""
    protocols = [protocol.name for protocol in PROTOCOLS]
    for option in reversed(
        (
            click.argument("patterns", nargs=-1, metavar="[MODEL]..."),
            click.option(
                "--runtime",
                type=click.Choice(RUNTIMES),
                default="pytorch",
                show_default=True,
                help="pytorch: eager; torchcompile: Inductor; tensorrt: through torch_tensorrt, to be installed.",
            ),
            click.option(
                "--precision",
                type=click.Choice(PRECISIONS),
                default="fp32",
                show_default=True,
                help="fp32: PyTorch's defaults, TF32 in convolutions alone; fp32strict: no TF32.",
            ),
            click.option(
                "--weights",
                type=click.Choice(["random", "pretrained"]),
                default="random",
                show_default=True,
                help="random: a row counts for the architecture; pretrained: names are architecture.tag, from the hub.",
            ),
            click.option("--channels-last", is_flag=True, help="Run activations in channels-last order."),
            click.option(
                "--inputs",
                type=click.Choice(["randn", "uniform", "zeros"]),
                default="randn",
                show_default=True,
                help="What the models are fed.",
            ),
            click.option(
                "--protocol",
                type=click.Choice(protocols),
                default="survey",
                show_default=True,
                help="survey: about 7 s a model; study: every batch size, windows of 10 s.",
            ),
            click.option(
                "--final-trials",
                type=click.IntRange(0, 100),
                default=0,
                help="Final trials of each model, instead of the protocol's.",
            ),
            click.option(
                "--sizes",
                type=click.Choice(["default", "all", "other"]),
                default="default",
                show_default=True,
                help="Input sizes: the usual one of each architecture, all, or all but the usual.",
            ),
            click.option(
                "--gpus",
                default="",
                metavar="LIST",
                help="GPUs as nvidia-smi numbers them: 0,1. All by default; one worker each.",
            ),
            click.option(
                "--data",
                type=click.Path(path_type=Path),
                default=Path("data"),
                show_default=True,
                help="The project's data folder, which holds models.csv.",
            ),
            click.option(
                "--output",
                type=click.Path(path_type=Path),
                help="Folder of <setup>.csv and <setup>.toml.  [default: measurements/ of the task in --data]",
            ),
            click.option(
                "--records",
                type=click.Path(path_type=Path),
                help="Folder of sentinels, costs and traces.  [default: measure/validation/<gpu>]",
            ),
            click.option(
                "--time-limit",
                type=click.FloatRange(0),
                default=0.0,
                metavar="SECONDS",
                help="End cleanly within this time; resume goes on later.",
            ),
            click.option(
                "--trial-time-limit",
                type=click.FloatRange(1),
                default=60.0,
                show_default=True,
                metavar="SECONDS",
                help="A trial, or building a model, that takes longer is given up. Compilers need more.",
            ),
            click.option(
                "--no-sentinels", is_flag=True, help="Do not measure the five sentinels at the start and the end."
            ),
            click.option(
                "--keep-traces", is_flag=True, help="Keep every trial's counter updates and power samples as Parquet."
            ),
            click.option(
                "--batch-sizes-from",
                type=click.Path(path_type=Path),
                metavar="CSV",
                help="Take batch sizes from another setup's file, and search those of other models: a compiler needs "
                "minutes for each size that is tried.",
            ),
            click.option(
                "--compile-cache",
                type=click.Path(path_type=Path),
                metavar="DIR",
                help="The compiler's caches, as joule-measure precompile filled them.",
            ),
            click.option(
                "--again",
                is_flag=True,
                help="Measure models that have rows; these move to <setup>_superseded.csv in --records.",
            ),
            click.option("--seed", type=int, default=0, show_default=True, help="Of the order of final trials."),
            click.option(
                "--author",
                default="Joule Atlas contributors",
                show_default=True,
                help="Who measures, for the provenance.",
            ),
            click.option(
                "--url",
                default="",
                help="A page about the figures, for the provenance; left out where there is none.",
            ),
            click.option(
                "--executor",
                type=click.Choice(["local", "slurm"]),
                default="local",
                show_default=True,
                help="slurm: split the campaign into an array of tasks through submitit.",
            ),
            click.option("--slurm-tasks", type=click.IntRange(1), default=1, show_default=True, help="Array tasks."),
            click.option("--slurm-partition", default="", help="Partition."),
            click.option(
                "--slurm-minutes", type=click.IntRange(1), default=60, show_default=True, help="Time limit of a task."
            ),
            click.option(
                "--slurm-gpus",
                type=click.IntRange(0),
                default=1,
                show_default=True,
                help="GPUs of a task; 0 asks for none.",
            ),
            click.option(
                "--workload",
                type=click.Choice([name for name, _, _ in WORKLOADS]),
                default="timm",
                show_default=True,
                help="simulated: invented models on a replayed meter; needs no GPU.",
            ),
            click.option("--simulation", default="", metavar="JSON", help="How simulated models behave."),
            click.option("--workers", type=click.IntRange(1, 64), default=1, help="Workers of the simulated workload."),
        )
    ):
        command = option(command)
    return command


def request_of(given: dict[str, Any]) -> Request:
    """Return the request that these options make; raise UserError where they do not fit together."""
    gpus = [part for part in given["gpus"].split(",") if part.strip()]
    if not all(part.strip().isdigit() for part in gpus):
        msg = f"--gpus {given['gpus']}\n  expected: numbers as nvidia-smi shows them, such as 0,1"
        raise UserError(msg)
    options = WorkloadOptions(
        given["runtime"],
        given["precision"],
        given["weights"],
        given["channels_last"],
        given["inputs"],
        script=given["simulation"],
    )
    if given["again"] and not given["patterns"]:
        raise UserError("--again needs the names of the models that are to be measured again.")
    output = given["output"]
    if given["executor"] == "slurm" and output is None:
        raise UserError("--executor slurm needs --output: a folder that every node sees.")
    return Request(
        patterns=given["patterns"],
        sizes=given["sizes"],
        workload=given["workload"],
        options=options,
        protocol=given["protocol"],
        final_trials=given["final_trials"],
        gpus=tuple(int(part) for part in gpus),
        workers=given["workers"],
        data=str(given["data"]),
        output=str(output) if output else "",
        records=str(given["records"]) if given["records"] else "",
        time_limit_s=given["time_limit"],
        step_limit_s=given["trial_time_limit"],
        sentinels=not given["no_sentinels"],
        keep_traces=given["keep_traces"],
        seed=given["seed"],
        again=given["again"],
        compile_cache=str(given["compile_cache"]) if given["compile_cache"] else "",
        batch_sizes_from=str(given["batch_sizes_from"]) if given["batch_sizes_from"] else "",
        author=given["author"],
        url=given["url"],
    )
