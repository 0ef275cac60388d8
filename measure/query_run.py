"""From a workload and samples to one run: every phase of every query, with its energy from the card's counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.units import MJ_PER_J, MS_PER_S
from measure.clock import Clock
from measure.power import CounterUpdate, Meter, Recorder
from measure.protocol import STUCK_AFTER_S
from measure.queries import (
    CHUNK_ITEMS,
    MAX_QUERY_POWER_RATIO,
    MIN_PHASE_UPDATES,
    MIN_QUERY_POWER_RATIO,
    PHASE_PATIENCE,
    PHASE_SETTLE_S,
    QueryRules,
    QueryWorkload,
    Sample,
    batches,
)
from measure.trial import RefusedError, refuse_jump, refuse_shared_card
from measure.window import counter_power_ratio


@dataclass(frozen=True)
class QueryBench:
    """What queries are measured with: the card's sensors, time, and the rules."""

    meter: Meter
    clock: Clock
    rules: QueryRules


@dataclass(frozen=True)
class Span:
    """A time in which one phase ran over the same batches, once or several times.

    Attributes:
        start_s: Its start.
        end_s: Its end.
        passes: How often it ran over the batches.
    """

    start_s: float
    end_s: float
    passes: int


@dataclass(frozen=True)
class QueryRun:
    """One run: all samples through all phases.

    Attributes:
        samples: Queries.
        batch_size: Queries of a batch.
        phases_mj_per_item: Energy of each phase for one query.
        duration_s: Time that all queries take once through all phases.
        latency_ms: Time of one batch.
        output_tokens_per_item: Tokens made for one query; None where a model makes none.
        mean_power_w: Energy over duration.
        counter_power_ratio: Counter over integrated power samples; None where the card has no power field.
        temperature_c: At start and end.
        sm_clock_mhz: At start and end.
        throttle_reasons: Every reason seen.
        memory_mib: Peak memory.
    """

    samples: int
    batch_size: int
    phases_mj_per_item: dict[str, float]
    duration_s: float
    latency_ms: float
    output_tokens_per_item: float | None
    mean_power_w: float
    counter_power_ratio: float | None
    temperature_c: tuple[float, float]
    sm_clock_mhz: tuple[int, int]
    throttle_reasons: tuple[str, ...]
    memory_mib: float

    @property
    def energy_mj_per_item(self) -> float:
        """Energy of one query: the sum of its phases."""
        return sum(self.phases_mj_per_item.values())


def warm_up(workload: QueryWorkload, samples: Sequence[Sample], batch_size: int, count: int) -> None:
    """Take every batch through all phases once, and go on from the first one up to `count` batches; 0 takes none.

    All of them, because the libraries prepare themselves for each new length: with random lengths, attention in BF16
    made the first run after five warm-up batches take three to six times the energy of the second (H200, cuDNN 9.19).
    And in the order of a run, many through one phase and then through the next: so its memory is there too.
    """
    works = batches(samples, batch_size)
    wanted = [works[number % len(works)] for number in range(max(count, len(works)) if count else 0)]
    chunk_size = max(1, CHUNK_ITEMS // batch_size)
    for start in range(0, len(wanted), chunk_size):
        held: list[Any] = list(wanted[start : start + chunk_size])
        for phase in workload.phases:
            held = [workload.run(phase, work) for work in held]


def run_queries(workload: QueryWorkload, samples: Sequence[Sample], batch_size: int, bench: QueryBench) -> QueryRun:
    """Take all samples through all phases and measure each phase.

    A chunk of batches goes through one phase, then through the next, so that a phase lasts long enough for the
    counter; one that does not is repeated over the chunk, and counts once.

    Raises:
        RefusedError: The counter, the card or the clock did what makes a figure worthless.
        OutOfMemoryError, UnsupportedError, DeviceLostError: From the workload.
    """
    refuse_shared_card(bench.meter)
    recorder = Recorder(bench.meter, bench.clock)
    spans: dict[str, list[Span]] = {phase: [] for phase in workload.phases}
    tokens: list[int | None] = []
    chunk_size = max(1, CHUNK_ITEMS // batch_size) * batch_size
    with recorder.recording():
        for chunk in batches(samples, chunk_size):
            works: list[Any] = list(batches(chunk, batch_size))
            for phase in workload.phases:
                works, span = _run_phase(workload, phase, works, recorder, bench)
                spans[phase].append(span)
            tokens += [workload.output_tokens(work) for work in works]
            works.clear()
    refuse_shared_card(bench.meter)
    updates = tuple(recorder.updates)
    refuse_jump(updates)
    energies_j = {phase: sum(span_energy_j(phase, span, updates) for span in spans[phase]) for phase in spans}
    duration_s = sum((span.end_s - span.start_s) / span.passes for phase in spans for span in spans[phase])
    known = [count for count in tokens if count is not None]
    ratio = _power_ratio(recorder, updates)
    states = [state for _, state in recorder.states]
    reasons = sorted({reason for state in states for reason in state.throttle_reasons})
    _refuse_slowdown(reasons)
    return QueryRun(
        samples=len(samples),
        batch_size=batch_size,
        phases_mj_per_item={phase: energy_j * MJ_PER_J / len(samples) for phase, energy_j in energies_j.items()},
        duration_s=duration_s,
        latency_ms=duration_s * MS_PER_S / len(tokens),
        output_tokens_per_item=sum(known) / len(samples) if known else None,
        mean_power_w=sum(energies_j.values()) / duration_s,
        counter_power_ratio=ratio,
        temperature_c=(states[0].temperature_c, states[-1].temperature_c),
        sm_clock_mhz=(states[0].sm_clock_mhz, states[-1].sm_clock_mhz),
        throttle_reasons=tuple(reasons),
        memory_mib=workload.memory_mib(),
    )


def span_energy_j(phase: str, span: Span, updates: Sequence[CounterUpdate]) -> float:
    """Return the energy of one pass of a phase: its mean power, between counter updates, times its length.

    Args:
        phase: For the message.
        span: When it ran.
        updates: The counter's updates over the whole run.

    Raises:
        RefusedError: Too few updates lie in it, or the energy is not above zero.
    """
    inside = _inside(span, updates)
    if len(inside) < MIN_PHASE_UPDATES:
        msg = (
            f"{phase} lasted {span.end_s - span.start_s:.2f} s: {len(inside)} updates of the energy counter in it, "
            f"{MIN_PHASE_UPDATES} wanted"
        )
        raise RefusedError(msg)
    first, last = inside[0], inside[-1]
    power_w = (last.energy_mj - first.energy_mj) / MJ_PER_J / (last.time_s - first.time_s)
    if power_w <= 0:
        msg = f"{phase} took {power_w:.3g} W by the energy counter: nothing, or less than nothing"
        raise RefusedError(msg)
    return power_w * (span.end_s - span.start_s) / span.passes


def _run_phase(
    workload: QueryWorkload, phase: str, works: list[Any], recorder: Recorder, bench: QueryBench
) -> tuple[list[Any], Span]:
    """Take every batch through a phase, again and again until it has lasted long enough and held enough updates."""
    results: list[Any] = [None] * len(works)
    shortest_s = bench.rules.phase_min_s
    passes = 0
    start_s = bench.clock.now_s()
    while True:
        for number, work in enumerate(works):
            results[number] = workload.run(phase, work)
            _refuse_counter(recorder, bench.clock.now_s())
        passes += 1
        span = Span(start_s, bench.clock.now_s(), passes)
        lasted_s = span.end_s - start_s
        enough = len(_inside(span, recorder.updates)) >= MIN_PHASE_UPDATES
        if lasted_s >= shortest_s and (enough or lasted_s >= PHASE_PATIENCE * shortest_s):
            return results, span


def _inside(span: Span, updates: Sequence[CounterUpdate]) -> list[CounterUpdate]:
    return [update for update in updates if span.start_s + PHASE_SETTLE_S <= update.time_s <= span.end_s]


def _refuse_counter(recorder: Recorder, now_s: float) -> None:
    if recorder.backward:
        raise RefusedError("the energy counter ran backward")
    if recorder.updates and now_s - recorder.updates[-1].time_s > STUCK_AFTER_S:
        msg = f"the energy counter stood still for {now_s - recorder.updates[-1].time_s:.1f} s"
        raise RefusedError(msg)


def _refuse_slowdown(reasons: Sequence[str]) -> None:
    """Refuse what the cooling or the power supply did; NVML's names of these reasons end alike."""
    slowed = [reason for reason in reasons if reason.endswith("slowdown")]
    if slowed:
        msg = f"the card was slowed down: {', '.join(slowed)}"
        raise RefusedError(msg)


def _power_ratio(recorder: Recorder, updates: Sequence[CounterUpdate]) -> float | None:
    # The first update is the value found at the start: it came before.
    ratio = counter_power_ratio(updates[1:], recorder.samples) if len(updates) > 2 else None
    if ratio is not None and not MIN_QUERY_POWER_RATIO <= ratio <= MAX_QUERY_POWER_RATIO:
        msg = (
            f"energy counter ÷ integrated power is {ratio:.3f}, "
            f"outside {MIN_QUERY_POWER_RATIO} to {MAX_QUERY_POWER_RATIO}"
        )
        raise RefusedError(msg)
    return ratio
