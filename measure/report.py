"""From the raw rows of a validation to its report: every number in it is computed here."""

from __future__ import annotations

import csv
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from builder.units import MS_PER_S
from measure.batch_sizes import busy_sizes, chosen_batch_size, next_batch_size, predicted_range
from measure.protocol import CLEARLY_LONGER, STUDY, SURVEY, TIMED_BATCHES
from measure.stability import spread

Row = dict[str, str]
# The session whose repeats ran the search as it is now; earlier ones ran drafts of it.
_REPEATS_SESSION = "3"


def report(folder: Path, data: Path) -> str:
    """Return the report on a validation folder in Markdown.

    Args:
        folder: Holds trials.csv, costs.csv, probe.json and the campaigns' sentinels.
        data: The measurement file whose ratios are summed up too.
    """
    trials, costs = _read(folder / "trials.csv"), _read(folder / "costs.csv")
    superseded = _read(folder / "superseded.csv") if (folder / "superseded.csv").exists() else []
    parts = [
        (folder / "introduction.md").read_text().rstrip(),
        "\n".join(repeats(trials)),
        "\n".join(survey_against_study(trials, costs)),
        "\n".join(search_against_ladder(trials, costs)),
        "\n".join(
            counter_against_power([*trials, *superseded], _read(data), json.loads((folder / "probe.json").read_text()))
        ),
        "\n".join(inputs(trials)),
        "\n".join(sentinels([row for path in sorted(folder.glob("*_sentinels.csv")) for row in _read(path)])),
    ]
    return "\n\n".join(parts) + "\n"


def repeats(trials: Sequence[Row]) -> list[str]:
    """Sum up repeated surveys: each repeat's median final energy, and the spread over the repeats."""
    energies: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in _ok(trials, "final"):
        if row["series"].startswith("repeat") and row["session"] == _REPEATS_SESSION:
            energies[row["model"]][row["series"]].append(row)
    lines = ["## (a) Repeatability: the whole survey, search included, five times", ""]
    lines += ["| model | mJ/image of each repeat (batch size) | spread | at one batch size | K warmer |", _rule(5)]
    within = 0
    for model, series in sorted(energies.items()):
        figures = [(_median_mj(rows), rows[0]["batch_size"]) for _, rows in sorted(series.items())]
        total = spread([energy for energy, _ in figures])
        usual = statistics.mode(batch for _, batch in figures)
        same = spread([energy for energy, batch in figures if batch == usual])
        warmth = [float(row["temperature_end_c"]) for rows in series.values() for row in rows]
        within += total <= 0.01
        shown = ", ".join(f"{energy:.4g} ({batch})" for energy, batch in figures)
        lines.append(f"| {model} | {shown} | {total:.2%} | {same:.2%} at {usual} | {max(warmth) - min(warmth):.0f} |")
    lines += ["", f"{within} of {len(energies)} models are within 1 %."]
    return lines


def survey_against_study(trials: Sequence[Row], costs: Sequence[Row]) -> list[str]:
    """Compare both protocols' final energies on the same card, the survey's at the batch size nearest the study's."""
    lines = ["## (b) `survey` against `study`, on the same card", ""]
    lines += ["| model | protocol | mJ/image | batch size | difference | GPU-seconds a model |", _rule(6)]
    differences, ratios = [], []
    finals = [row for row in _ok(trials, "final") if not row["series"].startswith("inputs")]
    for (session, device, model), rows in sorted(_groups(finals).items(), key=lambda item: item[0][2]):
        study = [row for row in rows if row["series"] == "study"]
        surveys = [row for row in rows if row["series"] != "study"]
        if not study or not surveys:
            continue
        size = int(study[0]["batch_size"])
        nearest = min({int(row["batch_size"]) for row in surveys}, key=lambda other: max(other / size, size / other))
        same = [row for row in surveys if row["batch_size"] == str(nearest)]
        difference = _median_mj(same) / _median_mj(study) - 1
        spent = {name: _seconds(costs, (session, device, model), name) for name in ("survey", "study")}
        differences.append(abs(difference))
        if spent["survey"] and spent["study"]:
            ratios.append(spent["survey"] / spent["study"])
        shown = {name: f"{seconds:.1f}" if seconds else "not complete" for name, seconds in spent.items()}
        lines.append(
            f"| {model} | survey | {_median_mj(same):.4g} | {nearest} | {difference:+.2%} | {shown['survey']} |"
        )
        count = "" if len(study) >= STUDY.final_trials else f" ({len(study)} of {STUDY.final_trials} trials)"
        lines.append(f"| | study{count} | {_median_mj(study):.4g} | {size} | | {shown['study']} |")
    lines += [
        "",
        f"{sum(difference <= 0.02 for difference in differences)} of {len(differences)} models agree within 2 %; the "
        f"largest difference is {max(differences):.2%}. A survey takes {statistics.median(ratios):.0%} of a study's "
        f"time (median of {len(ratios)} models).",
    ]
    return lines


def search_against_ladder(trials: Sequence[Row], costs: Sequence[Row]) -> list[str]:
    """Replay the search on each ladder's own readings, and price what the surveys of session 3 chose on them."""
    lines = ["## (c) The search against the full ladder", ""]
    lines += [
        "The search as it is now, replayed on the ladder's readings; and the batch sizes that the repeats of (a) "
        "chose, priced on the ladder. The ladder's best is that of batches which keep the card busy "
        "(`BUSY_OVER_LAUNCH` in `measure/protocol.py`).",
        "",
        "| model | ladder's best | search: trials, choice | over the best | repeats chose | over the best, worst | "
        "seconds: ladder, search |",
        _rule(7),
    ]
    worst = []
    sweeps = [row for row in _ok(trials, "sweep") if row["series"] == "study"]
    for (session, device, model), rows in sorted(_groups(sweeps).items(), key=lambda item: item[0][2]):
        energies = {int(row["batch_size"]): float(row["energy_mj_per_item"]) for row in rows}
        batch_s = {int(row["batch_size"]): float(row["latency_ms"]) / MS_PER_S for row in rows}
        ladder = busy_sizes(dict(energies), batch_s, batch_s[1])
        best = chosen_batch_size(ladder) or 1
        tried = replayed_search(energies, batch_s)
        choice = chosen_batch_size(busy_sizes(tried, batch_s, batch_s[1])) or 1
        over = energies[choice] / energies[best] - 1
        worst.append(over)
        chosen = sorted(
            {
                int(row["batch_size"])
                for row in _ok(trials, "final")
                if row["model"] == model and row["session"] == _REPEATS_SESSION and row["series"].startswith("repeat")
            }
        )
        priced = [energies[size] / energies[best] - 1 for size in chosen if size in energies]
        worst += priced
        ladder_s = _step_seconds(costs, (session, device, model), "study", "sweep_s")
        search_s = [
            float(row["sweep_s"])
            for row in costs
            if row["model"] == model and row["session"] == _REPEATS_SESSION and row["series"].startswith("repeat")
        ]
        lines.append(
            f"| {model} | {best} | {len(tried)}, {choice} | {over:+.2%} | {', '.join(map(str, chosen)) or '–'} | "
            f"{f'{max(priced):+.2%}' if priced else '–'} | {f'{ladder_s:.0f}' if ladder_s else 'not complete'}, "
            f"{f'{statistics.median(search_s):.1f}' if search_s else '–'} |"
        )
    lines += ["", f"The largest excess is {max(worst):.2%}."]
    return lines


def replayed_search(energies: dict[int, float], batch_s: dict[int, float]) -> dict[int, float | None]:
    """Run the search on a ladder's energies and batch times; return what it tried."""
    few = next(
        (size for size in TIMED_BATCHES if batch_s.get(size, 1.0) > CLEARLY_LONGER * batch_s[1]), TIMED_BATCHES[-1]
    )
    worthwhile = predicted_range(batch_s[1], few, batch_s[few], SURVEY)
    tried: dict[int, float | None] = {}
    while (size := next_batch_size(busy_sizes(tried, batch_s, batch_s[1]), worthwhile, SURVEY, batch_s)) is not None:
        tried[size] = energies.get(size)
    return tried


def counter_against_power(trials: Sequence[Row], measured: Sequence[Row], probe: dict[str, object]) -> list[str]:
    """Sum up the ratio of counter and integrated power over all trials, and the probe."""
    lines = ["## (d) The energy counter against integrated power", ""]
    lines += ["| trials | number | median ratio | 2.5 % to 97.5 % | refused |", _rule(5)]
    everything = [*trials, *measured]
    for stage in ("sweep", "final"):
        ratios = sorted(float(row["counter_power_ratio"]) for row in _ok(everything, stage))
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


def inputs(trials: Sequence[Row]) -> list[str]:
    """Compare inputs at one batch size, measured in turns."""
    lines = ["## (e) Inputs: normal, uniform and zero", ""]
    lines += ["| model | batch size | randn | uniform | zeros |", _rule(5)]
    finals = [row for row in _ok(trials, "final") if row["series"].startswith("inputs")]
    for (_, _, model), rows in sorted(_groups(finals).items(), key=lambda item: item[0][2]):
        median = {
            kind: _median_mj([row for row in rows if row["series"].startswith(f"inputs-{kind}")])
            for kind in ("randn", "uniform", "zeros")
        }
        shown = " | ".join(f"{value:.4g} ({value / median['randn'] - 1:+.1%})" for value in median.values())
        lines.append(f"| {model} | {rows[0]['batch_size']} | {shown} |")
    lines += ["", "Trained weights against random ones: not measured yet."]
    return lines


def sentinels(rows: Sequence[Row]) -> list[str]:
    """Show each campaign's sentinels: drift within a campaign, and differences between the cards of campaigns."""
    lines = ["## Sentinels of the campaigns", ""]
    lines += ["| campaign, GPU | model | start, mJ/image | end | drift |", _rule(5)]
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
    if between:
        shown = ", ".join(f"{model} {value:.1%}" for model, value in sorted(between.items()))
        lines += ["", f"Between campaigns, whose cards may differ: {shown}."]
    return lines


def _read(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _ok(rows: Iterable[Row], stage: str) -> list[Row]:
    return [row for row in rows if row["stage"] == stage and row["status"] == "ok"]


def _groups(rows: Iterable[Row]) -> dict[tuple[str, str, str], list[Row]]:
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["session"], row["device"], row["model"]].append(row)
    return groups


def _median_mj(rows: Sequence[Row]) -> float:
    return statistics.median(float(row["energy_mj_per_item"]) for row in rows)


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


def _rule(columns: int) -> str:
    return "|" + " --- |" * columns
