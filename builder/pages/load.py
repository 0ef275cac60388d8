"""Turns the tables of one task into the records that pages draw on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd

from builder.analysis import queries
from builder.analysis.audit import Flag, audit, doubted_apart
from builder.analysis.intervals import NoiseFloor, noise_floors, with_intervals
from builder.analysis.ranking import rank
from builder.analysis.scores import SCORES
from builder.pages.catalogue import Catalogue, Figure, Model, Rank, Setup, TestSet
from builder.pages.slugs import anchors, model_slugs

# The score that model pages rank by: the paper's, with energy and accuracy weighted alike.
SCORE = SCORES[0]
SCORE_W = 50.0
# Its finding is a status already, and no doubt about a figure.
_NO_DOUBT = "energy_missing"
# Of a model, as the query names them.
_MODEL_COLUMNS = (
    "model",
    "input_size_px",
    "architecture",
    "tag",
    "family",
    "class_rule",
    "year",
    "paper_title",
    "paper_ref",
    "paper_url",
    "url",
    "parameters_m",
    "macs_g",
    "activations_m",
)


def load_catalogue(connection: duckdb.DuckDBPyConnection, task: str) -> Catalogue:
    """Read one task from the database."""
    (fields,) = (row for row in records(queries.tasks(connection)) if row["task"] == task)
    accuracies = queries.accuracies(connection, task)
    flags = [flag for flag in audit(connection, task) if flag.rule != _NO_DOUBT]
    figures = queries.figures(connection, task)
    floors = noise_floors(figures, doubted_apart(flags))
    setups = _setups(records(queries.setups(connection, task)), figures, floors, flags)
    test_sets = tuple(
        TestSet(row["test_set"], row["title"], row["description"], row["url"], int(accuracies[row["test_set"]].count()))
        for row in records(queries.test_sets(connection, task))
    )
    # The first in the task's order; task.toml puts the one that readers know best there.
    test_set, setup = test_sets[0], setups[0]
    ranking = rank(queries.setup_models(connection, task, setup.key, [test_set.key]), SCORE, SCORE_W)
    models = records(queries.models(connection, task))
    families = anchors(row["family"] for row in models)
    slugs = model_slugs((row["model"], row["input_size_px"]) for row in models)
    accuracy = _accuracy_ranks(accuracies)
    by_model = _figures(with_intervals(figures, floors), flags)
    scores = {
        (model, size): Rank(int(place), ranking.eligible, float(score))
        for model, size, place, score in ranking.rows[["model", "input_size_px", "rank", "score"]].itertuples(
            index=False
        )
    }
    return Catalogue(
        key=task,
        fields=fields,
        test_sets=test_sets,
        test_set=test_set,
        setups=setups,
        setup=setup,
        models=tuple(
            Model(
                slug=slugs[key],
                family_anchor=families[row["family"]],
                class_=row["class"],
                accuracy=accuracy.get(key, {}),
                figures=by_model.get(key, {}),
                score=scores.get(key),
                **{name: row[name] for name in _MODEL_COLUMNS},
            )
            for row in models
            for key in [(row["model"], row["input_size_px"])]
        ),
        families=families,
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of Python values, None where there is none."""
    columns = [
        [
            None if missing else value
            for value, missing in zip(frame[name].tolist(), frame[name].isna().tolist(), strict=True)
        ]
        for name in frame
    ]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _setups(
    rows: list[dict[str, Any]], figures: pd.DataFrame, floors: Mapping[str, NoiseFloor], flags: list[Flag]
) -> tuple[Setup, ...]:
    parts = dict(iter(figures.groupby("setup")))
    setups = []
    for row in rows:
        part = parts.get(row["setup"], figures.iloc[:0])
        missing = part["status"][part["energy_mj"].isna()].value_counts().sort_index()
        setups.append(
            Setup(
                key=row["setup"],
                title=row["title"],
                path=f"setups/{row['setup']}.html",
                fields=row,
                figures=int(part["energy_mj"].count()),
                missing={str(status): int(number) for status, number in missing.items()},
                noise=floors.get(row["setup"]),
                flags=tuple(flag for flag in flags if flag.setup == row["setup"]),
            )
        )
    return tuple(setups)


def _accuracy_ranks(accuracies: pd.DataFrame) -> dict[tuple[str, int], dict[str, Rank]]:
    ranks: dict[tuple[str, int], dict[str, Rank]] = {}
    for test_set in accuracies:
        values = accuracies[test_set].dropna()
        places, of = values.rank(method="min", ascending=False), len(values)
        for key, value, place in zip(values.index.tolist(), values.tolist(), places.tolist(), strict=True):
            ranks.setdefault(key, {})[str(test_set)] = Rank(int(place), of, value)
    return ranks


def _figures(figures: pd.DataFrame, flags: list[Flag]) -> dict[tuple[str, int], dict[str, Figure]]:
    doubts: dict[tuple[str, str, int], tuple[Flag, ...]] = {}
    for flag in flags:
        key = (flag.setup, flag.model, flag.input_size_px)
        doubts[key] = (*doubts.get(key, ()), flag)
    ranked = figures.assign(rank=figures.groupby("setup")["energy_mj"].rank(method="min"))
    by_model: dict[tuple[str, int], dict[str, Figure]] = {}
    for row in records(ranked):
        by_model.setdefault((row["model"], row["input_size_px"]), {})[row["setup"]] = Figure(
            setup=row["setup"],
            energy_mj=row["energy_mj"],
            low_mj=row["energy_low_mj"],
            high_mj=row["energy_high_mj"],
            interval="" if row["energy_low_mj"] is None else "trials" if row["trials"] > 1 else "floor",
            trials=row["trials"] or 0,
            throughput_items_per_s=row["throughput_items_per_s"],
            latency_ms=row["latency_ms"],
            batch_size=row["batch_size"],
            power_w=row["power_w"],
            status=row["status"],
            stage=row["stage"],
            rank=None if row["rank"] is None else int(row["rank"]),
            flags=doubts.get((row["setup"], row["model"], row["input_size_px"]), ()),
        )
    return by_model
