"""The published configurations against rated_models.csv: without torch, and so everywhere."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from measure.published import FOLDER, published, published_models
from measure.queries import TASK_NAMES
from measure.workload import UnsupportedError

DATA = Path(__file__).parents[2] / "data"
# timm knows its models' configurations itself.
TASKS = [task for task in TASK_NAMES if task != "image_classification"]


def rated(task: str) -> dict[str, dict[str, str]]:
    with (DATA / task / "rated_models.csv").open(newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("task", TASKS)
def test_every_rated_model_has_a_published_configuration_and_the_other_way_round(task: str) -> None:
    assert sorted(published_models(task)) == sorted(rated(task))


@pytest.mark.parametrize("task", TASKS)
def test_every_configuration_names_its_source_on_the_models_page(task: str) -> None:
    for name, model in published_models(task).items():
        assert model.source.startswith(f"https://huggingface.co/{name}/blob/main/")
        assert model.source.endswith("config.json")


@pytest.mark.parametrize("task", TASK_NAMES)
def test_every_task_has_five_models_over_a_decade_of_size(task: str) -> None:
    sizes = [float(row["parameters_m"]) for row in rated(task).values()]
    assert len(sizes) >= 5
    assert max(sizes) / min(sizes) >= 10


@pytest.mark.parametrize("task", ["text_classification", "question_answering"])
def test_general_models_stand_beside_task_specific_ones(task: str) -> None:
    general = {name for name, row in rated(task).items() if row["approach"] == "general"}
    assert general == {name for name, model in published_models(task).items() if model.way}
    assert len(general) >= 3


@pytest.mark.parametrize("task", TASK_NAMES)
def test_papers_are_linked_as_they_are_named(task: str) -> None:
    for row in rated(task).values():
        if row["paper_ref"].startswith("arXiv:"):
            number = row["paper_ref"].removeprefix("arXiv:")
            assert row["paper_url"] == f"https://arxiv.org/abs/{number}"
            # arXiv numbers start with the year and the month of the first version.
            assert int(row["year"]) == 2000 + int(number[:2])


def test_image_classifiers_are_rated_under_the_names_that_models_csv_gives_them() -> None:
    with (DATA / "image_classification" / "models.csv").open(newline="") as file:
        known = {row["model"]: float(row["parameters_m"]) for row in csv.DictReader(file)}
    for name, row in rated("image_classification").items():
        assert float(row["parameters_m"]) == pytest.approx(known[name], rel=1e-3)


def test_a_model_without_a_configuration_is_unsupported() -> None:
    with pytest.raises(UnsupportedError, match=r"^no configuration of no/such in published/summarization\.toml$"):
        published("summarization", "no/such")


def test_every_file_of_configurations_is_a_tasks() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(TASKS)
    assert all(tomllib.loads(path.read_text()) for path in FOLDER.glob("*.toml"))
