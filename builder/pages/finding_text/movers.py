"""The ranks of models on two setups into tables: which models move, by energy and in the default score."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.rank_moves import Agreement, by_score, rank_agreement, rank_moves
from builder.analysis.scores import EVERYTHING, SCORES
from builder.analysis.steps import KEY, Step
from builder.charts.figures.material import Material
from builder.charts.figures.words import joules, significant
from builder.pages.finding_text.text import Cell, Sheet

# The site's default: the first score, accuracy and energy weighted alike.
SCORE, W = SCORES[0], EVERYTHING / 2
# As many rows as a reader looks through.
MOST = 10


def agreement_in_words(name: str, step: Step) -> str:
    """Return how far two setups order models alike, as a sentence."""
    found = _agreement(step)
    return (
        f"{name} the orders of energy agree by {found.spearman:.3f} (Spearman) and {found.kendall:.3f} (Kendall): "
        f"{significant(50 * (1 - found.kendall))} of 100 pairs of models change places."
    )


def energy_movers(material: Material, step: Step, name: str) -> Sheet:
    """Make the table of the models whose rank in energy moves most.

    Args:
        material: What the figures are made from.
        step: From one setup to the other.
        name: What the step is called: `From the A100 to the H200`.
    """
    rows = step.rows.set_index(KEY)
    moves = rank_moves(rows["before_mj"], rows["after_mj"], _noise(material, step))
    return _sheet(rows, moves, name, "in energy", f"{agreement_in_words(name, step)} {_explained(moves)}")


def score_movers(material: Material, step: Step, name: str) -> Sheet | None:
    """Make the same for the default score, over the models that have an accuracy; None where those are too few."""
    rows = step.rows.dropna(subset=["accuracy_pct"]).set_index(KEY)
    if len(rows) < 2:
        return None
    accuracy = rows["accuracy_pct"].to_numpy(np.float64)
    before, after = (
        by_score(SCORE, W, rows[f"{end}_mj"].to_numpy(np.float64), accuracy) for end in ("before", "after")
    )
    moves = rank_moves(rows["before_mj"], rows["after_mj"], _noise(material, step), (before, after))
    lead = (
        f"{SCORE.title}, W = {W:.0f}, over the same models: each architecture with its most accurate weights, the "
        f"largest energy being the largest among them. A move counts as above."
    )
    return _sheet(rows, moves, name, "in the default score", lead)


def _agreement(step: Step) -> Agreement:
    return rank_agreement(*(step.rows[f"{end}_mj"].to_numpy(np.float64) for end in ("before", "after")))


def _noise(material: Material, step: Step) -> tuple[float, float]:
    # A setup in which nothing was measured twice has no floor; the sensor's gain is added to it in any case.
    return material.floors.get(step.before, 0.0), material.floors.get(step.after, 0.0)


def _explained(moves: pd.DataFrame) -> str:
    return (
        "A move counts where its 95 % interval is apart from 0, each energy being drawn again within its setup’s noise "
        f"floor and {100 * SENSOR_GAIN:.0f} % of sensor gain; of {len(moves):,} models up to "
        f"{significant(0.05 * len(moves), 1)} would pass by chance."
    )


def _sheet(rows: pd.DataFrame, moves: pd.DataFrame, name: str, where: str, lead: str) -> Sheet:
    news = moves[moves["beyond_noise"]]
    shown = news.iloc[np.argsort(-news["move"].abs().to_numpy(), kind="stable")[:MOST]]
    counted = f"{len(news):,} of {len(moves):,} models change rank {where} by more than noise explains"
    if news.empty:
        counted = f"no model changes rank {where} by more than noise explains"
    elif len(news) > MOST:
        lead += f" The {MOST} that move most:"
    return Sheet(
        title=f"{name}, {counted}",
        lead=lead,
        columns=(
            "Model",
            "Class",
            "Energy before",
            "Energy after",
            "Rank before",
            "Rank after",
            "Places gained",
            "95 % interval",
        ),
        rows=tuple(_row(record) for record in rows.join(shown, how="right").reset_index().to_dict("records")),
    )


def _row(model: dict[Hashable, Any]) -> tuple[Cell, ...]:
    size = int(model["input_size_px"])
    return (
        Cell(f"{model['architecture']} at {size}\N{NO-BREAK SPACE}px", model=(str(model["model"]), size)),
        Cell(class_=str(model["class"])),
        *(Cell(joules(float(model[f"{end}_mj"]), 3), number=True) for end in ("before", "after")),
        *(Cell(f"{model[f'rank_{end}']:,}", number=True) for end in ("before", "after")),
        Cell(_signed(int(model["move"])), number=True),
        Cell(f"{_signed(int(model['low']))} to {_signed(int(model['high']))}", number=True),
    )


def _signed(places: int) -> str:
    return f"{places:+,}".replace("-", "\N{MINUS SIGN}") if places else "0"
