"""The scripts' formulas against the builder's, on random models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from builder.analysis.growth import fit_growth
from builder.analysis.ranking import Thresholds
from builder.analysis.scores import SCORES
from builder.charts.annotations import Choice, overlay
from builder.charts.plane import PADDING, Plane
from builder.pages.format import energy
from tests.analysis.vectors import vectors
from tests.browser.explorer import A100_PYTORCH, python_ranking, setup_models


@pytest.fixture
def run(explorer: Page) -> Callable[..., Any]:
    """Return what runs a function of the scripts' modules on arguments."""

    def run_(body: str, modules: str, *arguments: Any) -> Any:
        return explorer.evaluate(
            f"""async (given) => {{
                const modules = await Promise.all({modules.split()}.map((name) => import(`./static/js/${{name}}.js`)));
                const all = Object.assign({{}}, ...modules);
                const {{ SCORES, contextOf, paretoFront, upperHull, fitGrowth, accuracyAt }} = all;
                const {{ rank, within, overlay, Plane, byEnergy, winners }} = all;
                {body}
            }}""",
            list(arguments),
        )

    return run_


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    return vectors(sets=2)


def test_scores_contours_and_exchange_rates_are_the_builders(
    run: Callable[..., Any], made: list[dict[str, Any]]
) -> None:
    answers = run(
        """return given[0].map((one) => {
            const [energies, accuracies] = [one.energy_mj, one.accuracy_pct];
            const context = contextOf(Float64Array.from(energies), Float64Array.from(accuracies));
            return { context, scores: one.scores.map(({ score: key, w, level }) => {
                const score = SCORES[key];
                return {
                    values: energies.map((energy, place) => score.score(energy, accuracies[place], w, context)),
                    accuracy: energies.map((energy) => score.contourAccuracy(energy, level, w, context)),
                    energy: accuracies.map((accuracy) => score.contourEnergy(accuracy, level, w, context)),
                    rate: score.exchangeRate(w, context),
                };
            }) };
        });""",
        "scores",
        made,
    )
    for one, answer in zip(made, answers, strict=True):
        assert list(answer["context"].values()) == list(one["context"].values())
        for asked, scored in zip(one["scores"], answer["scores"], strict=True):
            assert scored["values"] == pytest.approx(asked["values"], rel=1e-13, abs=1e-12)
            if "contour_accuracy" in asked:
                assert scored["accuracy"] == pytest.approx(asked["contour_accuracy"], rel=1e-12, abs=1e-10)
            if "contour_energy" in asked:
                finite = [
                    (x, y) for x, y in zip(scored["energy"], asked["contour_energy"], strict=True) if y is not None
                ]
                assert [x for x, _ in finite] == pytest.approx([y for _, y in finite], rel=1e-9, abs=1e-7)
            rate = asked["exchange_rate"]["energy_mj"]
            assert scored["rate"] == (float("inf") if rate is None else pytest.approx(rate, rel=1e-9, abs=1e-9))


def test_fronts_hulls_and_fits_are_the_builders(run: Callable[..., Any], made: list[dict[str, Any]]) -> None:
    answers = run(
        """return given[0].map((one) => {
            const fit = fitGrowth(one.energy_mj, one.accuracy_pct);
            return {
                front: paretoFront(one.energy_mj, one.accuracy_pct),
                hull: upperHull(one.energy_mj.map(Math.log), one.accuracy_pct),
                fit: { ...fit, curve: one.fits[0].curve.energy_mj.map((energy) => accuracyAt(fit, energy)) },
            };
        });""",
        "pareto growth",
        made,
    )
    for one, answer in zip(made, answers, strict=True):
        front = [place for place, on_front in enumerate(one["pareto_front"]) if on_front]
        assert sorted(answer["front"]) == front
        assert answer["hull"] == one["upper_hull"]
        expected = one["fits"][0]
        assert answer["fit"]["vertices"] == expected["vertices"]
        for name in ("a", "b", "floor"):
            assert answer["fit"][name] == pytest.approx(expected[name], rel=1e-5, abs=1e-5)
        curve = [
            (x, y)
            for x, y in zip(answer["fit"]["curve"], expected["curve"]["accuracy_pct"], strict=True)
            if y is not None
        ]
        assert [x for x, _ in curve] == pytest.approx([y for _, y in curve], abs=1e-4)


def test_rankings_are_the_builders_ties_included(run: Callable[..., Any], made: list[dict[str, Any]]) -> None:
    answers = run(
        """return given[0].map((one) => {
            const [energy, accuracy] = [Float64Array.from(one.energy_mj), Float64Array.from(one.accuracy_pct)];
            const model = Int32Array.from(energy.keys());
            const rows = { model, energy, accuracy };
            const order = byEnergy(model.slice(), energy, accuracy);
            const models = { model: Array.from(model, (place) => `m${String(place).padStart(4, "0")}`),
                input_size_px: Array.from(model, () => 224) };
            return one.rankings.map((asked) => {
                const limits = { minAccuracy: asked.min_accuracy_pct, maxEnergy: asked.max_energy_mj };
                const context = contextOf(energy, accuracy);
                const eligible = within(order, rows, limits);
                const top = rank(rows, models, SCORES[asked.score], asked.w, context, eligible, 50);
                return [eligible.length, top.map(({ row }) => row)];
            });
        });""",
        "scores ranking pareto",
        made,
    )
    for one, answer in zip(made, answers, strict=True):
        for asked, (eligible, order) in zip(one["rankings"], answer, strict=True):
            assert (eligible, order) == (asked["eligible"], asked["order"][:50])


def test_winners_over_all_weights_are_the_builders(run: Callable[..., Any], made: list[dict[str, Any]]) -> None:
    answers = run(
        """return given[0].map((one) => {
            const [energy, accuracy] = [Float64Array.from(one.energy_mj), Float64Array.from(one.accuracy_pct)];
            const order = byEnergy(Int32Array.from(energy.keys()), energy, accuracy);
            const context = contextOf(energy, accuracy);
            return Object.fromEntries(Object.entries(SCORES).map(
                ([key, score]) => [key, winners(score, context, energy, accuracy, order)]));
        });""",
        "scores winners pareto",
        made,
    )
    for one, answer in zip(made, answers, strict=True):
        assert answer.pop("per_joule") == []
        assert {key: [winner["row"] for winner in found] for key, found in answer.items()} == {
            key: [winner["index"] for winner in expected] for key, expected in one["winners"].items()
        }
        for key, expected in one["winners"].items():
            assert len(expected) > 3
            for name, other in (("from", "w_from"), ("to", "w_to")):
                borders = [winner[other] for winner in expected]
                assert [winner[name] for winner in answer[key]] == pytest.approx(borders, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.key)
@pytest.mark.parametrize("w", [0, 37, 100])
def test_what_lies_over_the_models_is_the_builders(run: Callable[..., Any], score: Any, w: float) -> None:
    plane = Plane((0.5, 100_000.0), (40.0, 95.0), "log", 760, 600)
    limits = Thresholds(75.0, 5_000.0)
    ranking = python_ranking(score=score.key, w=w, limits=limits)
    models = setup_models(A100_PYTORCH)
    energy_mj, accuracy_pct = models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy()
    expected = overlay(plane, models, ranking, Choice(score, w, limits, fit_growth(energy_mj, accuracy_pct)))
    drawn = run(
        """const [asked, energies, accuracies] = given;
        const [energy, accuracy] = [Float64Array.from(energies), Float64Array.from(accuracies)];
        const plane = new Plane(...asked.plane);
        return overlay(plane, {
            ...asked.shown,
            found: [],
            score: SCORES[asked.score],
            context: contextOf(energy, accuracy),
            withContours: true,
            front: paretoFront(energy, accuracy).map((place) => [energy[place], accuracy[place]]),
            fit: fitGrowth(energy, accuracy),
        });""",
        "scores pareto growth annotations plane",
        {
            "plane": [plane.energy_mj, plane.accuracy_pct, "log", plane.width, plane.height, 26, PADDING],
            "score": score.key,
            "shown": {
                "w": w,
                "minAccuracy": limits.min_accuracy_pct,
                "maxEnergy": limits.max_energy_mj,
                "top": [
                    {**row, "energy": row["energy_mj"], "accuracy": row["accuracy_pct"]}
                    for row in ranking.rows.to_dict("records")
                ],
            },
        },
        energy_mj.tolist(),
        accuracy_pct.tolist(),
    )
    for name, rows in expected.data_sets().items():
        assert len(drawn[name]) == len(rows)
        for one, other in zip(drawn[name], rows, strict=True):
            numbers = {key: value for key, value in other.items() if not isinstance(value, str)}
            words = {key: value for key, value in other.items() if isinstance(value, str)}
            assert {key: one[key] for key in words} == words
            assert [one[key] for key in numbers] == pytest.approx(list(numbers.values()), rel=1e-5, abs=1e-5)


def test_energies_are_written_as_the_pages_write_them(run: Callable[..., Any]) -> None:
    random = np.random.default_rng(3)
    values = [*(10 ** random.uniform(-2, 7, 3_000)).tolist(), 999.9, 999.5, 99.95, 1e6, 999_999.0, 1.0, 0.5]
    for digits in (3, 4):
        written = run("return given[0].map((value) => all.energy(value, given[1]));", "format", values, digits)
        assert written == [energy(value, digits) for value in values]
