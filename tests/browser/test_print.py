"""The explorer on paper: what a PDF of it holds, whatever theme the screen has."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages
from tests.browser.explorer import FloatImage, drawing

# An image among a PDF's objects, as Chromium writes it: what is in its dictionary, and its bytes.
IMAGE = re.compile(rb"<<(/Type /XObject\s+/Subtype /Image.*?)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
LAYERS = ("axes", "models", "overlay")


def _images(pdf: bytes) -> list[FloatImage]:
    """Return the images of a PDF, in their order, each of shape (height, width, channels), in 0..1."""
    images = []
    for head, packed in IMAGE.findall(pdf):
        height, width = (int(re.search(rb"/%s (\d+)" % name, head)[1]) for name in (b"Height", b"Width"))  # type: ignore[index]
        flat = np.frombuffer(zlib.decompress(packed), np.uint8)
        images.append(flat.reshape(height, width, -1) / 255)
    return images


def _layers(page: Page) -> dict[str, tuple[FloatImage, FloatImage]]:
    """Return what is printed of each layer of the chart: its opacity, and its colours where it has any."""
    images = _images(page.pdf(format="A4"))
    # Each picture is followed by the mask that says where it is opaque.
    pairs = zip(images[::2], images[1::2], strict=True)
    found = [(mask[..., 0], picture[mask[..., 0] > 0.5]) for picture, mask in pairs if picture.shape[-1] == 3]
    assert len(found) == len(LAYERS)
    return dict(zip(LAYERS, found, strict=True))


@pytest.mark.parametrize("width", [794, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_axes_marks_and_lines(pages: Pages, scheme: str, width: int) -> None:
    page = pages.open(width=width, color_scheme=scheme)
    layers = _layers(page)
    painted = {name: float((opacity > 0.05).mean()) for name, (opacity, _) in layers.items()}
    assert painted["axes"] > 0.01
    assert painted["models"] > 0.02
    # The veil alone covers more than half.
    assert painted["overlay"] > 0.5
    # The veil is as light as the paper, and the lines over it are ink.
    assert np.median(layers["overlay"][1]) > 0.9
    assert np.quantile(layers["overlay"][1], 0.01) < 0.4


def test_paper_has_the_same_tones_from_either_theme(pages: Pages) -> None:
    light, dark = (_layers(pages.open(color_scheme=scheme)) for scheme in ("light", "dark"))
    for name in LAYERS:
        tones = [np.quantile(layers[name][1].mean(axis=-1), (0.02, 0.5, 0.98)) for layers in (light, dark)]
        assert tones[1] == pytest.approx(tones[0], abs=0.12), name


def test_the_chart_on_paper_is_whole_at_any_width(pages: Pages) -> None:
    page = pages.open(width=1440)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    boxes = page.evaluate(
        """() => [".chart", ".layer-axes canvas", ".layer-models canvas", ".layer-overlay canvas"].map((place) => {
            const { left, right, bottom } = document.querySelector(place).getBoundingClientRect();
            return [left, right, bottom];
        })"""
    )
    for box in boxes[1:]:
        assert box == pytest.approx(boxes[0], abs=2)


def test_print_leaves_the_controls_out(pages: Pages) -> None:
    page = pages.open()
    page.emulate_media(media="print")
    for part in ("#controls", "[data-years]", "[data-limit]", "[data-copy]", ".rank .row-choose", ".picked label"):
        expect(page.locator(part).first).to_be_hidden()
    for part in (".layer-models canvas", ".ranking table"):
        expect(page.locator(part)).to_be_visible()


def test_symbols_print_though_backgrounds_do_not(pages: Pages) -> None:
    page = pages.open()
    style = "(element) => getComputedStyle(element, '::before').printColorAdjust"
    for place in (".key .class", ".ranking .class"):
        assert page.locator(place).first.evaluate(style) == "exact"


def test_the_table_on_paper_fits_the_page(pages: Pages) -> None:
    page = pages.open(width=718)
    page.wait_for_selector("[data-model-table] table:not([aria-busy])")
    page.emulate_media(media="print")
    table, section = (
        page.locator(f"[data-model-table]{place}").evaluate("(element) => element.getBoundingClientRect().right")
        for place in (" table", "")
    )
    assert table <= section + 1
    shown = page.locator("[data-model-table] thead th").evaluate_all(
        "(cells) => cells.filter((cell) => cell.offsetWidth).map((cell) => cell.dataset.key)"
    )
    assert shown == [
        "model", "input_size_px", "accuracy_pct", "energy_mj", "energy_low_mj", "energy_high_mj", "score", "year",
        "parameters_m", "throughput_items_per_s", "flags",
    ]  # fmt: skip


def test_printing_leaves_the_screen_as_it_was(pages: Pages) -> None:
    page = pages.open(color_scheme="dark")
    before = [drawing(page, layer) for layer in LAYERS]
    page.pdf(format="A4")
    assert [drawing(page, layer) for layer in LAYERS] == before
