"""Turns the models of the setup that is shown first into the picture that a link to the site is shown with elsewhere.

One for all pages. One for each model would take 30 ms and 60 kB: 45 s of building and 90 MB for some 1,500 models. A
link's title and description, which stand beside the picture, say which model is meant and give its figures.
"""

from __future__ import annotations

import re
from html import escape

import vl_convert

from builder.pages.catalogue import Catalogue
from builder.pages.page import NAME, TAGLINE
from builder.pages.plane import Plane, cloud_path, points

PATH = "social.png"
# What Facebook, X and others ask for; they crop anything else: https://ogp.me/ and
# https://developers.facebook.com/docs/sharing/webmasters/images.
WIDTH = 1200
HEIGHT = 630
_SCALE = 1.16
_LEFT, _TOP = 430, 96
# vl-convert brings this family along: the picture is the same on every machine.
_FONT = "Liberation Sans"
_MOST = 40
# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAPER, _INK, _QUIET, _ACCENT, _LINE, _DOTS = "#fdfbf7", "#1d1b18", "#55514a", "#8c1c46", "#e4ded3", "#c3c0bb"


def social_card(catalogue: Catalogue, plane: Plane) -> bytes:
    """Return a PNG of WIDTH × HEIGHT."""
    png: bytes = vl_convert.svg_to_png(_svg(catalogue, plane))
    return png


def _svg(catalogue: Catalogue, plane: Plane) -> str:
    setup = catalogue.setup
    dots, front = cloud_path(plane, *points(catalogue, setup))
    words = [
        (62, 118, 46, _INK, "bold", NAME),
        *((62, 200 + 46 * place, 34, _INK, "normal", line) for place, line in enumerate(_lines(TAGLINE, 20))),
        (62, 520, 22, _QUIET, "normal", f"{setup.figures:,} models of"),
        (62, 550, 22, _QUIET, "normal", catalogue.fields["title"].lower()),
        (62, 580, 22, _QUIET, "normal", f"on {setup.short_title}"),
        (_LEFT, 84, 19, _INK, "normal", f"{catalogue.test_set.title} accuracy, {catalogue.fields['quality_unit']}"),
        (910, 580, 19, _INK, "normal", f"GPU energy per {catalogue.fields['item']}"),
    ]
    texts = "".join(
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}">{_written(text)}</text>'
        for x, y, size, fill, weight, text in words
    )
    grid = "".join(f'<path d="M{plane.left} {tick.at}H{plane.right}"/>' for tick in plane.accuracy_ticks)
    labels = "".join(
        f'<text x="{plane.left - 8}" y="{tick.at + 4}" text-anchor="end">{tick.label}</text>'
        for tick in plane.accuracy_ticks
    ) + "".join(
        f'<text x="{tick.at}" y="{plane.bottom + 22}" text-anchor="middle">{tick.label}</text>'
        for tick in plane.energy_ticks
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{_FONT}"><rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>'
        f'<rect width="{WIDTH}" height="10" fill="{_ACCENT}"/>{texts}'
        f'<g transform="translate({_LEFT} {_TOP}) scale({_SCALE})" font-size="13" fill="{_QUIET}">'
        f'<g fill="none" stroke="{_LINE}">{grid}</g>'
        f'<path d="{dots}" fill="none" stroke="{_DOTS}" stroke-width="4.4" stroke-linecap="round"/>'
        f'<path d="{front}" fill="none" stroke="{_ACCENT}" stroke-width="2.2"/>{labels}</g></svg>'
    )


def _written(text: str) -> str:
    """Return a text for SVG: not too long for its place, and without signs that XML cannot have."""
    short = text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
    return escape(_NOT_XML.sub("", short))


def _lines(text: str, most: int) -> list[str]:
    """Return a text in lines of at most so many characters, where its words allow it."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
