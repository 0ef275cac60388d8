"""The command `joule-atlas`: what a person types into what the stages do, and errors into words."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.epoch import epoch
from builder.new import new
from builder.problems import UserError, format_problems
from builder.review.command import report

if TYPE_CHECKING:
    from builder.analysis.claims import CheckedClaim
    from builder.pages.site import SiteReport

_data = click.option(
    "--data", default=Path("data"), show_default=True, type=click.Path(path_type=Path), help="Folder of the data."
)
_out = click.option(
    "--out", default=Path("_site"), show_default=True, type=click.Path(path_type=Path), help="Folder of the site."
)


class _Group(click.Group):
    """Catches the one error that a user can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            if error.problems:
                click.echo(format_problems(error.problems, "text"), err=True)
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="joule-atlas", message="%(package)s %(version)s")
def main() -> None:
    """Joule Atlas: what AI models achieve, and what energy they take."""


main.add_command(new)
main.add_command(epoch)
main.add_command(report)


@main.command()
@_data
@click.option(
    "--format",
    "notation",
    default="text",
    show_default=True,
    type=click.Choice(["text", "github", "json"]),
    help="For a terminal, for annotations of a pull request, or for a program.",
)
def check(data: Path, notation: str) -> None:
    """Check every file under data/ and say all that is wrong; exit with 1 if anything is."""
    from builder.tables.check import check as find_problems

    problems = find_problems(data)
    text = format_problems(problems, notation)  # type: ignore[arg-type]
    if text:
        click.echo(text)
    if problems:
        click.echo(f"{_counted(len(problems), 'problem')} in {data}.", err=True)
        sys.exit(1)
    if notation == "text":
        click.echo(f"{data} is valid.")


@main.command()
@_data
@_out
@click.option(
    "--site-url",
    default="http://127.0.0.1:8000/",
    show_default=True,
    help="Where the site will stand, for the sitemap, the feed and other files that are read elsewhere.",
)
def build(data: Path, out: Path, site_url: str) -> None:
    """Build the site from the data, and replace the old one when the new one is complete."""
    # Whether this is the command and no program that has called it after other work: only then is the process ours.
    alone = "duckdb" not in sys.modules
    if alone:
        # A build makes millions of small objects that live to its end: looking for garbage takes a tenth of it.
        gc.disable()
    from builder.pages.site import build_site

    click.echo(_summary(build_site(data, out, site_url, alone=alone), out))


@main.command()
@_data
@click.option("--format", "notation", default="text", show_default=True, type=click.Choice(["text", "json"]))
def audit(data: Path, notation: str) -> None:
    """List the figures that look odd, each with the rule and the reason; they stay in the data."""
    from builder.analysis import queries
    from builder.analysis.audit import audit as find_flags
    from builder.analysis.audit_rating import rate_all
    from builder.tables.database import build_database

    with build_database(data, None) as connection:
        flags = find_flags(connection)
        rated = {
            task: rate_all(queries.figures(connection, task), flags) for task in queries.frontier_tasks(connection)
        }
    if notation == "json":
        click.echo(json.dumps([asdict(flag) for flag in flags], ensure_ascii=False, indent=2))
        return
    for flag in flags:
        click.echo(f"{flag.setup}: {flag.model} at {flag.input_size_px} px: {flag.rule}\n  {flag.reason}")
    rows = len({(flag.setup, flag.model, flag.input_size_px) for flag in flags})
    click.echo(f"{_counted(len(flags), 'flag')} on {_counted(rows, 'row')}.")
    for task, ratings in rated.items():
        for rating in ratings.by_rule:
            click.echo(f"{task}: {rating.text}")


@main.command()
@_data
@click.option(
    "--out", default=Path("figures"), show_default=True, type=click.Path(path_type=Path), help="Folder of the figures."
)
def figures(data: Path, out: Path) -> None:
    """Draw the figures and tables of the paper for print, each with its rows and its query."""
    from builder.charts.figures.write import summary, write_figures

    click.echo(summary(write_figures(data, out), out))


@main.command()
@_data
@click.option("--format", "notation", default="text", show_default=True, type=click.Choice(["text", "json"]))
def claims(data: Path, notation: str) -> None:
    """Recompute the numbers of the paper; exit with 1 if a verdict is no longer the one in claims.toml."""
    from builder.analysis.claims import claims_of
    from builder.tables.database import build_database

    with build_database(data, None) as connection:
        try:
            checked = claims_of(connection)
        except LookupError as error:
            raise UserError(f"{error}\n  fix: the claims need the study's four setups under data/") from error
    if notation == "json":
        rows = [
            {
                **asdict(claim.claim),
                "why": claim.why,
                "value": claim.value,
                "decades": claim.decades,
                "recomputed": claim.verdict,
            }
            for claim in checked
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for claim in checked:
            click.echo(_claim_text(claim))
    changed = [claim for claim in checked if not claim.stands]
    if changed:
        click.echo(f"{_counted(len(changed), 'verdict')} changed: mend claims.toml, or what changed it.", err=True)
        sys.exit(1)


@main.command()
@_out
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def serve(out: Path, port: int) -> None:
    """Show the site in a browser on this machine alone."""
    from builder.pages.server import site_server

    with site_server(out, port) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl+C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def _summary(report: SiteReport, out: Path) -> str:
    """Return what was built, and the stages that took longest."""
    seconds = sum(report.seconds.values())
    slowest = sorted(report.seconds.items(), key=lambda item: -item[1])[:3]
    stages = ", ".join(f"{name} {taken:.1f} s" for name, taken in slowest)
    return (
        f"{out}: {report.pages:,} pages, {report.files:,} files, {report.size / 1e6:.1f} MB in {seconds:.1f} s\n"
        f"  longest: {stages}"
    )


def _claim_text(checked: CheckedClaim) -> str:
    """Return a claim in two lines, or three where there is more to know; a changed verdict says what it was."""
    claim, unit = checked.claim, f" {checked.claim.unit}".rstrip()
    verdict = checked.verdict if checked.stands else f"{checked.verdict} (claims.toml: {claim.verdict})"
    numbers = "" if checked.value is None else f": printed {claim.printed:g}{unit}, found {checked.value:.5g}{unit}"
    interval = "" if checked.decades is None else f" (95 %: {checked.decades:.1f} powers of ten to each side)"
    why = f"\n  {checked.why}" if checked.why else ""
    return f"{claim.where}: {claim.statement}\n  {verdict}{numbers}{interval}{why}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
