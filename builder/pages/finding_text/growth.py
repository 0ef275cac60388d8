"""The curve of accuracy over energy into words: what more accuracy costs, and how that changed by the year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from builder.analysis.growth import ALL_VERTICES
from builder.analysis.pareto import best_within
from builder.analysis.study import DECADES_MJ, SETUPS
from builder.charts.figures import growth, years
from builder.charts.figures.material import SPOKEN, Material
from builder.charts.figures.words import joules, listed, significant, watt_hours
from builder.pages.finding_text.text import RESAMPLED, Number, Text


def diminishing_returns(material: Material) -> Text:
    """Tell what accuracy costs, and that the curve does not predict."""
    rows, fit = growth.fitted(material)
    _, full = growth.fitted(material, ALL_VERTICES)
    best = [material.numbers[f"fig2.best_within_{limit:.0f}_mj"] for limit in DECADES_MJ]
    reached = [f"{value:.1f} % within {joules(limit, 1)}" for limit, value in zip(DECADES_MJ, best, strict=True)]
    low, high = (watt_hours(end) for end in growth.interval_mj(fit))
    low_resampled, high_resampled = (watt_hours(end) for end in growth.resampled_interval_mj(material))
    full_low, full_high = (watt_hours(end) for end in growth.interval_mj(full))
    return Text(
        slug="diminishing-returns",
        topic="Diminishing returns",
        number=Number(
            value=watt_hours(fit.energy_at(growth.PERFECT_PCT), 3),
            label="an image for 100 %, if the curve went on",
            interval=f"{low} to {high}",
            source="95 % interval of the fit, by the delta method",
            other=(f"{low_resampled} to {high_resampled}", RESAMPLED),
            note=_without_doubted(material),
        ),
        sentences=(
            f"On {SPOKEN[growth.SETUP]} the best of {len(rows):,} models has {listed(reached)} of energy an image.",
            f"A nested logarithm through the upper hull describes this (R² {fit.r_squared:.3f}): "
            "energy grows doubly exponentially with accuracy.",
            f"It does not predict: the paper’s {len(fit.vertices)} vertices put 100 % at "
            f"{watt_hours(fit.energy_at(growth.PERFECT_PCT), 3)}, and one vertex more, which lies below 1 mJ, "
            f"at {watt_hours(full.energy_at(growth.PERFECT_PCT), 3)} ({full_low} to {full_high}).",
        ),
        figures=("fig-2", "fig-2-extrapolation", "fig-2-setups"),
    )


def year_on_year(material: Material, noise: Mapping[str, float]) -> Text:
    """Tell what each year's architectures brought."""
    price = years.cheapest_by(material)
    first, last = float(price.iloc[0]), float(price.iloc[-1])
    noise_floor = noise[SETUPS[growth.SETUP]]
    since = float(price.loc[: years.SINCE].iloc[-1])
    ends = sorted(int(year) for year in (material.tested(growth.SETUP)["year"].agg(["min", "max"])))
    return Text(
        slug="year-on-year",
        topic="Year on year",
        number=Number(
            value=f"{significant(first / last)}×",
            label=f"less energy for {years.LEVEL_PCT:.0f} % with architectures of {ends[1]} than of {price.index[0]}",
            interval=f"{significant(first / last * (1 - noise_floor) / (1 + noise_floor))} to "
            f"{significant(first / last * (1 + noise_floor) / (1 - noise_floor))}",
            source=f"both figures at the ends of the setup’s noise floor, ± {significant(100 * noise_floor)} %",
        ),
        sentences=(
            f"With the architectures known by {price.index[0]}, {years.LEVEL_PCT:.0f} % took {joules(first)} an image "
            f"on {SPOKEN[growth.SETUP]}; by {years.SINCE} it took {joules(since)}, and by {ends[1]} {joules(last)}.",
            f"Since {years.SINCE} the progress is at the top: the best within {joules(years.BUDGET_MJ, 1)} gained "
            f"{_gain(material, ends[1], years.BUDGET_MJ):.1f} points, the best at any energy "
            f"{_gain(material, ends[1], np.inf):.1f}.",
            "The year is that of the architecture’s paper; where weights were trained again later, as they often were, "
            "an old architecture stands higher than it did in its year.",
        ),
        figures=("fig-3",),
    )


def _without_doubted(material: Material) -> str:
    """Return what the number is without the figures that the audit doubts; nothing where none carries it."""
    rows, fit = growth.fitted(material)
    vertices = rows.loc[fit.vertices]
    doubted = vertices[vertices["in_doubt"].notna()]
    if doubted.empty:
        return ""
    names = listed([f"{row['model']} at {row['input_size_px']} px" for _, row in doubted.iterrows()])
    begins = f"Of the {len(vertices)} vertices {len(doubted)} {'is' if len(doubted) == 1 else 'are'} in doubt: {names}."
    sound, other = growth.sound(material)
    if not other:
        return f"{begins} Without the figures in doubt too few vertices are left for a curve."
    low, high = other.log10_energy_interval(growth.PERFECT_PCT)
    best = best_within(sound["energy_mj"].to_numpy(np.float64), sound["accuracy_pct"].to_numpy(np.float64), DECADES_MJ)
    moved = [
        f"the best within {joules(limit, 1)} has {value:.1f} % instead of {whole:.1f} %"
        for limit, value in zip(DECADES_MJ, best, strict=True)
        if f"{value:.1f}" != f"{(whole := material.numbers[f'fig2.best_within_{limit:.0f}_mj']):.1f}"
    ]
    energy = watt_hours(other.energy_at(growth.PERFECT_PCT), 3)
    told = [
        f"the same recipe has {len(other.vertices)} vertices and gives {energy}, "
        f"give or take {significant((high - low) / 2)} powers of ten",
        *moved,
    ]
    return f"{begins} Without the figures in doubt {'; '.join(told)}."


def _gain(material: Material, year: int, budget_mj: float) -> float:
    return years.best_by(material, year, budget_mj) - years.best_by(material, years.SINCE, budget_mj)
