"""Turns a rated task's figures into the sentences that its pages lead with."""

from __future__ import annotations

from itertools import permutations

from builder.analysis.intervals import distinguishable
from builder.pages.format import NO_BREAK, fixed, number, wh_per_1000
from builder.pages.rated import RatedModel, RatedTask


def less(one: RatedModel, other: RatedModel) -> str:
    """Return how much less energy one model takes than another: "62 %"."""
    if one.energy_mj is None or other.energy_mj is None:
        message = "both models need an energy"
        raise ValueError(message)
    saved = 100 * (1 - one.energy_mj / other.energy_mj)
    return fixed(saved, 0 if saved < 99 else 1 if saved < 99.9 else 2) + NO_BREAK + "%"


def span(task: RatedTask) -> str:
    """Return from what to what the energies of a task go; empty with fewer than two."""
    if len(task.measured) < 2:
        return ""
    low, high = task.measured[0], task.measured[-1]
    times = number((high.energy_mj or 0.0) / (low.energy_mj or 1.0), 2)
    return (
        f"1,000 {task.fields['items']} take from {wh_per_1000(low.energy_mj)}{NO_BREAK}Wh ({low.fields['title']}) "
        f"to {wh_per_1000(high.energy_mj)}{NO_BREAK}Wh ({high.fields['title']}): {times} times as much."
    )


def comparison(task: RatedTask) -> str:
    """Return what the better choice among two models saves, at no loss of quality; empty where no pair shows that.

    The pair is the one that saves most among those whose quality is of one test set and whose energies are apart.
    """
    lower = task.fields["quality_better"] == "lower"
    pairs = [
        (one, other)
        for one, other in permutations(task.measured, 2)
        if _is_as_good(one, other, lower=lower) and _is_apart(one, other)
    ]
    if not pairs:
        return ""
    one, other = min(pairs, key=lambda pair: ((pair[0].energy_mj or 0.0) / (pair[1].energy_mj or 1.0), pair[0].slug))
    unit, note = task.fields["quality_unit"], one.fields["quality_note"]
    scores = f"{task.fields['quality']} {_value(one)} against {_value(other)}{NO_BREAK}{unit}"
    return (
        f"{one.fields['title']} uses {less(one, other)} less energy than {other.fields['title']} and does no worse: "
        f"{scores}{f' on {note}' if note else ''}."
    )


def approaches(task: RatedTask) -> str:
    """Return how general models compare with those made for the task; empty with too few of either."""
    if task.gap is None:
        return ""
    times = task.gap.times
    return (
        f"The {task.gap.general} general models take {number(times.value, 2)} times the energy of the "
        f"{task.gap.specific} made for the task (95{NO_BREAK}% interval over models {number(times.low, 2)} to "
        f"{number(times.high, 2)}, of geometric means)."
    )


def warming(task: RatedTask) -> str:
    """Return that first runs took more than the others; empty where they did not."""
    first = task.first_runs
    if first is None or not first.is_short:
        return ""
    return (
        f"The first run took the most with {first.heaviest} of {first.models} models, "
        f"{fixed(100 * first.excess, 0)}{NO_BREAK}% above the others in the median: the warm-up was short, and the "
        "intervals are wide for it."
    )


def _is_as_good(one: RatedModel, other: RatedModel, *, lower: bool) -> bool:
    a, b = one.fields["quality"], other.fields["quality"]
    if a is None or b is None or one.fields["quality_note"] != other.fields["quality_note"]:
        return False
    return bool(a <= b if lower else a >= b)


def _is_apart(one: RatedModel, other: RatedModel) -> bool:
    a, b = one.figure, other.figure
    if a is None or b is None or a.energy_mj is None or b.energy_mj is None or a.energy_mj >= b.energy_mj:
        return False
    if a.low_mj is None or a.high_mj is None or b.low_mj is None or b.high_mj is None:
        return False
    return distinguishable((a.low_mj, a.high_mj), (b.low_mj, b.high_mj), same_card=True)


def _value(model: RatedModel) -> str:
    return f"{model.fields['quality']:,.4g}"
