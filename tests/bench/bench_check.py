"""How long checking a folder with 100,000 measured trials takes, and building its database."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from builder.tables.check import check
from builder.tables.database import build_database
from builder.tables.reader import header_line, row_line
from builder.tables.schema import ACCURACY, MEASUREMENTS, MODELS
from tests.bench.rows import Row, timed

MINI = Path(__file__).parents[1] / "mini" / "data"
TRIALS = 100_000
CHECK_LIMIT_S = 2.0
# As a survey leaves them: every model at eight batch sizes, three trials each.
_MODELS, _BATCH_SIZES, _TRIALS_EACH = 4_000, (1, 2, 4, 8, 16, 32, 64, 128), 3


def bench_check() -> list[Row]:
    """Return how long checking and loading take."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        write_large_folder(data)
        problems = check(data)
        assert problems == (), f"the benchmark's own data are wrong: {problems[:3]}"
        return [
            timed("check 100,000 rows", lambda: check(data), CHECK_LIMIT_S),
            timed("build their database", lambda: build_database(data).close(), times=1),
        ]


def write_large_folder(data: Path) -> None:
    """Copy the invented data and give one of its setups 100,000 trials of 4,000 models."""
    shutil.copytree(MINI, data)
    task = data / "image_classification"
    names = [f"pebblenet_m.t{number}" for number in range(_MODELS)]
    models = [{"model": name, "input_size_px": "224", "parameters_m": "25"} for name in names]
    accuracy = [
        {"model": name, "input_size_px": "224", "test_set": test_set, "accuracy_pct": f"{50 + number / 100:.7g}"}
        for number, name in enumerate(names)
        for test_set in ("plain", "hard", "drawn")
    ]
    trials = []
    for number, name in enumerate(names):
        for batch_size in _BATCH_SIZES:
            trials += [_trial(name, number, batch_size, trial + 1) for trial in range(_TRIALS_EACH)]
        trials.append(_trial(name, number, 128, 1) | {"stage": "final"})
    assert len(trials) == TRIALS
    for table, path, rows in (
        (MODELS, task / "models.csv", models),
        (ACCURACY, task / "accuracy.csv", accuracy),
        (MEASUREMENTS, task / "measurements" / "beta-20gb_pytorch_fp32.csv", trials),
    ):
        kept = header_line(table) if table is MEASUREMENTS else path.read_text()
        path.write_text(kept + "".join(row_line(table, row) for row in rows))


def _trial(name: str, number: int, batch_size: int, trial: int) -> dict[str, str]:
    energy, power, repetitions = 2 + number / 1000 + 1 / batch_size + trial / 100, 200.0, 1000
    window = energy * repetitions * batch_size / (power * 1000)
    return {
        "model": name,
        "input_size_px": "224",
        "batch_size": str(batch_size),
        "stage": "sweep",
        "trial": str(trial),
        "energy_mj_per_item": f"{energy:.7g}",
        "throughput_items_per_s": f"{repetitions * batch_size / window:.7g}",
        "latency_ms": f"{window * 1000 / repetitions:.7g}",
        "mean_power_w": f"{power:.7g}",
        "window_s": f"{window:.7g}",
        "repetitions": str(repetitions),
        "counter_power_ratio": f"{1 + number / 1e6:.7g}",
        "temperature_start_c": str(50 + number % 20),
        "temperature_end_c": str(52 + number % 20),
        "sm_clock_start_mhz": str(1500 + number % 100),
        "sm_clock_end_mhz": str(1490 + number % 100),
        "memory_mib": str(500 + batch_size * 10),
        "status": "ok",
    }
