"""From the invented data to a folder that is valid and has every hostile text wherever a text may stand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

from builder.tables.columns import Column
from builder.tables.reader import header_line, row_line
from builder.tables.schema import (
    ACCURACY,
    ARCHITECTURES,
    GPUS,
    MEASUREMENTS,
    MODELS,
    QUERY_RUNS,
    QUERY_SETUP,
    RATED_MODELS,
    SETUP,
    TASK_FIELDS,
    Document,
    Table,
)
from tests.hostile.corpus import POLYGLOT, payloads, shown_texts

TASK = Path("image_classification")
ALPHA = TASK / "measurements" / "alpha-10gb_pytorch_fp32.csv"
RATED = Path("storytelling")
QUERIES = RATED / "queries" / "alpha-10gb_pytorch_fp32.csv"
# A text that aims at nothing: its page is what the others' pages must look like.
PLAIN = "plain"
TEXTS = (PLAIN, *shown_texts())
# One of names that differ in case alone, which `check` refuses.
NAMES = tuple({text.casefold(): text for group, text in payloads() if "name" in group.taken}.values())
LINK = "https://example.org/x"
_SOURCES, _VERSIONS = 20, 12
# Of the texts and names, one in so many is a rated model's: each has a label drawn.
_EACH_RATED = 8
# Words that must fit the other files.
_KEPT = {"gpu", "runtime", "precision", "weights", "samples", "key", "default"}


def write_hostile(mini: Path, data: Path) -> None:
    """Write the folder: one model for each text, and each text of the TOML files another one."""
    shutil.copytree(mini, data)
    names = [f"hostile{number}" for number in range(len(TEXTS))]
    _append(
        data / TASK / "architectures.csv",
        ARCHITECTURES,
        (
            {"pattern": name, "class": "cnn", "year": "2020"}
            | dict.fromkeys(("family", "class_rule", "paper_title", "paper_ref"), text)
            | {"paper_url": LINK}
            for name, text in zip(names, TEXTS, strict=True)
        ),
    )
    models = [{"model": f"{name}.base", "input_size_px": "224", "parameters_m": "1"} for name in names]
    _append(data / TASK / "models.csv", MODELS, models)
    _append(
        data / TASK / "accuracy.csv",
        ACCURACY,
        (
            {"model": f"{name}.base", "input_size_px": "224", "test_set": "plain", "accuracy_pct": "75"}
            for name in names
        ),
    )
    _write_names(data)
    # Equal figures: nothing on two pages differs but the text.
    figure = {"input_size_px": "224", "batch_size": "1", "stage": "published", "trial": "1", "status": "ok"}
    figure |= {"energy_mj_per_item": "100", "throughput_items_per_s": "1000", "latency_ms": "1"}
    _append(data / ALPHA, MEASUREMENTS, ({**figure, "model": f"{name}.base"} for name in names))
    texts = cycle(text for text in (POLYGLOT, *TEXTS) if len(text) < 300)
    _write_gpus(data / "gpus.csv", texts)
    (data / TASK / "task.toml").write_text("\n".join(_task(texts)) + "\n", encoding="utf-8")
    (data / RATED / "task.toml").write_text("\n".join(_rated_task(texts)) + "\n", encoding="utf-8")
    for folder, document in ((TASK / "measurements", SETUP), (RATED / "queries", QUERY_SETUP)):
        for path in sorted((data / folder).glob("*.toml")):
            path.write_text("\n".join(_setup(document, path.stem, texts)) + "\n", encoding="utf-8")
    _write_rated(data, names)


def _write_names(data: Path) -> None:
    """Add a model for each hostile name, without any figure."""
    patterns = dict.fromkeys(name.partition(".")[0] for name in NAMES)
    row = {"family": "Names", "class": "mlp", "year": "2020", "paper_title": "T", "paper_ref": "R", "paper_url": LINK}
    _append(data / TASK / "architectures.csv", ARCHITECTURES, ({"pattern": pattern, **row} for pattern in patterns))
    _append(
        data / TASK / "models.csv",
        MODELS,
        ({"model": name, "input_size_px": "32", "parameters_m": "1"} for name in NAMES),
    )


def _write_rated(data: Path, names: list[str]) -> None:
    """Add rated models with equal figures, each with a hostile text, and some with a hostile name and no figure."""
    rated = list(zip(names, TEXTS, strict=True))[::_EACH_RATED]
    row = {"approach": "general", "parameters_m": "1", "year": "2020", "url": LINK, "paper_url": LINK}
    plain = row | dict.fromkeys(("title", "family", "paper_title", "paper_ref"), "Names")
    columns = ("title", "family", "paper_title", "paper_ref", "quality_note")
    rows = [
        {**row, "model": name, "quality": "50", "quality_url": LINK} | dict.fromkeys(columns, text)
        for name, text in rated
    ]
    rows += [{**plain, "model": name} for name in NAMES[::_EACH_RATED]]
    _append(data / RATED / "rated_models.csv", RATED_MODELS, rows)
    run = {"batch_size": "1", "samples": "30", "energy_mj_per_item": "5000", "status": "ok"}
    runs = [{**run, "model": name, "run": str(number)} for name, _ in rated for number in (1, 2, 3)]
    _append(data / QUERIES, QUERY_RUNS, runs)


def basic_string(text: str) -> str:
    """Write a text as a TOML string; control characters as escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _append(path: Path, table: Table, rows: Iterable[dict[str, str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.writelines(row_line(table, row) for row in rows)


def _write_gpus(path: Path, texts: Iterator[str]) -> None:
    lines = [header_line(GPUS)]
    for gpu in ("alpha-10gb", "beta-20gb"):
        row = {column.name: column.example for column in GPUS.columns} | {"gpu": gpu, "source_url": LINK}
        row |= {"title": POLYGLOT if gpu == "alpha-10gb" else next(texts), "note": next(texts)}
        lines.append(row_line(GPUS, row))
    path.write_text("".join(lines), encoding="utf-8")


def _task(texts: Iterator[str]) -> Iterator[str]:
    yield from _fields(TASK_FIELDS[""], texts)
    for key in ("plain", "hard", "drawn"):
        yield "[[test_sets]]"
        yield f'key = "{key}"'
        yield f"default = {str(key == 'plain').lower()}"
        yield from _fields(TASK_FIELDS["test_sets"], texts)
    for _ in range(_SOURCES):
        yield "[[sources]]"
        yield from _fields(TASK_FIELDS["sources"], texts)
    yield "[control_variables]"
    for number in range(_VERSIONS):
        yield f"v{number} = {basic_string(next(texts))}"


def _rated_task(texts: Iterator[str]) -> Iterator[str]:
    yield from _fields(TASK_FIELDS[""], texts)
    for key in ("fables", "sagas"):
        yield "[[data_sets]]"
        yield f'key = "{key}"'
        yield from _fields(TASK_FIELDS["data_sets"], texts)
    for key in ("A", "B"):
        yield "[[classes]]"
        yield f'key = "{key}"'
        yield from _fields((column for column in TASK_FIELDS["classes"] if key == "A" or column.required), texts)
    yield "[[sources]]"
    yield from _fields(TASK_FIELDS["sources"], texts)
    yield "[control_variables]"
    for number in range(_VERSIONS):
        yield f"v{number} = {basic_string(next(texts))}"


def _setup(document: Document, setup: str, texts: Iterator[str]) -> Iterator[str]:
    gpu, runtime, precision = setup.rsplit("_", 2)
    weights = "random" if document is SETUP and runtime == "torchcompile" else "pretrained"
    for section in ("", "source", "measured"):
        if section:
            yield f"[{section}]"
        else:
            words = {"gpu": gpu, "runtime": runtime, "precision": precision, "weights": weights}
            yield from (f'{key} = "{word}"' for key, word in words.items())
        yield from _fields(document.sections[section], texts)
        if document is QUERY_SETUP and section == "measured":
            yield 'samples = "synthetic"'
    yield "[versions]"
    for number in range(_VERSIONS):
        yield f"v{number} = {basic_string(next(texts))}"
    yield "[derived]"
    for name in (MEASUREMENTS if document is SETUP else QUERY_RUNS).header:
        yield f"{name} = {basic_string(next(texts))}"


def _fields(columns: Iterable[Column], texts: Iterator[str]) -> Iterator[str]:
    for column in columns:
        if column.kind == "text":
            # A site has one title of the first setup, but many sources.
            text = POLYGLOT if column.name in {"title", "item"} else next(texts)
            yield f"{column.name} = {basic_string(text)}"
        elif column.kind == "url":
            yield f'{column.name} = "{LINK}"'
        elif column.kind == "number":
            yield f"{column.name} = 100"
        elif column.kind == "date":
            yield f"{column.name} = 2026-01-01"
        elif column.kind == "choice" and column.name not in _KEPT:
            yield f'{column.name} = "{column.choices[0]}"'
