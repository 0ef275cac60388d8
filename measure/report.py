"""From the raw rows of a validation to its report: every number in it is computed here."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from builder.units import MS_PER_S
from measure.batch_sizes import best_batch_size, busy_sizes, chosen_batch_size, next_batch_size, predicted_range
from measure.protocol import STUDY, SURVEY, USUAL_HIGHEST
from measure.report_campaigns import campaigns
from measure.report_kinds import inputs, options
from measure.report_rows import Row, groups, median_mj, ran, read, rule
from measure.stability import spread

# Sessions with repeats of a search that left out sizes which wait for the host; the last one ran it nearly as now.
_REPEATS_SESSIONS = ("3", "4")
_REPEATABLE = 0.01


def report(folder: Path, data: Sequence[Path]) -> str:
    """Return the report on a validation folder in Markdown.

    Args:
        folder: Holds trials.csv, costs.csv, probe.json and the campaigns' costs and sentinels.
        data: The setups' measurement files, whose ratios are summed up too.
    """
    trials, costs = read(folder / "trials.csv"), read(folder / "costs.csv")
    superseded = [row for path in sorted(folder.glob("*_superseded.csv")) for row in read(path)]
    parts = [
        (folder / "introduction.md").read_text().rstrip(),
        "\n".join(repeats(trials)),
        "\n".join(survey_against_study(trials, costs)),
        "\n".join(search_against_ladder(trials, costs)),
        "\n".join(
            counter_against_power(
                [*trials, *superseded],
                [row for path in data for row in read(path)],
                json.loads((folder / "probe.json").read_text()),
            )
        ),
        "\n".join(inputs(trials)),
        *["\n".join(part) for part in [options(trials)] if part],
        "\n".join(campaigns(folder, data)),
    ]
    return "\n\n".join(parts) + "\n"


def repeats(trials: Sequence[Row]) -> list[str]:
    """Sum up repeated surveys, session by session: each repeat's median final energy, and the spread over them."""
    lines = ["## (a) Repeatability: the whole survey, search included, five times", ""]
    for session in _REPEATS_SESSIONS:
        lines += [f"Session {session}:", ""]
        lines += ["| model | mJ/image of each repeat (batch size) | spread | at one batch size | last ÷ first | °C |"]
        lines += [rule(6)]
        energies: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in _repeats(trials, session):
            energies[row["model"]][row["series"]].append(row)
        within = 0
        for model, series in sorted(energies.items()):
            figures = [(median_mj(rows), rows[0]["batch_size"]) for _, rows in sorted(series.items())]
            total = spread([energy for energy, _ in figures])
            usual = statistics.mode(batch for _, batch in figures)
            same = spread([energy for energy, batch in figures if batch == usual])
            warmth = [float(row["temperature_end_c"]) for rows in series.values() for row in rows]
            within += total <= _REPEATABLE
            shown = ", ".join(f"{energy:.4g} ({batch})" for energy, batch in figures)
            lines.append(
                f"| {model} | {shown} | {total:.2%} | {same:.2%} at {usual} "
                f"| {figures[-1][0] / figures[0][0] - 1:+.2%} | {min(warmth):.0f} to {max(warmth):.0f} |"
            )
        lines += ["", f"{within} of {len(energies)} models are within 1 %.", ""]
    return lines[:-1]


def survey_against_study(trials: Sequence[Row], costs: Sequence[Row]) -> list[str]:
    """Compare both protocols' final energies on the same card, the survey's at the batch size nearest the study's."""
    lines = ["## (b) `survey` against `study`, on the same card", ""]
    lines += ["| model | protocol | mJ/image | batch size | difference | GPU-seconds a model |", rule(6)]
    differences, ratios = [], []
    finals = [row for row in ran(trials, "final") if not row["series"].startswith(("inputs", "weights", "options"))]
    for (session, device, model), rows in sorted(groups(finals).items(), key=lambda item: item[0][2]):
        study = [row for row in rows if row["series"] == "study"]
        surveys = [row for row in rows if row["series"] != "study"]
        if not study or not surveys:
            continue
        size = int(study[0]["batch_size"])
        nearest = min({int(row["batch_size"]) for row in surveys}, key=lambda other: max(other / size, size / other))
        same = [row for row in surveys if row["batch_size"] == str(nearest)]
        difference = median_mj(same) / median_mj(study) - 1
        spent = {name: _seconds(costs, (session, device, model), name) for name in ("survey", "study")}
        differences.append(abs(difference))
        if spent["survey"] and spent["study"]:
            ratios.append(spent["survey"] / spent["study"])
        shown = {name: f"{seconds:.1f}" if seconds else "not complete" for name, seconds in spent.items()}
        lines.append(
            f"| {model} | survey | {median_mj(same):.4g} | {nearest} | {difference:+.2%} | {shown['survey']} |"
        )
        count = "" if len(study) >= STUDY.final_trials else f" ({len(study)} of {STUDY.final_trials} trials)"
        lines.append(f"| | study{count} | {median_mj(study):.4g} | {size} | | {shown['study']} |")
    lines += [
        "",
        f"{sum(difference <= 0.02 for difference in differences)} of {len(differences)} models agree within 2 %; the "
        f"largest difference is {max(differences):.2%}. A survey takes {statistics.median(ratios):.0%} of a study's "
        f"time (median of {len(ratios)} models), as both were on that day.",
    ]
    latest = _latest_shares(costs)
    lines += [
        "",
        f"The repeats of session {_REPEATS_SESSIONS[-1]}, with the search as it is now and one final trial, took "
        f"{statistics.median(latest):.0%} of a study's time (median of {len(latest)} models whose study is complete on "
        "any card).",
    ]
    return lines


def _latest_shares(costs: Sequence[Row]) -> list[float]:
    """Return, for each model of the latest repeats, its median seconds over those of its studies on any card."""
    spent: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for row in costs:
        study = row["protocol"] == "study"
        if study or (row["session"] == _REPEATS_SESSIONS[-1] and row["series"].startswith("repeat")):
            spent[row["model"], study].append(sum(float(row[step]) for step in ("build_s", "sweep_s", "final_s")))
    return [
        statistics.median(seconds) / statistics.median(spent[model, True])
        for (model, study), seconds in sorted(spent.items())
        if not study and (model, True) in spent
    ]


def search_against_ladder(trials: Sequence[Row], costs: Sequence[Row]) -> list[str]:
    """Replay the search on each ladder's own readings, and price what the latest repeated surveys chose on them."""
    lines = ["## (c) The search against the full ladder", ""]
    lines += [
        "The search as it is now, replayed on the ladder's readings; and the batch sizes that the repeats of (a) "
        "chose, priced on the ladder. The ladder's best is that of batches which keep the card busy "
        "(`BUSY_OVER_LAUNCH` in `measure/protocol.py`).",
        "",
        "| model | ladder's best | search: trials, choice | over the best | repeats chose | over the best, worst | "
        "seconds: ladder, search |",
        rule(7),
    ]
    replayed, chose = [], []
    sweeps = [row for row in ran(trials, "sweep") if row["series"] == "study"]
    for (session, device, model), rows in sorted(groups(sweeps).items(), key=lambda item: item[0][2]):
        energies = {int(row["batch_size"]): float(row["energy_mj_per_item"]) for row in rows}
        batch_s = {int(row["batch_size"]): float(row["latency_ms"]) / MS_PER_S for row in rows}
        ladder = busy_sizes(dict(energies), batch_s, batch_s[1])
        best = best_batch_size(ladder) or 1
        tried = replayed_search(energies, batch_s)
        choice = chosen_batch_size(busy_sizes(tried, batch_s, batch_s[1])) or 1
        over = energies[choice] / energies[best] - 1
        replayed.append(over)
        chosen = sorted(
            {int(row["batch_size"]) for row in _repeats(trials, _REPEATS_SESSIONS[-1]) if row["model"] == model}
        )
        priced = [energies[size] / energies[best] - 1 for size in chosen if size in energies]
        chose += priced
        ladder_s = _step_seconds(costs, (session, device, model), "study", "sweep_s")
        search_s = [
            float(row["sweep_s"])
            for row in costs
            if row["model"] == model and row["session"] == _REPEATS_SESSIONS[-1] and row["series"].startswith("repeat")
        ]
        lines.append(
            f"| {model} | {best} | {len(tried)}, {choice} | {over:+.2%} | {', '.join(map(str, chosen)) or '–'} | "
            f"{f'{max(priced):+.2%}' if priced else '–'} | {f'{ladder_s:.0f}' if ladder_s else 'not complete'}, "
            f"{f'{statistics.median(search_s):.1f}' if search_s else '–'} |"
        )
    lines += ["", f"The largest excess is {max(replayed):.2%} replayed, {max(chose):.2%} in the repeats."]
    return lines


def replayed_search(energies: dict[int, float], batch_s: dict[int, float]) -> dict[int, float | None]:
    """Run the search on a ladder's energies and batch times; return what it tried."""
    few = max(size for size in batch_s if size <= USUAL_HIGHEST)
    worthwhile = predicted_range(batch_s[1], few, batch_s[few], SURVEY)
    tried: dict[int, float | None] = {}
    while (size := next_batch_size(busy_sizes(tried, batch_s, batch_s[1]), worthwhile, SURVEY, batch_s)) is not None:
        tried[size] = energies.get(size)
    return tried


def counter_against_power(trials: Sequence[Row], measured: Sequence[Row], probe: dict[str, object]) -> list[str]:
    """Sum up the ratio of counter and integrated power over all trials, and the probe."""
    lines = ["## (d) The energy counter against integrated power", ""]
    lines += ["| trials | number | median ratio | 2.5 % to 97.5 % | refused |", rule(5)]
    everything = [*trials, *measured]
    for stage in ("sweep", "final"):
        ratios = sorted(float(row["counter_power_ratio"]) for row in ran(everything, stage))
        refused = sum(row["stage"] == stage and row["status"] == "refused" for row in everything)
        low, high = ratios[round(0.025 * len(ratios))], ratios[min(len(ratios) - 1, round(0.975 * len(ratios)))]
        lines.append(
            f"| {stage} | {len(ratios)} | {statistics.median(ratios):.4f} | {low:.4f} to {high:.4f} | {refused} |"
        )
    lines += ["", "The probe (`probe.json`) found:", ""]
    for name in ("counter_update_ms", "counter_read_ms", "instant_update_ms", "instant_rise_ms", "average_rise_ms"):
        lines.append(f"- `{name}`: {float(str(probe[name])):.1f}")
    comparisons = probe["comparisons"]
    assert isinstance(comparisons, list)  # noqa: S101 - the file is this program's own
    for entry in comparisons:
        lines.append(f"- {entry['load']}: {entry['mean_power_w']:.0f} W, ratio {entry['counter_power_ratio']:.4f}")
    return lines


def _repeats(trials: Iterable[Row], session: str) -> list[Row]:
    return [row for row in ran(trials, "final") if row["session"] == session and row["series"].startswith("repeat")]


def _seconds(costs: Sequence[Row], card: tuple[str, str, str], protocol: str) -> float | None:
    """Return the median seconds of one model under a protocol on a card; None where it did not end."""
    spent = [
        sum(float(row[step]) for step in ("build_s", "sweep_s", "final_s"))
        for row in costs
        if (row["session"], row["device"], row["model"]) == card and row["protocol"] == protocol
    ]
    return statistics.median(spent) if spent else None


def _step_seconds(costs: Sequence[Row], card: tuple[str, str, str], protocol: str, step: str) -> float | None:
    spent = [
        float(row[step])
        for row in costs
        if (row["session"], row["device"], row["model"]) == card and row["protocol"] == protocol
    ]
    return statistics.median(spent) if spent else None
