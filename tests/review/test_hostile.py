"""Contributed texts in a report: shown as code, never run, linked, drawn or mentioned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from builder.review.markdown import block, bullets, code, line_link, table
from builder.review.report import report
from builder.review.sections import to_markdown
from tests.review.changes import ALPHA, BETA, TASK, edit

URL = "https://example.org/blob/0123abc"
# MARK stands where contributed text begins and ends: outside of code it must not be found.
MARK = "QXQ"
TEXTS = (
    "@octocat #1 GH-2 0123abc0123abc0123abc0123abc0123abc0123a",
    "https://evil.example www.evil.example a@evil.example",
    "[click](https://evil.example) [a]: https://evil.example",
    "![seen](https://evil.example/pixel.png)",
    "<img src=https://evil.example/pixel.png onerror=alert(1)>",
    "</summary></details><script>alert(1)</script>",
    "<!-- ",
    "` ]( https://evil.example",
    "``` `` ` ~~~",
    "a | b \\| c \\\\| d",
    "$`x`$ $$x$$ :tada: **b** _i_ ~~s~~ &lt;b&gt; &#64;octocat",
    "\\` \\",
)
NASTY = st.text(alphabet="`|<>[]()!@#\\*_~$&;:/ \"'-+=.\u202e\u200b\u0301\t\r\n\x00\x1b\ud800aQ", max_size=40)


def tokens(markdown: str) -> list[Token]:
    """Return all tokens of a document, as GitHub reads it: HTML passes, tables are read."""
    found = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        found.append(token)
        found += token.children or []
    return found


def assert_harmless(markdown: str) -> None:
    for token in tokens(markdown):
        if token.type == "text":
            assert MARK not in token.content
        if token.type.startswith("html"):
            assert re.fullmatch(r"(<details><summary>\w+: [\d,]+</summary>|</details>)\n?", token.content)
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(f"{URL}/")
        assert token.type != "image"


def marked(text: str) -> str:
    return f"{MARK}{text}{MARK}"


@given(NASTY)
def test_a_text_as_code_is_one_code_span_and_nothing_else(text: str) -> None:
    (paragraph,) = [token for token in tokens(f"before {code(marked(text))} after") if token.type == "inline"]
    assert [child.type for child in paragraph.children or []] == ["text", "code_inline", "text"]
    assert_harmless(f"- {line_link(code(marked(text)), URL, marked(text).replace(chr(0xD800), ''), 3)}")
    assert_harmless(bullets([code(marked(text))], 1))


@given(NASTY)
def test_a_text_in_a_table_stays_in_its_cell(text: str) -> None:
    cells = [token for token in tokens(table(("a", "b"), [(code(marked(text)), "1")], 1)) if token.type == "td_open"]
    assert len(cells) == 2
    assert_harmless(table(("a", "b"), [(code(marked(text)), "1")], 1))


@given(NASTY, st.sampled_from(["", "  "]))
def test_a_text_in_a_block_does_not_end_it(text: str, indent: str) -> None:
    (fence,) = [token for token in tokens(f"- item\n{block(marked(text), '  ')}") if token.type == "fence"]
    assert MARK in fence.content
    assert_harmless(f"- item\n{block(marked(text), '  ')}\n\n{block(marked(text), indent)}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"),
        ("", "`   `"),
        ("`", "`` ` ``"),
        ("a``b", "```a``b```"),
        ("a|b", r"`a\x7cb`"),
        ("right\u202eleft", r"`right\u202eleft`"),
        ("zero\u200bwidth, e\u0301, \u3164", r"`zero\u200bwidth, e\u0301, \u3164`"),
        ("two\nlines", r"`two\nlines`"),
        ("x" * 301, f"`{'x' * 300}… (301 characters)`"),
    ],
)
def test_code_shows_what_does_not_show(text: str, shown: str) -> None:
    assert code(text) == shown


def test_links_point_to_lines_and_escape_paths() -> None:
    assert line_link("x", URL + "/", "data/a b](c).csv", 7) == f"[x]({URL}/data/a%20b%5D%28c%29.csv?plain=1#L7)"
    assert line_link("x", URL, "data/t.toml", 0) == f"[x]({URL}/data/t.toml)"
    assert line_link("x", "", "data/t.toml", 7) == "x"


def test_hostile_texts_in_every_place_are_shown_as_code(base: Path, data: Path) -> None:
    fields = "".join(f"x{number} = {json.dumps(marked(text))}\n" for number, text in enumerate(TEXTS))
    edit(BETA.with_suffix(".toml"), ('torch = "2.9.0"\n', f'torch = "2.9.0"\n{fields}'))
    quoted = [marked(text).replace('"', '""') for text in TEXTS]
    rows = "".join(f'"{text}",224,1,,,\n' for text in quoted)
    rows += "".join(f'b{number},224,"{text}",,,\n' for number, text in enumerate(quoted))
    edit(TASK / "models.csv", ("gridmixer_l.base,224,120,,,\n", f"gridmixer_l.base,224,120,,,\n{rows}"))
    edit(ALPHA.with_suffix(".csv"), ("64,published,1,65,", f'"{quoted[2]}",published,1,65,'))
    for number, text in enumerate(TEXTS):
        (TASK / "measurements" / f"{marked(text).replace('/', '-')}{number}.csv").write_text("")
    (data / "QXQ\n# <b>heading<b>QXQ").write_text("")
    found = to_markdown(report(base, data), url=URL, limit=10**6)
    assert found.count(MARK) > 6 * len(TEXTS)
    assert_harmless(found)


def test_hostile_texts_that_are_valid_are_shown_as_code(base: Path, data: Path) -> None:
    fields = "".join(f"x{number} = {json.dumps(marked(text))}\n" for number, text in enumerate(TEXTS))
    edit(BETA.with_suffix(".toml"), ('torch = "2.9.0"\n', f'torch = "2.9.0"\n{fields}'))
    edit(TASK / "task.toml", ('title = "Hard"', f"title = {json.dumps(marked(TEXTS[4]))}"))
    edit(Path("data/gpus.csv"), ("Invented for the tests.\n", f"{marked(TEXTS[4])}\n"))
    result = report(base, data)
    assert result.problems == ()
    found = to_markdown(result, url=URL)
    assert found.count(MARK) == 2 * (len(TEXTS) + 2)
    assert_harmless(found)
