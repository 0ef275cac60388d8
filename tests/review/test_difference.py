from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.review.difference import Change, Difference, FileDifference, difference
from builder.review.report import Report
from builder.review.sections import to_markdown
from builder.tables.folder import read_folder
from builder.tables.schema import ACCURACY, ARCHITECTURES, GPUS, MEASUREMENTS, MODELS, Table
from tests.review.changes import ALPHA, BETA, TASK, edit

TABLES: dict[Path, Table] = {
    Path("data/gpus.csv"): GPUS,
    TASK / "architectures.csv": ARCHITECTURES,
    TASK / "models.csv": MODELS,
    TASK / "accuracy.csv": ACCURACY,
    ALPHA.with_suffix(".csv"): MEASUREMENTS,
    BETA.with_suffix(".csv"): MEASUREMENTS,
}
WITHIN_ONE_TEST = [HealthCheck.function_scoped_fixture]


def compared(base: Path, head: Path) -> Difference:
    return difference(base, read_folder(base)[0], head, read_folder(head)[0])


def test_a_changed_figure_is_told_with_its_line_and_both_texts(base: Path, data: Path) -> None:
    edit(
        ALPHA.with_suffix(".csv"),
        ("pebblenet_m.plus,224,64,published,1,7.4,", "pebblenet_m.plus,224,32,published,1,7.6,"),
    )
    change = Change(
        ("pebblenet_m.plus", "224", "published"), 5, {"batch_size": ("64", "32"), "energy_mj_per_item": ("7.4", "7.6")}
    )
    path = "image_classification/measurements/alpha-10gb_pytorch_fp32.csv"
    assert compared(base, data) == Difference((FileDifference(path, "changed", changed=(change,)),), 0)


def test_a_trial_at_another_batch_size_is_another_trial(base: Path, data: Path) -> None:
    edit(BETA.with_suffix(".csv"), ("weavenet_s.base,224,1,sweep,1", "weavenet_s.base,224,2,sweep,1"))
    (file,) = compared(base, data).files
    assert (file.added, file.changed, file.removed) == (
        (Change(("weavenet_s.base", "224", "2", "sweep", "1"), 37, {}),),
        (),
        (Change(("weavenet_s.base", "224", "1", "sweep", "1"), 37, {}),),
    )


def test_a_row_that_stands_twice_is_one_row_more(base: Path, data: Path) -> None:
    edit(TASK / "models.csv", ("gridmixer_l.base,224,120,,,\n", "gridmixer_l.base,224,120,,,\n" * 2))
    (file,) = compared(base, data).files
    assert file == FileDifference(
        "image_classification/models.csv", "changed", added=(Change(("gridmixer_l.base", "224", "again (2)"), 14, {}),)
    )


@pytest.mark.parametrize("broken", ["link", "folder", "header"])
def test_a_file_that_cannot_be_read_is_no_removal_of_its_rows(base: Path, data: Path, broken: str) -> None:
    path = TASK / "models.csv"
    if broken == "header":
        edit(path, ("macs_g", "macs"))
    else:
        path.unlink()
        path.symlink_to("../gpus.csv") if broken == "link" else path.mkdir()
    assert compared(base, data) == Difference((FileDifference("image_classification/models.csv", "unreadable"),), 0)


def test_new_and_missing_tasks_and_files_are_told(base: Path, data: Path) -> None:
    shutil.copytree(TASK, "data/other")
    (TASK / "accuracy.csv").unlink()
    states = [(file.path, file.state) for file in compared(base, data).files]
    assert states == [
        ("image_classification/accuracy.csv", "gone"),
        *((path.relative_to("data").as_posix(), "new") for path in sorted(Path("data/other").rglob("*.*"))),
    ]


@given(choose=st.data())
@settings(max_examples=12, suppress_health_check=WITHIN_ONE_TEST)
def test_order_and_notation_are_no_change(base: Path, data: Path, choose: st.DataObject) -> None:
    differing = 0
    for path, table in TABLES.items():
        original = (base / path.relative_to("data")).read_bytes()
        path.write_bytes(reformatted(original.decode(), table, choose).encode())
        differing += path.read_bytes() != original
    notes = {0: "", 1: "; 1 file differs in order or notation alone"}
    note = notes.get(differing, f"; {differing} files differ in order or notation alone")
    expected = f"No change in meaning: all rows and fields of `data/` are as they were{note}.\n"
    assert to_markdown(Report((), 0, compared(base, data), None)) == expected


@given(choose=st.data())
@settings(max_examples=12, suppress_health_check=WITHIN_ONE_TEST)
def test_whichever_number_changes_is_told(base: Path, data: Path, choose: st.DataObject) -> None:
    path = choose.draw(st.sampled_from([ALPHA.with_suffix(".csv"), TASK / "models.csv", TASK / "accuracy.csv"]))
    original = base / path.relative_to("data")
    lines = original.read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    numbers = [column.name for column in TABLES[path].columns if column.kind == "number"]
    filled = [
        (row, header.index(name))
        for row, line in enumerate(lines[1:], start=1)
        for name in numbers
        if line.split(",")[header.index(name)]
    ]
    row, column = choose.draw(st.sampled_from(filled))
    cells = lines[row].split(",")
    old, new = cells[column], f"{float(cells[column]) * 0.875:.7g}"
    cells[column] = new
    lines[row] = ",".join(cells)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    (file,) = compared(base, data).files
    path.write_bytes(original.read_bytes())
    assert [(change.line, change.cells) for change in file.changed] == [(row + 1, {header[column]: (old, new)})]
    assert not file.added
    assert not file.removed


def reformatted(text: str, table: Table, choose: st.DataObject) -> str:
    """Return a table with its rows in another order, other decimals, exponents and quotes: the same content."""
    header, *rows = csv.reader(io.StringIO(text))
    notations = [
        {"number": choose.draw(st.sampled_from(["{}", "{}e0", "{}0", "{}E+00"]))}.get(column.kind, "{}")
        for column in table.columns
    ]
    quotes = choose.draw(st.sampled_from(['"', ""]))
    lines = []
    for row in choose.draw(st.permutations(rows)):
        cells = []
        for cell, notation in zip(row, notations, strict=True):
            fraction = cell if "." in cell else f"{cell}.0"
            written = notation.format(fraction) if cell and notation != "{}" else cell
            needs = "," in written or '"' in written
            cells.append('"' + written.replace('"', '""') + '"' if needs or quotes else written)
        lines.append(",".join(cells))
    return "\n".join([",".join(header), *lines, ""])
