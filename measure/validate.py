"""From a card to the raw rows that say whether its figures can be trusted: repeats, study against survey, inputs."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from measure.clock import Clock
from measure.model_run import Bench, ModelRun
from measure.power import Meter
from measure.protocol import PROTOCOLS, SURVEY, Protocol
from measure.results import HEADER, Row, RowFile
from measure.trial import RefusedError, Trial
from measure.worker import warm_up
from measure.workload import (
    BuildFailedError,
    ModelSpec,
    OutOfMemoryError,
    UnsupportedError,
    WorkloadKind,
    WorkloadOptions,
)

TRIALS_HEADER = ("series", "device", "card", *HEADER)
COSTS_HEADER = ("series", "device", "card", "model", "input_size_px", "protocol", "build_s", "sweep_s", "final_s")
REPEATS = 5
INPUTS = ("randn", "uniform", "zeros")
WEIGHTS = ("random", "pretrained")
TURNS = 2
# What `options` compares; the compiler last, because it takes minutes.
OPTIONS = (
    WorkloadOptions(),
    WorkloadOptions(channels_last=True),
    WorkloadOptions(precision="fp32strict"),
    WorkloadOptions(precision="bf16"),
    WorkloadOptions(precision="fp16"),
    WorkloadOptions(precision="fp16", channels_last=True),
    WorkloadOptions(runtime="torchcompile", precision="fp16"),
)
PARTS = ("repeats", "survey", "study", "inputs", "weights", "options")


@dataclass(frozen=True)
class Card:
    """What a validation runs on."""

    kind: WorkloadKind
    options: WorkloadOptions
    meter: Meter
    clock: Clock
    device: str
    card: str


class Validation:
    """Runs the parts of a validation and stores their rows, each with the series it belongs to."""

    def __init__(self, card: Card, folder: Path, say: Callable[[str], None]) -> None:
        self._card = card
        self._trials = RowFile(folder / "trials.csv", TRIALS_HEADER)
        self._costs = RowFile(folder / "costs.csv", COSTS_HEADER)
        self._say = say
        self._random = random.Random(0)  # noqa: S311 - an order, not a secret

    def run(self, part: str, specs: Sequence[ModelSpec]) -> None:
        """Warm the card, then run one part for these models, in shuffled order."""
        warm_up(self._bench(part, SURVEY, self._card.options))
        if part == "repeats":
            for number in range(1, REPEATS + 1):
                self._measure(f"repeat-{number}", SURVEY, specs)
        elif part == "inputs":
            self._in_turns(specs, {f"inputs-{kind}": replace(self._card.options, inputs=kind) for kind in INPUTS})
        elif part == "weights":
            self._in_turns(specs, {f"weights-{kind}": replace(self._card.options, weights=kind) for kind in WEIGHTS})
        elif part == "options":
            self._in_turns(specs, {f"options-{_in_words(options)}": options for options in OPTIONS})
        else:
            protocol = {known.name: known for known in PROTOCOLS}[part]
            self._measure(part, protocol, specs)

    def _measure(self, series: str, protocol: Protocol, specs: Sequence[ModelSpec]) -> None:
        """Build, search and measure each model as a campaign would."""
        bench = self._bench(series, protocol, self._card.options)
        for spec in self._random.sample(specs, len(specs)):
            try:
                run = ModelRun(spec, [], bench)
                run.search()
                while run.finals_left():
                    run.final()
            except (BuildFailedError, UnsupportedError, OutOfMemoryError, RefusedError) as error:
                self._say(f"{series}: {spec}: {error}")
                continue
            run.workload.close()
            costs = {f"{step}_s": f"{seconds:.3f}" for step, seconds in run.busy_s.items()}
            self._costs.append(self._labels(series) | _names(spec) | {"protocol": protocol.name} | costs)

    def _in_turns(self, specs: Sequence[ModelSpec], kinds: Mapping[str, WorkloadOptions]) -> None:
        """Measure each model at one batch size in each of these ways, in turns."""
        for spec in specs:
            size = 0
            for turn in range(TURNS):
                for kind in list(kinds)[:: 1 if turn % 2 == 0 else -1]:
                    try:
                        run = ModelRun(spec, [], self._bench(f"{kind}-{turn + 1}", SURVEY, kinds[kind]))
                        size = size or run.search()
                        run.trial("final", size, SURVEY.final)
                    except (BuildFailedError, UnsupportedError, OutOfMemoryError, RefusedError) as error:
                        self._say(f"{kind}: {spec}: {error}")
                        continue
                    run.workload.close()

    def _bench(self, series: str, protocol: Protocol, options: WorkloadOptions) -> Bench:
        def store(row: Row, trial: Trial | None, reason: str) -> None:
            self._trials.append(self._labels(series) | row)
            interval = f", ± {trial.interval:.2%}" if trial and trial.interval is not None else ""
            self._say(
                f"{series}: {row['model']} batch {row['batch_size']} {row['stage']} {row['trial']}: "
                f"{row['energy_mj_per_item']} mJ, {row['mean_power_w']} W, ratio {row['counter_power_ratio']}"
                f"{interval} {row['status']} {reason}"
            )

        card = self._card
        return Bench(card.kind, options, card.meter, card.clock, protocol, lambda *_: None, store)

    def _labels(self, series: str) -> Row:
        return {"series": series, "device": self._card.device, "card": self._card.card}


def _in_words(options: WorkloadOptions) -> str:
    return f"{options.runtime}-{options.precision}{'-channels_last' if options.channels_last else ''}"


def _names(spec: ModelSpec) -> Row:
    return {"model": spec.model, "input_size_px": str(spec.input_size_px)}
