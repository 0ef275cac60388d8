"""From a campaign to the TOML file beside its rows: who, when, on what, how."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.problems import UserError
from builder.tables.schema import PROVENANCE
from measure.protocol import protocol_named
from measure.workload import WorkloadOptions

_RUNTIME_TITLES = {"pytorch": "PyTorch", "torchcompile": "torch.compile", "tensorrt": "TensorRT"}
_PRECISION_TITLES = {"fp32": "FP32", "fp32strict": "strict FP32", "fp16": "FP16", "bf16": "BF16"}
_PRECISION_NOTES = {
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
        "title": f"{here.gpu_title}, {_RUNTIME_TITLES[options.runtime]}, {_PRECISION_TITLES[options.precision]}",
        "gpu": here.gpu,
        "runtime": options.runtime,
        "precision": options.precision,
        "precision_note": _PRECISION_NOTES[options.precision],
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
    return content if earlier is None else _joined(earlier, content)


def read_provenance(path: Path) -> dict[str, Any] | None:
    """Read a provenance file; None where there is none."""
    return tomllib.loads(path.read_text()) if path.exists() else None


def write_provenance(path: Path, content: dict[str, Any]) -> None:
    """Write a provenance file in one step, in the order of the schema."""
    lines = []
    for table in PROVENANCE:
        values = content if table == "" else content.get(table, {})
        order = [column.name for column in PROVENANCE[table]] or sorted(values)
        known = [(name, values[name]) for name in order if values.get(name, "") != ""]
        if table and known:
            lines += ["", f"[{table}]"]
        lines += [f"{name} = {_toml(value)}" for name, value in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(path)


def _joined(earlier: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    different = [name for name in _MUST_AGREE if earlier.get(name) != content[name]]
    if different:
        seen = ", ".join(f"{name} = {earlier.get(name)!r}, now {content[name]!r}" for name in different)
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


def _both(earlier: str, now: str) -> str:
    """Return both values where they differ: rows of a file may come from several days."""
    known = [value for value in earlier.split(", ") if value]
    return ", ".join(known if now in known else [*known, now])


def _toml(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f"{value:g}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
