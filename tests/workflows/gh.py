"""Stands in for GitHub's command line: answers `gh api` from a file, and notes in another what it was told to write.

FAKE_GH names a folder: answers.json has one answer a path; calls.json is a list of method, path and fields.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import jq

FOLDER = Path(os.environ["FAKE_GH"])
CALLS = FOLDER / "calls.json"


def main() -> None:
    assert os.environ["GH_TOKEN"] == "token"
    parser = argparse.ArgumentParser(prog="gh")
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--jq", default=".")
    parser.add_argument("--field", action="append", default=[])
    for flag in ("--paginate", "--silent"):
        parser.add_argument(flag, action="store_true")
    given = parser.parse_args()
    if given.method == "GET":
        for found in jq.compile(given.jq).input_value(json.loads((FOLDER / "answers.json").read_text())[given.path]):
            sys.stdout.write(f"{found}\n")
        return
    fields = dict(text.split("=", 1) for text in given.field)
    read = {name: Path(text[1:]).read_text() if text.startswith("@") else text for name, text in fields.items()}
    calls = json.loads(CALLS.read_text()) if CALLS.exists() else []
    CALLS.write_text(json.dumps([*calls, [given.method, given.path, read]]))


if __name__ == "__main__":
    main()
