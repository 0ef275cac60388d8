"""A card without a card: a clock that moves when told, power set by loads or a recorded trace, and a meter on both."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from builder.units import MJ_PER_J
from measure.power import CardState

# As on Hopper: `joule-measure probe` on an H200.
DEFAULT_UPDATE_PERIOD_S = 0.1


class SimulatedClock:
    """Time that passes only in `sleep_s`; ticks fall due on the way."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._ticks: list[tuple[float, Callable[[], None], list[float]]] = []

    def now_s(self) -> float:
        """Return the simulated time."""
        return self._now_s

    def sleep_s(self, seconds: float) -> None:
        """Move the time on, calling every tick that falls due at its own time."""
        until_s = self._now_s + seconds
        while self._ticks:
            period_s, tick, due = min(self._ticks, key=lambda entry: entry[2][0])
            if due[0] > until_s:
                break
            self._now_s = max(self._now_s, due[0])
            due[0] += period_s
            tick()
        self._now_s = max(self._now_s, until_s)

    def jump(self, seconds: float) -> None:
        """Move the time on at once, as when a machine was suspended."""
        self._now_s += seconds
        for _, _, due in self._ticks:
            due[0] += seconds

    @contextmanager
    def ticking(self, period_s: float, tick: Callable[[], None]) -> Iterator[None]:
        """Call `tick` now and every period of simulated time."""
        entry = (period_s, tick, [self._now_s + period_s])
        tick()
        self._ticks.append(entry)
        try:
            yield
        finally:
            self._ticks.remove(entry)


class PowerSource(Protocol):
    """Power over time."""

    def watts(self, at_s: float) -> float:
        """Return the power at a time that is not in the future."""
        ...

    def joules(self, until_s: float) -> float:
        """Return the energy from time 0; asked for ascending times."""
        ...


class LoadedCard:
    """Power that is idle but for the loads put on it, one after the other."""

    def __init__(self, idle_w: float) -> None:
        self._idle_w = idle_w
        self._loads: deque[tuple[float, float, float]] = deque()
        self._done_j = 0.0
        self.busy_until_s = 0.0

    def load(self, start_s: float, end_s: float, watts: float) -> None:
        """Run a load that starts when the earlier ones are done or later."""
        self._loads.append((start_s, end_s, watts))
        self.busy_until_s = end_s

    def watts(self, at_s: float) -> float:
        """Return the load's power, or the idle power between loads."""
        for start_s, end_s, watts in self._loads:
            if start_s <= at_s < end_s:
                return watts
        return self._idle_w

    def joules(self, until_s: float) -> float:
        """Return the energy so far, dropping loads that lie in the past."""
        while self._loads and self._loads[0][1] <= until_s:
            start_s, end_s, watts = self._loads.popleft()
            self._done_j += (watts - self._idle_w) * (end_s - start_s)
        running_j = sum(
            (watts - self._idle_w) * max(0.0, until_s - start_s)
            for start_s, _, watts in self._loads
            if start_s < until_s
        )
        return self._idle_w * until_s + self._done_j + running_j


class TracedPower:
    """Power as recorded: each value holds until the next time, the last one for ever."""

    def __init__(self, times_s: Sequence[float], watts: Sequence[float]) -> None:
        self._times_s = list(times_s)
        self._watts = list(watts)
        self._joules = [0.0]
        for index in range(1, len(self._times_s)):
            span_s = self._times_s[index] - self._times_s[index - 1]
            self._joules.append(self._joules[-1] + span_s * self._watts[index - 1])

    def watts(self, at_s: float) -> float:
        """Return the recorded power; before the first time, the first value."""
        return self._watts[max(0, bisect_right(self._times_s, at_s) - 1)]

    def joules(self, until_s: float) -> float:
        """Return the recorded energy since the first time."""
        index = max(0, bisect_right(self._times_s, until_s) - 1)
        return self._joules[index] + (until_s - self._times_s[index]) * self._watts[index]


class ReplayMeter:
    """A meter on simulated or recorded power: its counter advances in steps, as a card's does.

    Attributes:
        temperature_c: What `state` reports.
        sm_clock_mhz: What `state` reports.
        throttle_reasons: What `state` reports.
        others: What `other_processes` reports.
        mig: What `mig_enabled` reports.
    """

    def __init__(
        self, source: PowerSource, clock: SimulatedClock, update_period_s: float = DEFAULT_UPDATE_PERIOD_S
    ) -> None:
        self._source = source
        self._clock = clock
        self._period_s = update_period_s
        self._update = -1
        self._energy_mj = 0.0
        self.temperature_c = 50.0
        self.sm_clock_mhz = 1980
        self.throttle_reasons: tuple[str, ...] = ()
        self.others: tuple[int, ...] = ()
        self.mig = False

    def energy_mj(self) -> float:
        """Return the energy at the last update, in whole millijoules."""
        # A time that is a whole number of periods in decimal may lie just under it in binary.
        update = math.floor(self._clock.now_s() / self._period_s + 1e-9)
        if update != self._update:
            self._update = update
            self._energy_mj = float(round(self._source.joules(update * self._period_s) * MJ_PER_J))
        return self._energy_mj

    def power(self) -> tuple[float | None, float | None]:
        """Return the power now, twice."""
        watts = self._source.watts(self._clock.now_s())
        return watts, watts

    def state(self) -> CardState:
        """Return the attributes."""
        return CardState(self.temperature_c, self.sm_clock_mhz, self.throttle_reasons)

    def other_processes(self) -> tuple[int, ...]:
        """Return the attribute."""
        return self.others

    def mig_enabled(self) -> bool:
        """Return the attribute."""
        return self.mig
