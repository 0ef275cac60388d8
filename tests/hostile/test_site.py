"""A site of hostile texts shows every one of them as text: in pages, pictures, JSON and tables."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from builder.tables.check import check
from tests.hostile.corpus import ABROAD, FLAG, POLYGLOT
from tests.hostile.site import NAMES, PLAIN, TEXTS
from tests.pages.html import Document, parse

pytestmark = pytest.mark.xdist_group("hostile")
ROOT = Path(__file__).parents[2]
# Where the templates and the code themselves lead.
SOURCES = (*(ROOT / "site_templates").rglob("*.html"), *(ROOT / "builder").rglob("*.py"))
OURS = {link for path in SOURCES for link in re.findall(r"https://[^\s\"'<>)]+", path.read_text(encoding="utf-8"))}
FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


@pytest.fixture(scope="module")
def documents(hostile_site: Path) -> dict[str, Document]:
    return {
        path.relative_to(hostile_site).as_posix(): parse(path.read_text(encoding="utf-8"))
        for path in sorted(hostile_site.rglob("*.html"))
    }


def page_of(number: int) -> str:
    return f"models/hostile{number}.base@224.html"


def shape(document: Document) -> list[tuple[str, list[str]]]:
    return [(element.tag, sorted(element.attributes)) for element in document.elements]


def test_a_site_is_built_without_network(hostile_site: Path) -> None:
    # The fixture builds it where every attempt to speak to a host ends the build.
    assert (hostile_site / "index.html").is_file()


def test_the_hostile_folder_is_valid(hostile_data: Path) -> None:
    assert check(hostile_data) == ()


def test_each_text_leaves_its_page_in_the_shape_of_a_plain_one(documents: dict[str, Document]) -> None:
    assert TEXTS[0] == PLAIN
    plain = shape(documents[page_of(0)])
    assert [text for number, text in enumerate(TEXTS) if shape(documents[page_of(number)]) != plain] == []


def test_each_text_is_on_its_page_as_it_was_written(documents: dict[str, Document]) -> None:
    for number, text in enumerate(TEXTS):
        facts = [element.text for element in documents[page_of(number)].all("dd")]
        assert f"{text}, 2020" in facts
        assert f"{text} ({text})" in facts
        assert f"CNN{text}" in facts


def test_no_page_has_a_script_a_style_or_a_handler_of_its_own(documents: dict[str, Document]) -> None:
    for path, document in documents.items():
        for element in document.elements:
            names = set(element.attributes)
            assert not [name for name in names if name.startswith("on") or name in {"style", "srcdoc", "formaction"}]
            assert element.tag not in {"iframe", "object", "embed", "base", "style", "audio", "video"}, path
            if element.attributes.get("type") == "application/ld+json":
                assert (path, "<" in element.text, type(json.loads(element.text))) == ("data.html", False, dict)
            elif element.tag == "script":
                assert element.text == ""
                assert re.fullmatch(
                    r"((\.\./)*|/joule-atlas/)static/js/[a-z_]+\.js\?v=[0-9a-f]+", element.attributes["src"]
                )


def test_every_link_stays_or_goes_to_a_place_that_a_link_column_named(documents: dict[str, Document]) -> None:
    for path, document in documents.items():
        for element in document.elements:
            for name in ("href", "src", "action", "poster", "srcset", "data"):
                target = element.attributes.get(name, "")
                is_own = re.fullmatch(r"(\.\./|/)*[A-Za-z0-9_][A-Za-z0-9_./@~-]*(\?[\w.=&@,~%+-]*)?(#.*)?|#.*|", target)
                assert is_own or target in OURS or target.startswith("https://example.org/"), (path, target)


def test_ids_occur_once_in_each_page(documents: dict[str, Document]) -> None:
    twice = {path: [i for i, n in Counter(document.ids()).items() if n > 1] for path, document in documents.items()}
    assert {path: ids for path, ids in twice.items() if ids} == {}


def test_every_file_has_a_name_that_every_system_takes(hostile_site: Path) -> None:
    for path in hostile_site.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@~-]*", path.name)
        assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", path.name)
        assert not path.is_symlink()


def test_each_hostile_name_has_its_page_within_the_site(hostile_site: Path) -> None:
    names = {json.loads(path.read_bytes())["model"]: path for path in hostile_site.glob("models/*.json")}
    assert set(NAMES) <= set(names)
    for name in NAMES:
        title = parse(names[name].with_suffix(".html").read_text(encoding="utf-8")).all("h1")[0].text
        assert title == f"{name} at 32 px"


def test_json_holds_each_text_as_a_string(hostile_site: Path) -> None:
    explorer = json.loads((hostile_site / "data/explorer/models.json").read_bytes())
    family_of = dict(zip(explorer["model"], explorer["family"], strict=True))
    for number, text in enumerate(TEXTS):
        model = json.loads((hostile_site / f"models/hostile{number}.base@224.json").read_bytes())
        assert (model["family"], model["class_rule"], model["paper"]["title"]) == (text, text, text)
        assert family_of[f"hostile{number}.base"] == text
    for path in hostile_site.rglob("*.json"):
        json.loads(path.read_bytes())


def test_tables_hold_each_text_in_one_cell_and_no_formula(hostile_site: Path) -> None:
    families = {}
    for path in hostile_site.rglob("data/**/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        for row in rows:
            assert len(row) == len(header)
            for cell in row:
                assert not cell.startswith(FORMULA) or re.fullmatch(r"-[0-9.e+-]+", cell), (path.name, cell)
        if path.name == "architectures.csv":
            place = header.index("architecture")
            families = {row[place]: row[header.index("family")] for row in rows}
    assert [families[f"hostile{number}"] for number in range(len(TEXTS))] == list(TEXTS)


def test_what_programs_read_holds_each_text_as_text(hostile_site: Path) -> None:
    feed = ET.parse(hostile_site / "feed.xml").getroot()
    titles = [element.text for element in feed.iterfind("{*}entry/{*}title")]
    # Three setups of each task.
    assert titles == [POLYGLOT] * 6
    sources = json.loads((hostile_site / "data/datapackage.json").read_bytes())["sources"]
    assert POLYGLOT in {source["title"] for source in sources}
    # A language model would take a contributed text for ours.
    words = (hostile_site / "llms.txt").read_text(encoding="utf-8")
    assert [text for text in TEXTS if len(text) > len("https://") and text in words] == []


def test_pictures_are_drawings_alone(hostile_site: Path) -> None:
    pictures = list(hostile_site.rglob("*.svg"))
    assert len(pictures) >= 3
    for path in pictures:
        elements = list(ET.fromstring(path.read_text(encoding="utf-8")).iter())
        tags = {element.tag.rpartition("}")[2] for element in elements}
        assert tags <= {"svg", "g", "path", "circle", "rect", "line", "text", "defs", "use", "clipPath", "title"}, path
        # A title stands in a label as text, and in the label's words for screen readers.
        for element in elements:
            names = {name.rpartition("}")[2] for name in element.attrib}
            assert not [name for name in names if name.startswith("on") or name in {"href", "src", "style"}], path
            values = [value for name, value in element.attrib.items() if name != "aria-label"]
            assert not [value for value in values if FLAG in value or ABROAD in value], path
