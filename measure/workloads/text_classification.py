"""Text classification: an encoder with a classifier, or a general model that weighs entailments or writes the label."""

from __future__ import annotations

from transformers import AutoModelForSequenceClassification

from measure.published import published
from measure.queries import QueryOptions, QueryWorkload
from measure.workloads.forward import ForwardQueries
from measure.workloads.hugging_face import build_model, tokenizer_for
from measure.workloads.summarization import writer_queries
from measure.workloads.text_generation import decoder_queries
from measure.workloads.torch_card import TorchCard, versions

__all__ = ["build", "versions"]

_TASK = "text_classification"
# The labels that the three data sets share.
LABELS = ("negative", "neutral", "positive")
# transformers' zero-shot pipeline asks whether the text entails this, once for each label.
_HYPOTHESIS = "This example is {}."
_PROMPT = "text: {text} Is this negative, neutral or positive? answer:"


def build(model: str, options: QueryOptions, device: str = "cuda") -> QueryWorkload:
    """Put a model on the card: its way says whether it classifies, weighs entailments, or writes the label."""
    known = published(_TASK, model)
    if known.way == "decoder":
        return decoder_queries(_TASK, model, options, device, _PROMPT)
    if known.way == "encoder-decoder":
        return writer_queries(_TASK, model, options, device, _PROMPT)
    card = TorchCard(device, options.precision, options.seed)
    classifier = build_model(AutoModelForSequenceClassification, known, options, card)
    classifier.config.pad_token_id = 0 if options.samples == "synthetic" else classifier.config.pad_token_id
    tokenizer = tokenizer_for(known, options, classifier.config.vocab_size)
    asked = [_HYPOTHESIS.format(label) for label in LABELS] if known.way == "entailment" else []
    return ForwardQueries(
        card,
        classifier,
        lambda samples: tokenizer(
            [sample["text"] for sample in samples for _ in asked or [""]],
            asked * len(samples) or None,
            padding=True,
            truncation="only_first" if asked else True,
            max_length=known.max_tokens,
            return_tensors="pt",
            return_token_type_ids=False,
        ),
    )
