"""One run of queries on the simulated card: exact figures of every phase, and every reason to refuse one."""

from __future__ import annotations

from typing import Any

import pytest

from measure.power import CounterUpdate
from measure.queries import QueryOptions, QueryRules, Sample, batches
from measure.query_run import QueryBench, QueryRun, Span, run_queries, span_energy_j, warm_up
from measure.query_simulation import PhaseBehaviour, QueryBehaviour, QueryWorld
from measure.replay import LoadedCard, ReplayMeter
from measure.trial import RefusedError
from measure.workload import OutOfMemoryError

OPTIONS = QueryOptions("text_generation")
# 3 ms at 100 W, 21 ms at 300 W, 101 ms at 200 W: 0.3 J, 6.3 J and 20.2 J a query.
WRITER = QueryBehaviour(
    {
        "preprocess": PhaseBehaviour(0.003, 100.0),
        "prefill": PhaseBehaviour(0.021, 300.0),
        "decode": PhaseBehaviour(0.101, 200.0),
    },
    tokens=10,
)


def run(
    behaviour: QueryBehaviour = WRITER, count: int = 30, batch_size: int = 1, meter: Any = None, **rules: float
) -> QueryRun:
    world = QueryWorld(models={"m": behaviour})
    return run_on(world, count, batch_size, meter(world) if meter else world.meter, **rules)


def run_on(world: QueryWorld, count: int = 30, batch_size: int = 1, meter: Any = None, **rules: Any) -> QueryRun:
    samples: list[Sample] = [{"text": "word"}] * count
    bench = QueryBench(meter or world.meter, world.clock, QueryRules(**rules))
    return run_queries(world.build("m", OPTIONS), samples, batch_size, bench)


def refusal(behaviour: QueryBehaviour = WRITER, **given: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        run(behaviour, **given)
    return str(caught.value)


def test_every_phase_has_its_energy() -> None:
    found = run()
    assert found.phases_mj_per_item == pytest.approx({"preprocess": 300.0, "prefill": 6300.0, "decode": 20200.0})
    assert found.energy_mj_per_item == pytest.approx(26800.0)
    assert found.duration_s == pytest.approx(30 * 0.125)
    assert found.latency_ms == pytest.approx(125.0)
    assert found.mean_power_w == pytest.approx(26.8 / 0.125)
    assert found.output_tokens_per_item == 10
    assert (found.samples, found.batch_size, found.memory_mib) == (30, 1, 100.0)
    assert (found.temperature_c, found.sm_clock_mhz, found.throttle_reasons) == ((50.0, 50.0), (1980, 1980), ())
    assert found.counter_power_ratio == pytest.approx(1.0, abs=0.02)


def test_a_batch_takes_its_items_time_and_its_tokens_count_for_each_item() -> None:
    found = run(batch_size=4)
    # Seven batches of four and one of two.
    assert found.latency_ms == pytest.approx(30 * 125.0 / 8)
    assert found.energy_mj_per_item == pytest.approx(26800.0)
    assert found.output_tokens_per_item == 10


def test_a_short_phase_is_repeated_and_counts_once() -> None:
    brief = QueryBehaviour({"forward": PhaseBehaviour(0.0103, 400.0)})
    found = run(brief, count=3)
    assert found.phases_mj_per_item == pytest.approx({"forward": 4120.0})
    assert found.duration_s == pytest.approx(3 * 0.0103)


def test_queries_beyond_a_chunk_go_through_all_phases_chunk_by_chunk() -> None:
    seen: list[str] = []
    world = QueryWorld(models={"m": WRITER})
    workload = world.build("m", OPTIONS)
    inner = workload.run

    def noting(phase: str, work: Any) -> Any:
        if not seen or seen[-1] != phase:
            seen.append(phase)
        return inner(phase, work)

    workload.run = noting  # type: ignore[method-assign]
    bench = QueryBench(world.meter, world.clock, QueryRules())
    found = run_queries(workload, [{"text": "word"}] * 200, 1, bench)
    assert seen == ["preprocess", "prefill", "decode"] * 2
    assert found.energy_mj_per_item == pytest.approx(26800.0)


def test_warming_up_takes_every_batch_once_and_goes_on_to_the_count() -> None:
    world = QueryWorld(models={"m": QueryBehaviour({"forward": PhaseBehaviour(1.0, 100.0)})})
    workload = world.build("m", OPTIONS)
    samples: list[Sample] = [{"text": "word"}] * 6
    for count, batch_size, items in ((0, 1, 0), (2, 1, 6), (10, 1, 10), (4, 3, 12)):
        before_s = world.clock.now_s()
        warm_up(workload, samples, batch_size, count)
        assert world.clock.now_s() - before_s == pytest.approx(items)


def test_warming_up_takes_phases_in_the_order_of_a_run() -> None:
    class Noting:
        phases = ("prefill", "decode")

        def __init__(self) -> None:
            self.ran: list[tuple[str, int]] = []

        def run(self, phase: str, work: Any) -> Any:
            self.ran.append((phase, len(work)))
            return work

    warmed, measured = Noting(), Noting()
    samples: list[Sample] = [{"text": "word"}] * 5
    warm_up(warmed, samples, 2, 1)  # type: ignore[arg-type]
    works: list[Any] = list(batches(samples, 2))
    for phase in measured.phases:
        works = [measured.run(phase, work) for work in works]
    assert warmed.ran == measured.ran == [(phase, size) for phase in ("prefill", "decode") for size in (2, 2, 1)]


def test_the_last_batch_may_be_smaller() -> None:
    assert [len(batch) for batch in batches([{}] * 7, 3)] == [3, 3, 1]


UPDATES = tuple(CounterUpdate(0.1 * number, 30_000.0 * number) for number in range(21))


def test_a_phase_takes_its_mean_power_times_its_length() -> None:
    # 300 W; the updates from 0.6 s to 1.1 s lie in it, behind the first 0.1 s.
    assert span_energy_j("forward", Span(0.47, 1.17, 1), UPDATES) == pytest.approx(300.0 * 0.7)
    assert span_energy_j("forward", Span(0.47, 1.17, 2), UPDATES) == pytest.approx(300.0 * 0.35)


def test_a_phase_of_too_few_updates_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"^decode lasted 0\.40 s: 3 updates of the energy counter in it, 4 wanted$"):
        span_energy_j("decode", Span(0.45, 0.85, 1), UPDATES)


@pytest.mark.parametrize(("step_mj", "watts"), [(0.0, "0"), (-3_000.0, "-30")])
def test_a_phase_of_no_or_negative_energy_is_refused(step_mj: float, watts: str) -> None:
    updates = [CounterUpdate(0.1 * number, 9e6 + step_mj * number) for number in range(21)]
    with pytest.raises(RefusedError) as caught:
        span_energy_j("decode", Span(0.5, 1.5, 1), updates)
    assert str(caught.value) == f"decode took {watts} W by the energy counter: nothing, or less than nothing"


class Faulty(ReplayMeter):
    """A replay meter whose counter goes wrong from a time on."""

    def __init__(self, world: QueryWorld, change: Any) -> None:
        super().__init__(world.card, world.clock)
        self._time = world.clock
        self._change = change

    def energy_mj(self) -> float:
        return float(self._change(self._time.now_s(), super().energy_mj()))


def test_a_counter_that_runs_backward_is_refused() -> None:
    def back(at_s: float, energy_mj: float) -> float:
        return energy_mj - (1e6 if at_s > 1.0 else 0.0)

    assert refusal(meter=lambda world: Faulty(world, back)) == "the energy counter ran backward"


def test_a_counter_that_stands_still_is_refused() -> None:
    def stuck(at_s: float, energy_mj: float) -> float:
        return min(energy_mj, 60_000.0)

    assert refusal(meter=lambda world: Faulty(world, stuck)) == "the energy counter stood still for 2.0 s"


def test_a_spike_of_the_counter_alone_is_refused_by_the_cross_check() -> None:
    def spike(at_s: float, energy_mj: float) -> float:
        return energy_mj + (400_000.0 if at_s > 2.0 else 0.0)

    # 810 J between the first and the last update in the run, and 400 J more.
    message = refusal(meter=lambda world: Faulty(world, spike))
    assert message == "energy counter ÷ integrated power is 1.494, outside 0.8 to 1.2"


def test_a_machine_that_jumps_is_refused() -> None:
    world = QueryWorld(models={"m": WRITER})
    workload = world.build("m", OPTIONS)
    inner = workload.run
    jumped: list[bool] = []

    def jumping(phase: str, work: Any) -> Any:
        if world.clock.now_s() > 1.5 and not jumped:
            jumped.append(True)
            world.clock.jump(1.5)
        return inner(phase, work)

    workload.run = jumping  # type: ignore[method-assign]
    bench = QueryBench(world.meter, world.clock, QueryRules())
    with pytest.raises(
        RefusedError, match=r"^0\.8 s between two counter updates, usually 0\.10 s: the clock or the machine jumped$"
    ):
        run_queries(workload, [{"text": "word"}] * 30, 1, bench)


def test_a_shared_card_is_refused() -> None:
    world = QueryWorld(models={"m": WRITER})
    world.meter.others = (4711,)
    with pytest.raises(RefusedError, match=r"^another process computes on the card: 4711$"):
        run_on(world)


def test_thermal_slowdown_is_refused_and_a_power_cap_is_stored() -> None:
    world = QueryWorld(models={"m": WRITER})
    world.meter.throttle_reasons = ("sw_power_cap",)
    assert run_on(world).throttle_reasons == ("sw_power_cap",)
    world.meter.throttle_reasons = ("hw_thermal_slowdown", "sw_power_cap")
    with pytest.raises(RefusedError, match=r"^the card was slowed down: hw_thermal_slowdown$"):
        run_on(world)


def test_a_batch_that_does_not_fit_is_an_answer() -> None:
    with pytest.raises(OutOfMemoryError, match=r"^8 items do not fit$"):
        run(QueryBehaviour(WRITER.phases, most_items=4), batch_size=8)


def test_a_card_without_power_fields_has_no_ratio() -> None:
    class Blind(ReplayMeter):
        def power(self) -> tuple[float | None, float | None]:
            return None, None

    found = run(meter=lambda world: Blind(world.card, world.clock))
    assert found.counter_power_ratio is None
    assert found.energy_mj_per_item == pytest.approx(26800.0)


def test_the_simulated_card_is_idle_between_loads() -> None:
    card = LoadedCard(80.0)
    card.load(1.0, 2.0, 300.0)
    assert card.joules(3.0) == pytest.approx(80.0 * 2 + 300.0)
