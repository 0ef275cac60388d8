"""Turns names from contributed files into file names: safe on every file system and in every URL, no two alike."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

# Letters, digits, dot, dash and underscore mean themselves in URLs and file names; a leading dot would hide the file.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
# Devices in the place of files on Windows, whatever follows the dot:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])\..*")
# Of a task's folder.
_TAKEN_FILES = ("index", "ratings")
# The ids that every page has.
_TAKEN_IDS = ("main",)
# File names may have 255 bytes; this leaves room for the size, the hash and the ending.
MAX_LENGTH = 160
# Marks a name that was changed; plain names cannot hold it, so the two kinds never meet.
_MARK = "~"


def model_slugs(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return a file name without ending for each model and input size.

    A plain name keeps its letters (`resnet50.a1_in1k@224`). Any other is reduced to them and gets a hash of the whole
    name, and so do names that differ only in case, which some file systems take for one.
    """
    wanted = {key: _plain(*key) for key in keys}
    uses = Counter(slug.casefold() for slug in wanted.values() if slug)
    return {key: slug if slug and uses[slug.casefold()] == 1 else _hashed(*key) for key, slug in wanted.items()}


def rated_slugs(models: Iterable[str]) -> dict[str, str]:
    """Return a file name without ending for each rated model: `org/name` becomes `org--name`.

    Names have no two dashes in a row; where two would be alike all the same, both get a hash.
    """
    wanted = {model: model.replace("/", "--") for model in models}
    uses = Counter([*_TAKEN_FILES, *(slug.casefold() for slug in wanted.values())])
    return {
        model: slug
        if uses[slug.casefold()] == 1 and _plain(slug, 0)
        else f"{_NOT_PLAIN.sub('-', slug)[:MAX_LENGTH]}{_MARK}{_digest(model)}"
        for model, slug in wanted.items()
    }


def anchors(texts: Iterable[str]) -> dict[str, str]:
    """Return an id for each text, to stand in links: its letters and digits, and a hash where two would be alike."""
    wanted = {text: _NOT_PLAIN.sub("-", text).strip("-").lower() for text in texts}
    uses = Counter([*_TAKEN_IDS, *wanted.values()])
    return {
        text: plain if plain and uses[plain] == 1 else f"{plain or 'x'}{_MARK}{_digest(text)}"
        for text, plain in wanted.items()
    }


def _plain(model: str, input_size_px: int) -> str | None:
    if len(model) > MAX_LENGTH or not _PLAIN.fullmatch(model) or _DEVICE.fullmatch(model):
        return None
    return f"{model}@{input_size_px}"


def _hashed(model: str, input_size_px: int) -> str:
    plain = _NOT_PLAIN.sub("-", model).strip("-")[:MAX_LENGTH] or "model"
    return f"{plain}{_MARK}{_digest(model)}@{input_size_px}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
