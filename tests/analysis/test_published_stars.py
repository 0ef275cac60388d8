"""The rule of the stars against those that the AI Energy Score published.

published_stars.csv holds energies, classes and stars of its leaderboard (https://huggingface.co/spaces/AIEnergyScore/
Leaderboard, data/energy/text_generation.csv and reasoning.csv; no licence stated), as copied in data/raw/aie/ of
https://github.com/henryblanchard/climate-impact-calculator at cf47e34. Its other tasks are not at hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builder.analysis.ratings import STARS, Band, star_rating

PUBLISHED = pd.read_csv(Path(__file__).parent / "published_stars.csv")
CLASSES = list(PUBLISHED.groupby(["epoch", "task", "class"]))


@pytest.mark.parametrize(
    ("key", "rows"), CLASSES, ids=["-".join(map(str, key)).replace(" ", "-") for key, _ in CLASSES]
)
def test_equal_bands_give_every_published_star(key: tuple[str, str, str], rows: pd.DataFrame) -> None:
    energies = rows["kwh_per_1000"].to_numpy(np.float64)
    stars = star_rating(energies, Band(float(energies.min()), float(energies.max())))
    given = dict(zip(rows["model"], stars.tolist(), strict=True))
    assert given == dict(zip(rows["model"], rows["stars"], strict=True)), key


def test_the_published_ratings_are_as_many_as_the_source_has() -> None:
    counts = PUBLISHED.groupby(["task", "epoch"]).size().to_dict()
    assert counts == {
        ("reasoning", "2025-12"): 18,
        ("text generation", "2025-02"): 40,
        ("text generation", "2025-12"): 22,
    }


def test_parts_of_equal_size_would_give_about_half_of_them() -> None:
    found = 0
    for _, rows in CLASSES:
        parts = STARS - pd.qcut(rows["kwh_per_1000"], STARS, labels=False)
        found += int((parts == rows["stars"]).sum())
    assert (found, len(PUBLISHED)) == (42, 80)
