"""Speech recognition: a decoder writes up to 100 tokens of what was said, or a classifier names every moment."""

from __future__ import annotations

from typing import Any

import transformers
from transformers import AutoFeatureExtractor, AutoModelForCTC, AutoModelForSpeechSeq2Seq

from measure.published import Published, published
from measure.queries import QueryOptions, QueryWorkload
from measure.samples import SAMPLE_RATE_HZ
from measure.workloads.forward import ForwardQueries
from measure.workloads.generation import GeneratingQueries, Writing
from measure.workloads.hugging_face import build_model
from measure.workloads.torch_card import TorchCard, translated, versions

__all__ = ["build", "versions"]

_TASK = "speech_recognition"
NEW_TOKENS = 100


def build(model: str, options: QueryOptions, device: str = "cuda") -> QueryWorkload:
    """Put a model on the card: its way says whether it writes or classifies (connectionist temporal classification)."""
    known = published(_TASK, model)
    card = TorchCard(device, options.precision, options.seed)
    extractor = _extractor(known, options)

    def prepare(samples: Any) -> Any:
        return extractor(
            [sample["audio"] for sample in samples],
            sampling_rate=SAMPLE_RATE_HZ,
            return_tensors="pt",
            **({"padding": True} if known.way == "ctc" else {}),
        )

    if known.way == "ctc":
        return ForwardQueries(card, build_model(AutoModelForCTC, known, options, card), prepare)
    writer = build_model(AutoModelForSpeechSeq2Seq, known, options, card)
    encoder, start = writer.get_encoder(), writer.config.decoder_start_token_id

    def begin(inputs: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        features = inputs["input_features"]
        ids = features.new_full((features.shape[0], 1), start).long()
        return ids, None, {"encoder_outputs": encoder(features)}

    # Random weights do not know when a sentence ends: they write all tokens.
    stop = writer.config.eos_token_id if options.weights == "pretrained" else None
    return GeneratingQueries(card, writer, prepare, Writing(begin, NEW_TOKENS, "decoder_input_ids", stop))


def _extractor(known: Published, options: QueryOptions) -> Any:
    with translated(building=True):
        if options.weights == "pretrained":
            return AutoFeatureExtractor.from_pretrained(known.name)
        values = dict(known.processor)
        return getattr(transformers, values.pop("name"))(**values)
