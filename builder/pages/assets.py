"""Turns site_templates/static and the Vega runtime into the site's static files, with a version that defeats caches."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "site_templates"

# The only script that is not written by hand; it imports nothing.
VEGA = "vega.js"

# An import of a module beside it: from "./state.js", import "./state.js", import("./state.js").
_RELATIVE_IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*)(["'])(\.{1,2}/[^"'?]+\.js)\2""")


@dataclass(frozen=True)
class Assets:
    """Files under static/ and the version that links to them carry.

    Attributes:
        files: Path under static/ -> content.
        version: Changes whenever any file does.
    """

    files: Mapping[str, bytes]
    version: str


def load_assets(vega: str, folder: Path = TEMPLATES / "static") -> Assets:
    """Return every file of the folder, and Vega's runtime.

    Pages link to `file?v=version`, and modules import each other in the same way, so that a browser never mixes files
    of two builds. Hosts ignore the query: an old page still finds its files.
    """
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    files[VEGA] = vega.encode()
    version = fingerprint(*(part for path, content in sorted(files.items()) for part in (path.encode(), content)))
    return Assets({path: _with_versions(path, content, version) for path, content in sorted(files.items())}, version)


def fingerprint(*parts: bytes) -> str:
    """Return ten hexadecimal digits that depend on the parts and on where one ends and the next begins."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:10]


def _with_versions(path: str, content: bytes, version: str) -> bytes:
    if path == VEGA or not path.endswith(".js"):
        return content
    return _RELATIVE_IMPORT.sub(rf"\1\2\3?v={version}\2", content.decode()).encode()
