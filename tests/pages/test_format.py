"""Numbers as readers see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.pages import format as fmt

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.000123456, "0.000123"),
        (0.0999999, "0.100"),
        (0.5, "0.500"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (86.9, "86.9"),
        (99.96, "100"),
        (1344.7, "1,345"),
        (1234567.0, "1,234,567"),
        (-3.2, "−3.20"),
        (0.0, "0"),
        (None, "–"),
    ],
)
def test_a_number_keeps_three_digits_and_all_before_the_point(value: float | None, text: str) -> None:
    assert fmt.number(value) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (fmt.fixed(89.25, 1), "89.3"),
        (fmt.fixed(-89.25, 1), "−89.3"),
        (fmt.fixed(0.125, 2), "0.13"),
        (fmt.fixed(1.005, 2), "1.00"),
        (fmt.number(0.0625, 2), "0.063"),
        (fmt.number(2.5, 1), "3"),
        (fmt.percent(62.25), f"62.3{NB}%"),
        (fmt.energy(1345.0), f"1.35{NB}J"),
        (fmt.energy(999.5), f"1.00{NB}J"),
        (fmt.trimmed(46.25), "46.3"),
        (fmt.trimmed(100.0), "100"),
    ],
)
def test_an_exact_half_goes_away_from_zero_as_it_does_in_browsers(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_never_reaches_a_page(value: float) -> None:
    with pytest.raises(ValueError, match="is no number for a page"):
        fmt.number(value)


@pytest.mark.parametrize(
    ("value_mj", "text"),
    [
        (0.05, f"0.0500{NB}mJ"),
        (86.93, f"86.9{NB}mJ"),
        (999.4, f"999{NB}mJ"),
        (999.6, f"1.00{NB}J"),
        (1344.7, f"1.34{NB}J"),
        (2_500_000.0, f"2.50{NB}kJ"),
        (None, "–"),
    ],
)
def test_an_energy_takes_the_unit_that_leaves_under_four_digits(value_mj: float | None, text: str) -> None:
    assert fmt.energy(value_mj) == text


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_an_energy_says_the_same_as_the_number_it_stands_for(value_mj: float) -> None:
    text, unit = fmt.energy(value_mj).split(NB)
    assert float(text.replace(",", "")) * {"mJ": 1, "J": 1e3, "kJ": 1e6}[unit] == pytest.approx(value_mj, rel=0.0051)


def test_both_ends_of_a_range_stand_in_one_unit() -> None:
    assert fmt.energy_range(990.0, 1010.0) == f"990.0–1,010{NB}mJ"
    assert fmt.energy_range(2001.4, 2026.2) == f"2.001–2.026{NB}J"


def test_other_quantities_carry_their_unit_and_missing_ones_a_dash() -> None:
    assert [
        fmt.percent(80.372),
        fmt.percent(80.372, 2),
        fmt.watts(250.2),
        fmt.milliseconds(101.43),
        fmt.rate(2839.4),
    ] == [
        f"80.4{NB}%",
        f"80.37{NB}%",
        f"250{NB}W",
        f"101{NB}ms",
        f"2,839{NB}images/s",
    ]
    assert [fmt.percent(None), fmt.watts(None), fmt.count(None), fmt.fixed(None)] == ["–"] * 4


def test_files_are_sized_in_bytes_kilobytes_and_megabytes() -> None:
    assert [fmt.size(999), fmt.size(1_000), fmt.size(2_345_678)] == [f"999{NB}bytes", f"1.00{NB}kB", f"2.35{NB}MB"]


def test_what_was_written_down_keeps_its_digits() -> None:
    assert [fmt.exact(310.0), fmt.exact(19.5), fmt.exact(1234.25), fmt.exact(7)] == ["310", "19.5", "1,234.25", "7"]


@pytest.mark.parametrize(
    ("place", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (112, "112th"), (1023, "1,023rd")]
)
def test_places_end_as_they_are_spoken(place: int, text: str) -> None:
    assert fmt.ordinal(place) == text
