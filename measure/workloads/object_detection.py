"""Object detection: a model draws boxes round what it finds in an image."""

from __future__ import annotations

from typing import Any

from transformers import AutoImageProcessor, AutoModelForObjectDetection

from measure.published import Published, published
from measure.queries import QueryOptions
from measure.workloads.forward import ForwardQueries
from measure.workloads.hugging_face import build_model
from measure.workloads.torch_card import TorchCard, translated, versions

__all__ = ["build", "image_processor", "versions"]

_TASK = "object_detection"


def build(model: str, options: QueryOptions, device: str = "cuda") -> ForwardQueries:
    """Put a detector on the card."""
    known = published(_TASK, model)
    card = TorchCard(device, options.precision, options.seed)
    detector = build_model(AutoModelForObjectDetection, known, options, card)
    processor = image_processor(known, options)
    return ForwardQueries(
        card,
        detector,
        lambda samples: processor(images=[sample["image"] for sample in samples], return_tensors="pt"),
    )


def image_processor(known: Published, options: QueryOptions) -> Any:
    """Return the model's image processor: from the hub with trained weights, else of its published numbers."""
    with translated(building=True):
        if options.weights == "pretrained":
            return AutoImageProcessor.from_pretrained(known.name)
        import transformers

        values = dict(known.processor)
        return getattr(transformers, values.pop("name"))(**values)
