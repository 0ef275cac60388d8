from __future__ import annotations

import gzip

import numpy as np
import pytest
from playwright.sync_api import Page, Response

from builder.pages import format as fmt
from tests.browser.conftest import SITE, Pages
from tests.browser.explorer import said, shown_rows

# The paper's score on A100 PyTorch, W = 50, accuracy at least 80 %, energy at most 1 J.
FIRST_RANKING = [
    ["1", "convformer_b36.sail_in22k_ft_in1k", "224 px", "86.98", "495.5", "93.08"],
    ["2", "caformer_b36.sail_in22k_ft_in1k", "224 px", "87.44", "809.5", "93.05"],
    ["3", "coatnet_2_rw_224.sw_in12k_ft_in1k", "224 px", "86.58", "399.5", "92.96"],
    ["4", "coatnet_rmlp_2_rw_224.sw_in12k_ft_in1k", "224 px", "86.54", "405.7", "92.94"],
    ["5", "hgnetv2_b6.ssld_stage2_ft_in1k", "224 px", "86.21", "287.6", "92.87"],
    ["6", "caformer_m36.sail_in22k_ft_in1k", "224 px", "86.61", "541.8", "92.86"],
    ["7", "convnextv2_base.fcmae_ft_in22k_in1k", "224 px", "86.75", "672.5", "92.82"],
    ["8", "hgnetv2_b6.ssld_stage1_in22k_in1k", "224 px", "86.05", "287.4", "92.79"],
    ["9", "hgnetv2_b6.ssld_stage2_ft_in1k", "288 px", "86.38", "500.5", "92.78"],
    ["10", "vit_mediumd_patch16_reg4_gap_256.sbb2_e200_in12k_ft_in1k", "256 px", "86.60", "637.7", "92.78"],
]
FIRST_VIEW_BYTES = 400_000
FIRST_PICTURE_BYTES = 80_000


def test_the_first_ranking_is_the_papers(explorer: Page) -> None:
    assert shown_rows(explorer) == FIRST_RANKING
    assert said(explorer, "eligible") == "751 of 1,435 models are within the limits."


def test_without_scripts_picture_ranking_and_links_stand(pages: Pages) -> None:
    page = pages.open(java_script_enabled=False)
    assert page.locator(".picture-wide svg").is_visible()
    assert page.locator(".picture-wide use").count() > 1_400
    assert shown_rows(page) == FIRST_RANKING
    links = page.locator(".ranking tbody a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert len(links) == 10
    assert [link for link in links if not (SITE / link).is_file()] == []
    note = page.locator("form noscript").text_content() or ""
    assert "The controls need JavaScript." in note


def test_pages_and_scripts_round_alike(explorer: Page) -> None:
    halves = [sign * (whole + part) for sign in (1, -1) for whole in (0, 62, 89) for part in (0.125, 0.25, 0.5, 0.0625)]
    random = np.random.default_rng(6)
    values = [*halves, 1.005, 99.95, 999.5, 1345.0, 1e6, *(10 ** random.uniform(-3, 7, 400)).tolist()]
    written = explorer.evaluate(
        """async (values) => {
            const { energy, fixed, number, percent } = await import("./static/js/format.js");
            return values.map((one) => [
                fixed(one, 1), fixed(one, 2), number(one), number(one, 4), percent(one), energy(Math.abs(one)),
            ]);
        }""",
        values,
    )
    expected = [
        [fmt.fixed(v, 1), fmt.fixed(v, 2), fmt.number(v), fmt.number(v, 4), fmt.percent(v), fmt.energy(abs(v))]
        for v in values
    ]
    assert written == expected


def test_the_scripts_take_over_without_a_jump(pages: Pages) -> None:
    boxes = []
    for enabled in (False, True):
        page = pages.open(java_script_enabled=enabled)
        boxes.append([page.locator(place).bounding_box() for place in (".chart", ".ranking table", ".steps", ".key")])
    assert boxes[0] == boxes[1]


def test_nothing_shifts_while_the_page_loads(pages: Pages) -> None:
    page = pages.open(live=False)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) "
        "window.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });"
    )
    page.reload()
    page.wait_for_selector(".explorer.live")
    assert page.evaluate("window.shift") < 0.01


def test_the_first_picture_and_the_first_view_are_light(pages: Pages, site: str) -> None:
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        path = response.url.removeprefix(site).partition("?")[0]
        sizes[path] = len(gzip.compress((SITE / path).read_bytes(), 6))

    page = pages.open(live=False)
    page.on("response", weigh)
    page.reload()
    page.wait_for_selector(".explorer.live")
    before_picture = {path: size for path, size in sizes.items() if path.endswith((".html", ".css", "theme.js"))}
    assert [path for path in before_picture if path.endswith((".html", ".js"))] == ["index.html", "static/js/theme.js"]
    assert sum(before_picture.values()) <= FIRST_PICTURE_BYTES
    assert sum(sizes.values()) <= FIRST_VIEW_BYTES


def test_the_page_asks_for_every_script_at_once(pages: Pages, site: str) -> None:
    page = pages.open(live=False)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.removeprefix(site)))
    page.reload()
    page.wait_for_selector(".explorer.live")
    at_once = page.locator("link[rel=modulepreload]").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    scripts = {url for url in asked if ".js?" in url and "theme.js" not in url}
    assert scripts == set(at_once)


@pytest.mark.parametrize("width", [360, 390, 768, 1100, 1440])
def test_no_width_scrolls_sideways(pages: Pages, width: int) -> None:
    page = pages.open(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    chart = page.locator("[data-chart]").bounding_box()
    assert chart is not None
    assert chart["width"] >= 0.85 * min(width, 650)
    canvas = page.locator(".layer-models canvas").bounding_box()
    assert canvas == pytest.approx(chart, abs=1)
