"""How time and memory of each stage grow with ten and a hundred times the rows; one process a stage."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.synthetic import SETUPS, write_synthetic

STAGES = {
    "check": "from builder.tables.check import check; assert check(data) == ()",
    "build_database": "from builder.tables.database import build_database; build_database(data).close()",
    "analysis": """
from builder.analysis import queries
from builder.analysis.audit import audit
from builder.analysis.growth import fit_growth
from builder.analysis.ranking import rank
from builder.analysis.scores import MANHATTAN
from builder.tables.database import build_database
with build_database(data) as connection:
    start = timer()
    for setup in queries.setups(connection, "image_classification")["setup"]:
        models = queries.setup_models(connection, "image_classification", setup, ["set0"])
        rank(models, MANHATTAN)
        fit_growth(models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy())
    audit(connection)
""",
    "site": """
from builder.pages.site import build_site
report = build_site(data, data.parent / "_site")
parts = report.seconds
""",
}
# Writing a site of 143,500 pages takes minutes and says nothing that ten times does not.
_LARGEST_SITE = 10
_CHILD = """
import json, resource, sys, time
from pathlib import Path
timer, data, parts = time.process_time, Path(sys.argv[1]), {{}}
start = timer()
{stage}
used = timer() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"cpu_s": used, "peak_mib": peak, "parts": parts}}))
"""


@dataclass(frozen=True)
class Cost:
    """What one stage took.

    Attributes:
        cpu_s: Of the process, imports of the stage included; for the analysis without the database.
        peak_mib: Largest memory of the process.
        parts: Of a site build: part -> seconds on the clock.
    """

    factor: int
    models: int
    stage: str
    cpu_s: float
    peak_mib: float
    parts: dict[str, float]


def bench_scale(factors: tuple[int, ...] = (1, 10, 100)) -> list[Cost]:
    """Return what each stage takes for each factor."""
    costs = []
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            models = write_synthetic(data, factor)
            for stage, code in STAGES.items():
                if stage == "site" and factor > _LARGEST_SITE:
                    continue
                command = [sys.executable, "-c", _CHILD.format(stage=code), str(data)]
                result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                # DuckDB may have drawn its progress above.
                costs.append(Cost(factor, models, stage, **json.loads(result.stdout.splitlines()[-1])))
                show(costs[-1])
    return costs


def show(cost: Cost) -> None:
    """Print one line, and the parts of a site's build."""
    rows = cost.models * len(SETUPS)
    line = f"{cost.factor:>4}x {cost.models:>8,} models {rows:>8,} figures  {cost.stage:<15}"
    print(f"{line} {cost.cpu_s:7.2f} s CPU {cost.peak_mib:7.0f} MiB", flush=True)  # noqa: T201 - a benchmark's output
    for part, seconds in cost.parts.items():
        print(f"      {part:<32} {seconds:7.2f} s {1000 * seconds / cost.models:8.3f} ms a model")  # noqa: T201


if __name__ == "__main__":
    bench_scale(tuple(map(int, sys.argv[1:])) or (1, 10, 100))
