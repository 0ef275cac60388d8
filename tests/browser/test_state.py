from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from builder.analysis.ranking import Thresholds
from tests.browser.conftest import Pages, show
from tests.browser.explorer import (
    A100_TENSORRT,
    H100_TENSORRT,
    choose_setup,
    drawing,
    names,
    python_ranking,
    said,
    settle,
    shown_names,
    slide,
)

LINK = (
    f"?setup={H100_TENSORRT}&on=imagenet,imagenet-r&score=log_manhattan&w=30&min=50&max=45000&scale=linear"
    "&top=25&fit=yes&model=resnet50.a1_in1k@224&colour=family&view=0,6000,40.5,80"
)


def _query(page: Page) -> str:
    return page.url.partition("?")[2]


def test_a_link_brings_its_view_back(pages: Pages) -> None:
    page = pages.open("index.html" + LINK)
    expected = python_ranking(
        H100_TENSORRT, "log_manhattan", 30, Thresholds(50, 45_000), test_sets=("imagenet", "imagenet-r"), top=25
    )
    assert shown_names(page) == names(expected)
    assert said(page, "refused") == ""
    other = pages.open("index.html" + LINK)
    assert drawing(other, "models") == drawing(page, "models")
    assert drawing(other, "overlay") == drawing(page, "overlay")


def test_the_url_says_what_differs_from_the_first_view(explorer: Page) -> None:
    assert _query(explorer) == ""
    slide(explorer, "w", 60)
    slide(explorer, "max", 100)
    choose_setup(explorer, A100_TENSORRT)
    explorer.check('input[name="on"][value="imagenet-a"]')
    explorer.uncheck('input[name="front"]')
    assert _query(explorer) == f"setup={A100_TENSORRT}&w=60&max=none&on=imagenet,imagenet-a&front=no"
    explorer.click("[data-reset]")
    settle(explorer)
    assert _query(explorer) == ""
    assert shown_names(explorer) == names(python_ranking())


def test_a_slider_leaves_one_entry_in_the_history(pages: Pages) -> None:
    # A page of its own: browsers count no more than 50 entries.
    explorer = pages.open()
    before = explorer.evaluate("history.length")
    for w in range(10, 60, 5):
        slide(explorer, "w", w)
    assert (_query(explorer), explorer.evaluate("history.length")) == ("w=55", before + 1)
    slide(explorer, "min", 70)
    slide(explorer, "min", 60)
    assert (_query(explorer), explorer.evaluate("history.length")) == ("w=55&min=60", before + 2)
    explorer.go_back()
    settle(explorer)
    assert (_query(explorer), said(explorer, "w"), said(explorer, "min")) == ("w=55", "55 %", "at least 80 %")
    # Moved once more after going back: an entry of its own.
    slide(explorer, "w", 20)
    explorer.go_back()
    assert _query(explorer) == "w=55"


def test_a_choice_from_the_search_is_one_entry(pages: Pages) -> None:
    explorer = pages.open()
    before = explorer.evaluate("history.length")
    explorer.fill("#find", "resnet50.a1_in1k")
    explorer.locator("#suggestions li").first.wait_for()
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("Enter")
    explorer.wait_for_function("() => location.search.startsWith('?model=resnet50.a1_in1k')")
    assert explorer.evaluate("history.length") == before + 1


def test_back_and_forward_go_through_the_choices(explorer: Page) -> None:
    choose_setup(explorer, A100_TENSORRT)
    explorer.check('input[name="score"][value="per_joule"]')
    settle(explorer)
    explorer.go_back()
    explorer.wait_for_function("() => !document.querySelector('#w').disabled")
    settle(explorer)
    assert shown_names(explorer) == names(python_ranking(A100_TENSORRT))
    explorer.go_back()
    explorer.wait_for_function("() => document.querySelector('#setup').value.includes('pytorch')")
    settle(explorer)
    assert shown_names(explorer) == names(python_ranking())
    explorer.go_forward()
    explorer.go_forward()
    explorer.wait_for_function("() => document.querySelector('#w').disabled")
    settle(explorer)
    assert shown_names(explorer) == names(python_ranking(A100_TENSORRT, "per_joule"))


BROKEN = (
    "setup=z9 on=imagenet,nothing on= on=imagenet,imagenet w=500 w=x w= w=50.5 max=-1 max=0 max=300 min=200 top=7"
    " scale=cubic front=1 nonsense=1 length=3 class=cnn,snn class= family=Nobody since=1066 until=1066 colour=red"
    " minparams=few maxsize=-3 unflagged=1 model=nobody@224 model=resnet50 view=1,2,3 view=2,1,50,60 view=0,10,50,60"
)


@pytest.mark.parametrize("broken", BROKEN.split())
def test_what_a_link_gets_wrong_is_left_out_with_a_word(explorer: Page, broken: str) -> None:
    show(explorer, f"?{broken}")
    assert said(explorer, "refused") == f"The link asks for {broken}, which is not known here and was left out."
    assert shown_names(explorer) == names(python_ranking())


@pytest.mark.parametrize("width", [1440, 390])
def test_the_word_about_a_link_stands_where_readers_begin(pages: Pages, width: int) -> None:
    page = pages.open("index.html?w=150", width=width)
    assert said(page, "refused") == "The link asks for w=150, which is not known here and was left out."
    expect(page.locator('[data-say="refused"]')).to_be_in_viewport(ratio=1)


def test_what_other_sites_append_to_a_link_is_passed_over(explorer: Page) -> None:
    show(explorer, "?fbclid=x1&w=60&utm_source=letter&gclid=7")
    assert (said(explorer, "refused"), said(explorer, "w")) == ("", "60 %")


@pytest.mark.parametrize("query", ["score=per_joule", "min=95&max=20", f"setup={H100_TENSORRT}", "score=log_manhattan"])
def test_a_link_gives_the_strip_that_its_controls_give(pages: Pages, explorer: Page, query: str) -> None:
    show(explorer, f"?{query}")
    strip = "() => document.querySelector('[data-winners]').innerHTML"
    assert pages.open(f"index.html?{query}").evaluate(strip) == explorer.evaluate(strip)


def test_the_link_of_what_is_shown_is_copied(pages: Pages) -> None:
    page = pages.open(permissions=["clipboard-read", "clipboard-write"])
    slide(page, "w", 61)
    page.check('input[name="fit"]')
    page.click("[data-copy]")
    page.wait_for_function("() => document.querySelector('[data-say=copied]').textContent !== ''")
    assert said(page, "copied") == "Link copied."
    assert page.evaluate("navigator.clipboard.readText()") == f"{pages.site}index.html?w=61&fit=yes"


def test_a_link_that_cannot_be_copied_is_shown(pages: Pages) -> None:
    page = pages.open()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    slide(page, "w", 61)
    page.click("[data-copy]")
    page.wait_for_function("() => document.querySelector('[data-say=copied]').textContent !== ''")
    assert said(page, "copied") == f"The browser does not let us copy. The link: {pages.site}index.html?w=61"


def test_what_a_link_has_twice_counts_once_with_a_word(explorer: Page) -> None:
    show(explorer, "?on=imagenet-r&w=30&on=imagenet&w=40&nonsense=1")
    assert said(explorer, "refused") == (
        "The link asks for nonsense=1, which is not known here and was left out. "
        "The link has on, w more than once: the first one counts."
    )
    assert (said(explorer, "accuracy"), said(explorer, "w")) == ("Top-1 accuracy on ImageNet-R", "30 %")


def test_a_word_in_a_link_stays_a_word(pages: Pages) -> None:
    page = pages.open("index.html?find=<img src=x onerror=alert(1)>&<b>=1")
    assert page.input_value("#find") == "<img src=x onerror=alert(1)>"
    assert page.locator("main img").count() == 0
    assert said(page, "refused") == "The link asks for <b>=1, which is not known here and was left out."
