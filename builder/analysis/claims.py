"""The paper's printed numbers, from claims.toml, into verdicts: does the published data give them?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from builder.analysis.study import load_study, study_numbers

CLAIMS = Path(__file__).with_name("claims.toml")
# A number is near within this share of what is printed, unless its claim says otherwise.
NEAR = 0.10

# In a `why`: the key of a number, and how it is written.
_NUMBER = re.compile(r"\{([\w.]+):([^}]+)\}")

Verdict = Literal["reproduced", "near", "not reproduced", "not testable"]
VERDICTS: tuple[Verdict, ...] = ("reproduced", "near", "not reproduced", "not testable")


@dataclass(frozen=True)
class Claim:
    """A quantitative statement of the paper.

    Attributes:
        key: Name in URLs.
        where: Figure, table or section.
        statement: What the paper says, in our words.
        expression: What is computed from which figures.
        verdict: What we found.
        why: What a reader must know about the difference, or about the number; `{key:.3g}` stands for a number.
        quantity: Key of the number among `study_numbers`; None where nothing published gives it.
        printed: The paper's number.
        unit: Behind the number.
        decades: Key of how many powers of ten its 95 % interval reaches to each side; None without one.
        tolerance: Within it of the printed number, a value reproduces it.
        near: Within it of the printed number, a value is near; a tenth of it by default.
    """

    key: str
    where: str
    statement: str
    expression: str
    verdict: Verdict
    why: str = ""
    quantity: str | None = None
    decades: str | None = None
    printed: float = 0.0
    unit: str = ""
    tolerance: float = 0.0
    near: float | None = None


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with what the data give now.

    Attributes:
        claim: As claims.toml has it.
        value: Recomputed; None where nothing published gives it.
        verdict: Recomputed.
        why: The claim's, with its numbers recomputed.
        decades: How many powers of ten the value's 95 % interval reaches to each side; None without one.
    """

    claim: Claim
    value: float | None
    verdict: Verdict
    why: str = ""
    decades: float | None = None

    @property
    def stands(self) -> bool:
        """Whether the verdict is still the one that claims.toml gives."""
        return self.verdict == self.claim.verdict


def read_claims(path: Path = CLAIMS) -> tuple[Claim, ...]:
    """Return the claims of a file, in its order."""
    return tuple(Claim(**fields) for fields in tomllib.loads(path.read_text(encoding="utf-8"))["claim"])


def check_claims(claims: tuple[Claim, ...], numbers: Mapping[str, float]) -> tuple[CheckedClaim, ...]:
    """Return the claims with what `study_numbers` gives for them.

    Raises:
        KeyError: When a claim names a quantity that is not computed, by itself or in its `why`.
    """
    checked = []
    for claim in claims:
        value = None if claim.quantity is None else numbers[claim.quantity]
        decades = None if claim.decades is None else numbers[claim.decades]
        checked.append(CheckedClaim(claim, value, _verdict(claim, value), _filled(claim.why, numbers), decades))
    return tuple(checked)


def claims_of(connection: duckdb.DuckDBPyConnection) -> tuple[CheckedClaim, ...]:
    """Return every claim, checked against the database.

    Raises:
        LookupError: When the database lacks a setup of the study.
    """
    return check_claims(read_claims(), study_numbers(load_study(connection)))


def _filled(why: str, numbers: Mapping[str, float]) -> str:
    return _NUMBER.sub(lambda found: format(numbers[found[1]], found[2]), why)


def _verdict(claim: Claim, value: float | None) -> Verdict:
    if value is None:
        return "not testable"
    distance = abs(value - claim.printed)
    if distance <= claim.tolerance:
        return "reproduced"
    near = abs(claim.printed) * NEAR if claim.near is None else claim.near
    return "near" if distance <= near else "not reproduced"
