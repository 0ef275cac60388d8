"""From what workers tell to what the user sees: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from typing import Any, Protocol, TextIO

Message = dict[str, Any]


class Progress(Protocol):
    """Shows a campaign."""

    def start(self, total: int, done: int) -> None:
        """Say how many models there are and how many were done before."""
        ...

    def tell(self, worker: str, message: Message) -> None:
        """Show a worker's message."""
        ...

    def note(self, line: str) -> None:
        """Show a line about the campaign."""
        ...

    def stop(self) -> None:
        """End the display."""
        ...


def progress_for(stream: TextIO) -> Progress:
    """Return the live display for a terminal, else plain lines."""
    return LiveProgress() if stream.isatty() else PlainProgress(stream)


def trial_line(row: dict[str, str], reason: str) -> str:
    """Describe a trial in one line: model, batch size, energy, power."""
    name = f"{row['model']} at {row['input_size_px']} px"
    if row["status"] != "ok":
        batch = f", batch {row['batch_size']}" if row["batch_size"] else ""
        return f"{name}{batch}: {row['status']}{f' ({reason})' if reason else ''}"
    joules = float(row["energy_mj_per_item"]) / 1000.0
    return (
        f"{name}, batch {row['batch_size']}, {row['stage']} {row['trial']}: "
        f"{joules:.4g} J/image, {float(row['mean_power_w']):.0f} W"
    )


class Tally:
    """How far a campaign is, and how long the rest will take at its pace so far."""

    def __init__(self, total: int, done: int, now_s: float) -> None:
        self.total = total
        self.done = done
        self._done_before = done
        self._began_s = now_s

    def left(self, now_s: float) -> str:
        """Return the time left in words; "" before the first model is done."""
        measured = self.done - self._done_before
        if measured <= 0:
            return ""
        seconds = (now_s - self._began_s) / measured * (self.total - self.done)
        return f"{seconds / 3600:.1f} h left" if seconds >= 5400 else f"{seconds / 60:.0f} min left"


class PlainProgress:
    """One line for each trial and each model."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._tally = Tally(0, 0, 0.0)

    def start(self, total: int, done: int) -> None:
        """Write the totals."""
        self._tally = Tally(total, done, time.monotonic())
        self.note(f"{total} models, {done} of them measured before")

    def tell(self, worker: str, message: Message) -> None:
        """Write trials and finished models."""
        if message["event"] in ("trial", "sentinel"):
            mark = f" [sentinel, {message['moment']}]" if message["event"] == "sentinel" else ""
            self.note(f"{worker}: {trial_line(message['row'], message['reason'])}{mark}")
        elif message["event"] == "done":
            self._tally.done += 1
            name, size = message["model"]
            ended = "" if message["status"] == "ok" else f": {message['status']} ({message['reason']})"
            left = self._tally.left(time.monotonic())
            self.note(
                f"{worker}: {name} at {size} px done{ended}, {self._tally.done}/{self._tally.total}"
                f"{f', {left}' if left else ''}"
            )

    def note(self, line: str) -> None:
        """Write a line."""
        self._stream.write(line + "\n")
        self._stream.flush()

    def stop(self) -> None:
        """Leave the lines."""


class LiveProgress:
    """A bar for the campaign and a line for each worker, redrawn in place."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._lines: dict[str, str] = {}
        self._tally = Tally(0, 0, time.monotonic())
        self._live = Live(console=Console(), refresh_per_second=8)

    def start(self, total: int, done: int) -> None:
        """Begin to draw."""
        self._tally = Tally(total, done, time.monotonic())
        self._live.start()
        self._draw()

    def tell(self, worker: str, message: Message) -> None:
        """Redraw a worker's line; models that end without a figure stay above the display."""
        if message["event"] in ("trial", "sentinel"):
            self._lines[worker] = trial_line(message["row"], message["reason"])
        elif message["event"] == "start":
            name, size = message["model"]
            batch = f", batch {message['batch_size']}" if message["batch_size"] else ""
            self._lines[worker] = f"{name} at {size} px{batch}, {message['stage']} …"
        elif message["event"] == "done":
            self._tally.done += 1
            if message["status"] != "ok":
                self.note(f"{message['model'][0]}: {message['status']} ({message['reason']})")
        self._draw()

    def note(self, line: str) -> None:
        """Write a line above the display."""
        self._live.console.print(line, markup=False, highlight=False)

    def stop(self) -> None:
        """Leave the last drawing."""
        self._live.stop()

    def _draw(self) -> None:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        tally = self._tally
        left = tally.left(time.monotonic())
        head = Text(f"{tally.done}/{tally.total} models{f', {left}' if left else ''}")
        bar = ProgressBar(total=max(1, tally.total), completed=tally.done)
        self._live.update(
            Group(head, bar, *(Text(f"{worker}: {line}") for worker, line in sorted(self._lines.items())))
        )
