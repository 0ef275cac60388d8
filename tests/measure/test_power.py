"""The window arithmetic, on numbers small enough to check by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measure.power import (
    CounterUpdate,
    PowerSample,
    Recorder,
    batches_done,
    energy_per_batch_j,
    integrated_power_j,
    relative_interval,
)
from measure.replay import LoadedCard, ReplayMeter, SimulatedClock, TracedPower


def test_a_running_batch_counts_by_the_share_of_its_time() -> None:
    assert batches_done([1.0, 2.0, 4.0], 1.0) == 0.0
    assert batches_done([1.0, 2.0, 4.0], 2.0) == 1.0
    assert batches_done([1.0, 2.0, 4.0], 2.5) == 1.25
    assert batches_done([1.0, 2.0, 4.0], 4.0) == 2.0


def test_a_time_outside_the_batches_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^4\.5 s lies outside the batches$"):
        batches_done([1.0, 2.0, 4.0], 4.5)


def test_energy_per_batch_is_energy_over_batches() -> None:
    updates = [CounterUpdate(1.5, 1_000.0), CounterUpdate(3.0, 13_500.0)]
    # 12.5 J over 0.5 + 0.75 batches.
    assert energy_per_batch_j(updates, [1.0, 2.0, 3.333333333333333]) == pytest.approx(12.5 / 1.25)


@given(offset_s=st.floats(0.0, 0.099), batch_s=st.floats(0.001, 0.3), watts=st.floats(1.0, 1000.0))
def test_a_steady_load_costs_its_power_times_its_batch_wherever_the_window_lies(
    offset_s: float, batch_s: float, watts: float
) -> None:
    updates = [CounterUpdate(offset_s + k / 10, watts * 1000 * (offset_s + k / 10)) for k in range(21)]
    completions = [batch_s * k - 0.3 for k in range(int(2.8 / batch_s) + 3)]
    assert energy_per_batch_j(updates, completions) == pytest.approx(watts * batch_s, rel=1e-6)


def test_a_sample_holds_until_the_next() -> None:
    samples = [PowerSample(0.0, 100.0, None), PowerSample(1.0, 300.0, None), PowerSample(3.0, 500.0, None)]
    # 0.5 s of 100 W, 2 s of 300 W, 1 s of 500 W.
    assert integrated_power_j(samples, 0.5, 4.0) == 50.0 + 600.0 + 500.0


def test_average_power_stands_in_for_a_missing_instant_field() -> None:
    assert integrated_power_j([PowerSample(0.0, None, 200.0)], 1.0, 2.0) == 200.0


def test_without_samples_before_the_window_there_is_no_integral() -> None:
    assert integrated_power_j([PowerSample(2.0, 100.0, 100.0)], 1.0, 3.0) is None


def test_the_interval_is_students_over_the_sub_windows() -> None:
    # Four sub-windows of one batch each, of 1, 2, 3 and 2 J: mean 2, standard deviation 0.8165, t(3) = 3.182.
    updates = [CounterUpdate(float(k), energy) for k, energy in enumerate([0.0, 1000.0, 3000.0, 6000.0, 8000.0])]
    completions = [float(k) for k in range(5)]
    expected = 3.182 * (2 / 3) ** 0.5 / 4**0.5 / 2.0
    assert relative_interval(updates, completions, 10) == pytest.approx(expected)


def test_two_sub_windows_give_no_interval() -> None:
    updates = [CounterUpdate(0.0, 0.0), CounterUpdate(1.0, 1.0), CounterUpdate(2.0, 2.0)]
    assert relative_interval(updates, [0.0, 1.0, 2.0], 10) is None


def test_the_recorder_finds_every_update_of_the_counter() -> None:
    clock = SimulatedClock()
    card = LoadedCard(100.0)
    recorder = Recorder(ReplayMeter(card, clock), clock)
    with recorder.recording():
        clock.sleep_s(0.35)
    # The first value is found at once; each update between two reads, a millisecond apart.
    assert [round(update.time_s, 4) for update in recorder.updates] == [0.0, 0.0995, 0.1995, 0.2995]
    assert [update.energy_mj for update in recorder.updates] == [0.0, 10_000.0, 20_000.0, 30_000.0]
    assert [round(update.doubt_s, 4) for update in recorder.updates] == [0.0, 0.0005, 0.0005, 0.0005]


def test_the_recorder_notices_a_counter_that_runs_backward() -> None:
    clock = SimulatedClock()
    card = LoadedCard(-100.0)
    recorder = Recorder(ReplayMeter(card, clock), clock)
    with recorder.recording():
        clock.sleep_s(0.15)
    assert recorder.backward


def test_a_recorded_trace_plays_back_its_energy() -> None:
    power = TracedPower([0.0, 1.0, 3.0], [100.0, 200.0, 50.0])
    assert [power.watts(at_s) for at_s in (0.5, 1.0, 2.9, 9.0)] == [100.0, 200.0, 200.0, 50.0]
    assert [power.joules(until_s) for until_s in (1.0, 2.0, 3.0, 5.0)] == [100.0, 300.0, 500.0, 600.0]
