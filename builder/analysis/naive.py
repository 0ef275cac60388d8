"""Multiply-accumulates into the naive energy, FLOPs / peak FLOP/s * power, and how far it is from what was measured."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from builder.units import MJ_PER_J

GIGA_PER_TERA = 1_000.0


@dataclass(frozen=True)
class Convention:
    """What a naive energy takes for granted; it belongs beside the number.

    Attributes:
        peak_tflops: Peak rate of the GPU, in TFLOP/s.
        power_w: Power it is taken to draw.
        flops_per_mac: 2 when a multiply-accumulate counts as two operations, 1 when as one.
    """

    peak_tflops: float
    power_w: float
    flops_per_mac: int = 1


def naive_energy(macs_g: pd.Series[float], convention: Convention) -> pd.Series[float]:
    """Return the naive energy per item in mJ of models with `macs_g` billion multiply-accumulates per item."""
    seconds = macs_g * convention.flops_per_mac / (convention.peak_tflops * GIGA_PER_TERA)
    return seconds * convention.power_w * MJ_PER_J


def measured_over_naive(
    energy_mj: pd.Series[float], macs_g: pd.Series[float], convention: Convention
) -> pd.Series[float]:
    """Return how many times the naive energy was measured, for the models that have both."""
    return (energy_mj / naive_energy(macs_g, convention)).dropna()
