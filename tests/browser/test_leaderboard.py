"""A leaderboard in hands: unit, filter, order, comparison, and the link that brings them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from builder.pages.site import SiteReport
from tests.browser.conftest import Pages, serving

BOARD = "tasks/storytelling/index.html"
MEDIUM = "tasks/storytelling/bard.medium.html"


@pytest.fixture(scope="module")
def mini_site(built: tuple[Path, SiteReport]) -> Iterator[str]:
    with serving(built[0]) as address:
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


def sort_by(page: Page, key: str) -> None:
    page.locator(f'table.board th[data-key="{key}"] button').click()


def said_order(page: Page) -> list[tuple[str | None, str | None]]:
    headers = page.locator("table.board th[aria-sort]").all()
    return [(header.get_attribute("data-key"), header.get_attribute("aria-sort")) for header in headers]


@pytest.mark.parametrize(
    ("key", "way", "ends", "turned"),
    [
        ("name", "ascending", ("Bard huge", "Quill XL"), "Quill XL"),
        ("stars", "descending", ("Quill nano", "Quill XL"), "Bard medium"),
        ("interval", "ascending", ("Quill nano", "Quill XL"), "Quill nano"),
        ("factor", "descending", ("Quill nano", "Quill XL"), "Bard small"),
        ("size", "ascending", ("Quill nano", "Bard vast"), "Bard vast"),
        ("class", "ascending", ("Quill nano", "Bard vast"), "Bard huge"),
        ("approach", "ascending", ("Bard small", "Quill XL"), "Quill nano"),
        ("quality", "descending", ("Quill XL", "Bard vast"), "Quill nano"),
    ],
)
def test_headers_sort_and_missing_figures_stand_last(
    board: Page, key: str, way: str, ends: tuple[str, str], turned: str
) -> None:
    sort_by(board, key)
    assert said_order(board) == [(key, way)]
    assert (names(board)[0], names(board)[-1]) == ends
    assert len(names(board)) == 8
    sort_by(board, key)
    assert said_order(board) == [(key, "descending" if way == "ascending" else "ascending")]
    assert names(board)[0] == turned


def test_a_board_says_from_the_start_how_it_is_sorted(board: Page) -> None:
    assert said_order(board) == [("energy", "ascending")]
    sort_by(board, "energy")
    assert (names(board)[0], names(board)[-1]) == ("Bard vast", "Quill XL")


def test_headers_are_reached_and_pressed_by_keyboard(board: Page) -> None:
    board.locator('table.board th[data-key="name"] button').focus()
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    assert said_order(board) == [("energy", "descending")]
    board.keyboard.press("Space")
    assert said_order(board) == [("energy", "ascending")]


def test_two_models_are_compared_in_a_sentence(board: Page) -> None:
    said = board.locator("[data-compared]")
    assert said.inner_text() == (
        "Quill nano uses 99.0\xa0% less energy than Bard vast, but a single run leaves open how sure that is."
    )
    board.select_option("[name=b]", "inkwell--quill-large")
    assert said.inner_text() == "Quill nano uses 80\xa0% less energy than Quill large."
    board.select_option("[name=a]", "bard.small")
    assert said.inner_text() == "Bard small uses 1.6 times the energy of Quill large."
    board.select_option("[name=a]", "inkwell--quill-large")
    assert said.inner_text() == "Choose two models."


def test_a_link_brings_the_view_back(opened: Pages, board: Page) -> None:
    board.select_option("[name=unit]", "j")
    sort_by(board, "size")
    sort_by(board, "size")
    board.fill("[name=find]", "bard")
    board.select_option("[name=a]", "bard.huge")
    query = board.url.partition("?")[2]
    assert query == "unit=j&find=bard&sort=size&order=down&a=bard.huge"
    again = open_board(opened, f"?{query}")
    assert (names(again), energies(again)) == (names(board), energies(board))
    assert again.locator("[data-compared]").inner_text() == (
        "Bard huge uses 50\xa0% less energy than Bard vast, but a single run leaves open how sure that is."
    )


def test_all_models_stand_in_one_table_that_sorts_and_filters(opened: Pages) -> None:
    page = opened.open("tasks/all.html", live=False)
    page.wait_for_selector("#board:not([hidden])")
    assert names(page)[:2] == ["Quill nano", "Quill base"]
    page.select_option("[name=unit]", "j")
    page.fill("[name=find]", "bard")
    sort_by(page, "size")
    sort_by(page, "size")
    assert (names(page)[0], energies(page)[0]) == ("Bard vast", "360")
    assert page.url.partition("?")[2] == "unit=j&find=bard&sort=size&order=down"


def test_a_link_that_says_what_cannot_be_is_left_out(opened: Pages) -> None:
    page = open_board(opened, "?unit=ergs&sort=luck&order=sideways&class=Z&a=nobody")
    assert len(names(page)) == 8
    assert energies(page)[0] == "1.00"


@pytest.mark.parametrize(
    "path", ["tasks/index.html", BOARD, MEDIUM, "tasks/choices.html", "tasks/all.html", "tasks/general.html"]
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
    assert page.locator("table.board button").count() == 0
