"""A figure's specification into files: SVG that follows a page's colours, and SVG, PDF and PNG for print."""

from __future__ import annotations

import json
from typing import Any

import vl_convert

from builder.charts.figures.figure import Figure, Shape
from builder.charts.svg import slim

# What the tokens of site_templates/static/css/base.css are in print: its light values, on white.
PRINT = {
    "var(--ink)": "#1d1b18",
    "var(--ink-2)": "#55514a",
    "var(--ink-3)": "#6c675f",
    "var(--paper)": "#ffffff",
    "var(--line)": "#e4ded3",
    "var(--line-strong)": "#8b857a",
    "var(--accent)": "#8c1c46",
    "var(--class-cnn)": "#0069a6",
    "var(--class-transformer)": "#b84a00",
    "var(--class-hybrid)": "#00785a",
    "var(--class-mlp)": "#a34684",
    "var(--sans)": "Liberation Sans, Arial, Helvetica, sans-serif",
}
# A bitmap for a page that is as wide as the figure in inches at 96 px each: 288 dots an inch.
PNG_SCALE = 3.0


def page_svg(figure: Figure, shape: Shape) -> str:
    """Return the figure as part of a page: colours are the page's tokens, and it has no title of its own."""
    return slim(vl_convert.vegalite_to_svg(figure.drawn_spec(shape)), f"{figure.key}-{shape.key}")


def print_spec(figure: Figure) -> dict[str, Any]:
    """Return the specification with its finding over it, in print's colours: it needs no style sheet."""
    return _in_print(figure.spec(titled=True))


def svg(spec: dict[str, Any]) -> bytes:
    """Return a picture for print as SVG."""
    return str(vl_convert.vegalite_to_svg(_in_print(spec))).encode()


def pdf(spec: dict[str, Any]) -> bytes:
    """Return a picture for print as PDF."""
    return bytes(vl_convert.vegalite_to_pdf(_in_print(spec)))


def png(spec: dict[str, Any], scale: float = PNG_SCALE) -> bytes:
    """Return a picture for print as PNG, on white."""
    return bytes(vl_convert.vegalite_to_png(_in_print(spec), scale=scale))


def _in_print(spec: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(spec, ensure_ascii=False)
    for token, value in PRINT.items():
        text = text.replace(token, value)
    spec = json.loads(text)
    spec["config"]["background"] = PRINT["var(--paper)"]
    return spec
