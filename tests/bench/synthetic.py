"""From a factor to a data folder of the project's own shape with that many times its models, invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from builder.tables.reader import header_line
from builder.tables.schema import ACCURACY, ARCHITECTURES, GPUS, MEASUREMENTS, MODELS

# As many as the study has: models, families of architectures, test sets, setups.
MODELS_ONCE, FAMILIES, TEST_SETS = 1435, 160, 8
SETUPS = tuple(
    f"alpha_{runtime}_{precision}"
    for runtime, precision in (
        ("pytorch", "fp32"),
        ("pytorch", "fp16"),
        ("tensorrt", "fp16"),
        ("torchcompile", "fp32"),
        ("torchcompile", "bf16"),
    )
)
# Siblings of one architecture take the same energy within this share.
_NOISE = 0.01
_TAGS = 2
_CLASSES = ("cnn", "transformer", "hybrid", "mlp")
_LINK = "https://example.org/invented"


def write_synthetic(data: Path, factor: int) -> int:
    """Write a valid folder, the same one for the same factor.

    Returns:
        The number of models.
    """
    random = np.random.default_rng(factor)
    count = MODELS_ONCE * factor
    number = np.arange(count)
    architecture = number // _TAGS
    family = architecture % FAMILIES
    names = [f"family{f}_a{a}.t{n % _TAGS}" for f, a, n in zip(family, architecture, number, strict=True)]
    log_energy = random.uniform(1.5, 10, size=architecture[-1] + 1)[architecture]
    accuracy = 50 + 15 * np.log(log_energy) + random.normal(0, 2, size=count)
    task = data / "image_classification"
    (task / "measurements").mkdir(parents=True)
    _write(data / "gpus.csv", header_line(GPUS), [f"alpha,Invented Alpha,40,250,20,80,,,2020,{_LINK},\n"])
    (task / "task.toml").write_text(_task_toml(), encoding="utf-8")
    patterns = [
        f"family{f}_a[0-9]+,Family {f},{_CLASSES[f % 4]},,{2012 + f % 14},Paper {f},Invented {f},{_LINK}\n"
        for f in range(FAMILIES)
    ]
    _write(task / "architectures.csv", header_line(ARCHITECTURES), patterns)
    megas = np.exp(log_energy) / 20
    rows = [f"{n},224,{m:.7g},{m / 10:.7g},{m / 5:.7g},{_LINK}\n" for n, m in zip(names, megas, strict=True)]
    _write(task / "models.csv", header_line(MODELS), rows)
    rows = [
        f"{n},224,set{s},{max(a - 3 * s, 0):.7g}\n"
        for n, a in zip(names, accuracy.tolist(), strict=True)
        for s in range(TEST_SETS)
    ]
    _write(task / "accuracy.csv", header_line(ACCURACY), rows)
    for position, setup in enumerate(SETUPS):
        energy = np.exp(log_energy) * (1 + random.normal(0, _NOISE, size=count)) / (1 + position)
        rows = [
            f"{n},224,64,published,1,{e:.7g},{250e3 / e:.7g},{64 * e / 250:.7g},,,,,,,,,,,ok\n"
            for n, e in zip(names, energy.tolist(), strict=True)
        ]
        _write(task / "measurements" / f"{setup}.csv", header_line(MEASUREMENTS), rows)
        (task / "measurements" / f"{setup}.toml").write_text(_setup_toml(setup), encoding="utf-8")
    return count


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text(header + "".join(rows), encoding="utf-8")


def _task_toml() -> str:
    head = """title = "Invented task"
item = "image"
items = "images"
quality = "top-1 accuracy"
quality_unit = "%"
description = "Name what an invented picture shows."
"""
    test_sets = [
        f'\n[[test_sets]]\nkey = "set{s}"\ntitle = "Set {s}"\ndescription = "Invented."\n'
        f'default = {str(s == 0).lower()}\nurl = "{_LINK}"\n'
        for s in range(TEST_SETS)
    ]
    return head + "".join(test_sets)


def _setup_toml(setup: str) -> str:
    gpu, runtime, precision = setup.split("_")
    return f"""title = "Invented {setup}"
gpu = "{gpu}"
runtime = "{runtime}"
precision = "{precision}"
weights = "pretrained"
protocol = "invented"
licence = "MIT"

[source]
title = "Invented figures"
authors = "Joule Atlas"
url = "{_LINK}"
"""
