"""From a meter's readings to the energy of a window: the meter protocol, its recorder and the window arithmetic."""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from builder.units import MJ_PER_J
from measure.clock import Clock
from measure.protocol import MIN_UPDATE_SPACING_S, POLL_PERIOD_S, POWER_PERIOD_S

# Two-sided 95 % quantiles of Student's t for 1 to 9 degrees of freedom: any table of the distribution.
_T_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True)
class CounterUpdate:
    """The energy counter advanced.

    Attributes:
        time_s: When: the middle between the last read of the old value and the first of the new one.
        energy_mj: The new value.
        doubt_s: Half the time between these two reads.
    """

    time_s: float
    energy_mj: float
    doubt_s: float = 0.0


@dataclass(frozen=True)
class PowerSample:
    """Power as the card reports it; None where the card has no such field."""

    time_s: float
    instant_w: float | None
    average_w: float | None


@dataclass(frozen=True)
class CardState:
    """The card beside its energy.

    Attributes:
        temperature_c: GPU temperature.
        sm_clock_mhz: Clock of the multiprocessors.
        throttle_reasons: NVML's clock event reasons in force, by name.
    """

    temperature_c: float
    sm_clock_mhz: int
    throttle_reasons: tuple[str, ...] = ()


class Meter(Protocol):
    """One card's sensors."""

    def energy_mj(self) -> float:
        """Return the total-energy counter."""
        ...

    def power(self) -> tuple[float | None, float | None]:
        """Return instant and average power in watts, None for a field that the card lacks."""
        ...

    def state(self) -> CardState:
        """Return temperature, clock and throttle reasons."""
        ...

    def other_processes(self) -> tuple[int, ...]:
        """Return the ids of other processes that compute on the card."""
        ...

    def mig_enabled(self) -> bool:
        """Say whether the card is split into MIG instances."""
        ...


class Recorder:
    """What a meter said since the recording began.

    Attributes:
        updates: The counter's updates, at least MIN_UPDATE_SPACING_S apart; the first is the value found.
        samples: Power samples.
        states: Time and card state, one for every update.
        backward: Whether the counter ever ran backward.
    """

    def __init__(self, meter: Meter, clock: Clock) -> None:
        self.updates: list[CounterUpdate] = []
        self.samples: list[PowerSample] = []
        self.states: list[tuple[float, CardState]] = []
        self.backward = False
        self._meter = meter
        self._clock = clock
        self._last_energy_mj: float | None = None
        self._last_read_s = clock.now_s()

    @contextmanager
    def recording(self) -> Iterator[Recorder]:
        """Read the meter every millisecond within the context."""
        with self._clock.ticking(POLL_PERIOD_S, self.read):
            yield self

    def read(self) -> None:
        """Read the counter once, and power and state when they are due."""
        before_s = self._clock.now_s()
        energy_mj = self._meter.energy_mj()
        now_s = self._clock.now_s()
        last_mj = self._last_energy_mj
        if last_mj is None:
            self._note(now_s, energy_mj, 0.0)
        elif energy_mj < last_mj:
            self.backward = True
        elif energy_mj > last_mj and before_s - self.updates[-1].time_s >= MIN_UPDATE_SPACING_S:
            self._note((self._last_read_s + now_s) / 2, energy_mj, (now_s - self._last_read_s) / 2)
        self._last_energy_mj = energy_mj
        self._last_read_s = now_s
        if not self.samples or now_s - self.samples[-1].time_s >= POWER_PERIOD_S:
            instant_w, average_w = self._meter.power()
            self.samples.append(PowerSample(now_s, instant_w, average_w))

    def _note(self, time_s: float, energy_mj: float, doubt_s: float) -> None:
        self.states.append((time_s, self._meter.state()))
        # Last, because the trial looks at the updates from another thread and then expects the state.
        self.updates.append(CounterUpdate(time_s, energy_mj, doubt_s))


def batches_done(completions_s: Sequence[float], at_s: float) -> float:
    """Count the batches done by a time, a running batch by the share of its time that has passed.

    Args:
        completions_s: When each batch was done, ascending; the first one counts as 0.
        at_s: A time between the first and the last of them.

    Raises:
        ValueError: The time lies outside the completions.
    """
    if not completions_s or not completions_s[0] <= at_s <= completions_s[-1]:
        msg = f"{at_s} s lies outside the batches"
        raise ValueError(msg)
    after = bisect_right(completions_s, at_s)
    if after == len(completions_s):
        return float(after - 1)
    start_s, end_s = completions_s[after - 1], completions_s[after]
    return after - 1 + (at_s - start_s) / (end_s - start_s)


def integrated_power_j(samples: Sequence[PowerSample], start_s: float, end_s: float) -> float | None:
    """Integrate power over a window, each sample holding until the next; None without samples.

    The instant field is taken where the card has it, else the average one.
    """
    values = [
        (sample.time_s, sample.instant_w if sample.instant_w is not None else sample.average_w) for sample in samples
    ]
    known = [(time_s, watts) for time_s, watts in values if watts is not None]
    if not known or known[0][0] > start_s:
        return None
    times = [time_s for time_s, _ in known]
    first = bisect_right(times, start_s) - 1
    last = bisect_left(times, end_s)
    joules = 0.0
    for index in range(first, last):
        until_s = times[index + 1] if index + 1 < last else end_s
        joules += known[index][1] * (until_s - max(times[index], start_s))
    return joules


def energy_per_batch_j(updates: Sequence[CounterUpdate], completions_s: Sequence[float]) -> float:
    """Return the energy between the first and the last update over the batches done between them, in joules."""
    batches = batches_done(completions_s, updates[-1].time_s) - batches_done(completions_s, updates[0].time_s)
    return (updates[-1].energy_mj - updates[0].energy_mj) / MJ_PER_J / batches


def relative_interval(
    updates: Sequence[CounterUpdate], completions_s: Sequence[float], sub_windows: int
) -> float | None:
    """Return the half-width of the 95 % interval of energy per item over sub-windows, as a share of the mean.

    Args:
        updates: The window's updates.
        completions_s: When each batch was done, covering the window.
        sub_windows: Wanted number of sub-windows, at most ten; fewer where the window holds fewer updates or batches.

    Returns:
        Student's t times the standard error over the mean; None with fewer than three sub-windows.
    """
    done = [batches_done(completions_s, update.time_s) for update in updates]
    count = min(sub_windows, len(updates) - 1, int(done[-1] - done[0]))
    if count < 3:
        return None
    cuts = [round(part * (len(updates) - 1) / count) for part in range(count + 1)]
    energies = [
        (updates[end].energy_mj - updates[start].energy_mj) / (done[end] - done[start])
        for start, end in itertools.pairwise(cuts)
    ]
    mean = statistics.fmean(energies)
    return float(_T_95[count - 2] * statistics.stdev(energies) / count**0.5 / mean)
