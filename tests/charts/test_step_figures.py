"""The figures of steps between setups: from the project's own data, and from data that newer setups may bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from builder.analysis import queries
from builder.analysis.audit import audit
from builder.charts.figures.figure import Figure
from builder.charts.figures.material import Material, load_material
from builder.charts.figures.step_means import card_steps_figure, precision_steps_figure
from builder.charts.figures.step_models import card_models_figure, precision_models_figure
from builder.charts.figures.step_words import less_or_more
from builder.tables.database import build_database

ROOT = Path(__file__).parents[2]
FP16, COMPILED = "h200-sxm-141gb_pytorch_fp16", "h200-sxm-141gb_torchcompile_fp16"
pytestmark = pytest.mark.xdist_group("figures")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with build_database(ROOT / "data") as database:
        yield database


@pytest.fixture(scope="module")
def material(connection: duckdb.DuckDBPyConnection) -> Material:
    return load_material(connection)


def figure(made: Figure | None) -> Figure:
    assert made
    return made


def with_compiled(material: Material, models: int, ratio: float) -> Material:
    """Return the data with so many models compiled, each at the energy of its FP16 figure divided by the ratio."""
    rows = material.architectures[material.architectures["setup"] != COMPILED]
    fp16 = rows[rows["setup"] == FP16].head(models)
    compiled = fp16.assign(setup=COMPILED, runtime="torchcompile", energy_mj=fp16["energy_mj"] / ratio)
    return replace(material, architectures=pd.concat([rows, compiled], ignore_index=True))


def without(material: Material, *setups: str) -> Material:
    rows = material.architectures
    return replace(material, architectures=rows[~rows["setup"].isin(setups)])


def test_a_step_is_the_geometric_mean_over_unflagged_medians_of_each_architecture(
    material: Material, connection: duckdb.DuckDBPyConnection
) -> None:
    # The same worked out in pandas, without the ladder and its query.
    flags = {(flag.setup, flag.model, flag.input_size_px) for flag in audit(connection, "image_classification")}
    rows = queries.figures(connection, "image_classification").dropna(subset=["energy_mj"])
    sound = [key not in flags for key in rows[["setup", "model", "input_size_px"]].itertuples(index=False, name=None)]
    by_setup = rows[sound].groupby(["architecture", "input_size_px", "setup"])["energy_mj"].median()
    medians = by_setup.unstack("setup")  # noqa: PD010
    cards = ["a100-pcie-40gb_pytorch_fp32", "h100-pcie-80gb_pytorch_fp32", "h200-sxm-141gb_pytorch_fp32"]
    common = medians[cards].dropna()
    means = figure(card_steps_figure(material)).layers["means"].query("`class` == 'all'").set_index("step")
    for step, one, other in (("a100_h100", 0, 1), ("h100_h200", 1, 2), ("a100_h200", 0, 2)):
        ratios = common[cards[one]] / common[cards[other]]
        assert means["models"][step] == len(ratios) >= 182
        assert means["geometric_mean"][step] == pytest.approx(np.exp(np.log(ratios).mean()))
        assert means["percentile_10"][step] == pytest.approx(ratios.quantile(0.1))
    saved = medians[cards[2]] / medians[FP16]
    precision = figure(precision_steps_figure(material)).layers["means"].query("`class` == 'all'").set_index("step")
    assert precision["geometric_mean"]["precision"] == pytest.approx(np.exp(np.log(saved.dropna()).mean()))
    tensorrt = (medians[cards[0]] / medians["a100-pcie-40gb_tensorrt_fp16"]).reindex(saved.dropna().index).dropna()
    assert precision["geometric_mean"]["tensorrt_a100"] == pytest.approx(np.exp(np.log(tensorrt).mean()))


def test_the_models_drawn_are_those_behind_the_means(material: Material) -> None:
    for means_of, models_of in (
        (precision_steps_figure, precision_models_figure),
        (card_steps_figure, card_models_figure),
    ):
        means = figure(means_of(material)).layers["means"]
        models = figure(models_of(material)).layers["models"]
        assert set(models["step"]) == set(means["step"])
        for row in means.to_dict("records"):
            mine = models[
                (models["step"] == row["step"]) & (models["class"].eq(row["class"]) | (row["class"] == "all"))
            ]
            assert len(mine) == row["models"]
            assert np.exp(np.log(mine["times"]).mean()) == pytest.approx(row["geometric_mean"])
            assert row["low"] < row["geometric_mean"] < row["high"]


def test_classes_with_too_few_models_are_named_and_not_told(material: Material) -> None:
    rows = material.architectures
    few = rows["class"].eq("mlp") & rows["setup"].eq(FP16)
    made = figure(precision_steps_figure(replace(material, architectures=rows[~few | (few & few.cumsum().le(1))])))
    told = made.layers["few"].query("step == 'precision' and `class` == 'mlp'")
    assert told["text"].tolist() == ["1 model: too few to tell"]
    assert made.layers["means"].query("step == 'precision' and `class` == 'mlp'").empty


def test_without_compiled_fp16_the_figure_says_that_it_is_not_told(material: Material) -> None:
    made = figure(precision_steps_figure(without(material, COMPILED)))
    assert made.title.endswith("; what a compiler adds cannot be told yet")
    assert made.subtitle.endswith(" Compiled FP16 is not told: no setup has compiled FP16 on the H200.")
    assert not {"compiler", "both"} & set(made.layers["means"]["step"])


def test_compiled_fp16_of_three_models_is_named_and_not_told(material: Material) -> None:
    made = figure(precision_steps_figure(with_compiled(material, 3, 1.5)))
    assert made.title.endswith("; what a compiler adds cannot be told yet")
    assert made.subtitle.endswith(
        " Compiled FP16 is not told: only 3 models have FP16 figures both with PyTorch and compiled, and it takes 5."
    )
    few = made.layers["few"].set_index("step")["text"]
    assert few[["compiler", "both"]].tolist() == ["3 models: too few to tell"] * 2


def test_compiled_fp16_of_twenty_models_is_told(material: Material) -> None:
    made = figure(precision_steps_figure(with_compiled(material, 20, 1.25)))
    assert made.title.endswith("; compiled, it takes 20 % less energy than uncompiled")
    assert "not told" not in made.subtitle
    means = made.layers["means"].query("`class` == 'all'").set_index("step")
    assert means["geometric_mean"]["compiler"] == pytest.approx(1.25)
    assert means["models"][["compiler", "both"]].tolist() == [20, 20]
    assert means["models"]["tensorrt_a100"] <= 20


def test_a_compiler_that_changes_nothing_is_said_to(material: Material) -> None:
    made = figure(precision_steps_figure(with_compiled(material, 20, 1.0)))
    assert made.title.endswith("; what compiling changes cannot be told from nothing")


def test_without_fp16_or_with_one_card_the_figures_are_left_out(material: Material) -> None:
    assert precision_steps_figure(without(material, FP16)) is None
    assert precision_models_figure(without(material, FP16)) is None
    alone = without(material, "a100-pcie-40gb_pytorch_fp32", "h100-pcie-80gb_pytorch_fp32")
    assert card_steps_figure(alone) is None
    assert card_models_figure(alone) is None


def test_a_card_whose_change_is_within_the_sensors_gain_is_not_told_apart(material: Material) -> None:
    rows = material.architectures
    old = rows[rows["setup"] == "a100-pcie-40gb_pytorch_fp32"]
    parts = [
        old.assign(setup=setup, gpu=setup.partition("_")[0], energy_mj=old["energy_mj"] / ratio)
        for setup, ratio in (("h100-x_pytorch_fp32", 1.09), ("h200-x_pytorch_fp32", 0.545))
    ]
    made = figure(card_steps_figure(replace(material, architectures=pd.concat([old, *parts], ignore_index=True))))
    assert made.title == (
        "The same models take 100 % more energy on the H200 than on the H100; A100 and H100 cannot be told apart"
    )


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (2.35, "2.4 times less energy"),
        (1.25, "20 % less energy"),
        (0.8, "25 % more energy"),
        (0.5, "100 % more energy"),
    ],
)
def test_ratios_are_said_as_readers_say_them(ratio: float, words: str) -> None:
    assert less_or_more(ratio) == words
