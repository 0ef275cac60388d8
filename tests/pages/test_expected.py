"""A few files of the invented site, whole; tests/pages/expected holds what they must be.

After a change that is meant, `JOULE_ATLAS_WRITE_EXPECTED=1 pytest tests/pages/test_expected.py` writes them anew: read
the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

EXPECTED = Path(__file__).parent / "expected"
FILES = (
    "404.html",
    "setups/index.html",
    "setups/alpha-10gb_pytorch_fp32.svg",
    "models/pebblenet_s.base@160.html",
    "models/gridmixer_l.base@224.html",
    "models/lanternformer_l.base@224.json",
    "data/explorer/models.json",
    "data/explorer/alpha-10gb_pytorch_fp32.json",
    "data/explorer/beta-20gb_pytorch_fp32.json",
)


def stable(path: str, content: bytes) -> str:
    """Write JSON on lines, and the fingerprints of static files, which change with every style, as dots."""
    text = content.decode()
    if path.endswith(".json"):
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    return re.sub(r"\?v=[0-9a-f]{10}", "?v=…", text)


@pytest.mark.parametrize("path", FILES)
def test_the_file_is_as_expected(site: Path, path: str) -> None:
    built = stable(path, (site / path).read_bytes())
    expected = EXPECTED / path
    if os.environ.get("JOULE_ATLAS_WRITE_EXPECTED"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(built, encoding="utf-8")
    assert built == expected.read_text(encoding="utf-8")


def test_nothing_else_is_expected() -> None:
    assert sorted(path.relative_to(EXPECTED).as_posix() for path in EXPECTED.rglob("*") if path.is_file()) == sorted(
        FILES
    )
