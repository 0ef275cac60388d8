"""A second process that draws the pictures while this one writes the pages: half of a build, on the other core."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pandas as pd

from builder.charts.energy_label import label_png
from builder.charts.explorer import explorer_specs
from builder.charts.first_view import FirstView, first_view
from builder.charts.runtime import vega_runtime
from builder.pages.finding import Findings, load_findings
from builder.pages.rated_pictures import RatedPictures, draw_rated


@dataclass(frozen=True)
class Drawing:
    """What the process draws, one after the other, in the order in which it was asked."""

    executor: ProcessPoolExecutor

    def vega_runtime(self) -> Future[str]:
        """Bundle the script that draws charts in the browser."""
        return self.executor.submit(vega_runtime)

    def explorer_specs(self) -> Future[dict[str, Any]]:
        """Make the specifications of the explorer's chart."""
        return self.executor.submit(explorer_specs)

    def first_view(
        self, models: pd.DataFrame, energies_mj: tuple[float, float], flagged: Collection[tuple[str, int]]
    ) -> Future[FirstView]:
        """Draw the explorer's first view; the arguments are those of `builder.charts.first_view.first_view`."""
        return self.executor.submit(first_view, models, energies_mj, flagged)

    def findings(self, database: Path, noise: Mapping[str, float]) -> Future[Findings]:
        """Draw the findings, of the database and the noise floor (p95) of each setup."""
        return self.executor.submit(_findings, database, dict(noise))

    def rated(self, database: Path) -> Future[RatedPictures]:
        """Draw the pictures of rated tasks."""
        return self.executor.submit(_rated, database)

    def labels(self, svgs: Sequence[str]) -> Labels:
        """Turn energy labels into PNG."""
        return Labels(tuple(svgs), tuple(self.executor.submit(label_png, svg) for svg in svgs))


@dataclass(frozen=True)
class Labels:
    """Energy labels that become PNG in both processes: whichever has nothing else to do takes the next."""

    svgs: tuple[str, ...]
    futures: tuple[Future[bytes], ...]

    def pngs(self) -> list[bytes]:
        """Draw those that the other process has not begun, from the last on, and return all."""
        pngs: list[bytes] = []
        for svg, future in zip(reversed(self.svgs), reversed(self.futures), strict=True):
            pngs.append(label_png(svg) if future.cancel() else future.result())
        return pngs[::-1]


@contextmanager
def drawing(*, alone: bool = False) -> Iterator[Drawing]:
    """Start the process and yield what draws in it.

    It is a process and not a thread because vl-convert lets no other thread run while it draws. What goes wrong in it
    is raised by the future's `result`. It ends with this process, whatever ends that.

    Args:
        alone: Whether nothing but imports has run in this process. Then it can be copied, on Linux, which spares the
            other one the imports; otherwise the other is a new one, because the threads of DuckDB and Arrow may hold
            locks that a copy would never see opened.
    """
    method = "fork" if alone and sys.platform == "linux" else "spawn"
    executor = ProcessPoolExecutor(1, multiprocessing.get_context(method), initializer=_begin)
    # Starts it now: a copy keeps what is open at that moment, such as a lock on the folder that is built.
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
