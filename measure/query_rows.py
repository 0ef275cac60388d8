"""From runs to rows of the query table, and from rows to what is still to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.tables.schema import QUERY_RUNS
from measure.query_run import QueryRun

Row = dict[str, str]
HEADER = QUERY_RUNS.header
# What each model cost, and why it has no figure.
COST_HEADER = ("task", "model", "batch_size", "device", "build_s", "warm_up_s", "runs_s", "status", "reason")


@dataclass(frozen=True)
class Job:
    """A model at a batch size, and the run to begin with.

    Attributes:
        model: As in rated_models.csv.
        batch_size: Queries of a batch.
        first_run: 1, or the run after those that are there.
    """

    model: str
    batch_size: int
    first_run: int = 1


def run_row(job: Job, number: int, run: QueryRun) -> Row:
    """Return the row of a run that has a figure: 7 significant digits, as everywhere in data/."""
    phases = {f"{phase}_mj_per_item": _number(energy) for phase, energy in run.phases_mj_per_item.items()}
    ratio = run.counter_power_ratio
    tokens = run.output_tokens_per_item
    return (
        status_row(job, number, run.samples, "ok")
        | phases
        | {
            "energy_mj_per_item": _number(run.energy_mj_per_item),
            "duration_s": _number(run.duration_s),
            "latency_ms": _number(run.latency_ms),
            "output_tokens_per_item": "" if tokens is None else _number(tokens),
            "mean_power_w": _number(run.mean_power_w),
            "counter_power_ratio": "" if ratio is None else f"{ratio:.4f}",
            "temperature_start_c": _number(run.temperature_c[0]),
            "temperature_end_c": _number(run.temperature_c[1]),
            "sm_clock_start_mhz": str(run.sm_clock_mhz[0]),
            "sm_clock_end_mhz": str(run.sm_clock_mhz[1]),
            "throttle_reasons": "+".join(run.throttle_reasons),
            "memory_mib": f"{run.memory_mib:.0f}",
        }
    )


def status_row(job: Job, number: int, samples: int, status: str) -> Row:
    """Return the row of a run that has no figure."""
    known = {"model": job.model, "batch_size": str(job.batch_size), "run": str(number)}
    return dict.fromkeys(HEADER, "") | known | {"samples": str(samples), "status": status}


def jobs_left(models: Iterable[str], batch_sizes: Sequence[int], runs: int, rows: Sequence[Row]) -> list[Job]:
    """Return what is left to measure: a model at a batch size is done with all its runs, or once it has a status.

    A run that was refused counts as one: it says what the card did, and the others stand beside it.

    Args:
        models: In the order in which they are measured.
        batch_sizes: Each model's, in the order in which they are measured.
        runs: Wanted.
        rows: Of earlier runs.
    """
    done: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        done.setdefault((row["model"], row["batch_size"]), []).append(row)
    jobs = []
    for model in models:
        for batch_size in batch_sizes:
            there = done.get((model, str(batch_size)), [])
            failed = any(row["status"] not in ("ok", "refused") for row in there)
            last = max((int(row["run"]) for row in there), default=0)
            if not failed and last < runs:
                jobs.append(Job(model, batch_size, last + 1))
    return jobs


def _number(value: float) -> str:
    return f"{value:.7g}"
