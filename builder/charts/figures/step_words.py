"""Steps between setups into the words of titles and sentences: how much less, how sure, and what cannot be told."""

from __future__ import annotations

from builder.analysis.ladders import CardLadder, PrecisionLadder
from builder.analysis.steps import MIN_MODELS, Change
from builder.charts import style
from builder.charts.figures.words import listed, significant

# From here on "1.5 times less" says more than "33 % less".
_TIMES = 1.5
# Class -> how a sentence names it.
PLURALS = {look.key: look.plural if look.plural[:2].isupper() else look.plural.lower() for look in style.CLASSES}


def card(generation: str) -> str:
    """Return how readers know a generation of GPUs."""
    return generation.upper()


def less_or_more(ratio: float) -> str:
    """Return the ratio energy before / energy after in words that follow "takes"."""
    if ratio >= _TIMES:
        return f"{significant(ratio)} times less energy"
    return f"{significant(100 * (1 - 1 / ratio))} % less energy" if ratio >= 1 else more(1 / ratio)


def more(ratio: float) -> str:
    """Return a ratio above 1, energy after / energy before, in words that follow "takes"."""
    return f"{significant(100 * (ratio - 1))} % more energy"


def between(ends: tuple[float, float], digits: int = 2) -> str:
    """Return an interval with so many decimals."""
    return f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def cards_title(ladder: CardLadder) -> str:
    """Return what is found from each card to the next."""
    told, apart = [], []
    for (one, other), step in list(ladder.steps.items())[: len(ladder.setups) - 1]:
        if step.change and step.change.distinguishable:
            told.append(f"{less_or_more(step.change.geometric_mean)} on the {card(other)} than on the {card(one)}")
        else:
            apart.append(f"{card(one)} and {card(other)} cannot be told apart")
    return "; ".join([*([f"The same models take {listed(told)}"] if told else []), *apart])


def precision_title(ladder: PrecisionLadder) -> str:
    """Return what is found from FP32 to FP16 and, where that can be told, to compiled FP16."""
    change, where = ladder.precision.change, card(ladder.generation)
    if change and change.distinguishable:
        first = f"FP16 takes {less_or_more(change.geometric_mean)} than FP32 on the {where}"
    else:
        first = f"FP16 and FP32 cannot be told apart on the {where}"
    compiled = ladder.compiler.change if ladder.compiler else None
    if not compiled:
        return f"{first}; what a compiler adds cannot be told yet"
    if compiled.distinguishable:
        return f"{first}; compiled, it takes {less_or_more(compiled.geometric_mean)} than uncompiled"
    return f"{first}; what compiling changes cannot be told from nothing"


def compiler_untold(ladder: PrecisionLadder) -> str:
    """Return why the step from FP16 to compiled FP16 cannot be told; "" where it can."""
    if not ladder.compiler:
        return f"no setup has compiled FP16 on the {card(ladder.generation)}"
    if ladder.compiler.change:
        return ""
    models = len(ladder.compiler.rows)
    have = "model has" if models == 1 else "models have"
    return f"only {models or 'no'} {have} FP16 figures both with PyTorch and compiled, and it takes {MIN_MODELS}"


def described(change: Change | None) -> str:
    """Return a step's geometric mean with its interval and how many models stand behind it."""
    if not change:
        return "too few models to tell"
    mean = f"{change.geometric_mean:.2f} (95 %: {between(change.interval)})"
    return f"geometric mean {mean} over {change.models:,} models"


def left_out(ladder: CardLadder) -> str:
    """Return which cards are left out and why, as a sentence with a space before it; "" where none is."""
    parts = [
        f"the {card(generation)} shares {models or 'none'} of its models with the others, too few to tell"
        for generation, models in ladder.left_out.items()
    ]
    return f" Left out: {listed(parts)}." if parts else ""
