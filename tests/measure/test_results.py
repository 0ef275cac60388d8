"""Rows on disk: their form, and that nothing is lost, doubled or torn."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.problems import UserError
from builder.tables.rules import check_row
from builder.tables.schema import MEASUREMENTS
from measure.protocol import SURVEY
from measure.results import HEADER, Row, RowFile, merge, next_trial_number, read_rows, repair, status_row, trial_row
from measure.simulation import Behaviour, World
from measure.trial import run_trial
from measure.workload import WorkloadOptions

from .conftest import SPEC


def a_row(number: int, status: str = "refused") -> Row:
    return status_row(SPEC, "sweep", number, 64, status)


def test_a_trial_becomes_a_row_of_the_schema() -> None:
    world = World(default=Behaviour(launch_s=0.001, overhead_s=0.004, item_s=0.002, busy_w=500.0))
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(10)
    row = trial_row(SPEC, "final", 1, run_trial(workload, 10, world.meter, world.clock, SURVEY.final))
    assert list(row.values()) == [
        *("resnet50", "224", "10", "final", "1", "1200", "416.6667", "24", "500", "2.1", "87", "1.0000"),
        *("50", "50", "1980", "1980", "", "100", "ok"),
    ]
    assert check_row(MEASUREMENTS, row, "x.csv") == ()


@pytest.mark.parametrize("batch_size", [64, None])
def test_a_status_is_a_row_of_the_schema(batch_size: int | None) -> None:
    row = status_row(SPEC, "final", 1, batch_size, "out_of_memory")
    assert check_row(MEASUREMENTS, row, "x.csv") == ()


def test_trials_are_numbered_within_model_stage_and_batch_size() -> None:
    rows = [a_row(1), a_row(2), status_row(SPEC, "final", 7, 64, "refused")]
    assert next_trial_number(rows, SPEC, "sweep", 64) == 3
    assert next_trial_number(rows, SPEC, "sweep", 128) == 1


def test_what_was_appended_is_read_again(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "rows.csv")
    file.append(a_row(1))
    file.append(a_row(2))
    file.close()
    assert read_rows(tmp_path / "rows.csv") == [a_row(1), a_row(2)]


@given(cut=st.integers(0, 400))
@settings(max_examples=60)
def test_a_file_cut_anywhere_keeps_its_whole_rows(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "rows.csv"
    file = RowFile(path)
    for number in (1, 2, 3):
        file.append(a_row(number))
    file.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: min(cut, len(whole))])
    lines = whole[: min(cut, len(whole))].count(b"\n")
    assert read_rows(path) == [a_row(number) for number in range(1, max(lines, 1))]
    RowFile(path).append(a_row(9))
    assert read_rows(path)[-1] == a_row(9)
    assert path.read_bytes().count(b"\n") == max(lines, 1) + 1


def test_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(",".join(HEADER) + "\nresnet50,224,6")
    assert repair(path) == len("resnet50,224,6")
    assert path.read_text() == ",".join(HEADER) + "\n"


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.csv"
    file = RowFile(path)
    file.append(a_row(1))
    before = path.read_bytes()
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        write(descriptor, data[:5])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UserError) as caught:
        file.append(a_row(2))
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{path}: a row could not be written: No space left on device.\n"
        "  fix: make room and go on with `joule-measure resume`; every earlier row is safe."
    )
    assert path.read_bytes() == before
    file.append(a_row(2))
    assert read_rows(path) == [a_row(1), a_row(2)]


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("model,energy\n")
    with pytest.raises(UserError) as caught:
        read_rows(path)
    assert str(caught.value) == (
        f"{path}:1:1: found the columns model, energy\n"
        f"  expected: {', '.join(HEADER)}\n"
        "  fix: name another --output, or bring the file to this schema."
    )


def test_shards_are_merged_in_order_and_removed(tmp_path: Path) -> None:
    for name, number in (("b", 2), ("a", 1)):
        file = RowFile(tmp_path / f"{name}.csv")
        file.append(a_row(number))
        file.close()
    merged = merge(tmp_path / "all.csv", [tmp_path / "a.csv", tmp_path / "b.csv"])
    assert merged == read_rows(tmp_path / "all.csv") == [a_row(1), a_row(2)]
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


def test_a_shard_that_was_merged_before_is_not_doubled(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "a.csv")
    file.append(a_row(1))
    file.close()
    content = (tmp_path / "a.csv").read_bytes()
    merge(tmp_path / "all.csv", [tmp_path / "a.csv"])
    # As after a crash between the new target and the removal of the shard.
    (tmp_path / "a.csv").write_bytes(content)
    assert merge(tmp_path / "all.csv", [tmp_path / "a.csv"]) == [a_row(1)]
