"""Architectures' energies into two ladders: from FP32 to compiled FP16 on one card, and from card to card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from builder.analysis.steps import (
    MIN_MODELS,
    Ratio,
    Step,
    find_setup,
    share_of_saving,
    side_by_side,
    step_between,
)

# Of the data centre's cards, oldest first; a setup's GPU begins with its name.
GENERATIONS = ("a100", "h100", "h200")


@dataclass(frozen=True)
class PrecisionLadder:
    """From FP32 to FP16 to compiled FP16 on one card, and the same models from PyTorch to TensorRT on others.

    Attributes:
        generation: Whose ladder it is: the newest with PyTorch in FP32 and in FP16.
        precision: From FP32 to FP16 with PyTorch.
        compiler: From FP16 with PyTorch to compiled FP16; None where no setup has it.
        both: From FP32 to compiled FP16; None where no setup has it.
        share: Of the saving of `both`, how much is reached with FP16 alone; over the models that have all three.
        tensorrt: Generation -> from FP32 with PyTorch to FP16 with TensorRT, over the models of `same_as`.
    """

    generation: str
    precision: Step
    compiler: Step | None
    both: Step | None
    share: Ratio | None
    tensorrt: Mapping[str, Step]

    @property
    def same_as(self) -> Step:
        """The step whose models TensorRT is looked at for: the whole ladder's, where they are enough to tell."""
        return _told_or(self.both, self.precision)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that there are, whether or not they have enough models."""
        own = (self.precision, self.compiler, self.both)
        return (*(step for step in own if step), *self.tensorrt.values())


@dataclass(frozen=True)
class CardLadder:
    """The same models in FP32 with PyTorch on card after card.

    Attributes:
        setups: Generation -> setup, oldest first; at least two.
        steps: From each card to the next, then from the first to the last where there are more than two.
        table: As `side_by_side` returns it, of all these setups.
        left_out: Generation -> how many models it shares with the others: fewer than a step needs.
    """

    setups: Mapping[str, str]
    steps: Mapping[tuple[str, str], Step]
    table: pd.DataFrame
    left_out: Mapping[str, int]


def precision_ladder(rows: pd.DataFrame, generations: tuple[str, ...] = GENERATIONS) -> PrecisionLadder | None:
    """Return the ladder of the newest card that has one; None where none has enough models in FP32 and FP16.

    Args:
        rows: As `queries.architecture_rows` gives them.
        generations: Oldest first.
    """
    for generation in reversed(generations):
        fp32 = find_setup(rows, generation, "pytorch", "fp32")
        fp16 = find_setup(rows, generation, "pytorch", "fp16")
        if not fp32 or not fp16:
            continue
        precision = step_between("precision", rows, fp32, fp16)
        if not precision.change:
            continue
        compiled = find_setup(rows, generation, "torchcompile", "fp16")
        compiler = step_between("compiler", rows, fp16, compiled) if compiled else None
        both = step_between("both", rows, fp32, compiled) if compiled else None
        among = pd.MultiIndex.from_frame(_told_or(both, precision).rows[["architecture", "input_size_px"]])
        chain = [fp32, fp16, compiled] if compiled else []
        return PrecisionLadder(
            generation=generation,
            precision=precision,
            compiler=compiler,
            both=both,
            share=share_of_saving(side_by_side(rows, chain), chain) if chain else None,
            tensorrt={
                each: step_between(f"tensorrt_{each}", rows, before, after, among)
                for each in generations
                if (before := find_setup(rows, each, "pytorch", "fp32"))
                and (after := find_setup(rows, each, "tensorrt", "fp16"))
            },
        )
    return None


def card_ladder(rows: pd.DataFrame, generations: tuple[str, ...] = GENERATIONS) -> CardLadder | None:
    """Return the steps from card to card, over the models that all of them have; None where there is one card alone.

    Args:
        rows: As `queries.architecture_rows` gives them.
        generations: Oldest first. One that shares too few models with those before it is left out.
    """
    setups: dict[str, str] = {}
    left_out: dict[str, int] = {}
    for generation in generations:
        setup = find_setup(rows, generation, "pytorch", "fp32")
        if not setup:
            continue
        common = len(side_by_side(rows, [*setups.values(), setup]))
        if common < MIN_MODELS:
            left_out[generation] = common
        else:
            setups[generation] = setup
    if len(setups) < 2:
        return None
    table = side_by_side(rows, list(setups.values()))
    among = pd.MultiIndex.from_tuples(table.index)
    pairs = [*pairwise(setups)]
    if len(pairs) > 1:
        pairs.append((pairs[0][0], pairs[-1][1]))
    steps = {
        (one, other): step_between(f"{one}_{other}", rows, setups[one], setups[other], among) for one, other in pairs
    }
    return CardLadder(setups, steps, table, left_out)


def _told_or(step: Step | None, other: Step) -> Step:
    return step if step and step.change else other
