from __future__ import annotations

from builder.charts.svg import slim


def _svg(body: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'class="marks" width="40" height="30" viewBox="0 0 40 30">{body}</svg>'
    )


def _slim(body: str) -> str:
    slimmed = slim(_svg(body), "p")
    start, end = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">', "</svg>"
    assert slimmed.startswith(start)
    return slimmed.removeprefix(start).removesuffix(end)


def test_idle_attributes_empty_groups_and_long_numbers_go() -> None:
    body = (
        '<g transform="translate(0,0)" role="graphics-object"><g class="mark"></g>'
        '<path d="M1.2345,2h3.999" fill="red" opacity="1" stroke-width="0"/><path d="M0,0h9"/></g>'
    )
    assert _slim(body) == '<path d="M1.2,2h4" fill="red" />'


def test_what_is_not_displayed_goes() -> None:
    assert _slim('<g fill="none"><path d="" display="none"/><text font-weight="normal">1</text></g>') == (
        '<g fill="none"><text>1</text></g>'
    )


def test_a_mark_drawn_often_is_defined_once() -> None:
    marks = "".join(f'<path transform="translate({x}.04,5)" d="M0,0h1" fill="red"/>' for x in range(4))
    uses = "".join(f'<use href="#p-mark0" x="{x}" y="5" />' for x in range(4))
    assert _slim(marks) == f'<defs><path id="p-mark0" d="M0,0h1" fill="red" /></defs>{uses}'


def test_equal_clips_become_one_with_a_name_of_its_own() -> None:
    clips = "".join(f'<clipPath id="clip{n}"><rect width="4" height="3"/></clipPath>' for n in (1, 2))
    groups = "".join(f'<g clip-path="url(#clip{n})"><text>{n}</text></g>' for n in (1, 2))
    assert _slim(f"{groups}<defs>{clips}</defs>") == (
        '<defs><clipPath id="p-clip0"><rect width="4" height="3" /></clipPath></defs>'
        '<g clip-path="url(#p-clip0)"><text>1</text></g><g clip-path="url(#p-clip0)"><text>2</text></g>'
    )


def test_a_group_says_which_rows_its_marks_are() -> None:
    classes = ("rows__key__a100_marks", "rows_marks", "layer_1_marks")
    groups = "".join(f'<g class="mark-symbol role-mark {name}"><text>1</text></g>' for name in classes)
    assert _slim(groups) == (
        '<g data-rows="key__a100"><text>1</text></g><g data-rows=""><text>1</text></g><text>1</text>'
    )


def test_a_group_of_lines_says_which_rows_their_points_are() -> None:
    line = '<g class="mark-line role-mark rows__key_marks"><path d="M1,2L3,4" stroke="red"/></g>'
    body = f'<g class="mark-group role-scope rows__key_pathgroup"><g transform="translate(0,0)">{line}</g></g>'
    assert _slim(body) == '<g data-rows="key"><path d="M1,2L3,4" stroke="red" /></g>'
