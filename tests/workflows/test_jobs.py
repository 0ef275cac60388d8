"""The shell steps of the other jobs, run in a clone with the invented data.

Not run here: the actions (checkout, uploads, the deployment itself), which are GitHub's; `make test`, which is what
runs this; and the preview's `make site`, which is the deployment's too.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.workflows.conftest import Service
from tests.workflows.jobs import load, run_job
from tests.workflows.scratch import commit, git

PAGES = "repos/atlas/joule-atlas/pages"
RUNS = "repos/atlas/joule-atlas/actions/workflows/deploy.yml/runs?status=success&branch=main&per_page=1"
ACCURACY = Path("data/image_classification/accuracy.csv")
pytestmark = pytest.mark.xdist_group("workflows")


def test_a_mistake_in_the_data_is_named_on_its_line_and_ends_the_check(work: Path) -> None:
    text = (work / ACCURACY).read_text()
    (work / ACCURACY).write_text(text.replace("lanternformer_l.base,224,plain,90", "lanternformer_l.base,224,plain,x"))
    line = text.splitlines().index("lanternformer_l.base,224,plain,90") + 1
    found = run_job(("check", "check"), work, {}, left_out=("make test",))
    assert found.failed is not None
    script, printed = found.failed
    assert script == ".venv/bin/joule-atlas check --format github"
    assert printed.startswith(f"::error file={ACCURACY},line={line},col=4::found 'x' in accuracy_pct")


def test_valid_data_pass_and_all_tests_follow(work: Path) -> None:
    found = run_job(("check", "check"), work, {}, left_out=("make test",))
    assert (found.failed, len(found.ran)) == (None, 2)
    assert load("check")["jobs"]["check"]["steps"][-1] == {"run": "make test"}


def test_a_pull_request_gets_its_report(work: Path) -> None:
    text = (work / ACCURACY).read_text()
    git("checkout", "--quiet", "-b", "change", cwd=work)
    (work / ACCURACY).write_text(text.replace("plain,90", "plain,89", 1))
    commit(work)
    git("checkout", "--quiet", "main", cwd=work)
    git("merge", "--quiet", "--no-ff", "--message", "As the service merges", "change", cwd=work)
    found = run_job(("check", "preview"), work, {}, left_out=("make site",))
    assert found.failed is None
    assert "- **Rows and fields:** 0 added, 1 changed, 0 removed in 1 file\n" in found.summary


# Two builds of the site.
@pytest.mark.timeout(300)
def test_a_rebuild_of_what_is_deployed_finds_what_somebody_changed(
    work: Path, service: Service, tmp_path: Path
) -> None:
    site = tmp_path / "deployed"
    with serving(site) as address:
        head = git("rev-parse", "HEAD", cwd=work)
        service.answer({PAGES: {"html_url": address}, RUNS: {"workflow_runs": [{"head_sha": head}]}})
        built = run_job(("deploy", "build"), work, {}, service.variables)
        assert built.failed is None
        (work / "_site").rename(site)
        nowhere = re.findall(r'(?:href|src)="(/[^"]*)"', (site / "404.html").read_text())
        assert {link.split("/")[1] for link in nowhere} == {"joule-atlas"}
        assert f"<loc>{address}models/" in (site / "sitemap.xml").read_text()

        (site / "index.html").write_text("Buy joules!")
        (site / "data" / "gpus.csv").unlink()
        other = run_job(("rebuild", "rebuild"), work, {}, service.variables)
        assert other.failed is not None
        assert other.outputs["deployed.outputs.commit"] == head
        # And nothing else: all other files were built the same again.
        assert other.summary.splitlines() == [
            "## The site is not what its commit builds",
            "```",
            "Only in _site/data: gpus.csv",
            "Files _site/index.html and deployed/index.html differ",
            "```",
        ]
