"""The job that comments on a pull request: the right text in the right place, and nothing contributed is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.workflows.conftest import Service
from tests.workflows.jobs import Outcome, holds, job_outputs, run_job
from tests.workflows.scratch import clone, commit, git

PULLS = "repos/atlas/joule-atlas/pulls?state=open&base=main&per_page=100"
COMMENTS = "repos/atlas/joule-atlas/issues/7/comments"
OLD = f"{COMMENTS}?per_page=100"
RUN = "https://github.com/atlas/joule-atlas/actions/runs/9"
ACCURACY = Path("data/image_classification/accuracy.csv")
# Every file that a build, a test or git itself would run or obey.
TRAPS = {
    "Makefile": ".venv/.installed:\n\ttouch {trap}\n",
    "builder/__init__.py": "import pathlib; pathlib.Path('{trap}').touch()\n",
    "builder/review/command.py": "import pathlib; pathlib.Path('{trap}').touch()\n",
    "sitecustomize.py": "import pathlib; pathlib.Path('{trap}').touch()\n",
    "tests/conftest.py": "import pathlib; pathlib.Path('{trap}').touch()\n",
    ".gitattributes": "* filter=trap diff=trap merge=trap export-ignore\n",
    ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::touch {trap}\n',
    "data/image_classification/conftest.py": "import pathlib; pathlib.Path('{trap}').touch()\n",
}


def contribute(origin: Path, folder: Path, files: dict[str, str]) -> str:
    """Add a commit of a pull request to the repository, which its `main` does not have; return the commit."""
    work = clone(origin, folder)
    for name, text in files.items():
        (work / name).write_text(text)
    made = commit(work)
    git("push", "--quiet", "origin", f"+{made}:refs/pull/7/head", cwd=work)
    return made


def run_workflow(work: Path, service: Service, head: str) -> Outcome:
    """Run both jobs, the second where its condition holds; return what the last one that ran did."""
    contexts = {"github.event.workflow_run.head_sha": head, "github.event.workflow_run.html_url": RUN}
    first = run_job(("comment", "report"), work, contexts, service.variables)
    assert first.failed is None
    handed = job_outputs("comment", "report", first)
    if not holds("needs.report.outputs.number", handed):
        return first
    return run_job(("comment", "comment"), work, {**contexts, **handed}, service.variables)


def pull(number: int, head: str) -> dict[str, Any]:
    return {"number": number, "head": {"sha": head}}


def comment(identity: int, login: str, body: str) -> dict[str, Any]:
    return {"id": identity, "user": {"login": login}, "body": body}


@pytest.fixture
def accuracy(origin: Path) -> str:
    return (origin / ACCURACY).read_text()


def test_a_change_of_the_data_gets_a_comment_and_none_of_its_code_runs(
    origin: Path, work: Path, service: Service, tmp_path: Path, accuracy: str
) -> None:
    trap = tmp_path / "sprung"
    changed = accuracy.replace("lanternformer_l.base,224,plain,90", "lanternformer_l.base,224,plain,88")
    assert changed != accuracy
    traps = {name: text.format(trap=trap) for name, text in TRAPS.items()}
    head = contribute(origin, tmp_path / "fork", {**traps, str(ACCURACY): changed})
    service.answer({PULLS: [pull(3, "0" * 40), pull(7, head)], OLD: []})
    assert run_workflow(work, service, head).failed is None
    assert not trap.exists()
    assert git("status", "--porcelain", "--untracked-files=no", cwd=work) == ""
    ((method, path, fields),) = service.calls
    assert (method, path) == ("POST", COMMENTS)
    first, *lines = fields["body"].splitlines()
    assert first == "<!-- joule-atlas report -->"
    assert lines[0] == "## What this change says"
    assert "- **Check:** 1 problem" in lines
    assert lines[-1] == f"[The checks of {head}]({RUN}), with the site as this change makes it under *Artifacts*."
    place = f"https://github.com/atlas/joule-atlas/blob/{head}/data/image_classification/conftest.py"
    assert f"- [`data/image_classification/conftest.py`]({place})" in lines


def test_the_next_push_rewrites_the_comment_and_nobody_else_s(
    origin: Path, work: Path, service: Service, tmp_path: Path, accuracy: str
) -> None:
    head = contribute(origin, tmp_path / "fork", {str(ACCURACY): accuracy.replace("plain,90", "plain,89", 1)})
    mark = "<!-- joule-atlas report -->\n"
    others = [comment(1, "stranger", mark), comment(2, "github-actions[bot]", "Hello"), comment(5, "bot", mark)]
    service.answer({PULLS: [pull(7, head)], OLD: [*others, comment(4, "github-actions[bot]", f"{mark}old")]})
    assert run_workflow(work, service, head).failed is None
    ((method, path, fields),) = service.calls
    assert (method, path) == ("PATCH", "repos/atlas/joule-atlas/issues/comments/4")
    assert "- **Rows and fields:** 0 added, 1 changed, 0 removed in 1 file" in fields["body"]


def test_a_change_of_code_alone_gets_no_comment(origin: Path, work: Path, service: Service, tmp_path: Path) -> None:
    head = contribute(origin, tmp_path / "fork", {"builder/units.py": '"""Nothing."""\n'})
    service.answer({PULLS: [pull(7, head)], OLD: []})
    assert run_workflow(work, service, head).failed is None
    assert service.calls == []


def test_a_change_of_the_data_that_is_taken_back_is_taken_back_in_the_comment(
    origin: Path, work: Path, service: Service, tmp_path: Path
) -> None:
    head = contribute(origin, tmp_path / "fork", {"builder/units.py": '"""Nothing."""\n'})
    old = comment(4, "github-actions[bot]", "<!-- joule-atlas report -->\nold")
    service.answer({PULLS: [pull(7, head)], OLD: [old]})
    assert run_workflow(work, service, head).failed is None
    ((_, path, fields),) = service.calls
    assert path == "repos/atlas/joule-atlas/issues/comments/4"
    assert fields["body"].splitlines()[1].startswith("No change in meaning")


def test_a_commit_that_is_no_longer_the_pull_request_s_is_let_be(work: Path, service: Service) -> None:
    service.answer({PULLS: [pull(7, "1" * 40)]})
    assert len(run_workflow(work, service, "0" * 40).ran) == 1
    assert service.calls == []
