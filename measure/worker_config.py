"""What a worker is told at its start, and the form of what it tells."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from measure.protocol import Protocol, protocol_named
from measure.workload import ModelSpec, WorkloadOptions

Message = dict[str, Any]


@dataclass(frozen=True)
class WorkerConfig:
    """What a worker is told at its start.

    Attributes:
        campaign: The campaign's name: its start in UTC.
        device: The card's NVML index.
        card: The card's name in sentinel and cost rows, the same wherever it is built in: from its UUID.
        workload: Name in the registry.
        options: How models run.
        protocol: Name of the protocol.
        final_trials: Overrules the protocol's number of final trials; 0 does not.
        shard: The file of this worker's rows.
        sentinel_shard: The file of its sentinel rows; "" without sentinels.
        sentinel_moments: When sentinels are measured: start, end.
        traces: A folder for the trials' traces; "" without.
        seed: Of the final trials' order.
        memory_mib: The card's memory.
        deadline_s: Monotonic time at which all must be over; None without.
    """

    campaign: str
    device: str
    card: str
    workload: str
    options: WorkloadOptions
    protocol: str
    final_trials: int
    shard: str
    sentinel_shard: str
    sentinel_moments: tuple[str, ...]
    traces: str
    seed: int
    memory_mib: float
    deadline_s: float | None

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(line: str) -> WorkerConfig:
        """Read what `to_json` wrote."""
        content = json.loads(line)
        content["options"] = WorkloadOptions(**content["options"])
        content["sentinel_moments"] = tuple(content["sentinel_moments"])
        return WorkerConfig(**content)

    def rules(self) -> Protocol:
        """Return the protocol with its overrules."""
        protocol = protocol_named(self.protocol)
        if not self.final_trials:
            return protocol
        most = max(self.final_trials, protocol.most_final_trials)
        return replace(protocol, final_trials=self.final_trials, most_final_trials=most)


def named(spec: ModelSpec) -> list[str | int]:
    """Return a model as messages name it."""
    return [spec.model, spec.input_size_px]
