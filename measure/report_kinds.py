"""From trials of one batch size in several ways to their part of the report: inputs, weights, precisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from measure.report_rows import Row, groups, median_mj, ran, rule


def inputs(trials: Sequence[Row]) -> list[str]:
    """Compare inputs, and weights, at one batch size, measured in turns."""
    lines = ["## (e) Inputs: normal, uniform and zero", ""]
    lines += ["| model | batch size | randn | uniform | zeros |", rule(5)]
    finals = [row for row in ran(trials, "final") if row["series"].startswith("inputs")]
    for (_, _, model), rows in sorted(groups(finals).items(), key=lambda item: item[0][2]):
        median = {
            kind: median_mj([row for row in rows if row["series"].startswith(f"inputs-{kind}")])
            for kind in ("randn", "uniform", "zeros")
        }
        shown = " | ".join(f"{value:.4g} ({value / median['randn'] - 1:+.1%})" for value in median.values())
        lines.append(f"| {model} | {rows[0]['batch_size']} | {shown} |")
    lines += ["", "## (e) Weights: random and trained", ""]
    lines += ["| model | batch size | random | trained |", rule(4)]
    finals = [row for row in ran(trials, "final") if row["series"].startswith("weights")]
    for (_, _, model), rows in sorted(groups(finals).items(), key=lambda item: item[0][2]):
        random, trained = (
            median_mj([row for row in rows if row["series"].startswith(f"weights-{kind}")])
            for kind in ("random", "pretrained")
        )
        lines.append(
            f"| {model} | {rows[0]['batch_size']} | {random:.4g} | {trained:.4g} ({trained / random - 1:+.1%}) |"
        )
    return lines


def options(trials: Sequence[Row]) -> list[str]:
    """Compare precisions, memory formats and the compiler at one batch size; nothing where none was measured."""
    finals = [row for row in ran(trials, "final") if row["series"].startswith("options-")]
    if not finals:
        return []
    lines = ["## (f) Precision, memory format and compiler", ""]
    lines += ["| model | batch size | runtime, precision, memory format | mJ/image |", rule(4)]
    kinds: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in finals:
        kind = row["series"].removeprefix("options-").rpartition("-")[0]
        kinds[row["model"], row["batch_size"], kind].append(row)
    return lines + [
        f"| {model} | {size} | {kind.replace('-', ', ')} | {median_mj(rows):.4g} |"
        for (model, size, kind), rows in sorted(kinds.items())
    ]
