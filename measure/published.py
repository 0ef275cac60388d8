"""From the package's TOML files to the published configurations that models are built from without a network."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure.workload import UnsupportedError

FOLDER = Path(__file__).parent / "workloads" / "published"


@dataclass(frozen=True)
class Published:
    """What a model's authors published of its architecture.

    Attributes:
        name: On Hugging Face.
        source: Where its configuration stands.
        way: How it does the task, where a task knows several ways; see the task's module.
        model_type: transformers' name of the architecture; "" for pipelines of several models.
        max_tokens: Longest text that it takes; 0 where it takes none.
        config: The architecture's numbers, under transformers' names; what is left out is transformers' default.
        processor: Numbers of its image processor or feature extractor.
        parts: Of a pipeline: the configurations of its models.
    """

    name: str
    source: str
    way: str = ""
    model_type: str = ""
    max_tokens: int = 0
    config: Mapping[str, Any] = field(default_factory=dict)
    processor: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@functools.cache
def published_models(task: str) -> Mapping[str, Published]:
    """Return the published configurations of a task's models; none for a task whose library knows them itself."""
    path = FOLDER / f"{task}.toml"
    if not path.exists():
        return {}
    return {name: Published(name, **values) for name, values in tomllib.loads(path.read_text()).items()}


def published(task: str, model: str) -> Published:
    """Return a model's published configuration.

    Raises:
        UnsupportedError: The package does not hold it.
    """
    found = published_models(task).get(model)
    if found is None:
        msg = f"no configuration of {model} in {FOLDER.name}/{task}.toml"
        raise UnsupportedError(msg)
    return found
