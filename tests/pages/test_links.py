"""Every page of the site: links, headings, ids, and what the Content-Security-Policy forbids."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from builder.pages.page import CONTENT_SECURITY_POLICY
from builder.pages.paths import NOT_FOUND
from tests.pages.html import Document, Element

LINKS = {"a": "href", "link": "href", "image": "href", "script": "src", "img": "src"}


def links(document: Document) -> list[tuple[Element, str]]:
    return [
        (element, element.attributes[name])
        for element in document.elements
        if (name := LINKS.get(element.tag)) and name in element.attributes
    ]


def urls_in_data(document: Document) -> list[str]:
    """Addresses that scripts load: attributes data-url and the like."""
    return [
        value
        for element in document.elements
        for name, value in element.attributes.items()
        if name.startswith("data-") and re.fullmatch(r"[\w./@~-]+\.(json|js)(\?v=\w+)?", value)
    ]


def test_the_site_has_every_kind_of_page(pages: dict[str, Document]) -> None:
    assert {path for path in pages if not path.startswith(("models/", "tasks/storytelling/"))} == {
        "404.html",
        "compare.html",
        "data.html",
        "findings/index.html",
        "index.html",
        "methods.html",
        "setups/alpha-10gb_pytorch_fp32.html",
        "setups/beta-20gb_pytorch_fp32.html",
        "setups/beta-20gb_torchcompile_fp16.html",
        "setups/index.html",
        "tasks/all.html",
        "tasks/choices.html",
        "tasks/general.html",
        "tasks/index.html",
    }
    assert len([path for path in pages if path.startswith("tasks/storytelling/")]) == 8 + 1
    assert len([path for path in pages if path.startswith("models/")]) == 12 + 1


def test_every_internal_link_leads_to_a_file_and_every_fragment_to_an_id(
    site: Path, pages: dict[str, Document]
) -> None:
    broken = []
    for path, document in pages.items():
        for address in [address for _, address in links(document)] + urls_in_data(document):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = unquote(parts.path)
            file = target.lstrip("/") if path == NOT_FOUND else posixpath.join(posixpath.dirname(path), target)
            file = posixpath.normpath(file) if target else path
            if not (site / file).is_file() or (parts.fragment and parts.fragment not in pages[file].ids()):
                broken.append((path, address))
    assert broken == []


def test_internal_links_are_relative_but_on_the_page_that_is_served_anywhere(pages: dict[str, Document]) -> None:
    absolute = {
        path: [address for _, address in links(document) if address.startswith("/")] for path, document in pages.items()
    }
    assert [path for path, addresses in absolute.items() if addresses] == [NOT_FOUND]
    assert all(address.startswith(("/", "#", "https:")) for _, address in links(pages[NOT_FOUND])), (
        "a relative link there would depend on the address that was asked for"
    )


def test_the_site_leads_no_reader_outside_its_folder(pages: dict[str, Document]) -> None:
    outside = [
        (path, address)
        for path, document in pages.items()
        for _, address in links(document)
        if not urlsplit(address).scheme
        and path != NOT_FOUND
        and posixpath.normpath(posixpath.join(posixpath.dirname(path), urlsplit(address).path)).startswith("..")
    ]
    assert outside == []


def test_external_links_are_https_and_pictures_scripts_and_styles_are_the_site_s_own(
    pages: dict[str, Document],
) -> None:
    for document in pages.values():
        for element, address in links(document):
            scheme = urlsplit(address).scheme
            assert scheme in ({"", "https"} if element.tag == "a" else {""}), address


def test_every_file_that_a_browser_keeps_is_linked_with_its_version(pages: dict[str, Document]) -> None:
    for document in pages.values():
        for element, address in links(document):
            if element.tag in {"script", "image"} or element.attributes.get("rel") in {"stylesheet", "icon"}:
                assert re.search(r"\?v=[0-9a-f]{10}$", address), address


def test_every_page_can_be_reached_from_the_first(pages: dict[str, Document]) -> None:
    reached, todo = set(), ["index.html"]
    while todo:
        path = todo.pop()
        if path in reached or path not in pages:
            continue
        reached.add(path)
        for element, address in links(pages[path]):
            if element.tag == "a" and not urlsplit(address).scheme and urlsplit(address).path:
                todo.append(
                    posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(urlsplit(address).path)))
                )
    assert set(pages) - reached == {NOT_FOUND}


def test_headings_start_at_one_and_skip_no_level(pages: dict[str, Document]) -> None:
    for path, document in pages.items():
        levels = [int(element.tag[1]) for element in document.all("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (path, levels)


def test_ids_are_unique_and_every_label_names_one(pages: dict[str, Document]) -> None:
    for path, document in pages.items():
        ids = document.ids()
        assert len(ids) == len(set(ids)), path
        for element in document.elements:
            for name in ("aria-labelledby", "aria-describedby", "for", "list"):
                for one in element.attributes.get(name, "").split():
                    assert one in ids, (path, name, one)


def test_titles_and_descriptions_are_there_and_no_two_titles_alike(pages: dict[str, Document]) -> None:
    titles = [document.all("title")[0].text for document in pages.values()]
    descriptions = [
        element.attributes["content"]
        for document in pages.values()
        for element in document.all("meta")
        if element.attributes.get("name") == "description"
    ]
    assert len(descriptions) == len(pages)
    assert all(descriptions)
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_every_page_carries_the_policy_and_nothing_that_it_forbids(pages: dict[str, Document]) -> None:
    for path, document in pages.items():
        policies = [
            element.attributes["content"]
            for element in document.all("meta")
            if element.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies == [CONTENT_SECURITY_POLICY], path
        assert document.all("style") == [], path
        # A description for programs is data, which no browser runs.
        scripts = [one for one in document.all("script") if one.attributes.get("type") != "application/ld+json"]
        assert all("src" in element.attributes for element in scripts), path
        for element in document.elements:
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")], (
                path,
                element,
            )


def test_every_table_has_headers_for_its_columns_and_rows(pages: dict[str, Document]) -> None:
    for path, document in pages.items():
        assert all(element.attributes.get("scope") in {"col", "row", "rowgroup"} for element in document.all("th")), (
            path
        )


def test_the_navigation_marks_where_the_reader_is(pages: dict[str, Document]) -> None:
    current = {
        path: [
            (element.text, element.attributes["aria-current"])
            for element in document.all("a")
            if "aria-current" in element.attributes
        ]
        for path, document in pages.items()
        if path.startswith("setups/") or path == NOT_FOUND
    }
    assert current == {
        "404.html": [],
        "setups/alpha-10gb_pytorch_fp32.html": [("Setups", "true")],
        "setups/beta-20gb_pytorch_fp32.html": [("Setups", "true")],
        "setups/beta-20gb_torchcompile_fp16.html": [("Setups", "true")],
        "setups/index.html": [("Setups", "page")],
    }
