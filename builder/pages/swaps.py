"""Turns the catalogue into the card on each model's page that says what to take instead, and what that saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from builder.analysis.intervals import distinguishable
from builder.analysis.pareto import IntArray
from builder.analysis.swaps import NONE, find_swaps
from builder.analysis.workload import USUAL, Worth, yearly_worth
from builder.pages.catalogue import Catalogue, Figure, Model, Setup
from builder.pages.format import NO_BREAK, number

# Of kWh, euro and kg; static/js/swap_card.js has the same, and the same words.
_LEAST_AMOUNT = 0.001
_DOUBTS = {
    None: "How far the two energies can be trusted is not known.",
    False: "The two energies are not distinguishable.",
    True: "",
}


@dataclass(frozen=True)
class Proposal:
    """A model to take instead.

    Attributes:
        factor: Its energy goes so many times into that of the model it replaces.
        saved_mj: Per item; below 0 nowhere.
        gained_pct: Accuracy, in points; below 0 where some is given up.
        distinguishable: Whether the two energies are: siblings' never, otherwise where their intervals are apart; None
            where one has no interval.
        worth: What the energy saved is over a year of the usual workload.
    """

    model: Model
    energy_mj: float
    accuracy_pct: float
    factor: float
    saved_mj: float
    gained_pct: float
    distinguishable: bool | None
    worth: Worth

    @property
    def doubt(self) -> str:
        """What is said of the two energies where they are not known to differ."""
        return _DOUBTS[self.distinguishable]

    @property
    def yearly(self) -> str:
        """What a year saves, in words."""
        worth = self.worth
        return (
            f"{_amount(worth.energy_kwh)}{NO_BREAK}kWh, {_amount(worth.cost_eur, '€')} and "
            f"{_amount(worth.emissions_kg)}{NO_BREAK}kg of CO₂e"
        )


@dataclass(frozen=True)
class SwapCard:
    """What to take instead of one model, on one setup and the test set that is shown first.

    Attributes:
        in_doubt: Whether the model's own figure is.
        cheaper: Takes the least energy of those about as accurate; None where none takes distinguishably less.
        better: Is the most accurate of those that take no more energy; None where the model itself is.
    """

    setup: Setup
    energy_mj: float
    accuracy_pct: float
    in_doubt: bool
    cheaper: Proposal | None
    better: Proposal | None


def swap_cards(catalogue: Catalogue) -> Mapping[tuple[str, int], SwapCard]:
    """Return model and input size -> its card, on the first setup that has an energy of it.

    A model without an accuracy on the test set that is shown first has none. Nobody is told to take a model whose
    figure is in doubt.
    """
    cards: dict[tuple[str, int], SwapCard] = {}
    for setup in catalogue.setups:
        rows = _rows(catalogue, setup)
        swaps = find_swaps(
            np.array([row.energy_mj for row in rows]),
            np.array([row.accuracy_pct for row in rows]),
            np.array([not row.figure.flags for row in rows], dtype=np.bool_),
            np.array([(row.figure.low_mj, row.figure.high_mj) for row in rows], dtype=np.float64).reshape(-1, 2),
            _siblings(rows),
        )
        for row, cheaper, better in zip(rows, swaps.cheaper.tolist(), swaps.better.tolist(), strict=True):
            key = (row.model.model, row.model.input_size_px)
            if key not in cards:
                cards[key] = SwapCard(
                    setup=setup,
                    energy_mj=row.energy_mj,
                    accuracy_pct=row.accuracy_pct,
                    in_doubt=bool(row.figure.flags),
                    cheaper=None if cheaper == NONE else _proposal(row, rows[cheaper]),
                    better=None if better == NONE else _proposal(row, rows[better]),
                )
    return cards


class _Row(NamedTuple):
    model: Model
    figure: Figure
    energy_mj: float
    accuracy_pct: float


def _rows(catalogue: Catalogue, setup: Setup) -> list[_Row]:
    test_set = catalogue.test_set.key
    return [
        _Row(model, figure, figure.energy_mj, model.accuracy[test_set].value)
        for model in catalogue.models
        if (figure := model.figures.get(setup.key)) and figure.energy_mj is not None and test_set in model.accuracy
    ]


def _kin(row: _Row) -> tuple[str, int]:
    """Return what siblings on one setup have in common."""
    return row.model.architecture, row.model.input_size_px


def _siblings(rows: list[_Row]) -> IntArray:
    """Return a number for each row, shape (n,), equal for siblings."""
    numbers: dict[tuple[str, int], int] = {}
    return np.array([numbers.setdefault(_kin(row), len(numbers)) for row in rows], dtype=np.intp)


def _proposal(before: _Row, after: _Row) -> Proposal:
    return Proposal(
        model=after.model,
        energy_mj=after.energy_mj,
        accuracy_pct=after.accuracy_pct,
        factor=before.energy_mj / after.energy_mj,
        saved_mj=before.energy_mj - after.energy_mj,
        gained_pct=after.accuracy_pct - before.accuracy_pct,
        distinguishable=False if _kin(before) == _kin(after) else _apart(before.figure, after.figure),
        worth=yearly_worth(before.energy_mj - after.energy_mj, USUAL),
    )


def _amount(value: float, sign: str = "") -> str:
    return f"{sign}{number(value)}" if value >= _LEAST_AMOUNT else f"under {sign}{_LEAST_AMOUNT}"


def _apart(one: Figure, other: Figure) -> bool | None:
    if one.low_mj is None or one.high_mj is None or other.low_mj is None or other.high_mj is None:
        return None
    return distinguishable((one.low_mj, one.high_mj), (other.low_mj, other.high_mj), same_card=True)
