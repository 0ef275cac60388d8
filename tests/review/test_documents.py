"""Whole reports on changes of the invented data; tests/review/expected holds what they must be.

After a change that is meant, `JOULE_ATLAS_WRITE_EXPECTED=1 pytest tests/review/test_documents.py` writes them anew:
read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.review.command import report
from tests.review.changes import CHANGES, mistakes

EXPECTED = Path(__file__).parent / "expected"
URL = "https://example.org/repository/blob/0123abc"


@pytest.mark.parametrize("name", CHANGES)
def test_the_report_is_as_expected(base: Path, data: Path, name: str) -> None:
    CHANGES[name]()
    result = CliRunner().invoke(report, [str(base), str(data), "--url", URL], catch_exceptions=False)
    assert result.exit_code == 0
    expected = EXPECTED / f"{name}.md"
    if "JOULE_ATLAS_WRITE_EXPECTED" in os.environ:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == expected.read_text(encoding="utf-8")


def test_nothing_is_said_of_figures_where_the_data_before_have_problems(base: Path, data: Path) -> None:
    mistakes()
    result = CliRunner().invoke(report, [str(data), str(base)], catch_exceptions=False)
    assert result.stdout.splitlines()[:7] == [
        "## What this change says",
        "",
        "- **Rows and fields:** 1 added, 1 changed, 1 removed in 2 files",
        "- **Check:** nothing found",
        "- **Flags, agreement and consequences:** not to be had, as the data before have 4 problems",
        "",
        "### Files",
    ]
