"""Texts from anywhere into Markdown that shows them and runs nothing: code, links to lines, lists that end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from builder.problems import BLANK

# More of a cell or a message says nothing new.
_MAX_CHARACTERS = 300
_BACKTICKS = re.compile("`+")


@dataclass(frozen=True)
class Style:
    """How a report is written.

    Attributes:
        label: What files' paths start with in the repository.
        url: Address under which its files are shown after the change; empty where there is none.
        most: How many items a list shows.
    """

    label: str
    url: str
    most: int


def code(text: str) -> str:
    r"""Return a contributed text as a code span.

    Within it GitHub makes no link, mention, reference, image, formula or HTML; escaping by backslashes would not keep
    @name and #1 from being linked, as those are looked for in the text that comes out. A bar would end a table's cell
    even there and is written \x7c.
    """
    shown = visible(text).replace("|", r"\x7c")
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if not shown or shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown or ' '}{pad}{fence}"


def block(text: str, indent: str = "") -> str:
    """Return lines as a block of code; only line feeds may divide them."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = [f"{fence}text", *(visible(line) for line in text.split("\n")), fence]
    return "\n".join((indent + line).rstrip() for line in lines)


def line_link(label: str, url: str, path: str, line: int) -> str:
    """Return a label, linked to a line of a file where there is an address that shows files.

    Args:
        label: Markdown.
        url: Under which the repository's files are shown; empty where there is none.
        path: In the repository.
        line: From 1 on; 0 is the whole file.
    """
    if not url:
        return label
    # GitHub shows CSV as a table, which has no lines to point to.
    plain = "?plain=1" if path.endswith(".csv") else ""
    return f"[{label}]({url.rstrip('/')}/{quote(path)}{plain}{f'#L{line}' if line else ''})"


def bullets(items: Sequence[str], most: int) -> str:
    """Return a list of at most so many items, and how many more there are."""
    shown = [f"- {item}" for item in items[:most]]
    if len(items) > most:
        shown.append(f"- and {len(items) - most:,} more")
    return "\n".join(shown)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    """Return a table of at most so many rows, numbers to the right, and how many rows more there are."""
    lines = [header, ["---", *(["---:"] * (len(header) - 1))], *rows[:most]]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return text + (f"\n\nAnd {len(rows) - most:,} more." if len(rows) > most else "")


def folded(summary: str, content: str) -> str:
    """Return content that opens on a click; the summary is our own text."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def joined(paragraphs: Iterable[str]) -> str:
    """Return paragraphs with an empty line between them; empty ones are left out."""
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 row, 2 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def millijoules(energy_mj: float) -> str:
    """Return an energy with four significant digits at least, and its unit."""
    return f"{energy_mj:,.0f} mJ" if energy_mj >= 1_000 else f"{energy_mj:.4g} mJ"


def visible(text: str) -> str:
    """Return a text on one line, cut where it is long, with all that does not show written out."""
    cut = text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}… ({len(text):,} characters)"
    return "".join(character if _shows(character) else _written_out(character) for character in cut)


def _shows(character: str) -> bool:
    # Marks pile up on the letter before them without end.
    is_mark = unicodedata.category(character).startswith("M")
    return character.isprintable() and not is_mark and not BLANK.match(character)


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode() if not 0xD800 <= ord(character) <= 0xDFFF else "\\ufffd"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
