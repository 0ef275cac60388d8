"""The findings' pages: what they say, link to and hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builder.pages.drawing import drawing
from builder.pages.finding import Finding, Findings, load_findings
from builder.pages.findings import claims_pages, finding_pages, findings_pages
from builder.pages.load import load_catalogue
from builder.pages.page import Atlas, Site
from builder.pages.plane import place_models
from builder.pages.render import Renderer
from builder.tables.database import build_database
from tests.pages.html import parse

ROOT = Path(__file__).parents[2]
SLUGS = [
    "diminishing-returns",
    "year-on-year",
    "what-predicts-energy",
    "input-size",
    "batch-size",
    "naive-estimate",
    "pytorch-against-tensorrt",
    "full-power",
]
pytestmark = pytest.mark.xdist_group("figures")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """The project's own data, with their findings as the other process draws them."""
    database = tmp_path_factory.mktemp("told") / "told.duckdb"
    build_database(ROOT / "data", database).close()
    with drawing() as draw, duckdb.connect(database, read_only=True) as connection:
        catalogue = load_catalogue(connection, "image_classification")
        noise = {setup.key: setup.noise.p95 for setup in catalogue.setups if setup.noise}
        findings = draw.findings(database, noise).result()
        plane, _ = place_models(catalogue)
        yield Atlas(Site("1.2.3", ()), catalogue, connection, plane, (), {}, lambda: findings)


@pytest.fixture(scope="module")
def findings(told: Atlas) -> dict[str, Finding]:
    return {finding.slug: finding for finding in told.findings().told}


@pytest.fixture(scope="module")
def html(told: Atlas) -> dict[str, str]:
    renderer = Renderer(told.site, "assets", {})
    made = [("findings.html", page) for page in findings_pages(told)]
    pages = {page.path: renderer.render(template, page).decode() for template, page in made}
    pages |= {page.path: renderer.render("findings_one.html", page).decode() for page in finding_pages(told)}
    return pages | {page.path: renderer.render("findings_claims.html", page).decode() for page in claims_pages(told)}


def test_there_is_a_page_for_each_finding_the_claims_and_an_index(html: dict[str, str]) -> None:
    assert list(html) == [
        "findings/index.html",
        *(f"findings/{slug}.html" for slug in SLUGS),
        "findings/paper.html",
    ]


def test_each_finding_has_three_sentences_a_number_and_its_interval(findings: dict[str, Finding]) -> None:
    for finding in findings.values():
        assert len(finding.sentences) == 3
        assert all(sentence.endswith(".") for sentence in finding.sentences)
        assert " to " in finding.number.interval
        low, high = (float(re.sub(r"[^\d.]", "", end)) for end in finding.number.interval.split(" to "))
        if finding.slug != "diminishing-returns":  # whose ends have different units
            assert low < float(re.sub(r"[^\d.]", "", finding.number.value)) < high


def test_the_numbers_are_the_analysis_own(findings: dict[str, Finding]) -> None:
    assert (findings["diminishing-returns"].number.value, findings["diminishing-returns"].number.interval) == (
        "207 MWh",
        "990 Wh to 43 TWh",
    )
    assert findings["what-predicts-energy"].number.value == "0.88"
    assert findings["input-size"].number.value == "0.96 %"
    assert findings["naive-estimate"].number.value == "3.11×"
    assert findings["pytorch-against-tensorrt"].number.value == "3.94×"
    assert findings["full-power"].number.value == "91.2 %"


def test_diminishing_returns_tell_what_one_vertex_more_changes(findings: dict[str, Finding]) -> None:
    told = [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in findings["diminishing-returns"].sentences]
    assert told == [
        "On the H100 with TensorRT the best of 1,405 models has 40.8 % within 1 mJ, 80.7 % within 10 mJ, 86.6 % within "
        "0.1 J, 89.2 % within 1 J and 90.1 % within 10 J of energy an image.",
        "A nested logarithm through the upper hull describes this (R² 0.998): energy grows doubly exponentially with "
        "accuracy.",
        "It does not predict: the paper’s 7 vertices put 100 % at 207 MWh, and one vertex more, which lies below 1 mJ, "
        "at 29.1 Wh (27 mWh to 31 kWh).",
    ]


def test_tensorrt_is_said_to_mix_runtime_and_precision(findings: dict[str, Finding]) -> None:
    assert "cannot say which of the two saves how much" in findings["pytorch-against-tensorrt"].sentences[1]


def test_a_page_carries_its_pictures_for_desk_and_phone(html: dict[str, str], findings: dict[str, Finding]) -> None:
    page = html["findings/diminishing-returns.html"]
    assert page.count("<svg xmlns=") == 2 * len(findings["diminishing-returns"].pictures)
    assert " style=" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_pictures_are_described(html: dict[str, str], findings: dict[str, Finding]) -> None:
    for finding in findings.values():
        labels = [
            element.attributes["aria-label"]
            for element in parse(html[finding.path]).elements
            if element.attributes.get("role") == "img"
        ]
        assert labels == [picture.description for picture in finding.pictures for _ in picture.svg]


def test_data_and_queries_that_pages_link_to_are_written(html: dict[str, str], told: Atlas) -> None:
    files = told.findings().files
    linked = set()
    for page in html.values():
        linked |= {f"findings/{name}" for name in re.findall(r'href="\.\./findings/([^"]+\.(?:csv|sql))"', page)}
    assert linked == set(files)


def test_the_written_query_runs_on_the_downloaded_database(told: Atlas) -> None:
    query = told.findings().files["findings/fig-4.sql"].decode()
    assert len(told.connection.execute(query).fetchall()) == 1405


def test_every_claim_stands_in_the_table_with_its_verdict(html: dict[str, str], told: Atlas) -> None:
    (page,) = claims_pages(told)
    claims = [claim for part in page.claims.values() for claim in part]
    for claim in claims:
        assert f'<tr id="{claim.claim.key}">' in html[page.path]
    assert sum(page.verdicts.values()) == len(claims)
    assert html[page.path].count('<td><span class="verdict') == len(claims)


def test_without_the_study_there_is_an_index_that_says_so(mini: duckdb.DuckDBPyConnection) -> None:
    catalogue = load_catalogue(mini, "image_classification")
    plane, _ = place_models(catalogue)
    assert load_findings(mini, {}) == Findings()
    atlas = Atlas(Site("1.2.3", ()), catalogue, mini, plane, (), {})
    (page,) = findings_pages(atlas)
    assert "These data do not have them" in Renderer(atlas.site, "assets", {}).render("findings.html", page).decode()
    assert list(finding_pages(atlas)) == []
    assert list(claims_pages(atlas)) == []
