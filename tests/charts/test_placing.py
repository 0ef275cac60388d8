"""Names beside their points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.charts.placing import CHARACTER, LINE, MARK, Place, place_names


def test_a_name_with_room_stands_to_the_right() -> None:
    assert place_names([(50, 50)], ["name"], 200, 100) == [Place(9, 0, "left")]


def test_a_name_at_the_right_edge_stands_to_the_left() -> None:
    assert place_names([(195, 50)], ["name"], 200, 100) == [Place(-9, 0, "right")]


def test_a_name_makes_way_for_the_point_beside_it() -> None:
    assert place_names([(50, 50), (70, 50)], ["name", ""], 200, 100)[0] == Place(-9, 0, "right")


def test_a_name_without_room_is_left_out() -> None:
    assert place_names([(10, 10)], ["far too long a name"], 40, 20) == [None]


POINTS = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), min_size=1, max_size=25)


@given(POINTS)
def test_no_name_lies_over_another_name_or_point(points: list[tuple[float, float]]) -> None:
    names = [f"model {place}" for place in range(len(points))]
    boxes = []
    for own, (name, place) in enumerate(zip(names, place_names(points, names, 400, 300), strict=True)):
        if place is None:
            continue
        x, y, length = points[own][0] + place.dx, points[own][1] + place.dy, len(name) * CHARACTER
        left = {"left": x, "center": x - length / 2, "right": x - length}[place.align]
        boxes.append((left, left + length, y - LINE / 2, y + LINE / 2))
        for other, (px, py) in enumerate(points):
            if other != own:
                apart = left + length <= px - MARK or px + MARK <= left
                assert apart or y + LINE / 2 <= py - MARK or py + MARK <= y - LINE / 2
    for one in range(len(boxes)):
        for other in range(one):
            a, b = boxes[one], boxes[other]
            assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
