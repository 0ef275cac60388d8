"""One model from its search to its final trials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from measure.model_run import finals_done, finals_left, tried_sizes
from measure.protocol import STUDY, SURVEY
from measure.results import status_row
from measure.simulation import Behaviour, World
from measure.trial import RefusedError
from measure.workload import OutOfMemoryError, UnsupportedError

from .conftest import SPEC, Bed

BedOf = Callable[..., Bed]


def stages(bed: Bed) -> list[tuple[str, str, str, str]]:
    return [(row["stage"], row["batch_size"], row["trial"], row["status"]) for row in bed.rows]


def test_a_survey_searches_and_then_measures_the_chosen_size(bed_of: BedOf) -> None:
    # 600 W × (4 ms + B × 0.5 ms) / B: 512 items take 0.26 s, and a quarter of them 2.3 % more energy each.
    bed = bed_of(Behaviour())
    run = bed.run()
    assert run.search() == 512
    while run.finals_left():
        run.final()
    assert stages(bed) == [
        ("sweep", "512", "1", "ok"),
        ("sweep", "128", "1", "ok"),
        ("sweep", "32", "1", "ok"),
        ("final", "512", "1", "ok"),
    ]
    assert [float(row["energy_mj_per_item"]) for row in bed.rows] == pytest.approx(
        [600 * (4 / size + 0.5) for size in (512, 128, 32, 512)], rel=2e-3
    )


def test_out_of_memory_is_a_row_and_the_search_goes_on(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour(most_items=100))
    assert bed.run().search() == 64
    assert ("sweep", "256", "1", "out_of_memory") in stages(bed)


def test_a_model_that_never_fits_raises_what_it_met(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour(most_items=0))
    with pytest.raises(OutOfMemoryError):
        bed.run().search()


def test_a_batch_size_that_is_unsupported_is_a_row(bed_of: BedOf) -> None:
    # Not timed at 512, the range is predicted from 64, and its top found not to run.
    bed = bed_of(Behaviour(item_s=0.0004, fault="unsupported", fault_batch=512))
    run = bed.run()
    assert run.search() == 256
    assert stages(bed)[0] == ("sweep", "512", "1", "unsupported")


def test_a_model_that_is_unsupported_at_one_item_raises(bed_of: BedOf) -> None:
    # 0.2 ms an item beside 20 ms of launching: the first size alone does not show how long launching takes.
    bed = bed_of(Behaviour(launch_s=0.02, item_s=0.0002, fault="unsupported", fault_batch=1))
    with pytest.raises(UnsupportedError, match=r"^simulated$"):
        bed.run().search()


def test_a_model_that_keeps_the_card_busy_is_timed_at_one_size(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour())
    bed.run().search()
    assert bed.steps[:4] == [("build", None), ("timing", 512), ("sweep", 512), ("sweep", 128)]


def test_a_model_that_does_not_is_timed_at_one_item_too(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour(launch_s=0.02, item_s=0.0002))
    bed.run().search()
    assert bed.steps[:4] == [("build", None), ("timing", 512), ("timing", 1), ("sweep", 512)]


def test_a_model_that_only_launches_is_timed_further_up(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour(launch_s=0.02, overhead_s=0.0, item_s=0.00001))
    bed.run().search(first=32)
    assert bed.steps[:5] == [("build", None), ("timing", 32), ("timing", 1), ("timing", 256), ("timing", 512)]


def test_a_refused_trial_is_tried_three_times(bed_of: BedOf) -> None:
    bed = bed_of()
    run = bed.run()
    run.search()
    bed.rows.clear()
    bed.world.meter.others = (99,)
    run.final()
    assert stages(bed) == [("final", "512", str(number), "refused") for number in (1, 2, 3)]
    assert set(bed.reasons[-3:]) == {"another process computes on the card: 99"}
    assert run.finals_left() == 1
    bed.world.meter.others = ()
    run.final()
    assert stages(bed)[-1] == ("final", "512", "4", "ok")
    assert run.finals_left() == 0


def test_a_search_of_which_all_is_refused_raises(bed_of: BedOf) -> None:
    bed = bed_of()
    bed.world.meter.mig = True
    with pytest.raises(RefusedError, match=r"^the card is split into MIG instances: its counter counts them all$"):
        bed.run().search()


def test_an_interrupted_model_goes_on_from_its_rows(bed_of: BedOf) -> None:
    whole = bed_of()
    run = whole.run()
    run.search()
    while run.finals_left():
        run.final()
    for stop in range(len(whole.rows)):
        bed = bed_of(world=World(models={SPEC.model: Behaviour()}))
        again = bed.run(whole.rows[:stop])
        assert again.search() == 512
        while again.finals_left():
            again.final()
        assert stages(bed) == stages(whole)[stop:]


def test_a_known_batch_size_has_one_sweep_trial_for_its_final_to_agree_with(bed_of: BedOf) -> None:
    bed = bed_of(Behaviour())
    run = bed.run()
    assert run.search(32) == 32
    while run.finals_left():
        run.final()
    assert stages(bed) == [("sweep", "32", "1", "ok"), ("final", "32", "1", "ok")]
    for stop in (1, 2):
        again = bed_of(Behaviour())
        assert again.run(bed.rows[:stop]).search(32) == 32
        assert stages(again) == []


def test_a_study_climbs_the_whole_ladder(bed_of: BedOf) -> None:
    protocol = replace(STUDY, max_batch_size=8, final_trials=1)
    bed = bed_of(protocol=protocol)
    run = bed.run()
    assert run.search() == 8
    run.final()
    assert [batch for _, batch, _, _ in stages(bed)] == ["1", "2", "4", "8", "8"]
    assert float(bed.rows[-1]["window_s"]) >= 10.0


def test_a_size_that_waits_for_the_host_is_not_chosen(bed_of: BedOf) -> None:
    # 8 ms of launching, nothing else: waiting costs 20 W only, so that few items look cheap up to twice the launch.
    world = World(
        idle_w=20.0, models={SPEC.model: Behaviour(launch_s=0.008, overhead_s=0.0, item_s=0.0001, busy_w=600.0)}
    )
    bed = bed_of(world=world)
    run = bed.run()
    chosen = run.search()
    assert chosen * 0.0001 >= 2.0 * 0.008


READINGS: tuple[tuple[float | None, list[float], int], ...] = (
    # Sweep at the chosen size, finals so far, finals left of at least one and at most three.
    (100.0, [], 1),
    (100.0, [102.0], 0),
    (100.0, [102.1], 1),
    (100.0, [98.0], 1),
    (100.0, [98.1], 0),
    (100.0, [104.0, 103.0], 0),
    (100.0, [104.0, 101.5], 0),
    (100.0, [104.0, 107.0], 1),
    (100.0, [104.0, 107.0, 111.0], 0),
    (None, [104.0], 1),
    (None, [104.0, 104.0], 0),
)


@pytest.mark.parametrize(("swept", "finals", "left"), READINGS)
def test_finals_are_run_until_two_readings_agree(swept: float | None, finals: list[float], left: int) -> None:
    rows = [
        status_row(SPEC, "final", number, 64, "ok") | {"energy_mj_per_item": str(energy)}
        for number, energy in enumerate(finals, start=1)
    ]
    if swept is not None:
        rows.append(status_row(SPEC, "sweep", 1, 64, "ok") | {"energy_mj_per_item": str(swept)})
        rows.append(status_row(SPEC, "sweep", 1, 256, "ok") | {"energy_mj_per_item": str(finals[0] if finals else 1)})
    assert finals_left(rows, SURVEY) == left


def test_a_final_that_was_refused_throughout_is_tried_once_more_at_another_time() -> None:
    refused = [status_row(SPEC, "final", number, 64, "refused") for number in range(1, 7)]
    assert [finals_left(refused[:count], SURVEY) for count in (0, 2, 3, 5, 6)] == [1, 1, 1, 1, 0]


def test_finals_count_three_refusals_as_one() -> None:
    rows = [status_row(SPEC, "final", number, 64, "refused") for number in (1, 2, 3)]
    assert finals_done(rows[:2]) == 0
    assert finals_done(rows) == 1


def test_a_later_success_of_a_size_replaces_its_refusal() -> None:
    rows = [
        status_row(SPEC, "sweep", 1, 64, "refused"),
        status_row(SPEC, "sweep", 2, 64, "ok") | {"energy_mj_per_item": "12.5"},
    ]
    assert tried_sizes(rows) == {64: 12.5}
