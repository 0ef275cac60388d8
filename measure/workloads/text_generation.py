"""Text generation: a decoder reads a prompt and writes ten more tokens, greedily."""

from __future__ import annotations

from transformers import AutoModelForCausalLM

from measure.published import published
from measure.queries import QueryOptions
from measure.workloads.generation import GeneratingQueries, Writing
from measure.workloads.hugging_face import build_model, tokenizer_for
from measure.workloads.torch_card import TorchCard, versions

__all__ = ["build", "decoder_queries", "versions"]

# Minimum and maximum alike: the AI Energy Score's text_generation.yaml.
NEW_TOKENS = 10
_TASK = "text_generation"


def build(model: str, options: QueryOptions, device: str = "cuda") -> GeneratingQueries:
    """Put a decoder on the card."""
    return decoder_queries(_TASK, model, options, device, "{text}")


def decoder_queries(task: str, model: str, options: QueryOptions, device: str, prompt: str) -> GeneratingQueries:
    """Put a decoder on the card that answers any task's samples by writing.

    Args:
        task: Where its configuration stands.
        model: The model.
        options: How it runs.
        device: Where it runs.
        prompt: A text in which the fields of a sample are filled in.
    """
    known = published(task, model)
    card = TorchCard(device, options.precision, options.seed)
    decoder = build_model(AutoModelForCausalLM, known, options, card)
    tokenizer = tokenizer_for(known, options, decoder.config.vocab_size, left=True)
    longest = known.max_tokens - NEW_TOKENS
    return GeneratingQueries(
        card,
        decoder,
        lambda samples: tokenizer(
            [prompt.format(**sample) for sample in samples],
            padding=True,
            truncation=True,
            max_length=longest,
            return_tensors="pt",
        ),
        Writing(lambda inputs: (inputs["input_ids"], inputs["attention_mask"], {}), NEW_TOKENS),
    )
