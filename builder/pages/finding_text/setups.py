"""Steps between setups into words: what precision and compiler save, and how energy moves from card to card."""

from __future__ import annotations

from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.ladders import CardLadder, PrecisionLadder
from builder.analysis.steps import Change, Step
from builder.charts.figures.material import Material
from builder.charts.figures.step_models import widest_contrast
from builder.charts.figures.step_words import PLURALS, between, card, compiler_untold, less_or_more, more
from builder.charts.figures.words import listed, significant
from builder.pages.finding_text.conditions import conditions_sheet, differences, memory_layouts
from builder.pages.finding_text.movers import energy_movers, score_movers
from builder.pages.finding_text.text import RESAMPLED, Number, Text


def precision_or_compiler(material: Material) -> Text | None:
    """Tell what FP16 saves, what compiling it adds and what TensorRT saves on the same models."""
    ladder = material.precision_ladder
    change = ladder.precision.change if ladder else None
    if not ladder or not change:
        return None
    name = "From FP32 to compiled FP16" if ladder.same_as is ladder.both else "From FP32 to FP16"
    setups = dict.fromkeys(setup for step in ladder.steps for setup in (step.before, step.after))
    return Text(
        slug="precision-or-compiler",
        topic="Precision or compiler",
        number=Number(
            value=f"{change.geometric_mean:.2f}×",
            label=f"energy in FP32 ÷ energy in FP16, with PyTorch on the {card(ladder.generation)}: geometric mean of "
            f"{change.models:,} models",
            interval=between(change.interval),
            source=RESAMPLED,
            other=(between(change.spread), "10th to 90th percentile of the models"),
        ),
        sentences=(_fp16(material, ladder, change), _compiled(ladder), _tensorrt(material, ladder)),
        figures=("steps-precision", "steps-precision-models"),
        sheets=(energy_movers(material, ladder.same_as, name), conditions_sheet(material, list(setups))),
    )


def from_card_to_card(material: Material) -> Text | None:
    """Tell how the energy of the same models moves from one generation of cards to the next."""
    ladder = material.card_ladder
    if not ladder:
        return None
    (one, other), step = list(ladder.steps.items())[-1]
    change = step.change
    if not change:
        return None
    name = f"From the {card(one)} to the {card(other)}"
    moved = energy_movers(material, step, name)
    scored = score_movers(material, step, name)
    setups = list(ladder.setups.values())
    return Text(
        slug="from-card-to-card",
        topic="From card to card",
        number=Number(
            value=f"{change.geometric_mean:.2f}×",
            label=f"energy on the {card(one)} ÷ energy on the {card(other)}, with PyTorch in FP32: geometric mean of "
            f"{change.models:,} models",
            interval=between(change.interval),
            source=RESAMPLED,
            other=(
                between(change.with_gain),
                f"with each sensor up to {100 * SENSOR_GAIN:.0f} % off: "
                f"{'a difference' if change.distinguishable else 'not distinguishable from 1'}",
            ),
        ),
        sentences=(
            f"Over the {len(ladder.table):,} models that {listed([card(each) for each in ladder.setups])} have all run "
            "with PyTorch in FP32, "
            + listed([_card_step(*cards, each.change) for cards, each in _from_next_to_next(ladder) if each.change])
            + ".",
            _classes(ladder),
            differences(material, setups),
        ),
        figures=("steps-cards", "steps-cards-models"),
        sheets=tuple(table for table in (moved, scored, conditions_sheet(material, setups)) if table),
    )


def _measured(change: Change) -> str:
    return f"{change.geometric_mean:.2f}; 95 %: {between(change.interval)}"


def _fp16(material: Material, ladder: PrecisionLadder, change: Change) -> str:
    where = card(ladder.generation)
    told = (
        f"With PyTorch on the {where}, {change.models:,} models take {less_or_more(change.geometric_mean)} in FP16 "
        f"than in FP32 ({_measured(change)})"
        if change.distinguishable
        else f"With PyTorch on the {where}, FP16 and FP32 cannot be told apart over {change.models:,} models "
        f"({_measured(change)})"
    )
    layouts = memory_layouts(material, ladder.precision.before, ladder.precision.after)
    if not layouts:
        return f"{told}."
    one, other = layouts
    return f"{told}; the memory layout changed with the precision, from {one} to {other}, and has its part in this."


def _compiled(ladder: PrecisionLadder) -> str:
    untold = compiler_untold(ladder)
    compiled = ladder.compiler.change if ladder.compiler else None
    if not compiled:
        return f"What a compiler adds to that cannot be told yet: {untold}."
    told = (
        f"Compiled, FP16 takes {less_or_more(compiled.geometric_mean)} than uncompiled, over {compiled.models:,} "
        f"models ({_measured(compiled)})"
        if compiled.distinguishable
        else f"What compiling adds cannot be told from nothing over {compiled.models:,} models ({_measured(compiled)})"
    )
    if not ladder.share:
        return f"{told}."
    low, high = (significant(100 * end) for end in ladder.share.interval)
    return (
        f"{told}; of the whole saving {significant(100 * ladder.share.value)} % is precision’s (95 %: {low} to {high} "
        f"%), in logarithms over the {ladder.share.models:,} models that have all three."
    )


def _tensorrt(material: Material, ladder: PrecisionLadder) -> str:
    told = [
        f"{less_or_more(step.change.geometric_mean)} on the {card(each)} ({_measured(step.change)}; "
        f"{step.change.models:,} models)"
        for each, step in ladder.tensorrt.items()
        if step.change
    ]
    if not told:
        return "TensorRT has too few of these models to set beside them."
    means = material.numbers["fig9.a100.geometric_mean"], material.numbers["fig9.h100.geometric_mean"]
    everybody = len(material.study.energies.dropna())
    return (
        f"With TensorRT in FP16 instead of PyTorch in FP32 the same models take {listed(told)}; over all {everybody:,} "
        f"models of the study the geometric means are {means[0]:.2f} and {means[1]:.2f}."
    )


def _from_next_to_next(ladder: CardLadder) -> list[tuple[tuple[str, str], Step]]:
    return list(ladder.steps.items())[: len(ladder.setups) - 1]


def _card_step(one: str, other: str, change: Change) -> str:
    told = f"the {card(other)} takes {less_or_more(change.geometric_mean)} than the {card(one)} ({_measured(change)})"
    if change.distinguishable:
        return told
    return f"{told}, which two sensors, each up to {100 * SENSOR_GAIN:.0f} % off, cannot tell from no difference"


def _classes(ladder: CardLadder) -> str:
    found = widest_contrast(list(ladder.steps.values()))
    if not found:
        return "Too few models of two classes are among them to compare classes."
    step, most, least, ratio = found
    (one, other) = next(cards for cards, each in ladder.steps.items() if each is step)
    if ratio.interval[0] <= 1:
        return "No class of architectures can be told from another at any of these steps."
    return (
        f"On one card a sensor’s gain is the same for all classes, so what lies between classes stands: from the "
        f"{card(one)} to the {card(other)} {PLURALS[least]} come to take {more(ratio.value)} relative to "
        f"{PLURALS[most]} ({ratio.value:.2f}; 95 %: {between(ratio.interval)})."
    )
