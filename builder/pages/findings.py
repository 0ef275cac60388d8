"""Turns the findings into their pages: an index, one page a finding, and the paper's claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builder.analysis.claims import VERDICTS, CheckedClaim
from builder.pages.finding import FOLDER, Finding
from builder.pages.page import Atlas, Page, PageKind

INDEX = f"{FOLDER}/index.html"
CLAIMS = f"{FOLDER}/paper.html"


@dataclass(frozen=True, kw_only=True)
class FindingsPage(Page):
    """Fills findings.html.

    Attributes:
        findings: In the order in which the paper tells them.
        verdicts: Verdict -> claims of the paper; empty where its figures are not in the data.
        claims_path: Where they stand.
    """

    findings: tuple[Finding, ...]
    verdicts: Mapping[str, int]
    claims_path: str = CLAIMS


@dataclass(frozen=True, kw_only=True)
class FindingPage(Page):
    """Fills findings_one.html.

    Attributes:
        finding: What it tells.
        before: The finding before it.
        after: The finding after it.
        model_paths: Model and input size -> its page, for tables.
        setup_paths: Setup -> its page, for tables.
    """

    finding: Finding
    before: Finding | None
    after: Finding | None
    model_paths: Mapping[tuple[str, int], str]
    setup_paths: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ClaimsPage(Page):
    """Fills findings_claims.html.

    Attributes:
        claims: Figure, table or section of the paper -> its claims, in its order.
        verdicts: Verdict -> claims.
    """

    claims: Mapping[str, tuple[CheckedClaim, ...]]
    verdicts: Mapping[str, int]


def findings_pages(atlas: Atlas) -> Iterator[FindingsPage]:
    """Make the index."""
    yield FindingsPage(
        path=INDEX,
        title="Findings",
        description="What the figures say about accuracy and energy: one picture, one number and three sentences each.",
        section=INDEX,
        findings=atlas.findings().told,
        verdicts=_verdicts(atlas.findings().claims),
    )


def finding_pages(atlas: Atlas) -> Iterator[FindingPage]:
    """Make a page for each finding."""
    findings = atlas.findings().told
    models = {(model.model, model.input_size_px): model.path for model in atlas.catalogue.models}
    setups = {setup.key: setup.path for setup in atlas.catalogue.setups}
    for place, finding in enumerate(findings):
        yield FindingPage(
            path=finding.path,
            title=finding.title,
            description=finding.sentences[0],
            section=INDEX,
            finding=finding,
            before=findings[place - 1] if place else None,
            after=findings[place + 1] if place + 1 < len(findings) else None,
            model_paths=models,
            setup_paths=setups,
        )


def claims_pages(atlas: Atlas) -> Iterator[ClaimsPage]:
    """Make the page of claims, where the data have the paper's figures."""
    claims = atlas.findings().claims
    if not claims:
        return
    parts: dict[str, list[CheckedClaim]] = {}
    for claim in claims:
        parts.setdefault(claim.claim.where, []).append(claim)
    yield ClaimsPage(
        path=CLAIMS,
        title="What the paper says, and what its figures give",
        description="Every number of the paper, recomputed from its published figures, with a verdict.",
        section=INDEX,
        claims={where: tuple(part) for where, part in parts.items()},
        verdicts=_verdicts(claims),
    )


def _verdicts(claims: tuple[CheckedClaim, ...]) -> dict[str, int]:
    counts = Counter(claim.verdict for claim in claims)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}


FINDINGS = PageKind("findings", "findings.html", findings_pages)
FINDING = PageKind("finding", "findings_one.html", finding_pages)
FINDING_CLAIMS = PageKind("claims", "findings_claims.html", claims_pages)
