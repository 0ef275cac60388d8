"""Queries that a model answers token by token: prefill and decode as phases of their own, greedily, with a cache."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from measure.queries import Sample
from measure.workloads.torch_card import TorchCard, translated


@dataclass(frozen=True)
class Read:
    """A batch whose input was read: what decoding starts from.

    Attributes:
        cache: Keys and values of all that was read.
        token: The first new token of each query, shape (batch, 1).
        fixed: Inputs that every later step gets too.
        mask: Attention mask of what was read, shape (batch, tokens); None where the model takes none.
        made: Tokens made so far, the same for each query.
    """

    cache: Any
    token: Any
    fixed: dict[str, Any]
    mask: Any
    made: int


@dataclass(frozen=True)
class Writing:
    """How a model begins to write and when it ends.

    Attributes:
        begin: From the tensors on the card to the decoder's first inputs: ids, attention mask or None, fixed inputs.
        new_tokens: Tokens to write.
        ids_name: What the decoder calls its ids.
        stop_token: Ends a query; None to write all tokens whatever comes.
    """

    begin: Callable[[dict[str, Any]], tuple[Any, Any, dict[str, Any]]]
    new_tokens: int
    ids_name: str = "input_ids"
    stop_token: int | None = None


class GeneratingQueries:
    """A model that writes a given number of tokens.

    It writes all of them, or fewer where every query of the batch has come to its stop token.

    Args:
        card: Where it runs.
        model: Its decoder: takes ids, past_key_values and what `writing` fixes, returns logits.
        prepare: From a batch's samples to named tensors.
        writing: How it begins and ends.
    """

    phases = ("preprocess", "prefill", "decode")

    def __init__(
        self, card: TorchCard, model: Any, prepare: Callable[[Sequence[Sample]], Any], writing: Writing
    ) -> None:
        self._card = card
        self._model = model
        self._prepare = prepare
        self._writing = writing
        names = inspect.signature(type(model).forward).parameters
        self._takes_positions = "position_ids" in names
        self._last_logits = {"logits_to_keep": 1} if "logits_to_keep" in names else {}

    def run(self, phase: str, work: Any) -> Any:
        """Prepare a batch, read it, or write its tokens after the first."""
        with translated(), torch.inference_mode():
            if phase == "preprocess":
                result: Any = self._card.put(self._prepare(work))
            elif phase == "prefill":
                result = self._read(work)
            else:
                result = self._write(work)
            self._card.wait()
            return result

    def output_tokens(self, work: Read) -> int:
        """Return the tokens written for a batch."""
        return work.made * int(work.token.shape[0])

    def memory_mib(self) -> float:
        """Return the card's peak."""
        return self._card.memory_mib()

    def close(self) -> None:
        """Drop the model."""
        self._model = self._prepare = self._writing = None  # type: ignore[assignment]
        self._card.free()

    def _read(self, inputs: dict[str, Any]) -> Read:
        ids, mask, fixed = self._writing.begin(inputs)
        output = self._model(**{self._writing.ids_name: ids}, **self._beside(mask, 0), **fixed, use_cache=True)
        # What only the first step needs: the picture or the sound is in the cache now.
        later = {name: value for name, value in fixed.items() if name not in ("pixel_values", "input_features")}
        return Read(output.past_key_values, _greedy(output), later, mask, 1)

    def _write(self, read: Read) -> Read:
        token, mask, made = read.token, read.mask, read.made
        ended = torch.zeros_like(token, dtype=torch.bool)
        while made < self._writing.new_tokens:
            if self._writing.stop_token is not None:
                ended |= token == self._writing.stop_token
                if bool(ended.all()):
                    break
            if mask is not None:
                mask = torch.cat((mask, mask.new_ones(mask.shape[0], 1)), dim=1)
            output = self._model(
                **{self._writing.ids_name: token},
                **self._beside(mask, 1),
                **read.fixed,
                past_key_values=read.cache,
                use_cache=True,
            )
            token = _greedy(output)
            made += 1
        # As it was before: the phase may be measured again.
        if made > read.made:
            read.cache.crop(read.made - made)
        return Read(read.cache, read.token, read.fixed, read.mask, made)

    def _beside(self, mask: Any, new: int) -> dict[str, Any]:
        """Return the mask and the positions that it implies: of the last `new` tokens, or of all."""
        if mask is None:
            return dict(self._last_logits)
        beside = {"attention_mask": mask} | self._last_logits
        if self._takes_positions:
            positions = (mask.long().cumsum(-1) - 1).clamp(min=0)
            beside["position_ids"] = positions[:, -new:] if new else positions
        return beside


def _greedy(output: Any) -> Any:
    return output.logits[:, -1:].argmax(-1)
