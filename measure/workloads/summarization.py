"""Summarization: an encoder reads a document and a decoder writes ten tokens of its summary, greedily."""

from __future__ import annotations

from typing import Any

from transformers import AutoModelForSeq2SeqLM

from measure.published import published
from measure.queries import QueryOptions
from measure.workloads.generation import GeneratingQueries, Writing
from measure.workloads.hugging_face import build_model, tokenizer_for
from measure.workloads.torch_card import TorchCard, versions

__all__ = ["build", "versions", "writer_queries"]

# Minimum and maximum alike: the AI Energy Score's summarization.yaml.
NEW_TOKENS = 10
_TASK = "summarization"


def build(model: str, options: QueryOptions, device: str = "cuda") -> GeneratingQueries:
    """Put an encoder and its decoder on the card."""
    # T5's paper names the task in front of the text; one more word costs the others nothing.
    return writer_queries(_TASK, model, options, device, "summarize: {text}")


def writer_queries(task: str, model: str, options: QueryOptions, device: str, prompt: str) -> GeneratingQueries:
    """Put an encoder-decoder on the card that answers any task's samples by writing.

    Args:
        task: Where its configuration stands.
        model: The model.
        options: How it runs.
        device: Where it runs.
        prompt: A text in which the fields of a sample are filled in.
    """
    known = published(task, model)
    card = TorchCard(device, options.precision, options.seed)
    writer = build_model(AutoModelForSeq2SeqLM, known, options, card)
    tokenizer = tokenizer_for(known, options, writer.config.vocab_size)
    encoder = writer.get_encoder()
    start = writer.config.decoder_start_token_id

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        encoded = encoder(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
        ids = inputs["input_ids"].new_full((inputs["input_ids"].shape[0], 1), start)
        return ids, None, {"encoder_outputs": encoded, "attention_mask": inputs["attention_mask"]}

    return GeneratingQueries(
        card,
        writer,
        lambda samples: tokenizer(
            [prompt.format(**sample) for sample in samples],
            padding=True,
            truncation=True,
            max_length=known.max_tokens,
            return_tensors="pt",
        ),
        Writing(begin, NEW_TOKENS, "decoder_input_ids"),
    )
