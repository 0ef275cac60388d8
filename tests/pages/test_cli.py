"""What the command line says, whole."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from builder.pages.site import SiteReport, site_url
from builder.problems import UserError

HELP = """\
Usage: joule-atlas [OPTIONS] COMMAND [ARGS]...

  Joule Atlas: what AI models achieve, and what energy they take.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  audit    List the figures that look odd, each with the rule and the reason; they stay in the...
  build    Build the site from the data, and replace the old one when the new one is complete.
  check    Check every file under data/ and say all that is wrong; exit with 1 if anything is.
  claims   Recompute the numbers of the paper; exit with 1 if a verdict is no longer the one in...
  epoch    Freeze the range of energy that the stars of each task and class stand on.
  figures  Draw the figures and tables of the paper for print, each with its rows and its query.
  new      Write the files of a new setup, task or model, to be filled in; nothing is overwritten.
  report   Say in Markdown what a change of the data says, from BASE to HEAD.
  serve    Show the site in a browser on this machine alone.
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(
        main, [str(argument) for argument in arguments], prog_name="joule-atlas", terminal_width=100
    )


@pytest.fixture
def broken(mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, relative to the working directory, with one energy in words and one below 0."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini_data, "data")
    table = Path("data/image_classification/measurements/alpha-10gb_pytorch_fp32.csv")
    table.write_text(table.read_text().replace(",7.4,", ",seven,").replace(",200,500,", ",-200,500,"))
    return Path("data")


def test_help_lists_every_command() -> None:
    result = run("--help")
    assert (result.exit_code, result.stdout) == (0, HELP)


def test_the_version_is_that_of_the_distribution() -> None:
    assert run("--version").stdout == f"joule-atlas {version('joule-atlas')}\n"


def test_valid_data_are_said_to_be_valid(mini_data: Path) -> None:
    result = run("check", "--data", mini_data)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{mini_data} is valid.\n", "")


@pytest.mark.parametrize(("notation", "text"), [("github", ""), ("json", "[]\n")])
def test_for_programs_valid_data_say_nothing_more(mini_data: Path, notation: str, text: str) -> None:
    result = run("check", "--data", mini_data, "--format", notation)
    assert (result.exit_code, result.stdout, result.stderr) == (0, text, "")


def test_check_says_all_problems_and_exits_with_1(broken: Path) -> None:
    result = run("check")
    path = "data/image_classification/measurements/alpha-10gb_pytorch_fp32.csv"
    fix = "GPU energy for one item, in millijoules: the mean over the window."
    assert result.stdout == (
        f"{path}:5:6: found 'seven' in energy_mj_per_item\n"
        f"  expected: a number above 0, or empty with a status that says why\n  fix: {fix}\n"
        f"{path}:11:6: found '-200' in energy_mj_per_item\n"
        f"  expected: a number above 0, or empty with a status that says why\n  fix: {fix}\n"
    )
    assert (result.exit_code, result.stderr) == (1, "2 problems in data.\n")


def test_check_gives_programs_what_they_parse(broken: Path) -> None:
    problems = json.loads(run("check", "--format", "json").stdout)
    assert [(problem["line"], problem["column"]) for problem in problems] == [(5, 6), (11, 6)]
    lines = run("check", "--format", "github").stdout.splitlines()
    assert [line.split("::")[1].partition("file=")[0] for line in lines] == ["error ", "error "]


def test_a_build_of_invalid_data_says_what_is_wrong_and_leaves_the_old_site(broken: Path) -> None:
    Path("_site/data").mkdir(parents=True)
    Path("_site/data/index.json").write_text("old")
    result = run("build")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == run("check").stdout + "Error: 2 problems in data\n"
    assert [path.as_posix() for path in Path("_site").rglob("*") if path.is_file()] == ["_site/data/index.json"]
    assert sorted(path.name for path in Path().iterdir()) == ["_site", "data"]


def test_build_says_what_it_made_and_what_took_longest(
    mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def build_site(*arguments: object, alone: bool) -> SiteReport:
        calls.append(arguments)
        return SiteReport(1569, 3191, 37_648_511, {"load": 2.25, "pages": 2.75, "bundle": 0.01, "downloads": 1.0})

    monkeypatch.setattr("builder.pages.site.build_site", build_site)
    result = run("build", "--data", mini_data, "--out", tmp_path / "site", "--site-url", "https://example.org/atlas/")
    assert calls == [(mini_data, tmp_path / "site", "https://example.org/atlas/")]
    assert result.stdout == (
        f"{tmp_path}/site: 1,569 pages, 3,191 files, 37.6 MB in 6.0 s\n"
        "  longest: pages 2.8 s, load 2.2 s, downloads 1.0 s\n"
    )


def test_the_report_counts_what_is_there(built: tuple[Path, SiteReport]) -> None:
    out, report = built
    files = [path for path in out.rglob("*") if path.is_file()]
    assert report.files == len(files)
    assert report.pages == len([path for path in files if path.suffix == ".html"])
    assert report.size == sum(path.stat().st_size for path in files)
    assert all(seconds >= 0 for seconds in report.seconds.values())


def test_a_path_on_the_host_is_where_the_404_page_looks(site: Path) -> None:
    assert 'href="/models/index.html"' in (site / "404.html").read_text()


@pytest.mark.parametrize("given", ["https://example.org/atlas", "https://example.org/atlas/"])
def test_the_site_s_address_ends_in_a_slash(given: str) -> None:
    assert site_url(given) == "https://example.org/atlas/"


@pytest.mark.parametrize(
    "given", ["", "joule-atlas", "/joule-atlas/", "javascript:alert(1)", 'https://a/"x', "https://a/?b", "https://a//"]
)
def test_what_is_no_address_of_a_site_is_refused(given: str) -> None:
    with pytest.raises(UserError) as raised:
        site_url(given)
    assert str(raised.value) == (
        f"found {given!r} as the site's address\n"
        "  expected: an address like https://example.org/joule-atlas/\n"
        "  fix: Write where the site will stand with --site-url, without ? and #."
    )


def test_the_audit_names_rows_rules_and_reasons(mini_data: Path) -> None:
    result = run("audit", "--data", mini_data)
    *lines, power, proportion, both = result.stdout.splitlines()
    assert re.fullmatch(r"\d+ flags on \d+ rows\.", lines[-1])
    ends = "siblings prove 0 of 0 rows that have any, and 0 of 1 sibling groups more than 10% apart are found."
    assert [power, proportion, both] == [
        f"image_classification: power_low: {ends}",
        f"image_classification: cross_setup: {ends}",
        f"image_classification: power_low or cross_setup: {ends}",
    ]
    assert all(re.fullmatch(r"[\w-]+: [\w.]+ at \d+ px: \w+", line) for line in lines[:-1:2])
    flags = json.loads(run("audit", "--data", mini_data, "--format", "json").stdout)
    assert [
        f"{flag['setup']}: {flag['model']} at {flag['input_size_px']} px: {flag['rule']}" for flag in flags
    ] == lines[:-1:2]
    assert ["  " + flag["reason"] for flag in flags] == lines[1:-1:2]


def test_claims_are_listed_with_interval_and_reason() -> None:
    data = Path(__file__).parents[2] / "data"
    result = run("claims", "--data", data)
    assert result.exit_code == 0
    assert (
        "Fig 2: The growth curve reaches 100 % at 207 MWh for an image.\n"
        "  reproduced: printed 207 MWh, found 207.37 MWh (95 %: 5.3 powers of ten to each side)\n"
        "  The number is right and says little: its 95 % interval is 5.3 powers of ten to each side, and the one "
        "vertex under 1 mJ that the recipe drops would bring it down to 29.1 Wh.\n"
    ) in result.stdout
    listed = json.loads(run("claims", "--data", data, "--format", "json").stdout)
    (energy,) = (one for one in listed if one["key"] == "fig-2-100-percent")
    assert energy["decades"] == pytest.approx(5.32, abs=0.01)
    assert energy["why"].endswith("down to 29.1 Wh.")


def test_serve_without_a_site_says_how_to_build_one(tmp_path: Path) -> None:
    result = run("serve", "--out", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {tmp_path} holds no site.\n  fix: joule-atlas build --out {tmp_path}\n"


def test_serve_prints_its_address_and_shows_the_site_and_its_own_404_page(site: Path) -> None:
    command = [sys.executable, "-c", "from builder.cli import main; main()", "serve", "--out", str(site), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"(http://127\.0\.0\.1:\d+/)  \(Ctrl\+C ends it\)\n", line)
            assert found, line
            with urllib.request.urlopen(found[1]) as answer:
                assert answer.read() == (site / "index.html").read_bytes()
            for missing in ("models/none.html", "a/b/c", "data/", "../../etc/passwd"):
                with pytest.raises(urllib.error.HTTPError) as error:
                    urllib.request.urlopen(found[1] + missing)
                assert error.value.code == 404
                assert error.value.read() == (site / "404.html").read_bytes()
                error.value.close()
        finally:
            process.terminate()


def test_a_port_that_is_taken_is_said_to_be(site: Path) -> None:
    from builder.pages.server import site_server

    with site_server(site, 0) as server:
        result = run("serve", "--out", site, "--port", server.server_port)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: Port {server.server_port} cannot be used: Address already in use.\n  fix: --port 0 takes a free one\n"
    )


@pytest.mark.parametrize("command", ["--help", "--version", "check", "serve"])
def test_light_commands_import_nothing_heavy(command: str, mini_data: Path) -> None:
    code = (
        "import sys\nfrom builder.cli import main\n"
        "try:\n    main(sys.argv[1:], standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "heavy = {'altair', 'scipy', 'pandas', 'duckdb', 'jinja2', 'vl_convert'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    options = {"check": ["--data", str(mini_data)], "serve": ["--out", str(mini_data)]}.get(command, [])
    result = subprocess.run([sys.executable, "-c", code, command, *options], capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1] == ("['duckdb']" if command == "check" else "[]"), result.stderr
