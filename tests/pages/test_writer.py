"""A site is replaced as a whole, or not at all."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builder.pages.paths import INDEX
from builder.pages.site import build_site
from builder.pages.writer import FolderWriter, MemoryWriter, replacing
from builder.problems import UserError

# Replaces the site in argv[1] again and again by complete sites of 200 files that all hold the round's number.
REPLACE_FOREVER = """
import itertools, sys
from pathlib import Path
from builder.pages.paths import INDEX
from builder.pages.writer import replacing
for number in itertools.count():
    with replacing(Path(sys.argv[1])) as writer:
        writer.write(INDEX, str(number).encode())
        for file in range(200):
            writer.write(f"{file % 7}/{file}.html", str(number).encode())
    print(number, flush=True)
"""


def put(out: Path, **files: str) -> None:
    with replacing(out) as writer:
        writer.write(INDEX, b"{}")
        for name, text in files.items():
            writer.write(name, text.encode())


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_complete_site_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    put(tmp_path / "site", old="1")
    put(tmp_path / "site", new="2")
    assert content(tmp_path) == {"site/data/index.json": "{}", "site/new": "2"}


def test_a_build_that_fails_leaves_the_old_site_and_nothing_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "site", old="1")
    with pytest.raises(ValueError, match="NEW is written twice"):
        put(tmp_path / "site", new="2", NEW="3")
    assert content(tmp_path) == {"site/data/index.json": "{}", "site/old": "1"}


def test_a_file_that_cannot_be_written_fails_the_build(tmp_path: Path) -> None:
    put(tmp_path / "site", old="1")
    with pytest.raises(IsADirectoryError):
        put(tmp_path / "site", **{"page/index.html": "", "page": "a folder has this name"})
    assert content(tmp_path) == {"site/data/index.json": "{}", "site/old": "1"}


def test_a_kill_at_any_moment_leaves_a_whole_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for delay_s in (0.0, 0.011, 0.023, 0.037, 0.052):
        command = [sys.executable, "-c", REPLACE_FOREVER, str(site)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"
            time.sleep(delay_s)
            process.send_signal(signal.SIGKILL)
        files = content(site)
        assert len(files) == 201
        assert len(set(files.values())) == 1


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".site.building"
    (left / "models").mkdir(parents=True)
    (left / "models" / "half.html").write_text("<p")
    put(tmp_path / "site", new="2")
    assert content(tmp_path) == {"site/data/index.json": "{}", "site/new": "2"}
    assert not left.exists()


def test_a_folder_that_is_no_site_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError) as error:
        put(tmp_path, new="2")
    assert str(error.value) == (
        f"{tmp_path} holds files that are no Joule Atlas site, so it will not be replaced.\n"
        "  fix: choose a new or empty folder with --out, or remove this one yourself"
    )
    assert content(tmp_path) == {"thesis.tex": "years of work"}


def test_a_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("years of work")
    with pytest.raises(UserError) as error:
        put(tmp_path / "site", new="2")
    assert str(error.value) == (
        f"{tmp_path / 'site'} is a file, and a site is a folder.\n  fix: choose a new or empty folder with --out"
    )
    assert content(tmp_path) == {"site": "years of work"}


def test_a_site_is_not_put_among_the_data(mini_data: Path) -> None:
    with pytest.raises(UserError) as error:
        build_site(mini_data, mini_data / "site")
    assert str(error.value) == (
        f"{mini_data / 'site'} lies in {mini_data}, where every file is taken for data.\n"
        "  fix: choose a folder outside with --out"
    )
    assert [path.name for path in mini_data.iterdir() if "site" in path.name] == []


def test_an_empty_folder_and_a_link_to_a_site_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    put(tmp_path / "site", old="1")
    (tmp_path / "link").symlink_to("site")
    put(tmp_path / "link", new="2")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "site") == {"data/index.json": "{}", "new": "2"}


def test_two_builds_do_not_write_one_site_at_once(tmp_path: Path) -> None:
    out = tmp_path / "site"
    with replacing(out) as writer:
        with pytest.raises(UserError, match=re.escape(f"Another build is writing {out}.")), replacing(out):
            pass
        writer.write(INDEX, b"{}")
    assert content(tmp_path) == {"site/data/index.json": "{}"}


def test_folders_are_swapped_in_one_step_where_the_system_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "site", old="1")
    inode = (tmp_path / "site").stat().st_ino

    def no_rename(self: Path, target: Path) -> None:
        raise AssertionError(f"{self} was renamed to {target}")

    monkeypatch.setattr(Path, "rename", no_rename)
    put(tmp_path / "site", new="2")
    assert (tmp_path / "site").stat().st_ino != inode


def test_without_that_call_the_site_is_replaced_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.pages.writer._exchange", lambda one, other: False)
    put(tmp_path / "site", old="1")
    put(tmp_path / "site", new="2")
    assert content(tmp_path) == {"site/data/index.json": "{}", "site/new": "2"}


@pytest.mark.parametrize("again", ["page.html", "Page.html"])
def test_two_files_with_one_name_are_an_error_of_the_build(tmp_path: Path, again: str) -> None:
    writer = FolderWriter(tmp_path)
    writer.write("page.html", b"")
    with pytest.raises(ValueError, match="is written twice"):
        writer.write(again, b"")
    writer.finish()


def test_the_writer_in_memory_keeps_each_file_once() -> None:
    writer = MemoryWriter()
    writer.write("a", b"1")
    with pytest.raises(ValueError, match="a is written twice"):
        writer.write("a", b"2")
    assert writer.files == {"a": b"1"}
