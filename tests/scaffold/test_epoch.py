"""What `joule-atlas epoch` writes: a file named after its content, once a day, that stars stand on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from builder.tables.check import check
from builder.tables.database import build_database

FROZEN = Path("data/epochs/2026-11-22_5c86ac3116.csv")


@pytest.fixture(autouse=True)
def data(mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini_data, "data")
    return Path("data")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["epoch", *arguments], catch_exceptions=False)


def test_an_epoch_holds_the_range_of_each_class_that_has_stars(data: Path) -> None:
    assert run("--day", "2026-11-22").stdout == f"{FROZEN}: 1 rating frozen\n"
    assert FROZEN.read_text(encoding="utf-8") == (
        "task,class,setup,models,least_mj_per_item,most_mj_per_item\n"
        "storytelling,A,alpha-10gb_pytorch_fp32,5,3600,39600\n"
    )
    assert check(data) == ()


def test_an_epoch_is_a_table_of_the_database(data: Path) -> None:
    run("--day", "2026-11-22")
    with build_database(data) as connection:
        assert connection.execute("SELECT * FROM epochs").fetchall() == [
            (FROZEN.stem, 2, "storytelling", "A", "alpha-10gb_pytorch_fp32", 5, 3600.0, 39600.0)
        ]


def test_a_day_has_one_epoch(data: Path) -> None:
    run("--day", "2026-11-22")
    again = run("--day", "2026-11-21")
    assert again.exit_code == 1
    assert again.stderr == (
        f"Error: {FROZEN}: found an epoch of that day or later\n"
        "  expected: none from 2026-11-21 on\n"
        "  fix: Remove it if it was never published; otherwise freeze the next one on another day.\n"
    )
    assert run("--day", "2026-11-23").exit_code == 0
    assert len(list((data / "epochs").iterdir())) == 2


def test_with_too_few_models_nothing_is_frozen(data: Path) -> None:
    shutil.rmtree(data / "storytelling" / "queries")
    result = run()
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: No class of any task has as many measured models as stars take: there is nothing to freeze.\n"
    )
    assert not (data / "epochs").exists()
