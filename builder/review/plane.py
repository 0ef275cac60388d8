"""Fronts before and after into a small chart of characters, which shows wherever Markdown does."""

from __future__ import annotations

import math
from collections.abc import Iterable

from builder.review.agreement import Model
from builder.review.consequences import Consequence
from builder.review.markdown import millijoules

# Fits a comment on a phone turned on its side, and a terminal.
COLUMNS, ROWS = 64, 12
KEPT, GAINED, LOST = "o", "+", "x"
LEGEND = f"{KEPT} on the front before and after   {GAINED} gained   {LOST} lost"


def front_plane(consequence: Consequence) -> str:
    """Draw the models of both fronts in the plane of accuracy against log energy; empty without any model.

    A picture as a file cannot stand in a comment made by a workflow, and Mermaid has no logarithmic axis.
    """
    gained, lost = set(consequence.front_gained), set(consequence.front_lost)
    marked: dict[Model, tuple[str, tuple[float, float]]] = {}
    for standing in filter(None, (consequence.before, consequence.after)):
        for model in standing.front:
            mark = GAINED if model in gained else LOST if model in lost else KEPT
            marked[model] = (mark, standing.points[model])
    # What changed is drawn last: it hides what stayed.
    return _plane(sorted(marked.values(), key=lambda item: item[0] != KEPT))


def _plane(points: Iterable[tuple[str, tuple[float, float]]]) -> str:
    drawn = list(points)
    if not drawn:
        return ""
    logs = [math.log10(energy) for _, (energy, _) in drawn]
    accuracies = [accuracy for _, (_, accuracy) in drawn]
    grid = [[" "] * COLUMNS for _ in range(ROWS)]
    for (mark, _), log, accuracy in zip(drawn, logs, accuracies, strict=True):
        column = _step(log, min(logs), max(logs), COLUMNS)
        grid[ROWS - 1 - _step(accuracy, min(accuracies), max(accuracies), ROWS)][column] = mark
    labels = [""] * ROWS
    labels[-1], labels[0] = f"{min(accuracies):.2f} %", f"{max(accuracies):.2f} %"
    width = max(map(len, labels))
    lines = [f"{label:>{width}} |{''.join(row)}".rstrip() for label, row in zip(labels, grid, strict=True)]
    low, high = (millijoules(10**log) for log in (min(logs), max(logs)))
    middle = "energy per item, logarithmic".center(COLUMNS - len(low) - len(high))
    blank = " " * (width + 2)
    return "\n".join([*lines, f"{blank[:-1]}+{'-' * COLUMNS}", f"{blank}{low}{middle}{high}", f"{blank}{LEGEND}"])


def _step(value: float, low: float, high: float, steps: int) -> int:
    return round((value - low) / (high - low) * (steps - 1)) if high > low else 0
