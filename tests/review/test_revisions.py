from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.problems import UserError
from builder.review import revisions
from builder.review.command import report
from builder.review.revisions import data_folder
from builder.tables.check import check
from builder.tables.files import MAX_BYTES
from tests.review.changes import ALPHA, TASK, figures_corrected


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    finished = subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True)
    return finished.stdout


def commit() -> str:
    git("add", "--all")
    git("commit", "--quiet", "--message", "A state")
    return git("rev-parse", "HEAD").strip()


@pytest.fixture
def first(data: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commit of the data as they are, in a repository of its own."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    git("init", "--quiet")
    return commit()


def run(*arguments: str) -> str:
    return CliRunner().invoke(report, arguments, catch_exceptions=False).stdout


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_revisions_are_compared_as_folders_are(data: Path, first: str) -> None:
    figures_corrected()
    (data / "unsaved").write_text("")
    found = run(first, "HEAD")
    assert found == "No change in meaning: all rows and fields of `data/` are as they were.\n"
    second = commit()
    lines = run(f"{second}~1").splitlines()
    assert lines[2:4] == [
        "- **Rows and fields:** 0 added, 3 changed, 0 removed in 2 files",
        "- **Check:** 1 problem",
    ]
    assert "- `data/unsaved`" in lines


def test_reading_a_revision_leaves_the_repository_as_it_was(data: Path, first: str) -> None:
    committed = files(data)
    (TASK / "accuracy.csv").write_text("")
    (data / "staged").write_text("")
    git("add", "data/staged")
    before = git("status", "--porcelain"), files(data), files(Path(".git"))
    with data_folder(first, data) as folder:
        assert files(folder) == committed
    assert (git("status", "--porcelain"), files(data), files(Path(".git"))) == before
    assert not folder.exists()


def test_git_attributes_neither_hide_nor_rewrite_files(data: Path, first: str) -> None:
    expected = files(data)
    Path(".gitattributes").write_text("data/** export-ignore\n*.csv text eol=crlf\n*.toml export-subst\n")
    with data_folder(commit(), data) as folder:
        assert files(folder) == expected


def test_links_and_large_files_in_a_revision_are_problems_and_nothing_is_followed(data: Path, first: str) -> None:
    ALPHA.with_suffix(".csv").unlink()
    ALPHA.with_suffix(".csv").symlink_to("/etc/passwd")
    with (TASK / "models.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with data_folder(commit(), data) as folder:
        problems = [(Path(problem.path).name, problem.found) for problem in check(folder)]
    assert (ALPHA.with_suffix(".csv").name, "a symbolic link") in problems
    assert ("models.csv", "50,000,001 bytes") in problems


Entry = tuple[str, str, str]


def tree(*entries: Entry) -> str:
    """Write a git tree of mode, name and object each, however little a checkout would like it."""
    listing = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(object_) for mode, name, object_ in entries)
    return write("tree", listing)


def write(kind: str, content: bytes) -> str:
    command = ["git", "hash-object", "-w", "--stdin", "--literally", "-t", kind]
    return subprocess.run(command, input=content, check=True, capture_output=True).stdout.decode().strip()


def commit_of(data: str) -> str:
    return git("commit-tree", "-m", "A crafted state", tree(("40000", "data", data))).strip()


FILE, LINK, FOLDER = "100644", "120000", "40000"


def test_no_file_is_written_where_a_link_of_the_same_name_leads(data: Path, first: str) -> None:
    outside = Path("outside").absolute()
    outside.write_text("as it was")
    link, file = write("blob", bytes(outside)), write("blob", b"written by the commit")
    inside = tree((FILE, "b.csv", file))
    for entries, told in (
        (((LINK, "b.csv", link), (FILE, "b.csv", file)), "'b.csv'{}, twice\n  expected: one file of a name"),
        (((FILE, "b.csv", file), (LINK, "b.csv", link)), "'b.csv'{}, twice\n  expected: one file of a name"),
        (
            ((LINK, "a", write("blob", b"/tmp")), (FOLDER, "a", inside)),
            "'a'{}, both as a file and as a folder\n  expected: one of the two",
        ),
        (
            ((FOLDER, "..", inside),),
            "'../b.csv'{}, which leaves the folder\n  expected: a path under data/",
        ),
    ):
        made = commit_of(tree(*entries))
        with pytest.raises(UserError) as raised, data_folder(made, data):
            pass
        assert str(raised.value) == f"found {told.format(f' in the data of the git revision {made!r}')}"
    assert outside.read_text() == "as it was"


@pytest.mark.parametrize("target", [b"", b"a\0b", b"x" * 5_000, b"/etc/passwd", b"."])
def test_a_link_is_a_problem_wherever_it_leads(data: Path, first: str, target: bytes) -> None:
    link = write("blob", target)
    with data_folder(commit_of(tree((LINK, "README.md", link), (LINK, "gpus.csv", link))), data) as folder:
        found = [Path(problem.path).name for problem in check(folder) if problem.found == "a symbolic link"]
        assert [path.read_text() for path in folder.iterdir() if path.exists()] == []
    assert found == ["README.md", "gpus.csv"]


def test_a_revision_that_cannot_be_a_folder_here_is_refused(data: Path, first: str) -> None:
    file, lost = write("blob", b"x"), "0123456789" * 4
    for entry, told in (
        ((FILE, "a" * 300, file), f"'{'a' * 60}'... (300 characters){{}}, which cannot be written here: "),
        ((FILE, "a.csv", lost), "'a.csv'{}, which git cannot read\n  expected: a file that is in the repository"),
    ):
        made = commit_of(tree(entry))
        with pytest.raises(UserError) as raised, data_folder(made, data):
            pass
        assert str(raised.value).startswith(f"found {told.format(f' in the data of the git revision {made!r}')}")
    made = commit_of(tree((FOLDER, "a", lost)))
    with pytest.raises(UserError) as raised, data_folder(made, data):
        pass
    assert str(raised.value) == f"found no folder that git can read as data in the git revision {made!r}"


def test_one_large_file_by_many_names_is_refused_before_anything_is_written(data: Path, first: str) -> None:
    large = write("blob", bytes(MAX_BYTES))
    made = commit_of(tree(*((FILE, f"{number:02}.csv", large) for number in range(21))))
    with pytest.raises(UserError) as raised, data_folder(made, data):
        pass
    assert str(raised.value) == (
        f"found 1,050,000,000 bytes in the data of the git revision {made!r}\n  expected: at most 1,000,000,000"
    )


@pytest.mark.parametrize("leaf", [(), ((FILE, "a.csv", "blob"),)])
def test_a_tree_that_holds_itself_over_and_over_is_refused(
    data: Path, first: str, leaf: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten to the power of ten times the same folder, empty or with a file, in a kilobyte of git."""
    monkeypatch.setattr(revisions, "_MAX_LISTING_S", 0.5)
    monkeypatch.setattr(revisions, "_MAX_LISTING_BYTES", 100_000)
    bomb = tree(*((mode, name, write(kind, b"x")) for mode, name, kind in leaf))
    for _ in range(10):
        bomb = tree(*((FOLDER, str(number), bomb) for number in range(10)))
    made = commit_of(bomb)
    with pytest.raises(UserError) as raised, data_folder(made, data):
        pass
    assert str(raised.value) == (
        f"found no end of files in the data of the git revision {made!r}\n  expected: at most 20,000"
    )


def test_data_are_found_from_a_folder_within_the_repository(
    data: Path, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("within").mkdir()
    data.rename("within/data")
    second = commit()
    monkeypatch.chdir("within")
    with data_folder(second, data) as folder:
        assert files(folder) == files(data)


@pytest.mark.parametrize("name", ["nowhere", "--output=stolen", "-h", "HEAD^{tree}", "HEAD:data", ""])
def test_what_is_neither_folder_nor_revision_is_refused(data: Path, first: str, name: str) -> None:
    with pytest.raises(UserError) as raised, data_folder(name, data):
        pass
    assert str(raised.value) == (
        f"found {name!r}, which is no folder and no git revision here\n"
        "  expected: a folder like data/, or a branch, tag or commit of this repository\n"
        "  fix: Correct the name; git fetch brings branches and tags of others."
    )
    assert not Path("stolen").exists()


def test_a_revision_without_the_folder_is_refused(data: Path, first: str) -> None:
    with pytest.raises(UserError) as raised, data_folder("HEAD", Path("figures")):
        pass
    assert str(raised.value) == (
        "found no folder figures in the git revision 'HEAD'\n"
        "  expected: the folder of the data, relative to the working directory\n"
        "  fix: Name it with --data, or run this where data/ lies."
    )


def test_without_git_two_folders_are_asked_for(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError) as raised, data_folder("main", data):
        pass
    assert str(raised.value) == "found no git on this machine\n  fix: Install git, or name two data folders."
