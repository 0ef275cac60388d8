"""What a column is: one declaration of type, unit, limits and meaning that readers, writers and pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# text: printable, one line. name: as models are named. slug: lower-case letters, digits, - and _.
# pattern: a regular expression of RE2. url: https only. boolean: in TOML alone.
Kind = Literal["text", "name", "slug", "pattern", "choice", "integer", "number", "url", "date", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a CSV file, or one field of a TOML file.

    Attributes:
        name: As in the header; a quantity ends in its unit.
        kind: What a cell holds.
        meaning: One sentence for readers and for the `fix` line of a problem.
        example: A valid cell.
        unit: As written beside a number; empty for counts and words.
        required: False where a cell may be empty.
        empty: When it may be, where that depends on the row.
        above: Exclusive lower limit of a number, as its readers know it.
        minimum: Inclusive lower limit of a number; beside `above` it is there only to catch slips.
        maximum: Inclusive upper limit of a number.
        choices: The words that a `choice` may be.
    """

    name: str
    kind: Kind
    meaning: str
    example: str
    unit: str = ""
    required: bool = True
    empty: str = ""
    above: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
