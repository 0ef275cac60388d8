from __future__ import annotations

import gzip
import re

from builder.charts.runtime import vega_runtime


def test_the_runtime_exports_what_the_scripts_import_and_imports_nothing() -> None:
    script = vega_runtime()
    (exports,) = re.findall(r"export\s*\{([^}]*)\}", script)
    assert {name.split(" as ")[-1].strip() for name in exports.split(",")} == {"View", "parse", "expressionInterpreter"}
    assert re.search(r"\bimport\s*[({*\"']", script) is None
    assert len(gzip.compress(script.encode())) < 165_000
