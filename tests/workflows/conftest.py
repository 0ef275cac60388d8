"""A repository of the working tree with the invented data, and a stand-in for GitHub's command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.scratch import clone, write_repository


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository; tests change clones of it."""
    folder = tmp_path_factory.mktemp("origin") / "joule-atlas"
    folder.mkdir()
    write_repository(folder)
    return folder


@pytest.fixture
def work(origin: Path, tmp_path: Path) -> Path:
    """A clone with the packages installed."""
    return clone(origin, tmp_path / "work")


class Service:
    """What GitHub answers, and what it was told to write.

    Attributes:
        variables: What steps need in their environment to ask it.
    """

    def __init__(self, folder: Path) -> None:
        tools = folder / "tools"
        tools.mkdir(parents=True)
        program = tools / "gh"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("gh.py")} "$@"\n')
        program.chmod(0o755)
        self._folder = folder
        self.variables = {"FAKE_GH": str(folder), "TOOLS": f"{tools}:"}

    def answer(self, answers: dict[str, Any]) -> None:
        """Take what is answered to each path."""
        (self._folder / "answers.json").write_text(json.dumps(answers))

    @property
    def calls(self) -> list[Any]:
        """Method, path and fields of all that was written."""
        path = self._folder / "calls.json"
        return list(json.loads(path.read_text())) if path.exists() else []


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "github")
