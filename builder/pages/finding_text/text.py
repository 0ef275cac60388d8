"""What a finding says: a number with its interval, three sentences, and tables for looking closer."""

from __future__ import annotations

from dataclasses import dataclass

RESAMPLED = "95 % interval over resampled models"


@dataclass(frozen=True)
class Number:
    """A finding's number.

    Attributes:
        value: With its unit.
        label: What it is.
        interval: From and to.
        source: What the interval stands on.
        other: A second interval and what it stands on, where there are two ways to it.
        note: What it hangs on, in a sentence; empty where there is nothing to say.
    """

    value: str
    label: str
    interval: str
    source: str
    other: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table.

    Attributes:
        text: For readers.
        number: Whether it is one.
        model: Name and input size of the model whose page it links to.
        setup: The setup whose page it links to.
        class_: The class whose mark it is, in place of a text.
    """

    text: str = ""
    number: bool = False
    model: tuple[str, int] | None = None
    setup: str | None = None
    class_: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table beneath the pictures.

    Attributes:
        title: What it shows.
        lead: What to know before reading it.
        columns: Their names.
        rows: As many cells each; the first names the row. None where there is nothing to list.
        notes: What stands under it: a setup, and a text on it.
    """

    title: str
    lead: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[Cell, str], ...] = ()


@dataclass(frozen=True)
class Text:
    """What a finding says, and the keys of the figures that show it.

    Attributes:
        slug: Name of its page.
        topic: What it is about, in two or three words.
        number: The one to remember.
        sentences: Three.
        figures: The first is the finding, the others are for looking closer.
        sheets: Tables for looking closer still.
    """

    slug: str
    topic: str
    number: Number
    sentences: tuple[str, ...]
    figures: tuple[str, ...]
    sheets: tuple[Sheet, ...] = ()
