"""From the records of campaigns to their part of the report: cards, seconds, sentinels, and what to measure again."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from measure.report_rows import Row, read, rule
from measure.stability import MAX_TRIAL_SPREAD, spread

# A final trial whose batches take this much longer or shorter than the sweep's, at the same size, was not of the same
# state of the machine: mostly, the card waited for the host in one of them.
MAX_TIME_CHANGE = 0.03


def campaigns(folder: Path, rows: Sequence[Path]) -> list[str]:
    """Return the part on campaigns, one section a setup.

    Args:
        folder: Holds <setup>_costs.csv and <setup>_sentinels.csv.
        rows: The setups' measurement files.
    """
    lines: list[str] = []
    for path in rows:
        setup = path.stem
        measured = read(path)
        sentinels = read(folder / f"{setup}_sentinels.csv")
        lines += [f"## Campaigns of `{setup}`", ""]
        lines += [*_cards(read(folder / f"{setup}_costs.csv")), ""]
        lines += [*_sentinels(sentinels), ""]
        lines += [*_again(measured), ""]
    return lines[:-1]


def _cards(costs: Sequence[Row]) -> list[str]:
    """Say which card measured how many models in which campaign; the costs name them."""
    lines = [
        "Which card a row is of: the last campaign that names its model in the costs file.",
        "",
        "| campaign | GPU | card | models | median s a model |",
        rule(5),
    ]
    groups: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in costs:
        if row["status"] == "ok":
            seconds = sum(float(row[step]) for step in ("build_s", "sweep_s", "final_s"))
            groups[row["campaign"], row["device"], row["card"] or "not recorded"].append(seconds)
    lines += [
        f"| {campaign} | {device} | {card} | {len(seconds)} | {statistics.median(seconds):.1f} |"
        for (campaign, device, card), seconds in sorted(groups.items())
    ]
    return lines


def _sentinels(rows: Iterable[Row]) -> list[str]:
    """Show each campaign's sentinels: drift within a campaign, and differences between campaigns and cards."""
    lines = ["| campaign, GPU | sentinel | start, mJ/image | end | drift |", rule(5)]
    moments: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row["status"] == "ok":
            moments[row["campaign"], row["device"], row["model"]][row["moment"]] = float(row["energy_mj_per_item"])
    for (campaign, device, model), energy in sorted(moments.items()):
        if len(energy) == 2:
            drift = energy["end"] / energy["start"] - 1
            lines.append(
                f"| {campaign}, {device} | {model} | {energy['start']:.4g} | {energy['end']:.4g} | {drift:+.2%} |"
            )
    by_model: dict[str, list[float]] = defaultdict(list)
    for (_, _, model), energy in moments.items():
        by_model[model].append(energy.get("end", energy["start"]))
    between = {model: spread(values) for model, values in by_model.items() if len(values) > 1}
    shown = ", ".join(f"{model} {value:.1%}" for model, value in sorted(between.items()))
    return [*lines, "", f"Between campaigns and cards the sentinels differ by: {shown}."]


def _again(rows: Iterable[Row]) -> list[str]:
    """List the models whose readings at the chosen batch size are not of one state."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] == "ok":
            groups[row["model"]].append(row)
    lines = []
    for model, trials in sorted(groups.items()):
        finals = [row for row in trials if row["stage"] == "final"]
        swept = [row for row in trials if row["stage"] == "sweep" and row["batch_size"] == finals[0]["batch_size"]]
        change = _median_ms(finals) / _median_ms(swept) - 1 if swept else 0.0
        apart = spread([float(row["energy_mj_per_item"]) for row in finals])
        if abs(change) > MAX_TIME_CHANGE or apart > MAX_TRIAL_SPREAD:
            lines.append(
                f"- {model}: batches of {finals[0]['batch_size']} took {change:+.0%} in the final trials against the "
                f"search; the energies of the final trials differ by {apart:.1%}"
            )
    if not lines:
        return ["No model's final trials contradict its search."]
    return ["To be measured again, because the card waited for the host in some trial and not in another:", "", *lines]


def _median_ms(rows: Sequence[Row]) -> float:
    return statistics.median(float(row["latency_ms"]) for row in rows)
