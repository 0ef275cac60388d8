"""Figures into flags: which rows an audit doubts, by which rule, and why in words. A flag drops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import pandas as pd

from builder.analysis import audit_rules, queries
from builder.analysis.audit_rules import Found, Texts


@dataclass(frozen=True, order=True)
class Flag:
    """An audit's doubt about a row.

    Attributes:
        setup: The setup.
        model: The model.
        input_size_px: Its input size.
        rule: Key of the rule.
        reason: For readers, with the numbers.
    """

    setup: str
    model: str
    input_size_px: int
    rule: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """What an audit looks for.

    Attributes:
        key: Name in flags.
        title: What is looked for, with its limit.
        source: Where the rule and its limit come from.
        reasons: Rows, and the reasons of the rules before it by row, to reasons: a text for each row in doubt.
    """

    key: str
    title: str
    source: str
    reasons: Callable[[pd.DataFrame, Found], Texts]


# A rule may look at what the rules before it found.
RULES = (
    Rule(
        "energy_missing",
        "The setup has a row for the model and no energy",
        "a missing figure is missing, never 0",
        audit_rules.energy_missing,
    ),
    Rule(
        "batch_mismatch",
        "Latency × throughput differs from the batch size by more than 5 % and half an item",
        "one batch takes the latency: the product is the batch size",
        audit_rules.batch_mismatch,
    ),
    Rule(
        "power_high",
        "Energy × throughput is more than 10 % above the power limit",
        "the limit, 5 % of sensor gain (arXiv:2312.02741) and 5 % between windows",
        audit_rules.power_high,
    ),
    Rule(
        "power_low",
        "Energy × throughput is under 85 % of the setup's median here, but not on another GPU under the same runtime",
        "98 of 100 published figures are above it; a model that is low on both GPUs is so by nature",
        audit_rules.power_low,
    ),
    Rule(
        "cross_setup",
        "The energy ratio to another GPU under the same runtime is beyond 6 robust deviations",
        "six times 1.4826 × the median absolute deviation of ln(ratio): two in 10⁹ of a normal distribution",
        audit_rules.cross_setup,
    ),
    Rule(
        "sibling_gap",
        "The energy differs by more than 5 % from the median of the siblings",
        "equal architecture and input size are equal work: siblings agree within 0.7 % (median)",
        audit_rules.sibling_gap,
    ),
)


def audit(connection: duckdb.DuckDBPyConnection, task: str | None = None) -> tuple[Flag, ...]:
    """Return every flag, ordered by setup, model, input size and rule.

    Args:
        connection: The database.
        task: Only this task; all of them by default.
    """
    chosen = [task] if task is not None else queries.frontier_tasks(connection)
    return tuple(sorted(flag for name in chosen for flag in audit_rows(queries.audit_rows(connection, name))))


def doubted_apart(flags: Iterable[Flag]) -> frozenset[tuple[str, str, int]]:
    """Return setup, model and input size of the rows that another rule doubts than the one on siblings."""
    return frozenset((flag.setup, flag.model, flag.input_size_px) for flag in flags if flag.rule != "sibling_gap")


def audit_rows(rows: pd.DataFrame) -> list[Flag]:
    """Return the flags of one task's figures, as `queries.audit_rows` returns them."""
    found: Found = {}
    for rule in RULES:
        found[rule.key] = rule.reasons(rows, found)
    keys = rows[["setup", "model", "input_size_px"]]
    return [
        Flag(str(setup), str(model), int(size), rule, str(reason))
        for rule, reasons in found.items()
        for (setup, model, size), reason in zip(
            keys.loc[reasons.index].itertuples(index=False, name=None), reasons, strict=True
        )
    ]
