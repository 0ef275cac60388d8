"""From a published configuration to a transformers model on the card, and to a tokenizer for synthetic text."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoConfig, AutoTokenizer, PreTrainedTokenizerFast

from measure.published import Published
from measure.queries import QueryOptions
from measure.samples import VOCABULARY_SIZE, vocabulary
from measure.workload import UnsupportedError
from measure.workloads.torch_card import TorchCard, translated

_SPECIAL_TOKENS = ("[PAD]", "[CLS]", "[SEP]", "[UNK]")


def build_config(published: Published) -> Any:
    """Return transformers' configuration of a published model."""
    return AutoConfig.for_model(published.model_type, **published.config)


def build_model(model_class: Any, published: Published, options: QueryOptions, card: TorchCard) -> Any:
    """Put a transformers model on the card: from its configuration with random weights, or from the hub.

    Args:
        model_class: The Auto class of the task, or the model's own class.
        published: What the model is.
        options: How it runs.
        card: Where it runs.

    Raises:
        BuildFailedError, OutOfMemoryError: It could not be built.
        UnsupportedError: The runtime is not one of queries.
    """
    with translated(building=True):
        if options.weights == "pretrained":
            model = model_class.from_pretrained(published.name, dtype=card.dtype).to(card.device)
        else:
            model = random_model(model_class, build_config(published), card)
        return compiled(model.eval().requires_grad_(requires_grad=False), options)


def random_model(model_class: Any, config: Any, card: TorchCard) -> Any:
    """Build a model right on the card, in its precision: weights of transformers' own initialisation."""
    build = getattr(model_class, "from_config", None) or model_class._from_config
    try:
        with card.device:
            return build(config, dtype=card.dtype).to(card.device)
    except torch.cuda.OutOfMemoryError:
        raise
    except (RuntimeError, TypeError):
        # A few models mix in arrays of the host and cannot be built on the card.
        return build(config, dtype=card.dtype).to(card.device)


def compiled(model: Any, options: QueryOptions) -> Any:
    """Compile a model's forward pass where the runtime does; shapes that change are compiled once for all.

    Raises:
        UnsupportedError: The runtime is not one of queries.
    """
    if options.runtime == "torchcompile":
        # What was compiled for earlier models of the class counts against the limit beyond which code runs eager.
        torch._dynamo.reset()
        model.forward = torch.compile(model.forward)
    elif options.runtime != "pytorch":
        msg = f"queries run in pytorch or torchcompile, not {options.runtime}"
        raise UnsupportedError(msg)
    return model


def tokenizer_for(published: Published, options: QueryOptions, vocabulary_size: int, *, left: bool = False) -> Any:
    """Return the model's own tokenizer from the hub, or one that gives synthetic words a token each.

    Args:
        published: What the model is.
        options: Which samples.
        vocabulary_size: Of the model: the tokens are spread over it.
        left: Pad on the left, for models that go on writing.
    """
    if options.samples == "hub":
        with translated(building=True):
            tokenizer = AutoTokenizer.from_pretrained(published.name)
    else:
        tokenizer = synthetic_tokenizer(vocabulary_size, published.max_tokens, pair=not left)
    if left:
        tokenizer.padding_side = "left"
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    return tokenizer


def synthetic_tokenizer(vocabulary_size: int, max_tokens: int, *, pair: bool) -> PreTrainedTokenizerFast:
    """Return a tokenizer whose words are the synthetic ones, spread evenly over a model's vocabulary."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    first = len(_SPECIAL_TOKENS)
    words = vocabulary()
    if vocabulary_size < first + VOCABULARY_SIZE:
        words = words[: vocabulary_size - first]
    step = (vocabulary_size - first) // len(words)
    table = {token: number for number, token in enumerate(_SPECIAL_TOKENS)}
    table |= {word: first + number * step for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(table, unk_token="[UNK]"))  # noqa: S106 - no secret
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    if pair:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[(token, table[token]) for token in ("[CLS]", "[SEP]")],
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        eos_token="[SEP]",  # noqa: S106
        model_max_length=max_tokens,
    )
