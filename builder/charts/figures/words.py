"""Numbers into the words of titles: energies from millijoules to terawatt-hours, rounded as readers say them."""

from __future__ import annotations

import re

from builder.units import MJ_PER_J, MJ_PER_WH

# A number and its unit stay on one line.
_UNIT = re.compile(r"(?<=\d) (?=(?:%|mJ|k?J|m?W|[kMGT]?Wh|mWh|ms|TFLOP/s)\b|%)")
_WATT_HOURS = ((1e12, "TWh"), (1e9, "GWh"), (1e6, "MWh"), (1e3, "kWh"), (1.0, "Wh"), (1e-3, "mWh"))
# From, size, unit: as the axes write them, 0.1 J and not 100 mJ.
_JOULES = ((1e6, MJ_PER_J**2, "kJ"), (100.0, MJ_PER_J, "J"), (0.0, 1.0, "mJ"))


def significant(value: float, digits: int = 2) -> str:
    """Return a number to so many significant digits, without an exponent and with thousands separators."""
    rounded = float(f"{value:.{digits - 1}e}")
    whole = len(str(int(abs(rounded)))) if abs(rounded) >= 1 else 0
    if whole:
        return f"{rounded:,.{max(0, digits - whole)}f}"
    return f"{rounded:.{digits}g}"


def joules(value_mj: float, digits: int = 2) -> str:
    """Return an energy in mJ, J or kJ."""
    size, unit = next((size, unit) for limit, size, unit in _JOULES if value_mj >= limit)
    return f"{significant(value_mj / size, digits)} {unit}"


def watt_hours(value_mj: float, digits: int = 2) -> str:
    """Return an energy in Wh to TWh."""
    value = value_mj / MJ_PER_WH
    size, unit = next(((size, unit) for size, unit in _WATT_HOURS if value >= size), _WATT_HOURS[-1])
    return f"{significant(value / size, digits)} {unit}"


def listed(parts: list[str]) -> str:
    """Return `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def hollow(marks: int) -> str:
    """Return what hollow marks are, as the end of a subtitle; nothing without any."""
    if not marks:
        return ""
    return " Hollow: the figure that the audit doubts." if marks == 1 else f" Hollow: {marks} that the audit doubts."


def kept_together(text: str) -> str:
    """Return a text in which no line breaks between a number and its unit."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)
