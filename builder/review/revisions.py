"""A data folder's name or a git revision into a folder to read: the revision's files lie in a temporary one."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from builder.problems import UserError, quoted
from builder.tables.files import MAX_BYTES

_SYMBOLIC_LINK = "120000"
# More than data/ will have for long; a revision beyond it is refused before anything is written. A few kilobytes of git
# can name one file many times.
_MAX_FILES = 20_000
_MAX_TOTAL_BYTES = 1_000_000_000
# As much for their names, and for a tree that holds itself so many times over that git never ends.
_MAX_LISTING_BYTES = 10_000_000
_MAX_LISTING_S = 60


@dataclass(frozen=True)
class _Blob:
    """A file of a git tree: its mode and object as git names them, its size in bytes, its path in the tree."""

    mode: str
    object: str
    size: int
    path: PurePosixPath


@contextmanager
def data_folder(name: str, data: Path) -> Iterator[Path]:
    """Give a folder that holds a state of the data.

    Blobs are read from git as they are. `git archive` and a checkout would follow .gitattributes, with which a change
    could hide files from its review (export-ignore) or rewrite them (eol, filter).

    Args:
        name: A folder, taken as it is; otherwise a git revision of the repository in the working directory.
        data: Where the data lie in a revision, relative to the working directory.

    Raises:
        UserError: The name is neither, the revision has no such folder, its tree is none that a folder can be, or git
            is missing.
    """
    if name and Path(name).is_dir():
        yield Path(name)
        return
    tree = _tree_of(name, data)
    with tempfile.TemporaryDirectory(prefix="joule-atlas-") as scratch:
        folder = Path(scratch) / "data"
        folder.mkdir()
        _write(_blobs(tree, name), folder, name)
        yield folder


def _tree_of(revision: str, data: Path) -> str:
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UserError(
            f"found {quoted(revision)}, which is no folder and no git revision here\n"
            "  expected: a folder like data/, or a branch, tag or commit of this repository\n"
            "  fix: Correct the name; git fetch brings branches and tags of others."
        )
    place = data.as_posix()
    tree = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit.decode().strip()}:./{place}")
    if tree is None:
        raise UserError(
            f"found no folder {place} in the git revision {quoted(revision)}\n"
            "  expected: the folder of the data, relative to the working directory\n"
            "  fix: Name it with --data, or run this where data/ lies."
        )
    return tree.decode().strip()


def _blobs(tree: str, revision: str) -> list[_Blob]:
    listing = _listing(tree, revision)
    entries = [os.fsdecode(entry) for entry in listing.split(b"\0") if entry]
    if len(entries) > _MAX_FILES:
        raise UserError(
            f"found {len(entries):,} files in the data of the git revision {quoted(revision)}\n"
            f"  expected: at most {_MAX_FILES:,}"
        )
    blobs = []
    for entry in entries:
        description, _, path = entry.partition("\t")
        mode, kind, object_name, size = description.split()
        # Of a submodule there is nothing but its commit.
        if kind == "blob":
            # In the place of a size git says that it lacks the object.
            if not size.isdecimal():
                raise _refusal(path, revision, "which git cannot read", "a file that is in the repository")
            blobs.append(_Blob(mode, object_name, int(size), PurePosixPath(path)))
    _require_apart(blobs, revision)
    total = sum(blob.size for blob in blobs if blob.size <= MAX_BYTES)
    if total > _MAX_TOTAL_BYTES:
        raise UserError(
            f"found {total:,} bytes in the data of the git revision {quoted(revision)}\n"
            f"  expected: at most {_MAX_TOTAL_BYTES:,}"
        )
    return blobs


def _listing(tree: str, revision: str) -> bytes:
    command = ["git", "ls-tree", "-r", "-z", "-l", "--full-tree", tree]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        output = cast("IO[bytes]", process.stdout)
        clock = threading.Timer(_MAX_LISTING_S, process.kill)
        clock.start()
        listing = output.read(_MAX_LISTING_BYTES + 1)
        clock.cancel()
        output.close()
        if len(listing) > _MAX_LISTING_BYTES:
            process.kill()
    if len(listing) > _MAX_LISTING_BYTES or process.returncode == -signal.SIGKILL:
        raise UserError(
            f"found no end of files in the data of the git revision {quoted(revision)}\n"
            f"  expected: at most {_MAX_FILES:,}"
        )
    if process.returncode:
        raise UserError(f"found no folder that git can read as data in the git revision {quoted(revision)}")
    return listing


def _require_apart(blobs: Sequence[_Blob], revision: str) -> None:
    """Refuse a tree that no folder can be: git keeps such trees, and a checkout takes the last of two entries."""
    uses = Counter(blob.path for blob in blobs)
    for path in uses:
        if ".." in path.parts or path.is_absolute():
            raise _refusal(str(path), revision, "which leaves the folder", "a path under data/")
        if uses[path] > 1:
            raise _refusal(str(path), revision, "twice", "one file of a name")
        if parent := next((parent for parent in path.parents if parent in uses), None):
            raise _refusal(str(parent), revision, "both as a file and as a folder", "one of the two")


def _write(blobs: Sequence[_Blob], folder: Path, revision: str) -> None:
    """Write the files; links last, so that no file is written where one leads.

    A link is refused by `check` wherever it leads: it is written leading to itself, and its content stays unread.
    """
    files = [blob for blob in blobs if blob.mode != _SYMBOLIC_LINK]
    contents = _contents([blob for blob in files if blob.size <= MAX_BYTES], revision)
    for blob in [*files, *(blob for blob in blobs if blob.mode == _SYMBOLIC_LINK)]:
        path = folder / blob.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == _SYMBOLIC_LINK:
                path.symlink_to(path.name)
                continue
            # Only where nothing is, which a link would be.
            with path.open("xb") as file:
                if blob.size > MAX_BYTES:
                    # It stays unread: its size alone is what `check` refuses.
                    file.truncate(blob.size)
                else:
                    file.write(next(contents))
        except OSError as error:
            raise _refusal(str(blob.path), revision, f"which cannot be written here: {error.strerror}") from None


def _contents(blobs: Sequence[_Blob], revision: str) -> Iterator[bytes]:
    """Yield the content of each blob, in their order."""
    with tempfile.TemporaryFile() as contents:
        ids = "".join(f"{blob.object}\n" for blob in blobs)
        subprocess.run(["git", "cat-file", "--batch"], input=ids.encode(), stdout=contents, check=False)  # noqa: S607
        contents.seek(0)
        for blob in blobs:
            header, content = contents.readline(), contents.read(blob.size)
            if header != f"{blob.object} blob {blob.size}\n".encode() or contents.readline() != b"\n":
                raise _refusal(str(blob.path), revision, "which git cannot read", "a file that is in the repository")
            yield content


def _refusal(
    path: str, revision: str, what: str, expected: str = "a path of fewer and plainer characters"
) -> UserError:
    return UserError(
        f"found {quoted(path)} in the data of the git revision {quoted(revision)}, {what}\n  expected: {expected}"
    )


def _git(*arguments: str) -> bytes | None:
    """Return what git prints; None where it fails."""
    try:
        finished = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise UserError("found no git on this machine\n  fix: Install git, or name two data folders.") from None
    return finished.stdout if finished.returncode == 0 else None
