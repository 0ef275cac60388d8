"""The command `joule-atlas new`: what a contributor adds into files to fill in, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.problems import shown_path
from builder.tables.schema import PRECISIONS, RUNTIMES

if TYPE_CHECKING:
    from builder.tables.scaffold import Draft

_NEXT = "Fill in what joule-atlas check names, then run it again; data/README.md has every column and field."


def _options(*, task: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(command: Callable[..., None]) -> Callable[..., None]:
        folder = click.Path(path_type=Path)
        if task:
            command = click.option("--task", default="image_classification", show_default=True, help="Its task.")(
                command
            )
        return click.option("--data", default=Path("data"), show_default=True, type=folder, help="Folder of the data.")(
            command
        )

    return add


@click.group()
def new() -> None:
    """Write the files of a new setup, task or model, to be filled in; nothing is overwritten."""


@new.command()
@click.argument("gpu")
@click.argument("runtime", type=click.Choice(RUNTIMES))
@click.argument("precision", type=click.Choice(PRECISIONS))
@click.option("--queries", is_flag=True, help="For query runs of a rated task, and not for measurements.")
@_options(task=True)
def setup(gpu: str, runtime: str, precision: str, queries: bool, **given: Any) -> None:
    """Write a setup's two files, for figures from elsewhere.

    joule-measure writes those of what it measures.
    """
    from builder.tables.scaffold import new_query_setup, new_setup

    drafts = new_query_setup if queries else new_setup
    _write(drafts(given["data"], given["task"], gpu, runtime, precision))


@new.command()
@click.argument("name")
@click.option("--rated", is_flag=True, help="Models are rated by the energy of queries; no plane of accuracy.")
@_options(task=False)
def task(name: str, rated: bool, data: Path) -> None:
    """Write a task's folder: task.toml and its tables."""
    from builder.tables.scaffold import new_task

    _write(new_task(data, name, rated=rated))


@new.command()
@click.argument("name")
@click.argument("input_size_px", type=int, required=False)
@click.option("--rated", is_flag=True, help="For a rated model, in a task that has others as well.")
@_options(task=True)
def model(name: str, input_size_px: int | None, rated: bool, **given: Any) -> None:
    """Write a model's lines, one a test set among them.

    Its architecture has one as well where no pattern of architectures.csv matches it. Without an input size it is a
    rated model, with one line.
    """
    if rated and input_size_px is not None:
        raise click.UsageError("A rated model has no input size: leave out one of the two.")
    from builder.tables.scaffold import new_model, new_rated_model

    data, task = given["data"], given["task"]
    if input_size_px is None:
        _write(new_rated_model(data, task, name, meant=rated))
    else:
        _write(new_model(data, task, name, input_size_px))


def _write(drafts: tuple[Draft, ...]) -> None:
    from builder.tables.scaffold import write

    write(drafts)
    for draft in drafts:
        lines = f"{draft.added} line{'' if draft.added == 1 else 's'} more"
        click.echo(f"{shown_path(draft.path)}: {'new' if draft.new else lines}")
    click.echo(_NEXT)
