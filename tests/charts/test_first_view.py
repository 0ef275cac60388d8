from __future__ import annotations

from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from builder.charts.first_view import FirstView, first_view

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def first(models: pd.DataFrame) -> FirstView:
    return first_view(models, (0.25, 6_000.0))


def test_the_ranking_is_the_default_view(first: FirstView) -> None:
    assert first.ranking.rows["model"].tolist() == ["lanternformer_s.base", "weavenet_l.base"]
    assert (first.w, first.limits.min_accuracy_pct, first.limits.max_energy_mj, first.energy_limit) == (
        50,
        80,
        1_000,
        "1 J",
    )


def test_the_axis_holds_the_energies_of_all_setups(first: FirstView) -> None:
    assert first.energy_mj == (0.2, 10_000)
    assert first.energy_slider == (-14, 80, 60)


def test_steps_are_the_best_accuracy_within_each_power_of_ten(first: FirstView) -> None:
    assert [(step.budget, step.accuracy_pct, step.gain_pct) for step in first.steps] == [
        ("1 mJ", 30, None),
        ("10 mJ", 70, 40),
        ("0.1 J", 80, 10),
        ("1 J", 80, 0),
        ("10 J", 90, 10),
    ]


def test_pictures_show_every_model_with_an_energy_and_names_of_their_own(first: FirstView) -> None:
    ids: list[str] = []
    for name in ("wide", "narrow"):
        root = ET.fromstring(first.pictures[name])
        ids += [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        marks = [element for element in root.iter() if element.get("fill", "").startswith("var(--class-")]
        shared = [f"#{element.attrib['id']}" for element in marks if "id" in element.attrib]
        used = [element for element in root.iter(f"{SVG}use") if element.attrib["href"] in shared]
        # Eleven models, of which two have a ring over them.
        assert len(marks) - len(shared) + len(used) == 11 + 2
    assert len(ids) == len(set(ids))


def test_models_in_doubt_are_hollow(models: pd.DataFrame) -> None:
    flagged = [("lanternformer_s.base", 224)]
    root = ET.fromstring(first_view(models, (0.25, 6_000.0), flagged).pictures["wide"])
    hollow = [element for element in root.iter() if element.get("stroke", "").startswith("var(--class-")]
    assert [(mark.get("stroke"), mark.get("fill", "inherited")) for mark in hollow] == [
        ("var(--class-transformer)", "inherited")
    ]
    # The mark stands for itself or is used, in groups that are not filled.
    assert 'fill="none"' in first_view(models, (0.25, 6_000.0), flagged).pictures["wide"]


def test_the_winners_over_all_weights_are_those_within_the_limits(first: FirstView) -> None:
    # The other model within the limits is as accurate and takes more energy.
    assert [(one.model, one.input_size_px, one.w_from, one.w_to, one.is_first) for one in first.winners] == [
        ("lanternformer_s.base", 224, 0, 100, True)
    ]


def test_the_exchange_rate_is_that_of_the_first_weight(first: FirstView) -> None:
    # A hundredth of the largest energy, 6,000 mJ; the median is 30 mJ.
    assert (first.exchange.energy_mj, first.exchange.of_median) == (60, 2)


def test_pictures_say_what_they_show(first: FirstView) -> None:
    texts = [element.text for element in ET.fromstring(first.pictures["wide"]).iter(f"{SVG}text")]
    assert {"1 mJ", "0.1 J", "10 J", "at least 80 %", "at most 1 J", "Pareto front", "1  lanternformer_s.base"} <= set(
        texts
    )


def test_pictures_need_no_style_attribute_and_no_other_file(first: FirstView) -> None:
    for picture in first.pictures.values():
        assert " style=" not in picture
        assert "http" not in picture.replace(SVG[1:-1], "")
