"""Turns values into the bytes of a JSON file: compact, UTF-8, seven significant digits."""

from __future__ import annotations

import json
from typing import Any

# As many as the data have; with five, rankings change.
DIGITS = 7


def to_json(value: Any) -> bytes:
    """Return compact JSON in UTF-8; NaN and infinity are errors."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def significant(value: float | None) -> float | None:
    """Round what was computed from the data to as many digits as they have."""
    return None if value is None else float(f"{value:.{DIGITS}g}")
