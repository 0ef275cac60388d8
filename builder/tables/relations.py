"""From the declarations of files to the tables of the database: their columns, keys, CHECKs and the view of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from builder.tables.cells import FORMS
from builder.tables.columns import Column
from builder.tables.schema import (
    ACCURACY,
    ARCHITECTURES,
    EPOCHS,
    GPUS,
    MEASUREMENTS,
    MODELS,
    QUERY_RUNS,
    QUERY_SETUP,
    RATED_MODELS,
    SETUP,
    TASK,
    Document,
    ForeignKey,
)


@dataclass(frozen=True)
class Relation:
    """One table of the database.

    Attributes:
        name: As in SQL.
        columns: In order; NOT NULL where they are required.
        key: The primary key.
        foreign_keys: Each refers to the whole key of a table that stands before this one.
        rules: CHECKs over several columns.
        unique: Another key, some of whose columns may be empty.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    rules: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()


TASK_NAME = Column("task", "slug", "The task's folder.", "image_classification")
SETUP_NAME = Column("setup", "slug", "The setup's two files, without extension.", "a100-pcie-40gb_pytorch_fp32")
ARCHITECTURE = Column("architecture", "text", "The model's name before its first dot.", "resnet50")
TAG = Column("tag", "text", "The model's name after its first dot.", "a1_in1k", required=False)
POSITION = Column("position", "integer", "Place in task.toml; the first is 0.", "0", minimum=0, maximum=1e6)
LINE = Column("line", "integer", "Line in the CSV file.", "2", minimum=2, maximum=1e9)
SHA256 = Column(
    "sha256", "text", "Digest of the CSV file.", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)


def free_column(name: str, meaning: str) -> Column:
    """Return the column that holds a free section of a TOML file, as JSON."""
    return Column(name, "text", f"{meaning} JSON: an object of texts.", "{}")


def setup_columns(document: Document) -> tuple[Column, ...]:
    """Return the fields of a setup's provenance, each named after its section too, free sections as JSON."""
    columns: list[Column] = []
    for section, fields in document.sections.items():
        prefix = f"{section}_" if section else ""
        columns += [replace(column, name=prefix + column.name) for column in fields]
        if section in document.free:
            columns.append(free_column(section, document.free[section]))
    return tuple(columns)


def _listed(section: str, key: str) -> tuple[Column, ...]:
    """Return the columns of a repeated section of task.toml, its `key` under the name of what it is the key of."""
    fields = (replace(c, name=key) if c.name == "key" else c for c in TASK.sections[section])
    return (TASK_NAME, *fields, POSITION)


EPOCH = Column("epoch", "slug", "The epoch's file, without extension.", "2026-11-23_0a1b2c3d4e")

# As `check` has it: a row without a figure says why.
_FIGURE_OR_STATUS = "(status = 'ok') = (energy_mj_per_item IS NOT NULL)"

_IN_TASK = ForeignKey(("task",), "tasks", ("task",))
_OF_MODEL = ForeignKey(("task", "model", "input_size_px"), "models", ("task", "model", "input_size_px"))
_OF_ARCHITECTURE = ForeignKey(("task", "architecture"), "architectures", ("task", "architecture"))

RELATIONS = (
    Relation("gpus", GPUS.columns, GPUS.key),
    Relation(
        "tasks",
        (TASK_NAME, *TASK.sections[""], *(free_column(name, meaning) for name, meaning in TASK.free.items())),
        ("task",),
    ),
    Relation("test_sets", _listed("test_sets", "test_set"), ("task", "test_set"), (_IN_TASK,)),
    Relation("data_sets", _listed("data_sets", "data_set"), ("task", "data_set"), (_IN_TASK,)),
    Relation("classes", _listed("classes", "class"), ("task", "class"), (_IN_TASK,)),
    Relation("sources", (TASK_NAME, POSITION, *TASK.sections["sources"]), ("task", "position"), (_IN_TASK,)),
    Relation(
        "architectures",
        (TASK_NAME, ARCHITECTURE, *(column for column in ARCHITECTURES.columns if column.name != "pattern")),
        ("task", "architecture"),
        (_IN_TASK,),
    ),
    Relation(
        "models",
        (TASK_NAME, *MODELS.columns[:2], ARCHITECTURE, TAG, *MODELS.columns[2:]),
        ("task", *MODELS.key),
        (_OF_ARCHITECTURE,),
    ),
    Relation(
        "accuracy",
        (TASK_NAME, *ACCURACY.columns),
        ("task", *ACCURACY.key),
        (_OF_MODEL, ForeignKey(("task", "test_set"), "test_sets", ("task", "test_set"))),
    ),
    Relation(
        "setups",
        (TASK_NAME, SETUP_NAME, *setup_columns(SETUP), SHA256),
        ("task", "setup"),
        (_IN_TASK, ForeignKey(("gpu",), "gpus", ("gpu",))),
    ),
    # No key to models: a measurement may be of a bare architecture.
    Relation(
        "measurements",
        (TASK_NAME, SETUP_NAME, LINE, MEASUREMENTS.columns[0], ARCHITECTURE, *MEASUREMENTS.columns[1:]),
        ("task", "setup", "line"),
        (ForeignKey(("task", "setup"), "setups", ("task", "setup")), _OF_ARCHITECTURE),
        (_FIGURE_OR_STATUS,),
        # Not the primary key: a batch size may be empty.
        ("task", "setup", *MEASUREMENTS.key),
    ),
    Relation("rated_models", (TASK_NAME, *RATED_MODELS.columns), ("task", "model"), (_IN_TASK,)),
    Relation(
        "query_setups",
        (TASK_NAME, SETUP_NAME, *setup_columns(QUERY_SETUP), SHA256),
        ("task", "setup"),
        (_IN_TASK, ForeignKey(("gpu",), "gpus", ("gpu",))),
    ),
    Relation(
        "query_runs",
        (TASK_NAME, SETUP_NAME, LINE, *QUERY_RUNS.columns),
        ("task", "setup", "line"),
        (
            ForeignKey(("task", "setup"), "query_setups", ("task", "setup")),
            ForeignKey(("task", "model"), "rated_models", ("task", "model")),
        ),
        (_FIGURE_OR_STATUS,),
        ("task", "setup", *QUERY_RUNS.key),
    ),
    Relation("epochs", (EPOCH, LINE, *EPOCHS.columns), ("epoch", "line"), (_IN_TASK,)),
)

NUMERIC_TYPES = ("DOUBLE", "BIGINT")

# The figure of each model and setup: the published one, or the median of the final trials. A row of the model itself
# goes before one of its bare architecture, which counts for all tags where the weights are random. Where no trial
# succeeded, the status is that of the smallest batch size; where the sweep did and no final trial followed, there is no
# figure yet: not_recorded.
FIGURES = """
CREATE VIEW figures AS
WITH candidates AS (
    SELECT m.task, r.setup, m.model, m.input_size_px, r.line, r.stage, r.batch_size, r.status,
        r.energy_mj_per_item, r.throughput_items_per_s, r.latency_ms
    FROM models AS m
    JOIN measurements AS r
        ON r.task = m.task AND r.architecture = m.architecture AND r.input_size_px = m.input_size_px
    JOIN setups AS s ON s.task = r.task AND s.setup = r.setup
    WHERE r.model = m.model OR (r.model = m.architecture AND s.weights = 'random')
    QUALIFY (r.model = m.model) = bool_or(r.model = m.model)
        OVER (PARTITION BY m.task, r.setup, m.model, m.input_size_px)
),
staged AS (
    SELECT *, status = 'ok' AND stage <> 'sweep' AS counts
    FROM candidates
    QUALIFY (stage <> 'sweep') = bool_or(stage <> 'sweep') OVER (PARTITION BY task, setup, model, input_size_px)
)
SELECT task, setup, model, input_size_px,
    median(energy_mj_per_item) FILTER (counts) AS energy_mj,
    min(energy_mj_per_item) FILTER (counts) AS energy_min_mj,
    max(energy_mj_per_item) FILTER (counts) AS energy_max_mj,
    count(*) FILTER (counts) AS trials,
    median(throughput_items_per_s) FILTER (counts) AS throughput_items_per_s,
    median(latency_ms) FILTER (counts) AS latency_ms,
    min(batch_size) FILTER (counts) AS batch_size,
    median(energy_mj_per_item) FILTER (counts) * median(throughput_items_per_s) FILTER (counts) / 1000 AS power_w,
    CASE
        WHEN bool_or(counts) THEN 'ok'
        WHEN bool_or(status = 'ok') THEN 'not_recorded'
        ELSE arg_min(status, (coalesce(batch_size, 0), line))
    END AS status,
    min(stage) AS stage
FROM staged
GROUP BY task, setup, model, input_size_px
"""

# The figure of each rated model, setup and batch size: the mean of its runs, which all take the same samples. Where no
# run succeeded, the status is that of the first.
QUERY_FIGURES = """
CREATE VIEW query_figures AS
SELECT task, setup, model, batch_size,
    avg(energy_mj_per_item) AS energy_mj,
    stddev_samp(energy_mj_per_item) AS energy_sd_mj,
    count(energy_mj_per_item) AS runs,
    avg(preprocess_mj_per_item) AS preprocess_mj,
    avg(prefill_mj_per_item) AS prefill_mj,
    avg(decode_mj_per_item) AS decode_mj,
    avg(forward_mj_per_item) AS forward_mj,
    avg(latency_ms) AS latency_ms,
    avg(mean_power_w) AS power_w,
    avg(output_tokens_per_item) AS output_tokens_per_item,
    max(memory_mib) AS memory_mib,
    min(samples) AS samples,
    CASE WHEN bool_or(status = 'ok') THEN 'ok' ELSE arg_min(status, line) END AS status
FROM query_runs
GROUP BY task, setup, model, batch_size
"""


def create_table(relation: Relation) -> str:
    """Return the statement that creates a table with its keys and the CHECKs of its columns."""
    parts = [
        f'"{column.name}" {sql_type(column)}{" NOT NULL" if column.required else ""}{_check(column)}'
        for column in relation.columns
    ]
    parts.append(f"PRIMARY KEY ({_names(relation.key)})")
    parts += [f"UNIQUE ({_names(relation.unique)})"] if relation.unique else []
    parts += [f"CHECK ({rule})" for rule in relation.rules]
    parts += [
        f'FOREIGN KEY ({_names(key.columns)}) REFERENCES "{key.table}" ({_names(key.references)})'
        for key in relation.foreign_keys
    ]
    return f'CREATE TABLE "{relation.name}" ({", ".join(parts)})'


def sql_type(column: Column) -> str:
    """Return the type that a column has in DuckDB."""
    types = {"number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}
    return types.get(column.kind, "VARCHAR")


def _check(column: Column) -> str:
    name = f'"{column.name}"'
    conditions = []
    if column.kind == "number":
        conditions.append(f"isfinite({name})")
    if column.above is not None:
        conditions.append(f"{name} > {column.above!r}")
    if column.minimum is not None:
        conditions.append(f"{name} >= {column.minimum!r}")
    if column.maximum is not None:
        conditions.append(f"{name} <= {column.maximum!r}")
    if column.choices:
        conditions.append(f"{name} IN ({', '.join(map(_text, column.choices))})")
    elif column.kind in {"name", "slug", "url"}:
        conditions.append(f"regexp_full_match({name}, {_text(FORMS[column.kind].pattern)})")
    elif column.kind == "text":
        conditions.append(f"{name} <> ''")
    return f" CHECK ({' AND '.join(conditions)})" if conditions else ""


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
