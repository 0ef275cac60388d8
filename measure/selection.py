"""From models.csv and what the user named to the models to measure, in an order that any stop leaves useful."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from builder.problems import UserError
from builder.tables.schema import MODELS
from measure.workload import ModelSpec

# Multiply-accumulates per parameter at 224 px, where no counter's result is known: resnet50 0.16, vit_base 0.20.
_MACS_PER_PARAMETER = 0.2
_REFERENCE_SIZE_PX = 224


@dataclass(frozen=True)
class Candidate:
    """A model that could be measured.

    Attributes:
        spec: The model.
        macs_g: Multiply-accumulates of one item, in billions; an estimate where models.csv has none.
        default_size: Whether the input size is its architecture's usual one.
        kind: Class of the architecture in architectures.csv; "" where no pattern matches.
    """

    spec: ModelSpec
    macs_g: float
    default_size: bool
    kind: str


def read_candidates(models_csv: Path, weights: str) -> tuple[Candidate, ...]:
    """Read the models of models.csv: architectures with random weights, else every tag.

    The usual input size of an architecture is the one that most of its tags have, the smallest of these on a tie.

    Raises:
        UserError: The file is missing.
    """
    if not models_csv.exists():
        msg = f"{models_csv} is missing.\n  fix: run in a checkout of the project, or name its folder with --data."
        raise UserError(msg)
    with models_csv.open(newline="") as file:
        rows = [{name: row[name] for name in MODELS.header} for row in csv.DictReader(file)]
    sizes: dict[str, Counter[int]] = defaultdict(Counter)
    macs: dict[ModelSpec, float] = {}
    for row in rows:
        size = int(row["input_size_px"])
        architecture = row["model"].split(".")[0]
        sizes[architecture][size] += 1
        spec = ModelSpec(architecture if weights == "random" else row["model"], size)
        macs[spec] = max(macs.get(spec, 0.0), _macs_g(row))
    kinds = _classes(models_csv.with_name("architectures.csv"), sizes)
    return tuple(
        Candidate(spec, macs_g, spec.input_size_px == usual_size(sizes[architecture]), kinds[architecture])
        for spec, macs_g in macs.items()
        for architecture in [spec.model.split(".")[0]]
    )


def usual_size(counts: Counter[int]) -> int:
    """Return the size that occurs most often, the smallest of these on a tie."""
    most = max(counts.values())
    return min(size for size, count in counts.items() if count == most)


def select(candidates: Iterable[Candidate], patterns: Sequence[str], sizes: str) -> list[ModelSpec]:
    """Return the models that any pattern names: in each class fast ones first, all classes at the same pace.

    Whenever a campaign stops, it then holds the fastest share of every class.

    Args:
        candidates: From `read_candidates`.
        patterns: Names or globs, each perhaps with @SIZE behind it; none means all.
        sizes: default: each architecture's usual input size; all; other: all but the usual one. A pattern with a size
            overrules it.

    Raises:
        UserError: A pattern names no model.
    """
    candidates = list(candidates)
    chosen: dict[ModelSpec, Candidate] = {}
    for pattern in patterns or ("*",):
        glob, _, size = pattern.partition("@")
        named = [candidate for candidate in candidates if fnmatchcase(candidate.spec.model, glob)]
        if size:
            found = [candidate for candidate in named if str(candidate.spec.input_size_px) == size]
        else:
            found = [
                candidate for candidate in named if sizes == "all" or candidate.default_size == (sizes == "default")
            ]
        if not found and patterns:
            msg = (
                f"{pattern!r} names no model{' at this size' if named else ''}.\n"
                "  expected: a name or glob of models.csv such as resnet50, 'vit_*' or resnet50@288\n"
                "  fix: with --weights random name architectures, the part before the dot."
            )
            raise UserError(msg)
        chosen.update({candidate.spec: candidate for candidate in found})
    return _interleaved(list(chosen.values()))


def _interleaved(chosen: list[Candidate]) -> list[ModelSpec]:
    """Order models by their rank within their class over the class's size."""
    kinds: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(chosen, key=lambda candidate: (candidate.macs_g, candidate.spec)):
        kinds[candidate.kind].append(candidate)
    ranked = [
        (rank / len(members), candidate.macs_g, candidate.spec)
        for members in kinds.values()
        for rank, candidate in enumerate(members)
    ]
    return [spec for _, _, spec in sorted(ranked)]


def _classes(architectures_csv: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the class of every architecture; "" for all where the file is missing."""
    if not architectures_csv.exists():
        return dict.fromkeys(names, "")
    with architectures_csv.open(newline="") as file:
        patterns = [(re.compile(row["pattern"]), row["class"]) for row in csv.DictReader(file)]
    return {name: next((kind for pattern, kind in patterns if pattern.fullmatch(name)), "") for name in names}


def _macs_g(row: dict[str, str]) -> float:
    if row["macs_g"]:
        return float(row["macs_g"])
    scale = int(row["input_size_px"]) / _REFERENCE_SIZE_PX
    return float(row["parameters_m"]) / 1000.0 * _MACS_PER_PARAMETER * 1000.0 * scale * scale
