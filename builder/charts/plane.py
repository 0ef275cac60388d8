"""The part of the plane that a chart shows: its domains, its ticks, and where a point stands on it in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

Rows = list[dict[str, Any]]
Scale = Literal["log", "linear"]
SCALES: tuple[Scale, ...] = ("log", "linear")

# Room for the axes' labels, in pixels. The scripts read it from the specifications.
PADDING = {"left": 46, "right": 12, "top": 8, "bottom": 26}
LINEAR_TICKS = 5
# Fewer ticks than these leave the reader guessing.
FEW = 3
ACCURACY_STEP = 5.0


@dataclass(frozen=True)
class Plane:
    """What is shown, on which scale, at what size.

    Attributes:
        energy_mj: From and to, in mJ.
        accuracy_pct: From and to, in percent.
        scale: Of the energy.
        width: Of the whole picture with its axes, in pixels.
        height: Of the whole picture with its axes, in pixels.
        model_size: Area of a model's mark, in square pixels.
    """

    energy_mj: tuple[float, float]
    accuracy_pct: tuple[float, float]
    scale: Scale
    width: int
    height: int
    model_size: int = 26

    @property
    def plot_width(self) -> int:
        """Between the axes, in pixels."""
        return self.width - PADDING["left"] - PADDING["right"]

    @property
    def plot_height(self) -> int:
        """Between the axes, in pixels."""
        return self.height - PADDING["top"] - PADDING["bottom"]

    @property
    def ticks(self) -> list[float]:
        """Where the energy axis has labels: decades, or 1, 2 and 5 in each where there are few; else round values."""
        low, high = self.energy_mj
        if self.scale == "log":
            decades = [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
            if len(decades) >= FEW:
                return decades
            first = math.floor(math.log10(low))
            more = [nice * 10.0**power for power in range(first, first + 4) for nice in (1, 2, 5)]
            shown = [value for value in more if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
            if len(shown) >= FEW:
                return shown
        step = nice_step((high - low) / LINEAR_TICKS)
        return [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]

    def x(self, energy_mj: float) -> float:
        """Return an energy's place in pixels from the accuracy axis."""
        low, high, value = (math.log(v) if self.scale == "log" else v for v in (*self.energy_mj, energy_mj))
        return (value - low) / (high - low) * self.plot_width

    def y(self, accuracy_pct: float) -> float:
        """Return an accuracy's place in pixels from the plot's top."""
        low, high = self.accuracy_pct
        return (high - accuracy_pct) / (high - low) * self.plot_height

    def energy_at(self, x: float) -> float:
        """Return the energy at a place: the inverse of `x`."""
        low, high = self.energy_mj
        share = x / self.plot_width
        return low * (high / low) ** share if self.scale == "log" else low + (high - low) * share

    def accuracy_at(self, y: float) -> float:
        """Return the accuracy at a place: the inverse of `y`."""
        low, high = self.accuracy_pct
        return high - (high - low) * y / self.plot_height


def nice_step(step: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten that is not below a step."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(nice * power for nice in (1.0, 2.0, 5.0, 10.0) if nice * power >= step * (1 - 1e-9))


def energy_domain(low_mj: float, high_mj: float) -> tuple[float, float]:
    """Return round limits around the energies of all setups, so that setups can be compared by eye."""
    return 1 / nice_step(1 / low_mj), nice_step(high_mj)


def accuracy_domain(low_pct: float, high_pct: float) -> tuple[float, float]:
    """Return multiples of 5 % around accuracies, with room above the best for its name."""
    low = math.floor(low_pct / ACCURACY_STEP) * ACCURACY_STEP
    return low, min(100.0, math.ceil(high_pct / ACCURACY_STEP + 0.5) * ACCURACY_STEP)
