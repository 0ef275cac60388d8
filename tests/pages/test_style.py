"""The colours of base.css, in light and in dark: text can be read, and classes can be told apart."""

from __future__ import annotations

import re

import pytest

from builder.pages.assets import TEMPLATES

CSS = (TEMPLATES / "static/css/base.css").read_text(encoding="utf-8")
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
}
# WCAG 2.2, 1.4.3: text; 1.4.11: the edges of controls.
TEXT, CONTROL = 4.5, 3.0
INKS = ["ink", "ink-2", "ink-3", "accent", "warn", "class-cnn", "class-transformer", "class-hybrid", "class-mlp"]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "paper-2"])
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_every_paper(theme: int, paper: str, ink: str) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[paper][theme]) >= TEXT


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_edges_of_controls_and_text_on_the_accent_stand_out(theme: int) -> None:
    assert contrast(TOKENS["line-strong"][theme], TOKENS["paper"][theme]) >= CONTROL
    assert contrast(TOKENS["on-accent"][theme], TOKENS["accent"][theme]) >= TEXT


def test_every_token_that_a_style_sheet_uses_is_declared() -> None:
    for sheet in sorted((TEMPLATES / "static/css").glob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        declared = set(re.findall(r"(--[\w-]+):", CSS + text))
        assert set(re.findall(r"var\((--[\w-]+)", text)) - declared == set(), sheet.name
