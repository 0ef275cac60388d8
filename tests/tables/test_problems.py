from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.problems import Problem, UserError, format_problems, quoted, shown_path

CELL = Problem(
    "data/gpus.csv",
    3,
    4,
    "'twelve' in energy_mj_per_item",
    "a number above 0, or empty with a status that says why",
    "GPU energy for one item, in millijoules: the mean over the trials.",
)
LINE = Problem("data/a.csv", 2, 0, "3 fields", "4 fields", "Add a comma.")
FILE = Problem("data/b.csv", 0, 0, "no such file", "a file", "Add it.")


def test_the_text_notation_gives_place_expectation_and_fix() -> None:
    assert format_problems([CELL, LINE, FILE], "text") == (
        "data/gpus.csv:3:4: found 'twelve' in energy_mj_per_item\n"
        "  expected: a number above 0, or empty with a status that says why\n"
        "  fix: GPU energy for one item, in millijoules: the mean over the trials.\n"
        "data/a.csv:2: found 3 fields\n"
        "  expected: 4 fields\n"
        "  fix: Add a comma.\n"
        "data/b.csv: found no such file\n"
        "  expected: a file\n"
        "  fix: Add it."
    )


def test_the_github_notation_is_one_command_a_line() -> None:
    assert format_problems([CELL, LINE, FILE], "github") == (
        "::error file=data/gpus.csv,line=3,col=4::found 'twelve' in energy_mj_per_item"
        "%0Aexpected: a number above 0, or empty with a status that says why"
        "%0Afix: GPU energy for one item, in millijoules: the mean over the trials.\n"
        "::error file=data/a.csv,line=2::found 3 fields%0Aexpected: 4 fields%0Afix: Add a comma.\n"
        "::error file=data/b.csv::found no such file%0Aexpected: a file%0Afix: Add it."
    )


def test_nothing_in_a_problem_can_start_another_github_command() -> None:
    problem = Problem("data/a,b:c%0A\n::x::.csv", 1, 1, "50%\r\n::stop-commands::", "x", "y")
    assert format_problems([problem], "github") == (
        "::error file=data/a%2Cb%3Ac%250A%0A%3A%3Ax%3A%3A.csv,line=1,col=1::"
        "found 50%25%0D%0A::stop-commands::%0Aexpected: x%0Afix: y"
    )


def test_the_json_notation_is_a_list_of_objects() -> None:
    assert json.loads(format_problems([LINE], "json")) == [
        {
            "path": "data/a.csv",
            "line": 2,
            "column": 0,
            "found": "3 fields",
            "expected": "4 fields",
            "fix": "Add a comma.",
        }
    ]


@pytest.mark.parametrize(("notation", "text"), [("text", ""), ("github", ""), ("json", "[]")])
def test_no_problem_is_an_empty_notation(notation: str, text: str) -> None:
    assert format_problems([], notation) == text  # type: ignore[arg-type]


def test_a_path_is_shown_relative_where_it_lies_under_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown_path(Path("data/../data/gpus.csv")) == "data/gpus.csv"
    assert shown_path(tmp_path / "here" / "gpus.csv") == "gpus.csv"
    assert shown_path(tmp_path / "there.csv") == f"{tmp_path}/there.csv"
    assert shown_path(Path("\x1b[31m\n\udcff.csv")) == "\\x1b[31m\\n\\udcff.csv"


def test_quoted_text_is_short_and_shows_control_codes() -> None:
    assert quoted("a\x1b\u200bb") == "'a\\x1b\\u200bb'"
    assert quoted("x" * 61) == f"'{'x' * 60}'... (61 characters)"


def test_an_error_carries_its_problems() -> None:
    error = UserError("1 problem in data", (FILE,))
    assert (str(error), error.problems) == ("1 problem in data", (FILE,))
