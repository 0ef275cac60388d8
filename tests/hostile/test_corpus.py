"""Every hostile text in every place of every file is taken as text where texts are, or refused on its line."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from builder.problems import BLANK, Problem, format_problems
from builder.tables.provenance import parse_document
from builder.tables.reader import MAX_ALIKE, header_line, parse_table, row_line
from builder.tables.schema import SETUP, TABLES, TASK, Document, Table
from tests.hostile.corpus import Place, columns_of_tables, fields_of_documents, payloads

TEXTS = list(payloads())
# Of what no file can hold: see test_files.py.
LEAST_TEXTS = 200


def example_row(table: Table) -> dict[str, str]:
    return {column.name: column.example or "plain" for column in table.columns}


def test_the_corpus_is_large_and_has_no_text_twice() -> None:
    texts = [text for _, text in TEXTS]
    assert len(texts) >= LEAST_TEXTS
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_takes_a_hostile_text_as_it_is_or_refuses_it_on_its_line(table: Table) -> None:
    for place in columns_of_tables():
        if place.file is not table:
            continue
        for start in range(0, len(TEXTS), MAX_ALIKE):
            part = TEXTS[start : start + MAX_ALIKE]
            lines = [row_line(table, example_row(table) | {place.column.name: text}) for _, text in part]
            rows, problems = parse_table(table, (header_line(table) + "".join(lines)).encode(), "file.csv")
            assert rows is not None
            # A carriage return and quotes within a long line are refused with the line, all else with the field.
            refused = {(problem.line, problem.column or None) for problem in problems}
            field = table.header.index(place.column.name) + 1
            expected = {
                (line, None if len(lines[line - 2]) > 50_001 else field)
                for line, (group, _) in enumerate(part, start=2)
                if place.column.kind not in group.taken
            }
            assert refused == expected, (place.column.name, refused ^ expected)
            cells = dict(zip(rows.lines.tolist(), rows.cells[place.column.name], strict=True))
            assert all(cells[line] == part[line - 2][1] for line in cells if (line, field) not in expected)
            assert shows_nothing_hidden(problems)


@pytest.mark.parametrize("document", [TASK, SETUP], ids=lambda document: document.name)
def test_a_field_takes_a_hostile_text_as_it_is_or_refuses_it_on_its_line(document: Document) -> None:
    places = [place for place in fields_of_documents() if place.file is document and place.column.kind != "boolean"]
    for group, text in TEXTS:
        content, line_of = document_with(document, places, text)
        fields, problems = parse_document(document, content, "file.toml")
        expected = {
            line_of[place.section, place.column.name] for place in places if place.column.kind not in group.taken
        }
        if fields is None and len(problems) == 1 and len(content) > 50_000:
            assert problems[0].expected == "at most 500 of 50,000"
            continue
        assert {problem.line for problem in problems} == expected, (text[:80], problems)
        assert shows_nothing_hidden(problems)


@pytest.mark.parametrize("section", ["versions", "derived"])
def test_a_field_that_is_called_as_its_writer_likes_has_a_plain_name(section: str) -> None:
    for group, text in TEXTS:
        content = f"[{section}]\n{basic_string(text)} = 'x'\n".encode()
        _, problems = parse_document(SETUP, content, "file.toml")
        refused = any(problem.line for problem in problems) or len(content) > 50_000
        assert refused == ("name" not in group.taken), text[:80]
        assert shows_nothing_hidden(problems)


def document_with(document: Document, places: Sequence[Place], text: str) -> tuple[bytes, dict[tuple[str, str], int]]:
    """Return a document that has the text in every field, and the line of each by section and name."""
    lines: list[str] = []
    line_of: dict[tuple[str, str], int] = {}
    for section in document.sections:
        if section:
            lines.append(f"[[{section}]]" if section in document.lists else f"[{section}]")
        for place in places:
            if place.section == section:
                lines.append(f"{place.column.name} = {basic_string(text)}")
                line_of[place.section, place.column.name] = len(lines)
        if section == "test_sets":
            lines.append("default = true")
    return ("\n".join(lines) + "\n").encode(), line_of


def basic_string(text: str) -> str:
    """Write a text as a TOML string; control characters as escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shows_nothing_hidden(problems: Sequence[Problem]) -> bool:
    """Tell that what is said of a text neither hides nor forges anything where it is read."""
    text = format_problems(problems, "text")
    github = format_problems(problems, "github")
    return (
        all(character.isprintable() or character == "\n" for character in text)
        and not BLANK.search(text)
        and text.count("\n") == 3 * len(problems) - bool(problems)
        and all(line.startswith("::error file=") for line in github.splitlines())
    )
