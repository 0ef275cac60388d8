"""Turns numbers into the text that pages show: digits, thousands separators and units, in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from builder.units import MJ_PER_J, MJ_PER_WH

# Keeps a number and its unit on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# What stands where there is no number; pages say beside it why.
NOTHING = "\N{EN DASH}"

_ENERGY_UNITS = ((MJ_PER_J**2, "kJ"), (MJ_PER_J, "J"), (1.0, "mJ"))


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with thousands separators and at least so many significant digits.

    Digits before the decimal point are never rounded away: 12,345.6 gives 12,346 at any `digits` up to 5.
    """
    if value is None:
        return NOTHING
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is no number for a page")
    if value == 0:
        return "0"
    exponent = rounded(value, digits).adjusted()
    return fixed(value, max(0, digits - 1 - exponent))


def exact(value: float) -> str:
    """Return a number as it was written down, with thousands separators."""
    whole, point, decimals = f"{value:,}".partition(".")
    return whole if set(decimals) <= {"0"} else whole + point + decimals


def count(value: int | None) -> str:
    """Return a whole number with thousands separators."""
    return NOTHING if value is None else f"{value:,}".replace("-", MINUS)


def fixed(value: float | None, decimals: int = 1) -> str:
    """Return a number with thousands separators and so many decimals, for columns whose points should align."""
    if value is None:
        return NOTHING
    exact_value = Decimal(float(value))
    return f"{exact_value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}".replace("-", MINUS)


def trimmed(value: float, decimals: int = 1) -> str:
    """Return a number with at most so many decimals: 46.8, but 100."""
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float, digits: int) -> Decimal:
    """Return a number with so many significant digits.

    An exact half goes away from zero, here and in `fixed`, as the browser's toFixed and toPrecision have it: a page and
    the script that takes it over write the same digits.
    """
    exact_value = Decimal(float(value))
    unit = Decimal(1).scaleb(exact_value.adjusted() - digits + 1)
    return exact_value.quantize(unit, ROUND_HALF_UP)


def signed(value: float, decimals: int = 1) -> str:
    """Return a difference with its sign, whichever it is."""
    text = fixed(value, decimals)
    return text if text.startswith(MINUS) else f"+{text}"


def energy(value_mj: float | None, digits: int = 3) -> str:
    """Return an energy in mJ, J or kJ, whichever leaves fewer than four digits before the point."""
    if value_mj is None:
        return NOTHING
    size, unit = _energy_unit(value_mj, digits)
    # The rounded one is divided, as static/js/format.js does: rounded twice, a number may turn out another.
    return number(float(rounded(value_mj, digits)) / size, digits) + NO_BREAK + unit


def energy_range(low_mj: float, high_mj: float, digits: int = 4) -> str:
    """Return two energies in the unit that suits the lower one."""
    size, unit = _energy_unit(low_mj, digits)
    return f"{number(low_mj / size, digits)}{NOTHING}{number(high_mj / size, digits)}{NO_BREAK}{unit}"


def wh_per_1000(energy_mj: float | None, digits: int = 3) -> str:
    """Return an energy per item as the digits of Wh per 1,000 items."""
    return number(None if energy_mj is None else energy_mj * 1000 / MJ_PER_WH, digits)


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a percentage with its sign."""
    return NOTHING if value is None else fixed(value, decimals) + NO_BREAK + "%"


def with_unit(value: float | None, unit: str, digits: int = 3) -> str:
    """Return a number with its unit, or the dash alone."""
    return NOTHING if value is None else number(value, digits) + NO_BREAK + unit


def watts(value: float | None) -> str:
    """Return a power in watts."""
    return with_unit(value, "W")


def milliseconds(value: float | None) -> str:
    """Return a time in milliseconds."""
    return with_unit(value, "ms")


def rate(value: float | None, items: str = "images") -> str:
    """Return a throughput, by default in images per second."""
    return with_unit(value, f"{items}/s")


def size(value: int) -> str:
    """Return a file's size in bytes, kB or MB."""
    for limit, unit in ((1_000_000, "MB"), (1_000, "kB")):
        if value >= limit:
            return number(value / limit) + NO_BREAK + unit
    return count(value) + NO_BREAK + "bytes"


def ordinal(value: int) -> str:
    """Return 1st, 2nd, 3rd, 4th …"""  # noqa: D415 the sign for "and so on" ends it
    ending = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return count(value) + ending


def capitalize_first(text: str) -> str:
    """Return a text with its first letter large and the others as they are."""
    return text[:1].upper() + text[1:]


def _energy_unit(value_mj: float, digits: int) -> tuple[float, str]:
    # Rounded first, so that 999.9 mJ becomes 1.00 J and not 1,000 mJ.
    about = abs(rounded(value_mj, digits))
    return next(((size, unit) for size, unit in _ENERGY_UNITS if about >= size), _ENERGY_UNITS[-1])


FILTERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "number": number,
        "exact": exact,
        "count": count,
        "fixed": fixed,
        "trimmed": trimmed,
        "signed": signed,
        "energy": energy,
        "energy_range": energy_range,
        "wh_per_1000": wh_per_1000,
        "percent": percent,
        "with_unit": with_unit,
        "watts": watts,
        "milliseconds": milliseconds,
        "rate": rate,
        "size": size,
        "ordinal": ordinal,
        "capitalize_first": capitalize_first,
    }
)
