"""A ranking into what lies over the models: lines, rings, notes and the veil, as rows in data units.

The browser has the same in site_templates/static/js/annotations.js and contours.js, and a test compares both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from builder.analysis.growth import GrowthFit
from builder.analysis.pareto import pareto_front
from builder.analysis.ranking import Ranking, Thresholds
from builder.analysis.scores import Score
from builder.charts.contours import Contour, contours
from builder.charts.plane import Plane, Rows
from builder.units import MJ_PER_J

NAMED = 3
FIT_SAMPLES = 48
# Where along the front its note stands.
FRONT_NOTE = 0.3
# Distances in pixels.
NAME_LINE, NAME_ABOVE, NAME_ASIDE = 16.0, 20.0, 12.0
# Of a note's text: width of a character, and height of a line.
CHARACTER, LINE = 6.7, 15.0
# Who finds room first; the first two are shown in any case.
_PRIORITY = ("limit", "name", "best", "front", "fit", "contour")
_ALWAYS = _PRIORITY[:2]
# Under this width only the first model is named.
NARROW = 420


@dataclass(frozen=True)
class Overlay:
    """Rows of the upper view's data sets."""

    veil: Rows
    lines: Rows
    rings: Rows
    notes: Rows

    def data_sets(self) -> dict[str, Rows]:
        """Return data set -> rows."""
        return {"veil": self.veil, "lines": self.lines, "rings": self.rings, "notes": self.notes}


@dataclass(frozen=True)
class Choice:
    """What the controls are set to, as far as it is drawn.

    Attributes:
        score: What ranks and what the contours are of.
        w: Its weight.
        limits: The thresholds.
        fit: The growth fit, None where it is not shown.
    """

    score: Score
    w: float
    limits: Thresholds
    fit: GrowthFit | None = None


def overlay(plane: Plane, models: pd.DataFrame, ranking: Ranking, choice: Choice) -> Overlay:
    """Return what lies over the models.

    Args:
        plane: What is shown.
        models: All models of the setup with an energy and an accuracy: energy_mj, accuracy_pct.
        ranking: The first of the ranking, as many as get a ring.
        choice: What the controls are set to.
    """
    top: Rows = ranking.rows.to_dict("records")  # type: ignore[assignment]
    best = float(top[0]["score"]) if top else None
    parts = [
        _contours(plane, contours(plane, choice.score, choice.w, ranking.context, best), choice.score),
        _fit(plane, choice.fit),
        _front(plane, models),
        _limits(plane, choice.limits),
        _names(plane, top[: NAMED if plane.plot_width > NARROW else 1]),
    ]
    notes: Rows = []
    for note in sorted((note for _, more in parts for note in more), key=lambda note: _PRIORITY.index(note["kind"])):
        if note["kind"] in _ALWAYS or not any(_conflict(plane, note, other) for other in notes):
            notes.append(note)
    return Overlay(
        veil=_veil(plane, choice.limits),
        lines=[row for lines, _ in parts for row in lines],
        rings=[
            {**{name: row[name] for name in ("energy_mj", "accuracy_pct", "class")}, "kind": "top"}
            for row in reversed(top)
        ],
        notes=notes,
    )


def energy_text(energy_mj: float) -> str:
    """Return a limit as its slider writes it: two significant digits, in mJ below 0.1 J and in J from there on."""
    value, unit = (energy_mj, "mJ") if energy_mj < MJ_PER_J / 10 else (energy_mj / MJ_PER_J, "J")
    return f"{float(f'{value:.2g}'):,.6g} {unit}"


def score_text(score: Score, value: float) -> str:
    """Return a score with its unit: two decimals, or four significant digits of a ratio."""
    digits = 2 if score.weighted or value == 0 else max(0, 3 - math.floor(math.log10(value)))
    return f"{value:,.{digits}f} {score.unit}"


def _names(plane: Plane, top: Rows) -> tuple[Rows, Rows]:
    if not top:
        return [], []
    places = [(plane.x(row["energy_mj"]), plane.y(row["accuracy_pct"])) for row in top]
    left, right, above = min(x for x, _ in places), max(x for x, _ in places), min(y for _, y in places)
    texts = [f"{place}  {row['model']}" for place, row in enumerate(top, 1)]
    # Above and to the left of the best models there are no others; their names go elsewhere only where they do not fit.
    to_left = left - NAME_ASIDE > max(map(len, texts)) * CHARACTER or left > plane.plot_width - right
    x = left - NAME_ASIDE if to_left else right + NAME_ASIDE
    first = max(NAME_LINE / 2, above - NAME_ABOVE - (len(top) - 1) * NAME_LINE)
    room = math.floor((x if to_left else plane.plot_width - x) / CHARACTER)
    lines: Rows = []
    notes: Rows = []
    for place, row in enumerate(top):
        y = first + place * NAME_LINE
        text = texts[place] if len(texts[place]) <= room else texts[place][: max(1, room - 1)] + "…"
        notes.append(_note(plane, (x, y), text, "name", "right" if to_left else "left"))
        start = plane.energy_at(x + (3 if to_left else -3)), plane.accuracy_at(y)
        lines += _line(f"leader-{place}", "leader", [start, (row["energy_mj"], row["accuracy_pct"])])
    return lines, notes


def _limits(plane: Plane, limits: Thresholds) -> tuple[Rows, Rows]:
    (energy_from, energy_to), (accuracy_from, accuracy_to) = plane.energy_mj, plane.accuracy_pct
    lines: Rows = []
    notes: Rows = []
    at_bottom = False
    if accuracy_from < limits.min_accuracy_pct < accuracy_to:
        least, y = limits.min_accuracy_pct, plane.y(limits.min_accuracy_pct)
        at_bottom = y > plane.plot_height - 2 * LINE
        lines += _line("min-accuracy", "limit", [(energy_from, least), (energy_to, least)])
        text = f"at least {least:g} %"
        notes.append(_note(plane, (plane.plot_width - 5, y + (-9 if at_bottom else 10)), text, "limit", "right"))
    if energy_from < limits.max_energy_mj < energy_to:
        most, x = limits.max_energy_mj, plane.x(limits.max_energy_mj)
        to_left = x > 0.7 * plane.plot_width
        lines += _line("max-energy", "limit", [(most, accuracy_from), (most, accuracy_to)])
        x, y = x + (-6 if to_left else 6), 10.0 if at_bottom else plane.plot_height - 10
        notes.append(_note(plane, (x, y), f"at most {energy_text(most)}", "limit", "right" if to_left else "left"))
    return lines, notes


def _veil(plane: Plane, limits: Thresholds) -> Rows:
    """Cover what is below the least accuracy, and what is above it and beyond the largest energy."""
    (energy_from, energy_to), (accuracy_from, accuracy_to) = plane.energy_mj, plane.accuracy_pct
    floor = min(max(limits.min_accuracy_pct, accuracy_from), accuracy_to)
    ceiling = min(max(limits.max_energy_mj, energy_from), energy_to)
    rows = [(energy_from, energy_to, accuracy_from, floor), (ceiling, energy_to, floor, accuracy_to)]
    names = ("energy_mj", "energy_to_mj", "accuracy_pct", "accuracy_to_pct")
    return [dict(zip(names, row, strict=True)) for row in rows if row[0] < row[1] and row[2] < row[3]]


def _front(plane: Plane, models: pd.DataFrame) -> tuple[Rows, Rows]:
    """Draw the front as stairs: no model is left of or above them."""
    energy, accuracy = models["energy_mj"].to_numpy(np.float64), models["accuracy_pct"].to_numpy(np.float64)
    front = np.flatnonzero(pareto_front(energy, accuracy))
    front = front[np.argsort(energy[front], kind="stable")]
    corners: list[tuple[float, float]] = []
    for index in front.tolist():
        point = float(energy[index]), float(accuracy[index])
        if corners:
            corners.append((point[0], corners[-1][1]))
        corners.append(point)
    if not corners:
        return [], []
    ends = plane.x(corners[0][0]), plane.x(corners[-1][0])
    wanted = ends[0] + FRONT_NOTE * (ends[1] - ends[0])
    near = min(corners, key=lambda corner: abs(plane.x(corner[0]) - wanted))
    note = _note(plane, (plane.x(near[0]) - 8, plane.y(near[1]) - 10), "Pareto front", "front", "right")
    return _line("front", "front", corners), [note] if _reach(plane, note)[0] > 0 else []


def _fit(plane: Plane, fit: GrowthFit | None) -> tuple[Rows, Rows]:
    if fit is None:
        return [], []
    energies = np.array([plane.energy_at(x) for x in np.linspace(0, plane.plot_width, FIT_SAMPLES)])
    accuracies = fit.accuracy_at(np.maximum(energies, np.finfo(np.float64).tiny))
    low, high = plane.accuracy_pct
    points = [(float(e), float(a)) for e, a in zip(energies, accuracies, strict=True) if low <= a <= high]
    if not points:
        return [], []
    x, y = plane.x(points[-1][0]), plane.y(points[-1][1])
    return _line("fit", "fit", points), [_note(plane, (x - 5, max(8, y - 12)), "growth fit", "fit", "right")]


def _contours(plane: Plane, levels: list[Contour], score: Score) -> tuple[Rows, Rows]:
    lines: Rows = []
    notes: Rows = []
    for contour in levels:
        kind = "best" if contour.best else "contour"
        lines += _line(f"{kind}-{contour.level:.10g}", kind, contour.points)
        if not contour.points:
            continue
        x, y = plane.x(contour.points[0][0]) + 5, plane.y(contour.points[0][1])
        text = f"best: {score_text(score, contour.level)}" if contour.best else _level_text(score, contour.level)
        if x + len(text) * CHARACTER < plane.plot_width:
            notes.append(_note(plane, (x, y - 10), text, kind, "left"))
            # Where it finds no room above its line, it may stand below.
            if contour.best:
                notes.append(_note(plane, (x, y + 11), text, kind, "left"))
    return lines, notes


def _level_text(score: Score, level: float) -> str:
    return f"score {level:.10g}" if score.weighted else f"{level:,.10g} {score.unit}"


def _conflict(plane: Plane, one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["text"] == other["text"]:
        return True
    (left, right), (other_left, other_right) = _reach(plane, one), _reach(plane, other)
    apart = abs(plane.y(one["accuracy_pct"]) - plane.y(other["accuracy_pct"]))
    return left < other_right and other_left < right and apart < LINE


def _reach(plane: Plane, note: dict[str, Any]) -> tuple[float, float]:
    x, width = plane.x(note["energy_mj"]), (len(note["text"]) + 1) * CHARACTER
    return (x - width, x) if note["align"] == "right" else (x, x + width)


def _line(name: str, kind: str, points: list[tuple[float, float]]) -> Rows:
    return [{"energy_mj": energy, "accuracy_pct": accuracy, "line": name, "kind": kind} for energy, accuracy in points]


def _note(plane: Plane, place: tuple[float, float], text: str, kind: str, align: str) -> dict[str, Any]:
    return {
        "energy_mj": plane.energy_at(place[0]),
        "accuracy_pct": plane.accuracy_at(place[1]),
        "text": text,
        "kind": kind,
        "align": align,
    }
