"""Energy per item into what a workload takes: kWh, euro and CO2, under assumptions that readers may edit."""

from __future__ import annotations

from dataclasses import dataclass

from builder.units import MJ_PER_KWH

DAYS_PER_YEAR = 365
_G_PER_KG = 1_000.0


@dataclass(frozen=True)
class Assumption:
    """A number that no measurement here gives, and whose it is.

    Attributes:
        value: In `unit`.
        meaning: What it is of, for readers.
        source: Who gives it.
        source_url: Where.
    """

    value: float
    unit: str
    meaning: str
    source: str
    source_url: str


# 213 g CO2e/kWh: Ember, yearly electricity data, EU, 2024, over the life cycle of the plants.
GRID = Assumption(
    213.0,
    "g CO₂e/kWh",
    "average of the EU’s electricity in 2024, over the life cycle of its plants",
    "Ember, shown by Our World in Data",
    "https://ourworldindata.org/grapher/carbon-intensity-electricity",
)
# EUR 19.02 per 100 kWh: Eurostat, nrg_pc_205, EU, first half of 2025, without VAT and other taxes that are paid back.
PRICE = Assumption(
    0.19,
    "€/kWh",
    "average that the EU’s non-household consumers paid in the first half of 2025, without refundable taxes",
    "Eurostat",
    "https://ec.europa.eu/eurostat/statistics-explained/index.php?title=Electricity_price_statistics",
)


@dataclass(frozen=True)
class Workload:
    """How many items a day, and what their electricity is assumed to be."""

    items_per_day: int
    grid: Assumption
    price: Assumption


# A million is no one's workload in particular, and easy to scale.
USUAL = Workload(1_000_000, GRID, PRICE)


@dataclass(frozen=True)
class Worth:
    """What a year of a workload takes, or what a swap saves of it."""

    energy_kwh: float
    cost_eur: float
    emissions_kg: float


def yearly_worth(energy_mj_per_item: float, workload: Workload) -> Worth:
    """Return a year's energy in kWh, its price in euro and its emissions in kg of CO2 equivalents."""
    energy_kwh = energy_mj_per_item * (workload.items_per_day * DAYS_PER_YEAR) / MJ_PER_KWH
    return Worth(energy_kwh, energy_kwh * workload.price.value, energy_kwh * workload.grid.value / _G_PER_KG)
