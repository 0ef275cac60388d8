"""Turns what a build has written into files for programs: descriptions of the data, a sitemap, a feed, llms.txt."""

from __future__ import annotations

from collections.abc import Sequence

from builder.pages.machine_croissant import croissant
from builder.pages.machine_dataset import describe
from builder.pages.machine_feed import atom, measured_setups
from builder.pages.machine_llms import llms_txt
from builder.pages.machine_package import data_package
from builder.pages.machine_sitemap import sitemaps
from builder.pages.page import Atlas, Page
from builder.pages.paths import CROISSANT, FEED, LLMS, PACKAGE
from builder.pages.to_json import to_json


def machine_files(atlas: Atlas, pages: Sequence[Page]) -> dict[str, bytes]:
    """Return each file's content by its path; `pages` are all of the site."""
    measured = measured_setups(atlas.connection)
    dataset = describe(atlas.site, atlas.tables, measured)
    return {
        PACKAGE: to_json(data_package(dataset)),
        CROISSANT: to_json(croissant(dataset)),
        FEED: atom(atlas.site, measured, {page.path for page in pages}),
        LLMS: llms_txt(dataset).encode(),
        **sitemaps(atlas.site.url, [page.path for page in pages]),
    }
