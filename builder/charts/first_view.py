"""A setup's models into the explorer as it first stands: its ranking, its pictures and where its controls are set."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.ranking import Ranking, Thresholds, rank
from builder.analysis.scores import MANHATTAN, SCORES, Context, ExchangeRate, Score
from builder.analysis.winners import winners
from builder.charts.annotations import Choice, energy_text, overlay
from builder.charts.explorer import first_pictures
from builder.charts.plane import Plane, accuracy_domain, energy_domain

# What the controls are set to before anybody has touched them.
SCORE = MANHATTAN
W = 50.0
LIMITS = Thresholds(min_accuracy_pct=80.0, max_energy_mj=1_000.0)
TOP = 10
TOPS = (10, 25, 50, 100)

# Steps of the energy's slider: each is 12 % more than the one before, and whole decades are among them.
STEPS_PER_DECADE = 20

# Name -> width and height in pixels, and area of a mark: a desk's chart and a phone's. The style sheet shows one of
# them, and static/js/fitting.js has the same shapes.
SIZES = {"wide": (760, 600, 26), "narrow": (360, 400, 14)}


@dataclass(frozen=True)
class Step:
    """What a tenfold budget buys.

    Attributes:
        energy_mj: At most, in mJ per item.
        accuracy_pct: Of the most accurate model within it.
        gain_pct: Points above the step before; None for the first.
    """

    energy_mj: float
    accuracy_pct: float
    gain_pct: float | None

    @property
    def budget(self) -> str:
        """The energy with its unit, as the axis writes it."""
        return energy_text(self.energy_mj)


@dataclass(frozen=True)
class FirstWinner:
    """A model that is first for the weights from `w_from` to `w_to`, both in 0..100."""

    model: str
    input_size_px: int
    w_from: float
    w_to: float

    @property
    def is_first(self) -> bool:
        """Whether it leads the first ranking; at a border it is the first of both that does."""
        return (self.w_from < W or self.w_from == 0) and self.w_to >= W


@dataclass(frozen=True)
class FirstView:
    """The explorer before any script has run.

    Attributes:
        ranking: The first rows, as the table shows them.
        pictures: Name in SIZES -> SVG.
        energy_mj: Round limits of the energies of all setups: the logarithmic axis.
        steps: The best accuracy within each power of ten.
        winners: Who is first for which weight, among the models within the limits.
        exchange: What one more point of accuracy is worth.
    """

    ranking: Ranking
    pictures: Mapping[str, str]
    energy_mj: tuple[float, float]
    steps: tuple[Step, ...]
    winners: tuple[FirstWinner, ...]
    exchange: ExchangeRate
    score: Score = SCORE
    w: float = W
    limits: Thresholds = LIMITS
    top: int = TOP
    tops: tuple[int, ...] = TOPS
    scores: tuple[Score, ...] = SCORES

    @property
    def energy_limit(self) -> str:
        """The largest energy with its unit, as the slider writes it."""
        return energy_text(self.limits.max_energy_mj)

    @property
    def energy_slider(self) -> tuple[int, int, int]:
        """First step, last step (which stands for no limit) and the step of the limit, counted from 1 mJ."""
        low, high = self.energy_mj
        return _step(low), _step(high), _step(self.limits.max_energy_mj)


def first_view(
    models: pd.DataFrame, energies_mj: tuple[float, float], flagged: Collection[tuple[str, int]] = ()
) -> FirstView:
    """Return the explorer's first view of a setup.

    Args:
        models: One row a model, as `queries.setup_models` returns it for the test set that is chosen first.
        energies_mj: The lowest and the highest energy of all setups.
        flagged: Names and input sizes of the models whose figures on the setup are in doubt.
    """
    pairs = zip(models["model"], models["input_size_px"], strict=True)
    models = models.assign(flagged=[pair in flagged for pair in pairs])
    ranking = rank(models, SCORE, W, LIMITS, TOP)
    shown = models[np.isfinite(models["energy_mj"]) & np.isfinite(models["accuracy_pct"])]
    energy = energy_domain(*energies_mj)
    accuracy = accuracy_domain(float(shown["accuracy_pct"].min()), float(shown["accuracy_pct"].max()))
    planes = {name: Plane(energy, accuracy, "log", *size) for name, size in SIZES.items()}
    pictures = {
        name: (plane, overlay(plane, shown, ranking, Choice(SCORE, W, LIMITS)).data_sets())
        for name, plane in planes.items()
    }
    return FirstView(
        ranking=ranking,
        pictures=first_pictures(shown, pictures),
        energy_mj=energy,
        steps=budget_steps(shown),
        winners=_winners(shown, ranking.context),
        exchange=SCORE.exchange_rate(W, ranking.context),
    )


def budget_steps(models: pd.DataFrame) -> tuple[Step, ...]:
    """Return the best accuracy within each power of ten, from the first that any model keeps to.

    The browser has the same in site_templates/static/js/words.js.
    """
    first = math.ceil(math.log10(models["energy_mj"].min()))
    last = math.ceil(math.log10(models["energy_mj"].max()))
    steps: list[Step] = []
    for power in range(first, last + 1):
        best = float(models["accuracy_pct"][models["energy_mj"] <= 10.0**power].max())
        steps.append(Step(10.0**power, best, best - steps[-1].accuracy_pct if steps else None))
    return tuple(steps)


def _winners(models: pd.DataFrame, context: Context) -> tuple[FirstWinner, ...]:
    within = (models["accuracy_pct"] >= LIMITS.min_accuracy_pct) & (models["energy_mj"] <= LIMITS.max_energy_mj)
    eligible = models[within]
    first = winners(SCORE, eligible["energy_mj"].to_numpy(), eligible["accuracy_pct"].to_numpy(), context)
    names, sizes = eligible["model"].tolist(), eligible["input_size_px"].tolist()
    return tuple(FirstWinner(names[one.index], sizes[one.index], one.w_from, one.w_to) for one in first)


def _step(energy_mj: float) -> int:
    return round(STEPS_PER_DECADE * math.log10(energy_mj))
