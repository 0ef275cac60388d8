"""Image classification for the rating: timm's models one image at a time, its resizing and cropping included."""

from __future__ import annotations

from typing import Any

import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config

from measure.queries import QueryOptions
from measure.workloads.forward import ForwardQueries
from measure.workloads.hugging_face import compiled
from measure.workloads.torch_card import TorchCard, translated, versions

__all__ = ["build", "versions"]


def build(model: str, options: QueryOptions, device: str = "cuda") -> ForwardQueries:
    """Put a timm model on the card."""
    card = TorchCard(device, options.precision, options.seed)
    with translated(building=True):
        network = (
            _created(model, options, card)
            .eval()
            .requires_grad_(requires_grad=False)
            .to(device=card.device, dtype=card.dtype)
        )
        transform: Any = create_transform(**resolve_data_config({}, model=network))
        network = compiled(network, options)
    return ForwardQueries(
        card,
        network,
        lambda samples: {"x": torch.stack([transform(Image.fromarray(sample["image"])) for sample in samples])},
    )


def _created(model: str, options: QueryOptions, card: TorchCard) -> Any:
    pretrained = options.weights == "pretrained"
    try:
        # Initialising on the card takes a tenth of the time; a few models mix in arrays of the host and cannot.
        with card.device:
            return timm.create_model(model, pretrained=pretrained)
    except (RuntimeError, TypeError):
        return timm.create_model(model, pretrained=pretrained)
