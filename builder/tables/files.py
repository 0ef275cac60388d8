"""From a path to the text of a file that every reader takes in the same way: UTF-8, line feeds, nothing hidden."""

from __future__ import annotations

import stat
from pathlib import Path

from builder.problems import Problem, shown_path

# 100,000 rows of measurements take 15 MB; GitHub refuses files over 100 MB.
MAX_BYTES = 50_000_000
_BOM = b"\xef\xbb\xbf"
_OTHERS = (
    (stat.S_ISLNK, "a symbolic link", "Put the file itself in its place."),
    (stat.S_ISDIR, "a folder", "Rename the folder, or remove it."),
    (lambda mode: not stat.S_ISREG(mode), "neither a file nor a folder", "Put a file in its place."),
)


def read_bytes(path: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return a file's content, or why there is none: missing, a link, a folder, too large."""
    try:
        state = path.lstat()
        for is_other, found, fix in _OTHERS:
            if is_other(state.st_mode):
                return None, (Problem(shown_path(path), 0, 0, found, "a file", fix),)
        if state.st_size > MAX_BYTES:
            found, limit = f"{state.st_size:,} bytes", f"at most {MAX_BYTES:,} bytes"
            return None, (Problem(shown_path(path), 0, 0, found, limit, "Split the table into several setups."),)
        return path.read_bytes(), ()
    except FileNotFoundError:
        found, fix = "no such file", "Add it; data/README.md says what it holds."
    except OSError as error:
        found, fix = f"a file that cannot be read: {error.strerror}", "Mend its permissions."
    return None, (Problem(shown_path(path), 0, 0, found, "a file", fix),)


def decode(content: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """Turn a file's bytes into text.

    Args:
        content: The whole file.
        path: As problems name it.

    Returns:
        The text without byte order mark and with plain line feeds, None where it cannot be read; and what is wrong.
    """
    problems: list[Problem] = []
    if content.startswith(_BOM):
        content = content.removeprefix(_BOM)
        problems.append(Problem(path, 1, 0, "a byte order mark", "plain UTF-8", "Save the file as UTF-8 without BOM."))
    if not content:
        fix = "Fill it, or remove it; data/README.md says what it holds."
        problems.append(Problem(path, 0, 0, "an empty file", "a header at least", fix))
        return None, tuple(problems)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}, which is not UTF-8"
        problems.append(Problem(path, line, 0, found, "UTF-8", "Save the file as UTF-8 without BOM."))
        return None, tuple(problems)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(path, line, 0, "a NUL byte", "printable text", "Restore the file: this is not text."))
        return None, tuple(problems)
    if "\r\n" in text:
        line = text.count("\n", 0, text.index("\r\n")) + 1
        found = "a carriage return before the line feed"
        problems.append(Problem(path, line, 0, found, "a line feed alone", "Save the file with Unix line ends (LF)."))
        text = text.replace("\r\n", "\n")
    return text, tuple(problems)
