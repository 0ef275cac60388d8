"""From a card under known loads to the character of its sensors: update periods, rise times, counter against power."""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from builder.units import MJ_PER_J, MS_PER_S
from measure.clock import Clock
from measure.power import Meter, PowerSample, integrated_power_j

# Shares of full load at which counter and power are compared.
LEVELS = (1.0, 0.6, 0.3)
# Periods of on-off loads, in seconds: shorter than, near to and longer than the 100 ms of Hopper's sensors.
SQUARE_PERIODS_S = (0.04, 0.13, 0.5)
STEPS = 5
# Shares of `seconds` that the parts take: idle, all steps, all levels, all squares.
_IDLE_SHARE, _STEP_SHARE, _LEVEL_SHARE, _SQUARE_SHARE = 0.05, 0.35, 0.3, 0.3
_RISEN = 0.9
_POLL_PERIOD_S = 0.001


class Load(Protocol):
    """Makes a card busy."""

    def burn(self, seconds: float, level: float) -> None:
        """Keep the card busy for this time at a share of its full load, and return when it is idle again."""
        ...


@dataclass(frozen=True)
class Reading:
    """One read of all sensors: when it ended, how long the counter's read took, and the values."""

    time_s: float
    read_s: float
    energy_mj: float
    instant_w: float | None
    average_w: float | None


@dataclass(frozen=True)
class Comparison:
    """Counter against integrated instant power under one load."""

    load: str
    mean_power_w: float
    counter_power_ratio: float | None


@dataclass(frozen=True)
class SensorReport:
    """What `probe` found.

    Attributes:
        counter_update_ms: Median time between two advances of the energy counter.
        counter_update_min_ms: Shortest such time.
        counter_update_max_ms: Longest such time.
        counter_read_ms: Median time that a read of the counter takes.
        instant_update_ms: Median time between two values of the instant power field; None without the field.
        average_update_ms: The same of the average field.
        instant_rise_ms: Median time from a step of the load to 90 % of the step in the instant field.
        average_rise_ms: The same of the average field: it averages over about this time.
        counter_lag_ms: Median time by which the counter is behind a step of the load.
        idle_w: Power without load, by the counter.
        comparisons: Counter against power, steady and on-off loads.
    """

    counter_update_ms: float
    counter_update_min_ms: float
    counter_update_max_ms: float
    counter_read_ms: float
    instant_update_ms: float | None
    average_update_ms: float | None
    instant_rise_ms: float | None
    average_rise_ms: float | None
    counter_lag_ms: float
    idle_w: float
    comparisons: tuple[Comparison, ...]


def probe(meter: Meter, clock: Clock, load: Load, seconds: float) -> SensorReport:
    """Characterise a card's sensors in about this time."""
    readings: list[Reading] = []

    def read() -> None:
        before_s = clock.now_s()
        energy_mj = meter.energy_mj()
        after_s = clock.now_s()
        readings.append(Reading(after_s, after_s - before_s, energy_mj, *meter.power()))

    with clock.ticking(_POLL_PERIOD_S, read):
        clock.sleep_s(_IDLE_SHARE * seconds)
        idle_end = len(readings)
        steps = _steps(clock, load, _STEP_SHARE * seconds / STEPS)
        loads = _loads(clock, load, seconds)
    advances = counter_advances(readings)
    gaps = [(later - earlier) * MS_PER_S for (earlier, _), (later, _) in itertools.pairwise(advances)]
    idle = counter_advances(readings[:idle_end])
    return SensorReport(
        counter_update_ms=statistics.median(gaps),
        counter_update_min_ms=min(gaps),
        counter_update_max_ms=max(gaps),
        counter_read_ms=statistics.median(reading.read_s for reading in readings) * MS_PER_S,
        instant_update_ms=field_period_ms(readings, "instant_w"),
        average_update_ms=field_period_ms(readings, "average_w"),
        instant_rise_ms=_median([rise_ms(readings, on, off, "instant_w") for on, off in steps]),
        average_rise_ms=_median([rise_ms(readings, on, off, "average_w") for on, off in steps]),
        counter_lag_ms=statistics.median(lag_ms(advances, on, off) for on, off in steps),
        idle_w=_mean_power_w(idle),
        comparisons=tuple(_comparison(readings, advances, *entry) for entry in loads),
    )


def counter_advances(readings: Sequence[Reading]) -> list[tuple[float, float]]:
    """Return when the counter advanced (the middle between two reads) and its new value in mJ."""
    return [
        ((earlier.time_s + later.time_s) / 2, later.energy_mj)
        for earlier, later in itertools.pairwise(readings)
        if later.energy_mj != earlier.energy_mj
    ]


def field_period_ms(readings: Sequence[Reading], name: str) -> float | None:
    """Return the median time between two values of a power field; None without the field or without changes."""
    changes = [
        later.time_s
        for earlier, later in itertools.pairwise(readings)
        if getattr(later, name) != getattr(earlier, name)
    ]
    gaps = [later - earlier for earlier, later in itertools.pairwise(changes)]
    return statistics.median(gaps) * MS_PER_S if gaps else None


def rise_ms(readings: Sequence[Reading], on_s: float, off_s: float, name: str) -> float | None:
    """Return the time from a load's start to 90 % of the step in a field; its plateau is the load's last fifth."""
    times = [reading.time_s for reading in readings]
    start, end = bisect_left(times, on_s), bisect_left(times, off_s)
    values = [(reading.time_s, getattr(reading, name)) for reading in readings[start:end]]
    plateau = [value for time_s, value in values if time_s > off_s - 0.2 * (off_s - on_s) and value is not None]
    before = getattr(readings[max(0, start - 1)], name)
    if not plateau or before is None:
        return None
    wanted = before + _RISEN * (statistics.median(plateau) - before)
    return next(((time_s - on_s) * MS_PER_S for time_s, value in values if value >= wanted), None)


def lag_ms(advances: Sequence[tuple[float, float]], on_s: float, off_s: float) -> float:
    """Return how far the counter is behind a step: where the line of its steady advance meets the idle line."""
    half_s = (on_s + off_s) / 2
    loaded = [advance for advance in advances if half_s < advance[0] < off_s]
    idle = [advance for advance in advances if on_s - (off_s - on_s) / 2 < advance[0] <= on_s]
    high_w, low_w = _mean_power_w(loaded), _mean_power_w(idle)
    (loaded_s, loaded_mj), (idle_s, idle_mj) = loaded[-1], idle[-1]
    # idle_mj + low (t - idle_s) = loaded_mj - high (loaded_s - t), solved for t.
    meets_s = ((loaded_mj - idle_mj) / MJ_PER_J - high_w * loaded_s + low_w * idle_s) / (low_w - high_w)
    return (meets_s - on_s) * MS_PER_S


def _steps(clock: Clock, load: Load, seconds: float) -> list[tuple[float, float]]:
    """Run idle-load pairs; return when each load began and ended."""
    steps = []
    for _ in range(STEPS):
        clock.sleep_s(seconds / 2)
        on_s = clock.now_s()
        load.burn(seconds / 2, 1.0)
        steps.append((on_s, clock.now_s()))
    return steps


def _loads(clock: Clock, load: Load, seconds: float) -> list[tuple[str, float, float]]:
    """Run steady and on-off loads; return the name, start and end of each."""
    runs = []
    each_s = _LEVEL_SHARE * seconds / len(LEVELS)
    for level in LEVELS:
        clock.sleep_s(each_s / 4)
        on_s = clock.now_s()
        load.burn(each_s * 3 / 4, level)
        runs.append((f"steady at {level:.0%}", on_s, clock.now_s()))
    each_s = _SQUARE_SHARE * seconds / len(SQUARE_PERIODS_S)
    for period_s in SQUARE_PERIODS_S:
        on_s = clock.now_s()
        while clock.now_s() - on_s < each_s:
            load.burn(period_s / 2, 1.0)
            clock.sleep_s(period_s / 2)
        runs.append((f"on and off every {period_s * MS_PER_S:.0f} ms", on_s, clock.now_s()))
    return runs


def _comparison(
    readings: Sequence[Reading], advances: Sequence[tuple[float, float]], load: str, on_s: float, off_s: float
) -> Comparison:
    """Compare over the updates within a load, the first fifth left out to settle."""
    inside = [advance for advance in advances if on_s + 0.2 * (off_s - on_s) < advance[0] < off_s]
    samples = [PowerSample(reading.time_s, reading.instant_w, reading.average_w) for reading in readings]
    energy_j = (inside[-1][1] - inside[0][1]) / MJ_PER_J
    integrated_j = integrated_power_j(samples, inside[0][0], inside[-1][0])
    return Comparison(load, _mean_power_w(inside), energy_j / integrated_j if integrated_j else None)


def _mean_power_w(advances: Sequence[tuple[float, float]]) -> float:
    (first_s, first_mj), (last_s, last_mj) = advances[0], advances[-1]
    return (last_mj - first_mj) / MJ_PER_J / (last_s - first_s)


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
