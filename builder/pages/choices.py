"""Turns what was measured beside the ratings into the page on what engineers' choices save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builder.analysis.choices import KINDS, Choice, ChoiceSummary, Kind, summaries
from builder.analysis.leaderboards import RATED_BATCH_SIZE
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.rated import FOLDER, RatedModel, RatedTask
from builder.pages.rated_pictures import RatedPicture
from builder.pages.tasks import INDEX

PATH = f"{FOLDER}/choices.html"


@dataclass(frozen=True)
class KindOfChoice:
    """What can be chosen, in words."""

    key: Kind
    title: str
    question: str


KIND_WORDS = (
    KindOfChoice("batch_size", "Batch size", "Several queries at once in place of one at a time"),
    KindOfChoice("precision", "Precision", "Shorter numbers in place of FP32"),
    KindOfChoice("runtime", "torch.compile", "A compiled model in place of plain PyTorch"),
)


@dataclass(frozen=True)
class BatchRow:
    """One model on one setup in batches of several sizes.

    Attributes:
        setup: Software and numbers, in words.
        energies_mj: Batch size -> energy per item, one at a time included.
        best: The batch size that saves the most.
    """

    model: RatedModel
    setup: str
    energies_mj: Mapping[int, float]
    best: Choice


@dataclass(frozen=True)
class TaskChoices:
    """What choices save on one task.

    Attributes:
        sizes: Batch sizes, smallest first; none where none but 1 was measured.
        batches: By model.
        others: Precisions and runtimes, each with the model.
        missing: What was not varied on this task.
    """

    task: RatedTask
    sizes: tuple[int, ...]
    batches: tuple[BatchRow, ...]
    others: tuple[tuple[RatedModel, Choice], ...]
    missing: tuple[KindOfChoice, ...]


@dataclass(frozen=True, kw_only=True)
class ChoicesPage(Page):
    """Fills choices.html.

    Attributes:
        picture: Energy by batch size; None where no model ran in batches.
        overall: Kind -> its summaries over all tasks.
        measured: Tasks with a comparison.
        waiting: Tasks without one.
    """

    picture: RatedPicture | None
    kinds: tuple[KindOfChoice, ...]
    overall: Mapping[Kind, tuple[ChoiceSummary, ...]]
    measured: tuple[TaskChoices, ...]
    waiting: tuple[RatedTask, ...]


def choices_pages(atlas: Atlas) -> Iterator[ChoicesPage]:
    """Make the one page."""
    found = summaries(task.choices for task in atlas.rated)
    yield ChoicesPage(
        path=PATH,
        title="What implementation choices save",
        description="Batch size, precision and torch.compile: the energy each saves on the rated tasks, as measured.",
        section=INDEX,
        picture=atlas.pictures().batches,
        kinds=KIND_WORDS,
        overall={kind: tuple(one for one in found if one.kind == kind) for kind in KINDS},
        measured=tuple(_of_task(task) for task in atlas.rated if task.choices),
        waiting=tuple(task for task in atlas.rated if not task.choices),
    )


def _of_task(task: RatedTask) -> TaskChoices:
    models = {model.fields["model"]: model for model in task.models}
    setups = {setup.key: setup.conditions for setup in task.setups}
    by_row: dict[tuple[str, str], list[Choice]] = {}
    for one in task.choices:
        if one.kind == "batch_size":
            by_row.setdefault((one.model, one.setup), []).append(one)
    batches = tuple(
        BatchRow(
            model=models[model],
            setup=setups[setup],
            energies_mj={RATED_BATCH_SIZE: found[0].before_mj} | {one.batch_size: one.after_mj for one in found},
            best=max(found, key=lambda one: one.saved),
        )
        for (model, setup), found in by_row.items()
    )
    return TaskChoices(
        task=task,
        sizes=tuple(sorted({size for row in batches for size in row.energies_mj})),
        batches=batches,
        others=tuple((models[one.model], one) for one in task.choices if one.kind != "batch_size"),
        missing=tuple(kind for kind in KIND_WORDS if all(one.kind != kind.key for one in task.choices)),
    )


CHOICES = PageKind("choices", "choices.html", choices_pages)
