"""From readings to the window's ends: when the power is level, when the window is long and sure enough."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from builder.units import MJ_PER_J
from measure.power import CounterUpdate, PowerSample, batches_done, integrated_power_j, relative_interval
from measure.protocol import (
    LEVEL_INTERVALS,
    MAX_COUNTER_POWER_RATIO,
    MAX_EDGE_DOUBT_S,
    MIN_COUNTER_POWER_RATIO,
    SUB_WINDOWS,
    WindowRule,
)


def settled_index(updates: Sequence[CounterUpdate], began_s: float, rule: WindowRule) -> int | None:
    """Find the first update that may open the window.

    Args:
        updates: The counter's updates so far.
        began_s: When work was known to run: the first batch was done.
        rule: How long to settle, and what level means.

    Returns:
        An index into `updates`, or None while the power is not level.
    """
    for index, update in enumerate(updates):
        settled_s = update.time_s - began_s
        if settled_s < rule.settle_min_s or update.doubt_s > MAX_EDGE_DOUBT_S:
            continue
        if settled_s >= rule.settle_max_s or _level(updates[: index + 1], began_s, rule.level_spread):
            return index
    return None


def closing_index(
    updates: Sequence[CounterUpdate],
    samples: Sequence[PowerSample],
    completions_s: Sequence[float],
    opened: int,
    rule: WindowRule,
) -> int | None:
    """Find the update that closes the window opened at index `opened`, or None while none does.

    It does once the window is long enough and either the interval and the cross-check with power are as wanted or the
    limit is reached.
    """
    # An update may only close the window once a batch was done after it.
    last = bisect_right([update.time_s for update in updates], completions_s[-1]) - 1
    if last <= opened:
        return None
    update = updates[last]
    window_s = update.time_s - updates[opened].time_s
    if window_s < rule.window_min_s or update.doubt_s > MAX_EDGE_DOUBT_S:
        return None
    repetitions = batches_done(completions_s, update.time_s) - batches_done(completions_s, updates[opened].time_s)
    if repetitions < rule.min_repetitions:
        return None
    interval = relative_interval(updates[opened : last + 1], completions_s, SUB_WINDOWS)
    ratio = counter_power_ratio(updates[opened : last + 1], samples)
    within = interval is not None and interval <= rule.interval_target
    within = within and (ratio is None or MIN_COUNTER_POWER_RATIO <= ratio <= MAX_COUNTER_POWER_RATIO)
    return last if within or window_s >= rule.window_max_s else None


def counter_power_ratio(updates: Sequence[CounterUpdate], samples: Sequence[PowerSample]) -> float | None:
    """Return the energy between the first and the last update over integrated power; None without samples."""
    integrated_j = integrated_power_j(samples, updates[0].time_s, updates[-1].time_s)
    return (updates[-1].energy_mj - updates[0].energy_mj) / MJ_PER_J / integrated_j if integrated_j else None


def _level(updates: Sequence[CounterUpdate], began_s: float, spread: float) -> bool:
    recent = updates[-LEVEL_INTERVALS - 1 :]
    if len(recent) <= LEVEL_INTERVALS or recent[0].time_s < began_s:
        return False
    powers = [
        (later.energy_mj - earlier.energy_mj) / (later.time_s - earlier.time_s) for earlier, later in pairwise(recent)
    ]
    return max(powers) - min(powers) <= spread * sum(powers) / len(powers)
