"""A site of hostile texts, built once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import SUB_PATH
from tests.hostile.site import write_hostile

# Python's own sockets are refused here, those of libraries in other languages by the kernel.
BUILD = """
import sys
from pathlib import Path
from builder.pages.site import build_site

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind"}:
        raise RuntimeError(f"the build uses the network: {event} {arguments}")

sys.addaudithook(refuse)
build_site(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
"""


def without_network() -> list[str]:
    """Return what starts a command in a network of its own, empty where the system does not let us."""
    prefix = ["unshare", "--map-root-user", "--net"]
    try:
        return prefix if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0 else []
    except FileNotFoundError:
        return []


@pytest.fixture(scope="session")
def hostile_data(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("hostile") / "data"
    write_hostile(mini_data, data)
    return data


@pytest.fixture(scope="session")
def hostile_site(hostile_data: Path) -> Path:
    out = hostile_data.parent / "_site"
    command = [
        *without_network(),
        sys.executable,
        "-c",
        BUILD,
        str(hostile_data),
        str(out),
        f"https://example.org{SUB_PATH}",
    ]
    subprocess.run(command, check=True)
    return out
