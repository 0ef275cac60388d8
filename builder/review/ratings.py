"""The leaderboards before and after a change into the models whose stars are others, and what moved them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.analysis.leaderboards import Leaderboard, RatedFigure


@dataclass(frozen=True)
class StarChange:
    """A rated model whose stars differ; None where it has none, or no energy.

    Attributes:
        size_class: Its letter; empty where the task rates all models together.
        before: Stars before the change.
        after: Stars after it.
    """

    model: str
    size_class: str
    before: int | None
    after: int | None
    energy_before_mj: float | None
    energy_after_mj: float | None

    @property
    def by_others(self) -> bool:
        """Whether its own energy is as it was, so that others moved the bands."""
        return self.energy_before_mj == self.energy_after_mj


@dataclass(frozen=True)
class WithoutStars:
    """New or changed figures that get no stars, and why.

    Attributes:
        size_class: The class's letter; empty where the task rates all models together.
        models: Least energy first.
        reason: In words.
    """

    size_class: str
    models: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class RatingChange:
    """A rated task whose stars differ, that has new figures without stars, or that is rated on another setup.

    Attributes:
        setup_before: The one that was rated; empty where nothing was.
        setup_after: The one that is rated; empty where nothing is.
        changes: In the order of the leaderboard after the change, then models that are gone.
        kept: How many models have the stars of before.
        without: By class and reason, the new and changed figures that get none.
    """

    task: str
    setup_before: str
    setup_after: str
    changes: tuple[StarChange, ...]
    kept: int
    without: tuple[WithoutStars, ...]


def rating_changes(before: Mapping[str, Leaderboard], after: Mapping[str, Leaderboard]) -> tuple[RatingChange, ...]:
    """Return the tasks whose stars or rated setups differ, or that have new figures without stars, by name."""
    pairs = (_change(task, before.get(task), after.get(task)) for task in sorted(before.keys() | after.keys()))
    return tuple(pair for pair in pairs if pair.changes or pair.without or pair.setup_before != pair.setup_after)


def _change(task: str, before: Leaderboard | None, after: Leaderboard | None) -> RatingChange:
    old, new = (board.figures if board else {} for board in (before, after))
    models = [*new, *(model for model in old if model not in new)]
    stars = [_star_change(model, old.get(model), new.get(model)) for model in models]
    return RatingChange(
        task=task,
        setup_before=before.setup if before else "",
        setup_after=after.setup if after else "",
        changes=tuple(change for change in stars if change.before != change.after),
        kept=sum(change.before == change.after and change.after is not None for change in stars),
        without=_without_stars(old, after) if after else (),
    )


def _without_stars(old: Mapping[str, RatedFigure], after: Leaderboard) -> tuple[WithoutStars, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for rating in after.classes:
        for model, figure in after.figures.items():
            known = old.get(model)
            is_new = known is None or (known.energy_mj, known.status) != (figure.energy_mj, figure.status)
            if figure.size_class == rating.size_class and figure.stars is None and is_new:
                reason = rating.reason if figure.energy_mj else f"No energy: {figure.status.replace('_', ' ')}."
                found.setdefault((rating.size_class.key, reason), []).append(model)
    return tuple(WithoutStars(key, tuple(models), reason) for (key, reason), models in found.items())


def _star_change(model: str, old: RatedFigure | None, new: RatedFigure | None) -> StarChange:
    known = new or old
    return StarChange(
        model=model,
        size_class=known.size_class.key if known else "",
        before=old.stars if old else None,
        after=new.stars if new else None,
        energy_before_mj=old.energy_mj if old else None,
        energy_after_mj=new.energy_mj if new else None,
    )
