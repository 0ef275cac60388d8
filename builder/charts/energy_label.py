"""Turns one model's rating into a printable energy label: an SVG that carries its own colours, and a PNG of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import vl_convert

WIDTH, HEIGHT = 260, 364
MARGIN = 18
_ROOM = WIDTH - 2 * MARGIN
# Of equal widths, so that what fits here fits wherever one of them is; a line that nearly fills its room says how wide
# it is, for fonts that are wider.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_NEARLY = 0.8
# Widths in thousandths of the size, ASCII from the space on: Adobe's metrics of Helvetica, 1997.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_HELVETICA = [int(width) for width in _WIDTHS.split()]
# Of another character, and what bold type takes more.
_OTHER, _BOLD = 889, 1.08
# Of the link: printed, it is no use unless it is whole.
_LINK_SIZES = (8.0, 7.0, 6.0)
# Where a long name may be broken.
_BREAKS = " -/_"


@dataclass(frozen=True)
class Theme:
    """Colours of a label, each with 4.5:1 on its paper."""

    key: str
    paper: str
    ink: str
    quiet: str
    line: str
    accent: str
    on_accent: str


# The tokens of site_templates/static/css/base.css.
THEMES = (
    Theme("light", "#fdfbf7", "#1d1b18", "#55514a", "#8b857a", "#8c1c46", "#fffdfa"),
    Theme("dark", "#161617", "#edebe7", "#b9b6b0", "#7d7b80", "#ff9db5", "#24060f"),
)


@dataclass(frozen=True)
class EnergyLabel:
    """What a label says, in words.

    Attributes:
        title: The model's short name.
        model: Its whole name.
        task: What it does.
        energy: Digits alone.
        unit: Of the energy.
        interval: How sure that is.
        stars: 1 to 5; None where there are none.
        rating: What the stars stand on, or why there are none.
        facts: Name and value of what the figure was measured with.
        link: Where to read more, without https://.
    """

    title: str
    model: str
    task: str
    energy: str
    unit: str
    interval: str
    stars: int | None
    rating: str
    facts: tuple[tuple[str, str], ...]
    link: str


@dataclass(frozen=True)
class _Type:
    """How a line of text looks, and how much room it has."""

    size: float
    fill: str
    bold: bool = False
    end: bool = False
    room: float = _ROOM


def label_svg(label: EnergyLabel, theme: Theme) -> str:
    """Return the label as SVG, 260 × 364."""
    stars = f"{label.stars} of 5 stars" if label.stars else "no stars"
    spoken = f"Energy label: {label.title}, {label.task}: {label.energy} {label.unit}, {stars}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label={quoteattr(spoken)} font-family={quoteattr(FONT)}>',
        f"<title>{escape(spoken)}</title>",
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="6" fill="{theme.paper}" '
        f'stroke="{theme.line}"/>',
        f'<path d="M1 6.5a5.5 5.5 0 0 1 5.5-5.5h247a5.5 5.5 0 0 1 5.5 5.5V35H1z" fill="{theme.accent}"/>',
        _text(MARGIN, 24, "Joule Atlas", _Type(14, theme.on_accent, bold=True)),
        _text(WIDTH - MARGIN, 24, "GPU energy", _Type(11, theme.on_accent, end=True)),
        _text(MARGIN, 56, label.task, _Type(11, theme.quiet)),
        *_name(label, theme),
        *_stars(label, theme),
        *_energy(label, theme),
        *_facts(label, theme),
    ]
    return "".join((*parts, "</svg>\n"))


def label_png(svg: str) -> bytes:
    """Return a label as PNG, one pixel for each of its units."""
    return bytes(vl_convert.svg_to_png(svg))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text in a font of Helvetica's metrics is, in pixels."""
    widths = (_HELVETICA[ord(c) - 32] if " " <= c <= "~" else _OTHER for c in text)
    return sum(widths) / 1000 * size * (_BOLD if bold else 1.0)


def broken(text: str, size: float, lines: int, *, bold: bool = False, room: float = _ROOM) -> list[str]:
    """Return a text in lines that have room, broken after a space or a mark; the last one is cut where it must be."""
    found = [""]
    for part in _parts(text):
        if found[-1] and text_width(found[-1] + part.rstrip(), size, bold=bold) > room and len(found) < lines:
            found.append("")
        found[-1] += part
    return [_cut(line.strip(), size, bold=bold, room=room) for line in found]


def _parts(text: str) -> Iterator[str]:
    start = 0
    for place, character in enumerate(text, start=1):
        if character in _BREAKS:
            yield text[start:place]
            start = place
    yield text[start:]


def _cut(text: str, size: float, *, bold: bool, room: float) -> str:
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text + "…"


def _name(label: EnergyLabel, theme: Theme) -> Iterator[str]:
    size = next((size for size in (22, 19) if text_width(label.title, size, bold=True) <= _ROOM), 16)
    lines = broken(label.title, size, 2, bold=True)
    y = 80.0 if len(lines) == 1 else 76.0
    for place, line in enumerate(lines):
        yield _text(MARGIN, y + place * 19, line, _Type(size, theme.ink, bold=True))
    after = y + (len(lines) - 1) * 19
    for place, line in enumerate(broken(label.model, 9.5, 1 if len(lines) > 1 else 2)):
        yield _text(MARGIN, after + 15 + place * 12, line, _Type(9.5, theme.quiet))


def _stars(label: EnergyLabel, theme: Theme) -> Iterator[str]:
    if label.stars is None:
        for place, line in enumerate(broken(label.rating, 11, 3)):
            yield _text(MARGIN, 136 + place * 14, line, _Type(11, theme.quiet))
        return
    for place in range(5):
        full = place < label.stars
        look = f'fill="{theme.accent}"' if full else f'fill="none" stroke="{theme.line}" stroke-width="1.2"'
        yield f'<path d="{_star(MARGIN + 15 + place * 33, 143, 15 if full else 14.2)}" {look}/>'
    yield _text(MARGIN, 174, f"{label.stars} of 5 stars: {label.rating}", _Type(9.5, theme.quiet))


def _star(x: float, y: float, radius: float) -> str:
    """Return the outline of a five-pointed star around a point; the inner corners lie where its edges cross."""
    inner = radius * math.cos(math.radians(72)) / math.cos(math.radians(36))
    corners = []
    for place in range(10):
        angle, reach = math.radians(36 * place - 90), inner if place % 2 else radius
        corners.append(f"{x + reach * math.cos(angle):.2f} {y + reach * math.sin(angle):.2f}")
    return f"M{'L'.join(corners)}z"


def _energy(label: EnergyLabel, theme: Theme) -> Iterator[str]:
    yield _text(MARGIN, 219, label.energy, _Type(42, theme.ink, bold=True))
    yield _text(MARGIN, 236, label.unit, _Type(12, theme.ink, bold=True))
    yield _text(MARGIN, 250, label.interval, _Type(9.5, theme.quiet))


def _facts(label: EnergyLabel, theme: Theme) -> Iterator[str]:
    yield f'<path d="M{MARGIN} 262.5H{WIDTH - MARGIN}" stroke="{theme.line}" stroke-width=".6"/>'
    y = 277.0
    for name, value in label.facts:
        yield _text(MARGIN, y, name, _Type(9.5, theme.quiet))
        yield _text(
            MARGIN + 56, y, _cut(value, 9.5, bold=False, room=_ROOM - 56), _Type(9.5, theme.ink, room=_ROOM - 56)
        )
        y += 13.5
    size, lines = _whole(label.link)
    for place, line in enumerate(lines):
        y = HEIGHT - 12 - (len(lines) - 1 - place) * (size + 2)
        yield _text(MARGIN, y, line, _Type(size, theme.quiet))


def _whole(link: str) -> tuple[float, list[str]]:
    """Return the largest type in which a link stands whole, and its lines; the smallest where it never does."""
    lines = [link]
    for size in _LINK_SIZES:
        lines = broken(link, size, 3)
        if "".join(lines) == link:
            break
    return size, lines


def _text(x: float, y: float, text: str, look: _Type) -> str:
    width = text_width(text, look.size, bold=look.bold)
    more = ' font-weight="700"' if look.bold else ""
    more += ' text-anchor="end"' if look.end else ""
    if width > _NEARLY * look.room:
        more += f' textLength="{min(width, look.room):.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:g}" y="{y:g}" font-size="{look.size:g}" fill="{look.fill}"{more}>{escape(text)}</text>'
