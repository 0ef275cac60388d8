"""From the bytes of a CSV file to typed columns, and to problems with their line and field."""

from __future__ import annotations

import csv
import hashlib
import io
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.problems import Problem, quoted, shown_path
from builder.tables.cells import FloatArray, read_numbers, read_texts
from builder.tables.files import decode, read_bytes
from builder.tables.schema import Table

# Of one kind in one column (or of ragged rows): more of the same help nobody.
MAX_ALIKE = 100
# The longest text that each cell of a row may hold, every character of it a doubled quote, is less.
MAX_LINE_CHARACTERS = 50_000
# More than GitHub lets a file of short rows hold; a file of line feeds alone has fifty times as many.
_MAX_LINES = 2_000_000
# More than any header; looking for what is wrong in one takes quadratic time.
_MAX_HEADER_CHARACTERS = 2_000
# Found, expected and fix of what ended lines on the Macintosh.
_CARRIAGE_RETURN = (
    "a carriage return within the line",
    "a line feed after every row",
    "Save the file with Unix line ends (LF).",
)
_COUNT_COMMAS = operator.methodcaller("count", ",")
_FIELD = r'(?:"(?:[^"]|"")*"|[^",]*)'
_QUOTED_LINE = re.compile(rf"{_FIELD}(?:,{_FIELD})*")
_QUOTED_CELLS = re.compile(rf"(?:^|,)({_FIELD})")


@dataclass(frozen=True)
class Rows:
    """The rows of one CSV file, n of them, column by column.

    Attributes:
        table: What the file is declared to be.
        path: The file as problems name it.
        cells: By column name: the texts as they stand in the file.
        numbers: By name of a column of numbers or integers: shape (n,), NaN where a cell is empty or wrong.
        lines: Shape (n,): the line in the file that each row stands on.
        sound: Shape (n,): False where a cell of the row is wrong.
        complete: False where lines of the file could not be read as rows.
        sha256: Of the file's bytes, in hexadecimal.
    """

    table: Table
    path: str
    cells: Mapping[str, Sequence[str]]
    numbers: Mapping[str, FloatArray]
    lines: NDArray[np.int64]
    sound: NDArray[np.bool_]
    complete: bool
    sha256: str

    def __len__(self) -> int:
        return len(self.lines)

    def problem(self, row: int, column: str, found: str, expected: str, fix: str) -> Problem:
        """Return a problem in the place of a row's cell; of the whole row where the column is empty."""
        number = self.table.header.index(column) + 1 if column else 0
        return Problem(self.path, int(self.lines[row]), number, found, expected, fix)

    def keys(self, columns: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield each row's cells of these columns: equal values are equal texts, as integers have one notation."""
        return zip(*(self.cells[name] for name in columns), strict=True)

    def equal(self, column: str, text: str) -> NDArray[np.bool_]:
        """Return, shape (n,), which rows have this text in this column."""
        return np.fromiter(map(text.__eq__, self.cells[column]), dtype=np.bool_, count=len(self))


def read_table(table: Table, path: Path) -> tuple[Rows | None, tuple[Problem, ...]]:
    """Read a CSV file and check each cell against its column's declaration.

    Returns:
        The rows, None where the file or its header cannot be read; and every problem within the file's cells.
    """
    content, problems = read_bytes(path)
    if content is None:
        return None, problems
    return parse_table(table, content, shown_path(path))


def parse_table(table: Table, content: bytes, path: str) -> tuple[Rows | None, tuple[Problem, ...]]:
    """Do the same as `read_table` for bytes that stand in no file yet; `path` is how problems name them."""
    text, decoding = decode(content, path)
    if text is None:
        return None, decoding
    problems = list(decoding)
    if (count := text.count("\n")) > _MAX_LINES:
        found, limit = f"{count:,} lines", f"at most {_MAX_LINES:,}"
        fix = "Split the table, or restore the file."
        return None, (*problems, Problem(path, _MAX_LINES + 1, 0, found, limit, fix))
    lines = text.split("\n")
    if lines[-1]:
        fix = "Complete the row if it was cut off, then end it with a line feed."
        problems.append(Problem(path, len(lines), 0, "no line feed at the end", "a line feed after every row", fix))
    else:
        lines.pop()
    if len(lines[0]) > _MAX_HEADER_CHARACTERS:
        found, takes = f"a header of {len(lines[0]):,} characters", f"the columns {','.join(table.header)}"
        return None, (*problems, Problem(path, 1, 0, found, takes, "Restore the header."))
    if "\r" in lines[0]:
        return None, (*problems, Problem(path, 1, 0, *_CARRIAGE_RETURN))
    header = _split(lines[0]) or []
    if tuple(header) != table.header:
        problems += _header_problems(table, header, path)[:MAX_ALIKE]
        return None, tuple(problems)
    columns, line_numbers, ragged = _columns(table, lines, path)
    problems += ragged
    cells = dict(zip(table.header, columns, strict=True))
    numbers: dict[str, FloatArray] = {}
    sound = np.ones(len(line_numbers), dtype=bool)
    for position, column in enumerate(table.columns, start=1):
        if column.kind in {"number", "integer"}:
            numbers[column.name], faults = read_numbers(column, cells[column.name])
        else:
            faults = read_texts(column, cells[column.name])
        sound[[fault.row for fault in faults]] = False
        problems += [
            Problem(path, int(line_numbers[fault.row]), position, fault.found, fault.expected, fault.fix)
            for fault in faults[:MAX_ALIKE]
        ]
        problems += more_alike(path, len(faults), f"wrong cells in {column.name}", column.meaning)
    digest = hashlib.sha256(content).hexdigest()
    return Rows(table, path, cells, numbers, line_numbers, sound, not ragged, digest), tuple(problems)


def row_line(table: Table, row: Mapping[str, str]) -> str:
    """Write one row as a line of the table's CSV file, with the line feed; columns that the row lacks are empty.

    Raises:
        KeyError: The row has a column that the table does not declare.
    """
    unknown = set(row) - set(table.header)
    if unknown:
        raise KeyError(f"{table.name} has no column {sorted(unknown)[0]}")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([row.get(name, "") for name in table.header])
    return out.getvalue()


def header_line(table: Table) -> str:
    """Write the header of the table's CSV file, with the line feed."""
    return ",".join(table.header) + "\n"


def more_alike(path: str, count: int, what: str, fix: str) -> list[Problem]:
    """Return the one problem that stands for those beyond `MAX_ALIKE`; none where there are no more."""
    return [Problem(path, 0, 0, f"{count - MAX_ALIKE:,} more {what}", "none", fix)] if count > MAX_ALIKE else []


def _split(line: str) -> list[str] | None:
    """Return a line's cells; None where its quotes do not pair."""
    if '"' not in line:
        return line.split(",")
    if not _QUOTED_LINE.fullmatch(line):
        return None
    return [cell[1:-1].replace('""', '"') if cell.startswith('"') else cell for cell in _QUOTED_CELLS.findall(line)]


def _columns(
    table: Table, lines: list[str], path: str
) -> tuple[list[tuple[str, ...]], NDArray[np.int64], list[Problem]]:
    """Split the lines after the header into cells: column by column, with each row's line, and what is no row."""
    width = len(table.header)
    body = lines[1:]
    text = ",".join(body)
    short = max(map(len, body), default=0) <= MAX_LINE_CHARACTERS
    if short and '"' not in text and set(map(_COUNT_COMMAS, body)) == {width - 1}:
        cells = tuple(text.split(","))  # The garbage collector lets go of a tuple of texts, not of a list.
        return [cells[position::width] for position in range(width)], np.arange(len(body)) + 2, []
    rows: list[list[str]] = []
    line_numbers: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(body, start=2):
        fields = _split(line) if len(line) <= MAX_LINE_CHARACTERS else None
        if fields is not None and len(fields) == width:
            rows.append(fields)
            line_numbers.append(number)
        elif len(problems) < MAX_ALIKE:
            problems.append(Problem(path, number, 0, *_ragged(line, fields, width)))
    problems += more_alike(path, len(body) - len(rows), "lines that are no rows", "Restore the file.")
    columns: list[tuple[str, ...]] = list(zip(*rows, strict=True)) if rows else [()] * width
    return columns, np.array(line_numbers, dtype=np.int64), problems


def _ragged(line: str, fields: list[str] | None, width: int) -> tuple[str, str, str]:
    if len(line) > MAX_LINE_CHARACTERS:
        return f"a line of {len(line):,} characters", f"at most {MAX_LINE_CHARACTERS:,}", "Shorten its cells."
    if "\r" in line:
        return _CARRIAGE_RETURN
    if fields is None:
        fix = 'Double each quote within a cell, as in "a ""b"" c"; a cell ends on the line where it starts.'
        return "quotes that do not pair", "a cell with a comma or a quote in double quotes", fix
    if not line:
        return "an empty line", f"{width} fields", "Remove the line."
    found = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
    return (
        found,
        f"{width} fields, as in the header",
        "Add or remove commas; a cell with a comma stands in double quotes.",
    )


def _header_problems(table: Table, header: list[str], path: str) -> list[Problem]:
    problems = []
    for position, name in enumerate(header, start=1):
        if name not in table.header:
            fix = "Remove the column, or rename it to what it is."
            found = f"{quoted(name)} as field {position} of the header"
            problems.append(Problem(path, 1, position, found, f"the columns {','.join(table.header)}", fix))
        elif name in header[: position - 1]:
            fix = "Remove one of the two columns."
            problems.append(Problem(path, 1, position, f"a second {name} in the header", "each column once", fix))
    for position, column in enumerate(table.columns, start=1):
        if column.name not in header:
            fix = f"Add the column. {column.meaning}"
            problems.append(Problem(path, 1, 0, f"no {column.name} in the header", f"it as field {position}", fix))
    if not problems:
        position = next(i for i, (a, b) in enumerate(zip(header, table.header, strict=True), start=1) if a != b)
        found = f"{header[position - 1]} as field {position} of the header"
        fix = f"Put the columns in this order: {','.join(table.header)}"
        problems.append(Problem(path, 1, position, found, f"{table.header[position - 1]} there", fix))
    return problems
