from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.charts.plane import Plane, accuracy_domain, energy_domain, nice_step

LOG = Plane((0.1, 100_000.0), (0.0, 100.0), "log", width=658, height=434)


def test_a_place_in_pixels_is_counted_from_the_axes(plane: Plane) -> None:
    assert (plane.plot_width, plane.plot_height) == (512, 400)
    assert [plane.x(energy) for energy in plane.energy_mj] == [0, 512]
    assert plane.x(100) == pytest.approx(256)
    assert [plane.y(accuracy) for accuracy in (100.0, 75.0, 0.0)] == [0, 100, 400]


@given(st.floats(0.1, 1e5), st.floats(0, 100), st.sampled_from([LOG, replace(LOG, scale="linear")]))
def test_a_place_leads_back_to_its_energy_and_accuracy(energy: float, accuracy: float, plane: Plane) -> None:
    assert plane.energy_at(plane.x(energy)) == pytest.approx(energy, rel=1e-9)
    assert plane.accuracy_at(plane.y(accuracy)) == pytest.approx(accuracy, abs=1e-9)


def test_a_logarithmic_axis_has_a_tick_each_decade(plane: Plane) -> None:
    assert plane.ticks == [0.1, 1, 10, 100, 1_000, 10_000, 100_000]


def test_a_short_logarithmic_axis_has_ticks_between_decades(plane: Plane) -> None:
    assert replace(plane, energy_mj=(0.5, 99.0)).ticks == [0.5, 1, 2, 5, 10, 20, 50]
    assert replace(plane, energy_mj=(100.0, 130.0)).ticks == [100, 110, 120, 130]


def test_a_linear_axis_has_round_ticks(plane: Plane) -> None:
    assert replace(plane, scale="linear", energy_mj=(0.0, 61_000.0)).ticks == [0, 20_000, 40_000, 60_000]


def test_a_nice_step_is_never_smaller() -> None:
    assert [nice_step(step) for step in (1, 1.01, 3, 5.1, 0.03)] == [1, 2, 5, 10, 0.05]


def test_domains_are_round_and_leave_room_above_the_best() -> None:
    assert energy_domain(0.786, 60_668) == (0.5, 100_000)
    assert accuracy_domain(40.8, 90.05) == (40, 95)
    assert accuracy_domain(8.2, 98.9) == (5, 100)
