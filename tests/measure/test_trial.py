"""One trial on the simulated card: exact figures, and every reason to refuse one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from measure.power import CardState
from measure.protocol import STUDY, SURVEY
from measure.replay import PowerSource, ReplayMeter, SimulatedClock
from measure.simulation import Behaviour, World
from measure.trial import RefusedError, Trial, run_trial
from measure.workload import OutOfMemoryError, WorkloadOptions

from .conftest import SPEC, Bed

# 4 ms + 10 items of 2 ms = 24 ms a batch at 500 W: 12 J a batch, 1.2 J an item.
STEADY = Behaviour(launch_s=0.001, overhead_s=0.004, item_s=0.002, busy_w=500.0)


def trial_on(world: World, rule: Any = SURVEY.final, batch_size: int = 10, meter: Any = None) -> Trial:
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(batch_size)
    return run_trial(workload, batch_size, meter or world.meter, world.clock, rule)


def test_a_steady_load_has_its_exact_figures() -> None:
    trial = trial_on(World(default=STEADY))
    assert trial.energy_mj_per_item == pytest.approx(1200.0, rel=1e-6)
    assert trial.throughput_items_per_s == pytest.approx(10 / 0.024, rel=1e-6)
    assert trial.latency_ms == pytest.approx(24.0, rel=1e-6)
    assert trial.mean_power_w == pytest.approx(500.0, rel=1e-6)
    # 21 updates: the twentieth comes a rounding error before 2 s.
    assert trial.window_s == pytest.approx(2.1)
    assert trial.repetitions == 87
    assert trial.counter_power_ratio == pytest.approx(1.0, abs=1e-6)
    assert trial.interval == pytest.approx(0.0, abs=1e-6)
    assert (trial.temperature_c, trial.sm_clock_mhz, trial.throttle_reasons) == ((50.0, 50.0), (1980, 1980), ())
    assert trial.memory_mib == 100.0


def test_a_study_window_lasts_ten_seconds() -> None:
    trial = trial_on(World(default=STEADY), STUDY.final)
    assert trial.window_s == pytest.approx(10.0, abs=0.11)
    assert trial.repetitions == int(trial.window_s / 0.024)


def test_a_slow_batch_is_repeated_ten_times() -> None:
    trial = trial_on(World(default=Behaviour(launch_s=0.001, overhead_s=0.0, item_s=0.05)))
    assert trial.latency_ms == pytest.approx(500.0, rel=1e-6)
    assert trial.repetitions >= 10


def test_a_load_that_waits_for_launches_counts_the_idle_power_too() -> None:
    # 7.3 ms of launching, of which 3.65 ms at 300 W and 3.65 ms idle at 100 W: 1.46 J a batch.
    trial = trial_on(World(default=Behaviour(launch_s=0.0073, overhead_s=0.0, item_s=0.000365, busy_w=300.0)))
    assert trial.energy_mj_per_item == pytest.approx(146.0, rel=2e-3)
    assert trial.latency_ms == pytest.approx(7.3, rel=1e-3)


class Faulty(ReplayMeter):
    """A replay meter whose counter goes wrong at a time."""

    def __init__(self, source: PowerSource, clock: SimulatedClock, change: Callable[[float, float], float]) -> None:
        super().__init__(source, clock)
        self._time = clock
        self._change = change

    def energy_mj(self) -> float:
        return self._change(self._time.now_s(), super().energy_mj())


def refusal(world: World, meter: Any = None) -> str:
    with pytest.raises(RefusedError) as caught:
        trial_on(world, meter=meter)
    return str(caught.value)


def test_a_stuck_counter_is_refused() -> None:
    world = World(default=STEADY)
    meter = Faulty(world.card, world.clock, lambda at_s, energy_mj: min(energy_mj, 400_000.0))
    assert refusal(world, meter) == "the energy counter stood still for 2.0 s under load"


def test_a_counter_at_zero_is_refused() -> None:
    world = World(default=STEADY)
    assert refusal(world, Faulty(world.card, world.clock, lambda at_s, energy_mj: 0.0)) == (
        "the energy counter stood still for 2.0 s under load"
    )


def test_a_backward_counter_is_refused() -> None:
    world = World(default=STEADY)
    meter = Faulty(world.card, world.clock, lambda at_s, energy_mj: energy_mj - (1e5 if at_s > 1.5 else 0.0))
    assert refusal(world, meter) == "the energy counter ran backward"


def test_a_spike_of_the_counter_alone_is_refused_by_the_cross_check() -> None:
    world = World(default=STEADY)
    meter = Faulty(world.card, world.clock, lambda at_s, energy_mj: energy_mj + (500_000.0 if at_s > 1.0 else 0.0))
    assert refusal(world, meter) == "energy counter ÷ integrated power is 1.200, outside 0.95 to 1.05"


def test_a_spike_of_power_lengthens_the_window() -> None:
    world = World(default=STEADY)
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(10)
    spiked = {"done": False}
    enqueue = workload.enqueue

    def spike() -> None:
        enqueue()
        if world.clock.now_s() > 1.5 and not spiked["done"]:
            spiked["done"] = True
            start_s = world.card.busy_until_s
            world.card.load(start_s, start_s + 0.05, 1500.0)

    workload.enqueue = spike  # type: ignore[method-assign]
    trial = run_trial(workload, 10, world.meter, world.clock, SURVEY.final)
    assert trial.window_s == pytest.approx(5.0, abs=0.11)


def test_a_clock_that_jumps_is_refused() -> None:
    world = World(default=STEADY)
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(10)
    wait, jumped = workload.wait, {"done": False}

    def jumping() -> None:
        wait()
        if world.clock.now_s() > 1.5 and not jumped["done"]:
            jumped["done"] = True
            world.clock.jump(1.5)

    workload.wait = jumping  # type: ignore[method-assign]
    with pytest.raises(
        RefusedError, match=r"^0\.8 s between two counter updates, usually 0\.10 s: the clock or the machine jumped$"
    ):
        run_trial(workload, 10, world.meter, world.clock, SURVEY.final)


def test_a_split_card_is_refused() -> None:
    world = World(default=STEADY)
    world.meter.mig = True
    assert refusal(world) == "the card is split into MIG instances: its counter counts them all"


def test_another_process_on_the_card_is_refused() -> None:
    world = World(default=STEADY)
    world.meter.others = (4711, 4712)
    assert refusal(world) == "another process computes on the card: 4711, 4712"


def test_thermal_throttling_is_refused() -> None:
    world = World(default=STEADY)
    world.meter.throttle_reasons = ("sw_power_cap", "sw_thermal_slowdown")
    assert refusal(world) == "the card was slowed down: sw_thermal_slowdown"


def test_a_power_cap_is_stored_and_not_refused() -> None:
    world = World(default=STEADY)
    world.meter.throttle_reasons = ("sw_power_cap",)
    assert trial_on(world).throttle_reasons == ("sw_power_cap",)


def test_a_card_without_power_fields_has_no_ratio() -> None:
    world = World(default=STEADY)

    class Blind(ReplayMeter):
        def power(self) -> tuple[float | None, float | None]:
            return None, None

        def state(self) -> CardState:
            return CardState(40.0, 1000)

    trial = trial_on(world, meter=Blind(world.card, world.clock))
    assert trial.counter_power_ratio is None
    assert trial.energy_mj_per_item == pytest.approx(1200.0, rel=1e-6)


def test_a_refused_trial_leaves_no_batch_queued(bed_of: Callable[..., Bed]) -> None:
    world = World(default=STEADY)
    workload = world.build(SPEC, WorkloadOptions())
    workload.prepare(10)
    meter = Faulty(world.card, world.clock, lambda at_s, energy_mj: 0.0)
    with pytest.raises(RefusedError):
        run_trial(workload, 10, meter, world.clock, SURVEY.final)
    assert not workload._queued


def test_a_batch_that_does_not_fit_is_an_answer() -> None:
    world = World(default=Behaviour(most_items=8))
    with pytest.raises(OutOfMemoryError, match=r"^10 items do not fit$"):
        trial_on(world)
