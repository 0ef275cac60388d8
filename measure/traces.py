"""From a trial to the Parquet file of its power trace, and back to power that the replay meter plays."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from measure.replay import TracedPower
from measure.results import Row
from measure.trial import Trial


def write_trace(folder: Path, row: Row, trial: Trial) -> Path:
    """Write a trial's readings: counter updates, power samples and completions, each with its time.

    Returns:
        The file: model, input size, stage, batch size and trial make its name. Columns: kind (update, sample,
        completion), time_s, energy_mj, instant_w, average_w, in_window.
    """
    trace = trial.trace
    opened_s, closed_s = (trace.updates[index].time_s for index in trace.window)
    records = [
        *(("update", update.time_s, update.energy_mj, None, None) for update in trace.updates),
        *(("sample", sample.time_s, None, sample.instant_w, sample.average_w) for sample in trace.samples),
        *(("completion", time_s, None, None, None) for time_s in trace.completions_s),
    ]
    records.sort(key=lambda record: record[1])
    kinds, times, energies, instants, averages = zip(*records, strict=True)
    table = pa.table(
        {
            "kind": pa.array(kinds, pa.string()),
            "time_s": pa.array(times, pa.float64()),
            "energy_mj": pa.array(energies, pa.float64()),
            "instant_w": pa.array(instants, pa.float64()),
            "average_w": pa.array(averages, pa.float64()),
            "in_window": pa.array([opened_s <= time_s <= closed_s for time_s in times], pa.bool_()),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    name = "_".join(row[column] for column in ("model", "input_size_px", "stage", "batch_size", "trial"))
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, compression="zstd")
    return path


def read_power(path: Path) -> TracedPower:
    """Read the instant power of a trace; time starts at its first sample."""
    table = pq.read_table(path, columns=["kind", "time_s", "instant_w"]).to_pydict()
    samples = [
        (time_s, watts)
        for kind, time_s, watts in zip(table["kind"], table["time_s"], table["instant_w"], strict=True)
        if kind == "sample" and watts is not None
    ]
    first_s = samples[0][0]
    return TracedPower([time_s - first_s for time_s, _ in samples], [watts for _, watts in samples])
