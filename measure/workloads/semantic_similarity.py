"""Semantic similarity: an encoder turns two sentences into vectors, and the cosine of their angle is the answer."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModel, T5EncoderModel

from measure.published import published
from measure.queries import QueryOptions
from measure.workloads.forward import ForwardQueries
from measure.workloads.hugging_face import build_model, tokenizer_for
from measure.workloads.torch_card import TorchCard, versions

__all__ = ["build", "versions"]

_TASK = "semantic_similarity"


def build(model: str, options: QueryOptions, device: str = "cuda") -> ForwardQueries:
    """Put an encoder on the card; a pair's two sentences run as one batch of two."""
    known = published(_TASK, model)
    card = TorchCard(device, options.precision, options.seed)
    encoder = build_model(T5EncoderModel if known.model_type == "t5" else AutoModel, known, options, card)
    tokenizer = tokenizer_for(known, options, encoder.config.vocab_size)
    return ForwardQueries(
        card,
        encoder,
        lambda samples: tokenizer(
            [sample[side] for side in ("first", "second") for sample in samples],
            padding=True,
            truncation=True,
            max_length=known.max_tokens,
            return_tensors="pt",
            return_token_type_ids=False,
        ),
        _cosine,
    )


def _cosine(encoder: Any, inputs: dict[str, Any]) -> Any:
    """Return the cosines of first and second sentences: means over tokens that are not padding."""
    states = encoder(**inputs).last_hidden_state
    weights = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
    first, second = ((states * weights).sum(1) / weights.sum(1)).chunk(2)
    return torch.nn.functional.cosine_similarity(first, second)
