"""A leaderboard in hands: unit, filter, order, comparison, and the link that brings them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from builder.pages.site import build_site
from tests.browser.conftest import Pages, serving

BOARD = "tasks/storytelling/index.html"
MEDIUM = "tasks/storytelling/bard.medium.html"


@pytest.fixture(scope="module")
def mini_site(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("rated") / "site"
    build_site(mini_data, out)
    with serving(out) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, mini_site: str) -> Iterator[Pages]:
    pages = Pages(browser, mini_site)
    yield pages
    pages.close()
    assert pages.complaints == []


@pytest.fixture
def board(opened: Pages) -> Page:
    return open_board(opened)


def open_board(opened: Pages, query: str = "") -> Page:
    page = opened.open(BOARD + query, live=False)
    page.wait_for_selector("#board:not([hidden])")
    return page


def names(page: Page) -> list[str]:
    rows = page.locator("table.board tbody tr:visible")
    return [str(row.get_attribute("data-name")) for row in rows.all()]


def energies(page: Page) -> list[str]:
    return page.locator("table.board tbody tr:visible [data-mj]").all_inner_texts()


def test_a_unit_writes_every_energy_anew(board: Page) -> None:
    assert energies(board)[:3] == ["1.00", "2.00", "5.00"]
    board.select_option("[name=unit]", "j")
    assert energies(board)[:3] == ["3.60", "7.20", "18.0"]
    assert board.locator("table.board [data-unit]").inner_text() == "J per story"
    board.select_option("[name=unit]", "kwh")
    assert energies(board)[:3] == ["1.00", "2.00", "5.00"]
    assert board.locator("table.board [data-unit]").inner_text() == "kWh per million stories"


def test_rows_are_found_by_name_family_and_approach(board: Page) -> None:
    board.fill("[name=find]", "quill LARGE")
    assert names(board) == ["Quill large"]
    assert board.locator("[data-count]").inner_text() == "1 of 8 models"
    board.fill("[name=find]", "")
    board.select_option("[name=approach]", "general")
    board.select_option("[name=class]", "B")
    assert names(board) == ["Bard huge", "Bard vast"]


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("energy", "Quill nano", "Quill XL"),
        ("stars", "Quill nano", "Quill XL"),
        ("size", "Quill nano", "Bard vast"),
        ("quality", "Quill XL", "Bard vast"),
        ("name", "Bard huge", "Quill XL"),
    ],
)
def test_rows_are_ordered_and_missing_figures_stand_last(board: Page, order: str, first: str, last: str) -> None:
    board.select_option("[name=sort]", order)
    assert (names(board)[0], names(board)[-1]) == (first, last)
    assert len(names(board)) == 8


def test_two_models_are_compared_in_a_sentence(board: Page) -> None:
    said = board.locator("[data-compared]")
    assert said.inner_text() == "Quill nano uses 99.0\xa0% less energy than Bard vast."
    board.select_option("[name=b]", "inkwell--quill-large")
    assert said.inner_text() == "Quill nano uses 80\xa0% less energy than Quill large."
    board.select_option("[name=a]", "bard.small")
    assert said.inner_text() == "Bard small uses 1.6 times the energy of Quill large."
    board.select_option("[name=a]", "inkwell--quill-large")
    assert said.inner_text() == "Choose two models."


def test_a_link_brings_the_view_back(opened: Pages, board: Page) -> None:
    board.select_option("[name=unit]", "j")
    board.select_option("[name=sort]", "size")
    board.fill("[name=find]", "bard")
    board.select_option("[name=a]", "bard.huge")
    query = board.url.partition("?")[2]
    assert query == "unit=j&find=bard&sort=size&a=bard.huge"
    again = open_board(opened, f"?{query}")
    assert (names(again), energies(again)) == (names(board), energies(board))
    assert again.locator("[data-compared]").inner_text() == "Bard huge uses 50\xa0% less energy than Bard vast."


def test_a_link_that_says_what_cannot_be_is_left_out(opened: Pages) -> None:
    page = open_board(opened, "?unit=ergs&sort=luck&class=Z&a=nobody")
    assert len(names(page)) == 8
    assert energies(page)[0] == "1.00"


@pytest.mark.parametrize(
    "path", ["tasks/index.html", BOARD, "tasks/storytelling/bard.medium.html", "tasks/choices.html"]
)
def test_no_page_is_wider_than_a_phone(opened: Pages, path: str) -> None:
    page = opened.open(path, width=360, live=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("dark", [False, True])
def test_the_label_shown_is_of_the_page_s_theme(opened: Pages, dark: bool) -> None:
    page = opened.open(MEDIUM, live=False, color_scheme="dark" if dark else "light")
    (shown,) = page.locator(".label img:visible").all()
    assert str(shown.get_attribute("src")).endswith("_label-dark.svg" if dark else "_label-light.svg")


def test_without_scripts_the_table_stands_and_the_controls_do_not(opened: Pages) -> None:
    page = opened.open(BOARD, live=False, java_script_enabled=False)
    assert names(page)[:2] == ["Quill nano", "Quill base"]
    assert not page.locator("#board").is_visible()
