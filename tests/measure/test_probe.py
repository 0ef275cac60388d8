"""The probe on a simulated sensor of known character, and the doctor's judgement."""

from __future__ import annotations

import pytest

from measure.doctor import Finding, card_findings, render, sensor_findings
from measure.nvml import Card
from measure.probe import probe
from measure.replay import LoadedCard, ReplayMeter, SimulatedClock

from .test_request import H200


class SimulatedLoad:
    """A load of 600 W at full level."""

    def __init__(self, card: LoadedCard, clock: SimulatedClock) -> None:
        self._card = card
        self._clock = clock

    def burn(self, seconds: float, level: float) -> None:
        now_s = self._clock.now_s()
        self._card.load(now_s, now_s + seconds, 100.0 + 500.0 * level)
        self._clock.sleep_s(seconds)


def test_the_probe_finds_the_character_of_a_known_sensor() -> None:
    clock = SimulatedClock()
    card = LoadedCard(100.0)
    report = probe(ReplayMeter(card, clock, 0.1), clock, SimulatedLoad(card, clock), 20.0)
    assert report.counter_update_ms == pytest.approx(100.0, abs=0.5)
    assert report.counter_update_max_ms == pytest.approx(100.0, abs=1.5)
    assert report.idle_w == pytest.approx(100.0, rel=1e-3)
    assert report.instant_rise_ms == pytest.approx(0.5, abs=1.0)
    assert report.counter_lag_ms == pytest.approx(0.0, abs=2.0)
    steady = {entry.load: entry for entry in report.comparisons}
    assert steady["steady at 100%"].mean_power_w == pytest.approx(600.0, rel=1e-3)
    assert steady["steady at 30%"].counter_power_ratio == pytest.approx(1.0, abs=0.005)
    assert list(steady) == [
        "steady at 100%",
        "steady at 60%",
        "steady at 30%",
        "on and off every 40 ms",
        "on and off every 130 ms",
        "on and off every 500 ms",
    ]


def test_a_sound_card_can_measure() -> None:
    findings = card_findings(H200, own_pid=1)
    assert render(findings) == (
        "ok    GPU 0: NVIDIA H200, driver 580, CUDA 13.0, named h200-sxm-141gb here\n"
        "ok    GPU 0: power limit 700 W, the default\n"
        "ok    GPU 0: SM clock now 345 MHz, at most 1980 MHz; left as it is\n"
        "ok    GPU 0: 143000 of 143771 MiB free\n"
        "This machine can measure."
    )


def test_the_doctor_names_what_keeps_a_card_from_measuring() -> None:
    card = Card(1, "NVIDIA X", "u", "x", 16000.0, 4000.0, 250.0, 300.0, 900, 1500, True, (1, 4711), "580", "13.0")
    assert [finding for finding in card_findings(card, own_pid=1) if finding.level != "ok"] == [
        Finding(
            "fail",
            "GPU 1",
            "is split into MIG instances",
            "its counter counts them all: measure on a whole card",
        ),
        Finding(
            "fail",
            "GPU 1",
            "other processes compute on it: 4711",
            "its energy would be counted too: end it (nvidia-smi shows it) or choose another card with --gpus",
        ),
        Finding(
            "warn",
            "GPU 1",
            "power limit 250 W, default 300 W",
            "the provenance stores it, and figures are of this limit; nvidia-smi -pl sets it back",
        ),
        Finding("warn", "GPU 1", "4000 MiB free", "large models will run out of memory"),
    ]


def test_a_counter_that_stands_still_is_found() -> None:
    clock = SimulatedClock()
    findings = sensor_findings(0, ReplayMeter(LoadedCard(0.0), clock), clock)
    assert findings[0] == Finding(
        "fail",
        "GPU 0",
        "energy counter advanced by 0 J in 2 s",
        "without it nothing can be measured: Volta or newer, and not a virtual GPU",
    )


def test_a_counter_that_advances_is_found() -> None:
    clock = SimulatedClock()
    findings = sensor_findings(0, ReplayMeter(LoadedCard(80.0), clock), clock)
    assert [finding.found for finding in findings] == [
        "energy counter advances: 80 W on average just now",
        "instant power 80 W",
    ]
