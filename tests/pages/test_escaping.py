"""What contributors write is shown as text, whatever they write."""

from __future__ import annotations

from dataclasses import replace

import jinja2
import pytest

from builder.pages.model import ModelPage, model_pages
from builder.pages.model_json import model_json
from builder.pages.models import models_pages
from builder.pages.page import Atlas, Page
from builder.pages.render import Renderer
from builder.pages.setups import setup_pages
from tests.pages.html import Document, parse

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}",
    "&lt;b&gt; & &amp;",
    "-->]]></style><base href=//evil.example>",
)


def hostile_page(atlas: Atlas, text: str) -> ModelPage:
    """A model's page on which every text that comes from a file is the same hostile one."""
    page = next(page for page in model_pages(atlas) if page.model.model == "weavenet_s.base")
    model = replace(
        page.model,
        model=text,
        architecture=text,
        tag=text,
        family=text,
        class_rule=text,
        paper_title=text,
        paper_ref=text,
        url="https://example.org/" + text,
    )
    setup = page.setup
    setups = tuple(replace(row, setup=replace(row.setup, title=text)) for row in page.setups)
    return replace(page, model=model, title=text, description=text, setup=replace(setup, title=text), setups=setups)


def shape(document: Document) -> list[tuple[str, list[str]]]:
    return [(element.tag, sorted(element.attributes)) for element in document.elements]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_adds_no_element_and_no_attribute(atlas: Atlas, renderer: Renderer, text: str) -> None:
    plain = parse(renderer.render("model.html", hostile_page(atlas, "plain")).decode())
    hostile = parse(renderer.render("model.html", hostile_page(atlas, text)).decode())
    assert shape(hostile) == shape(plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_as_it_was_written(atlas: Atlas, renderer: Renderer, text: str) -> None:
    document = parse(renderer.render("model.html", hostile_page(atlas, text)).decode())
    assert document.all("h1")[0].text == f"{text} at 224 px"
    assert document.all("title")[0].text == f"{text} · Joule Atlas"
    assert document.all("dd")[-4].text == f"{text} ({text})"


@pytest.mark.parametrize("text", HOSTILE)
def test_the_index_and_the_setup_s_page_show_it_as_text_too(atlas: Atlas, renderer: Renderer, text: str) -> None:
    (index,) = models_pages(atlas)
    families = tuple(replace(family, name=text, paper_title=text, paper_ref=text) for family in index.families)
    setup = next(iter(setup_pages(atlas)))
    sections = tuple(
        replace(
            section, fields=tuple(replace(field, title=text, value=text, is_link=False) for field in section.fields)
        )
        for section in setup.sections
    )
    hostile: dict[str, Page] = {
        "models.html": replace(index, families=families),
        "setup.html": replace(setup, title=text, setup=replace(setup.setup, title=text), sections=sections),
    }
    for template, page in hostile.items():
        document = parse(renderer.render(template, page).decode())
        assert [element.tag for element in document.all("script")] == ["script"]
        assert not document.all("img", "base", "style")
        assert not [name for element in document.elements for name in element.attributes if name.startswith("on")]
        assert any(text in element.text for element in document.all("main"))


def test_the_json_of_a_model_holds_the_text_as_a_string(atlas: Atlas) -> None:
    text = '</script><!-- \u2028 "\\ '
    page = hostile_page(atlas, text)
    assert b'"family":"</script><!-- \xe2\x80\xa8 \\"\\\\ "' in model_json(page.model)


def test_a_name_that_a_template_misspells_is_an_error(atlas: Atlas, renderer: Renderer) -> None:
    renderer._environment.loader = jinja2.ChoiceLoader(
        [jinja2.DictLoader({"wrong.html": "{{ page.titel }}"}), renderer._environment.loader]  # type: ignore[list-item]
    )
    page = next(iter(models_pages(atlas)))
    with pytest.raises(jinja2.UndefinedError, match="has no attribute 'titel'"):
        renderer.render("wrong.html", page)
