"""Whole messages by name, each file a list of blocks: a line `## name`, then the message as the terminal shows it."""

from __future__ import annotations

from pathlib import Path


def read_messages(name: str) -> dict[str, str]:
    """Return the messages of a file beside this one, by the name of their block."""
    blocks = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").split("## ")[1:]
    return {title: message.rstrip("\n") for title, _, message in (block.partition("\n") for block in blocks)}
