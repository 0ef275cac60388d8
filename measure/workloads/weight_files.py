"""From a file of trained weights to a model that holds them, also where another package named the tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from measure.workload import BuildFailedError


def load_weights(model: Any, path: Path) -> None:
    """Load a state dict: by its names where they are the model's, else tensor for tensor in the model's order.

    Raises:
        BuildFailedError: The file holds other tensors than the model.
    """
    trained = torch.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    if set(trained) != set(own):
        trained = _renamed(trained, own, path)
    try:
        model.load_state_dict(trained)
    except RuntimeError as error:
        raise BuildFailedError(f"{path.name}: {error}") from error


def _renamed(trained: dict[str, Any], own: dict[str, Any], path: Path) -> dict[str, Any]:
    """Give the tensors the model's names, in order; shape by shape they must be the model's."""
    if len(trained) != len(own):
        msg = f"{path.name} holds {len(trained)} tensors, the model {len(own)}"
        raise BuildFailedError(msg)
    for (there, tensor), (here, wanted) in zip(trained.items(), own.items(), strict=True):
        if tensor.shape != wanted.shape:
            msg = f"{path.name}: {there} is {tuple(tensor.shape)}, the model's {here} {tuple(wanted.shape)}"
            raise BuildFailedError(msg)
    return dict(zip(own, trained.values(), strict=True))
