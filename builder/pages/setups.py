"""Turns each setup's provenance, counts and noise floor into its page, and all setups into their index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.analysis.audit import Flag
from builder.analysis.pareto import pareto_front
from builder.pages.catalogue import Catalogue, Model, Setup, TestSet
from builder.pages.downloads import Download
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.plane import Plane
from builder.pages.words import PRECISION_TITLES, RULE_TITLES
from builder.tables.columns import Column
from builder.tables.schema import GPUS, MEASUREMENTS, PROVENANCE, RUNTIME_TITLES

# What choices mean, where the word itself is not for readers.
_CHOICES = {**RUNTIME_TITLES, **PRECISION_TITLES, "not_recorded": "not recorded"}
# What the page shows in another place.
_SHOWN_APART = {"title", "gpu", "gpu_gpu"}
SECTION_TITLES = {
    "": "How it was measured",
    "source": "Where the figures come from",
    "measured": "The machine and its run",
}


@dataclass(frozen=True)
class Field:
    """A name, a value and what it means."""

    title: str
    value: Any
    unit: str
    meaning: str
    is_link: bool


@dataclass(frozen=True)
class Section:
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class DoubtedRow:
    """A flag, and the page of its model."""

    flag: Flag
    path: str


@dataclass(frozen=True)
class FrontModel:
    """A model that no other model of the setup beats; `in_doubt` are the reasons to doubt its energy."""

    model: Model
    energy_mj: float
    accuracy_pct: float
    in_doubt: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """What one rule of the audit found on a setup."""

    title: str
    rows: tuple[DoubtedRow, ...]


@dataclass(frozen=True, kw_only=True)
class SetupsPage(Page):
    """Fills setups.html."""

    task: Mapping[str, Any]
    setups: tuple[Setup, ...]
    conditions: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class SetupPage(Page):
    """Fills setup.html.

    Attributes:
        models: Of the task, measured here or not.
        derived: Columns that the source did not record, and how they were derived.
        downloads: The setup's own files.
    """

    task: Mapping[str, Any]
    setup: Setup
    models: int
    gpu: tuple[Field, ...]
    sections: tuple[Section, ...]
    derived: tuple[Field, ...]
    versions: tuple[Field, ...]
    downloads: tuple[Download, ...]
    doubts: tuple[Doubt, ...]
    doubted: int
    test_set: TestSet
    plane: Plane
    front: tuple[FrontModel, ...]


def setups_pages(atlas: Atlas) -> Iterator[SetupsPage]:
    """Make the index."""
    catalogue = atlas.catalogue
    yield SetupsPage(
        path="setups/index.html",
        title="Setups",
        description=f"The {len(catalogue.setups)} setups that energy was measured on: GPU, runtime and precision.",
        section="setups/index.html",
        task=catalogue.fields,
        setups=catalogue.setups,
        conditions=conditions(catalogue),
    )


def setup_pages(atlas: Atlas) -> Iterator[SetupPage]:
    """Make a page for each setup."""
    catalogue = atlas.catalogue
    meanings = {column.name: column.meaning for column in MEASUREMENTS.columns}
    paths = {(model.model, model.input_size_px): model.path for model in catalogue.models}
    for setup in catalogue.setups:
        yield SetupPage(
            path=setup.path,
            title=setup.title,
            description=f"How the energy of {setup.figures:,} models was measured on {setup.title}, and by whom.",
            section="setups/index.html",
            task=catalogue.fields,
            setup=setup,
            models=len(catalogue.models),
            gpu=_fields(setup, GPUS.columns, "gpu_"),
            sections=tuple(
                Section(title, fields)
                for section, title in SECTION_TITLES.items()
                if (fields := _fields(setup, PROVENANCE[section], f"{section}_" if section else ""))
            ),
            derived=tuple(
                Field(title_of(name), text, "", meanings.get(name, ""), is_link=False)
                for name, text in _free(setup, "derived").items()
            ),
            versions=tuple(Field(name, text, "", "", is_link=False) for name, text in _free(setup, "versions").items()),
            downloads=atlas.setup_files[setup.key],
            doubts=_doubts(setup, paths),
            doubted=len({(flag.model, flag.input_size_px) for flag in setup.flags}),
            test_set=catalogue.test_set,
            plane=atlas.plane,
            front=_front(catalogue, setup),
        )


def conditions(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return what every setup of the task keeps alike."""
    return tuple(
        Field(title_of(name), text, "", "", is_link=False)
        for name, text in json.loads(catalogue.fields["control_variables"] or "{}").items()
    )


def title_of(name: str) -> str:
    """Return a column's name in words: energy_mj_per_item -> Energy mj per item, without a unit that stands apart."""
    words = name.replace("_", " ")
    for known, written in {
        "gpu": "GPU",
        "url": "Link",
        "tdp": "TDP",
        "cuda": "CUDA",
        "fp32": "FP32",
        "fp16": "FP16",
        "tf32": "TF32",
    }.items():
        words = " ".join(written if word == known else word for word in words.split(" "))
    return words[:1].upper() + words[1:]


def _front(catalogue: Catalogue, setup: Setup) -> tuple[FrontModel, ...]:
    measured = [
        FrontModel(
            model,
            model.energy_mj[setup.key],
            model.accuracy[catalogue.test_set.key].value,
            in_doubt=tuple(flag.reason for flag in model.figures[setup.key].flags),
        )
        for model in catalogue.models
        if setup.key in model.energy_mj and catalogue.test_set.key in model.accuracy
    ]
    on_front = pareto_front(
        np.array([one.energy_mj for one in measured]), np.array([one.accuracy_pct for one in measured])
    )
    front = [one for one, best in zip(measured, on_front, strict=True) if best]
    return tuple(sorted(front, key=lambda one: (one.energy_mj, one.model.slug)))


def _doubts(setup: Setup, paths: Mapping[tuple[str, int], str]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(title, rows)
        for rule, title in RULE_TITLES.items()
        if (
            rows := tuple(
                DoubtedRow(flag, paths[flag.model, flag.input_size_px]) for flag in setup.flags if flag.rule == rule
            )
        )
    )


def _fields(setup: Setup, columns: tuple[Column, ...], prefix: str) -> tuple[Field, ...]:
    return tuple(
        Field(
            _without_unit(column),
            _in_words(column, setup.fields[prefix + column.name]),
            column.unit,
            column.meaning,
            column.kind == "url",
        )
        for column in columns
        if prefix + column.name not in _SHOWN_APART and setup.fields.get(prefix + column.name) not in {None, ""}
    )


def _in_words(column: Column, value: Any) -> Any:
    if column.kind == "date":
        return f"{value:%Y-%m-%d}"
    return _CHOICES.get(value, value) if column.kind == "choice" else value


def _without_unit(column: Column) -> str:
    unit = {"GiB": "_gib", "W": "_w", "TFLOP/s": "_tflops"}.get(column.unit, "")
    return title_of(column.name.removesuffix(unit).removesuffix("_url"))


def _free(setup: Setup, section: str) -> Mapping[str, str]:
    fields: Mapping[str, str] = json.loads(setup.fields.get(section) or "{}")
    return fields


SETUPS = PageKind("setups", "setups.html", setups_pages)
SETUP = PageKind("setup", "setup.html", setup_pages)
