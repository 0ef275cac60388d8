from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.problems import format_problems
from builder.tables.cells import expected, read_numbers, read_texts
from builder.tables.columns import Column
from builder.tables.reader import header_line, parse_table, row_line
from builder.tables.rules import check_row
from builder.tables.schema import ACCURACY, GPUS, MEASUREMENTS, TABLES
from tests.tables.messages import read_messages

MEASURED = {
    "model": "resnet50.a1_in1k",
    "input_size_px": "224",
    "batch_size": "64",
    "stage": "published",
    "trial": "1",
    "energy_mj_per_item": "86.9",
    "throughput_items_per_s": "2512.4",
    "status": "ok",
}
GPU = {
    "gpu": "a100",
    "title": "A100",
    "memory_gib": "40",
    "tdp_w": "250",
    "peak_fp32_tflops": "19.5",
    "released": "2020",
    "source_url": "https://example.org/a100",
}
ACCURATE = {"model": "resnet50", "input_size_px": "224", "test_set": "imagenet", "accuracy_pct": "80"}
# Name of the message -> the table, a valid row of it, and the cell that is wrong.
WRONG = {
    "a word": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "twelve"),
    "nan": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "nan"),
    "inf": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "inf"),
    "minus infinity": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "-Infinity"),
    "1e400": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1e400"),
    "1e-400": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1e-400"),
    "an underscore": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1_000"),
    "full-width digits": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "\uff11\uff12"),
    "arabic digits": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "\u0661\u0662"),
    "a thousands comma": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1,000"),
    "a thousands space": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1\u202f000"),
    "a decimal comma": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "12,5"),
    "a plus sign": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "+5"),
    "a leading zero": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "007"),
    "a point without decimals": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "5."),
    "a bare point": (MEASUREMENTS, MEASURED, "energy_mj_per_item", ".5"),
    "two points": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "1.2.3"),
    "a space before a number": (MEASUREMENTS, MEASURED, "energy_mj_per_item", " 5"),
    "a unit": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "86.9 mJ"),
    "hexadecimal": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "0x10"),
    "a formula among numbers": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "=1+1"),
    "negative energy": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "-5"),
    "zero energy": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "0"),
    "too much energy": (MEASUREMENTS, MEASURED, "energy_mj_per_item", "9e12"),
    "no model": (MEASUREMENTS, MEASURED, "model", ""),
    "no input size": (MEASUREMENTS, MEASURED, "input_size_px", ""),
    "a fraction of a trial": (MEASUREMENTS, MEASURED, "trial", "1.0"),
    "a batch size with exponent": (MEASUREMENTS, MEASURED, "batch_size", "3e2"),
    "a batch size beyond every integer": (MEASUREMENTS, MEASURED, "batch_size", "9" * 30),
    "an unknown stage": (MEASUREMENTS, MEASURED, "stage", "finale"),
    "a status in capitals": (MEASUREMENTS, MEASURED, "status", "OK"),
    "a formula of =": (MEASUREMENTS, MEASURED, "model", "=cmd()"),
    "a formula of +": (MEASUREMENTS, MEASURED, "model", "+a"),
    "a formula of -": (MEASUREMENTS, MEASURED, "model", "-a"),
    "a formula of @": (MEASUREMENTS, MEASURED, "model", "@a"),
    "a space at the end": (MEASUREMENTS, MEASURED, "model", "resnet50 "),
    "a zero-width space": (MEASUREMENTS, MEASURED, "model", "res\u200bnet"),
    "a right-to-left mark": (MEASUREMENTS, MEASURED, "model", "res\u202enet"),
    "a tab": (MEASUREMENTS, MEASURED, "model", "res\tnet"),
    "an escape sequence": (GPUS, GPU, "title", "\x1b[31mA100"),
    "a blank letter": (GPUS, GPU, "title", "A\u3164100"),
    "an accent in a name": (MEASUREMENTS, MEASURED, "model", "r\u00e9snet"),
    "a path in a name": (MEASUREMENTS, MEASURED, "model", "a/../b"),
    "a long name": (MEASUREMENTS, MEASURED, "model", "x" * 121),
    "a formula in a title": (GPUS, GPU, "title", "=1"),
    "a full-width formula": (GPUS, GPU, "title", "\uff1d1"),
    "a loose accent": (GPUS, GPU, "title", "e\u0301"),
    "a long title": (GPUS, GPU, "title", "x" * 2001),
    "http": (GPUS, GPU, "source_url", "http://example.org"),
    "a user name in a link": (GPUS, GPU, "source_url", "https://github.com@example.org/"),
    "a script as link": (GPUS, GPU, "source_url", "javascript:alert(1)"),
    "a quote in a link": (GPUS, GPU, "source_url", 'https://example.org/"onload'),
    "a slug in capitals": (GPUS, GPU, "gpu", "A100"),
    "a year before the first GPU": (GPUS, GPU, "released", "1998"),
    "a note that is a number": (GPUS, GPU, "note", "-1"),
    "accuracy over 100": (ACCURACY, ACCURATE, "accuracy_pct", "100.1"),
    "accuracy under 0": (ACCURACY, ACCURATE, "accuracy_pct", "-1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_told_in_full(name: str) -> None:
    table, row, column, cell = WRONG[name]
    problems = check_row(table, row | {column: cell}, "m.csv")
    assert format_problems(problems, "text") == read_messages("cells")[name]


def test_every_message_about_cells_has_its_case() -> None:
    assert set(read_messages("cells")) == set(WRONG)


@pytest.mark.parametrize("row", [MEASURED, MEASURED | {"energy_mj_per_item": "1e5"}, MEASURED | {"batch_size": ""}])
def test_a_valid_row_has_no_problem(row: dict[str, str]) -> None:
    assert check_row(MEASUREMENTS, row, "m.csv") == ()


@pytest.mark.parametrize(
    ("cell", "number"), [("0", 0.0), ("-0", 0.0), ("100", 100.0), ("1e2", 100.0), ("1.5E-3", 0.0015)]
)
def test_a_number_may_stand_in_any_plain_notation(cell: str, number: float) -> None:
    numbers, faults = read_numbers(ACCURACY.columns[3], [cell])
    assert (numbers.tolist(), math.copysign(1, numbers[0]), faults) == ([number], 1.0, [])


def test_empty_and_wrong_cells_are_nan() -> None:
    column = Column("x_w", "number", "A number.", "1", required=False, above=0, maximum=10)
    numbers, faults = read_numbers(column, ["1", "", "-1", "11", "ten", "2"])
    np.testing.assert_array_equal(numbers, [1, math.nan, math.nan, math.nan, math.nan, 2])
    assert [fault.row for fault in faults] == [2, 3, 4]


def test_each_wrong_cell_is_told_with_its_row() -> None:
    column = Column("a", "choice", "A letter.", "x", choices=("x", "y"))
    assert [(fault.row, fault.found) for fault in read_texts(column, ["x", "z", "y", "", "z"])] == [
        (1, "'z' in a"),
        (3, "nothing in a"),
        (4, "'z' in a"),
    ]


NUMBER = Column("x", "number", "A number.", "1", required=False, minimum=-1e300, maximum=1e300)


@given(st.floats(min_value=-1e300, max_value=1e300))
def test_every_double_that_python_writes_is_read_as_itself(number: float) -> None:
    numbers, faults = read_numbers(NUMBER, [repr(number)])
    assert (numbers.tolist(), faults) == ([number], [])


@given(st.lists(st.text("0123456789.eE+-_, \u0661", max_size=6), max_size=5))
def test_a_column_is_right_where_each_of_its_cells_is(cells: list[str]) -> None:
    """The fast way through a whole column and the slow one through single cells agree."""
    together, faults = read_numbers(NUMBER, cells)
    alone = [read_numbers(NUMBER, [cell]) for cell in cells]
    assert [fault.row for fault in faults] == [row for row, (_, wrong) in enumerate(alone) if wrong]
    np.testing.assert_array_equal(together, [numbers[0] for numbers, _ in alone])


@given(st.text(max_size=20))
def test_no_text_that_is_taken_can_be_run_hidden_or_broken(text: str) -> None:
    column = Column("a", "text", "A text.", "x", required=False)
    if not read_texts(column, [text]):
        assert text.isprintable()
        assert not text.startswith(("=", "+", "-", "@"))
        assert text == text.strip()


def test_every_number_has_limits_on_both_sides() -> None:
    """So that 1e400, which Python reads as infinity, is outside them."""
    for table in TABLES:
        for column in table.columns:
            if column.kind in {"number", "integer"}:
                assert column.minimum is not None, column.name
                assert column.above is None or column.above < column.minimum, column.name
                assert column.maximum is not None, column.name
                assert column.maximum <= 2**53, column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_examples_of_a_declaration_are_valid(table) -> None:  # type: ignore[no-untyped-def]
    row = {column.name: column.example for column in table.columns}
    rows, problems = parse_table(table, (header_line(table) + row_line(table, row)).encode(), "m.csv")
    assert problems == ()
    assert rows is not None


def test_what_a_column_takes_names_a_far_limit_when_it_is_passed() -> None:
    column = MEASUREMENTS.columns[5]
    assert expected(column) == "a number above 0, or empty with a status that says why"
    assert expected(column, 1e-12) == "a number above 0 and at least 1e-09, or empty with a status that says why"
    assert expected(column, 2e12) == "a number above 0 and at most 1000000000000, or empty with a status that says why"
