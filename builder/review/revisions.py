"""A data folder's name or a git revision into a folder to read: the revision's files lie in a temporary one."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.problems import UserError, quoted
from builder.tables.files import MAX_BYTES

_SYMBOLIC_LINK = "120000"
# More than data/ will have for long; a revision beyond it is refused before anything is written.
_MAX_FILES = 20_000


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
        UserError: The name is neither, the revision has no such folder, or git is missing.
    """
    if name and Path(name).is_dir():
        yield Path(name)
        return
    tree = _tree_of(name, data)
    with tempfile.TemporaryDirectory(prefix="joule-atlas-") as scratch:
        folder = Path(scratch) / "data"
        folder.mkdir()
        _write(_blobs(tree, name), folder)
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
    listing = _git("ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    if listing is None:
        raise UserError(f"found a file, not a folder, as data in the git revision {quoted(revision)}")
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
            blobs.append(_Blob(mode, object_name, int(size), PurePosixPath(path)))
    return blobs


def _write(blobs: list[_Blob], folder: Path) -> None:
    # A file that is too large stays unread: its size alone is what `check` refuses.
    wanted = [blob for blob in blobs if blob.size <= MAX_BYTES]
    for blob in blobs:
        if ".." in blob.path.parts or blob.path.is_absolute():
            raise UserError(f"found {quoted(str(blob.path))} as a file's path in git\n  expected: a path under data/")
        path = folder / blob.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if blob.size > MAX_BYTES:
            with path.open("wb") as file:
                file.truncate(blob.size)
    with tempfile.TemporaryFile() as contents:
        ids = "".join(f"{blob.object}\n" for blob in wanted)
        subprocess.run(["git", "cat-file", "--batch"], input=ids.encode(), stdout=contents, check=True)  # noqa: S607
        contents.seek(0)
        for blob in wanted:
            contents.readline()
            content = contents.read(blob.size)
            contents.readline()
            if blob.mode == _SYMBOLIC_LINK:
                (folder / blob.path).symlink_to(os.fsdecode(content))
            else:
                (folder / blob.path).write_bytes(content)


def _git(*arguments: str) -> bytes | None:
    """Return what git prints; None where it fails."""
    try:
        finished = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise UserError("found no git on this machine\n  fix: Install git, or name two data folders.") from None
    return finished.stdout if finished.returncode == 0 else None
