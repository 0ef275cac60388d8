from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from builder.analysis import queries
from builder.analysis.audit import RULES, Flag, audit, audit_rows, doubted_apart
from builder.analysis.audit_rating import Rating, rate, rate_all
from builder.analysis.pareto import FloatArray
from builder.analysis.study import A100_PYTORCH, A100_TENSORRT, H100_PYTORCH, H100_TENSORRT

pytestmark = pytest.mark.xdist_group("atlas")

HERE, THERE = "here_pytorch_fp32", "there_pytorch_fp32"


def figures(setup: str, factors: FloatArray | float = 1.0, **changes: dict[str, Any]) -> pd.DataFrame:
    """Thirty models of one architecture each, m00 to m29, that draw 200 W; changes by model."""
    place = np.arange(30)
    energies = np.broadcast_to(factors * 10.0 * 1.1**place * (1 + 0.02 * (place % 3)), 30)
    rows = []
    for model, energy in zip((f"m{place:02}" for place in range(30)), energies.tolist(), strict=True):
        row: dict[str, Any] = {
            "setup": setup,
            "runtime": "pytorch",
            "precision": "fp32",
            "model": model,
            "input_size_px": 224,
            "architecture": model,
            **at_power(200, energy),
            "batch_size": 64,
            "status": "ok",
            "stage": "published",
            "power_limit_w": 205.0,
        }
        row |= changes.get(model, {})
        rows.append(row | {"power_w": row["energy_mj"] * row["throughput_items_per_s"] / 1000})
    return pd.DataFrame(rows)


def at_power(watts: float, energy_mj: float) -> dict[str, Any]:
    """Energy, throughput and, at a batch size of 64, latency that belong together."""
    return {
        "energy_mj": energy_mj,
        "throughput_items_per_s": 1000 * watts / energy_mj,
        "latency_ms": 64 * energy_mj / watts,
    }


def flags(*frames: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    rows = pd.concat(frames, ignore_index=True)
    return [(flag.setup, flag.model, flag.rule, flag.reason) for flag in sorted(audit_rows(rows))]


def test_figures_that_fit_together_raise_no_doubt() -> None:
    # Batch sizes follow from latency and throughput, as both follow from the power.
    assert flags(figures(HERE), figures(THERE, 0.5 * NOISE)) == []


def test_a_row_without_energy_is_flagged_with_its_status() -> None:
    gone = {"energy_mj": np.nan, "throughput_items_per_s": np.nan, "status": "out_of_memory"}
    assert flags(figures(HERE, m03=gone)) == [(HERE, "m03", "energy_missing", "No energy: out of memory.")]


def test_a_batch_size_that_latency_and_throughput_deny_is_flagged() -> None:
    reason = "Latency × throughput implies a batch size of 64.0; 32 is given."
    assert flags(figures(HERE, m03={"batch_size": 32})) == [(HERE, "m03", "batch_mismatch", reason)]


def test_a_rounded_batch_size_is_not_flagged() -> None:
    assert flags(figures(HERE, m00={"latency_ms": 0.0725, "batch_size": 1})) == []


def test_power_above_the_limit_is_flagged_beyond_what_sensors_explain() -> None:
    rows = figures(HERE, m00=at_power(226, 10), m01=at_power(225, 11.22))
    reason = "Energy × throughput is 226 W, where the limit is 205 W."
    assert flags(rows) == [(HERE, "m00", "power_high", reason)]


def test_power_that_is_low_here_and_usual_elsewhere_is_flagged() -> None:
    low = at_power(100, 10)
    reason = (
        "Energy × throughput is 100 W, 50% of the setup's median; on another GPU under the same runtime it is 100%: "
        "energy and throughput do not belong together."
    )
    assert flags(figures(HERE, m00=low), figures(THERE)) == [(HERE, "m00", "power_low", reason)]


def test_power_that_is_low_on_every_gpu_is_the_models_own() -> None:
    low = at_power(100, 10)
    lower = at_power(60, 10)
    assert flags(figures(HERE, m00=low), figures(THERE, m00=lower)) == []


def test_low_power_in_a_setup_of_its_own_kind_raises_no_doubt() -> None:
    low = at_power(100, 10)
    assert flags(figures(HERE, m00=low), figures(THERE).assign(precision="fp16")) == []


def test_low_power_in_trials_of_our_own_is_real() -> None:
    low = {**at_power(100, 10), "stage": "final"}
    assert flags(figures(HERE, m00=low), figures(THERE)) == []


NOISE = np.exp(np.random.default_rng(1).normal(0, 0.05, 30))


def one_off(factor: float) -> FloatArray:
    return np.where(np.arange(30) == 7, factor, NOISE)


def test_an_energy_out_of_proportion_to_another_gpus_is_flagged_on_both_sides() -> None:
    off = -np.log(one_off(3)) + np.median(np.log(one_off(3)))
    deviations = abs(off[7]) / (1.4826 * np.median(np.abs(off)))
    assert deviations > 6
    ends = f"leads one to expect, {deviations:.1f} robust deviations off. One of the two is in doubt."
    assert flags(figures(HERE), figures(THERE, one_off(3))) == [
        (HERE, "m07", "cross_setup", f"{np.exp(off[7]):.2f} times the energy that its figure on {THERE} {ends}"),
        (THERE, "m07", "cross_setup", f"{np.exp(-off[7]):.2f} times the energy that its figure on {HERE} {ends}"),
    ]


def test_of_two_sides_the_one_with_doubted_power_is_flagged() -> None:
    m07 = 10 * 1.1**7 * 1.02
    # The throughput of the other GPU at a third of its energy.
    third = at_power(200, m07) | {"energy_mj": m07 / 3}
    found = [(setup, model, rule) for setup, model, rule, _ in flags(figures(HERE), figures(THERE, NOISE, m07=third))]
    assert found == [(THERE, "m07", "cross_setup"), (THERE, "m07", "power_low")]


def siblings(energies: list[float]) -> dict[str, dict[str, Any]]:
    """Make m06 to m08, as many as there are energies, siblings with these energies, at 200 W."""
    return {f"m{6 + place:02}": {"architecture": "x", **at_power(200, mj)} for place, mj in enumerate(energies)}


@pytest.mark.parametrize("bad", [HERE, THERE])
def test_of_two_sides_the_one_that_its_siblings_deny_is_flagged(bad: str) -> None:
    # Of the siblings m06 and m07, m07 takes three times as much on one card; on the other they agree.
    frames = [
        figures(setup, 1 if setup == HERE else NOISE, **siblings([20, 60 if setup == bad else 20]))
        for setup in (HERE, THERE)
    ]
    found = [flag for flag in flags(*frames) if flag[2] == "cross_setup"]
    assert [(setup, model) for setup, model, *_ in found] == [(bad, "m07")]
    assert "One of the two is in doubt." not in found[0][3]


def test_a_side_whose_siblings_agree_clears_itself_where_the_other_has_none() -> None:
    alone = figures(THERE, one_off(3))
    found = [flag[:3] for flag in flags(figures(HERE, 1.0, **siblings([17.0, 19.88, 19.9])), alone)]
    assert [flag for flag in found if flag[1] == "m07"] == [(THERE, "m07", "cross_setup")]


def test_where_siblings_agree_on_both_sides_both_are_flagged() -> None:
    frames = [figures(HERE, 1.0, **siblings([20, 20])), figures(THERE, NOISE, **siblings([60, 60]))]
    found = [flag[:2] for flag in flags(*frames) if flag[2] == "cross_setup"]
    assert found == [(setup, model) for setup in (HERE, THERE) for model in ("m06", "m07")]


@pytest.mark.parametrize(("deviations", "flagged"), [(5.9, 0), (6.1, 2)])
def test_a_ratio_is_doubted_from_6_robust_deviations_on(deviations: float, flagged: int) -> None:
    # Ratios of exactly plus and minus 10 % in logarithms, half of them each: that is the median absolute deviation.
    logs = np.where(np.arange(30) % 2 == 0, 0.1, -0.1)
    logs[7] = -1.4826 * 0.1 * deviations
    logs[8], logs[9] = 0.0, 0.0
    found = flags(figures(HERE), figures(THERE, np.exp(logs)))
    assert [model for _, model, rule, _ in found if rule == "cross_setup"] == ["m07"] * flagged


def test_setups_in_exact_proportion_raise_no_doubt_over_half_a_percent() -> None:
    assert flags(figures(HERE), figures(THERE, np.where(np.arange(30) == 7, 0.5025, 0.5))) == []


def test_energies_of_two_precisions_are_not_compared() -> None:
    assert flags(figures(HERE), figures(THERE, one_off(3)).assign(precision="fp16")) == []


def test_power_that_is_usual_on_one_of_two_other_gpus_is_usual_elsewhere() -> None:
    low = at_power(100, 10)
    third = figures("third_pytorch_fp32", m00=low | {"stage": "final"})
    found = flags(figures(HERE, m00=low), figures(THERE), third)
    assert [(setup, model, rule) for setup, model, rule, _ in found] == [(HERE, "m00", "power_low")]


def test_of_two_peers_the_one_that_the_row_is_farther_off_from_is_named() -> None:
    third = "third_pytorch_fp32"
    calm = np.exp(np.random.default_rng(2).normal(0, 0.02, 30))
    found = flags(figures(HERE), figures(THERE, one_off(3)), figures(third, np.where(np.arange(30) == 7, 2, calm)))
    named = {setup: reason.split(" leads")[0].rpartition(" ")[2] for setup, *_, reason in found}
    assert named == {HERE: third, THERE: HERE, third: HERE}


def test_few_shared_models_give_no_scale_for_ratios() -> None:
    assert flags(figures(HERE)[:19], figures(THERE, one_off(5))[:19]) == []
    assert len(flags(figures(HERE)[:20], figures(THERE, one_off(5))[:20])) == 2


def test_a_sibling_off_the_median_of_three_is_flagged_alone() -> None:
    same = {"architecture": "x", **at_power(200, 20)}
    off = {"architecture": "x", **at_power(190, 22)}
    reason = "22 mJ, where its 2 siblings have (median) 20 mJ: energy +10.0% at throughput -13.6% and power -5.0%."
    assert flags(figures(HERE, m03=same, m04=same, m05=off)) == [(HERE, "m05", "sibling_gap", reason)]


def test_two_siblings_that_disagree_are_both_flagged() -> None:
    one = {"architecture": "x", **at_power(200, 20)}
    two = {"architecture": "x", **at_power(200, 25)}
    ends = " and power +0.0%. One of the two is in doubt."
    assert flags(figures(HERE, m03=one, m04=two)) == [
        (HERE, "m03", "sibling_gap", f"20 mJ, where its sibling has 25 mJ: energy -20.0% at throughput +25.0%{ends}"),
        (HERE, "m04", "sibling_gap", f"25 mJ, where its sibling has 20 mJ: energy +25.0% at throughput -20.0%{ends}"),
    ]


def test_two_siblings_are_compared_with_each_other_and_not_with_their_middle() -> None:
    one, two = ({"architecture": "x", **at_power(200, energy)} for energy in (20, 21.2))
    found = [(model, rule) for _, model, rule, _ in flags(figures(HERE, m03=one, m04=two))]
    assert found == [("m03", "sibling_gap"), ("m04", "sibling_gap")]


def test_of_two_siblings_the_one_with_doubted_power_is_flagged() -> None:
    one = {"architecture": "x", **at_power(200, 20)}
    two = one | {"energy_mj": 8.0}
    here = figures(HERE, m03=one, m04=two)
    there = figures(THERE, m03=one, m04=one)
    found = [(setup, model, rule) for setup, model, rule, _ in flags(here, there)]
    assert [flag for flag in found if flag[2] == "sibling_gap"] == [(HERE, "m04", "sibling_gap")]
    assert (HERE, "m04", "power_low") in found


def test_siblings_within_5_percent_raise_no_doubt() -> None:
    one = {"architecture": "x", **at_power(200, 20)}
    two = {"architecture": "x", **at_power(200, 20.9)}
    assert flags(figures(HERE, m03=one, m04=two)) == []


def test_an_audit_of_the_mini_data_finds_its_gap_and_its_missing_rows(mini: duckdb.DuckDBPyConnection) -> None:
    alpha = [flag for flag in audit(mini) if flag.setup == "alpha-10gb_pytorch_fp32"]
    lantern = "lanternformer_s"
    either = " and power +0.0%. One of the two is in doubt."
    less = f"54.6 mJ, where its sibling has 65 mJ: energy -16.0% at throughput +19.1%{either}"
    more = f"65 mJ, where its sibling has 54.6 mJ: energy +19.1% at throughput -16.0%{either}"
    setup = "alpha-10gb_pytorch_fp32"
    assert alpha == [
        Flag(setup, "gridmixer_l.base", 224, "energy_missing", "No energy: not recorded."),
        Flag(setup, f"{lantern}.base", 224, "sibling_gap", less),
        Flag(setup, f"{lantern}.plus", 224, "sibling_gap", more),
    ]


def test_a_task_without_figures_raises_no_doubt() -> None:
    assert flags(figures(HERE)[:0]) == []


def test_flags_come_in_order_and_one_task_at_a_time_gives_the_same(mini: duckdb.DuckDBPyConnection) -> None:
    every = audit(mini)
    assert list(every) == sorted(every)
    assert audit(mini, "image_classification") == every


def test_rules_have_different_keys() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_rows_doubted_for_their_siblings_alone_are_not_doubted_apart() -> None:
    found = (Flag("s", "a", 1, "sibling_gap", ""), Flag("s", "b", 2, "power_low", ""))
    assert doubted_apart(found) == {("s", "b", 2)}


def test_a_rule_is_rated_by_the_siblings_of_the_rows_that_it_doubts() -> None:
    rows = pd.DataFrame(
        {
            "setup": "s",
            "model": list("abcdefgh"),
            "input_size_px": 224,
            #               three, one bad     a bad pair  a good pair  alone
            "architecture": ["x", "x", "x", "y", "y", "z", "z", "w"],
            "energy_mj": [10, 10, 5, 10, 20, 10, 10.5, 7],
        }
    )
    doubted = [Flag("s", model, 224, "power_low", "") for model in "acfh"]
    rating = rate(rows, [*doubted, Flag("s", "d", 224, "sibling_gap", "")], "power_low")
    # Provable are a (right energy, so not proven), c (proven) and f (a good pair); y is bad and missed.
    assert rating == Rating(("power_low",), flagged=4, provable=3, proven=1, bad_groups=2, found_groups=1)
    assert (rating.precision, rating.recall) == (1 / 3, 1 / 2)


def test_a_rule_without_proof_has_no_precision() -> None:
    rating = Rating(("power_low",), 0, 0, 0, 0, 0)
    assert (rating.precision, rating.recall) == (None, None)


@pytest.fixture(scope="module")
def published(atlas: duckdb.DuckDBPyConnection) -> tuple[Flag, ...]:
    return audit(atlas)


def test_the_audit_finds_the_published_row_that_led_the_study_s_page(published: tuple[Flag, ...]) -> None:
    model = "eva_large_patch14_196.in22k_ft_in22k_in1k"
    found = [flag for flag in published if flag.model == model]
    setup = "h100-pcie-80gb_pytorch_fp32"
    assert found == [
        Flag(
            setup,
            model,
            196,
            "cross_setup",
            "0.22 times the energy that its figure on a100-pcie-40gb_pytorch_fp32 leads one to expect, "
            "12.3 robust deviations off.",
        ),
        Flag(
            setup,
            model,
            196,
            "power_low",
            "Energy × throughput is 91 W, 30% of the setup's median; on another GPU under the same runtime it is 100%: "
            "energy and throughput do not belong together.",
        ),
        Flag(
            setup,
            model,
            196,
            "sibling_gap",
            "392.8 mJ, where its sibling has 1,345 mJ: energy -70.8% at throughput +0.4% and power -70.7%.",
        ),
    ]


def test_a_model_of_low_power_on_both_gpus_is_not_flagged(
    atlas: duckdb.DuckDBPyConnection, published: tuple[Flag, ...]
) -> None:
    rows = queries.audit_rows(atlas, "image_classification")
    pytorch = rows["setup"].isin(["a100-pcie-40gb_pytorch_fp32", "h100-pcie-80gb_pytorch_fp32"])
    low = rows[pytorch & rows["model"].str.startswith("efficientformerv2") & (rows["power_w"] < 170)]
    assert len(low) == 8
    assert [flag for flag in published if flag.model.startswith("efficientformerv2")] == []


def test_the_sibling_of_a_proven_bad_row_on_another_gpu_is_not_flagged(published: tuple[Flag, ...]) -> None:
    # 795 mJ on the A100, where its sibling takes 283; 222 and 219 on the H100.
    row = ("convnext_large.fb_in22k_ft_in1k", 288)
    found = {(flag.setup, flag.rule) for flag in published if (flag.model, flag.input_size_px) == row}
    assert found == {(A100_TENSORRT, "cross_setup"), (A100_TENSORRT, "sibling_gap")}


def test_the_rules_are_rated_by_what_siblings_prove_on_every_setup(
    atlas: duckdb.DuckDBPyConnection, published: tuple[Flag, ...]
) -> None:
    ratings = rate_all(queries.figures(atlas, "image_classification"), published)
    both = ("power_low", "cross_setup")
    assert ratings.by_rule == (
        Rating(("power_low",), 55, 20, 19, 29, 19),
        Rating(("cross_setup",), 28, 13, 9, 29, 9),
        Rating(both, 64, 25, 20, 29, 20),
    )
    assert ratings.by_setup == {
        A100_PYTORCH: Rating(both, 5, 0, 0, 0, 0),
        A100_TENSORRT: Rating(both, 7, 3, 1, 6, 1),
        H100_PYTORCH: Rating(both, 43, 20, 19, 21, 19),
        H100_TENSORRT: Rating(both, 9, 2, 0, 2, 0),
    }


def test_a_rating_says_what_siblings_prove() -> None:
    assert Rating(("power_low",), 55, 20, 19, 29, 19).text == (
        "power_low: siblings prove 19 of 20 rows that have any, "
        "and 19 of 29 sibling groups more than 10% apart are found."
    )
