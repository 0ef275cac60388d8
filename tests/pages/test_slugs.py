"""File names from names that anybody may contribute."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from builder.pages.slugs import anchors, model_slugs

SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~@-]{0,200}")


def test_a_plain_name_keeps_its_letters() -> None:
    assert model_slugs([("resnet50.a1_in1k", 224)]) == {("resnet50.a1_in1k", 224): "resnet50.a1_in1k@224"}


def test_names_that_would_leave_the_folder_are_reduced_and_marked() -> None:
    slugs = model_slugs([("../../etc/passwd", 224), ("a b&c", 224), ("..", 224), (".hidden", 224), ("ä", 224)])
    assert list(slugs.values()) == [
        "etc-passwd~3754d6cb@224",
        "a-b-c~25f45274@224",
        "model~5ec1f7e7@224",
        "hidden~16924190@224",
        "model~33e6d73f@224",
    ]


def test_names_that_differ_in_case_alone_get_different_files() -> None:
    slugs = model_slugs([("ViT", 224), ("vit", 224), ("vit", 384)])
    assert len({slug.casefold() for slug in slugs.values()}) == 3
    assert slugs["vit", 384] == "vit@384"


@given(st.lists(st.tuples(st.text(min_size=1, max_size=300), st.integers(1, 65536)), max_size=20, unique=True))
def test_any_names_give_safe_and_different_files(keys: list[tuple[str, int]]) -> None:
    slugs = list(model_slugs(keys).values())
    assert all(SAFE.fullmatch(slug) for slug in slugs)
    assert len({slug.casefold() for slug in slugs}) == len(keys)


@given(st.lists(st.text(min_size=1), unique=True, max_size=20))
def test_any_headings_give_different_ids_that_a_link_can_hold(texts: list[str]) -> None:
    ids = list(anchors(texts).values())
    assert all(re.fullmatch(r"[A-Za-z0-9_~-]+", one) for one in ids)
    assert len(set(ids)) == len(texts)


def test_a_heading_s_id_is_its_words() -> None:
    assert anchors(["DeiT III", "ResNet"]) == {"DeiT III": "deit-iii", "ResNet": "resnet"}
