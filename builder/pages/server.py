"""Serves a built site on this machine, the way a static host would: with the site's own page for what is not there."""

from __future__ import annotations

import functools
import http.server
from http import HTTPStatus
from pathlib import Path

from builder.pages.paths import INDEX, NOT_FOUND
from builder.problems import UserError

# Nobody outside this machine can connect.
HOST = "127.0.0.1"


class _Handler(http.server.SimpleHTTPRequestHandler):
    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        content = (Path(self.directory) / NOT_FOUND).read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        # What is being worked on must not come from the browser's memory.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: str) -> None:  # type: ignore[override]  # noqa: ARG002
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal belongs to the address."""


def site_server(out: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Return a server that listens on loopback; `serve_forever` starts it.

    Raises:
        UserError: There is no site, or the port is taken.
    """
    if not (out / INDEX).is_file():
        raise UserError(f"{out} holds no site.\n  fix: joule-atlas build --out {out}")
    handler = functools.partial(_Handler, directory=str(out))
    try:
        return http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise UserError(f"Port {port} cannot be used: {error.strerror}.\n  fix: --port 0 takes a free one") from None
