"""The page that a host serves, at any depth, for an address that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from builder.pages.page import Atlas, Page, PageKind
from builder.pages.paths import NOT_FOUND as NOT_FOUND_PATH


def not_found_pages(atlas: Atlas) -> Iterator[Page]:  # noqa: ARG001
    """Make the one page."""
    yield Page(
        path=NOT_FOUND_PATH,
        title="Nothing here",
        description="This address leads nowhere on Joule Atlas.",
        section="",
    )


NOT_FOUND = PageKind("not_found", "404.html", not_found_pages)
