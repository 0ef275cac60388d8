"""Two builds of one folder give the same bytes, wherever and under whatever settings they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from builder.pages.paths import DATABASE

BUILD = """
import sys
from pathlib import Path
from builder.pages.site import build_site
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
"""
SETTINGS = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "PYTHONUTF8": "0",
}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_build_elsewhere_under_other_settings_gives_the_same_bytes(
    site: Path, mini_data: Path, tmp_path: Path
) -> None:
    away = tmp_path / "another folder, ü"
    away.mkdir()
    root = Path(__file__).parents[2]
    subprocess.run(  # the working directory, the data's and the site's paths differ from the fixture's too
        [sys.executable, "-c", BUILD, os.path.relpath(mini_data, away), "site"],
        cwd=away,
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(root)},
        check=True,
    )
    here, there = files(site), files(away / "site")
    assert list(here) == list(there)
    assert [path for path in here if path != DATABASE and here[path] != there[path]] == []
