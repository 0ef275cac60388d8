"""Figures into reasons for doubt: one function a rule, its limits beside it.

Each takes the rows of `queries.audit_rows` and what the rules before it found, and returns a text for each row that
it doubts, indexed as the rows are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from builder.analysis.intervals import SIBLING_KEY
from builder.analysis.pareto import FloatArray
from builder.units import MS_PER_S

# A reason by row, and the reasons of the rules before by rule.
Texts: TypeAlias = "pd.Series[Any]"
Found: TypeAlias = dict[str, Texts]

MAX_BATCH_GAP = 0.05
# A derived batch size is rounded to a whole item.
BATCH_ROUNDING = 0.5
MAX_OVER_LIMIT = 0.10
MIN_POWER_SHARE = 0.85
MAX_ROBUST_DEVIATIONS = 6.0
# Fewer models that two setups share give no scale to count deviations in.
MIN_SHARED_MODELS = 20
# Two GPUs may agree in proportion better than a ratio can be measured: siblings are up to 0.7 % apart (median).
MIN_DEVIATION = 0.01
# Makes the median absolute deviation of a normal distribution its standard deviation.
MAD_TO_SD = 1.4826
MAX_SIBLING_GAP = 0.05

MODEL_KEY = ["model", "input_size_px"]
KIND = ["runtime", "precision"]
# The energy first: it is what is in doubt.
COMPARED = ["energy_mj", "throughput_items_per_s", "power_w"]


def energy_missing(rows: pd.DataFrame, _: Found) -> Texts:
    """Doubt rows without an energy."""
    missing = rows[rows["energy_mj"].isna()]
    return _texts(missing, lambda row: f"No energy: {row['status'].replace('_', ' ')}.")


def batch_mismatch(rows: pd.DataFrame, _: Found) -> Texts:
    """Doubt rows whose latency and throughput imply another batch size than they name."""
    implied = rows["latency_ms"] * rows["throughput_items_per_s"] / MS_PER_S
    batch = rows["batch_size"].astype(np.float64)
    gap = (implied - batch).abs()
    doubted = rows.assign(implied=implied)[(gap > MAX_BATCH_GAP * batch) & (gap > BATCH_ROUNDING)]
    return _texts(
        doubted,
        lambda row: (
            f"Latency × throughput implies a batch size of {row['implied']:.1f}; {row['batch_size']:.0f} is given."
        ),
    )


def power_high(rows: pd.DataFrame, _: Found) -> Texts:
    """Doubt rows that draw more than the card may."""
    doubted = rows[rows["power_w"] > (1 + MAX_OVER_LIMIT) * rows["power_limit_w"]]
    return _texts(
        doubted,
        lambda row: f"Energy × throughput is {row['power_w']:.0f} W, where the limit is {row['power_limit_w']:.0f} W.",
    )


def power_low(rows: pd.DataFrame, _: Found) -> Texts:
    """Doubt published rows that draw less than is usual in the setup, where the model draws the usual elsewhere.

    Trials of our own are not doubted: there energy and throughput come from one window, so that low power is real.
    """
    shares = rows.assign(share=rows["power_w"] / rows.groupby("setup")["power_w"].transform("median"))
    shares["elsewhere"] = _elsewhere(shares, "share")
    low = (shares["stage"] == "published") & (shares["share"] < MIN_POWER_SHARE)
    return _texts(
        shares[low & (shares["elsewhere"] >= MIN_POWER_SHARE)],
        lambda row: (
            f"Energy × throughput is {row['power_w']:.0f} W, {row['share']:.0%} of the setup's median; on another GPU "
            f"under the same runtime it is {row['elsewhere']:.0%}: energy and throughput do not belong together."
        ),
    )


def cross_setup(rows: pd.DataFrame, found: Found) -> Texts:
    """Doubt rows whose energy is out of proportion to another GPU's under the same runtime and precision.

    A ratio has two sides: the one whose power is in doubt is doubted here too. Where that does not decide, siblings
    do: a side that is apart from its own counts more than one without, and one that agrees with them less. Where they
    do not decide either, both are doubted.
    """
    measured = rows[rows["energy_mj"].notna()]
    logs = measured.assign(
        log=np.log(measured["energy_mj"]),
        doubted=_in(measured, found, "power_low", "power_high"),
        against=_against(measured),
    )
    worst: dict[int, tuple[float, str]] = {}
    for _, kind in logs.groupby(KIND):
        for one, other in combinations(sorted(kind["setup"].unique()), 2):
            for index, off, reason in _pair_doubts(kind[kind["setup"] == one], kind[kind["setup"] == other]):
                worst[index] = max(worst.get(index, (0.0, "")), (off, reason))
    return pd.Series({index: reason for index, (_, reason) in sorted(worst.items())}, dtype=object)


def sibling_gap(rows: pd.DataFrame, found: Found) -> Texts:
    """Doubt rows whose energy differs from the median of their siblings.

    Of two siblings that disagree, the one that another rule doubts is doubted here too; where that does not decide,
    both are.
    """
    measured = rows[rows["energy_mj"].notna()]
    n, gap = _siblings(measured)
    decided = _in(measured, found, "power_low", "cross_setup")
    apart = measured.assign(n=n, decided=decided, at=np.arange(len(measured)))
    apart = apart[gap > MAX_SIBLING_GAP]
    pair_decided = apart.groupby(SIBLING_KEY)["decided"].transform("any")
    doubted = apart[(apart["n"] > 2) | apart["decided"] | ~pair_decided]
    members = measured.groupby(SIBLING_KEY).indices
    values = measured[COMPARED].to_numpy(np.float64)

    def reason(row: pd.Series[Any]) -> str:
        own = row["at"]
        others = [place for place in members[tuple(row[SIBLING_KEY])] if place != own]
        return _sibling_reason(values[own], np.median(values[others], axis=0), len(others), bool(row["decided"]))

    return _texts(doubted, reason)


def _siblings(measured: pd.DataFrame) -> tuple[pd.Series[int], pd.Series[float]]:
    """Return how many rows each row's group of siblings has, and how far it is from their median; NaN without one."""
    groups = measured.groupby(SIBLING_KEY)["energy_mj"]
    n = groups.transform("size")
    # The median of two lies between them: of a pair, each is compared with the other.
    usual = groups.transform("median").where(n > 2, groups.transform("sum") - measured["energy_mj"])
    return n, (measured["energy_mj"] / usual.where(n > 1) - 1).abs()


def _against(measured: pd.DataFrame) -> pd.Series[int]:
    """Return what siblings say against each row: 1 it is apart from them, 0 it has none, -1 it agrees with them."""
    _, gap = _siblings(measured)
    return (gap > MAX_SIBLING_GAP).astype(int) - (gap <= MAX_SIBLING_GAP).astype(int)


def _sibling_reason(own: FloatArray, usual: FloatArray, siblings: int, decided: bool) -> str:
    # Rounded, plus 0: no "-0.0%".
    energy, throughput, power = (np.round(own / usual - 1, 3) + 0.0).tolist()
    others = "its sibling has" if siblings == 1 else f"its {siblings} siblings have (median)"
    either = " One of the two is in doubt." if siblings == 1 and not decided else ""
    return (
        f"{_four_digits(own[0])} mJ, where {others} {_four_digits(usual[0])} mJ: "
        f"energy {energy:+.1%} at throughput {throughput:+.1%} and power {power:+.1%}.{either}"
    )


def _four_digits(value: float) -> str:
    # Digits before the point are never rounded away.
    return f"{float(f'{value:.4g}') if value < 1000 else round(value):,}".removesuffix(".0")


def _pair_doubts(one: pd.DataFrame, other: pd.DataFrame) -> Iterator[tuple[int, float, str]]:
    """Yield the rows in doubt, how many deviations they are off, and the reason."""
    both = one.reset_index().merge(other.reset_index(), on=MODEL_KEY, suffixes=("_one", "_other"))
    if len(both) < MIN_SHARED_MODELS:
        return
    ratio = both["log_one"] - both["log_other"]
    both["off"] = ratio - ratio.median()
    both["deviations"] = both["off"] / max(MAD_TO_SD * both["off"].abs().median(), MIN_DEVIATION)
    for _, row in both[both["deviations"].abs() > MAX_ROBUST_DEVIATIONS].iterrows():
        # Power says more than siblings: a pair of them may be apart for either.
        suspicion = {side: (row[f"doubted_{side}"], row[f"against_{side}"]) for side in ("one", "other")}
        decided = suspicion["one"] != suspicion["other"]
        for side, peer, times in (("one", "other", np.exp(row["off"])), ("other", "one", np.exp(-row["off"]))):
            if suspicion[side] < suspicion[peer]:
                continue
            either = "" if decided else " One of the two is in doubt."
            deviations = abs(row["deviations"])
            reason = (
                f"{times:.2f} times the energy that its figure on {row[f'setup_{peer}']} leads one to expect, "
                f"{deviations:.1f} robust deviations off.{either}"
            )
            yield row[f"index_{side}"], deviations, reason


def _elsewhere(rows: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return the largest value that the same model has in another setup of its runtime and precision; NaN without."""
    pairs = rows.reset_index()[["index", "setup", *KIND, *MODEL_KEY, column]]
    pairs = pairs.merge(pairs, on=[*KIND, *MODEL_KEY], suffixes=("", "_other"))
    others = pairs[pairs["setup"] != pairs["setup_other"]]
    return others.groupby("index")[f"{column}_other"].max().reindex(rows.index)


def _in(rows: pd.DataFrame, found: Found, *rules: str) -> pd.Series[bool]:
    """Mark the rows that one of the rules doubts."""
    doubted = np.concatenate([found[rule].index.to_numpy(np.int64) for rule in rules])
    return pd.Series(rows.index.isin(doubted), rows.index)


def _texts(rows: pd.DataFrame, text: Callable[[pd.Series[Any]], str]) -> Texts:
    return pd.Series({index: text(row) for index, row in rows.iterrows()}, dtype=object)
