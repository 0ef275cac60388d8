"""From a workload on a card to one trial: settle, open the window on a counter update, close it on another."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from builder.units import MJ_PER_J, MS_PER_S
from measure.clock import Clock
from measure.power import (
    CounterUpdate,
    Meter,
    PowerSample,
    Recorder,
    batches_done,
    energy_per_batch_j,
    relative_interval,
)
from measure.protocol import (
    JUMP_PERIODS,
    MAX_COUNTER_POWER_RATIO,
    MAX_QUEUED_BATCHES,
    MIN_COUNTER_POWER_RATIO,
    MIN_QUEUED_BATCHES,
    QUEUE_AHEAD_S,
    STUCK_AFTER_S,
    SUB_WINDOWS,
    WindowRule,
)
from measure.window import closing_index, counter_power_ratio, settled_index
from measure.workload import Workload

# Reasons that make a figure one of the cooling or the power supply, not of the model (NVML's clock event reasons).
_REFUSED_REASONS = ("hw_slowdown", "sw_thermal_slowdown", "hw_thermal_slowdown", "hw_power_brake_slowdown")


class RefusedError(Exception):
    """The trial's figure cannot be trusted; the message says why."""


@dataclass(frozen=True)
class Trace:
    """What a trial was computed from.

    Attributes:
        updates: Counter updates from the trial's start to its end.
        samples: Power samples over the same time.
        completions_s: When each batch was done.
        window: Indices into `updates` of the window's ends.
    """

    updates: tuple[CounterUpdate, ...]
    samples: tuple[PowerSample, ...]
    completions_s: tuple[float, ...]
    window: tuple[int, int]


@dataclass(frozen=True)
class Trial:
    """One measured window.

    Attributes:
        batch_size: Items in a batch.
        energy_mj_per_item: Energy of the window over the items done in it.
        throughput_items_per_s: Items done over the window's length.
        latency_ms: Time of one batch.
        mean_power_w: Energy of the window over its length.
        window_s: Its length.
        repetitions: Whole batches in it.
        counter_power_ratio: Counter over integrated power samples; None where the card has no power field.
        interval: Half-width of the 95 % interval of energy per item over sub-windows, as a share of it.
        temperature_c: At start and end.
        sm_clock_mhz: At start and end.
        throttle_reasons: Every reason seen in the window.
        memory_mib: Peak memory.
        trial_s: Time from the first queued batch to the last one done.
        trace: The readings behind it.
    """

    batch_size: int
    energy_mj_per_item: float
    throughput_items_per_s: float
    latency_ms: float
    mean_power_w: float
    window_s: float
    repetitions: int
    counter_power_ratio: float | None
    interval: float | None
    temperature_c: tuple[float, float]
    sm_clock_mhz: tuple[int, int]
    throttle_reasons: tuple[str, ...]
    memory_mib: float
    trial_s: float
    trace: Trace


def run_trial(workload: Workload, batch_size: int, meter: Meter, clock: Clock, rule: WindowRule) -> Trial:
    """Run batches of a prepared workload and measure a window of them.

    Raises:
        RefusedError: The counter, the card or the clock did what makes a figure worthless.
        OutOfMemoryError, UnsupportedError, DeviceLostError: From the workload.
    """
    refuse_shared_card(meter)
    recorder = Recorder(meter, clock)
    began_s = clock.now_s()
    with recorder.recording():
        completions_s, window = _run_batches(workload, recorder, clock, rule)
    updates, samples = tuple(recorder.updates), tuple(recorder.samples)
    trial = _trial_of(Trace(updates, samples, tuple(completions_s), window), recorder, batch_size)
    refuse_shared_card(meter)
    return replace(trial, memory_mib=workload.memory_mib(), trial_s=clock.now_s() - began_s)


def refuse_jump(updates: Sequence[CounterUpdate]) -> None:
    """Raise RefusedError where two updates of the counter are much farther apart than they usually are."""
    gaps = [later.time_s - earlier.time_s for earlier, later in pairwise(updates)]
    if gaps and max(gaps) > JUMP_PERIODS * (usual_s := statistics.median(gaps)):
        msg = f"{max(gaps):.1f} s between two counter updates, usually {usual_s:.2f} s: the clock or the machine jumped"
        raise RefusedError(msg)


def refuse_shared_card(meter: Meter) -> None:
    """Raise RefusedError where the card's energy is not this process's alone."""
    if meter.mig_enabled():
        msg = "the card is split into MIG instances: its counter counts them all"
        raise RefusedError(msg)
    others = meter.other_processes()
    if others:
        msg = f"another process computes on the card: {', '.join(map(str, others))}"
        raise RefusedError(msg)


def _run_batches(
    workload: Workload, recorder: Recorder, clock: Clock, rule: WindowRule
) -> tuple[list[float], tuple[int, int]]:
    """Keep the card busy until the window is closed; return the completions and the window."""
    completions_s: list[float] = []
    queued, depth = 0, MIN_QUEUED_BATCHES
    opened: int | None = None
    closed: int | None = None
    seen = 0
    try:
        while closed is None:
            while queued < depth:
                workload.enqueue()
                queued += 1
            workload.wait()
            queued -= 1
            completions_s.append(clock.now_s())
            if len(completions_s) <= MAX_QUEUED_BATCHES:
                depth = _depth(completions_s)
            _refuse_counter(recorder, clock.now_s())
            updates = recorder.updates[:]
            if opened is None and len(updates) > seen:
                seen = len(updates)
                opened = settled_index(updates, completions_s[0], rule)
            if opened is not None:
                closed = closing_index(updates, recorder.samples[:], completions_s, opened, rule)
    except RefusedError:
        _drain(workload, queued)
        raise
    _drain(workload, queued)
    return completions_s, (opened or 0, closed)


def _drain(workload: Workload, queued: int) -> None:
    for _ in range(queued):
        workload.wait()


def _depth(completions_s: Sequence[float]) -> int:
    """Return how many batches to keep queued, from the time that batches have taken so far."""
    if len(completions_s) < 2:
        return MIN_QUEUED_BATCHES
    batch_s = (completions_s[-1] - completions_s[0]) / (len(completions_s) - 1)
    wanted = QUEUE_AHEAD_S / batch_s if batch_s > 0 else MAX_QUEUED_BATCHES
    return max(MIN_QUEUED_BATCHES, min(MAX_QUEUED_BATCHES, round(wanted)))


def _refuse_counter(recorder: Recorder, now_s: float) -> None:
    if recorder.backward:
        msg = "the energy counter ran backward"
        raise RefusedError(msg)
    if recorder.updates and now_s - recorder.updates[-1].time_s > STUCK_AFTER_S:
        msg = f"the energy counter stood still for {now_s - recorder.updates[-1].time_s:.1f} s under load"
        raise RefusedError(msg)


def _trial_of(trace: Trace, recorder: Recorder, batch_size: int) -> Trial:
    opened, closed = trace.window
    updates = trace.updates[opened : closed + 1]
    first, last = updates[0], updates[-1]
    window_s = last.time_s - first.time_s
    energy_j = (last.energy_mj - first.energy_mj) / MJ_PER_J
    refuse_jump(updates)
    batches = batches_done(trace.completions_s, last.time_s) - batches_done(trace.completions_s, first.time_s)
    ratio = counter_power_ratio(updates, trace.samples)
    if energy_j <= 0:
        msg = f"the energy counter advanced by {energy_j:g} J in the window"
        raise RefusedError(msg)
    if ratio is not None and not MIN_COUNTER_POWER_RATIO <= ratio <= MAX_COUNTER_POWER_RATIO:
        msg = (
            f"energy counter ÷ integrated power is {ratio:.3f}, "
            f"outside {MIN_COUNTER_POWER_RATIO} to {MAX_COUNTER_POWER_RATIO}"
        )
        raise RefusedError(msg)
    states = [state for time_s, state in recorder.states[opened : closed + 1]]
    reasons = tuple(sorted({reason for state in states for reason in state.throttle_reasons}))
    if set(reasons) & set(_REFUSED_REASONS):
        msg = f"the card was slowed down: {', '.join(sorted(set(reasons) & set(_REFUSED_REASONS)))}"
        raise RefusedError(msg)
    return Trial(
        batch_size=batch_size,
        energy_mj_per_item=energy_per_batch_j(updates, trace.completions_s) * MJ_PER_J / batch_size,
        throughput_items_per_s=batches * batch_size / window_s,
        latency_ms=window_s / batches * MS_PER_S,
        mean_power_w=energy_j / window_s,
        window_s=window_s,
        repetitions=int(batches),
        counter_power_ratio=ratio,
        interval=relative_interval(updates, trace.completions_s, SUB_WINDOWS),
        temperature_c=(states[0].temperature_c, states[-1].temperature_c),
        sm_clock_mhz=(states[0].sm_clock_mhz, states[-1].sm_clock_mhz),
        throttle_reasons=reasons,
        memory_mib=0.0,
        trial_s=0.0,
        trace=trace,
    )
