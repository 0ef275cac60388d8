"""Image to text: a model sees a picture and writes a caption of up to 100 tokens."""

from __future__ import annotations

from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    BlipForConditionalGeneration,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
)

from measure.published import Published, published
from measure.queries import QueryOptions
from measure.workload import UnsupportedError
from measure.workloads.generation import GeneratingQueries, Writing
from measure.workloads.hugging_face import build_config, build_model, compiled, random_model
from measure.workloads.object_detection import image_processor
from measure.workloads.torch_card import TorchCard, translated, versions

__all__ = ["build", "versions"]

_TASK = "image_to_text"
NEW_TOKENS = 100
# Of "USER: <image> Describe the picture in one sentence. ASSISTANT:", of which only the length counts here.
_QUESTION_TOKENS = 16


def build(model: str, options: QueryOptions, device: str = "cuda") -> GeneratingQueries:
    """Put a captioner on the card: its way says how its decoder gets to see the picture."""
    known = published(_TASK, model)
    card = TorchCard(device, options.precision, options.seed)
    makers = {"cross": _cross, "blip": _blip, "prefix": _prefix, "chat": _chat}
    captioner, decoder, begin, ids_name = makers[known.way](known, options, card)
    processor = image_processor(known, options)
    stop = _end(captioner) if options.weights == "pretrained" else None
    return GeneratingQueries(
        card,
        decoder,
        lambda samples: {
            "pixel_values": processor(images=[sample["image"] for sample in samples], return_tensors="pt")[
                "pixel_values"
            ]
        },
        Writing(begin, NEW_TOKENS, ids_name, stop),
    )


def _ids(pixels: Any, *tokens: int) -> Any:
    """Return the same tokens for each picture of a batch."""
    return torch.tensor([tokens], device=pixels.device).expand(pixels.shape[0], -1)


def _end(captioner: Any) -> int | None:
    config = captioner.config
    for part in (config, getattr(config, "text_config", None), getattr(config, "decoder", None)):
        found = getattr(part, "eos_token_id", None) if part is not None else None
        if found is not None:
            return int(found)
    return None


def _cross(known: Published, options: QueryOptions, card: TorchCard) -> Any:
    """A picture's encoder and a text decoder that attends to it: ViT and GPT-2."""
    with translated(building=True):
        if options.weights == "pretrained":
            model = VisionEncoderDecoderModel.from_pretrained(known.name, dtype=card.dtype).to(card.device)
        else:
            parts = {name: _part_config(values) for name, values in known.parts.items()}
            config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(parts["encoder"], parts["decoder"])
            model = random_model(VisionEncoderDecoderModel, config, card)
        model = compiled(model.eval().requires_grad_(requires_grad=False), options)
    start = model.config.decoder.bos_token_id

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        pixels = inputs["pixel_values"]
        return _ids(pixels, start), None, {"encoder_outputs": model.encoder(pixel_values=pixels)}

    return model, model, begin, "decoder_input_ids"


def _part_config(values: Any) -> Any:
    """Return the configuration of a part: its numbers and its model_type."""
    numbers = {name: value for name, value in values.items() if name != "model_type"}
    return build_config(Published("", "", model_type=values["model_type"], config=numbers))


def _blip(known: Published, options: QueryOptions, card: TorchCard) -> Any:
    """BLIP: the text decoder is a model of its own, which attends to the picture's states."""
    model = build_model(BlipForConditionalGeneration, known, options, card)
    start = model.config.text_config.bos_token_id

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        pixels = inputs["pixel_values"]
        states = model.vision_model(pixel_values=pixels).last_hidden_state
        return _ids(pixels, start), None, {"encoder_hidden_states": states}

    return model, model.text_decoder, begin, "input_ids"


def _prefix(known: Published, options: QueryOptions, card: TorchCard) -> Any:
    """GIT: the picture's states stand in front of the text."""
    model = build_model(AutoModelForCausalLM, known, options, card)
    start = model.config.bos_token_id

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        ids = _ids(inputs["pixel_values"], start)
        return ids, torch.ones_like(ids), {"pixel_values": inputs["pixel_values"]}

    return model, model, begin, "input_ids"


def _chat(known: Published, options: QueryOptions, card: TorchCard) -> Any:
    """LLaVA: the picture's states stand for marked tokens of a question."""
    model = build_model(AutoModelForImageTextToText, known, options, card)
    config = model.config
    vision = config.vision_config
    pictures = (vision.image_size // vision.patch_size) ** 2
    if config.vision_feature_select_strategy != "default":
        pictures += 1
    if options.weights == "pretrained":
        raise UnsupportedError("a chat model's own question is not implemented: --weights random")
    question = [config.image_token_id] * pictures + list(range(1, _QUESTION_TOKENS + 1))

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        ids = _ids(inputs["pixel_values"], *question)
        return ids, torch.ones_like(ids), {"pixel_values": inputs["pixel_values"]}

    return model, model, begin, "input_ids"
