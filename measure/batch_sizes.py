"""From the batch sizes tried so far to the next one to try, and to the one chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from measure.protocol import (
    BUSY_OVER_LAUNCH,
    COARSE_STEP,
    HALF_PRECISION_TIME,
    HIGHEST_OVER_KNEE,
    HOPELESS,
    ITEM_S_PER_GMAC,
    ITEM_S_PER_ROOT_GMAC,
    NEAR_TIE,
    USUAL_HIGHEST,
    WORTH_A_LOOK,
    Protocol,
)

# What a batch size gave: its energy per item, or None where it cannot run.
Tried = Mapping[int, float | None]


@dataclass(frozen=True)
class Range:
    """Batch sizes worth trying, both powers of two.

    Attributes:
        lowest: Below it the card waits for the host.
        highest: Above it a batch takes too long, or nothing is gained any more.
    """

    lowest: int
    highest: int


def first_batch_size(macs_g: float, precision: str, protocol: Protocol) -> int:
    """Guess the top of a model's range from its arithmetic: the size to time first.

    Args:
        macs_g: Multiply-accumulates of one item, in billions.
        precision: fp32, fp32strict, fp16 or bf16.
        protocol: For its largest batch size and batch time.
    """
    item_s = max(ITEM_S_PER_ROOT_GMAC * math.sqrt(macs_g), ITEM_S_PER_GMAC * macs_g)
    if not precision.startswith("fp32"):
        item_s *= HALF_PRECISION_TIME
    return power_of_two_below(min(USUAL_HIGHEST, protocol.max_batch_s / item_s, protocol.max_batch_size))


def predicted_range(launch_s: float, few: int, few_items_s: float, protocol: Protocol) -> Range:
    """Predict from two timings where the energy curve is worth looking at.

    One item costs the time of launching its kernels; a few that take clearly longer cost the card's own time. The knee
    lies where the two are equal.

    Args:
        launch_s: Time of launching a batch: that of one item.
        few: Size of a batch that takes clearly longer than one item, or of the largest batch timed.
        few_items_s: Its time.
        protocol: For its largest batch size and batch time.
    """
    item_s = few_items_s / few
    knee = launch_s / item_s
    wanted = max(USUAL_HIGHEST, HIGHEST_OVER_KNEE * knee)
    highest = power_of_two_below(min(wanted, protocol.max_batch_s / item_s, protocol.max_batch_size))
    busy = power_of_two_below(BUSY_OVER_LAUNCH * knee)
    lowest = busy if busy >= BUSY_OVER_LAUNCH * knee else 2 * busy
    return Range(min(lowest, highest), highest)


def next_batch_size(tried: Tried, worthwhile: Range, protocol: Protocol, batch_s: Mapping[int, float]) -> int | None:
    """Return the next batch size to try, or None when the search is over.

    Energy per item is not unimodal in the batch size: small networks are best where their activations fit the cache,
    and transformers reach a second plateau. So the range is scanned in coarse steps from its top until energy rises
    steeply, and then the sizes below the best are tried. A size between two that were tried and above the best one is
    not: the curve is flat there. The state of the search is what was tried: an interrupted search goes on where it
    stood.

    Args:
        tried: Energy per item by batch size; None where it cannot run.
        worthwhile: From `predicted_range`.
        protocol: scan or ladder, and its limits.
        batch_s: Time of one batch by batch size, as far as known.
    """
    if protocol.search == "ladder":
        return _next_rung(tried, protocol, batch_s)
    coarse = _next_coarse(tried, worthwhile)
    return coarse if coarse is not None else _next_below(tried, worthwhile)


def busy_sizes(tried: Tried, batch_s: Mapping[int, float], launch_s: float) -> Tried:
    """Give the batch sizes at which the card waits for the host an infinite energy, unless there are no others.

    Args:
        tried: Energy per item by batch size.
        batch_s: Time of one batch by batch size.
        launch_s: Time of launching a batch.
    """
    waiting = {
        size for size, energy in tried.items() if energy is not None and batch_s[size] < BUSY_OVER_LAUNCH * launch_s
    }
    if all(energy is None or size in waiting for size, energy in tried.items()):
        return tried
    return {size: math.inf if size in waiting else energy for size, energy in tried.items()}


def best_batch_size(tried: Tried) -> int | None:
    """Return the batch size of least energy, or None where none ran."""
    ran = _ran(tried)
    return min(ran, key=lambda size: (ran[size], size)) if ran else None


def chosen_batch_size(tried: Tried) -> int | None:
    """Return the largest batch size whose energy nearly ties with the least, or None where none ran."""
    ran = _ran(tried)
    return max(_within(ran, NEAR_TIE)) if ran else None


def power_of_two_below(value: float) -> int:
    """Return the largest power of two that is at most the value, at least 1."""
    return 1 << max(0, int(value).bit_length() - 1)


def _next_rung(tried: Tried, protocol: Protocol, batch_s: Mapping[int, float]) -> int | None:
    size = 1
    while size <= protocol.max_batch_size:
        if size not in tried:
            below = size // 2
            fits = below not in batch_s or 2 * batch_s[below] <= protocol.max_batch_s
            return size if fits else None
        if tried[size] is None:
            return None
        size *= 2
    return None


def _next_coarse(tried: Tried, worthwhile: Range) -> int | None:
    size, least = worthwhile.highest, math.inf
    while size >= worthwhile.lowest:
        if size not in tried:
            return size
        energy = tried[size]
        if energy is None:
            # Out of memory is an answer: the scan begins anew one step of two below.
            size //= 2
            continue
        least = min(least, energy)
        if energy > HOPELESS * least:
            return None
        size //= COARSE_STEP
    return None


def _next_below(tried: Tried, worthwhile: Range) -> int | None:
    ran = _ran(tried)
    if not ran:
        below = min(tried, default=2) // 2
        return below if below >= 1 else None
    smallest = min(_within(ran, WORTH_A_LOOK))
    below = smallest // 2
    if below in tried or below < worthwhile.lowest:
        return None
    # Of the top of the range and a size two steps below it the top is better: so it is than the one between them.
    return None if smallest == max(ran) and min(ran) < smallest else below


def _ran(tried: Tried) -> dict[int, float]:
    return {size: energy for size, energy in tried.items() if energy is not None}


def _within(ran: Mapping[int, float], share: float) -> list[int]:
    least = min(ran.values())
    return [size for size, energy in ran.items() if energy <= least * (1 + share)]
