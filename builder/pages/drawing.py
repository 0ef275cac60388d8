"""A second process that draws the pictures while this one writes the pages: half of a build, on the other core."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

import duckdb

from builder.charts.energy_label import label_png
from builder.pages.finding import Findings, load_findings
from builder.pages.rated_pictures import RatedPictures, draw_rated


@dataclass(frozen=True)
class Drawing:
    """What the process draws, one after the other, in the order in which it was asked."""

    executor: ProcessPoolExecutor

    def findings(self, database: Path, noise: Mapping[str, float]) -> Future[Findings]:
        """Draw the findings, of the database and the noise floor (p95) of each setup."""
        return self.executor.submit(_findings, database, dict(noise))

    def rated(self, database: Path) -> Future[RatedPictures]:
        """Draw the pictures of rated tasks."""
        return self.executor.submit(_rated, database)

    def pngs(self, svgs: Sequence[str]) -> Future[list[bytes]]:
        """Turn energy labels into PNG."""
        return self.executor.submit(_pngs, list(svgs))


@contextmanager
def drawing() -> Iterator[Drawing]:
    """Start the process and yield what draws in it.

    It is a process and not a thread because vl-convert lets no other thread run while it draws, and a new one and not
    a fork because DuckDB's and Arrow's threads may hold locks that a fork would never see opened. What goes wrong in
    it is raised by the future's `result`. It ends with this process, whatever ends that.
    """
    executor = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)
    # Imports this module, which takes as long as checking the data does here.
    executor.submit(_wake)

    try:
        yield Drawing(executor)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    # Charts are hundreds of thousands of small objects that live to the end: looking for garbage finds none.
    gc.disable()
    parent = multiprocessing.parent_process()
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    # A parent that was killed has closed nothing.
    parent.join()
    os._exit(1)


def _wake() -> None:
    pass


def _findings(database: Path, noise: Mapping[str, float]) -> Findings:
    with duckdb.connect(database, read_only=True) as connection:
        return load_findings(connection, noise)


def _rated(database: Path) -> RatedPictures:
    with duckdb.connect(database, read_only=True) as connection:
        return draw_rated(connection)


def _pngs(svgs: list[str]) -> list[bytes]:
    return [label_png(svg) for svg in svgs]
