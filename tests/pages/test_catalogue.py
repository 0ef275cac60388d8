"""The records that pages draw on, for models whose answers tests/mini/README.md works out."""

from __future__ import annotations

import pytest

from builder.analysis.intervals import NoiseFloor
from builder.pages.catalogue import Model
from builder.pages.page import Atlas
from builder.pages.plane import Plane, plane_of
from builder.pages.sweeps import sweep_charts

ALPHA, BETA, COMPILED = "alpha-10gb_pytorch_fp32", "beta-20gb_pytorch_fp32", "beta-20gb_torchcompile_fp16"


@pytest.fixture(scope="module")
def models(atlas: Atlas) -> dict[str, Model]:
    return {model.slug: model for model in atlas.catalogue.models}


def test_models_are_ordered_by_name_and_input_size(models: dict[str, Model]) -> None:
    assert list(models) == [
        "gridmixer_l.base@224",
        "gridmixer_s.base@224",
        "lanternformer_l.base@224",
        "lanternformer_l.base@384",
        "lanternformer_s.base@224",
        "lanternformer_s.plus@224",
        "pebblenet_m.base@224",
        "pebblenet_m.plus@224",
        "pebblenet_nano.base@96",
        "pebblenet_s.base@160",
        "weavenet_l.base@224",
        "weavenet_s.base@224",
    ]


def test_what_is_shown_first_is_the_first_setup_and_the_first_test_set(atlas: Atlas) -> None:
    assert (atlas.catalogue.setup.key, atlas.catalogue.test_set.key) == (ALPHA, "plain")
    assert [(setup.key, setup.figures, dict(setup.missing)) for setup in atlas.catalogue.setups] == [
        (ALPHA, 11, {"not_recorded": 1}),
        (BETA, 5, {"not_recorded": 1, "out_of_memory": 1}),
        (COMPILED, 7, {"build_failed": 1, "crashed": 1, "timed_out": 1}),
    ]


def test_a_row_for_a_bare_architecture_counts_for_all_its_tags(models: dict[str, Model]) -> None:
    plus, base = models["pebblenet_m.plus@224"], models["pebblenet_m.base@224"]
    assert plus.energy_mj[COMPILED] == base.energy_mj[COMPILED] == 2.0


def test_a_figure_on_trials_has_their_range_and_a_published_one_the_noise_floor(
    atlas: Atlas, models: dict[str, Model]
) -> None:
    measured = models["pebblenet_s.base@160"].figures[BETA]
    assert (measured.energy_mj, measured.low_mj, measured.high_mj, measured.interval) == (1.4, 1.372, 1.456, "trials")
    published = models["pebblenet_s.base@160"].figures[ALPHA]
    floor = atlas.catalogue.setup.noise
    assert isinstance(floor, NoiseFloor)
    assert published.interval == "floor"
    assert published.low_mj == pytest.approx(2.718282 * (1 - floor.p95))
    assert published.high_mj == pytest.approx(2.718282 * (1 + floor.p95))


def test_a_figure_that_is_missing_has_its_status_and_no_rank(models: dict[str, Model]) -> None:
    figure = models["gridmixer_l.base@224"].figures[ALPHA]
    assert (figure.energy_mj, figure.low_mj, figure.rank, figure.status) == (None, None, None, "not_recorded")
    assert BETA not in models["gridmixer_l.base@224"].figures


def test_ranks_start_with_the_least_energy_and_the_highest_accuracy(models: dict[str, Model]) -> None:
    energy = sorted((figure.rank or 99, slug) for slug, model in models.items() if (figure := model.figures.get(ALPHA)))
    assert [place for place, _ in energy] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]
    assert energy[0][1] == "pebblenet_nano.base@96"
    best = models["lanternformer_l.base@224"].accuracy["plain"]
    assert (best.place, best.of, best.value) == (1, 12, 90.0)
    assert "drawn" not in models["weavenet_l.base@224"].accuracy


def test_a_model_without_energy_has_no_score(models: dict[str, Model]) -> None:
    assert models["gridmixer_l.base@224"].score is None
    assert {model.score.of for model in models.values() if model.score} == {11}


def test_the_plane_holds_every_point_between_whole_decades_and_tens() -> None:
    plane = plane_of([0.5, 6000.0], [41.0, 90.0])
    assert (plane.energy_mj, plane.accuracy_pct) == ((0.1, 10_000.0), (40.0, 90.0))
    assert [tick.label for tick in plane.energy_ticks] == ["0.1 mJ", "1 mJ", "10 mJ", "100 mJ", "1 J", "10 J"]
    assert [tick.label for tick in plane.accuracy_ticks] == ["40", "50", "60", "70", "80", "90"]


def test_a_decade_is_as_wide_anywhere_and_more_accuracy_is_higher() -> None:
    plane = Plane((1.0, 1000.0), (0.0, 100.0))
    assert (plane.x(1.0), plane.x(1000.0)) == (plane.left, plane.right)
    assert plane.x(100.0) - plane.x(10.0) == pytest.approx(plane.x(10.0) - plane.x(1.0), abs=0.11)
    assert (plane.y(0.0), plane.y(100.0)) == (plane.bottom, plane.top)


def test_points_that_lie_on_one_spot_still_have_a_plane() -> None:
    plane = plane_of([10.0], [50.0])
    assert (plane.energy_mj, plane.accuracy_pct) == ((10.0, 100.0), (50.0, 60.0))


def test_a_sweep_is_drawn_from_the_smallest_batch_to_the_largest(atlas: Atlas) -> None:
    charts = sweep_charts(atlas.connection, atlas.catalogue)
    chart = charts[BETA, "pebblenet_s.base", 160]
    sweep = [(point.batch_size, point.energy_mj) for point in chart.points if point.stage == "sweep"]
    assert sweep == [(1, 2.8), (8, 1.75), (16, 1.428), (32, 1.54)]
    assert [(point.batch_size, point.energy_mj) for point in chart.points if point.stage == "final"] == [
        (16, 1.372),
        (16, 1.4),
        (16, 1.456),
    ]
    assert [tick.label for tick in chart.batch_ticks] == ["1", "2", "4", "8", "16", "32"]
    assert [tick.label for tick in chart.energy_ticks] == ["0", "1", "2", "3"]


def test_batch_sizes_that_failed_are_said_and_one_batch_size_is_no_curve(atlas: Atlas) -> None:
    charts = sweep_charts(atlas.connection, atlas.catalogue)
    assert charts[BETA, "lanternformer_l.base", 224].failures == ((16, "out_of_memory"),)
    assert (BETA, "weavenet_s.base", 224) not in charts
    assert not [key for key in charts if key[0] == ALPHA]
