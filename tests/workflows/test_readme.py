"""What README says is so: its commands run in a fresh clone, its paths lead somewhere, its picture and numbers are new.

Not run here: `make test`, which is what runs this, and installs the packages in a clone where it is run first; `make
bench`, which takes minutes; `make lock`, which asks for the newest packages; measuring, which needs a GPU; the site at
another address, which test_jobs.py builds; the claims and figures, which need the study's own data and have tests.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

from builder.cli import main
from tests.browser.conftest import SITE
from tests.workflows.scratch import ROOT, clone, environment
from tests.workflows.screenshot import HEIGHT, WIDTH, take

# One worker builds the clone's site.
pytestmark = pytest.mark.xdist_group("readme")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / ".github" / "explorer.png"
MARKDOWN = MarkdownIt("commonmark").enable("table")
# What stands for a name of one's own, and what is filled in for it.
FILLED = {
    "new setup": "new setup beta-20gb pytorch fp16",
    "new task": "new task reading",
    "new model": "new model weavenet_s.other 224",
}
# Long, or not for this machine: that they are there is all that is looked at.
NOT_RUN = {"make test", "make bench", "make lock", "joule-measure run", "joule-measure rate", "joule-atlas claims"}
NOT_RUN |= {"joule-atlas figures --out DIR", "make site SITE_URL=https://example.org/joule-atlas/"}
# `make serve` builds the site first.
BY_SERVE = {"make serve", "make site", "joule-atlas build", "joule-atlas serve"}
NUMBERS = {
    r"more than ([\d,]+) ImageNet models": """
        SELECT count(*) FROM figures JOIN accuracy USING (task, model, input_size_px)
        WHERE setup = 'a100-pcie-40gb_pytorch_fp32' AND test_set = 'imagenet' AND energy_mj IS NOT NULL
    """,
}
# Mean difference of two pictures' small copies, out of 255, up to which they show the same: another weight makes 2.6,
# other fonts make 0.8.
SAME, SMALL = 1.5, (144, 90)


def codes() -> Iterator[str]:
    """Yield what stands as code: spans within the text, and lines of blocks."""
    for token in MARKDOWN.parse(README):
        if token.type == "fence" and "->" not in token.content:
            yield from (line.partition("#")[0].strip() for line in token.content.splitlines())
        for child in token.children or ():
            if child.type == "code_inline":
                yield child.content


def commands() -> list[str]:
    """Return README's commands; names alone in a cell go on from the one before, as in `new setup`, `task`."""
    found = [code for code in codes() if re.match(r"(make|joule-atlas|joule-measure) ", code)]
    also = re.search(r"`joule-atlas new setup`, `(\w+)`, `(\w+)`", README)
    assert also
    return list(dict.fromkeys([*found, *(f"joule-atlas new {name}" for name in also.groups())]))


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, _, arguments = command.partition(" ")
    words = shlex.split(FILLED.get(arguments, arguments))
    words = [str(Path(sys.executable).parent / program) if program != "make" else program, *words]
    return subprocess.run(words, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def fresh(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(origin, tmp_path_factory.mktemp("fresh") / "joule-atlas")


def test_every_command_of_the_program_is_in_the_readme() -> None:
    named = {command.split()[1] for command in commands() if command.startswith("joule-atlas ")}
    assert named == set(main.commands)


@pytest.mark.parametrize("command", [one for one in commands() if one not in NOT_RUN | BY_SERVE])
def test_the_command_does_what_it_says(fresh: Path, served: str, command: str) -> None:
    finished = run(command, fresh)
    # What `new` has written is to be filled in; the other commands read data that are valid.
    subprocess.run(["git", "clean", "--force", "--quiet", "data"], cwd=fresh, check=True)
    subprocess.run(["git", "checkout", "--quiet", "data"], cwd=fresh, check=True)
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("command", sorted(NOT_RUN))
def test_the_command_that_is_not_run_is_there(command: str) -> None:
    assert command in commands()
    tried = run(f"{command} --dry-run" if command.startswith("make ") else f"{command} --help", ROOT)
    assert tried.returncode == 0


def test_make_serve_shows_the_site(served: str) -> None:
    assert "<title>Joule Atlas" in served


@pytest.fixture(scope="module")
def served(fresh: Path) -> str:
    """What the first page is where `make serve` says that it stands."""
    with subprocess.Popen(
        ["make", "serve"],
        cwd=fresh,
        env=environment(fresh),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as served:
        assert served.stdout is not None
        said = []
        for line in served.stdout:
            said.append(line)
            if line.startswith("http"):
                break
        assert said[-1].startswith("http"), "".join(said)
        page: str = urllib.request.urlopen(said[-1].split()[0]).read().decode()
        served.terminate()
    return page


def test_every_path_in_the_readme_is_there() -> None:
    paths = [code for code in codes() if re.fullmatch(r"[\w./-]*\w[./][\w./-]*", code)]
    targets = re.findall(r"\]\((?!https://)([^)#]+)\)", README)
    built = {"_site/", "llms.txt"}
    assert [path for path in {*paths, *targets} - built if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("words", NUMBERS)
def test_the_number_is_true_of_the_site(words: str) -> None:
    """It says a least number, so that a contributor's rows do not make it wrong."""
    with duckdb.connect(str(SITE / "data" / "joule-atlas.duckdb"), read_only=True) as connection:
        ((count,),) = connection.execute(NUMBERS[words]).fetchall()
    (least,) = re.findall(words, README)
    assert int(least.replace(",", "")) < count


def test_no_other_number_is_in_the_readme() -> None:
    text = re.sub(r"```.*?```|`[^`]*`|\(\d{4}\)|Python 3\.11", "", README, flags=re.DOTALL)
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for words in NUMBERS:
        text = re.sub(words, "", text)
    assert re.findall(r"\d{1,3}(?:,\d{3})+|\b\d{2,}\b", text) == []


def difference(page: Page, one: bytes, other: bytes) -> float:
    """Return the mean difference of two pictures' small copies, out of 255 for each colour."""
    found: float = page.evaluate(
        """async ([pictures, [width, height]]) => {
            const small = async (text) => {
                const blob = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
                const canvas = new OffscreenCanvas(width, height).getContext("2d");
                canvas.imageSmoothingQuality = "high";
                canvas.drawImage(await createImageBitmap(blob), 0, 0, width, height);
                return canvas.getImageData(0, 0, width, height).data;
            };
            const [one, other] = await Promise.all(pictures.map(small));
            return one.reduce((sum, value, place) => sum + Math.abs(value - other[place]), 0) / one.length;
        }""",
        [[b64encode(picture).decode() for picture in (one, other)], SMALL],
    )
    return found


@pytest.mark.browser
def test_the_picture_is_what_the_site_looks_like(browser: Browser) -> None:
    page = browser.new_page()
    shown, other = take(browser, SITE), take(browser, SITE, "?w=0")
    committed = PICTURE.read_bytes()
    assert committed[16:24] == WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big")
    same, different = (difference(page, committed, picture) for picture in (shown, other))
    page.close()
    assert same < SAME, "the site looks otherwise: `make screenshot`, and commit the picture"
    assert different > SAME
