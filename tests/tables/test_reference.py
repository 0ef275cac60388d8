from __future__ import annotations

from pathlib import Path

from builder.tables.columns import Column
from builder.tables.reference import described_type, reference_page
from builder.tables.schema import DOCUMENTS, TABLES


def test_the_committed_page_is_the_generated_one() -> None:
    """If not: python -m builder.tables.reference > data/README.md."""
    committed = Path(__file__).parents[2] / "data" / "README.md"
    assert committed.read_text(encoding="utf-8") == reference_page()


def test_every_column_and_field_has_a_row_of_five_cells() -> None:
    rows = [line for line in reference_page().splitlines() if line.startswith("| `")]
    columns = sum(len(table.columns) for table in TABLES)
    fields = sum(len(section) for document in DOCUMENTS for section in document.sections.values())
    assert len(rows) == columns + fields
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}


def test_a_type_is_described_with_its_limits() -> None:
    assert [
        described_type(Column("a", "integer", "", "", minimum=1, maximum=9)),
        described_type(Column("a", "number", "", "", required=False, empty="on Sundays", above=0, maximum=1e6)),
        described_type(Column("a", "choice", "", "", required=False, choices=("x", "y"))),
        described_type(Column("a", "url", "", "")),
    ] == [
        "whole number from 1 to 9",
        "number above 0 to 1000000; may be empty on Sundays",
        "`x` or `y`; may be empty",
        "url",
    ]
