"""Turns the models of each setup into a small picture of the plane, energy against accuracy, that pages lay a mark on.

One SVG file a setup holds the cloud of its models; pages draw axes and their own mark over it. So a model's page costs
a few hundred bytes and no chart has to be computed for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from builder.analysis.pareto import pareto_front
from builder.pages.catalogue import Catalogue, Setup
from builder.units import MJ_PER_J

WIDTH = 640
HEIGHT = 400
LEFT, RIGHT, TOP, BOTTOM = 46, 24, 26, 52
# Grey that stands on light and on dark paper alike: the file cannot know which it lies on.
_GREY = "#8a8781"


@dataclass(frozen=True)
class Tick:
    """A value on an axis: where it stands in pixels, and what is written there."""

    at: float
    label: str


@dataclass(frozen=True)
class Plane:
    """Axes, and where things stand on them.

    Attributes:
        energy_mj: From and to; whole decades.
        accuracy_pct: From and to; multiples of ten.
    """

    energy_mj: tuple[float, float]
    accuracy_pct: tuple[float, float]

    width = WIDTH
    height = HEIGHT
    left = LEFT
    right = WIDTH - RIGHT
    top = TOP
    bottom = HEIGHT - BOTTOM

    def x(self, energy_mj: float) -> float:
        """Return pixels from the left, on a logarithmic scale."""
        low, high = (math.log10(value) for value in self.energy_mj)
        return round(self.left + (math.log10(energy_mj) - low) / (high - low) * (self.right - self.left), 1)

    def y(self, accuracy_pct: float) -> float:
        """Return pixels from the top."""
        low, high = self.accuracy_pct
        return round(self.bottom - (accuracy_pct - low) / (high - low) * (self.bottom - self.top), 1)

    @property
    def energy_ticks(self) -> tuple[Tick, ...]:
        """One a decade."""
        first, last = (round(math.log10(value)) for value in self.energy_mj)
        return tuple(Tick(self.x(10.0**decade), _energy_label(10.0**decade)) for decade in range(first, last + 1))

    @property
    def accuracy_ticks(self) -> tuple[Tick, ...]:
        """Every ten percent."""
        low, high = (round(value) for value in self.accuracy_pct)
        return tuple(Tick(self.y(value), str(value)) for value in range(low, high + 1, 10))


def plane_of(energy_mj: list[float], accuracy_pct: list[float]) -> Plane:
    """Return axes that hold all points; there is at least one."""
    decades = math.floor(math.log10(min(energy_mj))), math.ceil(math.log10(max(energy_mj)))
    tens = math.floor(min(accuracy_pct) / 10), math.ceil(max(accuracy_pct) / 10)
    return Plane(
        energy_mj=(10.0 ** decades[0], 10.0 ** max(decades[1], decades[0] + 1)),
        accuracy_pct=(10.0 * tens[0], 10.0 * max(tens[1], tens[0] + 1)),
    )


def place_models(catalogue: Catalogue) -> tuple[Plane, dict[str, bytes]]:
    """Return axes that hold the models of every setup, and path -> the picture of each setup."""
    placed = {setup: points(catalogue, setup) for setup in catalogue.setups}
    plane = plane_of(
        [energy for energies, _ in placed.values() for energy in energies],
        [accuracy for _, accuracies in placed.values() for accuracy in accuracies],
    )
    return plane, {setup.cloud_path: cloud_svg(plane, *placed[setup]) for setup in catalogue.setups}


def points(catalogue: Catalogue, setup: Setup) -> tuple[list[float], list[float]]:
    """Return energies and accuracies of the models that have both, on the test set that is shown first."""
    pairs = [
        (model.energy_mj[setup.key], model.accuracy[catalogue.test_set.key].value)
        for model in catalogue.models
        if setup.key in model.energy_mj and catalogue.test_set.key in model.accuracy
    ]
    return [energy for energy, _ in pairs], [accuracy for _, accuracy in pairs]


def cloud_svg(plane: Plane, energy_mj: list[float], accuracy_pct: list[float]) -> bytes:
    """Return the file that holds a setup's models as dots, and their Pareto front as a line."""
    dots, front = cloud_path(plane, energy_mj, accuracy_pct)
    # Where dots lie on each other their number shows; few dots need more ink each.
    opacity = min(0.85, 0.42 + 40 / len(energy_mj))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke="{_GREY}">'
        f'<path d="{dots}" stroke-width="4.4" stroke-linecap="round" stroke-opacity="{opacity:.2f}"/>'
        f'<path d="{front}" stroke-width="1.3"/></svg>\n'
    ).encode()


def cloud_path(plane: Plane, energy_mj: list[float], accuracy_pct: list[float]) -> tuple[str, str]:
    """Return the paths of models as dots, for a round line cap, and of their Pareto front as stairs."""
    dots = "".join(
        f"M{plane.x(energy)} {plane.y(accuracy)}h0" for energy, accuracy in zip(energy_mj, accuracy_pct, strict=True)
    )
    front = pareto_front(np.array(energy_mj), np.array(accuracy_pct))
    best = sorted({(energy_mj[index], accuracy_pct[index]) for index in np.flatnonzero(front)})
    steps = "".join(
        f"{'M' if first else 'H'}{plane.x(energy)}{' ' if first else 'V'}{plane.y(accuracy)}"
        for first, (energy, accuracy) in zip([True] + [False] * len(best), best, strict=False)
    )
    return dots, steps


def _energy_label(value_mj: float) -> str:
    if value_mj >= MJ_PER_J:
        return f"{value_mj / MJ_PER_J:,.0f} J"
    return f"{value_mj:g} mJ"
