"""What a finding says: a number with its interval, and three sentences."""

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
    """

    value: str
    label: str
    interval: str
    source: str
    other: tuple[str, str] | None = None


@dataclass(frozen=True)
class Text:
    """What a finding says, and the keys of the figures that show it.

    Attributes:
        slug: Name of its page.
        topic: What it is about, in two or three words.
        number: The one to remember.
        sentences: Three.
        figures: The first is the finding, the others are for looking closer.
    """

    slug: str
    topic: str
    number: Number
    sentences: tuple[str, ...]
    figures: tuple[str, ...]
