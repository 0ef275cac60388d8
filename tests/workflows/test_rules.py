"""What every workflow keeps to: it is valid, holds no more rights than it needs, and runs no code that may change."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.jobs import WORKFLOWS, load
from tests.workflows.scratch import ROOT

FILES = sorted(WORKFLOWS.glob("*.yml"))
NAMES = [path.stem for path in FILES]
BIN = Path(sys.executable).parent
CITATION = ROOT / "CITATION.cff"
READ = {"contents": "read"}
# Every right that any job has; the one that may write runs nothing but GitHub's own command line.
PERMISSIONS: dict[str, dict[str, dict[str, str]]] = {
    "check": {"check": READ, "preview": READ},
    "comment": {"report": {**READ, "pull-requests": "read"}, "comment": {"pull-requests": "write"}},
    "deploy": {"build": {**READ, "pages": "read"}, "deploy": {"pages": "write", "id-token": "write"}},
    "rebuild": {"rebuild": {**READ, "actions": "read", "pages": "read"}},
}


def steps(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for job, content in load(name)["jobs"].items():
        for step in content["steps"]:
            yield job, step


def test_every_workflow_keeps_to_github_s_schema() -> None:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *map(str, FILES)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.stdout == "ok -- validation done\n"


def test_the_citation_file_keeps_to_its_schema() -> None:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.citation-file-format", str(CITATION)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.stdout == "ok -- validation done\n"


def test_zizmor_finds_nothing() -> None:
    command = [
        str(BIN / "zizmor"),
        "--offline",
        "--color",
        "never",
        "--no-config",
        "--persona",
        "pedantic",
        "--quiet",
        *map(str, FILES),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (0, "No findings to report. Good job! (1 ignored)\n")


def test_a_job_has_the_rights_that_it_needs() -> None:
    found = {name: {job: content.get("permissions") for job, content in load(name)["jobs"].items()} for name in NAMES}
    assert found == PERMISSIONS
    assert [load(name)["permissions"] for name in NAMES] == [{}] * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_github_s_own_and_pinned_by_their_hash(name: str) -> None:
    text = (WORKFLOWS / f"{name}.yml").read_text()
    used = [step["uses"] for _, step in steps(name) if "uses" in step]
    pins = re.findall(r"uses: (actions/[a-z-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+\n", text)
    assert pins == used


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_used_and_expressions_reach_scripts_as_variables(name: str) -> None:
    text = (WORKFLOWS / f"{name}.yml").read_text()
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert [step["run"] for _, step in steps(name) if "${{" in step.get("run", "")] == []
    assert load(name)["defaults"] == {"run": {"shell": "bash"}}


@pytest.mark.parametrize("name", NAMES)
def test_a_clone_keeps_no_credentials(name: str) -> None:
    checkouts = [step for _, step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)


def test_contributed_code_never_sees_a_token() -> None:
    assert load("check")["on"] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert [step for _, step in steps("check") if "env" in step] == []


def test_what_comments_takes_git_objects_alone() -> None:
    assert list(load("comment")["on"]) == ["workflow_run"]
    used = [(step["uses"].partition("@")[0], step["with"]) for _, step in steps("comment") if "uses" in step]
    # No `ref`: main, where this workflow stands.
    assert used == [("actions/checkout", {"fetch-depth": 0, "persist-credentials": False})]
    scripts = [step["run"] for _, step in steps("comment") if "run" in step]
    assert sorted(set(re.findall(r"\bgit ([a-z-]+)", "\n".join(scripts)))) == ["diff-tree", "fetch", "merge-base"]
    # The token stays out of the steps that install and run anything.
    with_token = [step["run"] for _, step in steps("comment") if "GH_TOKEN" in step.get("env", {})]
    find, install, report, comment = scripts
    assert with_token == [find, comment]
    assert (install, ".venv/bin/joule-atlas report" in report) == ("make .venv/.installed", True)
