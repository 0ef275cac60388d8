"""Pictures of rated models: what is drawn of invented rows, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from builder.analysis.queries import Query
from builder.charts.rated import RatedMaterial, quality_picture, size_picture
from builder.charts.rated_overview import approaches_picture

# Model, approach, quality, its test set, and Wh per 1,000 stories.
Row = tuple[str, str, float | None, str | None, float]


def material(rows: Sequence[Row], task: str = "storytelling") -> RatedMaterial:
    """Return a material of these models."""
    frame = pd.DataFrame(rows, columns=["model", "approach", "quality", "quality_note", "energy_wh_per_1000"])
    energy = frame["energy_wh_per_1000"]
    return RatedMaterial(
        task=task,
        title=task.capitalize(),
        items="stories",
        quality="wonder, points",
        lower_is_better=False,
        rows=frame.assign(
            task=task, setup="s", title=frame["model"], parameters_m=100.0, low_wh=energy * 0.9, high_wh=energy * 1.1
        ),
        query=Query("SELECT 1", {}),
    )


FABLES = [
    ("a", "general", 50.0, "Fables", 1.0),
    ("b", "general", 60.0, "Fables", 2.0),
    ("c", "general", 70.0, "Fables", 3.0),
]
SAGAS = ("d", "task-specific", 99.0, "Sagas", 4.0)
UNKNOWN = ("e", "task-specific", None, None, 5.0)


def test_quality_is_drawn_of_one_test_set_and_the_others_are_counted() -> None:
    figure = quality_picture(material([*FABLES, SAGAS, UNKNOWN]))
    assert figure
    assert figure.layers["models"]["model"].tolist() == ["a", "b", "c"]
    assert figure.subtitle == (
        "What each model’s source published as wonder, points, on Fables, and the energy of 1,000 stories, "
        "logarithmic. Left out: 1 tested on other sets."
    )


def test_too_few_of_one_test_set_make_no_picture() -> None:
    assert quality_picture(material([*FABLES[:2], SAGAS, UNKNOWN])) is None
    assert quality_picture(material([UNKNOWN])) is None
    assert size_picture(material([*FABLES, SAGAS])) is not None


def test_tasks_with_both_approaches_stand_beside_each_other() -> None:
    both = material([*FABLES, SAGAS, UNKNOWN])
    alone = material(FABLES, "poetry")
    figure = approaches_picture([alone, both])
    assert figure
    assert figure.layers["names"]["name"].tolist() == ["Storytelling"]
    assert approaches_picture([alone]) is None
