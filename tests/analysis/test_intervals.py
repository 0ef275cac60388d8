from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from builder.analysis import queries
from builder.analysis.intervals import (
    NoiseFloor,
    distinguishable,
    noise_floors,
    relative_interval,
    sibling_deviation,
    with_intervals,
)

TASK = "image_classification"
ALPHA = "alpha-10gb_pytorch_fp32"
BETA = "beta-20gb_pytorch_fp32"


def siblings(*energy_mj: float) -> pd.DataFrame:
    figures = pd.DataFrame({"setup": "s", "architecture": "a", "input_size_px": 224, "energy_mj": energy_mj})
    return figures.assign(trials=1, energy_min_mj=figures["energy_mj"], energy_max_mj=figures["energy_mj"])


def test_of_two_siblings_each_is_half_their_gap_times_the_root_of_two_away() -> None:
    deviation = sibling_deviation(siblings(9, 11))
    assert deviation.tolist() == pytest.approx([0.1 * np.sqrt(2)] * 2)


def test_of_three_siblings_the_middle_one_is_the_measure() -> None:
    deviation = sibling_deviation(siblings(10, 11, 13))
    assert deviation.tolist() == pytest.approx([1 / 11 * np.sqrt(1.5), 0, 2 / 11 * np.sqrt(1.5)])


def test_a_model_alone_has_no_deviation() -> None:
    assert sibling_deviation(siblings(9)).isna().all()


def test_a_square_root_corrects_for_the_median_of_few() -> None:
    # Mean square deviation of pairs from their own middle, times two, is the variance of the noise.
    noise = np.random.default_rng(1).normal(0, 0.01, (20_000, 2))
    pairs = pd.DataFrame(
        {
            "setup": "s",
            "architecture": np.repeat(np.arange(20_000), 2),
            "input_size_px": 224,
            "energy_mj": 1 + noise.ravel(),
        }
    )
    assert np.sqrt((sibling_deviation(pairs) ** 2).mean()) == pytest.approx(0.01, rel=0.02)


def test_a_setups_noise_floor_is_over_all_its_siblings(mini: duckdb.DuckDBPyConnection) -> None:
    floor = noise_floors(queries.figures(mini, TASK))[ALPHA]
    # pebblenet_m 7.389056 and 7.4; lanternformer_s 54.59815 and 65.
    small, large = (np.sqrt(2) * (b - a) / (b + a) for a, b in ((7.389056, 7.4), (54.59815, 65)))
    assert floor.median == pytest.approx((small + large) / 2)
    assert floor.p95 == pytest.approx(large)
    assert (floor.siblings, floor.groups) == (4, 2)


def test_the_floor_is_where_95_of_100_siblings_are() -> None:
    figures = siblings(8, 9, 10, 11, 14).assign(model=list("abcde"), throughput_items_per_s=1.0)
    # Off the median by 0, 0.1, 0.1, 0.2 and 0.4: 95 % is four fifths of the way from the fourth to the fifth.
    floor = noise_floors(figures)["s"]
    assert (floor.median, floor.p95) == pytest.approx((0.1 * np.sqrt(1.25), 0.36 * np.sqrt(1.25)))


def test_a_doubted_row_is_no_measure_of_noise(mini: duckdb.DuckDBPyConnection) -> None:
    floor = noise_floors(queries.figures(mini, TASK), {(ALPHA, "lanternformer_s.plus", 224)})[ALPHA]
    assert floor.p95 == pytest.approx(np.sqrt(2) * (7.4 - 7.389056) / (7.4 + 7.389056))
    assert (floor.siblings, floor.groups) == (2, 1)


def test_a_measurement_that_stands_for_several_tags_is_no_measure_of_noise(mini: duckdb.DuckDBPyConnection) -> None:
    figures = queries.figures(mini, TASK)
    compiled = figures[figures["setup"] == "beta-20gb_torchcompile_fp16"]
    assert compiled[compiled["architecture"] == "pebblenet_m"]["energy_mj"].tolist() == [2, 2]
    floor = noise_floors(compiled)["beta-20gb_torchcompile_fp16"]
    # Its own two trials are: five architectures, each once.
    assert (floor.trials, floor.siblings, floor.groups) == (True, 10, 5)


def test_a_setup_without_siblings_has_no_floor() -> None:
    figures = siblings(9).assign(model="a.b", throughput_items_per_s=1.0)
    assert noise_floors(figures) == {}


def test_without_siblings_the_floor_is_what_repeated_trials_differ_by() -> None:
    figures = pd.concat([siblings(10).assign(architecture=name, model=name) for name in ("a", "b", "c")])
    # Of b two trials, 9.5 and 10.5; of c three, 9, 10 and 13.
    figures = figures.assign(
        trials=[1, 2, 3], energy_min_mj=[10, 9.5, 9], energy_max_mj=[10, 10.5, 13], throughput_items_per_s=1.0
    )
    ends = [0.05 * np.sqrt(2)] * 2 + [0.1 * np.sqrt(1.5), 0.3 * np.sqrt(1.5)]
    floor = noise_floors(figures)["s"]
    assert (floor.median, floor.p95) == pytest.approx(tuple(np.quantile(ends, [0.5, 0.95])))
    assert (floor.siblings, floor.groups, floor.trials) == (4, 2, True)


def test_final_trials_give_their_range_and_published_figures_the_floor(mini: duckdb.DuckDBPyConnection) -> None:
    figures = queries.figures(mini, TASK)
    rows = with_intervals(figures, {ALPHA: NoiseFloor(0.01, 0.1, 4, 2)}).set_index(["setup", "model", "input_size_px"])
    ends = rows[["energy_low_mj", "energy_high_mj"]]
    got = {key: ends.loc[[key]].to_numpy()[0].tolist() for key in ends.index}
    assert got[ALPHA, "weavenet_s.base", 224] == pytest.approx([18, 22])
    assert got[BETA, "pebblenet_s.base", 160] == [1.372, 1.456]
    assert got[ALPHA, "gridmixer_l.base", 224] == pytest.approx([np.nan, np.nan], nan_ok=True)


def test_one_trial_in_a_setup_without_a_floor_has_no_interval() -> None:
    one = pd.DataFrame(
        {"setup": ["s"], "trials": [1], "energy_mj": [5.0], "energy_min_mj": [5.0], "energy_max_mj": [5.0]}
    )
    assert with_intervals(one, {})[["energy_low_mj", "energy_high_mj"]].isna().all(axis=None)


def test_a_floor_above_one_does_not_give_a_negative_energy() -> None:
    one = pd.DataFrame(
        {"setup": ["s"], "trials": [1], "energy_mj": [5.0], "energy_min_mj": [5.0], "energy_max_mj": [5.0]}
    )
    ends = with_intervals(one, {"s": NoiseFloor(0.5, 1.5, 2, 1)})
    assert ends[["energy_low_mj", "energy_high_mj"]].to_numpy().tolist() == [[0, 12.5]]


def test_energies_differ_when_their_intervals_are_apart() -> None:
    assert distinguishable((9, 10), (10.1, 11), same_card=True)
    assert distinguishable((10.1, 11), (9, 10), same_card=True)
    assert not distinguishable((9, 10), (10, 11), same_card=True)


def test_between_two_cards_each_sensor_may_be_5_percent_off() -> None:
    assert not distinguishable((9, 10), (11, 12), same_card=False)
    assert distinguishable((9, 10), (11.1, 12), same_card=False)


def test_a_relative_interval_is_its_larger_half() -> None:
    row = relative_interval(np.array([10.0]), np.array([9.0]), np.array([12.0]))
    assert row.tolist() == [0.2]
