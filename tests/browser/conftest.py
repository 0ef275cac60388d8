"""The built site under a sub-path, and pages that may not complain or look elsewhere."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

# The site under test: what `make site` built, unless the environment names another.
SITE = Path(os.environ.get("JOULE_ATLAS_SITE", Path(__file__).parents[2] / "_site"))
# As a project's pages stand on GitHub Pages.
SUB_PATH = "/joule-atlas/"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
)
# A page's own: the browser asks for nothing else.
OWN_SCHEMES = ("data:", "blob:", "about:")


class _Handler(SimpleHTTPRequestHandler):
    """Serves the site under the sub-path alone, and says nothing."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(SUB_PATH) if path.startswith(SUB_PATH) else "outside-of-the-site"
        return super().translate_path("/" + inside)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving(folder: Path = SITE) -> Iterator[str]:
    """Serve a site's folder on loopback; yields its address, which ends in /."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the site that `joule-atlas build` has made."""
    if not (SITE / "index.html").is_file():
        pytest.fail(f"{SITE} is not there: build it with `make site`")
    with serving() as address:
        yield address


class Pages:
    """Opens pages of the site, and keeps what they complain about and whom else they ask."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, path: str = "index.html", *, width: int = 1440, live: bool = True, **options: Any) -> Page:
        """Return a page at an address; `live` waits until the explorer's scripts have taken over."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._check)
        page.goto(self.site + path)
        if live and options.get("java_script_enabled", True):
            page.wait_for_selector(".explorer.live")
        return page

    def close(self) -> None:
        """Close all pages."""
        for context in self.contexts:
            context.close()

    def _check(self, request: Request) -> None:
        if not request.url.startswith((self.site, *OWN_SCHEMES)):
            self.complaints.append(f"asked for {request.url}")


@pytest.fixture
def pages(browser: Browser, site: str) -> Iterator[Pages]:
    """Pages of one test; at its end none may have complained or asked another host."""
    pages = Pages(browser, site)
    yield pages
    pages.close()
    assert pages.complaints == []


@pytest.fixture(scope="session")
def shared(browser: Browser, site: str) -> Iterator[tuple[Pages, Page]]:
    """One explorer for many tests: a page takes longer to load than most of them take."""
    pages = Pages(browser, site)
    yield pages, pages.open()
    pages.close()


@pytest.fixture
def explorer(shared: tuple[Pages, Page]) -> Iterator[Page]:
    """The explorer on a desk, in its first view, with its scripts running."""
    pages, page = shared
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    show(page, "")
    yield page
    if page.url.partition("?")[0] != f"{pages.site}index.html":
        page.goto(f"{pages.site}index.html")
        page.wait_for_selector(".explorer.live")
    page.mouse.move(5, 5)
    complaints, pages.complaints = pages.complaints, []
    assert complaints == []


def show(page: Page, query: str) -> None:
    """Bring a link's view up without loading the page anew, as going back to it does."""
    page.evaluate(
        """(query) => {
            history.pushState(null, "", location.pathname + query);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        query,
    )
    page.wait_for_selector("[data-chart]:not([aria-busy])")
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))")
