"""How the explorer weighs and answers in Chromium: bytes, and the main thread's time for each event."""

from __future__ import annotations

import gzip
import shutil
import statistics

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import QUIET, SITE, serving

EVENTS = 40
SWITCHES = 10
LOADS = 5
# Copies of the setup that is shown first, each model a little off its original.
FACTORS = (1, 10, 100)
# Of a slider's event (median and 95 %), and of every other event (median), for each factor.
SLIDER_TARGETS = ("10 / 16.7 ms", "100 ms", "33 ms (95 %)")
OTHER_TARGETS = ("33 ms", "100 ms", "")

# Many times as many models in place of those that a file has: the page itself makes them.
_MANY = """(factor) => {
    const real = window.fetch;
    let seed = 1;
    const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const isFigure = (value) => typeof value === "number" && !Number.isInteger(value);
    const off = (value) => (isFigure(value) ? value * (1 + 0.02 * chance()) : value);
    const many = (column) => Array.from({ length: factor * column.length }, (_, place) =>
        place < column.length ? column[place] : off(column[place % column.length]));
    const columns = (table, length) => Object.entries(table).filter(([, column]) =>
        Array.isArray(column) && column.length === length);
    let models;
    window.fetch = async (url, ...rest) => {
        const answer = await real(url, ...rest);
        if (!url.includes("data/explorer/") || url.includes("specs.json")) return answer;
        const table = await answer.json();
        const [index, length] = [table.index, (table.index ?? table.model).length];
        for (const [name, column] of columns(table, length)) table[name] = many(column);
        if (!index) {
            models = length;
            for (const [name, column] of Object.entries(table.accuracy)) table.accuracy[name] = many(column);
        } else {
            table.index = table.index.map((_, place) => index[place % length] + models * Math.floor(place / length));
        }
        return { ok: true, json: async () => table };
    };
}"""

# Time that one event keeps the main thread: its handlers, then what they asked the next frame to do.
_EVENT = """async ([make, values]) => {
    const act = eval(make);
    const real = window.requestAnimationFrame.bind(window);
    const times = [];
    for (const value of values) {
        let spent = 0;
        window.requestAnimationFrame = (callback) => real((at) => {
            const start = performance.now();
            callback(at);
            spent += performance.now() - start;
        });
        const start = performance.now();
        act(value);
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

_SLIDE = """(value) => {
    const slider = document.querySelector('input[name="%s"]');
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""
_WHEEL = """(value) => {
    const chart = document.querySelector("[data-chart]");
    const { left, top, width, height } = chart.getBoundingClientRect();
    const place = { clientX: left + width / 2, clientY: top + height / 2 };
    const event = { deltaY: Number(value), ctrlKey: true, bubbles: true, cancelable: true, ...place };
    chart.dispatchEvent(new WheelEvent("wheel", event));
}"""
_TYPE = """(value) => {
    const field = document.querySelector("#find");
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""

Row = tuple[str, str, str]


def bench_explorer() -> list[Row]:
    """Return rows of what was measured, the value and the target."""
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        rows = _weights(browser, site) + _first_view(browser, site)
        for place, factor in enumerate(FACTORS):
            rows += _events(browser, site, place, factor)
        browser.close()
    return rows


def _weights(browser: Browser, site: str) -> list[Row]:
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


def _first_view(browser: Browser, site: str) -> list[Row]:
    pictures, lives = [], []
    for _ in range(LOADS):
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


def _events(browser: Browser, site: str, place: int, factor: int) -> list[Row]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    if factor > 1:
        page.add_init_script(f"({_MANY})({factor})")
    page.goto(f"{site}index.html")
    page.wait_for_selector(".explorer.live", timeout=60_000)
    models = (page.text_content("[data-say=eligible]") or "").split()[2]
    rows = [
        _slider(page, name, f"slider {name}, {models} models", SLIDER_TARGETS[place]) for name in ("w", "min", "max")
    ]
    if factor < FACTORS[-1]:
        rows += _others(page, models, OTHER_TARGETS[place])
    if factor == 1:
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        rows.append(("JavaScript heap", f"{heap / 1e6:,.0f} MB", "30 MB"))
    page.close()
    return rows


def _slider(page: Page, name: str, what: str, target: str) -> Row:
    first = 20 if name == "w" else 30
    values = [str(value) for value in range(first, first + EVENTS)]
    times = sorted(page.evaluate(_EVENT, [_SLIDE % name, values]))
    return f"{what}, median / 95 %", f"{statistics.median(times):.1f} / {times[int(0.95 * len(times))]:.1f} ms", target


def _others(page: Page, models: str, target: str) -> list[Row]:
    setups = page.locator("#setup option").evaluate_all("all => all.map((one) => one.value)")[:2]
    switch = [setups[place % 2] for place in range(1, SWITCHES + 1)]
    # Both are loaded first: what is measured is drawing, not the network.
    page.evaluate(_SWITCH, ["#setup", switch[:2]])
    boxes = [place % 2 == 0 for place in range(SWITCHES)]
    other = page.locator('input[name="on"]:not(:checked)').first.get_attribute("value")
    years = [str(2014 + place) for place in range(SWITCHES)]
    words = ["re", "res", "resn", "resne", "resnet", "resnet5", "resnet50", "resnet", "re", ""]
    measured = {
        "change of setup": page.evaluate(_SWITCH, ["#setup", switch]),
        "change of test set": page.evaluate(_SWITCH, [f'input[name="on"][value="{other}"]', boxes]),
        "slider of years": page.evaluate(_EVENT, [_SLIDE % "until", [*years, "2025"]]),
        "zooming": page.evaluate(_EVENT, [_WHEEL, ["-100"] * SWITCHES + ["100"] * SWITCHES]),
        "letter in the search": page.evaluate(_EVENT, [_TYPE, words]),
        "change of colour": page.evaluate(_SWITCH, ['select[name="colour"]', ["family", "year", "none", "class"] * 2]),
    }
    return [
        (f"{name}, {models} models, median", _milliseconds(statistics.median(times)), target)
        for name, times in measured.items()
    ]


def _milliseconds(value: float) -> str:
    return f"{value:,.1f} ms"
