"""What figures say about a change into Markdown: its consequences, the audit's flags, agreement with other figures."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from builder.analysis.audit import RULES, Flag, Rule
from builder.analysis.growth import GrowthFit
from builder.review.agreement import Agreement, Model, Peer
from builder.review.consequences import TOP, Consequence, Standing, W
from builder.review.markdown import Style, block, bullets, code, counted, joined, millijoules, table
from builder.review.plane import front_plane
from builder.review.ratings import RatingChange, StarChange
from builder.review.report import Report

# Of a setup that is new or gone every model is: some examples do.
_EXAMPLES = 5


def consequences(report: Report, style: Style) -> str:
    """Say what the change does to fronts, rankings and growth fits."""
    if report.evidence is None or not report.evidence.consequences:
        return ""
    shown = report.evidence.consequences[: style.most]
    parts = [part for one in shown for part in _consequence(one, style)]
    return joined(["### Consequences", *parts, _more_setups(len(report.evidence.consequences) - len(shown))])


def ratings(report: Report, style: Style) -> str:
    """List the models whose stars change, whether their own energy did it, and those that get no stars."""
    if report.evidence is None or not report.evidence.ratings:
        return ""
    parts = [part for one in report.evidence.ratings[: style.most] for part in _rating(one, style)]
    return joined(["### Star ratings", *parts])


def flags(report: Report, style: Style) -> str:
    """List the audit's doubts that come and go with the change."""
    if report.evidence is None:
        return ""
    lists = {"New audit flags": report.evidence.flags_new, "Audit flags gone": report.evidence.flags_gone}
    return joined(
        joined([f"### {title}", *(_of_rule(rule, found, style) for rule in RULES)])
        for title, found in lists.items()
        if found
    )


def agreement(report: Report, style: Style) -> str:
    """Say how well new and changed energies agree with their siblings and with other setups."""
    if report.evidence is None or not report.evidence.agreements:
        return ""
    shown = report.evidence.agreements[: style.most]
    parts = [part for one in shown for part in _agreement(one, style)]
    more = _more_setups(len(report.evidence.agreements) - len(shown))
    return joined(["### Agreement of new and changed energies", *parts, more])


def _consequence(one: Consequence, style: Style) -> Iterator[str]:
    yield f"#### {code(one.setup)}{'' if one.before else ', new'}{'' if one.after else ', gone'}"
    most = style.most if one.before and one.after else min(style.most, _EXAMPLES)
    lines = [_front(one, most)] * one.front_differs + [_top(one, most)] * one.top_differs
    yield bullets(lines, len(lines))
    if one.growth_differs:
        yield _growth(one)
    if one.front_differs:
        yield block(front_plane(one))


def _front(one: Consequence, most: int) -> str:
    sizes = " → ".join(f"{len(standing.front):,}" for standing in (one.before, one.after) if standing)
    last = one.after or one.before
    parts = [f"**Front:** {sizes} model{'' if last and len(last.front) == 1 else 's'}"]
    for verb, models, standing in (("gained", one.front_gained, one.after), ("lost", one.front_lost, one.before)):
        if models and standing:
            parts.append(f"{verb} {_listed([_point(model, standing) for model in models], most)}")
    return "; ".join(parts)


def _top(one: Consequence, most: int) -> str:
    parts = []
    for word, models, standing in (("in", one.top_entered, one.after), ("out", one.top_left, one.before)):
        if models and standing:
            ranked = [f"{_model(model)} ({standing.top.index(model) + 1})" for model in models]
            parts.append(f"{word}: {_listed(ranked, most)}")
    if one.top_moved:
        parts.append(f"{one.top_moved} in another place")
    return f"**Top {TOP} at W = {W:.0f}**, with ranks: {'; '.join(parts)}"


def _growth(one: Consequence) -> str:
    fits = [(name, standing.growth) for name, standing in (("before", one.before), ("after", one.after)) if standing]
    rows = [(name, *_fit(fit)) for name, fit in fits]
    return table(("growth fit", "accuracy at E mJ", "100 % at", "R²", "vertices"), rows, len(rows))


def _fit(fit: GrowthFit | None) -> tuple[str, str, str, str]:
    if fit is None:
        return "too few vertices", "", "", ""
    # Rounded, plus 0: no "-0.00".
    floor = round(fit.floor, 2) + 0.0
    return (
        f"{fit.a:.2f} + {fit.b:.2f} · ln(ln E {'−' if floor >= 0 else '+'} {abs(floor):.2f})",
        _energy_for_everything(fit),
        f"{fit.r_squared:.4f}",
        f"{len(fit.vertices)}",
    )


def _energy_for_everything(fit: GrowthFit) -> str:
    """Return the energy at which the curve reaches 100 %, with its 95 % interval in decades."""
    decades = fit.log10_energy_at(100)
    if decades > sys.float_info.max_10_exp:
        return "no energy"
    low, high = fit.log10_energy_interval(100)
    return f"10^({decades:.2f} ± {(high - low) / 2:.2f}) mJ"


def _rating(one: RatingChange, style: Style) -> Iterator[str]:
    yield f"#### {code(one.task)}"
    if one.setup_before != one.setup_after:
        before, after = (code(setup) if setup else "nothing" for setup in (one.setup_before, one.setup_after))
        yield f"Rated on {after}; before on {before}."
    rows = [
        (
            code(change.model),
            change.size_class and code(change.size_class),
            f"{change.before or 'none'} → {change.after or 'none'}",
            _energies(change),
        )
        for change in one.changes
    ]
    if rows:
        yield table(("model", "class", "stars", "energy"), rows, style.most)
    for less in one.without:
        of_class = f" in class {code(less.size_class)}" if less.size_class else ""
        yield f"Without stars{of_class}: {_listed([code(model) for model in less.models], style.most)}. {less.reason}"
    if one.kept:
        yield f"{counted(one.kept, 'model')} with the stars of before."


def _energies(change: StarChange) -> str:
    before, after = (
        "nothing" if energy is None else millijoules(energy)
        for energy in (change.energy_before_mj, change.energy_after_mj)
    )
    return f"{after}: others moved the bands" if change.by_others else f"{before} → {after}"


def _of_rule(rule: Rule, found: Sequence[Flag], style: Style) -> str:
    doubts = [
        f"{_model((flag.model, flag.input_size_px))} in {code(flag.setup)}: {code(flag.reason)}"
        for flag in found
        if flag.rule == rule.key
    ]
    return f"{rule.title}: {len(doubts):,}\n\n{bullets(doubts, style.most)}" if doubts else ""


def _agreement(one: Agreement, style: Style) -> Iterator[str]:
    yield f"#### {code(one.setup)}{f', queries of {code(one.task)}' if one.rated else ''}"
    energies = "1 energy" if one.figures == 1 else f"{one.figures:,} energies"
    if one.rated:
        shared = "" if one.peers else "; no other setup shares enough models"
        yield f"{energies}, one query at a time{shared}."
    elif one.siblings:
        yield (
            f"{energies}, {one.siblings.figures:,} with siblings: off by {one.siblings.median:.1%} (median), by "
            f"{one.siblings.largest:.1%} at most ({_model(one.siblings.farthest)})."
        )
    else:
        yield f"{energies}, none with a sibling that was measured apart."
    if one.peers:
        header = ("other setup", "models", "energy here ÷ there", "× or ÷", "farthest")
        yield table(header, [_peer(peer) for peer in one.peers], style.most)


def _peer(peer: Peer) -> Sequence[str]:
    return (
        code(peer.setup),
        f"{peer.models:,}",
        f"{peer.ratio:.3g}",
        f"{peer.spread:.2f}",
        f"{_model(peer.farthest)}: {peer.farthest_ratio:.3g}",
    )


def _point(model: Model, standing: Standing) -> str:
    energy, accuracy = standing.points[model]
    return f"{_model(model)} ({millijoules(energy)}, {accuracy:.2f} %)"


def _model(model: Model) -> str:
    name, size = model
    return f"{code(name)} at {size} px" if size else code(name)


def _listed(items: Sequence[str], most: int) -> str:
    more = [f"and {len(items) - most:,} more"] if len(items) > most else []
    return ", ".join([*items[:most], *more])


def _more_setups(more: int) -> str:
    return f"And {counted(more, 'setup')} more." if more else ""
