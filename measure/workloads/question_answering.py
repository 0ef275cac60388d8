"""Extractive question answering: an encoder marks the answer in a passage, or a general decoder writes it."""

from __future__ import annotations

from transformers import AutoModelForQuestionAnswering

from measure.published import published
from measure.queries import QueryOptions, QueryWorkload
from measure.workloads.forward import ForwardQueries
from measure.workloads.hugging_face import build_model, tokenizer_for
from measure.workloads.summarization import writer_queries
from measure.workloads.text_generation import decoder_queries
from measure.workloads.torch_card import TorchCard, versions

__all__ = ["build", "versions"]

_TASK = "question_answering"
_PROMPT = "context: {context} question: {question} answer:"


def build(model: str, options: QueryOptions, device: str = "cuda") -> QueryWorkload:
    """Put a model on the card: its way says whether it marks the answer or writes it without an example."""
    known = published(_TASK, model)
    if known.way == "decoder":
        return decoder_queries(_TASK, model, options, device, _PROMPT)
    if known.way == "encoder-decoder":
        return writer_queries(_TASK, model, options, device, _PROMPT)
    card = TorchCard(device, options.precision, options.seed)
    encoder = build_model(AutoModelForQuestionAnswering, known, options, card)
    tokenizer = tokenizer_for(known, options, encoder.config.vocab_size)
    return ForwardQueries(
        card,
        encoder,
        lambda samples: tokenizer(
            [sample["question"] for sample in samples],
            [sample["context"] for sample in samples],
            padding=True,
            truncation="only_second",
            max_length=known.max_tokens,
            return_tensors="pt",
            return_token_type_ids=False,
        ),
    )
