"""The paper's figures from the project's own data: what they draw, say and give out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import duckdb
import numpy as np
import pandas as pd
import pytest
import vl_convert

from builder.analysis.study import SETUPS
from builder.charts.figures import FIGURES, batch_size, predictors
from builder.charts.figures.figure import NARROW, SHAPES, WIDE, Figure
from builder.charts.figures.material import Material, load_material
from builder.charts.figures.render import PRINT, page_svg, print_spec, svg
from builder.charts.figures.tables import table_1, table_2
from builder.charts.svg import slim
from builder.tables.database import build_database

ROOT = Path(__file__).parents[2]
REFERENCE: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / "tests" / "analysis" / "reference.toml").read_text(encoding="utf-8")
)
KEYS = (
    "fig-2",
    "fig-2-extrapolation",
    "fig-2-setups",
    "fig-3",
    "fig-4",
    "fig-5",
    "fig-6",
    "fig-6-conventions",
    "fig-7",
    "fig-8",
    "fig-9",
    "steps-precision",
    "steps-precision-models",
    "steps-cards",
    "steps-cards-models",
)
SVG = "{http://www.w3.org/2000/svg}"
pytestmark = pytest.mark.xdist_group("figures")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with build_database(ROOT / "data") as database:
        yield database


@pytest.fixture(scope="module")
def material(connection: duckdb.DuckDBPyConnection) -> Material:
    return load_material(connection)


@pytest.fixture(scope="module")
def figures(material: Material) -> dict[str, Figure]:
    made = [maker(material) for maker in FIGURES]
    return {figure.key: figure for figure in made if figure}


def _value(key: str) -> float:
    return float(REFERENCE[key]["value"])


def test_every_figure_of_the_paper_is_made(figures: dict[str, Figure]) -> None:
    assert tuple(figures) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_specifications_are_valid_vega_lite(figures: dict[str, Figure], key: str) -> None:
    alt.Chart.from_dict({**figures[key].spec(titled=True), "datasets": {}}, validate=True)


@pytest.mark.parametrize("key", KEYS)
def test_specifications_compile_at_both_widths(figures: dict[str, Figure], key: str) -> None:
    for shape in SHAPES:
        vega = vl_convert.vegalite_to_vega({**figures[key].spec(shape), "datasets": {}})
        assert vega["usermeta"]["figure"] == key


@pytest.mark.parametrize("key", ["fig-2", "fig-7", "fig-9"])
def test_the_shorter_specification_draws_the_same_picture(figures: dict[str, Figure], key: str) -> None:
    drawn = figures[key].drawn_spec(NARROW)
    assert len(drawn) < len(json.dumps(figures[key].spec(NARROW)))
    # Vega numbers its clipping paths on from picture to picture.
    pictures = (vl_convert.vegalite_to_svg(spec) for spec in (drawn, figures[key].spec(NARROW)))
    assert len({slim(picture, "p") for picture in pictures}) == 1


@pytest.mark.parametrize(
    ("key", "x"),
    [
        ("fig-2", "energy_mj"),
        ("fig-3", "energy_mj"),
        ("fig-4", ""),
        ("fig-5", "area_pct"),
        ("fig-6-conventions", "factor"),
        ("fig-9", "pytorch_mj"),
        ("steps-precision-models", "before_mj"),
        ("steps-cards-models", "before_mj"),
    ],
)
def test_marks_stand_in_the_order_of_the_rows_that_their_group_names(
    figures: dict[str, Figure], key: str, x: str
) -> None:
    rows = [row for row in csv.DictReader(io.StringIO(figures[key].csv)) if row["layer"] == "models"]
    groups = [
        group for group in ET.fromstring(page_svg(figures[key], WIDE)).iter(f"{SVG}g") if "data-rows" in group.attrib
    ]
    assert groups
    for group in groups:
        field, _, value = group.attrib["data-rows"].partition("__")
        own = [row for row in rows if not field or (row[field] == value if value else row[field])]
        assert len(own) == len(group)
        places = [float(mark.get("x") or re.findall(r"[\d.]+", mark.attrib["transform"])[0]) for mark in group]
        across = [place for _, place in sorted(zip((float(row[x or field]) for row in own), places, strict=True))]
        assert across == sorted(across)


def test_the_points_of_lines_stand_in_the_order_of_the_rows_that_their_group_names(figures: dict[str, Figure]) -> None:
    rows = figures["fig-7"].layers["models"]
    groups = [
        group
        for group in ET.fromstring(page_svg(figures["fig-7"], WIDE)).iter(f"{SVG}g")
        if "data-rows" in group.attrib
    ]
    assert [group.attrib["data-rows"] for group in groups] == [
        "energy_over_least",
        "throughput_over_most",
        "latency_ms",
    ]
    for group in groups:
        paths = [path.attrib["d"] for path in group.iter(f"{SVG}path")]
        assert [len(re.findall("[ML]", path)) for path in paths] == rows.groupby("line").size().tolist()
        across = [float(place) for path in paths for place in re.findall(r"([\d.]+),", path)]
        # A batch size stands at one place of the logarithmic axis.
        places = pd.Series(across).groupby(rows["batch_size"].to_numpy()).unique()
        assert places.map(len).tolist() == [1] * rows["batch_size"].nunique()
        assert places.map(min).is_monotonic_increasing


@pytest.mark.parametrize("key", KEYS)
def test_layers_name_fields_that_their_rows_have(figures: dict[str, Figure], key: str) -> None:
    spec = figures[key].spec()
    used = list(_fields(spec))
    assert used
    for name, field in used:
        assert field in spec["datasets"][name][0], (name, field)


@pytest.mark.parametrize("key", KEYS)
def test_the_csv_holds_exactly_the_rows_drawn(figures: dict[str, Figure], key: str) -> None:
    figure = figures[key]
    rows = list(csv.DictReader(io.StringIO(figure.csv)))
    for name, drawn in figure.spec()["datasets"].items():
        written = [row for row in rows if row["layer"] == name]
        assert len(written) == len(drawn)
        for column, value in drawn[-1].items():
            assert written[-1][column] == _cell(value), column
    assert len(rows) == sum(len(drawn) for drawn in figure.spec()["datasets"].values())
    assert figure.sha256 == hashlib.sha256(figure.csv.encode()).hexdigest()
    assert figure.spec()["usermeta"] == {"figure": key, "data_sha256": figure.sha256}


@pytest.mark.parametrize("key", ["fig-2", "fig-2-setups", "fig-4", "fig-6", "fig-8"])
def test_the_query_gives_the_models_drawn(
    figures: dict[str, Figure], connection: duckdb.DuckDBPyConnection, key: str
) -> None:
    figure = figures[key]
    asked = connection.execute(figure.query.text).df()
    columns = ["model", "input_size_px", "energy_mj"]
    if "accuracy_pct" in figure.layers["models"]:
        asked = asked.dropna(subset=["accuracy_pct"])
    if "naive_mj" in figure.layers["models"]:
        asked = asked.dropna(subset=["macs_g"])
    given, drawn = (
        frame[columns].sort_values(columns).reset_index(drop=True) for frame in (asked, figure.layers["models"])
    )
    pd.testing.assert_frame_equal(given, drawn)


def test_figure_2_draws_the_papers_curve_and_its_steps(figures: dict[str, Figure]) -> None:
    layers = figures["fig-2"].layers
    curve = layers["curve"]
    for energy in (10, 100, 1_000):
        found = np.interp(np.log(energy), np.log(curve["energy_mj"]), curve["accuracy_pct"])
        assert found == pytest.approx(_value(f"fig2.curve_at_{energy}_mj"), abs=0.01)
    assert len(layers["vertices"]) == 7
    steps = [_value(f"fig2.best_within_{limit}_mj") for limit in (1, 10, 100, 1_000, 10_000)]
    assert layers["best"]["accuracy_pct"].tolist() == pytest.approx(steps, abs=0.05)
    assert (curve["low_pct"] < curve["accuracy_pct"]).all()
    assert (curve["accuracy_pct"] < curve["high_pct"]).all()


def test_the_extrapolation_stands_with_its_interval(figures: dict[str, Figure]) -> None:
    figure = figures["fig-2-extrapolation"]
    paper = figure.layers["ends"].set_index("fit").loc["paper"]
    assert paper["energy_mj"] / 3.6e12 == pytest.approx(207.37, abs=0.01)
    assert np.log10(paper["high_mj"] / paper["low_mj"]) / 2 == pytest.approx(5.32, abs=0.01)
    assert paper["text"] == "207 MWh (990 Wh to 43 TWh), 7 vertices"
    assert "207 MWh" in figure.title
    assert "5.3 powers of ten" in figure.title
    beyond = figure.layers["curves"].query("part == 'beyond'")
    # Dashes begin at the last vertex, on both curves, and the arrow stands where an interval leaves the picture.
    assert beyond.groupby("fit")["energy_mj"].min().tolist() == [figure.layers["vertices"]["energy_mj"].max()] * 2
    ends = figure.layers["ends"].set_index("fit")
    assert (ends["resampled_high_mj"] > 1e21).to_dict() == {"paper": True, "all": False}
    assert ends["leaves_mj"].notna().to_dict() == {"paper": True, "all": False}
    assert "beyond the last of them, at 1.2 J; the models that take more, up to 6.1 J" in figure.subtitle


def test_the_two_intervals_at_100_percent_do_not_lie_on_each_other(figures: dict[str, Figure]) -> None:
    bars = [
        (layer["transform"][0]["filter"], layer["mark"]["yOffset"])
        for layer in figures["fig-2-extrapolation"].spec()["layer"]
        if layer["mark"]["type"] == "rule" and "yOffset" in layer["mark"]
    ]
    assert sorted(set(bars)) == [("datum.fit == 'all'", 6), ("datum.fit == 'paper'", -6)]


def test_the_curve_of_figure_2_ends_where_its_vertices_do(figures: dict[str, Figure]) -> None:
    layers = figures["fig-2"].layers
    ends = [layers[name]["energy_mj"].agg(["min", "max"]).tolist() for name in ("curve", "vertices")]
    assert ends[0] == pytest.approx(ends[1])
    assert ends[1][1] < layers["models"]["energy_mj"].max()


@pytest.mark.parametrize("key", ["fig-2", "fig-2-setups", "fig-4", "fig-5", "fig-6", "fig-8", "fig-9"])
def test_marks_of_figures_in_doubt_are_hollow(figures: dict[str, Figure], key: str) -> None:
    figure = figures[key]
    drawn = figure.layers["models"]
    picture = ET.fromstring(page_svg(figure, WIDE))
    looks = {path.attrib["id"]: path.attrib for path in picture.iter(f"{SVG}path") if "id" in path.attrib}
    marks = [
        looks.get(mark.get("href", "#")[1:], mark.attrib)
        for group in picture.iter(f"{SVG}g")
        if "data-rows" in group.attrib
        for mark in group
    ]
    doubted = int(drawn["in_doubt"].notna().sum())
    # Fig 4 shows a model in three panels.
    panels = 3 if key == "fig-4" else 1
    assert sum(mark.get("fill-opacity") == "0" and "stroke" in mark for mark in marks) == panels * doubted > 0
    assert sum("stroke" in mark for mark in marks) == panels * doubted
    counted = drawn["in_doubt"].notna().sum() // (2 if key == "fig-5" else 1)
    assert f" Hollow: {counted} that the audit doubts." in figure.subtitle


def test_the_vertex_in_doubt_is_marked_with_its_reason(figures: dict[str, Figure]) -> None:
    for key in ("fig-2", "fig-2-extrapolation"):
        layer = figures[key].layers["models" if key == "fig-2" else "vertices"].set_index("model")
        assert layer["in_doubt"]["gernet_m.idstcv_in1k"] == "power low"


def test_doubts_about_a_saving_name_the_runtime(figures: dict[str, Figure]) -> None:
    rows = figures["fig-9"].layers["models"].set_index(["gpu", "model", "input_size_px"])
    eva = "eva_large_patch14_196.in22k_ft_in22k_in1k"
    assert rows["in_doubt"]["h100", eva, 196] == "PyTorch: cross setup, power low, sibling gap"
    assert pd.isna(rows["in_doubt"]["a100", eva, 196])


def test_every_saving_lies_near_a_tick(figures: dict[str, Figure]) -> None:
    figure = figures["fig-9"]
    ticks = figure.spec()["vconcat"][0]["hconcat"][0]["layer"][0]["encoding"]["y"]["axis"]["values"]
    assert min(ticks) < 2 * figure.layers["models"]["times"].min()


def test_the_best_predictor_is_named_only_where_its_lead_is_clear(material: Material) -> None:
    assert predictors.lead(material) == pytest.approx((-0.05, 0.12), abs=0.01)
    assert predictors.lead(material, "logarithmic")[0] > 0
    assert predictors.predictors_figure(material).title == (
        "MACs go with energy best in logarithms (r = 0.86); MACs (0.88) and activations (0.84) cannot be told apart in "
        "plain numbers"
    )


def test_a_predictor_is_least_where_both_scales_say_so(material: Material) -> None:
    # With parameters last on both scales.
    numbers = material.numbers | {"fig4.activations.logarithmic": 0.8, "fig4.parameters.logarithmic": 0.7}
    assert predictors.predictors_figure(replace(material, numbers=numbers)).title.endswith("; parameters least")


def test_the_naive_figure_says_the_largest_factor_of_both_runtimes(figures: dict[str, Figure]) -> None:
    assert figures["fig-6"].title.endswith("and up to 27 times with PyTorch and 129 with TensorRT")


def test_the_classes_middles_are_geometric_in_energy(figures: dict[str, Figure]) -> None:
    layers = figures["fig-2-setups"].layers
    mine = layers["models"].query("key == 'h100_tensorrt' and `class` == 'mlp'")
    middle = layers["middles"].query("key == 'h100_tensorrt' and `class` == 'mlp'").iloc[0]
    assert middle["energy_mj"] == pytest.approx(np.exp(np.log(mine["energy_mj"]).mean()))
    assert middle["accuracy_pct"] == pytest.approx(mine["accuracy_pct"].mean())
    assert sorted(layers["middles"]["key"].unique()) == sorted(SETUPS)


def test_hulls_rise_year_by_year_and_hold_no_later_architecture(figures: dict[str, Figure]) -> None:
    hulls = figures["fig-3"].layers["models"]
    assert (hulls["model_year"] <= hulls["year"]).all()
    best = hulls.groupby("year")["accuracy_pct"].max()
    assert best.is_monotonic_increasing
    assert best.iloc[-1] == pytest.approx(_value("fig2.best_within_10000_mj"), abs=0.005)
    for _, line in hulls.groupby("year"):
        slopes = np.diff(line["accuracy_pct"]) / np.diff(np.log(line["energy_mj"]))
        assert (np.diff(slopes) < 0).all()


def test_figures_say_the_correlations_lines_and_means_of_the_reference(figures: dict[str, Figure]) -> None:
    said = {
        "fig-4": [f"MACs ({_value('fig4.macs.linear'):.2f})"],
        "fig-5": [f"{_value('fig5.energy.slope'):.2f} %", f"{_value('fig5.accuracy.slope'):.3f} %"],
        "fig-6": [f"{_value('fig6.pytorch.geometric_mean'):.1f} times", "27 times"],
        "fig-8": ["91 to 99 %"],
        "fig-9": [f"{_value('fig9.a100.geometric_mean'):.1f} to {_value('fig9.h100.geometric_mean'):.1f} times"],
    }
    for key, parts in said.items():
        for part in parts:
            assert part in figures[key].title
    notes = figures["fig-5"].layers["notes"]["text"].tolist()
    assert notes == ["0.96 x + 1.4, R² = 0.92", "0.013 x + 0.29, R² = 0.11"]
    assert len(figures["fig-5"].layers["models"].query("quantity == 'energy'")) == _value("fig5.pairs")
    assert figures["fig-5"].layers["models"]["fitted"].sum() == 2 * _value("fig5.pairs_used")


def test_savings_are_ratios_over_the_complete_rows(figures: dict[str, Figure]) -> None:
    layers = figures["fig-9"].layers
    rows = layers["models"]
    assert rows.groupby("gpu").size().tolist() == [1405, 1405]
    for gpu in ("a100", "h100"):
        times = rows.loc[rows["gpu"] == gpu, "times"]
        assert np.exp(np.log(times).mean()) == pytest.approx(_value(f"fig9.{gpu}.geometric_mean"), abs=0.0005)
        assert times.max() == pytest.approx(_value(f"fig9.{gpu}.largest"), abs=0.01)
    assert layers["bands"]["times"].tolist() == pytest.approx(
        [_value("fig9.a100.geometric_mean"), _value("fig9.h100.geometric_mean")], abs=0.0005
    )


def test_conventions_move_the_naive_factor(figures: dict[str, Figure]) -> None:
    rows = figures["fig-6-conventions"].layers["models"].set_index("convention")
    assert rows["paper"].sum() == 2
    tensor_cores = float(rows["factor"]["TensorRT, FP16 tensor cores, 312 TFLOP/s, MAC = 2"])
    assert tensor_cores == pytest.approx(_value("fig6.tensor_cores.geometric_mean"), abs=0.05)
    one, two = (float(rows["factor"][f"PyTorch, FP32, 19.5 TFLOP/s, MAC = {flops}"]) for flops in (1, 2))
    assert one == pytest.approx(2 * two)


def test_figure_8_says_how_many_models_draw_full_power(figures: dict[str, Figure]) -> None:
    assert figures["fig-8"].layers["notes"]["text"].tolist() == [
        f"{_value(f'fig8.{key}.within_5_pct_of_tdp'):.1f} % within 5 % of {watts} W"
        for key, watts in zip(SETUPS, (250, 250, 310, 310), strict=True)
    ]


def test_sweeps_are_relative_to_each_models_best(figures: dict[str, Figure]) -> None:
    sweeps = figures["fig-7"].layers["models"]
    assert (sweeps.groupby("line")["energy_over_least"].min() == 1).all()
    assert (sweeps.groupby("line")["throughput_over_most"].max() == 1).all()
    assert (sweeps.groupby("line").size() > 1).all()


def test_the_middle_of_sweeps_stands_on_the_same_models_at_each_size(material: Material) -> None:
    rows, middle = batch_size.swept_rows(material), batch_size.middle(material)
    sizes = middle["batch_size"].tolist()
    wide = rows.pivot(index=batch_size.KEY, columns="batch_size", values="latency_ms")[sizes].dropna()  # noqa: PD010
    assert len(sizes) > 1
    assert middle["models"].tolist() == [len(wide)] * len(sizes)
    assert middle["latency_ms"].tolist() == pytest.approx(wide.median().tolist())
    assert middle["latency_ms"].is_monotonic_increasing


def test_figure_7_says_how_many_models_its_heading_speaks_of(material: Material, figures: dict[str, Figure]) -> None:
    rows, batch = batch_size.swept_rows(material), batch_size.common_batch(material)
    there = rows.loc[rows["batch_size"] == batch, "energy_over_least"]
    assert len(there) < batch_size.swept(material)
    assert figures["fig-7"].title == (
        f"At a batch of {batch} the middle of the {len(there)} models tried there takes "
        f"{100 * (there.median() - 1):.0f} % more energy an image than at its best"
    )


def test_too_few_models_at_the_same_sizes_draw_no_middle(material: Material) -> None:
    rows = batch_size.swept_rows(material)
    few = rows[rows["model"].isin(sorted(rows["model"].unique())[:20])]
    assert batch_size.middle(replace(material, sweeps=few)).empty


def test_without_sweeps_figure_7_is_left_out(material: Material) -> None:
    bare = replace(material, sweeps=material.sweeps.iloc[:0])
    made = {maker.__name__: maker(bare) for maker in FIGURES}
    assert [name for name, figure in made.items() if figure is None] == ["batch_size_figure"]


def test_table_2_prints_the_papers_four_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    assert table_2(connection).markdown == (
        "Table 2. Correlation of energy per image between setups, over 1,405 models.\n\n"
        "| setup | other setup | Pearson | Spearman |\n"
        "| --- | --- | --- | --- |\n"
        "| A100, TensorRT | A100, PyTorch | 0.8553 | 0.9345 |\n"
        "| A100, TensorRT | H100, TensorRT | 0.9840 | 0.9943 |\n"
        "| A100, PyTorch | H100, PyTorch | 0.9939 | 0.9904 |\n"
        "| H100, TensorRT | H100, PyTorch | 0.8299 | 0.9201 |\n"
    )


def test_table_1_names_what_was_varied_and_kept(connection: duckdb.DuckDBPyConnection) -> None:
    table = table_1(connection)
    assert table.rows[["role", "variable"]].to_numpy().tolist() == [
        ["varied", "GPU"],
        ["varied", "Runtime and precision"],
        ["kept", "Windows"],
        ["kept", "Batch size"],
        ["kept", "Energy"],
        ["kept", "Input"],
        ["kept", "Sensor"],
    ]
    assert table.rows["value"][0] == "NVIDIA A100 PCIe 40 GB (250 W); NVIDIA H100 PCIe 80 GB (310 W)"
    assert table.rows["value"][1] == (
        "PyTorch in FP32 (PyTorch defaults: TF32 on the tensor cores in convolutions, FP32 in matrix products); "
        "TensorRT in FP16 (FP16 engines: the tensor cores in convolutions and matrix products)"
    )
    assert r"by 5 \% in gain" in table.latex


def test_long_cells_break_in_latex_and_numbers_stand_to_the_right(connection: duckdb.DuckDBPyConnection) -> None:
    assert table_1(connection).latex.startswith("\\begin{tabular}{llp{0.6\\linewidth}}\n")
    assert table_2(connection).latex.startswith("\\begin{tabular}{llrr}\n")


def test_prints_colours_are_the_pages_light_ones() -> None:
    css = (ROOT / "site_templates" / "static" / "css" / "base.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"(--[\w-]+): light-dark\((#\w+),", css))
    shared = {token[4:-1]: value for token, value in PRINT.items() if token not in ("var(--paper)", "var(--sans)")}
    assert shared == {name: light[name] for name in shared}


def test_print_needs_no_style_sheet_and_says_the_finding(figures: dict[str, Figure]) -> None:
    figure = figures["fig-3"]
    assert "var(--" not in str(print_spec(figure))
    picture = svg(figure.spec(titled=True)).decode()
    assert "var(--" not in picture
    assert figure.title in re.sub(r"<[^>]+>", "", picture)


def test_pages_get_pictures_in_their_own_colours_for_desk_and_phone(figures: dict[str, Figure]) -> None:
    wide, narrow = (page_svg(figures["fig-3"], shape) for shape in (WIDE, NARROW))
    for picture in (wide, narrow):
        assert "var(--accent)" in picture
        assert " style=" not in picture
        assert figures["fig-3"].title not in picture
    width, narrow_width = (float(re.findall(r'viewBox="0 0 (\d+)', picture)[0]) for picture in (wide, narrow))
    assert narrow_width < 420
    assert width > 700
    assert wide == page_svg(figures["fig-3"], WIDE)


def test_making_a_figure_again_gives_the_same_data(material: Material, figures: dict[str, Figure]) -> None:
    for maker in FIGURES:
        again = maker(material)
        assert again is not None
        assert again.csv == figures[again.key].csv
        assert (again.title, again.subtitle, again.description) == (
            figures[again.key].title,
            figures[again.key].subtitle,
            figures[again.key].description,
        )


def _fields(part: Any, data: str = "") -> Iterator[tuple[str, str]]:
    """Return every data set and field that a specification's encodings name."""
    if isinstance(part, list):
        for item in part:
            yield from _fields(item, data)
    elif isinstance(part, dict):
        data = part.get("data", {}).get("name", data) if isinstance(part.get("data"), dict) else data
        for channel in part.get("encoding", {}).values():
            if "field" in channel and data:
                yield data, channel["field"]
        for name in ("layer", "hconcat", "vconcat"):
            yield from _fields(part.get(name, []), data)


def _cell(value: Any) -> str:
    """Return a value as the CSV writes it."""
    if value is None:
        return ""
    return f"{value:.7g}" if isinstance(value, float) else str(value)
