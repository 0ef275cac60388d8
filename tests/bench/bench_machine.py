"""How fast this machine is just now, so that tables of two machines, or of two hours, can be told apart."""

from __future__ import annotations

from tests.bench.rows import Row, timed


def bench_machine() -> list[Row]:
    """Return how long ten million additions take."""
    return [timed("this machine: ten million additions", lambda: sum(range(10_000_000)))]
