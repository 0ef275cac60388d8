"""Figures in doubt, where pages stand on them: marked, counted, and said what is without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.pages.load import load_catalogue
from builder.pages.methods import MethodsPage, methods_pages
from builder.pages.page import Atlas, Site
from builder.pages.plane import place_models
from builder.pages.render import Renderer
from builder.pages.setups import SetupPage, setup_pages
from builder.tables.database import build_database
from tests.pages.html import parse

H100_PYTORCH = "h100-pcie-80gb_pytorch_fp32"
pytestmark = pytest.mark.xdist_group("atlas")


@pytest.fixture(scope="module")
def atlas() -> Iterator[Atlas]:
    """The project's own data."""
    with build_database(Path(__file__).parents[2] / "data") as connection:
        catalogue = load_catalogue(connection, "image_classification")
        plane, _ = place_models(catalogue)
        files = {setup.key: () for setup in catalogue.setups}
        yield Atlas(Site("1.2.3", ()), catalogue, connection, plane, (), files)


@pytest.fixture(scope="module")
def methods(atlas: Atlas) -> MethodsPage:
    (page,) = methods_pages(atlas)
    return page


@pytest.fixture(scope="module")
def setup_page(atlas: Atlas) -> SetupPage:
    return next(page for page in setup_pages(atlas) if page.setup.key == H100_PYTORCH)


def rendered(atlas: Atlas, template: str, page: MethodsPage | SetupPage) -> str:
    versions = {setup.cloud_path: "1" for setup in atlas.catalogue.setups}
    return Renderer(atlas.site, "assets", versions).render(template, page).decode()


def test_a_front_marks_its_models_in_doubt_and_says_how_many(atlas: Atlas, setup_page: SetupPage) -> None:
    doubted = {row.model.model for row in setup_page.front if row.in_doubt}
    assert (len(setup_page.front), len(doubted)) == (28, 8)
    assert "eva_large_patch14_196.in22k_ft_in22k_in1k" in doubted
    document = parse(rendered(atlas, "setup.html", setup_page))
    captions = [caption.text for caption in document.all("caption")]
    assert "The front: 28 models that no other model beats in both, 8 of them in doubt (⚑)." in captions
    marks = [mark for mark in document.all("span") if mark.attributes.get("class") == "flag"]
    assert len(marks) == 8
    assert all(mark.attributes["title"] for mark in marks)


def test_a_front_without_doubts_says_nothing_of_them(atlas: Atlas) -> None:
    page = next(page for page in setup_pages(atlas) if page.setup.key == "a100-pcie-40gb_pytorch_fp32")
    assert not any(row.in_doubt for row in page.front)
    assert "⚑" not in rendered(atlas, "setup.html", page)


def test_the_growth_fit_stands_with_and_without_figures_in_doubt(methods: MethodsPage) -> None:
    row = next(row for row in methods.fronts if row.setup.key == H100_PYTORCH)
    assert row.sound
    assert row.whole.fit
    assert row.sound.fit
    assert (row.whole.front, row.doubted, len(row.whole.fit.vertices)) == (28, 8, 7)
    assert (row.sound.front, len(row.sound.fit.vertices)) == (38, 13)
    assert (row.whole.fit.a, row.whole.fit.r_squared) == pytest.approx((72.11, 0.993), abs=0.005)
    assert (row.sound.fit.a, row.sound.fit.b) == pytest.approx((66.79, 12.93), abs=0.005)
    # Where no model of the front is in doubt, one line says all.
    assert {row.setup.key for row in methods.fronts if row.sound} == {
        row.setup.key for row in methods.fronts if row.doubted
    }


def test_methods_print_both_fits_and_the_rating_of_the_rules(atlas: Atlas, methods: MethodsPage) -> None:
    document = parse(rendered(atlas, "methods.html", methods))
    rows = [" ".join(row.text.replace("\N{NO-BREAK SPACE}", " ").split()) for row in document.all("tr")]
    assert any(row.endswith("28 (8 ⚑)772.119.793.080.993") for row in rows), rows
    assert any(row.startswith("without figures in doubt1,3863813") for row in rows)
    assert "Both rules, all setups64252080 %292069 %" in rows
    assert "H100 PCIe 80 GB, PyTorch, FP32, both rules43201995 %211990 %" in rows
    assert "A100 PCIe 40 GB, PyTorch, FP32, both rules500–00–" in rows
    assert "How good the rules are" in [heading.text for heading in document.all("h3")]
