"""A chart's SVG as Vega writes it into the one that a page carries: the same picture in a fifth of the bytes."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
# Attributes for Vega's own use, and for readers of single marks: the page describes the picture as a whole.
_IDLE = ("role", "class", "aria-hidden", "aria-roledescription", "aria-label", "pointer-events", "stroke-miterlimit")
# What an attribute says where SVG would do so anyway.
_DEFAULTS = {"stroke-width": "0", "opacity": "1", "font-weight": "normal", "transform": "translate(0,0)"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_TRANSLATE = re.compile(r"translate\(([^,]+),([^)]+)\)")
# The class of a group whose marks, or whose lines' points, are rows of a file, in its order, as the view's name says:
# `rows`, `rows__field` …
_READABLE = re.compile(r"(?:mark-symbol role-mark|mark-group role-scope) rows(?:__(\w+))?_(?:marks|pathgroup)")
# A mark drawn more often than this is defined once and then used.
_OFTEN = 3


def slim(svg: str, prefix: str) -> str:
    """Return the SVG with coordinates to a tenth of a pixel and without idle parts; it scales with its container.

    Args:
        svg: As Vega's SVG renderer writes it.
        prefix: Of the ids in it, which must occur once in a page.
    """
    ET.register_namespace("", _SVG[1:-1])
    root = ET.fromstring(svg)  # noqa: S314 Vega wrote it a moment ago
    for element in root.iter():
        _slim_attributes(element)
    del root.attrib["width"], root.attrib["height"], root.attrib["version"]
    _remove_empty(root)
    definitions = ET.Element(f"{_SVG}defs")
    _share_clip(root, definitions, prefix)
    _share_marks(root, definitions, prefix)
    if len(definitions):
        root.insert(0, definitions)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _slim_attributes(element: ET.Element) -> None:
    attributes = element.attrib
    rows = _READABLE.fullmatch(attributes["class"]) if "class" in attributes else None
    element.attrib = {
        name: _rounded(value) if "." in value else value
        for name, value in attributes.items()
        if name not in _IDLE and _DEFAULTS.get(name) != value
    }
    if rows:
        element.set("data-rows", rows[1] or "")


# Thousands of marks share a shape: only where they stand differs.
@lru_cache(1024)
def _rounded(value: str) -> str:
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value)


def _remove_empty(parent: ET.Element) -> None:
    """Remove groups that hold nothing, paths that draw nothing, and unwrap groups that say nothing."""
    for index in range(len(parent) - 1, -1, -1):
        child = parent[index]
        _remove_empty(child)
        is_group = child.tag == f"{_SVG}g"
        draws = child.get("display") != "none" and (
            child.tag != f"{_SVG}path" or set(child.keys()) - {"d", "transform"}
        )
        if not draws or (is_group and not len(child)):
            parent.remove(child)
        elif is_group and not child.attrib:
            parent[index : index + 1] = list(child)


def _share_clip(root: ET.Element, definitions: ET.Element, prefix: str) -> None:
    """Keep one of equal clipping rectangles."""
    names: dict[str, str] = {}
    shared: dict[tuple[tuple[str, str], ...], str] = {}
    for old in root.findall(f"{_SVG}defs"):
        for clip in old:
            shape = (("", clip[0].tag), *clip[0].items())
            if shape not in shared:
                shared[shape] = f"{prefix}-clip{len(shared)}"
                definitions.append(clip)
            names[f"url(#{clip.attrib['id']})"] = f"url(#{shared[shape]})"
            clip.set("id", shared[shape])
        root.remove(old)
    for element in root.iter():
        if "clip-path" in element.attrib:
            element.set("clip-path", names[element.attrib["clip-path"]])


def _share_marks(root: ET.Element, definitions: ET.Element, prefix: str) -> None:
    """Define marks that are drawn often once."""
    marks = [
        (path, place, tuple((name, value) for name, value in path.attrib.items() if name != "transform"))
        for path in root.iter(f"{_SVG}path")
        if (place := _TRANSLATE.fullmatch(path.get("transform", "")))
    ]
    often = [look for look, count in Counter(look for _, _, look in marks).items() if count > _OFTEN]
    for index, look in enumerate(often):
        definitions.append(ET.Element(f"{_SVG}path", {"id": f"{prefix}-mark{index}", **dict(sorted(look))}))
    ids = {look: f"#{prefix}-mark{index}" for index, look in enumerate(often)}
    for path, place, look in marks:
        if look in ids:
            path.tag, path.attrib = f"{_SVG}use", {"href": ids[look], "x": place[1], "y": place[2]}
