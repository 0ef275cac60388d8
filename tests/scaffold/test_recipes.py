"""The recipes of CONTRIBUTING.md, done as they stand there, on invented data: data/ may hold what they add."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builder.new import new
from builder.tables.check import check
from builder.tables.reader import row_line
from builder.tables.rules import check_row
from builder.tables.schema import ARCHITECTURES, GPUS, MEASUREMENTS, QUERY_RUNS, TASK, Table

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"(?m)^    joule-atlas new (.+)\n\n((?:    .+\n)+)", RECIPES))
# As many lines as the recipe of a model says.
TEST_SETS = 8
ROWS = re.findall(r"(?m)^        (\S+,\S+)$", RECIPES)


def test_there_is_a_recipe_for_each_kind() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["setup", "model", "task", "model", "setup"]
    assert len(ROWS) == 3


@pytest.fixture(scope="module")
def data(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented data with what the recipes take for known; they add one after the other."""
    folder = tmp_path_factory.mktemp("recipes")
    data = folder / "data"
    shutil.copytree(mini_data, data)
    task = TASK.path.format(task="image_classification")
    test_set = 'key = "{}"\ntitle = "T"\ndescription = "D"\ndefault = false\nurl = "https://example.org/t"\n'
    more = TEST_SETS - len(task_of(data)["test_sets"])
    append(data / task, "".join(f"\n[[test_sets]]\n{test_set.format(f'more{number}')}" for number in range(more)))
    append(data / GPUS.path, row_line(GPUS, example(GPUS) | {"gpu": "a100-pcie-40gb"}))
    known = example(ARCHITECTURES) | {"pattern": "resnet50"}
    append(data / ARCHITECTURES.path.format(task="image_classification"), row_line(ARCHITECTURES, known))
    assert check(data) == ()
    return folder


def task_of(data: Path) -> dict[str, Any]:
    return tomllib.loads((data / TASK.path.format(task="image_classification")).read_text(encoding="utf-8"))


def example(table: Table) -> dict[str, str]:
    return {column.name: column.example for column in table.columns}


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="module")
def written(data: Path) -> dict[str, list[str]]:
    """What each command says that it has written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(data)
        outputs = {command: CliRunner().invoke(new, command.split(), catch_exceptions=False) for command in COMMANDS}
    return {command: result.stdout.splitlines()[:-1] for command, result in outputs.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_what_its_recipe_says(written: dict[str, list[str]], command: str) -> None:
    assert written[command] == [line.removeprefix("    ") for line in COMMANDS[command].splitlines()]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_a_recipe_shows_is_valid(row: str) -> None:
    values = row.split(",")
    table = next(one for one in (MEASUREMENTS, QUERY_RUNS) if len(one.header) == len(values))
    assert check_row(table, dict(zip(table.header, values, strict=True)), "figures.csv") == ()


def test_a_recipe_fits_on_one_screen() -> None:
    recipes = re.split(r"(?m)^## ", RECIPES)[1:]
    assert [recipe.partition("\n")[0] for recipe in recipes if recipe.count("\n") > 30] == []


def test_links_to_recipes_lead_to_their_headings() -> None:
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"(?m)^## (.+)$", RECIPES)}
    assert set(re.findall(r"\(#([a-z-]+)\)", RECIPES)) <= headings
