"""Turns a page's view model and its template into HTML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.swaps import MARGIN_PCT
from builder.analysis.workload import USUAL
from builder.pages.assets import TEMPLATES
from builder.pages.format import FILTERS
from builder.pages.page import Page, Site
from builder.pages.words import APPROACH_TITLES, CLASS_TITLES, RULE_TITLES, STATUS_WORDS, choice_title


class Renderer:
    """Renders pages of one build.

    Args:
        site: What all pages share.
        asset_version: What links to files under static/ carry.
        file_versions: Path from the site's root -> what links to this file carry.
        templates: Folder of the templates.
    """

    def __init__(
        self, site: Site, asset_version: str, file_versions: Mapping[str, str], templates: Path = TEMPLATES
    ) -> None:
        self._asset_version = asset_version
        self._file_versions = file_versions
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            # Templates do not change while a site is built.
            auto_reload=False,
        )
        self._environment.filters |= FILTERS
        self._environment.globals |= {
            "site": site,
            "class_titles": CLASS_TITLES,
            "status_words": STATUS_WORDS,
            "sensor_gain_pct": 100 * SENSOR_GAIN,
            "swap_margin_pct": MARGIN_PCT,
            "workload": USUAL,
            "rule_titles": RULE_TITLES,
            "approach_titles": APPROACH_TITLES,
            "choice_title": choice_title,
        }

    def render(self, template: str, page: Page, root: str | None = None) -> bytes:
        """Return a page as UTF-8.

        Args:
            template: File in the templates' folder.
            page: Its view model.
            root: What stands before paths from the site's root; by default what makes them relative to the page.
        """
        root = page.root if root is None else root

        def link(path: str) -> str:
            return root + path

        def asset(path: str) -> str:
            return f"{root}static/{path}?v={self._asset_version}"

        def versioned(path: str) -> str:
            return f"{root}{path}?v={self._file_versions[path]}"

        context: dict[str, Any] = {"page": page, "link": link, "asset": asset, "versioned": versioned}
        return self._environment.get_template(template).render(context).encode()
