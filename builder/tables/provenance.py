"""From the bytes of a TOML file to its checked fields, and to problems on the line of the field."""

from __future__ import annotations

import datetime
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from builder.problems import Problem, quoted, shown_path
from builder.tables.cells import Fault, expected, read_numbers, read_texts
from builder.tables.columns import Column
from builder.tables.files import decode, read_bytes
from builder.tables.reader import MAX_ALIKE, more_alike
from builder.tables.schema import Document

Value = str | float | int | bool | None
# Section, its occurrence, field ("" for the section itself) -> line and character, from 1.
Places = Mapping[tuple[str, int, str], tuple[int, int]]
# More than a long provenance file has.
_MAX_CHARACTERS, _MAX_LINES = 50_000, 500
# Finding the lines takes quadratic time in the lines of one value, and reading a key does in its parts.
_MAX_VALUE_LINES, _MAX_DOTS = 40, 40
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
# TOML's whole numbers have 64 bits.
_MAX_INTEGER = 2**63 - 1
# A value of several lines ends on a line with one of these.
_ENDS = ('"""', "'''", "]", "}")
_PARSER_PLACE = re.compile(r"(?s)(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


_FREE_KEY = Column("key", "name", "The name of a field.", "torch")


class _LongValueError(Exception):
    """A value of more lines than can be told apart in time; `line` is where it starts."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


@dataclass(frozen=True)
class Fields:
    """The fields of one TOML file.

    Attributes:
        path: The file as problems name it.
        sections: By section (`""` is the top) and field: the values; None where an optional field is left out.
        lists: By the name of a repeated section: its occurrences in order, each as in `sections`.
        places: Where each section and field starts.
    """

    path: str
    sections: Mapping[str, Mapping[str, Value]]
    lists: Mapping[str, tuple[Mapping[str, Value], ...]]
    places: Places

    def place(self, section: str, field: str, occurrence: int = 0) -> tuple[str, int, int]:
        """Return path, line and character of a field; of its section where the field is left out."""
        candidates = [(section, occurrence, field), (section, occurrence, "")]
        if not section:
            candidates.append((field, 0, ""))
        return self.path, *next((self.places[name] for name in candidates if name in self.places), (0, 0))


def read_document(document: Document, path: Path) -> tuple[Fields | None, tuple[Problem, ...]]:
    """Read a TOML file and check each field against its declaration.

    Returns:
        The fields, None where the file cannot be read or a field is wrong; and every problem.
    """
    content, problems = read_bytes(path)
    if content is None:
        return None, problems
    return parse_document(document, content, shown_path(path))


def parse_document(document: Document, content: bytes, path: str) -> tuple[Fields | None, tuple[Problem, ...]]:
    """Do the same as `read_document` for bytes that stand in no file yet; `path` is how problems name them."""
    text, decoding = decode(content, path)
    if text is None:
        return None, decoding
    lines = text.count("\n")
    if len(text) > _MAX_CHARACTERS or lines > _MAX_LINES:
        found, limit = f"{lines:,} lines of {len(text):,} characters", f"at most {_MAX_LINES:,} of {_MAX_CHARACTERS:,}"
        fix = "Keep to the fields that data/README.md lists; figures belong in a CSV file."
        return None, (*decoding, Problem(path, 0, 0, found, limit, fix))
    if unreadable := _long_key(text, path):
        return None, (*decoding, unreadable)
    try:
        content_by_name = tomllib.loads(text)
        places = _places(text)
    except _LongValueError as error:
        found, fix = f"a value of more than {_MAX_VALUE_LINES} lines", "Write each field on one line."
        return None, (*decoding, Problem(path, error.line, 0, found, "one line", fix))
    except (ValueError, RecursionError) as error:  # Mistakes, numbers of too many digits, brackets in brackets.
        return None, (*decoding, _syntax_problem(str(error), text, path))
    fields, wrong = _check(document, content_by_name, path, places)
    alike = more_alike(path, len(wrong), "wrong fields", "Correct the others first.")
    problems = (*decoding, *wrong[:MAX_ALIKE], *alike)
    return (None if problems else fields), problems


def _check(document: Document, content: dict[str, Any], path: str, places: Places) -> tuple[Fields, list[Problem]]:
    """Check every section: those declared, then those that nobody declared."""
    sections: dict[str, Mapping[str, Value]] = {}
    lists: dict[str, tuple[Mapping[str, Value], ...]] = {}
    fields = Fields(path, sections, lists, places)
    problems: list[Problem] = []
    for section in document.sections:
        default: Any = [] if section in document.lists else {}
        found = content.get(section, default)
        if not section:
            found = {key: value for key, value in content.items() if not key or key not in document.sections}
        if type(found) is not type(default) or not all(
            isinstance(one, dict) for one in found if section in document.lists
        ):
            form = f"[[{section}]]" if section in document.lists else f"[{section}]"
            fix = f"Write the section's name as {form}, its fields on the lines below."
            problems.append(Problem(*fields.place(section, ""), f"{section} in another form", form, fix))
            continue
        occurrences = found if section in document.lists else [found]
        checked = [_check_section(document, section, one, fields, number) for number, one in enumerate(occurrences)]
        problems += [problem for _, wrong in checked for problem in wrong]
        if section in document.lists:
            lists[section] = tuple(values for values, _ in checked)
        else:
            sections[section] = checked[0][0]
    return fields, problems


def _check_section(
    document: Document, section: str, content: dict[str, Any], fields: Fields, occurrence: int
) -> tuple[dict[str, Value], list[Problem]]:
    prefix = f"{section}." if section else ""
    columns = {column.name: column for column in document.sections[section]}
    if section in document.free:
        columns = {key: Column(key, "text", document.free[section], "") for key in content if not _key_fault(key)}
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for key in content:
        if key not in columns:
            names = [*columns, *(() if section else (f"[{other}]" for other in document.sections if other))]
            found, takes = f"{quoted(prefix + key)}", f"one of {', '.join(names)}"
            fix = "Remove the field, or rename it to what it is; data/README.md lists them."
            if fault := section in document.free and _key_fault(key):
                takes, fix = fault.expected, fault.fix
            problems.append(Problem(*fields.place(section, key, occurrence), found, takes, fix))
    for column in columns.values():
        values[column.name], fault = _check_value(replace(column, name=prefix + column.name), content.get(column.name))
        if fault:
            problems.append(
                Problem(*fields.place(section, column.name, occurrence), fault.found, fault.expected, fault.fix)
            )
    return values, problems


def _key_fault(key: str) -> Fault | None:
    """Return what is wrong with the name of a field that a free section may call as it likes."""
    return next(iter(read_texts(_FREE_KEY, [key])), None)


def _check_value(column: Column, value: object) -> tuple[Value, Fault | None]:
    """Return the value as the database takes it, and what is wrong with it."""
    if value is None:
        return None, (
            Fault(0, f"nothing in {column.name}", expected(column), column.meaning) if column.required else None
        )
    if type(value) is datetime.date:
        value = value.isoformat()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        found, fix = f"a number beyond 64 bits in {column.name}", f"Write a smaller one. {column.meaning}"
        return None, Fault(0, found, expected(column), fix)
    if column.kind in {"number", "integer"} and is_number:
        _, faults = read_numbers(column, [repr(value)])
    elif column.kind == "boolean" and isinstance(value, bool):
        faults = []
    elif column.kind not in {"number", "integer", "boolean"} and isinstance(value, str):
        faults = read_texts(replace(column, required=True), [value])
    else:
        fix = "Write texts in quotes, numbers and true or false without."
        faults = [Fault(0, f"{_described(value)} in {column.name}", expected(column), f"{fix} {column.meaning}")]
    return (None, faults[0]) if faults else (cast("Value", value), None)


def _described(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return "several values"
    return quoted(value) if isinstance(value, str) else str(value)


def _long_key(text: str, path: str) -> Problem | None:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _MAX_DOTS and (dots := _QUOTED.sub("", line).count(".")) > _MAX_DOTS:
            fix = "Write each field on a line of its own, and texts in quotes."
            return Problem(path, number, 0, f"{dots:,} dots outside of quotes", f"at most {_MAX_DOTS}", fix)
    return None


def _syntax_problem(message: str, text: str, path: str) -> Problem:
    place = _PARSER_PLACE.fullmatch(message)
    lines = text.rstrip("\n").split("\n")
    line, column = len(lines), 0
    if place and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    elif not place:  # Too many digits, or too many brackets: likely on the longest line.
        line = lines.index(max(lines, key=len)) + 1
    what = place["what"] if place else message
    if message.startswith("Exceeds the limit"):
        what = f"a whole number of more than {sys.get_int_max_str_digits():,} digits"
    fix = 'Write each field as: name = "text", name = 12.5 or name = true.'
    return Problem(path, line, column, f"a mistake in the TOML: {what}", "TOML 1.0", fix)


def _places(text: str) -> dict[tuple[str, int, str], tuple[int, int]]:
    """Find where each section and field starts in a valid TOML text.

    tomllib keeps no positions, but tells where a statement ends: lines are collected until they are valid TOML alone.
    """
    places: dict[tuple[str, int, str], tuple[int, int]] = {}
    occurrences: dict[str, int] = {}
    section, occurrence, chunk, start = "", 0, "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        continued = bool(chunk)
        if number - start > _MAX_VALUE_LINES:
            raise _LongValueError(start)
        chunk += line + "\n"
        if continued and not any(end in line for end in _ENDS):
            continue
        try:
            statement = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue
        first_line = chunk.split("\n", 1)[0]
        place = (start, len(first_line) - len(first_line.lstrip()) + 1)
        chunk, start = "", number + 1
        if first_line.lstrip().startswith("["):
            section, content = next(iter(statement.items()))
            occurrence = occurrences.get(section, 0)
            occurrences[section] = occurrence + 1
            occurrence = occurrence if isinstance(content, list) else 0
            places.setdefault((section, occurrence, ""), place)
        else:
            for key in statement:
                places.setdefault((section, occurrence, key), place)
    return places
