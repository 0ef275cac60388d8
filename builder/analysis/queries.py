"""The database into frames: every question that the analysis asks of it, and all of its SQL."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

KEY = ["model", "input_size_px"]
# Of the view query_figures.
PHASES = ("preprocess_mj", "prefill_mj", "decode_mj", "forward_mj")
QUERY_QUANTITIES = (
    "energy_mj",
    "energy_sd_mj",
    *PHASES,
    "latency_ms",
    "power_w",
    "output_tokens_per_item",
    "memory_mib",
)
QUANTITIES = ("energy_mj", "energy_min_mj", "energy_max_mj", "throughput_items_per_s", "latency_ms", "power_w")


@dataclass(frozen=True)
class Query:
    """A question that readers can ask of the downloaded database too.

    Attributes:
        sql: With names for the parameters: `$task`.
        parameters: Name -> text, or texts.
    """

    sql: str
    parameters: Mapping[str, str | list[str]]

    def frame(self, connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
        """Ask it."""
        return connection.execute(self.sql, dict(self.parameters)).df()

    @property
    def text(self) -> str:
        """The same with the parameters written out, to be run as it stands."""
        text = inspect.cleandoc(self.sql)
        # Longer names first: $setup is the beginning of $setups.
        for name in sorted(self.parameters, key=len, reverse=True):
            text = text.replace(f"${name}", _literal(self.parameters[name]))
        return f"{text};\n"


def tasks(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return one row a task."""
    return connection.execute("SELECT * FROM tasks ORDER BY task").df()


def frontier_tasks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tasks that have models with accuracies and measurements."""
    rows = connection.execute("SELECT DISTINCT task FROM models ORDER BY task").fetchall()
    return [str(task) for (task,) in rows]


def test_sets(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a test set, in the task's order."""
    return connection.execute("SELECT * FROM test_sets WHERE task = $task ORDER BY position", {"task": task}).df()


def setups(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a setup: its provenance, and its GPU's columns with `gpu_` before the name."""
    return connection.execute(
        """
        SELECT setups.*, COLUMNS(gpus.* EXCLUDE (gpu)) AS "gpu_\\0"
        FROM setups JOIN gpus USING (gpu)
        WHERE task = $task
        ORDER BY setup
        """,
        {"task": task},
    ).df()


def models(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a model and input size, with its architecture's family, class, year and paper."""
    return connection.execute(
        """
        SELECT models.*, architectures.* EXCLUDE (task, architecture)
        FROM models JOIN architectures USING (task, architecture)
        WHERE task = $task
        ORDER BY model, input_size_px
        """,
        {"task": task},
    ).df()


def accuracies(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a model and input size and one column a test set, NaN where it was not tested."""
    rows = connection.execute(
        """
        SELECT model, input_size_px, test_set, accuracy_pct FROM accuracy
        WHERE task = $task
        ORDER BY model, input_size_px
        """,
        {"task": task},
    ).df()
    wide = rows.pivot(index=KEY, columns="test_set", values="accuracy_pct").sort_index()  # noqa: PD010
    return wide.reindex(columns=test_sets(connection, task)["test_set"].tolist()).rename_axis(columns=None)


def mean_accuracy(wide: pd.DataFrame, chosen: Sequence[str]) -> pd.Series[float]:
    """Return the mean over test sets, in the order chosen; NaN for a model that lacks one of them.

    Args:
        wide: As `accuracies` returns it.
        chosen: Test sets, at least one.
    """
    if not chosen:
        message = "choose at least one test set"
        raise ValueError(message)
    # Summed in the order chosen, as the browser does.
    total = wide[chosen[0]].copy()
    for test_set in chosen[1:]:
        total += wide[test_set]
    return (total / len(chosen)).rename("accuracy_pct")


def setup_models(connection: duckdb.DuckDBPyConnection, task: str, setup: str, chosen: Sequence[str]) -> pd.DataFrame:
    """Return a setup's figures with each model's class and its accuracy, averaged over the test sets chosen.

    Every model that has a row in the setup is there: `energy_mj` is NaN where it was not measured (`status` says
    why), `accuracy_pct` NaN where a test set is missing.
    """
    figures = connection.execute(
        """
        SELECT figures.* EXCLUDE (task, setup), models.architecture, parameters_m, macs_g, activations_m,
               architectures.family, architectures.class, architectures.year
        FROM figures
        JOIN models USING (task, model, input_size_px)
        JOIN architectures USING (task, architecture)
        WHERE figures.task = $task AND figures.setup = $setup
        ORDER BY model, input_size_px
        """,
        {"task": task, "setup": setup},
    ).df()
    accuracy = mean_accuracy(accuracies(connection, task), chosen)
    return _floats(figures.join(accuracy, on=KEY))


def energies(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a model with a figure and one column a setup: the energy in mJ, NaN where there is none."""
    rows = connection.execute(
        "SELECT model, input_size_px, setup, energy_mj FROM figures WHERE task = $task ORDER BY ALL",
        {"task": task},
    ).df()
    # Not pivot_table: a model of which no setup has an energy keeps its row.
    wide = rows.pivot(index=KEY, columns="setup", values="energy_mj").sort_index()  # noqa: PD010
    return wide.rename_axis(columns=None)


def figures(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return the figures of all setups, one row a setup and model, with the architecture."""
    rows = connection.execute(
        """
        SELECT figures.* EXCLUDE (task), architecture
        FROM figures JOIN models USING (task, model, input_size_px)
        WHERE figures.task = $task
        ORDER BY setup, model, input_size_px
        """,
        {"task": task},
    ).df()
    return _floats(rows)


def audit_rows(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return the figures of all setups as `figures` does, with the setup's runtime, precision and power limit."""
    rows = connection.execute(
        """
        SELECT figures.* EXCLUDE (task), models.architecture, setups.runtime, setups.precision,
               coalesce(setups.measured_power_limit_w, gpus.tdp_w) AS power_limit_w
        FROM figures
        JOIN models USING (task, model, input_size_px)
        JOIN setups USING (task, setup)
        JOIN gpus USING (gpu)
        WHERE figures.task = $task
        ORDER BY setup, model, input_size_px
        """,
        {"task": task},
    ).df()
    return _floats(rows)


def rated_tasks(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the tasks whose models are rated by their queries, by title; they have columns of `tasks`."""
    return connection.execute(
        "SELECT * FROM tasks WHERE task IN (SELECT task FROM data_sets) ORDER BY title, task"
    ).df()


def data_sets(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a data set that a rated task's samples come from, in the task's order."""
    return connection.execute("SELECT * FROM data_sets WHERE task = $task ORDER BY position", {"task": task}).df()


def sources(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a source that the task names, in its order."""
    return connection.execute("SELECT * FROM sources WHERE task = $task ORDER BY position", {"task": task}).df()


def size_classes(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a class of a rated task, smallest models first; none where all are rated together."""
    rows = connection.execute("SELECT * FROM classes WHERE task = $task ORDER BY position", {"task": task}).df()
    return rows.assign(parameters_up_to_m=rows["parameters_up_to_m"].astype(np.float64))


def rated_models(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a rated model, by name."""
    rows = connection.execute("SELECT * FROM rated_models WHERE task = $task ORDER BY model", {"task": task}).df()
    return rows.assign(quality=rows["quality"].astype(np.float64))


def query_setups(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return one row a setup of query runs: its provenance, and its GPU's columns with `gpu_` before the name."""
    return connection.execute(
        """
        SELECT query_setups.*, COLUMNS(gpus.* EXCLUDE (gpu)) AS "gpu_\\0"
        FROM query_setups JOIN gpus USING (gpu)
        WHERE task = $task
        ORDER BY setup
        """,
        {"task": task},
    ).df()


def query_figures(connection: duckdb.DuckDBPyConnection, task: str) -> pd.DataFrame:
    """Return the mean of the runs of each setup, rated model and batch size, with the setup's runtime and precision."""
    rows = connection.execute(
        """
        SELECT query_figures.* EXCLUDE (task), query_setups.gpu, query_setups.runtime, query_setups.precision
        FROM query_figures JOIN query_setups USING (task, setup)
        WHERE query_figures.task = $task
        ORDER BY setup, model, batch_size
        """,
        {"task": task},
    ).df()
    return rows.assign(**{name: rows[name].astype(np.float64) for name in QUERY_QUANTITIES})


def query_runs(connection: duckdb.DuckDBPyConnection, task: str, setup: str) -> pd.DataFrame:
    """Return every run of a setup, in the file's order."""
    return connection.execute(
        "SELECT * EXCLUDE (task, setup) FROM query_runs WHERE task = $task AND setup = $setup ORDER BY line",
        {"task": task, "setup": setup},
    ).df()


def latest_epoch(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the rows of the epoch that was frozen last, as in its file; none where none was frozen."""
    return connection.execute("SELECT * FROM epochs WHERE epoch = (SELECT max(epoch) FROM epochs) ORDER BY line").df()


def rated_rows(rated: Sequence[str]) -> Query:
    """Ask for what pictures of rated models are drawn from: one row a model that has an energy one query at a time.

    Args:
        rated: Task and rated setup, as `task/setup`.
    """
    return Query(
        """
        SELECT task, setup, model, rated_models.title, family, approach, parameters_m, quality, quality_note, energy_mj,
               energy_mj / 3600 AS energy_wh_per_1000, energy_sd_mj, runs
        FROM query_figures JOIN rated_models USING (task, model)
        WHERE list_contains($rated, task || '/' || setup) AND batch_size = 1 AND energy_mj IS NOT NULL
        ORDER BY task, energy_mj, model
        """,
        {"rated": list(rated)},
    )


def batch_rows() -> Query:
    """Ask for the energy of every rated model in batches, over what it takes one at a time, in percent."""
    return Query(
        """
        SELECT task, tasks.title, setup, model, batch_size, energy_mj,
               100 * energy_mj / first(energy_mj ORDER BY batch_size) OVER one AS energy_pct
        FROM query_figures JOIN tasks USING (task)
        WHERE energy_mj IS NOT NULL
        WINDOW one AS (PARTITION BY task, setup, model)
        QUALIFY min(batch_size) OVER one = 1 AND max(batch_size) OVER one > 1
        ORDER BY task, setup, model, batch_size
        """,
        {},
    )


def drawn_rows(task: str, test_set: str, setups: Sequence[str]) -> Query:
    """Ask for what figures are drawn from: one row a setup and model that has an energy there.

    A model that was not tested has no accuracy, and the row stays.
    """
    return Query(
        """
        SELECT setup, gpu, runtime, precision, model, input_size_px, class, year, accuracy_pct, energy_mj,
               throughput_items_per_s, power_w, parameters_m, macs_g, activations_m, tdp_w
        FROM figures
        JOIN setups USING (task, setup)
        JOIN gpus USING (gpu)
        JOIN models USING (task, model, input_size_px)
        JOIN architectures USING (task, architecture)
        LEFT JOIN (SELECT * FROM accuracy WHERE test_set = $test_set) USING (task, model, input_size_px)
        WHERE task = $task AND list_contains($setups, setup) AND energy_mj IS NOT NULL
        ORDER BY setup, model, input_size_px
        """,
        {"task": task, "test_set": test_set, "setups": list(setups)},
    )


def architecture_rows(
    task: str, test_set: str, setups: Sequence[str], doubted: Collection[tuple[str, str, int]] = ()
) -> Query:
    """Ask for the energy of architectures: one row a setup, architecture and input size, the median over its tags.

    With it stands the architecture's best model: the tag with the highest accuracy, whatever the setup.

    Args:
        task: The task.
        test_set: For the accuracy.
        setups: Which.
        doubted: Setup, model and input size of rows to leave out.
    """
    left_out = sorted(f"{setup} {model} {size}" for setup, model, size in doubted if setup in setups)
    return Query(
        """
        WITH best AS (
            SELECT architecture, input_size_px, first(model ORDER BY accuracy_pct DESC NULLS LAST, model) AS model,
                   max(accuracy_pct) AS accuracy_pct
            FROM models LEFT JOIN (SELECT * FROM accuracy WHERE test_set = $test_set) USING (task, model, input_size_px)
            WHERE task = $task
            GROUP BY ALL
        )
        SELECT setup, gpu, runtime, precision, architecture, input_size_px, class, best.model, best.accuracy_pct,
               median(energy_mj) AS energy_mj, count(*) AS tags
        FROM figures
        JOIN setups USING (task, setup)
        JOIN models USING (task, model, input_size_px)
        JOIN architectures USING (task, architecture)
        JOIN best USING (architecture, input_size_px)
        WHERE task = $task AND list_contains($setups, setup) AND energy_mj IS NOT NULL
          AND NOT list_contains($doubted::VARCHAR[], concat_ws(' ', setup, figures.model, input_size_px))
        GROUP BY ALL
        ORDER BY setup, architecture, input_size_px
        """,
        {"task": task, "test_set": test_set, "setups": list(setups), "doubted": left_out},
    )


def sweep_rows(task: str) -> Query:
    """Ask for the batch sizes that sweeps tried: the median of the trials that ran well, with the least of the model.

    Models at one batch size alone are left out: there is nothing to compare.
    """
    return Query(
        """
        WITH tried AS (
            SELECT setup, model, input_size_px, batch_size,
                   median(energy_mj_per_item) AS energy_mj,
                   median(throughput_items_per_s) AS throughput_items_per_s,
                   median(latency_ms) AS latency_ms
            FROM measurements
            WHERE task = $task AND stage = 'sweep' AND energy_mj_per_item IS NOT NULL
            GROUP BY ALL
        )
        SELECT *, energy_mj / min(energy_mj) OVER swept AS energy_over_least,
               throughput_items_per_s / max(throughput_items_per_s) OVER swept AS throughput_over_most
        FROM tried
        WINDOW swept AS (PARTITION BY setup, model, input_size_px)
        QUALIFY count(*) OVER swept > 1
        ORDER BY setup, model, input_size_px, batch_size
        """,
        {"task": task},
    )


def setup_conditions(task: str, setups: Sequence[str]) -> Query:
    """Ask for what setups have in common and where they differ: GPU, power limit, runtime, precision, protocol."""
    return Query(
        """
        SELECT setup, gpus.title AS gpu, memory_gib, coalesce(measured_power_limit_w, tdp_w) AS power_limit_w,
               runtime, precision, precision_note, protocol_note, control_variables
        FROM setups JOIN gpus USING (gpu) JOIN tasks USING (task)
        WHERE task = $task AND list_contains($setups, setup)
        ORDER BY setup
        """,
        {"task": task, "setups": list(setups)},
    )


def energies_side_by_side(task: str, setups: Sequence[str]) -> Query:
    """Ask for the energies of the models that have one in each of several setups, one row a setup and model."""
    return Query(
        """
        SELECT setup, model, input_size_px, energy_mj
        FROM figures
        WHERE task = $task AND list_contains($setups, setup) AND energy_mj IS NOT NULL
        QUALIFY count(*) OVER (PARTITION BY model, input_size_px) = len($setups)
        ORDER BY setup, model, input_size_px
        """,
        {"task": task, "setups": list(setups)},
    )


def _literal(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return "'" + value.replace("'", "''") + "'"


def _floats(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its quantities as float64: DuckDB gives an all-empty column back as objects."""
    return frame.assign(**{column: frame[column].astype(np.float64) for column in QUANTITIES})
