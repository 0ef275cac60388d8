"""The table of all models: what the chart shows, sorted, in pages, and as files that other programs read."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SITE, Pages, show
from tests.browser.explorer import A100_PYTORCH, setup_models, slide
from tests.hostile.corpus import shown_texts

pytestmark = [pytest.mark.browser]
ALL = "?min=0&max=none"
KEYS = [
    "model",
    "input_size_px",
    "accuracy_pct",
    "energy_mj",
    "energy_low_mj",
    "energy_high_mj",
    "score",
    "class",
    "family",
    "year",
    "parameters_m",
    "throughput_items_per_s",
    "latency_ms",
    "batch_size",
    "power_w",
    "flags",
]
# What a spreadsheet takes for a formula, the full-width signs included.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def settled(page: Page) -> None:
    page.wait_for_selector("[data-model-table] table:not([aria-busy])")


def cells(page: Page) -> list[list[str]]:
    """Return the text of each cell in view."""
    rows: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll("[data-model-table] tbody tr")].map((row) =>
            [...row.cells].map((cell) => cell.textContent.trim()))"""
    )
    return rows


def said(page: Page, place: str) -> str:
    return page.locator(f'[data-table-say="{place}"]').inner_text()


def taken(page: Page, what: str) -> Path:
    """Return the file that a button gives."""
    with page.expect_download() as download:
        page.locator(f'[data-take="{what}"]').click()
    return Path(download.value.path())


@pytest.fixture
def table(explorer: Page) -> Page:
    """The explorer without limits, its table written."""
    show(explorer, ALL)
    settled(explorer)
    return explorer


def test_the_table_has_every_model_that_the_chart_shows(table: Page) -> None:
    count = len(setup_models(A100_PYTORCH).dropna())
    assert said(table, "count") == f"Models 1 to 25 of {count:,} within filters and limits."
    assert len(cells(table)) == 25
    slide(table, "min", 85)
    settled(table)
    within = (setup_models(A100_PYTORCH)["accuracy_pct"] >= 85).sum()
    said_now = f"Models 1 to 25 of {within} within filters and limits; {count - within:,} more outside the limits."
    assert said(table, "count") == said_now


def test_a_switch_adds_those_outside_the_limits_so_that_all_marks_are_in_the_table(explorer: Page) -> None:
    models = setup_models(A100_PYTORCH).dropna()
    inside = int(((models["accuracy_pct"] >= 80) & (models["energy_mj"] <= 1_000)).sum())
    settled(explorer)
    count = f"{len(models):,}"
    assert said(explorer, "count").endswith(f"; {len(models) - inside} more outside the limits.")
    explorer.check('[name="outside"]')
    settled(explorer)
    assert said(explorer, "count") == (
        f"Models 1 to 25 of {count} within the filters, {len(models) - inside} of them outside the limits."
    )
    assert explorer.url.endswith("?outside=yes")
    rows = pd.read_csv(taken(explorer, "csv"))
    assert len(rows) == len(models)
    explorer.locator('[data-model-table] th[data-key="energy_mj"] button').click()
    settled(explorer)
    assert explorer.locator("[data-model-table] tbody tr").first.get_attribute("class") == "outside"


def test_a_page_past_the_last_is_said_to_be_none(explorer: Page) -> None:
    show(explorer, "?page=999")
    settled(explorer)
    assert said(explorer, "count").startswith("There is no page 999: this is the last. Models 751 to 751 of 751 ")


def test_it_begins_with_the_best_as_the_ranking_does(table: Page) -> None:
    ranked = table.locator(".ranking tbody a").all_inner_texts()
    assert [row[0] for row in cells(table)][: len(ranked)] == ["".join(name.split()) for name in ranked]
    header = table.locator("[data-model-table] th[aria-sort]")
    assert (header.get_attribute("data-key"), header.get_attribute("aria-sort")) == ("score", "descending")


@pytest.mark.parametrize("key", KEYS)
def test_every_column_sorts_both_ways_by_its_header(table: Page, key: str) -> None:
    button = table.locator(f'[data-model-table] th[data-key="{key}"] button')
    column = KEYS.index(key)
    seen = []
    for _ in range(2):
        button.click()
        settled(table)
        header = table.locator("[data-model-table] th[aria-sort]")
        assert header.get_attribute("data-key") == key
        table.select_option('[data-model-table] [name="rows"]', "250")
        seen.append((header.get_attribute("aria-sort"), [row[column] for row in cells(table)]))
    assert {sort for sort, _ in seen} == {"ascending", "descending"}
    for sort, texts in seen:
        there = [text for text in texts if text not in {"–", ""}]
        # Those without a value come last, whichever the order.
        assert texts[: len(there)] == there
        values = [float(text.replace(",", "").replace("−", "-")) for text in there] if is_number(there) else there
        assert values == sorted(values, reverse=sort == "descending")


def is_number(texts: list[str]) -> bool:
    return all(re.fullmatch(r"−?[\d,.]+", text) for text in texts)


def test_the_keyboard_sorts_and_turns_pages(table: Page) -> None:
    table.locator('[data-model-table] th[data-key="energy_mj"] button').focus()
    table.keyboard.press("Enter")
    settled(table)
    first = cells(table)[0]
    energies = setup_models(A100_PYTORCH)["energy_mj"]
    assert float(first[3]) == pytest.approx(energies.min(), rel=1e-3)
    table.locator("[data-turn-on]").focus()
    table.keyboard.press("Space")
    settled(table)
    assert said(table, "count").startswith("Models 26 to 50 of ")
    assert table.evaluate("document.activeElement.matches('[data-turn-on]')")
    assert cells(table)[0] != first


def test_pages_end_where_the_models_do(table: Page) -> None:
    count = len(setup_models(A100_PYTORCH).dropna())
    pages = -(-count // 25)
    assert said(table, "pages") == f"of {pages}"
    back, on = table.locator("[data-turn-back]"), table.locator("[data-turn-on]")
    assert (back.get_attribute("aria-disabled"), on.get_attribute("aria-disabled")) == ("true", "false")
    table.fill('[data-model-table] [name="page"]', "9999")
    table.keyboard.press("Enter")
    settled(table)
    assert table.input_value('[data-model-table] [name="page"]') == str(pages)
    assert (back.get_attribute("aria-disabled"), on.get_attribute("aria-disabled")) == ("false", "true")
    on.press("Enter")
    settled(table)
    assert table.input_value('[data-model-table] [name="page"]') == str(pages)
    assert len(cells(table)) == count - 25 * (pages - 1)


def test_a_link_brings_order_and_page_back(table: Page) -> None:
    table.locator('[data-model-table] th[data-key="power_w"] button').click()
    table.locator("[data-turn-on]").click()
    settled(table)
    shown, query = cells(table), table.evaluate("location.search")
    assert {"sort=power_w", "page=2"} <= set(query.removeprefix("?").split("&"))
    show(table, ALL)
    settled(table)
    assert cells(table) != shown
    show(table, query)
    settled(table)
    assert cells(table) == shown


def expected_rows() -> pd.DataFrame:
    """Return what the site's files say of the setup, by model and input size."""
    database = duckdb.connect(str(SITE / "data" / "joule-atlas.duckdb"), read_only=True)
    with database:
        return database.execute(
            """
            SELECT model, input_size_px, accuracy_pct, energy_mj, class, family, year, parameters_m,
                   throughput_items_per_s, latency_ms, batch_size, energy_mj * throughput_items_per_s / 1000 AS power_w
            FROM figures
            JOIN models USING (task, model, input_size_px)
            JOIN architectures USING (task, architecture)
            JOIN accuracy USING (task, model, input_size_px)
            WHERE setup = ? AND test_set = 'imagenet' AND energy_mj IS NOT NULL
            ORDER BY model, input_size_px
            """,
            [A100_PYTORCH],
        ).df()


def compared(rows: pd.DataFrame) -> None:
    """Compare a file's rows with the database's."""
    expected = expected_rows()
    rows = rows.sort_values(["model", "input_size_px"], ignore_index=True)
    assert list(rows.columns) == KEYS
    assert rows["model"].tolist() == expected["model"].tolist()
    for name in expected.columns:
        if name in {"model", "class", "family"}:
            assert rows[name].tolist() == expected[name].tolist()
        else:
            found, wanted = (frame[name].to_numpy(np.float64, na_value=np.nan) for frame in (rows, expected))
            np.testing.assert_allclose(found, wanted, rtol=1e-6)
    assert (rows["energy_low_mj"] < rows["energy_mj"]).all()
    assert (rows["energy_high_mj"] > rows["energy_mj"]).all()


def test_the_csv_holds_all_rows_in_the_order_shown(table: Page) -> None:
    rows = pd.read_csv(taken(table, "csv"))
    compared(rows)
    assert rows["score"].is_monotonic_decreasing
    assert [*rows["model"][:25]] == [row[0] for row in cells(table)]
    assert said(table, "taken") == f"{len(rows):,} models written as CSV."


def test_the_json_says_what_its_rows_are_of(table: Page) -> None:
    found = json.loads(taken(table, "json").read_bytes())
    rows = found.pop("rows")
    assert found == {
        "source": table.url,
        "setup": A100_PYTORCH,
        "test_sets": ["imagenet"],
        "score": "manhattan",
        "score_w": 50,
    }
    compared(pd.DataFrame(rows))


def test_the_parquet_file_is_read_by_arrow_and_duckdb_alike(table: Page) -> None:
    path = taken(table, "parquet")
    arrow = pq.read_table(path)
    compared(arrow.to_pandas())
    assert {name: str(arrow.schema.field(name).type) for name in ("model", "year", "energy_mj")} == {
        "model": "string",
        "year": "int32",
        "energy_mj": "double",
    }
    assert arrow.schema.metadata[b"setup"].decode() == A100_PYTORCH
    compared(duckdb.read_parquet(str(path)).df())


def test_files_hold_what_is_within_the_limits_alone(table: Page) -> None:
    slide(table, "min", 85)
    settled(table)
    rows = pd.read_csv(taken(table, "csv"))
    assert len(rows) == (setup_models(A100_PYTORCH)["accuracy_pct"] >= 85).sum()
    assert (rows["accuracy_pct"] >= 85).all()


def run(page: Page, body: str, modules: str, *arguments: Any) -> Any:
    return page.evaluate(
        f"""async (given) => {{
            const modules = await Promise.all({modules.split()}.map((name) => import(`./static/js/${{name}}.js`)));
            const all = Object.assign({{}}, ...modules);
            {body}
        }}""",
        list(arguments),
    )


TEXTS = [*shown_texts(), "=1+1", "+1", "-1", "@x", "\t=1", '"', ",", "a\r\nb", "\uff1d1", "", " "]


def test_a_csv_keeps_hostile_texts_in_their_cells_and_starts_none_as_a_formula(explorer: Page) -> None:
    written = run(
        explorer,
        """const columns = [
            { key: "text", kind: "text", value: (row) => given[0][row] },
            { key: "number", kind: "number", value: (row) => row ? -row / 7.5 : null },
        ];
        return all.csv(columns, given[0].keys());""",
        "model_table_files",
        TEXTS,
    )
    header, *rows = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert header == ["text", "number"]
    assert len(rows) == len(TEXTS)
    for place, (row, text) in enumerate(zip(rows, TEXTS, strict=True)):
        assert row[0] in {text, f"'{text}"}
        assert not row[0].startswith(FORMULA)
        assert row[1] == "" if place == 0 else float(row[1]) == -place / 7.5


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 4_000])
def test_parquet_keeps_every_text_and_number_and_what_is_missing(explorer: Page, tmp_path: Path, count: int) -> None:
    random = np.random.default_rng(count)
    texts = [None if random.random() < 0.2 else TEXTS[index % len(TEXTS)] + "ü€😀" for index in range(count)]
    integers = [None if random.random() < 0.2 else int(random.integers(-(2**31), 2**31)) for _ in range(count)]
    numbers = [None if random.random() < 0.2 else float(random.normal() * 1e9) for _ in range(count)]
    written = run(
        explorer,
        """const [texts, integers, numbers] = given;
        return Array.from(all.parquet([
            { name: "texts", kind: "text", values: texts },
            { name: "integers", kind: "integer", values: integers },
            { name: "numbers", kind: "number", values: numbers },
        ], { ü: "noted" }));""",
        "model_table_parquet",
        texts,
        integers,
        numbers,
    )
    path = tmp_path / "table.parquet"
    path.write_bytes(bytes(written))
    table = pq.read_table(path)
    assert table.to_pydict() == {"texts": texts, "integers": integers, "numbers": numbers}
    assert table.schema.metadata["ü".encode()] == b"noted"
    rows = duckdb.read_parquet(str(path)).fetchall()
    assert rows == list(zip(texts, integers, numbers, strict=True))


def test_markdown_of_hostile_texts_has_one_row_each_and_every_sign_escaped(explorer: Page) -> None:
    written = run(
        explorer,
        "return all.markdown(['A|B', 'C'], [false, true], given[0].map((text) => [text, '1']));",
        "model_table_files",
        TEXTS,
    )
    header, line, *rows = written.removesuffix("\n").split("\n")
    assert (header, line) == (r"| A\|B | C |", "| :--- | ---: |")
    assert len(rows) == len(TEXTS)
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 3
        assert not re.search(r"(?<!\\)(?:\\\\)*[<`&]", row)


def test_what_is_in_view_is_copied_as_markdown(pages: Pages) -> None:
    page = pages.open("index.html?min=0&max=none", permissions=["clipboard-read", "clipboard-write"])
    settled(page)
    page.locator('[data-take="markdown"]').click()
    expect(page.locator('[data-table-say="taken"]')).to_have_text("The 25 models in view are in the clipboard.")
    header, line, *rows = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert header.startswith("| Model | Input, px | Accuracy, % | Energy, mJ per image |")
    assert line.count("|") == len(KEYS) + 1
    assert len(rows) == 25
    assert rows[0].replace("\\", "").split(" | ")[0] == f"| {cells(page)[0][0]}"


def test_where_the_clipboard_is_closed_the_text_is_there_to_copy(pages: Pages) -> None:
    page = pages.open("index.html?min=0&max=none")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); }")
    settled(page)
    page.locator('[data-take="markdown"]').click()
    area = page.locator("[data-model-table] textarea")
    expect(area).to_be_visible()
    assert area.input_value().startswith("| Model | Input, px |")


def test_models_can_be_picked_for_a_comparison(table: Page) -> None:
    boxes = table.locator("[data-model-table] tbody input")
    link = table.locator("[data-compare-link]")
    names = [row[0] for row in cells(table)]
    for place in range(5):
        boxes.nth(place).check()
    assert link.inner_text() == "Compare 5 picked"
    assert boxes.nth(5).is_disabled()
    boxes.nth(1).uncheck()
    assert boxes.nth(5).is_enabled()
    picked = (link.get_attribute("href") or "").removeprefix("compare.html?models=").split(",")
    assert [slug.split("@")[0] for slug in picked] == [names[0], *names[2:5]]
    for place in (0, 2, 3, 4):
        boxes.nth(place).uncheck()
    assert link.get_attribute("href") == "compare.html"


def test_what_is_picked_is_in_the_link(table: Page) -> None:
    boxes = table.locator("[data-model-table] tbody input")
    names = [f"{row[0]}@{row[1]}" for row in cells(table)]
    boxes.nth(2).check()
    boxes.nth(0).check()
    query = table.evaluate("location.search")
    assert query == f"{ALL}&pick={names[2]},{names[0]}"
    show(table, ALL)
    settled(table)
    assert not boxes.nth(0).is_checked()
    show(table, query)
    settled(table)
    assert [boxes.nth(place).is_checked() for place in range(4)] == [True, False, True, False]
    assert table.locator("[data-compare-link]").get_attribute("href") == f"compare.html?models={names[2]},{names[0]}"
    show(table, f"?pick={names[0]},nonsense@1")
    assert "pick=" in (table.text_content('[data-say="refused"]') or "")


def test_every_model_s_link_leads_to_its_page(table: Page) -> None:
    paths = table.eval_on_selector_all(
        "[data-model-table] tbody a", "(links) => links.map((link) => link.getAttribute('href'))"
    )
    assert len(paths) == 25
    assert all((SITE / path).is_file() for path in paths)
