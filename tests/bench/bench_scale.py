"""How time and memory of each stage grow with ten and, in full, a hundred times the rows; one process a stage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rows import Row, row
from tests.bench.synthetic import MODELS_ONCE, SETUPS, write_synthetic

FACTORS = (1, 10, 100) if os.environ.get("BENCH") == "full" else (1, 10)
# The largest factor's, of each process.
LIMIT_GB = 2.0
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
build_site(data, data.parent / "_site")
""",
}
# Writing a site of 143,500 pages takes minutes and says nothing that ten times does not.
LARGEST_SITE = 10
_CHILD = """
import json, resource, sys, time
from pathlib import Path
timer, data = time.process_time, Path(sys.argv[1])
start = timer()
{stage}
used = timer() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({{"cpu_s": used, "peak_bytes": peak}}))
"""


@dataclass(frozen=True)
class Cost:
    """What one stage took.

    Attributes:
        cpu_s: Of the process, imports of the stage included; for the analysis without the database.
        peak_bytes: Largest memory of the process.
    """

    cpu_s: float
    peak_bytes: int


def bench_scale(factors: tuple[int, ...] = FACTORS) -> list[Row]:
    """Return what each stage takes for each factor; the limit of all but the first is a cost linear in rows."""
    once: dict[str, Cost] = {}
    rows = []
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            write_synthetic(data, factor)
            costs = {
                stage: _cost(code, data) for stage, code in STAGES.items() if stage != "site" or factor <= LARGEST_SITE
            }
        once = once or costs
        rows += [
            row(
                f"{MODELS_ONCE * factor:,} models × {len(SETUPS)} setups: {stage}, processor time",
                cost.cpu_s,
                "s",
                once[stage].cpu_s * factor / factors[0] if factor > factors[0] else None,
                " linear",
            )
            for stage, cost in costs.items()
        ]
        peak = max(cost.peak_bytes for cost in costs.values())
        rows.append(row("  the most memory among them", peak / 1e9, "GB", LIMIT_GB))
    return rows


def _cost(code: str, data: Path) -> Cost:
    command = [sys.executable, "-c", _CHILD.format(stage=code), str(data)]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    # DuckDB may have drawn its progress above.
    return Cost(**json.loads(result.stdout.splitlines()[-1]))


if __name__ == "__main__":
    from tests.bench.rows import show

    show(bench_scale(tuple(map(int, sys.argv[1:])) or FACTORS))
