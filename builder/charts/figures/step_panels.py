"""Ladders of setups into the panels of their figures: which steps there are, and how readers know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.analysis import queries
from builder.analysis.ladders import CardLadder, PrecisionLadder
from builder.analysis.queries import Query
from builder.analysis.steps import Step
from builder.analysis.study import TASK, TEST_SET
from builder.charts.figures.material import Material
from builder.charts.figures.step_words import card


@dataclass(frozen=True)
class Panel:
    """A step and how readers know it.

    Attributes:
        step: The step.
        title: From where to where.
        before: Where energy was taken before, after "Energy per image".
        after: Where it is taken after.
    """

    step: Step
    title: str
    before: str
    after: str


def precision_panels(ladder: PrecisionLadder) -> list[Panel]:
    """Return the steps from FP32 to compiled FP16, then TensorRT's."""
    where = card(ladder.generation)
    fp32, fp16, compiled = "in FP32, PyTorch", "in FP16, PyTorch", "in FP16, torch.compile"
    own = [
        (ladder.precision, f"FP32 to FP16 ({where})", fp32, fp16),
        (ladder.compiler, f"FP16 to compiled FP16 ({where})", fp16, compiled),
        (ladder.both, f"FP32 to compiled FP16 ({where})", fp32, compiled),
    ]
    return [
        *(Panel(step, title, before, after) for step, title, before, after in own if step),
        *(
            Panel(step, f"FP32 to FP16 with TensorRT ({card(each)})", fp32, "in FP16, TensorRT")
            for each, step in ladder.tensorrt.items()
        ),
    ]


def card_panels(ladder: CardLadder) -> list[Panel]:
    """Return the steps from card to card."""
    return [
        Panel(step, f"{card(one)} to {card(other)}", f"on the {card(one)}", f"on the {card(other)}")
        for (one, other), step in ladder.steps.items()
    ]


def query_of_panels(material: Material, panels: Sequence[Panel]) -> Query:
    """Return the query that gives the rows of the panels' setups."""
    setups = sorted({setup for panel in panels for setup in (panel.step.before, panel.step.after)})
    return queries.architecture_rows(TASK, TEST_SET, setups, material.doubted)
