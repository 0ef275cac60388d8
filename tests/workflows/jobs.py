"""A workflow file into its jobs, and a job into what its shell steps do in a clone."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from tests.workflows.scratch import ROOT, environment

WORKFLOWS = ROOT / ".github" / "workflows"
# What the service sets for every step: https://docs.github.com/actions/reference/variables-reference
SERVICE = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "atlas/joule-atlas",
    "GITHUB_SERVER_URL": "https://github.com",
}
# As the service runs `shell: bash`.
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c")
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_EQUALS = re.compile(r"(\S+) == '([^']*)'")

Contexts = Mapping[str, str]


@dataclass
class Outcome:
    """What a job's shell steps did.

    Attributes:
        ran: The scripts, in order.
        outputs: By `step.name`.
        summary: The run's summary, in Markdown.
        failed: The script that failed, and what it printed.
    """

    ran: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    failed: tuple[str, str] | None = None


def load(name: str) -> dict[str, Any]:
    """Return a workflow."""
    content: dict[str, Any] = YAML(typ="safe").load(WORKFLOWS / f"{name}.yml")
    return content


def run_job(
    where: tuple[str, str],
    folder: Path,
    contexts: Contexts,
    tools: Mapping[str, str] = MappingProxyType({}),
    left_out: tuple[str, ...] = (),
) -> Outcome:
    """Run a job's shell steps in a clone, as the service would.

    Args:
        where: Name of the workflow's file, and key of the job.
        folder: The clone, which stands for what actions/checkout makes.
        contexts: What expressions mean, by their text; one that is not there fails.
        tools: More environment, and under TOOLS folders of programs that go before the others.
        left_out: Scripts that are not run.
    """
    outcome, (workflow, job) = Outcome(), where
    contexts = {"github.token": "token", **contexts}
    for step in load(workflow)["jobs"][job]["steps"]:
        if "run" not in step or step["run"].strip() in left_out:
            continue
        known = {**contexts, **{f"steps.{name}": text for name, text in outcome.outputs.items()}}
        if not holds(step.get("if", "true"), known):
            continue
        given = {name: _filled(text, known) for name, text in step.get("env", {}).items()}
        _run(step["run"], step.get("id", ""), folder, {**SERVICE, **given, **tools}, outcome)
        if outcome.failed:
            break
    return outcome


def holds(condition: str, contexts: Contexts) -> bool:
    """Tell whether an `if:` holds, of the few forms that the workflows use."""
    if condition == "true":
        return True
    if compared := _EQUALS.fullmatch(condition):
        return contexts[compared[1]] == compared[2]
    return contexts[condition] != ""


def job_outputs(workflow: str, job: str, outcome: Outcome) -> dict[str, str]:
    """Return what a job hands to those that need it, by the name under which they see it."""
    known = {f"steps.{name}": text for name, text in outcome.outputs.items()}
    declared = load(workflow)["jobs"][job]["outputs"]
    # The output of a step that did not run is empty.
    known |= {name: "" for text in declared.values() for name in _EXPRESSION.findall(text) if name not in known}
    return {f"needs.{job}.outputs.{name}": _filled(text, known) for name, text in declared.items()}


def _run(script: str, step: str, folder: Path, variables: dict[str, str], outcome: Outcome) -> None:
    output, summary = folder.parent / "output", folder.parent / "summary"
    output.write_text("")
    summary.write_text("")
    finished = subprocess.run(
        [*BASH, script],
        cwd=folder,
        env=environment(folder, GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary))
        | variables
        | {"PATH": variables.get("TOOLS", "") + environment(folder)["PATH"]},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    outcome.ran.append(script.strip())
    outcome.summary += summary.read_text()
    for line in output.read_text().splitlines():
        name, equals, text = line.partition("=")
        assert equals, f"no output of one line: {line}"
        outcome.outputs[f"{step}.outputs.{name}"] = text
    if finished.returncode:
        outcome.failed = (script.strip(), finished.stdout)


def _filled(text: str, contexts: Contexts) -> str:
    return _EXPRESSION.sub(lambda found: contexts[found[1]], str(text))
