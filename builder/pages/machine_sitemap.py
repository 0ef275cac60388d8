"""Turns the pages' paths into sitemaps for search engines: https://www.sitemaps.org/protocol.html."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote
from xml.etree import ElementTree as ET

from builder.pages.paths import NOT_FOUND, SITEMAP

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# The protocol's own limit for one file.
MOST = 50_000


def sitemaps(url: str, paths: Iterable[str], most: int = MOST) -> dict[str, bytes]:
    """Return the sitemap by its path; where one file cannot hold all pages, an index of several.

    Args:
        url: Of the site, with / at its end.
        paths: Of its pages; the one for addresses that lead nowhere is left out.
        most: Addresses in one file.
    """
    addresses = [url + quote(path, safe="/@~") for path in sorted(paths) if path != NOT_FOUND]
    if len(addresses) <= most:
        return {SITEMAP: _document("urlset", "url", addresses)}
    parts = [addresses[start : start + most] for start in range(0, len(addresses), most)]
    files = {f"sitemap-{number}.xml": _document("urlset", "url", part) for number, part in enumerate(parts, start=1)}
    return {SITEMAP: _document("sitemapindex", "sitemap", [url + path for path in files]), **files}


def _document(root: str, item: str, addresses: Sequence[str]) -> bytes:
    # Names without prefix: readers that are no XML parsers look for <loc>.
    document = ET.Element(root, xmlns=NAMESPACE)
    for address in addresses:
        ET.SubElement(ET.SubElement(document, item), "loc").text = address
    return bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True)) + b"\n"
