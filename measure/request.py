"""From what the user asked for to a plan: the request, as it is stored for `resume` and sent to Slurm's tasks."""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from builder.problems import UserError
from measure.batch_sizes import first_batch_size
from measure.campaign import Plan, rows_by_model
from measure.folder import Folder
from measure.model_run import final_batch_size
from measure.nvml import Card, card, cards
from measure.precompile import CACHE_VARIABLE
from measure.protocol import protocol_named
from measure.provenance import SIMULATED_GPU, provenance, read_provenance, setup_name, surroundings
from measure.results import read_rows
from measure.selection import Candidate, read_candidates, select
from measure.worker_config import WorkerConfig
from measure.workload import ModelSpec, WorkloadOptions, workload_task

# The simulated card, as provenance and file names call it.
_SIMULATED_MEMORY_MIB = 40960.0
# For the provenance of rows measured with --compile-cache.
_COMPILED_BEFOREHAND = (
    "Models were compiled beforehand by processes on a card that nobody measured, and their kernels tuned by the "
    "process that measured them."
)


@dataclass(frozen=True)
class Request:
    """A run as the user asked for it; every field is an option of `joule-measure run`."""

    patterns: tuple[str, ...]
    sizes: str
    workload: str
    options: WorkloadOptions
    protocol: str
    final_trials: int
    gpus: tuple[int, ...]
    workers: int
    data: str
    output: str
    records: str
    time_limit_s: float
    step_limit_s: float
    sentinels: bool
    keep_traces: bool
    seed: int
    batch_sizes_from: str
    again: bool
    author: str
    url: str
    # Models of this task alone, where a Slurm array splits them; empty: all that the patterns name.
    share: tuple[int, int] = (0, 1)
    compile_cache: str = ""

    def to_json(self) -> str:
        """Return the request as JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @staticmethod
    def from_json(text: str) -> Request:
        """Read what `to_json` wrote."""
        content: dict[str, Any] = json.loads(text)
        content["options"] = WorkloadOptions(**content["options"])
        for name in ("patterns", "gpus", "share"):
            content[name] = tuple(content[name])
        return Request(**content)


def chosen_cards(request: Request) -> tuple[Card, ...]:
    """Return the cards to measure on: those named, else those that CUDA_VISIBLE_DEVICES leaves, else all.

    Raises:
        UserError: There is none, or they differ: rows of a setup are of one kind of card.
    """
    if request.workload == "simulated":
        return ()
    found = tuple(map(card, request.gpus)) if request.gpus else _visible(cards())
    if not found:
        raise UserError("there is no GPU to measure on.\n  fix: nvidia-smi -L lists them.")
    if len({one.slug for one in found}) > 1:
        kinds = ", ".join(sorted({one.slug for one in found}))
        msg = f"the GPUs differ: {kinds}.\n  fix: choose those of one kind with --gpus."
        raise UserError(msg)
    return found


def folder_of(request: Request, found: Sequence[Card]) -> Folder:
    """Return the folder of the request's setup on these cards."""
    gpu = found[0].slug if found else SIMULATED_GPU
    records = Path(request.records) if request.records else Path("measure") / "validation" / gpu
    task = workload_task(request.workload)
    output = Path(request.output) if request.output else Path(request.data) / task / "measurements"
    return Folder(output, records, setup_name(gpu, request.options))


def models_of(request: Request) -> list[ModelSpec]:
    """Return the models that the request names, fast ones first; of a Slurm task, every n-th."""
    specs = select(_candidates(request), request.patterns, request.sizes)
    task, tasks = request.share
    return specs[task::tasks]


def plan_of(request: Request, found: Sequence[Card], folder: Folder) -> Plan:
    """Return the plan of a request: a worker for each card, or the simulated ones asked for."""
    campaign = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    deadline_s = time.monotonic() + request.time_limit_s if request.time_limit_s else None
    base = WorkerConfig(
        campaign=campaign,
        device="0",
        card=SIMULATED_GPU,
        workload=request.workload,
        options=request.options,
        protocol=request.protocol,
        final_trials=request.final_trials,
        shard=str(folder.work / "rows-{tag}.csv"),
        sentinel_shard=str(folder.work / "sentinels-{tag}.csv") if request.sentinels else "",
        sentinel_moments=("start", "end"),
        traces=str(folder.records / "traces" / folder.setup) if request.keep_traces else "",
        seed=request.seed,
        memory_mib=_SIMULATED_MEMORY_MIB,
        deadline_s=deadline_s,
    )
    configs = [
        replace(
            base,
            device=str(one.index),
            card=one.short_uuid,
            memory_mib=one.memory_total_mib,
            seed=request.seed + 1000 * number,
        )
        for number, one in enumerate(found)
    ] or [replace(base, device=str(number), seed=request.seed + 1000 * number) for number in range(request.workers)]
    cache = {CACHE_VARIABLE: str(Path(request.compile_cache).resolve())} if request.compile_cache else {}
    environments: list[Mapping[str, str]] = [{"CUDA_VISIBLE_DEVICES": one.uuid, **cache} for one in found]
    specs = models_of(request)
    return Plan(
        specs=specs,
        configs=configs,
        environments=environments or [{} for _ in configs],
        protocol=configs[0].rules() if configs else protocol_named(request.protocol),
        batch_sizes=batch_sizes_of(Path(request.batch_sizes_from)) if request.batch_sizes_from else {},
        first_sizes=_first_sizes(request),
        again=frozenset(specs if request.again else ()),
        step_limit_s=request.step_limit_s,
    )


def describe(request: Request, found: Sequence[Card], folder: Folder, versions: dict[str, str]) -> dict[str, Any]:
    """Return the setup's provenance, joined with that of the rows that are there.

    Raises:
        UserError: The file's rows were measured in another way.
    """
    first = found[0] if found else None
    here = surroundings(first, Path(request.data), versions, request.author, request.url)
    earlier = read_provenance(folder.provenance)
    content = provenance(here, request.options, request.protocol, request.final_trials, earlier)
    remark = f" {_COMPILED_BEFOREHAND}" if request.compile_cache else ""
    return content | {"protocol_note": content["protocol_note"] + remark}


def batch_sizes_of(path: Path) -> dict[ModelSpec, int]:
    """Return the batch size of each model's final trials in another setup's rows.

    Raises:
        UserError: The file is missing.
    """
    if not path.exists():
        msg = f"--batch-sizes-from {path} is missing.\n  expected: the measurement file of another setup"
        raise UserError(msg)
    chosen = {spec: final_batch_size(rows) for spec, rows in rows_by_model(read_rows(path)).items()}
    return {spec: size for spec, size in chosen.items() if size is not None}


def _candidates(request: Request) -> tuple[Candidate, ...]:
    models_csv = Path(request.data) / workload_task(request.workload) / "models.csv"
    return read_candidates(models_csv, request.options.weights)


def _first_sizes(request: Request) -> dict[ModelSpec, int]:
    """Return the batch size that each model's search times first."""
    protocol, precision = protocol_named(request.protocol), request.options.precision
    return {one.spec: first_batch_size(one.macs_g, precision, protocol) for one in _candidates(request)}


def _visible(found: Sequence[Card]) -> tuple[Card, ...]:
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is None:
        return tuple(found)
    keys = [key.strip() for key in named.split(",") if key.strip()]
    return tuple(one for one in found if str(one.index) in keys or one.uuid in keys)
