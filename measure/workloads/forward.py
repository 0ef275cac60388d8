"""Queries that a model answers in one forward pass: two phases, and everything but the inputs shared by tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from measure.queries import Sample
from measure.workloads.torch_card import TorchCard, translated


class ForwardQueries:
    """A model whose answer is one pass, with what turns samples into its inputs.

    Args:
        card: Where it runs.
        model: On the card.
        prepare: From a batch's samples to named tensors.
        answer: From the model and the tensors on the card to the answer; the model's own call by default.
    """

    phases = ("preprocess", "forward")

    def __init__(
        self,
        card: TorchCard,
        model: Any,
        prepare: Callable[[Sequence[Sample]], Any],
        answer: Callable[[Any, dict[str, Any]], Any] | None = None,
    ) -> None:
        self._card = card
        self._model = model
        self._prepare = prepare
        self._answer = answer or (lambda model, inputs: model(**inputs))

    def run(self, phase: str, work: Any) -> Any:
        """Prepare a batch's tensors on the card, or answer it; nothing is kept of the answer."""
        with translated(), torch.inference_mode():
            result = self._card.put(self._prepare(work)) if phase == "preprocess" else None
            if phase == "forward":
                self._answer(self._model, work)
            self._card.wait()
            return result

    def output_tokens(self, work: Any) -> int | None:  # noqa: ARG002 - there are none
        """Return None: no tokens are made."""
        return None

    def memory_mib(self) -> float:
        """Return the card's peak."""
        return self._card.memory_mib()

    def close(self) -> None:
        """Drop the model."""
        self._model = self._prepare = self._answer = None  # type: ignore[assignment]
        self._card.free()
