"""From finished trials to warnings: what was seen, why it matters, and the next step."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

from measure.results import Row

# Final trials of one model that differ by more than this are not one steady state: the audit's limit for siblings is
# 10 %, and repeats on an H200 differ by less than 1 %.
MAX_TRIAL_SPREAD = 0.05
# Sentinels that drift by more than this make a campaign's figures doubtful.
MAX_SENTINEL_DRIFT = 0.02


def spread(values: Sequence[float]) -> float:
    """Return the largest minus the smallest value, over their median."""
    return (max(values) - min(values)) / statistics.median(values)


def final_trial_warnings(rows: Iterable[Row]) -> list[str]:
    """Warn of models whose final trials at one batch size differ."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["stage"] == "final" and row["status"] == "ok":
            groups[row["model"], row["input_size_px"], row["batch_size"]].append(row)
    warnings = []
    for (model, size, _), trials in sorted(groups.items()):
        seen = spread([float(row["energy_mj_per_item"]) for row in trials])
        if seen > MAX_TRIAL_SPREAD:
            warmest = max(float(row["temperature_end_c"]) for row in trials)
            coolest = min(float(row["temperature_start_c"]) for row in trials)
            warnings.append(
                f"{model} at {size} px: the final trials differ by {seen:.0%} (limit {MAX_TRIAL_SPREAD:.0%}); the GPU "
                f"was between {coolest:.0f} and {warmest:.0f} °C. Their median may not repeat: measure the model "
                "again with --protocol study."
            )
    return warnings


def sentinel_drift(rows: Iterable[Row]) -> dict[tuple[str, str], float]:
    """Return each sentinel's change of energy from a campaign's start to its end, by device and model.

    Args:
        rows: One campaign's sentinel rows, with `moment` (start, end) and `device`.
    """
    energies: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row["status"] == "ok":
            energies[row["device"], row["model"]][row["moment"]] = float(row["energy_mj_per_item"])
    return {
        key: moments["end"] / moments["start"] - 1 for key, moments in sorted(energies.items()) if len(moments) == 2
    }


def sentinel_warnings(rows: Iterable[Row]) -> list[str]:
    """Warn of sentinels that drifted."""
    return [
        f"Sentinel {model} on GPU {device} drifted by {drift:+.1%} over the campaign (limit {MAX_SENTINEL_DRIFT:.0%}): "
        "figures measured early and late do not compare. Look at the temperatures in the sentinel file and measure "
        "again."
        for (device, model), drift in sentinel_drift(rows).items()
        if abs(drift) > MAX_SENTINEL_DRIFT
    ]
