"""A built site into the picture that README shows: the explorer's first view, as Chromium draws it.

`python -m tests.workflows.screenshot FILE` writes it, of _site/; `make screenshot` renews README's.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import QUIET, SITE, serving

WIDTH, HEIGHT = 1440, 900


def take(browser: Browser, site: Path, query: str = "") -> bytes:
    """Return the explorer as a PNG; `query` is of its address."""
    with serving(site) as address:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(f"{address}index.html{query}")
        page.wait_for_selector(".explorer.live")
        page.wait_for_selector("[data-chart]:not([aria-busy])")
        picture = page.screenshot(animations="disabled")
        page.close()
    return picture


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        Path(sys.argv[1]).write_bytes(take(chromium, SITE))
