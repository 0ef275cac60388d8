"""The pages of rated tasks: what they say, what they link to, and what stands beside them."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from builder.analysis.leaderboards import RatedFigure
from builder.analysis.warming import FirstRuns
from builder.pages.all_models import all_models_pages
from builder.pages.choices import choices_pages
from builder.pages.general import general_pages
from builder.pages.page import Atlas
from builder.pages.rated import RatedTask, load_rated_tasks
from builder.pages.rated_files import energy_label, rated_files
from builder.pages.rated_model import rated_model_pages
from builder.pages.rated_words import approaches, comparison, less, span, warming
from builder.pages.render import Renderer
from builder.pages.slugs import rated_slugs
from builder.pages.tasks import conditions_of, leaderboard_pages, tasks_pages
from builder.tables.database import build_database
from tests.pages.html import Document, Element, parse

TASK = "storytelling"
BOARD = "tasks/storytelling/index.html"
MODEL = "tasks/storytelling/inkwell--quill-base.html"


@pytest.fixture(scope="module")
def task(mini: duckdb.DuckDBPyConnection) -> RatedTask:
    (found,) = load_rated_tasks(mini)
    return found


@pytest.fixture(scope="module")
def rated_atlas(atlas: Atlas, task: RatedTask) -> Atlas:
    return replace(atlas, rated=(task,))


@pytest.fixture(scope="module")
def unmeasured(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RatedTask:
    """The same task before anything was measured."""
    data = tmp_path_factory.mktemp("unmeasured") / "data"
    shutil.copytree(mini_data, data)
    shutil.rmtree(data / "storytelling" / "queries")
    with build_database(data) as connection:
        (found,) = load_rated_tasks(connection)
    return found


def rows(document: Document) -> list[Element]:
    return [element for element in document.all("tr") if "data-energy" in element.attributes]


def figure_of(task: RatedTask, model: str) -> RatedFigure:
    figure = next(one.figure for one in task.models if one.fields["model"] == model)
    assert figure
    return figure


def test_without_scripts_a_leaderboard_is_a_table_sorted_by_energy(pages: dict[str, Document]) -> None:
    assert [row.attributes["data-name"] for row in rows(pages[BOARD])] == [
        "Quill nano",
        "Quill base",
        "Quill large",
        "Bard small",
        "Bard medium",
        "Bard huge",
        "Bard vast",
        "Quill XL",
    ]
    assert [form.attributes["id"] for form in pages[BOARD].all("form") if "hidden" in form.attributes] == [
        "board",
        "compare",
    ]


def test_stars_are_words_for_those_who_cannot_see_them(pages: dict[str, Document]) -> None:
    stars = [element for element in pages[BOARD].all("span") if element.attributes.get("class") == "stars"]
    assert [element.attributes["aria-label"] for element in stars[:4]] == [
        "5 of 5 stars",
        "5 of 5 stars",
        "5 of 5 stars",
        "4 of 5 stars",
    ]
    assert all(element.attributes["role"] == "img" for element in stars)


def test_a_model_without_figure_says_why(pages: dict[str, Document]) -> None:
    assert "refused by the measuring rules" in rows(pages[BOARD])[-1].text


def test_a_class_without_stars_says_why(pages: dict[str, Document]) -> None:
    text = " ".join(pages[BOARD].all("main")[0].text.split())
    assert "Stars take at least 4 models; 2 of this class have been measured." in text
    assert "If Bard medium, the hungriest, left, Bard small would have 1 star in place of 2." in text


def test_a_shortened_protocol_is_said(pages: dict[str, Document]) -> None:
    said = "Shortened protocol: 1 to 3 runs of 30 stories a model, where a whole rating takes 10 of 1,000."
    assert said in " ".join(pages[BOARD].all("main")[0].text.split())


def test_a_task_leads_with_its_span(task: RatedTask) -> None:
    assert span(task) == (
        "1,000 stories take from 1.00\xa0Wh (Quill nano) to 100\xa0Wh (Bard vast): 100 times as much."
    )


def test_general_models_are_compared_by_their_geometric_means(task: RatedTask) -> None:
    assert approaches(task) == (
        "The 4 general models take 12 times the energy of the 3 made for the task "
        "(95\xa0% interval over models 1.7 to 85, of geometric means)."
    )


def test_a_short_warm_up_is_said(task: RatedTask) -> None:
    assert warming(task) == ""
    short = replace(task, first_runs=FirstRuns(models=5, heaviest=4, excess=0.123))
    assert warming(short) == (
        "The first run took the most with 4 of 5 models, 12\xa0% above the others in the median: "
        "the warm-up was short, and the intervals are wide for it."
    )


def test_general_models_have_a_page_that_says_what_is_missing(pages: dict[str, Document]) -> None:
    text = " ".join(pages["tasks/general.html"].all("main")[0].text.split())
    assert "12 times the energy95 % interval 1.7 to 85; 4 general models, 3 made for the task" in text
    assert "no published figure is listed of how well Bard small and Bard vast do it without an example" in text
    rows = [" ".join(row.text.split()) for row in pages["tasks/general.html"].all("tr")]
    assert rows[1] == "Bard small 500 M8.0075 %Quill large 400 M5.001.61.4 to 1.8"
    assert rows[4] == "Bard vast 40 B10075 %Quill large 400 M5.0020one run"


def test_without_both_kinds_of_models_there_is_nothing_to_compare(
    rated_atlas: Atlas, renderer: Renderer, task: RatedTask
) -> None:
    (page,) = general_pages(replace(rated_atlas, rated=(replace(task, gap=None),)))
    text = parse(renderer.render("general.html", page).decode()).all("main")[0].text
    assert "there is nothing to compare" in text


def test_all_models_of_all_tasks_stand_in_one_table(pages: dict[str, Document], site: Path) -> None:
    found = rows(pages["tasks/all.html"])
    assert [row.attributes["data-name"] for row in found][:2] == ["Quill nano", "Quill base"]
    assert {row.attributes["data-task"] for row in found} == {"storytelling"}
    with (site / "tasks/ratings.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert (table[1]["task"], table[1]["model"], table[1]["stars"]) == ("storytelling", "inkwell/quill-base", "5")
    document = json.loads((site / "tasks/ratings.json").read_bytes())
    assert [one["task"] for one in document["tasks"]] == ["storytelling"]


def test_methods_explain_stars_by_an_example(pages: dict[str, Document]) -> None:
    text = " ".join(pages["methods.html"].all("main")[0].text.split())
    assert (
        "On storytelling 1,000 stories take from 1.00 to 11.0\xa0Wh, so that a band is 2.00\xa0Wh wide. "
        "Quill large takes 5.00\xa0Wh: two whole bands above the least, hence 3 stars."
    ) in text.replace(" Wh", "\xa0Wh")
    assert "None has been frozen yet" in text


def test_a_task_of_both_halves_shows_the_ratings_conditions_alone(task: RatedTask) -> None:
    controls = {"batch_size": "The best one.", "input": "A tensor."}
    both = replace(
        task, fields={**task.fields, "control_variables": json.dumps(controls), "rating": '{"runs": "Ten."}'}
    )
    assert [(field.title, field.value) for field in conditions_of(both)] == [("Runs", "Ten.")]
    assert [field.title for field in conditions_of(replace(both, fields={**both.fields, "rating": "{}"}))] == [
        "Batch size",
        "Input",
    ]


def test_no_pair_is_named_where_better_models_take_more(task: RatedTask) -> None:
    assert comparison(task) == ""


def test_where_less_of_the_quality_is_better_the_pair_that_saves_most_is_named(task: RatedTask) -> None:
    lower = replace(task, fields={**task.fields, "quality_better": "lower"})
    assert comparison(lower) == (
        "Quill nano uses 98\xa0% less energy than Bard huge and does no worse: "
        "wonder 50 against 80\xa0points on Fables."
    )


@pytest.mark.parametrize(
    ("other", "text"), [("Quill base", "50\xa0%"), ("Bard huge", "98\xa0%"), ("Bard vast", "99.0\xa0%")]
)
def test_what_is_saved_has_as_many_digits_as_tell_it(task: RatedTask, other: str, text: str) -> None:
    by_title = {model.fields["title"]: model for model in task.models}
    assert less(by_title["Quill nano"], by_title[other]) == text


def test_a_model_s_page_has_phases_runs_label_and_other_ways(pages: dict[str, Document]) -> None:
    document = pages[MODEL]
    assert {"phases", "about", "label", "choices", "runs"} <= set(document.ids())
    labels = [element.attributes["src"].rpartition("/")[2] for element in document.all("img")]
    assert labels == ["inkwell--quill-base_label-light.svg", "inkwell--quill-base_label-dark.svg"]
    (snippet,) = document.all("code")
    path = "http://127.0.0.1:8000/tasks/storytelling/inkwell--quill-base"
    assert snippet.text == (
        f'<a href="{path}.html"><img src="{path}_label-light.svg" width="260" height="364" '
        'alt="Quill base: 2.00 Wh per 1,000 stories"></a>'
    )


def test_a_model_without_energy_has_a_page_and_no_label(pages: dict[str, Document], site: Path) -> None:
    document = pages["tasks/storytelling/inkwell--quill-xl.html"]
    assert "Its energy has no figure: refused by the measuring rules." in document.all("main")[0].text
    assert document.all("img") == []
    assert not list((site / "tasks/storytelling").glob("inkwell--quill-xl_label*"))


def test_every_measured_model_has_four_labels(site: Path) -> None:
    names = sorted(path.name for path in (site / "tasks/storytelling").glob("bard.huge_label*"))
    assert names == [f"bard.huge_label-{theme}.{ending}" for theme in ("dark", "light") for ending in ("png", "svg")]


def test_a_label_says_what_was_measured_and_how(task: RatedTask) -> None:
    by_name = {model.fields["model"]: model for model in task.models}
    label = energy_label(task, by_name["inkwell/quill-base"], "https://example.org/atlas/")
    assert (label.energy, label.unit, label.stars) == ("2.00", "Wh per 1,000 stories", 5)
    assert label.interval == "± 5.0 %, 95 % interval over 3 runs"
    assert label.rating == "class A, provisional, no epoch frozen"
    assert label.facts == (
        ("Hardware", "Invented Alpha 10 GB"),
        ("Setting", "PyTorch, FP32, batch size 1"),
        ("Samples", "30 synthetic, 3 runs"),
        ("Measured", "2026-11-22"),
    )
    assert label.link == "example.org/atlas/tasks/storytelling/inkwell--quill-base.html"
    vast = energy_label(task, by_name["bard.vast"], "https://example.org/")
    assert (vast.stars, vast.interval) == (None, "one run: no interval")
    assert vast.rating == "Stars take at least 4 models; 2 of this class have been measured."


def test_csv_and_json_hold_the_leaderboard(site: Path) -> None:
    folder = site / "tasks/storytelling"
    document = json.loads((folder / "ratings.json").read_bytes())
    with (folder / "ratings.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["model"] for row in table] == [model["model"] for model in document["models"]]
    assert (table[1]["energy_wh_per_1000"], table[1]["stars"], table[-1]["energy_mj"]) == ("2.0", "5", "")
    assert document["classes"][0] == {
        "class": "A",
        "title": "One small GPU",
        "models": 5,
        "mean_mj": 19440,
        "sd_mj": 14973.58,
        "least_mj": 3600,
        "most_mj": 39600,
        "epoch": None,
        "reason": None,
    }
    assert document["models"][1] == {
        "model": "inkwell/quill-base",
        "title": "Quill base",
        "family": "Quill",
        "approach": "task-specific",
        "class": "A",
        "parameters_m": 100,
        "year": 2020,
        "energy_wh_per_1000": 2,
        "energy_mj": 7200,
        "energy_low_mj": 6842.284,
        "energy_high_mj": 7557.716,
        "stars": 5,
        "log_stars": 4,
        "rank": 2,
        "runs": 3,
        "samples": 30,
        "latency_ms": 72,
        "mean_power_w": 100,
        "output_tokens_per_item": 10,
        "preprocess_mj": None,
        "prefill_mj": 1800,
        "decode_mj": 5400,
        "forward_mj": None,
        "quality": 60,
        "quality_note": "Fables",
        "status": "ok",
        "setup": "alpha-10gb_pytorch_fp32",
    }


def test_files_of_one_rating_are_equal_to_the_byte(task: RatedTask) -> None:
    assert dict(rated_files((task,), "https://example.org/")) == dict(rated_files((task,), "https://example.org/"))


def test_a_task_without_runs_says_what_is_missing(atlas: Atlas, renderer: Renderer, unmeasured: RatedTask) -> None:
    waiting = replace(atlas, rated=(unmeasured,))
    (index,), (board,), (choices,) = (
        [parse(renderer.render(template, page).decode()) for page in pages(waiting)]
        for template, pages in (
            ("tasks.html", tasks_pages),
            ("leaderboard.html", leaderboard_pages),
            ("choices.html", choices_pages),
        )
    )
    assert "8 models are listed; none has been measured yet." in index.all("main")[0].text
    assert "8 models are listed below, but no run has been measured yet: there is nothing to rate." in (
        board.all("main")[0].text
    )
    assert [row.attributes["data-energy"] for row in rows(board)] == [""] * 8
    assert "Nothing has been measured yet" in choices.all("main")[0].text
    assert dict(rated_files((unmeasured,), "https://example.org/")).keys() == {
        "tasks/ratings.csv",
        "tasks/ratings.json",
        "tasks/storytelling/ratings.csv",
        "tasks/storytelling/ratings.json",
    }


def test_choices_say_what_each_saves(pages: dict[str, Document]) -> None:
    document = pages["tasks/choices.html"]
    assert "measured on 1 of 1 tasks" in document.all("main")[0].text
    rows = [" ".join(row.text.split()) for row in document.all("tr")]
    assert rows[3] == "batches of 1675 % less–11"
    assert rows[5] == "FP16 for FP3245 % less40 % less to 50 % less22"


def test_rows_of_further_choices_appear_by_themselves(
    mini_data: Path, tmp_path: Path, atlas: Atlas, renderer: Renderer
) -> None:
    data = tmp_path / "data"
    shutil.copytree(mini_data, data)
    folder = data / TASK / "queries"
    plain = "alpha-10gb_pytorch_fp32"
    compiled = folder / "alpha-10gb_torchcompile_bf16"
    rows = (folder / f"{plain}.csv").read_text().splitlines(keepends=True)
    kept = [row for row in rows[1:] if row.startswith("inkwell/quill-base,1,")]
    compiled.with_suffix(".csv").write_text(rows[0] + "".join(kept))
    toml = (folder / f"{plain}.toml").read_text()
    for old, new in (('"pytorch"', '"torchcompile"'), ('"fp32"', '"bf16"'), ("PyTorch, FP32", "torch.compile, BF16")):
        assert old in toml
        toml = toml.replace(old, new)
    compiled.with_suffix(".toml").write_text(toml)
    batch = [row.replace("bard.medium,1,", "bard.medium,64,") for row in rows if row.startswith("bard.medium,1,")]
    (folder / f"{plain}.csv").write_text("".join(rows + batch))
    with build_database(data) as connection:
        tasks = load_rated_tasks(connection)
    (page,) = choices_pages(replace(atlas, rated=tasks))
    told = [" ".join(row.text.split()) for row in parse(renderer.render("choices.html", page).decode()).all("tr")]
    assert "batches of 640 % less–10" in told
    assert "Bard mediumPyTorch, FP3211.0––11.00 % less unsure" in told
    assert "Quill baseFP32BF1611.502.0033 % more" in told


HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt; & &amp;")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_adds_no_element(rated_atlas: Atlas, renderer: Renderer, task: RatedTask, text: str) -> None:
    def shapes(word: str) -> list[list[tuple[str, list[str]]]]:
        models = tuple(
            replace(
                model,
                fields={**model.fields, "title": word, "family": word, "paper_title": word, "quality_note": word},
            )
            for model in task.models
        )
        hostile = replace(rated_atlas, rated=(replace(task, models=models, fields={**task.fields, "title": word}),))
        kinds = (
            ("tasks.html", tasks_pages),
            ("leaderboard.html", leaderboard_pages),
            ("rated_model.html", rated_model_pages),
            ("choices.html", choices_pages),
            ("all_models.html", all_models_pages),
            ("general.html", general_pages),
        )
        documents = [parse(renderer.render(name, page).decode()) for name, pages in kinds for page in pages(hostile)]
        return [[(element.tag, sorted(element.attributes)) for element in document.elements] for document in documents]

    assert shapes(text) == shapes("plain")


def test_names_of_organisations_become_file_names() -> None:
    assert rated_slugs(["openai/whisper-tiny", "resnet50.a1_in1k", "index", "A/b", "a/B"]) == {
        "openai/whisper-tiny": "openai--whisper-tiny",
        "resnet50.a1_in1k": "resnet50.a1_in1k",
        "index": "index~1bc04b52",
        "A/b": "A--b~3646f792",
        "a/B": "a--B~f42815d1",
    }


def test_the_figure_of_a_rating_is_of_single_queries(task: RatedTask) -> None:
    assert figure_of(task, "inkwell/quill-base").energy_mj == 7200
