"""From a machine to findings: can it measure, and what to do where it cannot."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.problems import UserError
from measure.clock import Clock
from measure.nvml import Card, NvmlMeter, cards
from measure.power import Meter

Level = Literal["ok", "warn", "fail"]
# A counter of 100 ms advances twenty times in this time, an idle card's too.
_COUNTER_LOOK_S = 2.0
# Below this a few models of the survey run out of memory at every batch size.
_LITTLE_MEMORY_MIB = 8 * 1024.0
_PACKAGES = (("torch", "pip install torch"), ("timm", "pip install timm"))


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ok, warn (figures may suffer) or fail (it cannot measure).
        subject: What was looked at.
        found: What it is.
        advice: What to do; "" where nothing is to be done.
    """

    level: Level
    subject: str
    found: str
    advice: str = ""


def examine(clock: Clock) -> list[Finding]:
    """Examine this machine: software, driver and every card."""
    findings = [_package(name, install) for name, install in _PACKAGES]
    try:
        found = cards()
    except UserError as error:
        return [*findings, Finding("fail", "driver", str(error).splitlines()[0], "check that nvidia-smi runs")]
    for card in found:
        findings += card_findings(card, os.getpid())
        findings += sensor_findings(card.index, NvmlMeter(card.index), clock)
    return findings


def card_findings(card: Card, own_pid: int) -> list[Finding]:
    """Judge a card by what NVML says of it."""
    subject = f"GPU {card.index}"
    others = [pid for pid in card.processes if pid != own_pid]
    findings = [Finding("ok", subject, f"{card.name}, driver {card.driver}, CUDA {card.cuda}, named {card.slug} here")]
    if card.mig:
        findings.append(
            Finding(
                "fail", subject, "is split into MIG instances", "its counter counts them all: measure on a whole card"
            )
        )
    if others:
        pids = ", ".join(map(str, others))
        advice = "its energy would be counted too: end it (nvidia-smi shows it) or choose another card with --gpus"
        findings.append(Finding("fail", subject, f"other processes compute on it: {pids}", advice))
    if card.power_limit_w != card.default_power_limit_w:
        findings.append(
            Finding(
                "warn",
                subject,
                f"power limit {card.power_limit_w:g} W, default {card.default_power_limit_w:g} W",
                "the provenance stores it, and figures are of this limit; nvidia-smi -pl sets it back",
            )
        )
    else:
        findings.append(Finding("ok", subject, f"power limit {card.power_limit_w:g} W, the default"))
    findings.append(
        Finding(
            "ok", subject, f"SM clock now {card.sm_clock_mhz} MHz, at most {card.max_sm_clock_mhz} MHz; left as it is"
        )
    )
    if card.memory_free_mib < _LITTLE_MEMORY_MIB:
        findings.append(
            Finding("warn", subject, f"{card.memory_free_mib:.0f} MiB free", "large models will run out of memory")
        )
    else:
        findings.append(Finding("ok", subject, f"{card.memory_free_mib:.0f} of {card.memory_total_mib:.0f} MiB free"))
    return findings


def sensor_findings(index: int, meter: Meter, clock: Clock) -> list[Finding]:
    """Judge a card's energy counter and power fields by reading them for two seconds."""
    subject = f"GPU {index}"
    before_mj = meter.energy_mj()
    clock.sleep_s(_COUNTER_LOOK_S)
    advanced_j = (meter.energy_mj() - before_mj) / 1000.0
    findings = []
    if advanced_j > 0:
        findings.append(
            Finding("ok", subject, f"energy counter advances: {advanced_j / _COUNTER_LOOK_S:.0f} W on average just now")
        )
    else:
        advice = "without it nothing can be measured: Volta or newer, and not a virtual GPU"
        findings.append(
            Finding("fail", subject, f"energy counter advanced by {advanced_j:g} J in {_COUNTER_LOOK_S:g} s", advice)
        )
    instant_w, average_w = meter.power()
    if instant_w is None:
        found = "no instant power field" + ("" if average_w is not None else ", no average one either")
        findings.append(
            Finding("warn", subject, found, "the counter's cross-check uses average power, which lags by about 1 s")
        )
    else:
        findings.append(Finding("ok", subject, f"instant power {instant_w:.0f} W"))
    return findings


def render(findings: Sequence[Finding]) -> str:
    """Return the findings as lines, and the verdict."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:<4}  {finding.subject}: {finding.found}")
        if finding.advice:
            lines.append(f"      {finding.advice}")
    worst = {finding.level for finding in findings}
    if "fail" in worst:
        verdict = "This machine cannot measure yet: mend what says fail."
    elif "warn" in worst:
        verdict = "This machine can measure; mind what says warn."
    else:
        verdict = "This machine can measure."
    return "\n".join([*lines, verdict])


def _package(name: str, install: str) -> Finding:
    try:
        return Finding("ok", name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding("fail", name, "is not installed", install)
