"""How the explorer weighs and answers in Chromium: bytes, and the main thread's time for each event."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import statistics
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.conftest import QUIET, SITE, serving

EVENTS = 60
SWITCHES = 12
# Copies of the setup that is shown first, each model a little off its original.
FACTORS = (1, 10, 100)

# Time that one event keeps the main thread: its handlers, then what they asked the next frame to do.
_EVENT = """async ([name, values]) => {
    const slider = document.querySelector(`input[name="${name}"]`);
    const real = window.requestAnimationFrame.bind(window);
    const times = [];
    for (const value of values) {
        let spent = 0;
        window.requestAnimationFrame = (callback) => real((at) => {
            const start = performance.now();
            callback(at);
            spent += performance.now() - start;
        });
        slider.value = value;
        const start = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        spent += performance.now() - start;
        window.requestAnimationFrame = real;
        await new Promise((resolve) => real(() => real(resolve)));
        times.push(spent);
    }
    return times;
}"""

# The same for a choice whose figures are loaded: until chart, ranking and words are drawn.
_SWITCH = """async ([selector, values]) => {
    const control = document.querySelector(selector);
    const chart = document.querySelector("[data-chart]");
    const times = [];
    for (const value of values) {
        if (control.type === "checkbox") control.checked = value;
        else control.value = value;
        const start = performance.now();
        control.dispatchEvent(new Event("change", { bubbles: true }));
        // What is loaded already is drawn within microtasks; what is not comes with a later task.
        for (let turn = 0; chart.hasAttribute("aria-busy"); turn += 1) {
            await (turn < 50 ? null : new Promise((resolve) => setTimeout(resolve)));
        }
        times.push(performance.now() - start);
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    return times;
}"""


def bench_explorer() -> list[tuple[str, str, str]]:
    """Return rows of what was measured, the value and the target."""
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        rows = _weights(browser, site) + _first_view(browser, site)
        for factor in FACTORS:
            rows += _events(browser, site, factor)
        browser.close()
    return rows


def _weights(browser: Browser, site: str) -> list[tuple[str, str, str]]:
    sizes: dict[str, int] = {}
    page = browser.new_page()
    page.on("response", lambda response: sizes.update(_weight(response.url.removeprefix(site).partition("?")[0])))
    page.goto(f"{site}index.html")
    page.wait_for_selector(".explorer.live")
    page.close()
    before = sum(size for path, size in sizes.items() if path.endswith((".html", ".css", "theme.js")))
    return [
        ("first view, gzipped", f"{sum(sizes.values()) / 1000:,.0f} kB", "400 kB"),
        ("of which before the first picture", f"{before / 1000:,.0f} kB", "80 kB"),
    ]


def _weight(path: str) -> dict[str, int]:
    # At the level of most hosts.
    return {path: len(gzip.compress((SITE / path).read_bytes(), 6))}


def _first_view(browser: Browser, site: str) -> list[tuple[str, str, str]]:
    pictures, lives = [], []
    for _ in range(7):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{site}index.html")
        page.wait_for_selector(".explorer.live")
        times = page.evaluate(
            """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime,
                      performance.getEntriesByName("explorer-live")[0].startTime]"""
        )
        pictures.append(times[0])
        lives.append(times[1])
        page.close()
    return [
        ("first picture, on loopback", _milliseconds(statistics.median(pictures)), "250 ms"),
        ("interactive, on loopback", _milliseconds(statistics.median(lives)), "450 ms"),
    ]


def _events(browser: Browser, site: str, factor: int) -> list[tuple[str, str, str]]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    if factor > 1:
        _multiply(page, factor)
    page.goto(f"{site}index.html")
    page.wait_for_selector(".explorer.live", timeout=120_000)
    models = (page.text_content("[data-say=eligible]") or "").split()[2]
    sliders = {"w": range(20, 20 + EVENTS), "min": range(30, 30 + EVENTS), "max": range(30, 30 + EVENTS)}
    targets = ("10 / 16.7 ms", "100 ms", "33 ms (95 %)")
    rows = []
    for name, values in sliders.items():
        times = sorted(page.evaluate(_EVENT, [name, [str(value) for value in values]]))
        value = f"{statistics.median(times):.1f} / {times[int(0.95 * len(times))]:.1f} ms"
        rows.append((f"slider {name}, {models} models, median / 95 %", value, targets[FACTORS.index(factor)]))
    setups = page.locator("#setup option").evaluate_all("all => all.map((one) => one.value)")[:2]
    switch = [setups[place % 2] for place in range(1, SWITCHES + 1)]
    # Both are loaded first: what is measured is drawing, not the network.
    page.evaluate(_SWITCH, ["#setup", switch[:2]])
    boxes = [place % 2 == 0 for place in range(SWITCHES)]
    box = 'input[name="on"]:not(:checked)'
    target = "33 ms" if factor == 1 else "100 ms" if factor == FACTORS[1] else ""
    for what, given in (("setup", ["#setup", switch]), ("test set", [box, boxes])):
        times = page.evaluate(_SWITCH, given)
        rows.append((f"change of {what}, {models} models, median", _milliseconds(statistics.median(times)), target))
    if factor == 1:
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        rows.append(("JavaScript heap", f"{heap / 1e6:,.0f} MB", "30 MB"))
    page.close()
    return rows


def _milliseconds(value: float) -> str:
    return f"{value:,.1f} ms"


def _multiply(page: Page, factor: int) -> None:
    """Answer requests for the explorer's data with many times as many models."""
    chance = random.Random(1)
    count = len(json.loads((SITE / "data/explorer/models.json").read_text())["model"])

    def many(value: Any, copy: int) -> Any:
        return value * (1 + 0.02 * chance.random()) if isinstance(value, float) and copy else value

    def models(route: Route) -> None:
        table = json.loads((SITE / "data/explorer/models.json").read_text())
        accuracy = table.pop("accuracy")
        columns = {name: column * factor for name, column in table.items() if name not in {"format", "test_sets"}}
        columns["accuracy"] = {
            key: [many(value, copy) for copy in range(factor) for value in column] for key, column in accuracy.items()
        }
        route.fulfill(body=json.dumps({**table, **columns}), content_type="application/json")

    def setup(route: Route) -> None:
        name = route.request.url.rpartition("/")[2].partition("?")[0]
        table = json.loads((SITE / "data/explorer" / name).read_text())
        index = table["index"]
        for key, column in table.items():
            if isinstance(column, list) and len(column) == len(index) and key != "index":
                table[key] = [many(value, copy) for copy in range(factor) for value in column]
        table["index"] = [place + copy * count for copy in range(factor) for place in index]
        route.fulfill(body=json.dumps(table), content_type="application/json")

    page.route("**/data/explorer/*_*.json*", setup)
    page.route("**/data/explorer/models.json*", models)
