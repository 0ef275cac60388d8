"""An audit's flags into how good its rules are, measured by what siblings prove."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from builder.analysis.audit import Flag
from builder.analysis.intervals import SIBLING_KEY

# Siblings agree within 0.7 % (median); beyond this it is a defect, not a difference.
PROVEN_GAP = 0.10
# The rules that doubt figures for something else than their siblings, and found any.
RATED = ("power_low", "cross_setup")
FIGURE_KEY = ["setup", "model", "input_size_px"]


@dataclass(frozen=True)
class Rating:
    """What siblings say about the rows that some rules doubt.

    Attributes:
        rules: Keys of the rules, rated as one.
        flagged: Rows that they doubt.
        provable: Of these, rows with a sibling that has an energy.
        proven: Of these, rows more than 10 % off: from the median of their group, or from the other of two.
        bad_groups: Sibling groups with such a gap.
        found_groups: Of these, groups in which the rules doubt a row.
    """

    rules: tuple[str, ...]
    flagged: int
    provable: int
    proven: int
    bad_groups: int
    found_groups: int

    @property
    def text(self) -> str:
        """How often siblings prove the rules right, and how many of the bad groups they find, in a sentence."""
        return (
            f"{' or '.join(self.rules)}: siblings prove {self.proven} of {self.provable} rows that have any, "
            f"and {self.found_groups} of {self.bad_groups} sibling groups more than {PROVEN_GAP:.0%} apart are found."
        )

    @property
    def precision(self) -> float | None:
        """Share of the provable rows that siblings prove bad; None without one."""
        return self.proven / self.provable if self.provable else None

    @property
    def recall(self) -> float | None:
        """Share of the bad groups in which a row is doubted; None without one."""
        return self.found_groups / self.bad_groups if self.bad_groups else None


@dataclass(frozen=True)
class Ratings:
    """What siblings say about the rules that look at something else.

    Attributes:
        by_rule: Each rule alone, then all of them as one.
        by_setup: Setup -> all of them as one, where a group of siblings is bad or a row is doubted.
    """

    by_rule: tuple[Rating, ...]
    by_setup: dict[str, Rating]


def rate_all(figures: pd.DataFrame, flags: Iterable[Flag]) -> Ratings:
    """Rate every rule that looks at something else than siblings.

    Args:
        figures: Of one task, as `queries.figures` returns it.
        flags: As `audit` returns them.
    """
    found = tuple(flags)
    by_setup = {str(setup): rate(part, found, *RATED) for setup, part in figures.groupby("setup")}
    return Ratings(
        by_rule=tuple(rate(figures, found, *rules) for rules in (*((rule,) for rule in RATED), RATED)),
        by_setup={setup: one for setup, one in by_setup.items() if one.bad_groups or one.flagged},
    )


def rate(figures: pd.DataFrame, flags: Iterable[Flag], *rules: str) -> Rating:
    """Rate rules that look at something else than siblings.

    Args:
        figures: Of one task, as `queries.figures` returns it; of one setup or of several.
        flags: As `audit` returns them.
        rules: Keys; a row counts once however many of them doubt it.
    """
    doubted = {(flag.setup, flag.model, flag.input_size_px) for flag in flags if flag.rule in rules}
    measured = figures[figures["energy_mj"].notna()]
    measured = measured.assign(flagged=measured.set_index(FIGURE_KEY).index.isin(list(doubted)))
    groups = measured.groupby(SIBLING_KEY)["energy_mj"]
    n, lowest, highest = (groups.transform(name) for name in ("size", "min", "max"))
    apart = highest / lowest - 1
    off = (measured["energy_mj"] / groups.transform("median") - 1).abs().where(n > 2, apart) > PROVEN_GAP
    bad = measured.assign(bad=apart > PROVEN_GAP).groupby(SIBLING_KEY)[["bad", "flagged"]].any()
    return Rating(
        rules=rules,
        flagged=int(measured["flagged"].sum()),
        provable=int((measured["flagged"] & (n > 1)).sum()),
        proven=int((measured["flagged"] & (n > 1) & off).sum()),
        bad_groups=int(bad["bad"].sum()),
        found_groups=int((bad["bad"] & bad["flagged"]).sum()),
    )
