"""Energy labels: nothing leaves its room, whatever the names."""

from __future__ import annotations

import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.charts.energy_label import (
    HEIGHT,
    MARGIN,
    THEMES,
    WIDTH,
    EnergyLabel,
    broken,
    label_png,
    label_svg,
    text_width,
)

SVG = "{http://www.w3.org/2000/svg}"
ROOM = WIDTH - 2 * MARGIN
LABEL = EnergyLabel(
    title="Quill base",
    model="inkwell/quill-base",
    task="Storytelling",
    energy="2.00",
    unit="Wh per 1,000 stories",
    interval="± 5.0 %, 95 % interval over 3 runs",
    stars=4,
    rating="class A, epoch 2026-11-22 · 0123456789",
    facts=(("Hardware", "Invented Alpha 10 GB"), ("Measured", "2026-11-22")),
    link="example.org/tasks/storytelling/inkwell--quill-base.html",
)
LONG = EnergyLabel(
    title="W" * 200,
    model="an-organisation/" + "Model-" * 17 + "X",
    task="A task whose name is longer than any line of a label can ever be",
    energy="123,456,789",
    unit="Wh per 1,000 things of a kind with a long name",
    interval="one run: no interval, and a sentence that goes on for much longer than it should",
    stars=None,
    rating="Stars take at least 4 models; 2 of this class have been measured. " * 3,
    facts=(("Hardware", "A card & <b>its</b> very long name " * 4),),
    link="example.org/" + "m" * 300,
)


def texts(svg: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f"{SVG}text")


def width_of(text: ET.Element) -> float:
    """Return how wide a text is drawn in a font of Helvetica's metrics."""
    stated = text.get("textLength")
    bold = text.get("font-weight") == "700"
    return float(stated) if stated else text_width(text.text or "", float(text.attrib["font-size"]), bold=bold)


@pytest.mark.parametrize("label", [LABEL, LONG], ids=["short", "long"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.key)
def test_no_text_leaves_the_label(label: EnergyLabel, theme: object) -> None:
    for text in texts(label_svg(label, theme)):  # type: ignore[arg-type]
        x, width = float(text.attrib["x"]), width_of(text)
        left = x - width if text.get("text-anchor") == "end" else x
        assert left >= MARGIN - 0.1
        assert left + width <= WIDTH - MARGIN + 0.1
        assert 0 < float(text.attrib["y"]) <= HEIGHT - 10


def test_a_label_says_what_it_is_to_those_who_cannot_see_it() -> None:
    root = ET.fromstring(label_svg(LABEL, THEMES[0]))
    spoken = "Energy label: Quill base, Storytelling: 2.00 Wh per 1,000 stories, 4 of 5 stars"
    assert (root.get("aria-label"), root.findtext(f"{SVG}title")) == (spoken, spoken)
    assert (root.get("width"), root.get("height")) == ("260", "364")


def test_stars_lost_are_drawn_as_outlines() -> None:
    paths = ET.fromstring(label_svg(LABEL, THEMES[0])).findall(f"{SVG}path")
    stars = [path for path in paths if path.attrib["d"].count("L") == 9]
    assert [path.get("fill") for path in stars] == [THEMES[0].accent] * 4 + ["none"]


def test_without_stars_the_reason_stands_there() -> None:
    words = [text.text or "" for text in texts(label_svg(LONG, THEMES[0]))]
    assert "Stars take at least 4 models; 2 of this " in " ".join(words)
    assert not any("of 5 stars" in word for word in words)


def test_a_long_link_stands_whole_in_smaller_type() -> None:
    link = "joule-atlas.github.io/joule-atlas/tasks/question_answering/google-bert--bert-large-uncased-whole-word-"
    link += "masking-finetuned-squad.html"
    found = texts(label_svg(replace(LABEL, link=link), THEMES[0]))
    assert "".join(text.text or "" for text in found[-3:]) == link


def test_the_png_has_the_size_of_the_label() -> None:
    png = label_png(label_svg(LABEL, THEMES[1]))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (260, 364)


def test_two_labels_of_one_rating_are_equal_to_the_byte() -> None:
    first, second = (label_png(label_svg(LABEL, THEMES[0])) for _ in range(2))
    assert first == second


@given(st.text(st.characters(exclude_categories=["C"]), max_size=200), st.integers(1, 4))
def test_broken_lines_have_room_and_are_few(text: str, lines: int) -> None:
    found = broken(text, 16, lines)
    assert len(found) <= lines
    assert all(text_width(line, 16) <= ROOM for line in found)


def test_a_name_is_broken_after_its_marks() -> None:
    assert broken("example.org/tasks/speech_recognition/openai--whisper-tiny.html", 8, 2) == [
        "example.org/tasks/speech_recognition/openai--whisper-",
        "tiny.html",
    ]
