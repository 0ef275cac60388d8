"""What is wrong and how to mend it: problems with their place and notations, and the error that ends a command."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Notation = Literal["text", "github", "json"]
# Letters, marks and symbols that show as nothing; Python's isprintable() covers controls, zero-width and
# right-to-left marks, but not these.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
# More of a cell than this says nothing new.
_QUOTED_CHARACTERS = 60


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in one place.

    Attributes:
        path: The file, relative to the working directory where it lies under it.
        line: First line is 1; 0 means the whole file.
        column: In CSV the number of the field, in TOML that of the character; the first is 1; 0 means the whole line.
        found: What stands there, in words.
        expected: What may stand there.
        fix: What to do about it.
    """

    path: str
    line: int
    column: int
    found: str
    expected: str
    fix: str


class UserError(Exception):
    """What the user can mend; caught once, in the CLI, which prints it and exits with 1."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def format_problems(problems: Iterable[Problem], notation: Notation) -> str:
    """Write problems for a terminal, for the annotations of a pull request, or for a program.

    Args:
        problems: In the order in which they are to be read.
        notation: `text`: three lines each. `github`: one workflow command each. `json`: a list of objects.

    Returns:
        The notation without a line feed at its end; empty (`[]` in JSON) where there is no problem.
    """
    if notation == "json":
        return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)
    write = _text if notation == "text" else _github
    return "\n".join(write(problem) for problem in problems)


def shown_path(path: Path) -> str:
    """Return a path as problems name it: relative where it lies under the working directory, free of control codes."""
    absolute = os.path.normpath(Path.cwd() / path)
    relative = os.path.relpath(absolute)
    text = absolute if relative.startswith(os.pardir) else relative
    return text.replace(os.sep, "/") if text.isprintable() else repr(text)[1:-1]


def quoted(text: str) -> str:
    """Return a text in quotes: cut where it is long, invisible characters and control codes written out."""
    shown = BLANK.sub(lambda hidden: hidden[0].encode("unicode_escape").decode(), repr(text[:_QUOTED_CHARACTERS]))
    return shown if len(text) <= _QUOTED_CHARACTERS else f"{shown}... ({len(text):,} characters)"


def _text(problem: Problem) -> str:
    place = problem.path
    if problem.line:
        place += f":{problem.line}"
        if problem.column:
            place += f":{problem.column}"
    return f"{place}: found {problem.found}\n  expected: {problem.expected}\n  fix: {problem.fix}"


def _github(problem: Problem) -> str:
    """Write a workflow command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""
    fields = [f"file={_github_property(problem.path)}"]
    if problem.line:
        fields.append(f"line={problem.line}")
        if problem.column:
            fields.append(f"col={problem.column}")
    message = f"found {problem.found}\nexpected: {problem.expected}\nfix: {problem.fix}"
    return f"::error {','.join(fields)}::{_github_message(message)}"


def _github_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_message(text).replace(":", "%3A").replace(",", "%2C")
