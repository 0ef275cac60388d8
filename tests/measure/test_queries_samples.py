"""Samples without a network: as long and large as the data sets say, and the same for the same seed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from builder.problems import UserError
from measure.data_sets import DATA_SETS, Field
from measure.queries import TASK_NAMES
from measure.samples import (
    TOKENS_PER_WORD,
    VOCABULARY_SIZE,
    hub_samples,
    quantiles,
    samples_of,
    synthetic_samples,
    vocabulary,
)


def test_few_quantiles_have_the_mean_of_many() -> None:
    field = Field("words", 120.0, 0.6)
    for count in (1, 4, 333):
        lengths = quantiles(field, count)
        assert sum(lengths) / count == pytest.approx(120.0)
        assert lengths == sorted(lengths)
    assert quantiles(field, 0) == []


def test_three_quantiles_of_a_log_normal_distribution() -> None:
    # exp(-s z), 1, exp(s z) for s = 1 and z = 0.96742, the quantile of 5/6, scaled to a mean of 10.
    assert quantiles(Field("words", 10.0, 1.0), 3) == pytest.approx([2.84, 7.474, 19.67], abs=0.02, rel=0.04)


def test_a_third_of_the_samples_comes_from_each_data_set() -> None:
    lengths = sorted(len(sample["text"].split()) for sample in synthetic_samples("summarization", 7, 0))
    # Three of 585.75 words on average, two of 94, two of 4,938, each word 4/3 tokens.
    assert len(lengths) == 7
    assert sum(lengths[:2]) == pytest.approx(2 * 94 * TOKENS_PER_WORD, abs=2)
    assert sum(lengths[2:5]) == pytest.approx(3 * 585.75 * TOKENS_PER_WORD, abs=2)
    assert sum(lengths[5:]) == pytest.approx(2 * 4938 * TOKENS_PER_WORD, abs=2)


@pytest.mark.parametrize("task", TASK_NAMES)
def test_every_task_has_three_data_sets_whose_samples_have_the_columns_fields(task: str) -> None:
    assert len(DATA_SETS[task]) == 3
    names = {frozenset(data_set.columns) for data_set in DATA_SETS[task]}
    assert names == {frozenset(data_set.fields) for data_set in DATA_SETS[task]}
    samples = synthetic_samples(task, 3, 0)
    assert {frozenset(sample) for sample in samples} == names


def test_the_same_seed_makes_the_same_samples() -> None:
    assert synthetic_samples("text_generation", 9, 1) == synthetic_samples("text_generation", 9, 1)
    assert synthetic_samples("text_generation", 9, 1) != synthetic_samples("text_generation", 9, 2)


def test_pictures_and_recordings_have_their_sizes() -> None:
    beans = [sample["image"] for sample in synthetic_samples("image_classification", 3, 0)]
    assert (500, 500, 3) in [picture.shape for picture in beans]
    assert {picture.dtype for picture in beans} == {np.dtype(np.uint8)}
    seconds = sorted(len(sample["audio"]) / 16000 for sample in synthetic_samples("speech_recognition", 3, 0))
    assert seconds == pytest.approx([5.4, 7.4, 12.0], abs=0.001)


def test_synthetic_words_are_all_different() -> None:
    assert len(set(vocabulary())) == VOCABULARY_SIZE


def test_samples_from_the_hub_need_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UserError) as caught:
        samples_of("text_generation", "hub", 3, 0)
    assert str(caught.value) == (
        "--samples hub needs the library datasets.\n  fix: pip install datasets, or --samples synthetic."
    )


class FakeStream(list[dict[str, object]]):
    """What the library returns, as far as samples ask of it."""

    def shuffle(self, seed: int, buffer_size: int) -> FakeStream:
        return self

    def cast_column(self, column: str, kind: object) -> FakeStream:
        return self


def test_samples_from_the_hub_are_renamed_and_empty_ones_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        @staticmethod
        def load_dataset(path: str, config: str | None, split: str, streaming: bool) -> FakeStream:
            column = "prompt" if path.startswith("HuggingFaceH4") else "text"
            return FakeStream([{column: " "}, {column: f"{path} {config} {split}"}, {column: "more"}])

    monkeypatch.setitem(sys.modules, "datasets", Library)
    assert sorted(sample["text"] for sample in hub_samples("text_generation", 3, 0)) == [
        "HuggingFaceH4/ultrachat_200k None test_sft",
        "Salesforce/wikitext wikitext-103-raw-v1 test",
        "oscar-corpus/OSCAR-2201 en train",
    ]


def test_a_data_set_that_cannot_be_read_is_an_error_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        @staticmethod
        def load_dataset(path: str, *_: object, **__: object) -> FakeStream:
            raise ConnectionError("no network")

    monkeypatch.setitem(sys.modules, "datasets", Library)
    with pytest.raises(UserError) as caught:
        hub_samples("image_to_text", 3, 0)
    assert str(caught.value) == (
        "the data set HuggingFaceM4/COCO cannot be read: ConnectionError: no network\n"
        "  fix: see that this machine has network and the set's terms are accepted, or --samples synthetic."
    )
