"""From trials to rows of the measurement table: appended one by one, synced, repaired after a crash, merged."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from builder.problems import UserError
from builder.tables.schema import MEASUREMENTS, STAGES
from measure.trial import Trial
from measure.workload import ModelSpec

Row = dict[str, str]
HEADER = MEASUREMENTS.header


def trial_row(spec: ModelSpec, stage: str, number: int, trial: Trial) -> Row:
    """Return the row of a trial that has a figure: 7 significant digits, as everywhere in data/."""
    return _row(
        spec,
        stage,
        number,
        {
            "batch_size": str(trial.batch_size),
            "energy_mj_per_item": _number(trial.energy_mj_per_item),
            "throughput_items_per_s": _number(trial.throughput_items_per_s),
            "latency_ms": _number(trial.latency_ms),
            "mean_power_w": _number(trial.mean_power_w),
            "window_s": _number(trial.window_s),
            "repetitions": str(trial.repetitions),
            "counter_power_ratio": "" if trial.counter_power_ratio is None else f"{trial.counter_power_ratio:.4f}",
            "temperature_start_c": _number(trial.temperature_c[0]),
            "temperature_end_c": _number(trial.temperature_c[1]),
            "sm_clock_start_mhz": str(trial.sm_clock_mhz[0]),
            "sm_clock_end_mhz": str(trial.sm_clock_mhz[1]),
            "throttle_reasons": "+".join(trial.throttle_reasons),
            "memory_mib": f"{trial.memory_mib:.0f}",
            "status": "ok",
        },
    )


def status_row(spec: ModelSpec, stage: str, number: int, batch_size: int | None, status: str) -> Row:
    """Return the row of a trial, or without a batch size of a whole model, that has no figure."""
    return _row(spec, stage, number, {"batch_size": "" if batch_size is None else str(batch_size), "status": status})


def next_trial_number(rows: Iterable[Row], spec: ModelSpec, stage: str, batch_size: int | None) -> int:
    """Return the number after the last trial of this model, stage and batch size."""
    size = "" if batch_size is None else str(batch_size)
    numbers = [
        int(row["trial"]) for row in rows if row["stage"] == stage and row["batch_size"] == size and of(row, spec)
    ]
    return max(numbers, default=0) + 1


def of(row: Row, spec: ModelSpec) -> bool:
    """Say whether a row is of this model."""
    return row["model"] == spec.model and row["input_size_px"] == str(spec.input_size_px)


class RowFile:
    """A CSV file of one writer: a row that `append` has returned from survives a loss of power."""

    def __init__(self, path: Path, header: tuple[str, ...] = HEADER) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._header = header
        repair(path)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        if os.fstat(self._descriptor).st_size == 0:
            self._write(_line(header))
            _sync_folder(path.parent)

    def append(self, row: Row) -> None:
        """Write a row and wait until the disk has it.

        Raises:
            UserError: The disk is full; the file is as it was before.
        """
        self._write(_line([row[name] for name in self._header]))

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _write(self, line: bytes) -> None:
        size = os.fstat(self._descriptor).st_size
        try:
            written = os.write(self._descriptor, line)
            if written < len(line):
                os.write(self._descriptor, line[written:])
            os.fsync(self._descriptor)
        except OSError as error:
            os.ftruncate(self._descriptor, size)
            msg = (
                f"{self._path}: a row could not be written: {error.strerror}.\n"
                "  fix: make room and go on with `joule-measure resume`; every earlier row is safe."
            )
            raise UserError(msg) from error


def repair(path: Path) -> int:
    """Cut off a last line that a crash left without its end; return the number of bytes cut."""
    if not path.exists():
        return 0
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
    return len(content) - whole


def read_rows(path: Path, header: tuple[str, ...] = HEADER) -> list[Row]:
    """Read a file's whole rows; a torn last line is left out, a missing file is empty.

    Raises:
        UserError: The header is not the schema's.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1].decode()
    reader = csv.reader(io.StringIO(whole))
    found = next(reader, list(header))
    if tuple(found) != header:
        msg = (
            f"{path}:1:1: found the columns {', '.join(found)}\n"
            f"  expected: {', '.join(header)}\n"
            "  fix: name another --output, or bring the file to this schema."
        )
        raise UserError(msg)
    return [dict(zip(header, cells, strict=True)) for cells in reader]


def merge(target: Path, shards: Iterable[Path], header: tuple[str, ...] = HEADER) -> list[Row]:
    """Merge shards into the target, sorted and each row once, then remove them; any interruption loses nothing.

    The new target replaces the old one in one step before a shard is removed; a shard that was merged and not yet
    removed holds rows that the target has, and these are dropped.
    """
    shards = sorted(shards)
    rows = {_identity(row, header): row for path in [target, *shards] for row in read_rows(path, header)}
    merged = sorted(rows.values(), key=row_order if header == HEADER else lambda row: [row[name] for name in header])
    if not shards:
        return merged
    write_rows(target, merged, header)
    for path in shards:
        path.unlink()
    return merged


def write_rows(target: Path, rows: Iterable[Row], header: tuple[str, ...] = HEADER) -> None:
    """Replace a file by these rows in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    with draft.open("wb") as file:
        file.write(_line(header) + b"".join(_line([row[name] for name in header]) for row in rows))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    _sync_folder(target.parent)


def row_order(row: Row) -> tuple[str, int, int, int, int]:
    """Return what the rows of a measurement file are sorted by."""
    stage = STAGES.index(row["stage"])
    return (row["model"], int(row["input_size_px"]), stage, int(row["batch_size"] or 0), int(row["trial"]))


def _identity(row: Row, header: tuple[str, ...]) -> tuple[str, ...]:
    names = MEASUREMENTS.key if header == HEADER else header
    return tuple(row[name] for name in names)


def _row(spec: ModelSpec, stage: str, number: int, values: Row) -> Row:
    known = {"model": spec.model, "input_size_px": str(spec.input_size_px), "stage": stage, "trial": str(number)}
    return dict.fromkeys(HEADER, "") | known | values


def _number(value: float) -> str:
    return f"{value:.7g}"


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
