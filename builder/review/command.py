"""The command `joule-atlas report`."""

from __future__ import annotations

from pathlib import Path

import click

# As sections.LIMIT_BYTES, which would bring the analysis into every start of the command line.
_LIMIT = 65_536


@click.command()
@click.argument("base")
@click.argument("head", default="data")
@click.option(
    "--data",
    default=Path("data"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the data lie in a git revision.",
)
@click.option("--url", default="", help="Address that shows HEAD's files, for links to lines: https://…/blob/<commit>.")
@click.option("--limit", default=_LIMIT, show_default=True, type=click.IntRange(min=1_000), help="Most bytes to write.")
def report(base: str, head: str, data: Path, url: str, limit: int) -> None:
    """Say in Markdown what a change of the data says, from BASE to HEAD.

    Each is a data folder or else a git revision of this repository; HEAD is data/ as it lies here unless given.
    """
    from builder.review.report import report as compare
    from builder.review.revisions import data_folder
    from builder.review.sections import to_markdown

    label = data.as_posix()
    with data_folder(base, data) as before, data_folder(head, data) as after:
        click.echo(to_markdown(compare(before, after, label), label, url, limit), nl=False)
