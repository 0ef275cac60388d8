from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.tables.provenance import parse_document, read_document
from builder.tables.schema import DOCUMENTS, SETUP, TASK

SETUP_FILE = """\
# A comment with a [section] in it
title = "T"
gpu = "a100"   # the card
runtime = "pytorch"
precision = "fp32"
weights = "pretrained"
protocol = '''survey'''
protocol_note = \"\"\"
One \\
  [measured] \\
  paragraph.\"\"\"
licence = "MIT"

[source]
  title = "S"
authors = "A"
url = "https://example.org/"

[measured]
first_day = 2026-11-20
power_limit_w = 250

[versions]
"torch-tensorrt" = "2.9"
"""


def test_fields_are_typed_and_left_out_ones_are_none() -> None:
    fields, problems = parse_document(SETUP, SETUP_FILE.encode(), "s.toml")
    assert problems == ()
    assert fields is not None
    assert fields.sections == {
        "": {
            "title": "T",
            "gpu": "a100",
            "runtime": "pytorch",
            "precision": "fp32",
            "precision_note": None,
            "weights": "pretrained",
            "memory_format": None,
            "protocol": "survey",
            "protocol_note": "One [measured] paragraph.",
            "licence": "MIT",
        },
        "source": {"title": "S", "authors": "A", "url": "https://example.org/", "revision": None, "changes": None},
        "measured": {
            "first_day": "2026-11-20",
            "last_day": None,
            "driver": None,
            "cuda": None,
            "power_limit_w": 250,
            "sensor": None,
            "inputs": None,
        },
        "versions": {"torch-tensorrt": "2.9"},
        "derived": {},
    }


def test_each_field_is_placed_where_its_name_starts() -> None:
    fields, _ = parse_document(SETUP, SETUP_FILE.encode(), "s.toml")
    assert fields is not None
    assert {
        name: place for name, place in fields.places.items() if name[2] in {"title", "protocol_note", "licence", ""}
    } == {
        ("", 0, "title"): (2, 1),
        ("", 0, "protocol_note"): (8, 1),
        ("", 0, "licence"): (12, 1),
        ("source", 0, ""): (14, 1),
        ("source", 0, "title"): (15, 3),
        ("measured", 0, ""): (19, 1),
        ("versions", 0, ""): (23, 1),
    }
    assert fields.place("versions", "torch-tensorrt") == ("s.toml", 24, 1)
    assert fields.place("measured", "driver") == ("s.toml", 19, 1)
    assert fields.place("derived", "batch_size") == ("s.toml", 0, 0)


def test_each_occurrence_of_a_section_has_its_own_places(mini_data: Path) -> None:
    fields, _ = read_document(TASK, mini_data / "image_classification" / "task.toml")
    assert fields is not None
    assert [test_set["key"] for test_set in fields.lists["test_sets"]] == ["plain", "hard", "drawn"]
    assert [fields.place("test_sets", "key", number)[1] for number in range(3)] == [10, 17, 24]


def test_text_in_quotes_is_never_taken_for_a_section_or_a_field() -> None:
    content = SETUP_FILE.replace('title = "T"', 'title = """\\\n[source]\\\nurl = 1"""').replace("https", "http")
    _, problems = parse_document(SETUP, content.encode(), "s.toml")
    assert [(problem.line, problem.found) for problem in problems] == [(19, "'http://example.org/' in source.url")]


@given(st.text(max_size=60))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    for document in DOCUMENTS:
        parse_document(document, text.encode("utf-8", "surrogatepass"), "s.toml")


def test_brackets_without_end_are_a_problem_not_an_error() -> None:
    _, problems = parse_document(SETUP, b"a = " + b"[" * 40_000, "s.toml")
    assert len(problems) == 1
    assert problems[0].found.startswith("a mistake in the TOML")
