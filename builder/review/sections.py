"""A report into Markdown: its sections in order, shortened until they fit where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from builder.problems import Problem
from builder.review.consequences import TOP
from builder.review.difference import VALUE, Change, FileDifference
from builder.review.findings import agreement, consequences, flags, ratings
from builder.review.markdown import Style, block, bullets, code, counted, folded, joined, line_link, table
from builder.review.report import Evidence, Report

# A comment on GitHub may have 65,536 characters; counted in bytes, to be on the safe side.
LIMIT_BYTES = 65_536
# How many items a list shows, tried in this order until the whole fits.
_MOST = (40, 15, 6, 2)
_LEFT_OUT = "The rest is left out: the report is longer than {limit:,} bytes."


def to_markdown(report: Report, label: str = "data", url: str = "", limit: int = LIMIT_BYTES) -> str:
    """Write a report.

    Args:
        report: What the change says.
        label: What files' paths start with in the repository.
        url: Address under which its files are shown after the change, for links to lines; empty for none.
        limit: Length in bytes of UTF-8 that it may have: lists are cut first, then sections from the end.

    Returns:
        Markdown that ends in a line feed; one line where nothing changes in meaning and nothing is wrong.
    """
    for most in _MOST:
        style = Style(label, url, most)
        parts = [text for section in SECTIONS if (text := section(report, style))]
        whole = joined(parts) + "\n"
        if len(whole.encode()) <= limit:
            return whole
    note = _LEFT_OUT.format(limit=limit)
    while parts and len(joined([*parts, note]).encode()) >= limit:
        parts.pop()
    return joined([*parts, note]) + "\n"


def _summary(report: Report, style: Style) -> str:
    difference, evidence = report.difference, report.evidence
    if not difference.files:
        also = (
            f"; {counted(difference.reformatted, 'file')} differ{'s' if difference.reformatted == 1 else ''} "
            "in order or notation alone"
            if difference.reformatted
            else ""
        )
        return f"No change in meaning: all rows and fields of `{style.label}/` are as they were{also}."
    lines = [
        f"**Rows and fields:** {_sum(difference.files, 'added')} added, {_sum(difference.files, 'changed')} changed, "
        f"{_sum(difference.files, 'removed')} removed in {counted(len(difference.files), 'file')}",
        f"**Check:** {counted(len(report.problems), 'problem') if report.problems else 'nothing found'}",
    ]
    if evidence is not None:
        lines += _findings(evidence)
    elif report.problems:
        lines.append("**Flags, agreement and consequences:** once the problems are solved")
    else:
        found = counted(report.problems_before, "problem")
        lines.append(f"**Flags, agreement and consequences:** not to be had, as the data before have {found}")
    return joined(["## What this change says", bullets(lines, len(lines))])


def _findings(evidence: Evidence) -> Iterator[str]:
    new, changed, gone = (sum(getattr(one, name) for one in evidence.figures) for name in ("new", "changed", "gone"))
    yield f"**Figures:** {new:,} new, {changed:,} changed, {gone:,} gone"
    yield f"**Audit:** {counted(len(evidence.flags_new), 'new flag')}, {len(evidence.flags_gone):,} gone"
    setups = evidence.consequences
    fronts = sum(one.front_differs for one in setups)
    tops = sum(one.top_differs for one in setups)
    growth = sum(one.growth_differs for one in setups)
    yield f"**Setups with another** front: {fronts}, top {TOP}: {tops}, growth fit: {growth}"
    changed = [one for one in evidence.ratings if one.changes]
    without = sum(len(less.models) for one in evidence.ratings for less in one.without)
    stars = (
        f"{counted(sum(len(one.changes) for one in changed), 'model')} with others, in {counted(len(changed), 'task')}"
    )
    none = f"{counted(without, 'new or changed figure')} without"
    if changed or without:
        yield f"**Star ratings:** {'; '.join([stars] * bool(changed) + [none] * bool(without))}"


def _problems(report: Report, style: Style) -> str:
    if not report.problems:
        return ""
    return joined(["### Problems", bullets([_problem(problem, style) for problem in report.problems], style.most)])


def _problem(problem: Problem, style: Style) -> str:
    place = ":".join([problem.path, *(str(number) for number in (problem.line, problem.column) if number)])
    message = block(f"found {problem.found}\nexpected: {problem.expected}\nfix: {problem.fix}", indent="  ")
    return f"{line_link(code(place), style.url, problem.path, problem.line)}\n{message}"


def _files(report: Report, style: Style) -> str:
    files = report.difference.files
    if not files:
        return ""
    rows = [
        (
            _file(file, style),
            "cannot be compared" if file.state == "unreadable" else file.state,
            *(f"{len(changes):,}" for changes in (file.added, file.changed, file.removed)),
        )
        for file in files
    ]
    # A new table is its own list, and so is a file that is gone; the fields of a new document are its provenance.
    listed = [
        file for file in files if file.state == "changed" or (file.state == "new" and file.path.endswith(".toml"))
    ]
    changes = {
        "Changed": [_changed(file, change, style) for file in listed for change in file.changed],
        "Removed": [
            f"{_key(change)} of {code(f'{style.label}/{file.path}')}" for file in listed for change in file.removed
        ],
        "Added": [_added(file, change, style) for file in listed for change in file.added],
    }
    whole = any(file.added or file.removed for file in files if file not in listed)
    note = (
        "Rows of new tables, and of files that are gone, are in the counts alone."
        if whole and any(changes.values())
        else ""
    )
    lists = [folded(f"{what}: {len(items):,}", bullets(items, style.most)) for what, items in changes.items() if items]
    return joined(["### Files", table(("file", "", "added", "changed", "removed"), rows, style.most), note, *lists])


def _file(file: FileDifference, style: Style) -> str:
    path = f"{style.label}/{file.path}"
    return line_link(code(path), "" if file.state == "gone" else style.url, path, 0)


def _added(file: FileDifference, change: Change, style: Style) -> str:
    value = "".join(f": {_cell(new)}" for _, new in change.cells.values())
    return f"{_key(change)}{value} in {_place(file, change, style)}"


def _changed(file: FileDifference, change: Change, style: Style) -> str:
    cells = "; ".join(
        f"{code(column) + ' ' if column != VALUE else ''}{_cell(old)} → {_cell(new)}"
        f"{_growth_of(old, new) if column != VALUE else ''}"
        for column, (old, new) in change.cells.items()
    )
    return f"{_key(change)}: {cells} in {_place(file, change, style)}"


def _place(file: FileDifference, change: Change, style: Style) -> str:
    path = f"{style.label}/{file.path}"
    return line_link(code(f"{path}:{change.line}" if change.line else path), style.url, path, change.line)


def _key(change: Change) -> str:
    return " ".join(code(part) for part in change.key if part)


def _cell(text: str) -> str:
    return code(text) if text else "nothing"


def _growth_of(old: str, new: str) -> str:
    """Return by how much a number grew, in brackets; empty where one is no number or none but 0."""
    try:
        share = float(new) / float(old) - 1
    except (ValueError, ZeroDivisionError):
        return ""
    return f" ({share:+.1%})" if abs(share) < 1e6 else ""


def _sum(files: Sequence[FileDifference], name: str) -> str:
    return f"{sum(len(getattr(file, name)) for file in files):,}"


# In the order of the report: what a reviewer must know first.
SECTIONS: tuple[Callable[[Report, Style], str], ...] = (
    _summary,
    _problems,
    consequences,
    ratings,
    flags,
    agreement,
    _files,
)
