"""The database into what figures are made from: the study's rows and numbers, sweeps, and the setups' conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.audit import Flag, audit, doubted_apart
from builder.analysis.bootstrap import GrowthCloud, bootstrap_growth
from builder.analysis.growth import RECIPES
from builder.analysis.intervals import noise_floors
from builder.analysis.ladders import CardLadder, PrecisionLadder, card_ladder, precision_ladder
from builder.analysis.queries import Query
from builder.analysis.study import SETUPS, TASK, TEST_SET, Study, load_study, study_numbers

# Names of the study's setups in figures, where the GPU's memory and the precision would only take room.
SHORT = {
    "a100_pytorch": "A100, PyTorch",
    "a100_tensorrt": "A100, TensorRT",
    "h100_pytorch": "H100, PyTorch",
    "h100_tensorrt": "H100, TensorRT",
}
# The same in a sentence.
SPOKEN = {key: f"the {name.replace(', ', ' with ')}" for key, name in SHORT.items()}
GPUS = {"a100": "A100", "h100": "H100"}
# Whose models Fig 2 shows.
FIG_2 = "h100_tensorrt"


@dataclass(frozen=True)
class Material:
    """What figures are made from.

    Attributes:
        study: The paper's four setups side by side.
        numbers: As `study_numbers` gives them.
        rows: One row a setup of the study (`key`, as in SETUPS) and model with an energy; the columns are those of
            `queries.drawn_rows`, and `in_doubt`: the rules of the audit that doubt it, in words; None without.
        sweeps: As `queries.sweep_rows` gives them; empty where nothing was swept.
        gpus: The table, by GPU.
        titles: Setup -> title.
        setups: The table, by setup: provenance, and its GPU's columns.
        doubted: Setup, model and input size of the rows that the audit doubts.
        floors: Setup -> its noise floor (p95), as a share of the energy.
        architectures: As `queries.architecture_rows` gives them, of all setups and without what is doubted.
    """

    study: Study
    numbers: dict[str, float]
    rows: pd.DataFrame
    sweeps: pd.DataFrame
    gpus: pd.DataFrame
    titles: dict[str, str]
    setups: pd.DataFrame
    doubted: frozenset[tuple[str, str, int]]
    floors: dict[str, float]
    architectures: pd.DataFrame

    @cached_property
    def resampled_growth(self) -> dict[str, GrowthCloud]:
        """Recipe -> the growth fits of Fig 2's models, drawn again and again."""
        rows = self.tested(FIG_2)
        energy, accuracy = (rows[name].to_numpy(np.float64) for name in ("energy_mj", "accuracy_pct"))
        return {recipe.key: bootstrap_growth(energy, accuracy, recipe) for recipe in RECIPES}

    @cached_property
    def precision_ladder(self) -> PrecisionLadder | None:
        """From FP32 to compiled FP16, on the newest card that has both precisions."""
        return precision_ladder(self.architectures)

    @cached_property
    def card_ladder(self) -> CardLadder | None:
        """From card to card."""
        return card_ladder(self.architectures)

    def of(self, *keys: str) -> pd.DataFrame:
        """Return the rows of some of the study's setups, in the order of SETUPS."""
        return self.rows[self.rows["key"].isin(keys)].reset_index(drop=True)

    def tested(self, *keys: str) -> pd.DataFrame:
        """Return those of them that have an accuracy."""
        return self.of(*keys).dropna(subset=["accuracy_pct"]).reset_index(drop=True)


def load_material(connection: duckdb.DuckDBPyConnection) -> Material:
    """Read everything that figures need.

    Raises:
        LookupError: When the database lacks one of the study's setups.
    """
    study = load_study(connection)
    keys = {setup: key for key, setup in SETUPS.items()}
    rows = query_of(*SETUPS).frame(connection)
    setups = queries.setups(connection, TASK).set_index("setup")
    flags = audit(connection, TASK)
    # Where the energy is missing there is nothing to doubt.
    doubted = frozenset((flag.setup, flag.model, flag.input_size_px) for flag in flags if flag.rule != "energy_missing")
    floors = noise_floors(queries.figures(connection, TASK), doubted_apart(flags))
    return Material(
        study=study,
        numbers=study_numbers(study),
        rows=rows.assign(key=rows["setup"].map(keys), in_doubt=_doubts(rows, flags)),
        sweeps=queries.sweep_rows(TASK).frame(connection),
        gpus=setups.drop_duplicates("gpu").set_index("gpu"),
        titles=dict(zip(setups.index.astype(str), setups["title"].astype(str), strict=True)),
        setups=setups,
        doubted=doubted,
        floors={setup: floor.p95 for setup, floor in floors.items()},
        architectures=queries.architecture_rows(TASK, TEST_SET, list(setups.index), doubted).frame(connection),
    )


def _doubts(rows: pd.DataFrame, flags: Iterable[Flag]) -> pd.Series[Any]:
    rules: dict[tuple[str, str, int], list[str]] = {}
    for flag in flags:
        rules.setdefault((flag.setup, flag.model, flag.input_size_px), []).append(flag.rule.replace("_", " "))
    found = (rules.get(key) for key in zip(rows["setup"], rows["model"], rows["input_size_px"], strict=True))
    return pd.Series([", ".join(names) if names else None for names in found], rows.index, dtype=object)


def query_of(*keys: str) -> Query:
    """Return the query that gives the rows of some of the study's setups."""
    return queries.drawn_rows(TASK, TEST_SET, [SETUPS[key] for key in keys])
