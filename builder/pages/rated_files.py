"""Turns rated tasks into the files beside their pages: the leaderboard as CSV and JSON, and the energy labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.charts.energy_label import THEMES, EnergyLabel, label_svg
from builder.pages.format import NO_BREAK, number, wh_per_1000
from builder.pages.rated import FOLDER, RatedModel, RatedTask
from builder.pages.to_json import significant, to_json
from builder.tables.schema import QUERY_RUNS
from builder.units import MJ_PER_WH

FORMAT = 1


@dataclass(frozen=True)
class Files:
    """A leaderboard for other programs."""

    csv: str
    json: str


def csv_path(task: RatedTask | None = None) -> str:
    """Return where a task's leaderboard stands as CSV; without a task, that of all of them."""
    return f"{_folder(task)}/ratings.csv"


def json_path(task: RatedTask | None = None) -> str:
    """Return where a task's leaderboard stands as JSON; without a task, that of all of them."""
    return f"{_folder(task)}/ratings.json"


def rated_files(tasks: tuple[RatedTask, ...], url: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file that pages of rated tasks link to, but the labels' PNGs.

    Args:
        tasks: As `load_rated_tasks` returns them.
        url: Where the site will stand: labels are printed, and say where to read more.
    """
    records = {task.key: [rating_record(task, model) for model in task.models] for task in tasks}
    documents = [_document(task, records[task.key]) for task in tasks]
    yield csv_path(), _csv([{"task": key, **row} for key, rows in records.items() for row in rows])
    yield json_path(), to_json({"format": FORMAT, "tasks": documents})
    for task, document in zip(tasks, documents, strict=True):
        yield csv_path(task), _csv(records[task.key])
        yield json_path(task), to_json(document)
        for model in task.measured:
            label = energy_label(task, model, url)
            for theme in THEMES:
                yield model.label_path(theme.key, "svg"), label_svg(label, theme).encode()


def contributed_files(data: Path, tasks: tuple[RatedTask, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every setup's own files of query runs, as they were contributed."""
    for task in tasks:
        for setup in task.setups:
            runs = data / QUERY_RUNS.path.format(task=task.key, setup=setup.key)
            yield setup.file_path("csv"), runs.read_bytes()
            yield setup.file_path("toml"), runs.with_suffix(".toml").read_bytes()


def rating_record(task: RatedTask, model: RatedModel) -> dict[str, Any]:
    """Return a model's row of the leaderboard, units at the ends of names; None is "not known"."""
    figure, fields = model.figure, model.fields
    energy_mj = model.energy_mj
    return {
        "model": fields["model"],
        "title": fields["title"],
        "family": fields["family"],
        "approach": fields["approach"],
        "class": model.size_class.key or None,
        "parameters_m": fields["parameters_m"],
        "year": fields["year"],
        "energy_wh_per_1000": significant(None if energy_mj is None else energy_mj * 1000 / MJ_PER_WH),
        "energy_mj": significant(energy_mj),
        "energy_low_mj": significant(figure.low_mj if figure else None),
        "energy_high_mj": significant(figure.high_mj if figure else None),
        "stars": figure.stars if figure else None,
        "log_stars": figure.log_stars if figure else None,
        "rank": figure.rank if figure else None,
        "runs": figure.runs if figure else 0,
        "samples": figure.samples if figure else None,
        "latency_ms": significant(figure.latency_ms if figure else None),
        "mean_power_w": significant(figure.power_w if figure else None),
        "output_tokens_per_item": significant(figure.output_tokens if figure else None),
        **{
            f"{phase}_mj": significant(figure.phases_mj.get(phase) if figure else None)
            for phase in ("preprocess", "prefill", "decode", "forward")
        },
        "quality": fields["quality"],
        "quality_note": fields["quality_note"],
        "status": figure.status if figure else "not_recorded",
        "setup": task.board.setup or None,
    }


def energy_label(task: RatedTask, model: RatedModel, url: str) -> EnergyLabel:
    """Return what a model's label says.

    Raises:
        ValueError: The model has no energy.
    """
    figure, setup = model.figure, task.setup
    if figure is None or figure.energy_mj is None or setup is None:
        message = f"{model.fields['model']} has no energy: there is no label for it"
        raise ValueError(message)
    (rating,) = (one for one in task.board.classes if one.size_class == model.size_class)
    day, _, digits = rating.epoch.partition("_")
    stands_on = f"epoch {day} · {digits}" if rating.epoch else "provisional, no epoch frozen"
    class_ = f"class {model.size_class.key}, " if model.size_class.key else ""
    repeated = f"{figure.runs} run{'' if figure.runs == 1 else 's'}"
    spread = "one run: no interval"
    if model.plus_minus_pct is not None:
        spread = f"± {number(model.plus_minus_pct, 2)} %, 95 % interval over {repeated}"
    return EnergyLabel(
        title=model.fields["title"],
        model=model.fields["model"],
        task=task.fields["title"],
        energy=wh_per_1000(figure.energy_mj),
        unit=f"Wh per 1,000 {task.fields['items']}",
        interval=spread,
        stars=figure.stars,
        rating=f"{class_}{stands_on}" if figure.stars else rating.reason,
        facts=(
            ("Hardware", setup.fields["gpu_title"]),
            ("Setting", f"{setup.conditions}, batch size 1"),
            ("Samples", f"{figure.samples:,} {setup.fields['measured_samples']}, {repeated}"),
            ("Measured", setup.day or "day not recorded"),
        ),
        link=f"{url}{model.path}".removeprefix("https://").removeprefix("http://").replace(NO_BREAK, " "),
    )


def _folder(task: RatedTask | None) -> str:
    return f"{FOLDER}/{task.key}" if task else FOLDER


def _csv(rows: list[dict[str, Any]]) -> bytes:
    buffer = io.StringIO()
    if rows:
        writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return buffer.getvalue().encode()


def _document(task: RatedTask, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "task": task.key,
        "title": task.fields["title"],
        "setup": task.board.setup or None,
        "shortened_protocol": task.shortened or None,
        "classes": [
            {
                "class": rating.size_class.key or None,
                "title": rating.size_class.title or None,
                "models": rating.models,
                "mean_mj": significant(rating.mean_mj),
                "sd_mj": significant(rating.sd_mj),
                "least_mj": significant(rating.band.least_mj) if rating.band else None,
                "most_mj": significant(rating.band.most_mj) if rating.band else None,
                "epoch": rating.epoch or None,
                "reason": rating.reason or None,
            }
            for rating in task.board.classes
        ],
        "models": rows,
    }
