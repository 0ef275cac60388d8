"""The files of a campaign: merged rows, the workers' shards, costs and sentinels, and the lock that guards them."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.problems import UserError
from measure.results import Row, merge, read_rows, repair, row_order, write_rows
from measure.worker import SENTINEL_HEADER
from measure.workload import ModelSpec

COST_HEADER = (
    "campaign",
    "device",
    "card",
    "model",
    "input_size_px",
    "protocol",
    "build_s",
    "sweep_s",
    "final_s",
    "status",
    "reason",
)
# Workers of a supervisor that was killed hold its lock until the kernel has ended them.
_LOCK_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Folder:
    """Where a setup's campaign keeps its files.

    Attributes:
        output: Holds <setup>.csv and <setup>.toml.
        records: Holds what stands beside the rows: sentinels, costs, traces.
        setup: The setup's name.
    """

    output: Path
    records: Path
    setup: str

    @property
    def rows(self) -> Path:
        """The merged rows."""
        return self.output / f"{self.setup}.csv"

    @property
    def provenance(self) -> Path:
        """The provenance beside them."""
        return self.output / f"{self.setup}.toml"

    @property
    def work(self) -> Path:
        """The hidden folder of shards, lock and logs."""
        return self.output / ".joule-measure" / self.setup

    @property
    def sentinels(self) -> Path:
        """The sentinels of all campaigns."""
        return self.records / f"{self.setup}_sentinels.csv"

    @property
    def costs(self) -> Path:
        """What each model cost, and why it has no figure."""
        return self.records / f"{self.setup}_costs.csv"

    @property
    def superseded(self) -> Path:
        """Rows of models that were measured again."""
        return self.records / f"{self.setup}_superseded.csv"

    def supersede(self, specs: Collection[ModelSpec]) -> list[Row]:
        """Move the rows of these models to the superseded ones, where they are before they leave; return them."""
        rows = self.merge_rows()
        moved = [row for row in rows if ModelSpec(row["model"], int(row["input_size_px"])) in specs]
        if moved:
            write_rows(self.superseded, [*read_rows(self.superseded), *moved])
            write_rows(self.rows, [row for row in rows if row not in moved])
        return moved

    def put_back(self, moved: Sequence[Row]) -> None:
        """Undo `supersede` for those of its rows whose models have no new ones."""
        rows = self.merge_rows()
        measured = {(row["model"], row["input_size_px"]) for row in rows}
        back = [row for row in moved if (row["model"], row["input_size_px"]) not in measured]
        if back:
            write_rows(self.rows, sorted([*rows, *back], key=row_order))
            write_rows(self.superseded, [row for row in read_rows(self.superseded) if row not in back])

    def merge_rows(self) -> list[Row]:
        """Merge every shard into the rows; return them."""
        shards = sorted(self.work.glob("rows-*.csv"))
        for path in shards:
            repair(path)
        return merge(self.rows, shards)

    def merge_records(self) -> list[Row]:
        """Merge the sentinels' and costs' shards; return the sentinels."""
        merge(self.costs, self.work.glob("costs-*.csv"), COST_HEADER)
        return merge(self.sentinels, self.work.glob("sentinels-*.csv"), SENTINEL_HEADER)


class Lock:
    """Keeps a second campaign from the same files; children that inherit it keep it while they live."""

    def __init__(self, folder: Folder) -> None:
        folder.work.mkdir(parents=True, exist_ok=True)
        path = folder.work / "lock"
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        until_s = time.monotonic() + _LOCK_PATIENCE_S
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until_s:
                    os.close(self.descriptor)
                    msg = (
                        f"{path} is held: another joule-measure measures {folder.setup}.\n"
                        "  fix: wait for it, or name another --output."
                    )
                    raise UserError(msg) from None
                time.sleep(0.05)
            else:
                return

    def release(self) -> None:
        """Let others in."""
        os.close(self.descriptor)
