"""Time as the measurements see it: a monotonic clock that also calls a reader at a steady period."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

# The interpreter's default of 5 ms would hold the counter's reader up behind the thread that launches kernels.
_SWITCH_INTERVAL_S = 0.0005


class Clock(Protocol):
    """A monotonic clock, in seconds from an arbitrary start."""

    def now_s(self) -> float:
        """Return the time."""
        ...

    def sleep_s(self, seconds: float) -> None:
        """Let this much time pass."""
        ...

    def ticking(self, period_s: float, tick: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `tick` every period within the context; what it raises is raised when the context ends."""
        ...


class RealClock:
    """The machine's monotonic clock; ticks come from a thread."""

    def now_s(self) -> float:
        """Return the time since the machine's start: steps of the wall clock do not move it."""
        return time.monotonic()

    def sleep_s(self, seconds: float) -> None:
        """Let this much time pass."""
        time.sleep(seconds)

    @contextmanager
    def ticking(self, period_s: float, tick: Callable[[], None]) -> Iterator[None]:
        """Call `tick` every period from a thread."""
        stop = threading.Event()
        errors: list[Exception] = []

        def loop() -> None:
            try:
                while not stop.is_set():
                    tick()
                    time.sleep(period_s)
            except Exception as error:  # handed to the context's owner below
                errors.append(error)

        before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        thread = threading.Thread(target=loop, name="meter", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            sys.setswitchinterval(before)
        if errors:
            raise errors[0]
