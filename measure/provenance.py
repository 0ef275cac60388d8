"""From a campaign to the TOML file beside its rows: who, when, on what, how."""

from __future__ import annotations

import csv
import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.problems import UserError
from builder.tables.columns import Column
from builder.tables.schema import GPUS, PROVENANCE, RUNTIME_TITLES
from measure.nvml import Card
from measure.protocol import protocol_named
from measure.workload import WorkloadOptions

# Of a campaign on a replayed meter.
SIMULATED_GPU = "simulated"
_PRECISION_TITLES = {"fp32": "FP32", "fp32strict": "strict FP32", "fp16": "FP16", "bf16": "BF16"}
PRECISION_NOTES = {
    "fp32": "PyTorch's defaults: TF32 in convolutions, FP32 in matrix products.",
    "fp32strict": "TF32 forbidden in convolutions and matrix products.",
    "fp16": "Weights, activations and inputs in FP16.",
    "bf16": "Weights, activations and inputs in BF16.",
}
# A file goes on with rows of the same kind alone.
_MUST_AGREE = ("gpu", "runtime", "precision", "weights", "memory_format", "protocol")


@dataclass(frozen=True)
class Surroundings:
    """The machine and the person behind a campaign.

    Attributes:
        gpu: The card's name in data/gpus.csv.
        gpu_title: The card's name in words.
        driver: Driver version.
        cuda: CUDA version of the driver.
        power_limit_w: In force.
        sensor: What read the energy.
        versions: Of the software that ran the models.
        authors: Who measured.
        url: Where the figures can be read.
        day: The campaign's day, in UTC.
    """

    gpu: str
    gpu_title: str
    driver: str
    cuda: str
    power_limit_w: float
    sensor: str
    versions: dict[str, str]
    authors: str
    url: str
    day: str


def setup_name(gpu: str, options: WorkloadOptions) -> str:
    """Return the setup's name, which is the name of its files."""
    return f"{gpu}_{options.runtime}_{options.precision}"


def surroundings(card: Card | None, data: Path, versions: dict[str, str], authors: str, url: str) -> Surroundings:
    """Return what a campaign that begins now stands in.

    Args:
        card: None for a replayed meter.
        data: The folder that holds gpus.csv.
        versions: Of the software that runs the models.
        authors: Who measures.
        url: Where the figures can be read.
    """
    return Surroundings(
        gpu=card.slug if card else SIMULATED_GPU,
        gpu_title=_gpu_title(data / GPUS.path, card) if card else "Simulated GPU",
        driver=card.driver if card else "none",
        cuda=card.cuda if card else "none",
        power_limit_w=card.power_limit_w if card else 1.0,
        sensor="NVML total energy counter" if card else "replay meter",
        versions=versions,
        authors=authors,
        url=url,
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )


def setup_title(here: Surroundings, runtime: str, precision: str) -> str:
    """Return the setup's name in words."""
    return f"{here.gpu_title}, {RUNTIME_TITLES[runtime]}, {_PRECISION_TITLES[precision]}"


def provenance(
    here: Surroundings, options: WorkloadOptions, protocol: str, final_trials: int, earlier: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the provenance of a setup's file, joined with that of the rows that it holds.

    Raises:
        UserError: The earlier rows were measured in another way.
    """
    rules = protocol_named(protocol)
    note = rules.note
    if final_trials and final_trials != rules.final_trials:
        note += f" Final trials here: {final_trials}."
    content: dict[str, Any] = {
        "title": setup_title(here, options.runtime, options.precision),
        "gpu": here.gpu,
        "runtime": options.runtime,
        "precision": options.precision,
        "precision_note": PRECISION_NOTES[options.precision],
        "weights": options.weights,
        "memory_format": "channels_last" if options.channels_last else "contiguous",
        "protocol": protocol,
        "protocol_note": note,
        "licence": "MIT",
        "source": {
            "title": "Measured with joule-measure, on NVML's total energy counter",
            "authors": here.authors,
            "url": here.url,
        },
        "measured": {
            "first_day": here.day,
            "last_day": here.day,
            "driver": here.driver,
            "cuda": here.cuda,
            "power_limit_w": here.power_limit_w,
            "sensor": here.sensor,
            "inputs": options.inputs,
        },
        "versions": here.versions,
    }
    return content if earlier is None else joined(earlier, content, _MUST_AGREE)


def read_provenance(path: Path) -> dict[str, Any] | None:
    """Read a provenance file; None where there is none."""
    return tomllib.loads(path.read_text()) if path.exists() else None


def write_provenance(
    path: Path, content: dict[str, Any], sections: Mapping[str, Sequence[Column]] = PROVENANCE
) -> None:
    """Write a provenance file in one step, in the order of the schema's sections."""
    lines = []
    for table, columns in sections.items():
        values = content if table == "" else content.get(table, {})
        order = [column.name for column in columns] or sorted(values)
        known = [(name, values[name]) for name in order if values.get(name, "") != ""]
        if table and known:
            lines += ["", f"[{table}]"]
        lines += [f"{name} = {_toml(value)}" for name, value in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(path)


def joined(earlier: dict[str, Any], content: dict[str, Any], must_agree: Sequence[str]) -> dict[str, Any]:
    """Return the provenance of a file's rows and of those that join them.

    Args:
        earlier: Of the rows that are there.
        content: Of the rows to come.
        must_agree: Fields, at the top or of `measured`, that one file's rows share.

    Raises:
        UserError: One of these fields differs.
    """
    known, new = ({**one["measured"], **one} for one in (earlier, content))
    different = [name for name in must_agree if known.get(name) != new[name]]
    if different:
        seen = ", ".join(f"{name} = {known.get(name)!r}, now {new[name]!r}" for name in different)
        msg = (
            f"the rows there were measured in another way: {seen}.\n"
            "  fix: choose the same options, or another --output."
        )
        raise UserError(msg)
    measured = content["measured"] | {
        "first_day": min(earlier["measured"]["first_day"], content["measured"]["first_day"]),
        "last_day": max(earlier["measured"]["last_day"], content["measured"]["last_day"]),
    }
    for name in ("driver", "cuda"):
        measured[name] = _both(earlier["measured"].get(name, ""), content["measured"][name])
    versions = dict(earlier.get("versions", {}))
    for name, version in content["versions"].items():
        versions[name] = _both(versions.get(name, ""), version)
    return content | {"source": earlier["source"], "measured": measured, "versions": versions}


def _gpu_title(table: Path, card: Card) -> str:
    """Return the card's name as gpus.csv writes it, else as NVML does."""
    if not table.exists():
        return card.name
    with table.open(newline="") as file:
        return {row["gpu"]: row["title"] for row in csv.DictReader(file)}.get(card.slug, card.name)


def _both(earlier: str, now: str) -> str:
    """Return both values where they differ: rows of a file may come from several days."""
    known = [value for value in earlier.split(", ") if value]
    return ", ".join(known if not now or now in known else [*known, now])


def _toml(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f"{value:g}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
