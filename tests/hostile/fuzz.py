"""Changes files of a small data folder at random, and looks whether `check` copes: `python -m tests.hostile.fuzz`."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import click
import duckdb

from builder.problems import Problem, format_problems
from builder.tables import folder, provenance, reader
from builder.tables.check import read_valid
from builder.tables.database import build_database
from builder.tables.folder import DataFiles
from tests.hostile.corpus import payloads

MINI = Path(__file__).parents[1] / "mini" / "data"
TASK = Path("image_classification")
SETUP = TASK / "measurements" / "beta-20gb_pytorch_fp32"
RATED = Path("storytelling")
QUERIES = RATED / "queries" / "alpha-10gb_pytorch_fp32"
# What is changed; the rest of the folder stays as it is.
FILES = (
    Path("gpus.csv"),
    TASK / "architectures.csv",
    TASK / "models.csv",
    TASK / "accuracy.csv",
    SETUP.with_suffix(".csv"),
    TASK / "task.toml",
    SETUP.with_suffix(".toml"),
    RATED / "rated_models.csv",
    RATED / "task.toml",
    QUERIES.with_suffix(".csv"),
    QUERIES.with_suffix(".toml"),
)
LIMIT_S = 2.0
# A process may wait for others on a busy machine: its own time is what counts, and this long on the clock is a hang.
_HANG_S = 60
# Of the folders that are valid after a change, this share is also loaded into a database.
_LOADED = 0.05
# And this share is built into a site, which takes seconds.
_BUILT = 0.01
_BUILD_LIMIT_S = 300
_PROGRESS = 100
# What may be said of a file as a whole, without a line.
_WHOLE_FILE = re.compile(
    r"nothing in .*|no .*|an empty file|[0-9,]+ more .*|[0-9,]+ lines of [0-9,]+ characters|[0-9,]+ bytes"
)
_STRUCTURE = (
    *(b'"', b'""', b'"""', b"'", b"'''", b",", b",,", b"\n", b"\n\n", b"\r", b"\r\n", b"\t", b";", b"=", b"#", b"."),
    *(b"[", b"]", b"[[", b"]]", b"{", b"}", b"[a]", b"[[sources]]", b"[source]", b"a = 1", b"a.b = 1", b"[versions]"),
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\\",
        b"\\u0000",
        b"\\ud800",
    ),
    *(b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xd9\xa3", b"\xef\xbc\x91", b"e\xcc\x81", b"\\U00110000"),
    *(
        b"nan",
        b"inf",
        b"-0",
        b"1e400",
        b"1e-400",
        b"0x10",
        b"1_000",
        b"-1",
        b"0",
        b"1",
        b"00",
        b"1.",
        b".5",
        b"9" * 400,
    ),
    *(
        b"9" * 5000,
        b"0x" + b"f" * 5000,
        b"true",
        b"1979-05-27",
        b"1979-05-27T00:00:00Z",
        b"00:00:00",
        b"[1, 2]",
        b"{a = 1}",
    ),
    *(
        b"((((",
        b"a{1000}",
        b"(a{999}){999}",
        b".*",
        b"|",
        b"(?",
        b"\\Q",
        b"[^",
        b"published",
        b"final",
        b"sweep",
        b"ok",
    ),
)
_TOKENS = (*_STRUCTURE, *(text.encode() for _, text in payloads() if len(text) < 3_000))
_EDGE = re.compile(rb'[,\n"=]')
Change = Callable[[random.Random, bytes], bytes]


@dataclass
class Outcome:
    """What a run found.

    Attributes:
        inputs: How many folders were checked.
        valid: How many of them had no problem.
        loaded: How many of those went into a database.
        built: How many of those became a site.
        slowest_s: The longest time of one check.
        failures: In words, with the file that caused each.
    """

    inputs: int = 0
    valid: int = 0
    loaded: int = 0
    built: int = 0
    slowest_s: float = 0.0
    failures: list[tuple[str, Path, bytes]] = field(default_factory=list)


class FuzzError(AssertionError):
    """What `check` did and must not do."""


def fuzz(inputs: int, seed: int, tell: Callable[[Outcome], None] = lambda _: None, built: float = _BUILT) -> Outcome:
    """Check as many changed folders, the same ones for the same seed.

    Args:
        inputs: How many.
        seed: Another one gives other folders.
        tell: Is given the outcome so far, now and then.
        built: The share of valid folders to build.
    """
    draw = random.Random(seed)
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as scratch, _short_cuts():
        data = Path(scratch).resolve() / "data"
        _write_small(data)
        originals = {path: (data / path).read_bytes() for path in FILES}
        read_valid(data)
        for number in range(inputs):
            if number and not number % _PROGRESS:
                tell(outcome)
            path = draw.choice(FILES)
            content = originals[path]
            for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
                content = draw.choice(CHANGES)(draw, content)
            (data / path).write_bytes(content)
            try:
                chance = draw.random()
                if _check_one(data, path, content, outcome, loaded=chance < _LOADED) and chance < built:
                    _build(data, outcome)
            except Exception as error:
                outcome.failures.append((f"{type(error).__name__}: {error}", path, content))
            (data / path).write_bytes(originals[path])
    return outcome


def _check_one(data: Path, path: Path, content: bytes, outcome: Outcome, *, loaded: bool) -> bool:
    """Check one folder and say whether it is valid."""
    outcome.inputs += 1
    started = time.process_time()
    with _alarm():
        files, problems = read_valid(data)
    took = time.process_time() - started
    outcome.slowest_s = max(outcome.slowest_s, took)
    if took > LIMIT_S:
        raise FuzzError(f"{took:.1f} s")
    for problem in problems:
        _examine(problem, data, path, content)
    lines = format_problems(problems, "github").splitlines()
    if len(lines) != len(problems) or not all(line.startswith("::error file=") for line in lines):
        raise FuzzError("a problem forges a workflow command")
    if not problems:
        outcome.valid += 1
        _same_cells(files, path, content)
        if loaded:
            outcome.loaded += 1
            with build_database(data):
                pass
    return not problems


def _build(data: Path, outcome: Outcome) -> None:
    """Build a site in a process of its own, which knows no short cuts."""
    outcome.built += 1
    command = [str(Path(sys.executable).parent / "joule-atlas"), "build", "--data", str(data)]
    command += ["--out", str(data.parent / "site")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_BUILD_LIMIT_S)
    if finished.returncode:
        raise FuzzError(f"valid and cannot be built: {' '.join(finished.stderr.splitlines()[-1:])}")


def _examine(problem: Problem, data: Path, path: Path, content: bytes) -> None:
    """Look whether a problem says where and what, in characters that show."""
    file = os.path.realpath(problem.path)
    if not file.startswith(str(data)) or not os.path.exists(file):  # noqa: PTH110 - a hundred times a folder
        raise FuzzError(f"{problem.path} is no file of the folder")
    if not (problem.found and problem.expected and problem.fix):
        raise FuzzError(f"{problem} lacks a part")
    if not "".join((problem.found, problem.expected, problem.fix)).isprintable():
        raise FuzzError(f"{problem} has characters that do not show")
    if file == str(data / path) and problem.line > content.count(b"\n") + 1:
        raise FuzzError(f"{problem} is beyond the end of the file")
    if not problem.line and not _WHOLE_FILE.fullmatch(problem.found):
        raise FuzzError(f"{problem} has no line")


def _same_cells(files: DataFiles, path: Path, content: bytes) -> None:
    """Look whether Python's own reader finds the same cells in a valid table."""
    if path.suffix != ".csv":
        return
    frontier, rated = files.tasks
    rows = {
        "gpus": files.gpus,
        "architectures": frontier.architectures,
        "models": frontier.models,
        "accuracy": frontier.accuracy,
        "rated_models": rated.rated_models,
        **{setup.setup: setup.measurements for setup in (*frontier.setups, *rated.queries)},
    }[path.stem]
    if rows is None:
        raise FuzzError("a valid folder lacks a table")
    _, *lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    found = [list(row) for row in zip(*(rows.cells[name] for name in rows.table.header), strict=True)]
    if found != lines:
        raise FuzzError("Python's csv module reads other cells")


def _insert_token(draw: random.Random, content: bytes) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(_TOKENS) + content[at:]


def _replace_cell(draw: random.Random, content: bytes) -> bytes:
    """Put a token in the place of what stands between two commas, quotes, line ends or equal signs."""
    edges = [edge.start() for edge in _EDGE.finditer(content)]
    if len(edges) < 2:
        return content
    place = draw.randrange(len(edges) - 1)
    return content[: edges[place] + 1] + draw.choice(_TOKENS) + content[edges[place + 1] :]


def _change_byte(draw: random.Random, content: bytes) -> bytes:
    if not content:
        return content
    at = draw.randrange(len(content))
    return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]


def _remove_part(draw: random.Random, content: bytes) -> bytes:
    start = draw.randrange(len(content) + 1)
    return content[:start] + content[start + draw.choice((1, 1, 2, 8, 64, 1_000_000)) :]


def _repeat_part(draw: random.Random, content: bytes) -> bytes:
    start = draw.randrange(len(content) + 1)
    part = content[start : start + draw.choice((1, 4, 32, 256))]
    return content[:start] + part * draw.choice((2, 2, 3, 50)) + content[start + len(part) :]


def _repeat_line(draw: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = draw.randrange(len(lines))
    return b"\n".join([*lines[:at], *[lines[at]] * draw.choice((0, 2, 3, 200)), *lines[at + 1 :]])


def _swap_lines(draw: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _repeat_token(draw: random.Random, content: bytes) -> bytes:
    """Insert one token many times, as nesting and endless lines do."""
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(_STRUCTURE) * draw.choice((10, 100, 1_000, 3_000)) + content[at:]


CHANGES: tuple[Change, ...] = (
    _insert_token,
    _insert_token,
    _replace_cell,
    _replace_cell,
    _replace_cell,
    _change_byte,
    _remove_part,
    _repeat_part,
    _repeat_line,
    _swap_lines,
    _repeat_token,
)


def _write_small(data: Path) -> None:
    """Copy the invented data, with one setup alone of each kind."""
    shutil.copytree(MINI, data)
    for setup in (SETUP, QUERIES):
        for path in (data / setup).parent.iterdir():
            if path.stem != setup.name:
                path.unlink()


@contextmanager
def _short_cuts() -> Iterator[None]:
    """Read files that did not change once, and let every check share one DuckDB: most of a small folder's time."""
    connect = duckdb.connect
    kept: dict[tuple[Path, bytes], Any] = {}

    def once(read: Callable[[Any, Path], Any]) -> Callable[[Any, Path], Any]:
        def known(declared: Any, path: Path) -> Any:
            key = (path, path.read_bytes())
            if key in kept:
                return kept[key]
            result = read(declared, path)
            if len(kept) < len(FILES):
                kept[key] = result
            return result

        return known

    with connect(config={"threads": 1}) as engine:

        def shared(*args: object, config: object = None) -> duckdb.DuckDBPyConnection:
            return engine.cursor() if config else connect(*args)  # type: ignore[arg-type]

        with (
            mock.patch("duckdb.connect", shared),
            mock.patch.object(folder, "read_table", once(reader.read_table)),
            mock.patch.object(folder, "read_document", once(provenance.read_document)),
        ):
            yield


@contextmanager
def _alarm() -> Iterator[None]:
    """Raise where the block never ends."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise FuzzError(f"no end after {_HANG_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_HANG_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@click.command()
@click.option("--inputs", default=1_000, show_default=True, help="Folders to check.")
@click.option("--seed", default=0, show_default=True, help="Another one gives other folders.")
@click.option("--built", default=_BUILT, show_default=True, help="Share of the valid ones to build a site of.")
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the files that failed.")
def main(inputs: int, seed: int, built: float, keep: Path | None) -> None:
    """Check changed data folders until one makes `check` fail, hang or say too little."""
    started = time.perf_counter()

    def tell(outcome: Outcome) -> None:
        click.echo(
            f"{outcome.inputs:,} inputs in {time.perf_counter() - started:.0f} s, {outcome.valid:,} valid, "
            f"{outcome.loaded:,} loaded, {outcome.built:,} built, slowest {outcome.slowest_s:.2f} s, "
            f"{len(outcome.failures):,} failures"
        )

    outcome = fuzz(inputs, seed, tell, built)
    for message, count in Counter(f"{path}: {message[:300]}" for message, path, _ in outcome.failures).most_common():
        click.echo(f"{count:6} {message}")
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        for number, (_, path, content) in enumerate(outcome.failures):
            (keep / f"{number}_{path.name}").write_bytes(content)
    tell(outcome)
    sys.exit(bool(outcome.failures))


if __name__ == "__main__":
    main()
