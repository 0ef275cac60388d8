"""What search engines, feed readers and language models find, against what its standards say of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
import xmlschema
from playwright.sync_api import Browser

from builder.pages.machine_feed import Measured, atom
from builder.pages.machine_sitemap import sitemaps
from builder.pages.page import LOCAL_URL, Site
from tests.browser.conftest import serving
from tests.pages.html import Document

SCHEMAS = Path(__file__).parent
HOSTILE = Measured("setups", "a", "b", "</title><script>alert(1)</script> & ]]>", '"><a href="x">', "", "2026-01-02")
DAY = Measured("query_setups", "text_generation", "c", "Card, PyTorch", "Who", "2026-01-01", "2026-01-03")


@pytest.fixture(scope="module")
def described(pages: dict[str, Document]) -> dict[str, object]:
    """The data page's description for search engines."""
    (block,) = (one for one in pages["data.html"].all("script") if one.attributes.get("type") == "application/ld+json")
    found: dict[str, object] = json.loads(block.text)
    return found


def path_of(address: str) -> str:
    assert address.startswith(LOCAL_URL)
    return unquote(urlsplit(address).path)[1:]


@pytest.mark.parametrize(("name", "schema"), [("sitemap.xml", "sitemap.xsd"), ("feed.xml", "atom.xsd")])
def test_sitemap_and_feed_are_valid(site: Path, name: str, schema: str) -> None:
    xmlschema.XMLSchema(SCHEMAS / schema).validate(site / name)


def test_the_sitemap_names_every_page_but_the_one_for_nowhere(site: Path, pages: dict[str, Document]) -> None:
    addresses = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert sorted(map(path_of, addresses)) == sorted(set(pages) - {"404.html"})


def test_more_pages_than_one_sitemap_holds_get_several_and_an_index() -> None:
    files = sitemaps("https://example.org/a/", ["x.html", "404.html", "y&z.html", "w.html"], most=2)
    assert {name: re.findall(r"<loc>(.*?)</loc>", content.decode()) for name, content in files.items()} == {
        "sitemap.xml": ["https://example.org/a/sitemap-1.xml", "https://example.org/a/sitemap-2.xml"],
        "sitemap-1.xml": ["https://example.org/a/w.html", "https://example.org/a/x.html"],
        "sitemap-2.xml": ["https://example.org/a/y%26z.html"],
    }
    schema = xmlschema.XMLSchema(SCHEMAS / "sitemap.xsd")
    assert [name for name, content in files.items() if not schema.is_valid(content.decode())] == []


def test_a_feed_reader_reads_each_setup_with_the_day_on_which_it_was_measured_last(site: Path) -> None:
    feed = feedparser.parse((site / "feed.xml").read_bytes())
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert (feed.feed.title, feed.feed.updated) == ("Joule Atlas: new measurements", "2026-11-22T00:00:00Z")
    by_title = {entry.title: (entry.updated, path_of(entry.link), entry.summary) for entry in feed.entries}
    assert by_title["Invented Beta, PyTorch, FP32"] == (
        "2026-11-21T00:00:00Z",
        "setups/beta-20gb_pytorch_fp32.html",
        "Image classification, measured 2026-11-20 to 2026-11-21.",
    )
    assert [entry.updated for entry in feed.entries] == sorted((entry.updated for entry in feed.entries), reverse=True)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert all((site / path_of(entry.link)).is_file() for entry in feed.entries)


def test_a_feed_shows_contributed_texts_as_texts() -> None:
    content = atom(Site("1.0", ()), [DAY, HOSTILE], {"setups/b.html"})
    xmlschema.XMLSchema(SCHEMAS / "atom.xsd").validate(content.decode())
    first, second = feedparser.parse(content, sanitize_html=False).entries
    assert (first.summary, path_of(first.link)) == (
        "Text generation, measured 2026-01-01 to 2026-01-03.",
        "data.html",
    )
    assert (second.author, second.summary) == (HOSTILE.authors, "A, measured 2026-01-02.")
    assert "<script" not in content.decode()
    assert path_of(second.link) == "setups/b.html"


def test_before_anything_is_measured_the_feed_is_empty_and_valid() -> None:
    content = atom(Site("1.0", ()), [], set())
    xmlschema.XMLSchema(SCHEMAS / "atom.xsd").validate(content.decode())
    assert feedparser.parse(content).entries == []


def test_llms_txt_has_the_form_that_its_readers_expect(site: Path) -> None:
    title, *rest = (site / "llms.txt").read_text(encoding="utf-8").split("\n\n")
    assert title == "# Joule Atlas"
    assert rest[0].startswith("> What AI models achieve, and what energy they take: ")
    assert [part for part in rest if part.startswith("## ")] == ["## Data", "## Pages", "## Optional"]
    link = re.compile(r"- \[[^\[\]]+\]\(([^()\s]+)\)(: .+)?")
    lines = [line for part in rest[3::2] for line in part.rstrip("\n").split("\n")]
    found = [match[1] for line in lines if (match := link.fullmatch(line))]
    assert len(found) == len(lines) > 20
    assert [address for address in found if not (site / path_of(address)).is_file()] == []


def test_search_engines_find_every_file_with_its_size_and_type(site: Path, described: dict[str, object]) -> None:
    assert (described["@type"], described["name"], described["url"]) == (
        "Dataset",
        "Joule Atlas",
        f"{LOCAL_URL}data.html",
    )
    # Google asks for 50 to 5,000 characters.
    assert 50 <= len(str(described["description"])) <= 5_000
    assert described["license"] == ["https://spdx.org/licenses/MIT.html"]
    assert described["dateModified"] == "2026-11-22"
    files = described["distribution"]
    assert isinstance(files, list)
    sizes = {path_of(file["contentUrl"]): file["contentSize"] for file in files}
    assert sizes == {path: f"{(site / path).stat().st_size} B" for path in sizes}
    types = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json"}
    assert {Path(file["name"]).suffix: file["encodingFormat"] for file in files} == types


@pytest.mark.browser
def test_the_strict_policy_lets_the_description_be(browser: Browser, site: Path, described: dict[str, object]) -> None:
    complaints: list[str] = []
    with serving(site) as address:
        page = browser.new_page()
        page.add_init_script(
            "window.violations = [];"
            'document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));'
        )
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{address}data.html")
        text = page.text_content('script[type="application/ld+json"]')
        violations = page.evaluate("window.violations")
        page.close()
    assert json.loads(text or "") == described
    assert (violations, complaints) == ([], [])
