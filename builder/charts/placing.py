"""Turns points and their names into places for the names: beside the points, over no other point or name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# Of a name in 12 pixels: mean width of a character and height of a line; and half of a mark.
CHARACTER, LINE, MARK = 6.3, 13.0, 5.0
Align = Literal["left", "center", "right"]
# Where a name may stand, best first: pixels right of and below the point, and which of its ends is there.
_SPOTS: tuple[tuple[float, float, Align], ...] = (
    (9, 0, "left"),
    (-9, 0, "right"),
    (0, -14, "center"),
    (0, 14, "center"),
    (7, -10, "left"),
    (7, 10, "left"),
    (-7, -10, "right"),
    (-7, 10, "right"),
    (12, -18, "left"),
    (12, 18, "left"),
    (-12, -18, "right"),
    (-12, 18, "right"),
)


@dataclass(frozen=True)
class Place:
    """Where a name stands beside its point, in pixels."""

    dx: float
    dy: float
    align: Align


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not apart and self.top < other.bottom and other.top < self.bottom


def place_names(
    points: Sequence[tuple[float, float]], names: Sequence[str], width: float, height: float
) -> list[Place | None]:
    """Return a place for each name, the first of the points choosing first; None where there is no room.

    Args:
        points: Pixels from the left and from the top of the plot.
        names: As many.
        width: Of the plot.
        height: Of the plot.
    """
    marks = [_Box(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in points]
    taken: list[_Box] = []
    places: list[Place | None] = []
    for own, (point, name) in enumerate(zip(points, names, strict=True)):
        others = [*marks[:own], *marks[own + 1 :], *taken]
        found = None
        for dx, dy, align in _SPOTS:
            box = _box(point, name, Place(dx, dy, align))
            inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= height
            if inside and not any(box.meets(other) for other in others):
                found = Place(dx, dy, align)
                taken.append(box)
                break
        places.append(found)
    return places


def _box(point: tuple[float, float], name: str, place: Place) -> _Box:
    x, y, length = point[0] + place.dx, point[1] + place.dy, len(name) * CHARACTER
    left = {"left": x, "center": x - length / 2, "right": x - length}[place.align]
    return _Box(left, y - LINE / 2, left + length, y + LINE / 2)
