from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.problems import format_problems
from builder.tables import files
from builder.tables.reader import MAX_ALIKE, header_line, parse_table, read_table, row_line
from builder.tables.schema import ACCURACY, ARCHITECTURES, GPUS
from tests.tables.messages import read_messages

HEADER = "model,input_size_px,test_set,accuracy_pct\n"
ROW = "resnet50,224,imagenet,80\n"
WRONG = {
    "a missing column": b"model,input_size_px,test_set\n",
    "an extra column": HEADER.replace("\n", ",note\n").encode(),
    "a wrong name in the header": HEADER.replace("test_set", "testset").encode(),
    "a name in capitals": HEADER.replace("model", "Model").encode(),
    "columns in another order": b"model,test_set,input_size_px,accuracy_pct\n",
    "a column twice": b"model,model,input_size_px,test_set,accuracy_pct\n",
    "no header": ROW.encode(),
    "too few fields": (HEADER + "resnet50,224,imagenet\n" + ROW).encode(),
    "too many fields": (HEADER + ROW + "resnet50,1,000,imagenet,80\n").encode(),
    "an empty line": (HEADER + "\n" + ROW).encode(),
    "a quote within a cell": (HEADER + ROW.replace("net50", 'net"50')).encode(),
    "a quote that is not closed": (HEADER + '"' + ROW).encode(),
    "text after a quoted cell": (HEADER + '"resnet"50,224,imagenet,80\n').encode(),
    "a cell on two lines": (HEADER + '"res\nnet50",224,imagenet,80\n').encode(),
    "a byte order mark": b"\xef\xbb\xbf" + (HEADER + ROW).encode(),
    "carriage returns": (HEADER + ROW).replace("\n", "\r\n").encode(),
    "a lone carriage return": (HEADER + "res\r" + ROW).encode(),
    "carriage returns in place of line feeds": (HEADER + ROW).replace("\n", "\r").encode(),
    "a row that ends in a carriage return": (HEADER + ROW.replace("\n", "\r") + ROW).encode(),
    "a NUL byte": (HEADER + ROW + "res\0net,224,imagenet,80\n").encode(),
    "Latin-1": (HEADER + ROW).encode() + b"r\xe9snet,224,imagenet,80\n",
    "UTF-16": (HEADER + ROW).encode("utf-16"),
    "an empty file": b"",
    "a row that was cut off": (HEADER + ROW + "resnet50,224,imag").encode(),
    "a missing line feed at the end": (HEADER + ROW.rstrip("\n")).encode(),
    "several mistakes at once": ("\ufeff" + HEADER + "resnet50,0,ImageNet,101\nresnet50\n")
    .replace("\n", "\r\n")
    .encode(),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_table_is_told_in_full(name: str) -> None:
    _, problems = parse_table(ACCURACY, WRONG[name], "a.csv")
    assert format_problems(problems, "text") == read_messages("reader")[name]


def test_every_message_about_files_has_its_case() -> None:
    assert set(read_messages("reader")) == set(WRONG)


def test_a_folder_a_link_a_gap_and_a_large_file_are_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    Path("real.csv").write_text(HEADER)
    Path("link.csv").symlink_to("real.csv")
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    told = [
        format_problems(read_table(ACCURACY, Path(name))[1], "text")
        for name in ("folder.csv", "link.csv", "gap.csv", "real.csv", "/dev/null")
    ]
    assert told == [
        "folder.csv: found a folder\n  expected: a file\n  fix: Rename the folder, or remove it.",
        "link.csv: found a symbolic link\n  expected: a file\n  fix: Put the file itself in its place.",
        "gap.csv: found no such file\n  expected: a file\n  fix: Add it; data/README.md says what it holds.",
        "real.csv: found 42 bytes\n  expected: at most 10 bytes\n  fix: Split the table into several setups.",
        "/dev/null: found neither a file nor a folder\n  expected: a file\n  fix: Put a file in its place.",
    ]


def test_rows_hold_texts_numbers_lines_and_digest() -> None:
    content = (HEADER + ROW + "bad,x,imagenet,1\nshort\nlast,96,imagenet-v2,1.5\n").encode()
    rows, _ = parse_table(ACCURACY, content, "a.csv")
    assert rows is not None
    assert list(rows.cells["model"]) == ["resnet50", "bad", "last"]
    assert rows.numbers["accuracy_pct"].tolist() == [80, 1, 1.5]
    assert str(rows.numbers["input_size_px"].tolist()) == "[224.0, nan, 96.0]"
    assert rows.lines.tolist() == [2, 3, 5]
    assert rows.sound.tolist() == [True, False, True]
    assert rows.complete is False
    assert rows.sha256 == hashlib.sha256(content).hexdigest()


def test_a_table_may_have_no_rows_yet() -> None:
    rows, problems = parse_table(ACCURACY, HEADER.encode(), "a.csv")
    assert rows is not None
    assert (len(rows), problems) == (0, ())


def test_more_than_a_hundred_mistakes_of_a_kind_are_counted() -> None:
    content = HEADER + "resnet50,224,imagenet,x\n" * (MAX_ALIKE + 2) + "\n" * (MAX_ALIKE + 3)
    _, problems = parse_table(ACCURACY, content.encode(), "a.csv")
    assert len(problems) == 2 * MAX_ALIKE + 2
    assert format_problems([problem for problem in problems if not problem.line], "text") == (
        "a.csv: found 3 more lines that are no rows\n  expected: none\n  fix: Restore the file.\n"
        "a.csv: found 2 more wrong cells in accuracy_pct\n  expected: none\n  fix: Top-1 accuracy."
    )


def test_a_line_of_quotes_is_judged_in_linear_time() -> None:
    content = header_line(GPUS) + '"' + '""' * 24_000 + "x\n"
    rows, problems = parse_table(GPUS, content.encode(), "a.csv")
    assert [problem.found for problem in problems] == ["quotes that do not pair"]
    assert rows is not None


def test_a_row_with_a_column_that_the_table_lacks_is_not_written() -> None:
    with pytest.raises(KeyError, match="accuracy has no column energy"):
        row_line(ACCURACY, {"energy": "1"})


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"))] * 8)))
def test_cells_are_read_as_the_csv_module_writes_them(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    read, _ = parse_table(ARCHITECTURES, (header_line(ARCHITECTURES) + out.getvalue()).encode(), "a.csv")
    assert read is not None
    assert list(read.keys(ARCHITECTURES.header)) == rows


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_an_error(content: bytes) -> None:
    parse_table(ACCURACY, content, "a.csv")
    parse_table(ACCURACY, HEADER.encode() + content, "a.csv")
