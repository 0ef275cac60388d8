"""Puts a site's files where they belong, all of them or none."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from builder.pages.paths import INDEX
from builder.problems import UserError

# <linux/fcntl.h> and <linux/fs.h>; <sys/stdio.h> on macOS.
_AT_FDCWD_LINUX = -100
_AT_FDCWD_MACOS = -2
_RENAME_EXCHANGE = 2


class Writer(Protocol):
    """Takes a site's files one by one."""

    def write(self, path: str, content: bytes) -> None:
        """Take one file; `path` is relative to the site's root, with / between folders."""


class MemoryWriter:
    """Keeps the files in a dictionary: path -> content."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def write(self, path: str, content: bytes) -> None:
        """Keep one file; a second one at the same path is an error of the build."""
        if path in self.files:
            raise ValueError(f"{path} is written twice")
        self.files[path] = content


class FolderWriter:
    """Writes the files under a folder, in another thread than the one that makes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: set[str] = set()
        self._folders: set[Path] = set()
        self._thread = ThreadPoolExecutor(1)
        self._pending: list[Future[int]] = []

    def write(self, path: str, content: bytes) -> None:
        """Write one file; a second one at the same path is an error of the build."""
        # Compared without case: some file systems take Page.html and page.html for one.
        if path.casefold() in self._written:
            raise ValueError(f"{path} is written twice")
        self._written.add(path.casefold())
        file = self.folder / path
        if file.parent not in self._folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(file.parent)
        self._pending.append(self._thread.submit(file.write_bytes, content))

    def finish(self) -> None:
        """Wait until every file is written; raises what went wrong with the first that could not be."""
        self._thread.shutdown()
        for pending in self._pending:
            pending.result()


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[FolderWriter]:
    """Yield a writer to a folder beside `out`; when the block ends well, the folder takes the place of `out`.

    Whatever ends the block otherwise, a kill included, leaves `out` as it was. What a killed build leaves behind is
    removed by the next one.

    Raises:
        UserError: `out` holds something that is no site of ours, or another build is writing it.
    """
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file, and a site is a folder.\n  fix: choose a new or empty folder with --out")
    if _is_foreign(out):
        raise UserError(
            f"{out} holds files that are no Joule Atlas site, so it will not be replaced.\n"
            "  fix: choose a new or empty folder with --out, or remove this one yourself"
        )
    building = out.with_name(f".{out.name}.building")
    building.mkdir(parents=True, exist_ok=True)
    lock = os.open(building, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"Another build is writing {out}.\n  fix: wait until it has finished") from None
        try:
            _empty(building)
            writer = FolderWriter(building)
            try:
                yield writer
            finally:
                writer.finish()
            _swap(building, out)
        finally:
            # After the swap this is the old site, otherwise what was begun.
            shutil.rmtree(building, ignore_errors=True)
    finally:
        os.close(lock)


def _is_foreign(out: Path) -> bool:
    return out.exists() and any(out.iterdir()) and not (out / INDEX).is_file()


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _swap(new: Path, out: Path) -> None:
    if not out.exists():
        new.rename(out)
    elif not _exchange(new, out):
        # No system call for it here: for a moment there is no site, and a kill just then leaves it beside `out`.
        old = out.with_name(f".{out.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        out.rename(old)
        new.rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system or the file system cannot."""
    name, here = ("renameatx_np", _AT_FDCWD_MACOS) if sys.platform == "darwin" else ("renameat2", _AT_FDCWD_LINUX)
    function = getattr(ctypes.CDLL(None), name, None)
    if function is None:
        return False
    return bool(function(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)) == 0)
