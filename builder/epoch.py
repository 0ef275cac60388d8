"""The command `joule-atlas epoch`: the energies of today's rated models into a file that stars stand on from now on."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.problems import UserError, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.analysis.leaderboards import Leaderboard


@click.command()
@click.option(
    "--data", default=Path("data"), show_default=True, type=click.Path(path_type=Path), help="Folder of the data."
)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), default=lambda: datetime.datetime.now(datetime.UTC), help="Its date."
)
def epoch(data: Path, day: datetime.datetime) -> None:
    """Freeze the range of energy that the stars of each task and class stand on.

    The new file is named after its content; check refuses it when it is changed. Earlier epochs stay as they are.
    """
    from builder.analysis.leaderboards import leaderboards
    from builder.tables.database import build_database

    with build_database(data) as connection:
        content, ratings = epoch_table(leaderboards(connection, frozen=False).values())
    path = write_epoch(data, content, day.date())
    click.echo(f"{shown_path(path)}: {ratings} rating{'' if ratings == 1 else 's'} frozen")


def epoch_table(boards: Iterable[Leaderboard]) -> tuple[str, int]:
    """Return the epoch as CSV, and how many ratings it freezes: those of classes that have stars.

    Raises:
        UserError: No class has as many models as stars take.
    """
    from builder.tables.reader import header_line, row_line
    from builder.tables.schema import EPOCHS

    rows = [
        {
            "task": board.task,
            "class": rating.size_class.key,
            "setup": board.setup,
            "models": str(rating.models),
            "least_mj_per_item": f"{rating.band.least_mj:.7g}",
            "most_mj_per_item": f"{rating.band.most_mj:.7g}",
        }
        for board in boards
        for rating in board.classes
        if rating.band
    ]
    if not rows:
        raise UserError("No class of any task has as many measured models as stars take: there is nothing to freeze.")
    rows.sort(key=lambda row: (row["task"], row["class"]))
    return header_line(EPOCHS) + "".join(row_line(EPOCHS, row) for row in rows), len(rows)


def write_epoch(data: Path, content: str, day: datetime.date) -> Path:
    """Write an epoch's file and return where; it is named after the day and its content.

    Raises:
        UserError: Another epoch was frozen on that day or later: which one holds would be unclear.
    """
    from builder.tables.schema import EPOCH_DIGITS, EPOCHS

    digits = hashlib.sha256(content.encode()).hexdigest()[:EPOCH_DIGITS]
    path = data / EPOCHS.path.format(epoch=f"{day.isoformat()}_{digits}")
    others = sorted(path.parent.glob("*.csv")) if path.parent.is_dir() else []
    if others and others[-1].stem[:10] >= day.isoformat():
        raise UserError(
            f"{shown_path(others[-1])}: found an epoch of that day or later\n"
            f"  expected: none from {day.isoformat()} on\n"
            "  fix: Remove it if it was never published; otherwise freeze the next one on another day."
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")
    return path
