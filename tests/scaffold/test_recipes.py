"""The recipes of CONTRIBUTING.md, done as they stand there, on a copy of data/."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.new import new
from builder.tables.rules import check_row
from builder.tables.schema import MEASUREMENTS

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"(?m)^    joule-atlas new (.+)\n\n((?:    .+\n)+)", RECIPES))
ROWS = re.findall(r"(?m)^        (\S+,\S+)$", RECIPES)


def test_there_is_a_recipe_for_each_kind() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["setup", "model", "task"]
    assert len(ROWS) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_what_its_recipe_says(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("measurements"))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(new, command.split(), catch_exceptions=False)
    *written, _ = result.stdout.splitlines()
    assert written == [line.removeprefix("    ") for line in COMMANDS[command].splitlines()]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_a_recipe_shows_is_valid(row: str) -> None:
    cells = dict(zip(MEASUREMENTS.header, row.split(","), strict=True))
    assert check_row(MEASUREMENTS, cells, "figures.csv") == ()


def test_a_recipe_fits_on_one_screen() -> None:
    recipes = re.split(r"(?m)^## ", RECIPES)[1:]
    assert [recipe.partition("\n")[0] for recipe in recipes if recipe.count("\n") > 30] == []


def test_links_to_recipes_lead_to_their_headings() -> None:
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"(?m)^## (.+)$", RECIPES)}
    assert set(re.findall(r"\(#([a-z-]+)\)", RECIPES)) <= headings
