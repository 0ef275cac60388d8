"""The page that lays models side by side, as it stands before any script has run, and what it reads of each model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from builder.pages.compare import MOST, compare_pages
from builder.pages.page import Atlas
from tests.pages.html import Document

STATE_SCRIPT = Path(__file__).parents[2] / "site_templates" / "static" / "js" / "compare_state.js"


def model_json(site: Path, slug: str) -> Any:
    return json.loads((site / "models" / f"{slug}.json").read_bytes())


def test_examples_go_along_the_front_and_down_the_ranking(atlas: Atlas) -> None:
    (page,) = compare_pages(atlas)
    along, ranked = page.examples
    assert [model.slug for model in along.models] == [
        "pebblenet_nano.base@96",
        "pebblenet_s.base@160",
        "pebblenet_m.base@224",
        "lanternformer_s.base@224",
        "lanternformer_l.base@224",
    ]
    assert [model.score.place for model in ranked.models if model.score] == [1, 2, 3, 4, 5]
    assert ranked.query == f"?models={','.join(model.slug for model in ranked.models)}"


def test_script_and_page_agree_on_how_many_are_compared() -> None:
    assert re.search(r"export const MOST = (\d+);", STATE_SCRIPT.read_text(encoding="utf-8"))[1] == str(MOST)  # type: ignore[index]


def test_without_scripts_the_page_says_what_it_needs_and_leads_to_the_models(pages: dict[str, Document]) -> None:
    page = pages["compare.html"]
    (note,) = page.all("noscript")
    assert note.text == ("Comparing needs JavaScript. Without it, each model has its own page with the same figures.")
    targets = {element.attributes.get("href") for element in page.all("a")}
    assert {"models/index.html", "models/pebblenet_nano.base@96.html"} <= targets


def test_setups_say_which_card_measured_them(pages: dict[str, Document]) -> None:
    templates = [element.attributes for element in pages["compare.html"].all("template")]
    cards = {one["data-setup-key"]: one["data-card"] for one in templates if "data-setup-key" in one}
    beta = {cards["beta-20gb_pytorch_fp32"], cards["beta-20gb_torchcompile_fp16"]}
    assert cards["alpha-10gb_pytorch_fp32"].startswith("alpha-10gb ")
    assert all(card.startswith("beta-20gb ") for card in beta)


def test_a_model_s_json_has_its_score_and_its_search_for_a_batch_size(site: Path, atlas: Atlas) -> None:
    found = model_json(site, "lanternformer_s.base@224")
    (model,) = (model for model in atlas.catalogue.models if model.slug == "lanternformer_s.base@224")
    assert model.score is not None
    assert found["score"] == {
        "key": "manhattan",
        "w": 50.0,
        "score": pytest.approx(model.score.value, rel=1e-6),
        "rank": model.score.place,
        "of": 11,
    }
    trials = found["sweeps"]["beta-20gb_pytorch_fp32"]
    assert {trial["stage"] for trial in trials} == {"sweep", "final"}
    assert sorted(trial["energy_mj"] for trial in trials if trial["stage"] == "final")[1] == 27.0
    assert model_json(site, "gridmixer_l.base@224")["score"] is None
    assert model_json(site, "gridmixer_l.base@224")["sweeps"] == {}
