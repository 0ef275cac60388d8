"""The findings' pages: what they say, link to and hold."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from builder.charts.figures import batch_size
from builder.charts.figures.material import Material, load_material
from builder.pages.drawing import drawing
from builder.pages.finding import Finding, Findings, load_findings
from builder.pages.finding_text.growth import diminishing_returns
from builder.pages.finding_text.setups import from_card_to_card, precision_or_compiler
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
    "precision-or-compiler",
    "from-card-to-card",
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
def material(told: Atlas) -> Material:
    return load_material(told.connection)


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


def read_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


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


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_under_207_mwh_stands_what_it_is_without_figures_in_doubt(
    findings: dict[str, Finding], html: dict[str, str]
) -> None:
    note = findings["diminishing-returns"].number.note
    assert plain(note) == (
        "Of the 7 vertices 1 is in doubt: gernet_m.idstcv_in1k at 224 px. Without the figures in doubt the same recipe "
        "has 6 vertices and gives 145 MWh, give or take 7.7 powers of ten; the best within 10 mJ has 80.1 % instead of "
        "80.7 %."
    )
    assert f'<dd class="note-on">{note}</dd>' in html["findings/diminishing-returns.html"]


def test_without_doubts_nothing_stands_under_the_number(material: Material) -> None:
    sound = replace(material, rows=material.rows.assign(in_doubt=None))
    assert diminishing_returns(sound).number.note == ""


def test_the_best_predictor_s_lead_is_said_with_its_interval(findings: dict[str, Finding]) -> None:
    assert findings["what-predicts-energy"].sentences[0] == (
        "On the A100 with TensorRT MACs go with energy by r = 0.88, against 0.84 for activations and 0.70 for "
        "parameters; their lead over activations is -0.05 to +0.12 over resampled models, so which of the two is first "
        "cannot be told."
    )


def test_the_naive_estimate_says_the_largest_factor_of_both_runtimes(findings: dict[str, Finding]) -> None:
    assert (
        findings["naive-estimate"]
        .sentences[0]
        .endswith(
            "it goes up to 27 times with PyTorch and to 129 with TensorRT "
            "(to 49 without the models with lambda layers)."
        )
    )


def test_models_that_take_more_with_tensorrt_are_counted_on_both_gpus(findings: dict[str, Finding]) -> None:
    assert (
        findings["pytorch-against-tensorrt"]
        .sentences[0]
        .endswith("With TensorRT 5 on the A100 and 6 on the H100 take more; the audit doubts 2 of these.")
    )


def test_batch_sizes_are_compared_over_models_that_are_named(material: Material, findings: dict[str, Finding]) -> None:
    batch = batch_size.common_batch(material)
    assert batch is not None
    tried, others = batch_size.tried_at(material, batch)
    models = [rows.groupby(batch_size.KEY).ngroups for rows in (tried, others)]
    told = findings["batch-size"]
    assert told.number.label.endswith(f"in the middle of the {models[0]} models tried there")
    assert f"the {models[0]} models tried there take" in told.sentences[1]
    assert f"the other {models[1]} models" in told.sentences[1]
    same = batch_size.middle(material)
    sizes = same["batch_size"].tolist()
    assert told.sentences[2].startswith(
        f"Among the {same['models'].iloc[0]} models tried at both {sizes[0]} and {sizes[-1]} the middle one is "
    )


def test_full_power_counts_the_figures_in_doubt(findings: dict[str, Finding]) -> None:
    assert findings["full-power"].sentences[2].endswith("and 55 figures the audit doubts for their power (hollow).")


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


def test_steps_between_setups_say_how_many_models_stand_behind_them(findings: dict[str, Finding]) -> None:
    for slug in ("precision-or-compiler", "from-card-to-card"):
        number, rows = findings[slug].number, read_rows(findings[slug].pictures[0].csv)
        every = {row["step"]: row for row in rows if row["class"] == "all"}
        row = every["precision" if slug == "precision-or-compiler" else list(every)[-1]]
        assert number.value == f"{float(row['geometric_mean']):.2f}×"
        assert number.label.endswith(f"geometric mean of {int(row['models']):,} models")
        assert number.interval == f"{float(row['low']):.2f} to {float(row['high']):.2f}"


def test_precision_is_said_to_mix_with_the_memory_layout(findings: dict[str, Finding]) -> None:
    first = findings["precision-or-compiler"].sentences[0]
    assert first.endswith(
        "; the memory layout changed with the precision, from contiguous to channels-last, and has its part in this."
    )


def test_from_card_to_card_says_what_else_differs(findings: dict[str, Finding]) -> None:
    assert findings["from-card-to-card"].sentences[2] == (
        "The setups differ in power limit and protocol too, and memory layout, weights, sensor, driver and version of "
        "PyTorch are not recorded for all of them, so this is what they took, not what a generation brings."
    )
    conditions = findings["from-card-to-card"].sheets[-1]
    assert [row[2].text for row in conditions.rows] == [f"{watts}\N{NO-BREAK SPACE}W" for watts in (250, 310, 700)]
    assert [link.setup for link, _ in conditions.notes] == [row[0].setup for row in conditions.rows]


def test_tables_of_movers_link_to_the_models_pages(
    html: dict[str, str], findings: dict[str, Finding], told: Atlas
) -> None:
    paths = {(model.model, model.input_size_px): model.path for model in told.catalogue.models}
    finding = findings["from-card-to-card"]
    moved, scored, _ = finding.sheets
    for sheet, where in ((moved, "in energy"), (scored, "in the default score")):
        assert sheet.title.endswith(f" models change rank {where} by more than noise explains")
        places = [abs(int(row[6].text.replace("\N{MINUS SIGN}", "-"))) for row in sheet.rows]
        assert places == sorted(places, reverse=True)
        for row in sheet.rows:
            assert row[0].model
            assert f'<a href="../{paths[row[0].model]}">{row[0].text}</a>' in html[finding.path]
            low, high = (int(end.replace("\N{MINUS SIGN}", "-")) for end in row[7].text.split(" to "))
            assert low > 0 or high < 0


def test_a_table_without_movers_says_so_and_has_no_rows(material: Material) -> None:
    rows = material.architectures
    old = rows[rows["setup"] == "a100-pcie-40gb_pytorch_fp32"]
    same = old.assign(setup="h100-pcie-80gb_pytorch_fp32", gpu="h100-pcie-80gb")
    text = from_card_to_card(replace(material, architectures=pd.concat([old, same], ignore_index=True)))
    assert text
    assert text.sheets[0].title == (
        "From the A100 to the H100, no model changes rank in energy by more than noise explains"
    )
    assert text.sheets[0].rows == ()
    assert text.sentences[1] == "No class of architectures can be told from another at any of these steps."


def test_the_share_of_precision_is_told_over_the_models_of_the_whole_ladder(material: Material) -> None:
    fp16, compiled = "h200-sxm-141gb_pytorch_fp16", "h200-sxm-141gb_torchcompile_fp16"
    rows = material.architectures[material.architectures["setup"] != compiled]
    # Each as much below its FP16 figure as that is below its FP32 figure: half of the saving is precision's.
    fp32 = rows[rows["setup"] == "h200-sxm-141gb_pytorch_fp32"].set_index(["architecture", "input_size_px"])[
        "energy_mj"
    ]
    twelve = rows[rows["setup"] == fp16].head(12).set_index(["architecture", "input_size_px"])
    twelve = twelve.assign(setup=compiled, runtime="torchcompile", energy_mj=twelve["energy_mj"] ** 2 / fp32)
    setups = pd.concat([material.setups, material.setups.loc[[fp16]].rename(index={fp16: compiled})])
    text = precision_or_compiler(
        replace(
            material,
            architectures=pd.concat([rows, twelve.reset_index()], ignore_index=True),
            setups=setups,
            titles={**material.titles, compiled: "Compiled"},
        )
    )
    assert text
    assert text.sentences[1].endswith(
        "; of the whole saving 50 % is precision’s (95 %: 50 to 50 %), in logarithms over the 12 models that have all "
        "three."
    )
    assert text.sheets[0].title.startswith("From FP32 to compiled FP16, ")


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
