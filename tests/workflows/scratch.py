"""The working tree into a repository of its own, small data in it, whose commands may do what they like."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MINI = ROOT / "tests" / "mini" / "data"


def git(*arguments: str, cwd: Path) -> str:
    """Run git without anybody's settings and return what it prints, less the line feed at the end."""
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    finished = subprocess.run(
        ["git", *identity, *arguments], cwd=cwd, env=environment(cwd), check=True, capture_output=True, text=True
    )
    return finished.stdout.removesuffix("\n")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return all that commands may know of this machine: where programs are, and where its own home is."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(folder.parent),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        **more,
    }


def commit(folder: Path, message: str = "A state") -> str:
    """Commit everything in a work tree, and return the commit."""
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", message, cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder)


def write_repository(folder: Path, data: Path = MINI) -> str:
    """Write the working tree with other data as a repository whose `main` has one commit; return the commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        # A file may be deleted and not yet committed so.
        if not name.startswith("data/") and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(data, folder / "data")
    git("init", "--quiet", "--initial-branch", "main", cwd=folder)
    # As GitHub does: any commit can be asked for.
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=folder)
    return commit(folder)


def clone(origin: Path, folder: Path) -> Path:
    """Clone a repository, and put the installed packages where `make` finds them."""
    git("clone", "--quiet", str(origin), str(folder), cwd=origin)
    packages = folder / ".venv"
    packages.mkdir()
    # Links in a folder of its own: whatever empties the folder leaves the packages alone.
    for entry in Path(sys.prefix).iterdir():
        (packages / entry.name).symlink_to(entry)
    (packages / ".installed").unlink(missing_ok=True)
    (packages / ".installed").touch()
    return folder
