"""The provenance of setups into a table of what differs between them, for readers who compare their energies."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from builder.charts.figures.material import Material
from builder.charts.figures.words import listed
from builder.pages.finding_text.text import Cell, Sheet

NOT_RECORDED = "not recorded"


def _power_limit(fields: dict[str, Any]) -> str:
    watts = fields["measured_power_limit_w"] or fields["gpu_tdp_w"]
    return NOT_RECORDED if watts is None else f"{watts:g}\N{NO-BREAK SPACE}W"


def _version(package: str) -> Callable[[dict[str, Any]], str]:
    def version(fields: dict[str, Any]) -> str:
        return str(json.loads(fields["versions"] or "{}").get(package, NOT_RECORDED))

    return version


def _field(name: str) -> Callable[[dict[str, Any]], str]:
    def text(fields: dict[str, Any]) -> str:
        return NOT_RECORDED if fields[name] is None else str(fields[name]).replace("_", " ")

    return text


# What is said of a setup -> how a sentence calls it, and how it is found.
_CONDITIONS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "Power limit": ("power limit", _power_limit),
    "Memory layout": ("memory layout", _field("memory_format")),
    "Weights": ("weights", _field("weights")),
    "Protocol": ("protocol", _field("protocol")),
    "Sensor": ("sensor", _field("measured_sensor")),
    "Driver": ("driver", _field("measured_driver")),
    "PyTorch": ("version of PyTorch", _version("torch")),
}
# What a setup's file says in sentences.
_NOTES = ("precision_note", "source_changes")


def differing(material: Material, setups: Sequence[str]) -> dict[str, list[str]]:
    """Return what differs between setups, or is not recorded for all of them: condition -> its value in each."""
    records = [_record(material, setup) for setup in setups]
    found = {name: [text(record) for record in records] for name, (_, text) in _CONDITIONS.items()}
    return {name: values for name, values in found.items() if len(set(values)) > 1}


def differences(material: Material, setups: Sequence[str]) -> str:
    """Return the same as a sentence, and what follows from it."""
    found = differing(material, setups)
    known = [name for name, values in found.items() if len(set(values) - {NOT_RECORDED}) > 1]
    unknown = [name for name in found if name not in known]
    parts = []
    if known:
        parts.append(f"the setups differ in {_listed(known)} too")
    if unknown:
        parts.append(f"{_listed(unknown)} {'is' if len(unknown) == 1 else 'are'} not recorded for all of them")
    if not parts:
        return "Their files record no other difference than the card."
    told = ", and ".join(parts)
    return f"{told[0].upper()}{told[1:]}, so this is what they took, not what a generation brings."


def conditions_sheet(material: Material, setups: Sequence[str]) -> Sheet:
    """Make the table, one row a setup, and what each setup's file says of itself."""
    found = differing(material, setups)
    links = [Cell(material.titles[setup].removeprefix("NVIDIA "), setup=setup) for setup in setups]
    figures = material.architectures["setup"].value_counts()
    records = [_record(material, setup) for setup in setups]
    notes = [" ".join(str(record[name]) for name in _NOTES if record[name]) for record in records]
    return Sheet(
        title="What else differs between these setups",
        lead=(
            "As their files record it; conditions that are alike in all are left out. A difference in energy may be "
            "due to any of these. A model is an architecture at one input size."
        ),
        columns=("Setup", "Models", *found),
        rows=tuple(
            (
                link,
                Cell(f"{int(figures.get(setup, 0)):,}", number=True),
                *(Cell(values[place]) for values in found.values()),
            )
            for place, (setup, link) in enumerate(zip(setups, links, strict=True))
        ),
        notes=tuple((link, note) for link, note in zip(links, notes, strict=True) if note),
    )


def memory_layouts(material: Material, before: str, after: str) -> tuple[str, str] | None:
    """Return the memory layouts of two setups where both are recorded and differ."""
    one, other = (_record(material, setup)["memory_format"] for setup in (before, after))
    if not one or not other or one == other:
        return None
    return one.replace("_", "-"), other.replace("_", "-")


def _listed(names: Sequence[str]) -> str:
    return listed([_CONDITIONS[name][0] for name in names])


def _record(material: Material, setup: str) -> dict[str, Any]:
    (row,) = material.setups.loc[[setup]].to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}
