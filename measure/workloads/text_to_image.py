"""Text to image: a diffusers pipeline draws one picture for a prompt in thirty steps."""

from __future__ import annotations

from typing import Any

import torch
import transformers

from measure.published import Published, published
from measure.queries import QueryOptions
from measure.workload import UnsupportedError
from measure.workloads.hugging_face import compiled, random_model, synthetic_tokenizer
from measure.workloads.torch_card import TorchCard, translated, versions

__all__ = ["build", "versions"]

_TASK = "text_to_image"
STEPS = 30
# What a pipeline's parts are called, and what reads or writes text among them.
_TOKENIZERS = {"tokenizer": "text_encoder", "tokenizer_2": "text_encoder_2"}
_FIXED = {"StableDiffusionPipeline": {"safety_checker": None, "feature_extractor": None}}


class DrawingQueries:
    """A pipeline: text encoder, thirty steps of denoising and decoder are one phase, tokenising included."""

    phases = ("forward",)

    def __init__(self, card: TorchCard, pipeline: Any, call: dict[str, Any]) -> None:
        self._card = card
        self._pipeline = pipeline
        self._call = call

    def run(self, phase: str, work: Any) -> Any:  # noqa: ARG002 - there is one
        """Draw a batch's pictures; they stay on the card and are dropped."""
        with translated(), torch.inference_mode():
            prompts = [sample["prompt"] for sample in work]
            self._pipeline(prompts, num_inference_steps=STEPS, num_images_per_prompt=1, output_type="pt", **self._call)
            self._card.wait()

    def output_tokens(self, work: Any) -> int | None:  # noqa: ARG002 - there are none
        """Return None: no tokens are made."""
        return None

    def memory_mib(self) -> float:
        """Return the card's peak."""
        return self._card.memory_mib()

    def close(self) -> None:
        """Drop the pipeline."""
        self._pipeline = None
        self._card.free()


def build(model: str, options: QueryOptions, device: str = "cuda") -> DrawingQueries:
    """Put a pipeline on the card."""
    known = published(_TASK, model)
    try:
        import diffusers
    except ImportError as error:
        raise UnsupportedError("text to image needs diffusers: pip install diffusers") from error
    card = TorchCard(device, options.precision, options.seed)
    with translated(building=True):
        kind = getattr(diffusers, known.way)
        if options.weights == "pretrained":
            pipeline = kind.from_pretrained(known.name, torch_dtype=card.dtype, **_FIXED.get(known.way, {}))
        else:
            pipeline = kind(**_parts(known, card, diffusers), **_FIXED.get(known.way, {}), **known.config)
        pipeline = pipeline.to(card.device)
        pipeline.set_progress_bar_config(disable=True)
        for name in ("unet", "transformer"):
            if getattr(pipeline, name, None) is not None:
                compiled(getattr(pipeline, name), options)
    return DrawingQueries(card, pipeline, dict(known.processor))


def _parts(known: Published, card: TorchCard, diffusers: Any) -> dict[str, Any]:
    """Build a pipeline's models right on the card, its scheduler, and tokenizers for synthetic prompts."""
    parts: dict[str, Any] = {}
    for name, values in known.parts.items():
        # TOML has no word for "no such block".
        numbers = {key: None if value == "none" else value for key, value in values.items() if key != "class"}
        library = transformers if name.startswith("text_encoder") else diffusers
        kind = getattr(library, values["class"])
        if library is transformers:
            parts[name] = random_model(kind, kind.config_class(**numbers), card).eval()
        elif name == "scheduler":
            parts[name] = kind(**numbers)
        else:
            with card.device:
                parts[name] = kind(**numbers).to(device=card.device, dtype=card.dtype).eval()
    for tokenizer, encoder in _TOKENIZERS.items():
        if encoder in known.parts:
            config = parts[encoder].config
            parts[tokenizer] = synthetic_tokenizer(config.vocab_size, known.max_tokens, pair=True)
    return parts
