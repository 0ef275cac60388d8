"""Two copies of the invented data folder, side by side in an empty working directory."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def data(mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that changes, as `data` in the working directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini_data, "data")
    return Path("data")


@pytest.fixture
def base(data: Path) -> Path:
    """The folder as it was before the change."""
    shutil.copytree(data, "base")
    return Path("base")
