"""The models behind the steps between setups: their energy before against their energy after, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from builder.analysis.steps import Ratio, Step
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.figures.material import Material
from builder.charts.figures.step_panels import Panel, card_panels, precision_panels, query_of_panels
from builder.charts.figures.step_words import PLURALS, card, described, more


def widest_contrast(steps: Sequence[Step]) -> tuple[Step, str, str, Ratio] | None:
    """Return the step whose classes are most apart, the class that saves most and least there, and by how many times.

    None where no step has two classes to compare.
    """
    found = []
    for step in steps:
        means = {name: change.geometric_mean for name, change in step.changes_by_class.items()}
        if len(means) > 1:
            most, least = max(means, key=lambda name: means[name]), min(means, key=lambda name: means[name])
            found.append((step, most, least, step.contrast(most, least)))
    return max(found, key=lambda each: each[3].value, default=None)


def precision_models_figure(material: Material) -> Figure | None:
    """Make the models of the steps from FP32 to compiled FP16; None where no card has figures in FP32 and FP16."""
    ladder = material.precision_ladder
    if not ladder:
        return None
    names = {ladder.precision.key: "From FP32 to FP16"}
    steps = [ladder.precision]
    if ladder.compiler:
        names[ladder.compiler.key] = "From FP16 to compiled FP16"
        steps.append(ladder.compiler)
    return _figure(material, precision_panels(ladder), "steps-precision-models", _title(steps, names))


def card_models_figure(material: Material) -> Figure | None:
    """Make the models of the steps from card to card; None where there is one card alone."""
    ladder = material.card_ladder
    if not ladder:
        return None
    names = {step.key: f"From the {card(one)} to the {card(other)}" for (one, other), step in ladder.steps.items()}
    title = _title(list(ladder.steps.values()), names)
    return _figure(material, card_panels(ladder), "steps-cards-models", title)


def _title(steps: Sequence[Step], names: Mapping[str, str]) -> str:
    found = widest_contrast(steps)
    if not found:
        return "Too few models of two classes to tell them apart"
    step, most, least, ratio = found
    if ratio.interval[0] <= 1:
        return f"{names[step.key]} no class saves more than another, as far as can be told"
    return f"{names[step.key]} {PLURALS[least]} come to take {more(ratio.value)} relative to {PLURALS[most]}"


def _figure(material: Material, panels: Sequence[Panel], key: str, title: str) -> Figure:
    shown = [panel for panel in panels if len(panel.step.rows)]
    models = pd.concat([_ranked(panel.step) for panel in shown], ignore_index=True)
    notes = pd.DataFrame(
        [
            {
                "step": panel.step.key,
                "before_mj": float(models["before_mj"].min()),
                "after_mj": float(models["after_mj"].max()),
                "text": f"{change.geometric_mean:.2f}×" if change else "too few to tell",
                "align": "left",
            }
            for panel in shown
            for change in [panel.step.change]
        ]
    )
    return Figure(
        key=key,
        place=None,
        title=title,
        subtitle=(
            "Energy per image before and after each step, one mark an architecture at one input size (the median over "
            "its weights); both axes logarithmic. Dashes: equal. Line: the geometric mean of before ÷ after. Rows that "
            "the audit doubts are left out."
        ),
        description="Scatter plots along the line of equality. "
        + "; ".join(f"{panel.title}: {described(panel.step.change)}" for panel in shown)
        + ".",
        layers={
            "models": models,
            "lines": pd.concat([_lines(panel.step) for panel in shown], ignore_index=True),
            "notes": notes,
        },
        query=query_of_panels(material, shown),
        view=_view(shown, models),
    )


def _ranked(step: Step) -> pd.DataFrame:
    """Return a step's models with their ranks among themselves; 1 takes the least energy."""
    rows = step.rows.drop(columns=["model", "accuracy_pct"])
    ranks = {f"rank_{end}": rows[f"{end}_mj"].rank(method="min").astype(int) for end in ("before", "after")}
    return rows.assign(step=step.key, **ranks)


def _lines(step: Step) -> pd.DataFrame:
    reach = step.rows["before_mj"].agg(["min", "max"]).to_numpy(np.float64)
    times = {"equal": 1.0} | ({"mean": step.change.geometric_mean} if step.change else {})
    lines = [
        pd.DataFrame({"step": step.key, "line": line, "before_mj": reach, "after_mj": reach / ratio})
        for line, ratio in times.items()
    ]
    return pd.concat(lines)


def _view(panels: Sequence[Panel], models: pd.DataFrame) -> Callable[[Shape], View]:
    reach = pd.concat([models["before_mj"], models["after_mj"]])

    def view(shape: Shape) -> View:
        plots: list[View] = []
        for panel in panels:
            mine = f"datum.step == '{panel.step.key}'"
            x = marks.log_x("before_mj", f"Energy per image {panel.before}", reach)
            y = marks.log_y("after_mj", "", reach)
            key = marks.Key(shape.panel() - 100, 188, shown=set(models["class"])) if not plots else None
            plots.append(
                marks.panel(
                    panel.title,
                    marks.line("lines", x, y, f"{mine} && datum.line == 'equal'", strokeDash=[4, 3], strokeWidth=1.2),
                    marks.models(x, y, 18, mine, key),
                    marks.line("lines", x, y, f"{mine} && datum.line == 'mean'"),
                    *marks.words("notes", x, y, mine, dy=6, fontWeight=600),
                    width=shape.panel(),
                    height=270,
                    over=f"Energy per image {panel.after}",
                )
            )
        return marks.side_by_side(plots, shape.columns)

    return view
