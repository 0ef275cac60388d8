"""From the texts in a column's cells to typed values, and to words on what is wrong with the others."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.problems import BLANK, quoted
from builder.tables.columns import Column, Kind

FloatArray = NDArray[np.float64]

# ASCII digits, a point, an exponent: what every CSV reader takes for the same number.
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
# 15 digits: a double holds every such integer exactly.
_INTEGER = r"0|-?[1-9][0-9]{0,14}"
_CELL = {"number": re.compile(_NUMBER), "integer": re.compile(_INTEGER)}
# What numbers without sign and exponent consist of.
_PLAIN = {"number": b"0123456789.\n", "integer": b"0123456789\n"}

_LIMIT_CHARACTERS: dict[Kind, int] = {
    "text": 2000,
    "name": 120,
    "slug": 60,
    "pattern": 300,
    "choice": 60,
    "integer": 40,
    "number": 40,
    "url": 500,
    "date": 10,
    "boolean": 5,
}
FORMS: dict[Kind, re.Pattern[str]] = {
    "text": re.compile(r"(?s:.*)"),
    "name": re.compile(r"[A-Za-z0-9_]+(?:[./-][A-Za-z0-9_]+)*"),
    "slug": re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*"),
    "pattern": re.compile(r"[!-~]+"),
    # A host as RFC 1123 writes it, with a dot and a letter at its end's start, so that it is no address; no user name,
    # no port, nothing that would have to be escaped in HTML or CSV.
    "url": re.compile(
        r"https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
        r"(?:/[A-Za-z0-9/._~!$()*+;:@%?=&#,-]*)?"
    ),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
EXPECTED: dict[Kind, str] = {
    "text": "text on one line that does not start with = + - or @ and has no characters that do not show",
    "name": "a name of letters, digits and _, with single . / - between them",
    "slug": "small letters and digits, with single _ or - between them",
    "pattern": "a regular expression of ASCII characters without spaces",
    "url": "a link that starts with https:// and a host's name, without spaces, quotes, port or user name",
    "date": "a day as year-month-day, such as 2026-11-22",
    "boolean": "true or false",
}
# What spreadsheets take for the start of a formula, full-width forms included:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
# Where a comma is for decimals, they divide lines at semicolons: what follows one starts a cell there.
_LATER_FORMULA = re.compile(rf';[\s"]*([{re.escape(_FORMULA)}])')
# Told apart by how a number was miswritten: the first that matches is the advice.
_ADVICE = (
    (
        re.compile(r"(?i)[+-]?(?:nan|inf|infinity|none|null|n/?a|-|\?)"),
        "Leave it empty where there is no number.",
    ),
    (re.compile(r"\s.*|.*\s"), "Remove the spaces."),
    (re.compile(r"(?=.*[^\x00-\x7f])[\d.,eE+-]+"), "Write the digits 0 to 9; these only look like them."),
    (re.compile(r"[0-9_]*_[0-9_.]*"), "Write the digits without underscores."),
    (
        re.compile(r"-?[0-9]{1,3}(?:[,'\u2019 \u00a0\u202f][0-9]{3})+(?:\.[0-9]*)?"),
        "Write the number without thousands marks.",
    ),
    (re.compile(r"-?[0-9]+,[0-9]+"), "Write a point before the decimals."),
    (re.compile(r"\+.*"), "Write the number without the plus sign."),
    (re.compile(r"-?0[0-9]+.*"), "Write the number without leading zeros."),
    (re.compile(r"-?(?:[0-9]+\.|\.[0-9]+)"), "Write digits on both sides of the point."),
    (re.compile(r"-?[0-9.]+ ?[^0-9.]+"), "Write the number alone; the column's name has its unit."),
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell.

    Attributes:
        row: Position in the column; the first is 0.
        found: As in a `Problem`, like the two that follow.
        expected: What the column takes.
        fix: Advice on the mistake where it is a known one, then what the column means.
    """

    row: int
    found: str
    expected: str
    fix: str


def read_numbers(column: Column, cells: Sequence[str]) -> tuple[FloatArray, list[Fault]]:
    """Turn the cells of a column of numbers or integers into numbers.

    Args:
        column: Of the kind `number` or `integer`.
        cells: As they stand in the file, n of them.

    Returns:
        Shape (n,): the numbers in the column's unit, NaN where a cell is empty or wrong; and what is wrong.
    """
    if not column.required and not any(cells):
        return np.full(len(cells), math.nan), []
    wrong: dict[int, Fault] = {}
    numbers = _plain_numbers(cells, column.kind)
    if numbers is None:
        form, limit = _CELL[column.kind], _LIMIT_CHARACTERS[column.kind]
        wrong = {
            row: _misread(column, row, cell)
            for row, cell in enumerate(cells)
            if cell and (len(cell) > limit or not form.fullmatch(cell))
        }
        cells = ["" if row in wrong else cell for row, cell in enumerate(cells)]
        # Adding 0 makes -0 the 0 that it equals.
        numbers = np.array([float(cell or "nan") for cell in cells], dtype=np.float64) + 0.0
    outside = np.zeros(len(cells), dtype=bool)
    if column.above is not None:
        outside |= numbers <= column.above
    if column.minimum is not None:
        outside |= numbers < column.minimum
    if column.maximum is not None:
        outside |= numbers > column.maximum
    for row in np.flatnonzero(outside | np.isinf(numbers)).tolist():
        wrong[row] = _fault(column, row, cells[row], takes=expected(column, numbers[row]))
        numbers[row] = math.nan
    if column.required and "" in cells:
        wrong |= {row: _fault(column, row, "") for row, cell in enumerate(cells) if not cell and row not in wrong}
    return numbers, [wrong[row] for row in sorted(wrong)]


def read_texts(column: Column, cells: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the cells of a column that holds no numbers."""
    faults = {cell: fault for cell in set(cells) if (fault := _text_fault(column, cell))}
    if not faults:
        return []
    return [
        Fault(row, faults[cell].found, faults[cell].expected, faults[cell].fix)
        for row, cell in enumerate(cells)
        if cell in faults
    ]


def expected(column: Column, number: float | None = None) -> str:
    """Say what a column takes.

    Args:
        column: Whichever.
        number: The number that was found; a limit that is there only to catch slips is named when it is passed.
    """
    text = EXPECTED.get(column.kind, "")
    if column.kind == "choice":
        text = f"one of {', '.join(column.choices)}"
    elif column.kind in _CELL:
        text = "a whole number" if column.kind == "integer" else "a number"
        maximum = column.maximum if column.maximum is not None else math.inf
        if column.above is not None:
            text += f" above {column.above:.15g}"
            if number is not None and number > maximum:
                text += f" and at most {maximum:.15g}"
            elif number is not None and number > column.above and column.minimum is not None:
                text += f" and at least {column.minimum:.15g}"
        elif column.minimum is not None:
            text += f" from {column.minimum:.15g} to {maximum:.15g}"
    if column.required:
        return text
    return f"{text}, or empty {column.empty}".rstrip() if column.empty else f"{text}, or empty"


def _plain_numbers(cells: Sequence[str], kind: Kind) -> FloatArray | None:
    """Read the column fast where every cell is empty or a number without sign and exponent; None where not."""
    if max(map(len, cells), default=0) > _LIMIT_CHARACTERS[kind]:
        return None
    body = "\n".join(cells)
    try:
        text = f"\n{body}\n".encode("ascii")
        leading_zeros = text.count(b"\n0") - text.count(b"\n0.") - text.count(b"\n0\n")
        if leading_zeros or b"\n." in text or b".\n" in text or text.translate(None, _PLAIN[kind]):
            return None
        filled = [cell or "nan" for cell in cells] if b"\n\n" in text else cells
        return np.fromiter(map(float, filled), dtype=np.float64, count=len(cells))
    except ValueError:  # Not ASCII, or two points in one number.
        return None


def _text_fault(column: Column, cell: str) -> Fault | None:
    if not cell:
        return _fault(column, 0, cell) if column.required else None
    if len(cell) > _LIMIT_CHARACTERS[column.kind]:
        return _too_long(column, 0, cell)
    advice = _text_advice(cell)
    return None if not advice and _is_of(column, cell) else _fault(column, 0, cell, advice=advice)


def _text_advice(cell: str) -> str:
    """Say what to do about a text that no column takes; empty where some column does."""
    if not cell.isprintable() or BLANK.search(cell):
        return f"Remove the {_describe(cell)}."
    if cell[0] in _FORMULA:
        return f"Start with another character: a spreadsheet runs a cell that starts with {cell[0]} as a formula."
    if later := _LATER_FORMULA.search(cell):
        return f"Write no {later[1]} after a semicolon: where that divides cells, a spreadsheet runs a formula."
    if cell != cell.strip():
        return "Remove the spaces at its ends."
    if not cell.isascii() and not unicodedata.is_normalized("NFC", cell):
        return "Write letters and their accents as one character each (Unicode NFC)."
    return ""


def _is_of(column: Column, cell: str) -> bool:
    if column.kind == "choice":
        return cell in column.choices
    return FORMS[column.kind].fullmatch(cell) is not None and (column.kind != "date" or _is_day(cell))


def _misread(column: Column, row: int, cell: str) -> Fault:
    if len(cell) > _LIMIT_CHARACTERS[column.kind]:
        return _too_long(column, row, cell)
    advice = next((advice for form, advice in _ADVICE if form.fullmatch(cell)), "")
    return _fault(column, row, cell, advice=advice)


def _too_long(column: Column, row: int, cell: str) -> Fault:
    takes = f"at most {_LIMIT_CHARACTERS[column.kind]:,} characters"
    return _fault(column, row, cell, takes=takes, advice="Shorten it.")


def _fault(column: Column, row: int, cell: str, *, takes: str = "", advice: str = "") -> Fault:
    found = f"{quoted(cell)} in {column.name}" if cell else f"nothing in {column.name}"
    return Fault(row, found, takes or expected(column), f"{advice} {column.meaning}".strip())


def _describe(cell: str) -> str:
    """Name the first character that does not show."""
    hidden = next(character for character in cell if not character.isprintable() or BLANK.match(character))
    name = unicodedata.name(hidden, "")
    return f"character U+{ord(hidden):04X}" + (f" ({name.lower()})" if name else "")


def _is_day(cell: str) -> bool:
    try:
        datetime.date.fromisoformat(cell)
    except ValueError:
        return False
    return True
