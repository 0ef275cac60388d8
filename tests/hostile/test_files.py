"""Whole files that are no data: each is refused with the message that hostile_files.txt shows."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from builder.problems import format_problems
from builder.tables.check import check

TASK = Path("data/image_classification")
ALPHA = TASK / "measurements" / "alpha-10gb_pytorch_fp32"
GPUS, PATTERNS, MODELS = Path("data/gpus.csv"), TASK / "architectures.csv", TASK / "models.csv"
FIGURES, PROVENANCE = ALPHA.with_suffix(".csv"), ALPHA.with_suffix(".toml")
BETA = TASK / "measurements" / "beta-20gb_pytorch_fp32.csv"
LIMIT = "power_limit_w = 100"
ROW = b"lanternformer_l.base,384,64,published,1,%s,,,,,,,,,,,,,ok\n"
# On the process's own clock: machines that run tests are shared.
LIMIT_S = 2.0


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def replace(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def limit(value: str) -> Callable[[], None]:
    """Return the change that gives the power limit another value."""
    return partial(replace, PROVENANCE, LIMIT, f"power_limit_w = {value}")


def link(path: Path, target: str) -> Callable[[], None]:
    """Return the change that puts a symbolic link in the place of a file or folder."""

    def change() -> None:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        path.symlink_to(target)

    return change


def patterns(number: int, text: str) -> Callable[[], None]:
    """Return the change that adds rows with as many patterns, `#` in them replaced by 0, 1, 2 and so on."""
    rows = [f"{text.replace('#', str(n))},F,cnn,,2015,T,R,https://example.org/\n" for n in range(number)]
    return partial(append, PATTERNS, "".join(rows).encode())


HOSTILE: dict[str, Callable[[], object]] = {
    "a whole number of 5,000 digits": limit("9" * 5_000),
    "a hexadecimal number of 9,000 digits": limit("0x" + "f" * 9_000),
    "a whole number beyond 64 bits": limit("9223372036854775808"),
    "a number beyond a double": limit("1e400"),
    "brackets in brackets": limit("[" * 20_000),
    "tables in tables": limit("{a=" * 10_000),
    "a key of 20,000 parts": partial(replace, PROVENANCE, LIMIT, ".".join("a" * 20_000) + " = 1"),
    "a section of 20,000 parts": partial(append, PROVENANCE, f"[{'.'.join('a' * 20_000)}]\n".encode()),
    "a value of 450 lines": limit("[\n" + '"]",\n' * 450 + "]"),
    "a field without a name": partial(replace, PROVENANCE, LIMIT, '"" = 1'),
    "a field without a name at the top": partial(replace, PROVENANCE, "weights", '"" = 1\nweights'),
    "500 fields that nobody declared": partial(
        replace, PROVENANCE, LIMIT, "x = 1\n" + "".join(f"x{n} = 1\n" for n in range(400))
    ),
    "a version's name with a line feed": partial(append, PROVENANCE, b'[versions]\n"a\\n::error::b" = "1"\n'),
    "a version's name that is a formula": partial(append, PROVENANCE, b'[versions]\n"=1+1" = "1"\n'),
    "a header of 10,000 columns": partial(GPUS.write_text, ",".join(f"column{n}" for n in range(10_000)) + "\n"),
    "a header of two million commas": partial(GPUS.write_text, "," * 2_000_000 + "\n"),
    "a row of 10,000 columns": partial(append, GPUS, b"x" + b"," * 10_000 + b"\n"),
    "a cell of 1 MB": partial(append, GPUS, b"x," + b"y" * 1_000_000 + b"," * 9 + b"\n"),
    "a quoted cell of 1 MB": partial(append, GPUS, b'x,"' + b"y" * 1_000_000 + b'"' + b"," * 9 + b"\n"),
    "a cell of a million quotes": partial(append, GPUS, b'x,"' + b'""' * 500_000 + b'"' + b"," * 9 + b"\n"),
    "a million quotes that do not pair": partial(append, GPUS, b'x,"' + b'""' * 500_000 + b"," * 9 + b"\n"),
    "a number of 40,000 digits": partial(append, FIGURES, ROW % (b"9" * 40_000)),
    "a number of 40,000 decimals": partial(append, FIGURES, ROW % (b"0." + b"0" * 40_000 + b"1")),
    "a number with 9,000 thousands marks": partial(append, FIGURES, ROW % (b'"1' + b",000" * 9_000 + b'x"')),
    "a character that does not show in a final trial": partial(replace, BETA, "16,final,1", "\u202e16,final,1"),
    "two million empty lines": partial(append, GPUS, b"\n" * 2_000_000),
    "a line feed within a cell": partial(append, GPUS, b'x,"a\nb",,,,,,,,,\n'),
    "a NUL byte": partial(append, GPUS, b"x,a\0b,,,,,,,,,\n"),
    "bytes that are not UTF-8": partial(append, GPUS, b"x,\xc0\xaf,,,,,,,,,\n"),
    "surrogates": partial(append, GPUS, b"x,\xed\xa0\x80,,,,,,,,,\n"),
    "20,000 patterns": patterns(20_000, "x#"),
    "patterns that match everything": patterns(1_900, ".*|x#"),
    "patterns that do not compile": patterns(1_900, "(x#"),
    "a pattern that takes years elsewhere": partial(replace, PATTERNS, "weavenet_[sl]", "((a*)*)*|(weavenet_[sl]+)+y"),
    "a link out of the folder": link(GPUS, "/etc/passwd"),
    "a link to itself": link(GPUS, "gpus.csv"),
    "a folder that is a link": link(TASK / "measurements", "/etc"),
    "a setup that is a link": link(FIGURES, "/dev/zero"),
    "a setup called ..": (TASK / "measurements" / "...csv").touch,
    "a setup with a line feed in its name": (TASK / "measurements" / "a\n::error::b.csv").touch,
    "a task with markup in its name": Path("data/<img src=x>").mkdir,
}


def read_messages() -> dict[str, str]:
    """Return the messages by the name of their block."""
    blocks = (Path(__file__).parent / "hostile_files.txt").read_text(encoding="utf-8").split("## ")[1:]
    return {title: message.rstrip("\n") for title, _, message in (block.partition("\n") for block in blocks)}


MESSAGES = read_messages()


def message_of(name: str, mini_data: Path) -> str:
    """Return what `check` says in the working directory, which is empty: at most the first two problems."""
    shutil.copytree(mini_data, "data")
    HOSTILE[name]()
    started = time.process_time()
    problems = check(Path("data"))
    assert time.process_time() - started < LIMIT_S
    rest = f"\n... {len(problems) - 2} more" if len(problems) > 2 else ""
    return format_problems(problems[:2], "text") + rest


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str, mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert message_of(name, mini_data) == MESSAGES[name]


def test_every_message_has_its_file() -> None:
    assert list(MESSAGES) == list(HOSTILE)
