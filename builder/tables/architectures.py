"""From model names to their architectures, and from the patterns of architectures.csv to the one row each matches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def architecture_of(model: str) -> str:
    """Return the part of a model's name before its first dot; the tag of its weights follows."""
    return model.partition(".")[0]


def match_patterns(
    patterns: Sequence[str], architectures: Sequence[str], most_faults: int = 100
) -> tuple[dict[str, list[int]], dict[int, str]]:
    """Find the patterns that match each whole architecture name.

    Patterns are contributed text, and Python's engine can be made to run for years by one of them. DuckDB's engine,
    RE2, takes time linear in the name whatever the pattern: https://github.com/google/re2/wiki/WhyRE2.

    Args:
        patterns: Regular expressions in RE2's syntax: no references back, no looking around.
        architectures: Distinct names.
        most_faults: Of this many patterns it is said why they do not compile; telling takes long.

    Returns:
        By architecture the positions of the patterns that match it; by position of a pattern why it does not compile.
        Where a pattern does not compile, nothing is matched.
    """
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            return _matches(connection, patterns, architectures), {}
        except duckdb.Error:
            wrong = ((position, why) for position, text in enumerate(patterns) if (why := _fault(connection, text)))
            faults = dict(islice(wrong, most_faults))
            if not faults:
                raise
            return {name: [] for name in architectures}, faults


def _matches(
    connection: duckdb.DuckDBPyConnection, patterns: Sequence[str], architectures: Sequence[str]
) -> dict[str, list[int]]:
    # As constants of one statement, patterns are compiled once each.
    tests = ", ".join("regexp_full_match(name, '{}')".format(pattern.replace("'", "''")) for pattern in patterns)
    statement = f"SELECT name, [{tests}] FROM (SELECT unnest(?::VARCHAR[]) AS name)"  # noqa: S608
    found = connection.execute(statement, [list(architectures)]).fetchall()
    return {name: [position for position, hit in enumerate(hits) if hit] for name, hits in found}


def _fault(connection: duckdb.DuckDBPyConnection, pattern: str) -> str:
    """Return why a pattern does not compile; empty where it does."""
    import duckdb

    try:
        connection.execute("SELECT regexp_full_match('', ?)", [pattern])
    except duckdb.Error as error:
        return str(error).partition("Error: ")[2].partition("\n")[0]
    return ""
