from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from builder.problems import format_problems
from builder.tables.check import check
from tests.tables.messages import read_messages

TASK = Path("data/image_classification")
ALPHA = TASK / "measurements" / "alpha-10gb_pytorch_fp32"
ALPHA_CSV, ALPHA_TOML = ALPHA.with_suffix(".csv"), ALPHA.with_suffix(".toml")
RATED = Path("data/storytelling")
RATED_TOML, RUNS = RATED / "task.toml", RATED / "queries" / "alpha-10gb_pytorch_fp32"
RUNS_CSV, RUNS_TOML = RUNS.with_suffix(".csv"), RUNS.with_suffix(".toml")
EPOCH = "storytelling,A,alpha-10gb_pytorch_fp32,5,3600,39600"
TASK_TOML, PATTERNS, GPUS = TASK / "task.toml", TASK / "architectures.csv", Path("data/gpus.csv")


def replace(path: Path, old: str, new: str) -> Callable[[], None]:
    """Return the change that replaces the first occurrence of a text in a file."""

    def change() -> None:
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return change


def rename_setup() -> None:
    for path in (ALPHA_CSV, ALPHA_TOML):
        path.rename(path.with_stem("alpha"))


def link_gpus() -> None:
    GPUS.rename("elsewhere.csv")
    GPUS.symlink_to("../elsewhere.csv")


def folder_of_figures() -> None:
    ALPHA_CSV.unlink()
    ALPHA_CSV.mkdir()


def folder_of_gpus() -> None:
    GPUS.unlink()
    GPUS.mkdir()


def epoch(row: str, name: str = "2026-11-22_{digits}") -> Callable[[], None]:
    """Return the change that adds an epoch of one row, named after its content unless a name is given."""

    def change() -> None:
        content = f"task,class,setup,models,least_mj_per_item,most_mj_per_item\n{row}\n".encode()
        path = Path("data/epochs") / (name.format(digits=hashlib.sha256(content).hexdigest()[:10]) + ".csv")
        path.parent.mkdir()
        path.write_bytes(content)

    return change


def notes_among_epochs() -> None:
    epoch(EPOCH)()
    Path("data/epochs/notes.txt").touch()


def no_tasks() -> None:
    for task in (TASK, RATED):
        task.rename(task.name)


def task_without_models() -> None:
    for path in (RATED / "rated_models.csv", *(RATED / "queries").iterdir()):
        path.unlink()
    (RATED / "queries").rmdir()


def no_data_sets() -> None:
    text = RATED_TOML.read_text(encoding="utf-8")
    start, end = text.index("[[data_sets]]"), text.index("[[classes]]")
    RATED_TOML.write_text(text[:start] + text[end:], encoding="utf-8")


TITLE = 'title = "Invented Alpha, PyTorch, FP32"'
WRONG: dict[str, Callable[[], object]] = {
    "an unknown model": replace(TASK / "accuracy.csv", "weavenet_s.base,224,plain", "weavenet_x.base,224,plain"),
    "an unknown input size": replace(TASK / "accuracy.csv", "weavenet_s.base,224,plain", "weavenet_s.base,256,plain"),
    "an unknown test set": replace(TASK / "accuracy.csv", ",plain", ",plane"),
    "an unknown model measured": replace(ALPHA_CSV, "weavenet_s.base", "nothing"),
    "a bare architecture with weights": replace(ALPHA_CSV, "weavenet_s.base", "weavenet_s"),
    "models that differ in case": replace(
        TASK / "models.csv", "pebblenet_m.plus,224", "pebblenet_m.plus,224,25,,,\npebblenet_m.Plus,224"
    ),
    "an unknown GPU": replace(GPUS, "alpha-10gb", "gamma-10gb"),
    "another GPU than the file's name": replace(ALPHA_TOML, 'gpu = "alpha', 'gpu = "beta'),
    "another GPU that exists": replace(ALPHA_TOML, "alpha-10gb", "beta-20gb"),
    "another runtime and precision than the file's name": replace(
        ALPHA_TOML, 'runtime = "pytorch"\nprecision = "fp32"', 'runtime = "tensorrt"\nprecision = "fp16"'
    ),
    "a file name that is no setup": rename_setup,
    "figures without provenance": ALPHA_TOML.unlink,
    "provenance without figures": ALPHA_CSV.unlink,
    "a number as text": replace(ALPHA_TOML, "power_limit_w = 100", 'power_limit_w = "100"'),
    "an infinite number": replace(ALPHA_TOML, "power_limit_w = 100", "power_limit_w = inf"),
    "a text as list": replace(ALPHA_TOML, TITLE, "title = [\n  'a',\n]"),
    "days in the wrong order": replace(
        ALPHA_TOML, "power_limit_w = 100", "first_day = 2026-11-22\nlast_day = '2026-11-20'"
    ),
    "published figures without an address": replace(ALPHA_TOML, 'url = "https://example.org/figures"\n', ""),
    "a day that does not exist": replace(ALPHA_TOML, "power_limit_w = 100", "first_day = '2026-02-30'"),
    "a misspelt field": replace(ALPHA_TOML, "title", "titel"),
    "an unknown word": replace(ALPHA_TOML, "pretrained", "own"),
    "a link without https": replace(ALPHA_TOML, "https", "http"),
    "a misspelt section": replace(ALPHA_TOML, "[source]", "[sauce]"),
    "a section of the wrong kind": replace(ALPHA_TOML, "[source]", "[[source]]"),
    "a free section of the wrong kind": replace(ALPHA_TOML, "[derived]", "[[derived]]"),
    "a bracket that is not closed": replace(ALPHA_TOML, "[source]", "[source"),
    "a quote that is not closed": replace(ALPHA_TOML, TITLE, 'title = "unfinished'),
    "a multi-line quote that is not closed": replace(ALPHA_TOML, TITLE, 'title = """unfinished'),
    "a derived column that does not exist": replace(ALPHA_TOML, "batch_size =", "batch ="),
    "a title on two lines": replace(ALPHA_TOML, TITLE, 'title = """Invented\nAlpha"""'),
    "a title that is a formula": replace(ALPHA_TOML, TITLE, 'title = "=1"'),
    "a hidden character written as escape": replace(ALPHA_TOML, TITLE, 'title = "Al\\u200bpha"'),
    "carriage returns in TOML": lambda: ALPHA_TOML.write_bytes(ALPHA_TOML.read_bytes().replace(b"\n", b"\r\n")),
    "TOML that is not UTF-8": lambda: ALPHA_TOML.write_bytes(b"# caf\xe9\n" + ALPHA_TOML.read_bytes()),
    "TOML of many lines": partial(ALPHA_TOML.write_text, "\n" * 501),
    "TOML without end": partial(ALPHA_TOML.write_text, "#" * 50_001),
    "no default test set": replace(TASK_TOML, "default = true", "default = false"),
    "a default that is a text": replace(TASK_TOML, "default = true", 'default = "yes"'),
    "a test set twice": replace(
        TASK_TOML, 'key = "drawn"\n', 'key = "drawn"\ntitle = "Drawn"\n[[test_sets]]\nkey = "drawn"\n'
    ),
    "a key twice in TOML": replace(TASK_TOML, 'key = "drawn"\n', 'key = "drawn"\nkey = "drawn"\n'),
    "two test sets of one key": replace(
        TASK_TOML,
        "[control_variables]",
        '[[test_sets]]\nkey = "hard"\ntitle = "H"\ndescription = "H"\ndefault = false\nurl = "https://example.org/h"\n'
        "[control_variables]",
    ),
    "a pattern that does not compile": replace(PATTERNS, "(nano|s|m)", "(nano|s|m"),
    "a pattern that looks ahead": replace(PATTERNS, "(nano|s|m)", "(?!x)(nano|s|m)"),
    "a pattern that counts too far": replace(PATTERNS, "(nano|s|m)", "((nano|s|m){999}){999}"),
    "an architecture without pattern": replace(PATTERNS, "(nano|s|m)", "(nano|s)"),
    "an architecture with two patterns": replace(PATTERNS, "weavenet_[sl]", "weavenet_[sl]|pebblenet_s"),
    "no gpus.csv": GPUS.unlink,
    "a folder in place of gpus.csv": folder_of_gpus,
    "a link in place of gpus.csv": link_gpus,
    "no models.csv": (TASK / "models.csv").unlink,
    "an unexpected file": Path("data/notes.txt").touch,
    "an unexpected file among measurements": (TASK / "measurements" / ".DS_Store").touch,
    "an unexpected folder among measurements": (TASK / "measurements" / "old").mkdir,
    "a folder in place of a setup": folder_of_figures,
    "a link in place of the page": partial(Path("data/README.md").symlink_to, "gpus.csv"),
    "a link in place of a task": partial(Path("data/other").symlink_to, "image_classification"),
    "a pipe": partial(os.mkfifo, "data/pipe"),
    "a file name with control codes": Path("data/a\x1b[31m\nb").touch,
    "a task in capitals": partial(TASK.rename, "data/Images"),
    "no data": partial(Path("data").rename, "elsewhere"),
    "no task": no_tasks,
    "a task without models": task_without_models,
    "query runs of no model": (RATED / "rated_models.csv").unlink,
    "an unknown rated model": replace(RUNS_CSV, "bard.small,1,1", "bard.tiny,1,1"),
    "rated models that differ in case": replace(RATED / "rated_models.csv", "bard.medium", "bard.SMALL"),
    "query runs without their samples": replace(RUNS_TOML, 'samples = "synthetic"\n', ""),
    "a rated task without data sets": no_data_sets,
    "classes out of order": replace(RATED_TOML, "parameters_up_to_m = 1000\n", ""),
    "a limit of the last class": replace(
        RATED_TOML, 'title = "One large GPU"\n', 'title = "One large GPU"\nparameters_up_to_m = 2000\n'
    ),
    "an epoch that was changed": epoch(EPOCH, "2026-11-22_0123456789"),
    "an epoch of another name": epoch(EPOCH, "first"),
    "an epoch of an unknown task": epoch(EPOCH.replace("storytelling", "painting")),
    "an epoch of an unknown class": epoch(EPOCH.replace(",A,", ",C,")),
    "an epoch of equal energies": epoch(EPOCH.replace("39600", "3600")),
    "an unexpected file among epochs": notes_among_epochs,
}


@pytest.fixture
def copy(mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(mini_data, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return Path("data")


@pytest.mark.parametrize("name", WRONG)
def test_a_change_that_breaks_the_data_is_told_in_full(name: str, copy: Path) -> None:
    WRONG[name]()
    assert format_problems(check(copy), "text") == read_messages("check")[name]


def test_every_message_about_data_has_its_case() -> None:
    assert set(read_messages("check")) == set(WRONG)


def test_the_invented_data_are_valid(copy: Path) -> None:
    assert check(copy) == ()


def test_an_epoch_that_is_named_after_its_content_is_valid(copy: Path) -> None:
    epoch(EPOCH)()
    assert check(copy) == ()


def test_a_campaigns_working_files_may_lie_beside_its_rows(copy: Path) -> None:
    (TASK / "measurements" / ".joule-measure").mkdir()
    assert check(copy) == ()


def test_the_committed_data_are_valid() -> None:
    assert format_problems(check(Path(__file__).parents[2] / "data"), "text") == ""


def test_all_problems_are_told_at_once_by_file_and_line(copy: Path) -> None:
    replace(GPUS, "https", "http")()
    replace(ALPHA_CSV, "20,5000", "-20,5000")()
    replace(ALPHA_CSV, "0.5,", "twelve,")()
    replace(ALPHA_TOML, "pretrained", "own")()
    assert [(problem.path, problem.line, problem.column) for problem in check(copy)] == [
        ("data/gpus.csv", 2, 10),
        (ALPHA_CSV.as_posix(), 2, 6),
        (ALPHA_CSV.as_posix(), 10, 6),
        (ALPHA_TOML.as_posix(), 5, 1),
    ]


def test_a_wrong_row_of_models_does_not_make_its_accuracies_wrong(copy: Path) -> None:
    replace(TASK / "models.csv", "weavenet_s.base,224", "weavenet_s.base,x")()
    assert [problem.found for problem in check(copy)] == ["'x' in input_size_px"]


def test_a_pattern_that_would_hold_up_a_backtracking_engine_is_matched_at_once(copy: Path) -> None:
    replace(PATTERNS, "weavenet_[sl]", "weavenet_[sl]|((p|pe|e|b|bb|l|e|n|t|[a-z_])+)+X")()
    assert check(copy) == ()
