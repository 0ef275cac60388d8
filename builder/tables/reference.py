"""From the declarations of tables and documents to data/README.md: every file and column, its type, unit and limits."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator

from builder.tables.cells import EXPECTED
from builder.tables.columns import Column
from builder.tables.rules import IDENTITIES
from builder.tables.schema import DOCUMENTS, GPUS, TABLES, Document, Table

_INTRODUCTION = """\
# data/: what every file and column means

This page is generated from `builder/tables/schema.py`; change it there, then run
`python -m builder.tables.reference > data/README.md`.

```text
data/
  gpus.csv                                        GPUs, as their makers describe them
  <task>/                                         one folder a task
    task.toml                                     what the task is, its test sets, the sources of the figures
    architectures.csv                             patterns that give each architecture its family, class and paper
    models.csv                                    models, each at one input size
    accuracy.csv                                  how well they do, on each test set
    measurements/<gpu>_<runtime>_<precision>.csv  energy, throughput and latency on one setup
    measurements/<gpu>_<runtime>_<precision>.toml who measured that, when, how and with what
    rated_models.csv                              models that are rated by the energy of the task's queries
    queries/<gpu>_<runtime>_<precision>.csv       energy of one query, and of its phases, on one setup
    queries/<gpu>_<runtime>_<precision>.toml      who measured that, when, how and with what
  epochs/<day>_<digits>.csv                       the ranges that stars stand on, frozen on that day
```

A task has the four in the middle (models on a plane of accuracy and energy), the three after them (models that are
rated by their queries), or both.

Nothing else may lie here; `joule-atlas check` says so, and says what is wrong in which line: `file:line:field` in CSV,
`file:line:character` in TOML, all counted from 1.

- CSV is UTF-8 without byte order mark, with commas, a header in the order below and a line feed after every row. A cell
  with a comma or a double quote stands in double quotes; a double quote within it is doubled.
- Numbers have the digits 0 to 9, a point before the decimals and, if need be, an exponent (`1.5e-3`): no thousands
  marks, no plus sign, no `nan` or `inf`. An empty cell means that the number is not known; it is never 0.
- Texts stand on one line, without characters that do not show, and do not start with `=`, `+`, `-` or `@`, which
  a spreadsheet would run as a formula. Links start with `https://`.
- Figures carried over from elsewhere keep 7 significant digits.
"""
_RULES = """
Between the cells of a row, between rows and between files:

- A key occurs once. A setup holds published figures, one a model and input size, or trials; a model's final trials
  share one batch size.
- A measurement has an energy, or a status that says why it has none; so has a query run, and its energy is the sum
  of its phases within 2 %. A quality has its source.
- An epoch is named after its day and the first 10 digits of its SHA-256: what is frozen does not change.
- What follows from other figures of its row agrees with them within 2 %, and one repetition where it has any:
"""


def reference_page() -> str:
    """Return the page as Markdown, with a line feed at its end."""
    tables = [table for table in TABLES if table is not GPUS]
    kinds = [f"- *{kind}*: {EXPECTED[kind]}." for kind in ("text", "name", "slug", "pattern", "url")]
    rules = [f"  - `{rule.column}` = `{rule.formula}`" for rules in IDENTITIES.values() for rule in rules]
    parts = [
        _INTRODUCTION.rstrip("\n"),
        *kinds,
        _RULES.rstrip("\n"),
        *rules,
        "",
        *_table(GPUS),
        *_document(DOCUMENTS[0]),
    ]
    for table in tables:
        parts += _table(table)
    for document in DOCUMENTS[1:]:
        parts += _document(document)
    return "\n".join(parts)


def described_type(column: Column) -> str:
    """Say in a few words what a column holds and within which limits; empty cells included."""
    words = {"integer": "whole number", "boolean": "true or false", "date": "day (YYYY-MM-DD)"}
    text = words.get(column.kind, column.kind)
    if column.kind == "choice":
        text = " or ".join(f"`{choice}`" for choice in column.choices)
    if column.above is not None and column.minimum is None:
        text += f" above {column.above:.15g}"
    if column.minimum is not None:
        text += f" from {column.minimum:.15g}"
    if column.maximum is not None and math.isfinite(column.maximum):
        text += f" to {column.maximum:.15g}"
    if column.required:
        return text
    return f"{text}; may be empty {column.empty}".rstrip() if column.empty else f"{text}; may be empty"


def _table(table: Table) -> Iterator[str]:
    yield f"## `{_shown(table.path)}`\n"
    yield f"{table.meaning} Key: {_listed(table.key)}.\n"
    for key in table.foreign_keys:
        target = next(other for other in TABLES if other.name == key.table)
        yield f"{_listed(key.columns)} together stand in `{_shown(target.path)}`.\n"
    yield from _columns("column", table.columns)


def _document(document: Document) -> Iterator[str]:
    yield f"## `{_shown(document.path)}`\n"
    yield f"{document.meaning}\n"
    for section, fields in document.sections.items():
        if section:
            yield f"### {f'`[[{section}]]`, any number of them' if section in document.lists else f'`[{section}]`'}\n"
        if section in document.free:
            yield f"Fields of any plain name, each a text. {document.free[section]}\n"
        else:
            yield from _columns("field", fields)


def _columns(head: str, columns: Iterable[Column]) -> Iterator[str]:
    yield f"| {head} | type | unit | example | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for column in columns:
        example = f"`{column.example}`" if column.example else ""
        cells = (f"`{column.name}`", described_type(column), column.unit, example, column.meaning)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _shown(path: str) -> str:
    names = {"task": "<task>", "setup": "<gpu>_<runtime>_<precision>", "epoch": "<day>_<digits>"}
    return path.format(**names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(reference_page())
