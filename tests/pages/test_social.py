"""The picture and the words that a link to a page is shown with elsewhere."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

from builder.pages.page import LOCAL_URL, Atlas
from builder.pages.social import HEIGHT, PATH, WIDTH, social_card
from tests.hostile.corpus import shown_texts
from tests.pages.html import Document


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_picture_has_the_size_that_others_ask_for(site: Path) -> None:
    assert size_of((site / PATH).read_bytes()) == (WIDTH, HEIGHT) == (1200, 630)


def test_the_picture_is_drawn_whatever_the_texts_on_it_are(atlas: Atlas) -> None:
    catalogue = atlas.catalogue
    for text in (*shown_texts(), "\x00\x0b\ufffe", "long " * 100):
        setup = replace(catalogue.setup, title=text)
        hostile = replace(catalogue, setup=setup, fields={**catalogue.fields, "title": text, "item": text})
        # The figures stay those of the setup: its key is the same.
        assert size_of(social_card(hostile, atlas.plane)) == (WIDTH, HEIGHT)


def test_a_model_s_link_has_its_name_its_figures_and_the_picture_s_whole_address(pages: dict[str, Document]) -> None:
    def properties(path: str) -> dict[str, str]:
        metas = [element.attributes for element in pages[path].all("meta")]
        return {meta["property"]: meta["content"] for meta in metas if "property" in meta}

    assert properties("models/lanternformer_s.base@224.html") == {
        "og:type": "website",
        "og:site_name": "Joule Atlas",
        "og:title": "lanternformer_s.base at 224 px",
        "og:description": "54.6\N{NO-BREAK SPACE}mJ per image on Invented Alpha, PyTorch, FP32, "
        "80.0\N{NO-BREAK SPACE}% top-1 accuracy on Plain.",
        "og:url": f"{LOCAL_URL}models/lanternformer_s.base@224.html",
        "og:image": f"{LOCAL_URL}{PATH}",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Models of Invented Alpha, PyTorch, FP32 by accuracy and energy, with their Pareto front.",
    }
    without = properties("models/gridmixer_l.base@224.html")
    assert without["og:description"] == (
        "Energy per image and accuracy of gridmixer_l.base at 224 px: GridMixer, 2022, on 0 setups and 3 test sets."
    )
