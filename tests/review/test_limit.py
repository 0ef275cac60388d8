from __future__ import annotations

from pathlib import Path

import pytest

from builder.review.difference import Change, Difference, FileDifference
from builder.review.markdown import bullets, table
from builder.review.report import Report, report
from builder.review.sections import to_markdown
from tests.review.changes import ALPHA


def many(rows: int) -> Report:
    added = tuple(Change((f"model_{number}", "224"), number + 2, {}) for number in range(rows))
    file = FileDifference("image_classification/models.csv", "changed", added=added)
    return Report((), 1, Difference((file,), 0), None)


@pytest.mark.parametrize(("limit", "most"), [(65_536, 40), (2_500, 15), (1_000, 6), (750, 2)])
def test_lists_are_cut_with_a_count_until_the_report_fits(limit: int, most: int) -> None:
    found = to_markdown(many(1_000), limit=limit)
    assert len(found.encode()) <= limit
    assert found.count("\n- `model_") == most
    assert f"\n- and {1_000 - most} more\n" in found


def test_what_does_not_fit_even_so_is_left_out_by_sections() -> None:
    found = to_markdown(many(1_000), limit=500)
    assert len(found.encode()) <= 500
    assert found.startswith("## What this change says\n\n- **Rows and fields:** 1,000 added, ")
    assert found.endswith("\n\nThe rest is left out: the report is longer than 500 bytes.\n")
    assert "### Files" not in found


def test_thousands_of_problems_fit_into_a_comment(base: Path, data: Path) -> None:
    header, *rows = ALPHA.with_suffix(".csv").read_text(encoding="utf-8").splitlines()
    wrong = [row.replace("published", "“published”" * 10) for row in rows] * 50
    ALPHA.with_suffix(".csv").write_text("\n".join([header, *wrong, ""]), encoding="utf-8")
    found = to_markdown(report(base, data), url="https://example.org/" + "x" * 500)
    assert 2_000 < len(found.encode()) <= 65_536


def test_short_lists_and_tables_are_whole() -> None:
    assert bullets(["a", "b"], 2) == "- a\n- b"
    assert bullets(["a", "b", "c"], 1) == "- a\n- and 2 more"
    assert table(("x", "y"), [("a", "1"), ("b", "2")], 2) == "| x | y |\n| --- | ---: |\n| a | 1 |\n| b | 2 |"
    assert table(("x", "y"), [("a", "1"), ("b", "2")], 1) == "| x | y |\n| --- | ---: |\n| a | 1 |\n\nAnd 1 more."
