"""Steps between setups and ladders of them, on ratios that a head can follow."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pandas as pd
import pytest

from builder.analysis import queries
from builder.analysis.ladders import card_ladder, precision_ladder
from builder.analysis.steps import (
    Change,
    find_setup,
    share_of_saving,
    side_by_side,
    step_between,
)

OLD = "a100-pcie-40gb_pytorch_fp32"
NEW = "h100-pcie-80gb_pytorch_fp32"
NEWEST = "h200-sxm-141gb_pytorch_fp32"
# Two setups with the same energies but for the ratio.
FIVE = {"c1": 1.0, "c2": 10.0, "c3": 100.0, "c4": 1000.0, "c5": 7.0}


def rows_of(setup: str, energies: Mapping[str, float], size: int = 224) -> pd.DataFrame:
    """Return a setup's rows; an architecture whose name begins with t is a transformer, any other a CNN."""
    gpu, runtime, precision = setup.split("_")
    return pd.DataFrame(
        [
            {
                "setup": setup,
                "gpu": gpu,
                "runtime": runtime,
                "precision": precision,
                "architecture": name,
                "input_size_px": size,
                "class": "transformer" if name.startswith("t") else "cnn",
                "model": f"{name}.best",
                "accuracy_pct": 80.0,
                "energy_mj": energy,
            }
            for name, energy in energies.items()
        ]
    )


def divided(energies: Mapping[str, float], *ratios: float) -> dict[str, float]:
    return {name: energy / ratio for (name, energy), ratio in zip(energies.items(), ratios, strict=True)}


def change_between(before: str, after: str, *ratios: float) -> Change | None:
    rows = pd.concat([rows_of(before, FIVE), rows_of(after, divided(FIVE, *ratios))])
    return step_between("step", rows, before, after).change


def test_a_change_is_the_geometric_mean_of_ratios_with_their_spread() -> None:
    change = change_between(OLD, NEW, 1, 2, 4, 8, 16)
    assert change
    assert change.models == 5
    assert change.geometric_mean == pytest.approx(4)
    assert change.spread == pytest.approx((1.4, 12.8))
    low, high = change.interval
    assert 1 < low < 4 < high < 16


def test_ratios_that_are_all_alike_leave_nothing_to_resample() -> None:
    change = change_between(OLD, NEW, 2, 2, 2, 2, 2)
    assert change
    assert change.interval == pytest.approx((2, 2))
    assert change.spread == pytest.approx((2, 2))


def test_a_change_of_four_models_is_not_told() -> None:
    four = {name: energy for name, energy in FIVE.items() if name != "c5"}
    step = step_between("step", pd.concat([rows_of(OLD, FIVE), rows_of(NEW, four)]), OLD, NEW)
    assert step.change is None
    assert step.models_by_class == {"cnn": 4}
    assert step.changes_by_class == {}


@pytest.mark.parametrize(
    ("after", "ratio", "told"),
    # Two sensors may be apart by 1.05 / 0.95 = 1.105.
    [
        (NEW, 1.1, False),
        (NEW, 1.11, True),
        (NEW, 1 / 1.1, False),
        (NEW, 1 / 1.11, True),
        ("a100-pcie-40gb_pytorch_fp16", 1.01, True),
        ("a100-pcie-40gb_pytorch_fp16", 1.0, False),
    ],
)
def test_between_two_gpus_a_change_must_be_larger_than_their_sensors_gain(after: str, ratio: float, told: bool) -> None:
    change = change_between(OLD, after, *[ratio] * 5)
    assert change
    assert change.distinguishable is told


def test_classes_are_told_apart_whatever_the_sensors_gain() -> None:
    names = [*FIVE, "t1", "t2", "t3", "t4", "t5"]
    before = dict.fromkeys(names, 12.0)
    after = {name: 12 / (3 if name.startswith("t") else 2) for name in names}
    step = step_between("step", pd.concat([rows_of(OLD, before), rows_of(NEW, after)]), OLD, NEW)
    assert {name: change.geometric_mean for name, change in step.changes_by_class.items()} == pytest.approx(
        {"cnn": 2, "transformer": 3}
    )
    contrast = step.contrast("transformer", "cnn")
    assert (contrast.models, contrast.value, *contrast.interval) == pytest.approx((10, 1.5, 1.5, 1.5))


def test_a_step_matches_architecture_and_input_size() -> None:
    rows = pd.concat(
        [
            rows_of(OLD, {"c1": 8, "c2": 6, "c3": 5}),
            rows_of(NEW, {"c1": 4, "c2": 3}),
            rows_of(NEW, {"c3": 1}, size=384),
        ]
    )
    step = step_between("step", rows, OLD, NEW)
    assert step.rows["architecture"].tolist() == ["c1", "c2"]
    assert step.rows["times"].tolist() == [2, 2]
    among = pd.MultiIndex.from_tuples([("c2", 224), ("c9", 224)])
    assert step_between("step", rows, OLD, NEW, among).rows["architecture"].tolist() == ["c2"]


def test_a_setup_is_found_by_generation_runtime_and_precision() -> None:
    rows = pd.concat(
        [
            rows_of("h100-pcie-80gb_pytorch_fp32", {"c1": 1}),
            rows_of("h100-sxm-80gb_pytorch_fp32", FIVE),
            rows_of("h1000-x_pytorch_fp32", {**FIVE, "c6": 1}),
            rows_of("h100-sxm-80gb_tensorrt_fp16", {**FIVE, "c6": 1}),
        ]
    )
    assert find_setup(rows, "h100", "pytorch", "fp32") == "h100-sxm-80gb_pytorch_fp32"
    assert find_setup(rows, "h100", "tensorrt", "fp16") == "h100-sxm-80gb_tensorrt_fp16"
    assert find_setup(rows, "h100", "tensorrt", "fp32") is None


def test_a_saving_of_two_times_two_is_shared_half_and_half() -> None:
    setups = ["x_pytorch_fp32", "x_pytorch_fp16", "x_torchcompile_fp16"]
    parts = [rows_of(setup, dict.fromkeys(FIVE, 8 / ratio)) for setup, ratio in zip(setups, (1, 2, 4), strict=True)]
    table = side_by_side(pd.concat(parts), setups)
    share = share_of_saving(table, setups)
    assert share
    assert (share.models, share.value, *share.interval) == pytest.approx((5, 0.5, 0.5, 0.5))
    assert share_of_saving(table.iloc[:4], setups) is None
    assert share_of_saving(table, setups[::-1]) is None


def test_the_ladder_of_precision_stands_on_the_newest_card_that_has_both() -> None:
    fp16 = divided(FIVE, *[2.0] * 5)
    rows = pd.concat(
        [
            rows_of(OLD, FIVE),
            rows_of("a100-pcie-40gb_pytorch_fp16", fp16),
            rows_of("a100-pcie-40gb_tensorrt_fp16", divided(FIVE, *[4.0] * 5)),
            rows_of(NEW, FIVE),
            rows_of("h100-pcie-80gb_pytorch_fp16", {"c1": 1.0}),
            rows_of(NEWEST, FIVE),
        ]
    )
    ladder = precision_ladder(rows)
    assert ladder
    assert (ladder.generation, ladder.compiler, ladder.both, ladder.share) == ("a100", None, None, None)
    assert ladder.same_as is ladder.precision
    assert [step.key for step in ladder.steps] == ["precision", "tensorrt_a100"]
    assert [step.change.geometric_mean for step in ladder.steps if step.change] == pytest.approx([2, 4])
    assert precision_ladder(rows[rows["gpu"] != "a100-pcie-40gb"]) is None


@pytest.mark.parametrize(("compiled", "told"), [(5, True), (3, False)])
def test_tensorrt_is_set_beside_the_models_of_the_whole_ladder_where_they_are_enough(compiled: int, told: bool) -> None:
    seven = {**FIVE, "t1": 3.0, "t2": 4.0}
    fast = dict(list(FIVE.items())[:compiled])
    rows = pd.concat(
        [
            rows_of(OLD, seven),
            rows_of("a100-pcie-40gb_pytorch_fp16", {name: energy / 2 for name, energy in seven.items()}),
            rows_of("a100-pcie-40gb_torchcompile_fp16", {name: energy / 8 for name, energy in fast.items()}),
            rows_of("a100-pcie-40gb_tensorrt_fp16", {name: energy / 8 for name, energy in seven.items()}),
        ]
    )
    ladder = precision_ladder(rows)
    assert ladder
    assert ladder.both
    assert (ladder.same_as is ladder.both) is told
    assert len(ladder.tensorrt["a100"].rows) == (5 if told else 7)
    share = ladder.share
    assert (share is not None) is told
    assert not share or (share.models, share.value, *share.interval) == pytest.approx((5, 1 / 3, 1 / 3, 1 / 3))


def test_from_card_to_card_all_steps_stand_on_the_same_models() -> None:
    rows = pd.concat(
        [
            rows_of(OLD, {**FIVE, "t1": 3.0}),
            rows_of(NEW, {**divided(FIVE, *[2.0] * 5), "t2": 3.0}),
            rows_of(NEWEST, divided(FIVE, *[6.0] * 5)),
        ]
    )
    ladder = card_ladder(rows)
    assert ladder
    changes = {cards: step.change for cards, step in ladder.steps.items()}
    assert list(changes) == [("a100", "h100"), ("h100", "h200"), ("a100", "h200")]
    assert [change.geometric_mean for change in changes.values() if change] == pytest.approx([2, 3, 6])
    assert {change.models for change in changes.values() if change} == {5}
    assert ladder.left_out == {}


def test_a_card_that_shares_too_few_models_is_left_out_and_named() -> None:
    rows = pd.concat([rows_of(OLD, FIVE), rows_of(NEW, {"c1": 1.0, "c2": 1.0}), rows_of(NEWEST, FIVE)])
    ladder = card_ladder(rows)
    assert ladder
    assert (list(ladder.steps), ladder.left_out) == ([("a100", "h200")], {"h100": 2})
    assert card_ladder(rows[rows["setup"] != NEWEST]) is None


def test_an_architecture_has_the_median_of_its_tags_and_its_most_accurate_model(
    mini: duckdb.DuckDBPyConnection,
) -> None:
    setup = "alpha-10gb_pytorch_fp32"
    query = queries.architecture_rows("image_classification", "plain", [setup])
    rows = query.frame(mini).set_index(["architecture", "input_size_px"])
    assert len(rows) == 9
    columns = ["class", "model", "accuracy_pct", "energy_mj", "tags"]
    both = rows[columns].loc[[("pebblenet_m", 224)]].to_numpy().tolist()
    assert both == [["cnn", "pebblenet_m.base", 70, pytest.approx((7.389056 + 7.4) / 2), 2]]
    pd.testing.assert_frame_equal(mini.execute(query.text).df(), query.frame(mini))


def test_doubted_rows_do_not_count_towards_an_architecture(mini: duckdb.DuckDBPyConnection) -> None:
    setups = ["alpha-10gb_pytorch_fp32", "beta-20gb_torchcompile_fp16"]
    doubted = [(setups[0], "pebblenet_m.base", 224), (setups[0], "weavenet_l.base", 224)]
    query = queries.architecture_rows("image_classification", "plain", setups, doubted)
    rows = query.frame(mini).set_index(["setup", "architecture", "input_size_px"])["energy_mj"]
    assert rows[setups[0], "pebblenet_m", 224] == 7.4
    assert (setups[0], "weavenet_l", 224) not in rows.index
    assert rows[setups[1], "weavenet_l", 224] == 50
    pd.testing.assert_frame_equal(mini.execute(query.text).df(), query.frame(mini))
