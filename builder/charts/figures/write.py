"""The database into a folder with every figure and table of the paper: `joule-atlas figures --out DIR`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from builder.charts.figures import FIGURES
from builder.charts.figures.figure import Figure
from builder.charts.figures.material import load_material
from builder.charts.figures.render import pdf, png, print_spec, svg
from builder.charts.figures.tables import Table, table_1, table_2
from builder.problems import UserError
from builder.tables.database import build_database

INDEX = "index.json"
# Maker -> what the data must hold for it.
_NO_FP16 = "no card has enough models in FP32 and in FP16 with PyTorch."
_ONE_CARD = "only one generation of cards has enough models in FP32 with PyTorch."
NEEDS = {
    "batch_size_figure": "Fig 7: no setup has sweeps over several batch sizes.",
    "precision_steps_figure": f"steps-precision: {_NO_FP16}",
    "precision_models_figure": f"steps-precision-models: {_NO_FP16}",
    "card_steps_figure": f"steps-cards: {_ONE_CARD}",
    "card_models_figure": f"steps-cards-models: {_ONE_CARD}",
}


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        keys: Figures and tables, in the paper's order.
        left_out: One sentence for each figure that the data do not give.
    """

    keys: tuple[str, ...]
    left_out: tuple[str, ...]


def write_figures(data: Path, out: Path) -> Written:
    """Write every figure as SVG, PDF, PNG and Vega-Lite, every table as Markdown and LaTeX, each with CSV and SQL.

    Raises:
        UserError: The data are not valid, or lack a setup of the study; or the folder cannot be written.
    """
    with build_database(data, None) as connection:
        return write_figures_of(connection, out)


def write_figures_of(connection: duckdb.DuckDBPyConnection, out: Path) -> Written:
    """Write what `write_figures` does, from a database."""
    try:
        material = load_material(connection)
    except LookupError as error:
        raise UserError(f"{error}\n  fix: the paper's figures need the study's four setups under data/") from error
    # Before anything is drawn, which takes long.
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
    made = {maker.__name__: maker(material) for maker in FIGURES}
    figures = [figure for figure in made.values() if figure]
    tables = [table_1(connection), table_2(connection)]
    with _writing(out):
        entries = [_write_figure(figure, out) for figure in figures] + [_write_table(table, out) for table in tables]
        (out / INDEX).write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Written(
        keys=tuple(str(entry["key"]) for entry in entries),
        left_out=tuple(NEEDS[name] for name, figure in made.items() if figure is None),
    )


def summary(written: Written, out: Path) -> str:
    """Return what a person at a terminal reads."""
    return "\n".join([f"{out}: {', '.join(written.keys)}", *(f"Left out: {reason}" for reason in written.left_out)])


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = (
            f"{out} cannot be written: {error.strerror}\n"
            "  expected: a folder, or a place for a new one\n"
            "  fix: name another folder with --out"
        )
        raise UserError(message) from error


def _write_figure(figure: Figure, out: Path) -> dict[str, Any]:
    spec = figure.spec(titled=True)
    vega_lite = json.dumps(print_spec(figure), ensure_ascii=False, separators=(",", ":")) + "\n"
    files = {
        "svg": svg(spec),
        "pdf": pdf(spec),
        "png": png(spec),
        "vl.json": vega_lite.encode(),
        "csv": figure.csv.encode(),
        "sql": figure.query.text.encode(),
    }
    return _write(figure, files, out) | {"subtitle": figure.subtitle, "description": figure.description}


def _write_table(table: Table, out: Path) -> dict[str, Any]:
    files = {
        "md": table.markdown.encode(),
        "tex": table.latex.encode(),
        "csv": table.csv.encode(),
        "sql": table.query.text.encode(),
    }
    return _write(table, files, out)


def _write(item: Figure | Table, files: dict[str, bytes], out: Path) -> dict[str, Any]:
    for ending, content in files.items():
        (out / f"{item.key}.{ending}").write_bytes(content)
    return {
        "key": item.key,
        "place": item.place,
        "title": item.title,
        "data_sha256": item.sha256,
        "files": [f"{item.key}.{ending}" for ending in files],
    }
