"""From a task's data sets to samples: synthetic ones of the same lengths and sizes, or those of the data sets."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import islice
from statistics import NormalDist
from typing import Any

import numpy as np

from builder.problems import UserError
from measure.data_sets import DATA_SETS, DataSet, Field
from measure.queries import Sample

# "A token is about three quarters of a word" of English: OpenAI's tokenizer page. A synthetic word is one token, so
# that a text is as long for every model as it would be for most.
TOKENS_PER_WORD = 4 / 3
SAMPLE_RATE_HZ = 16000
# Words of three syllables: enough that embeddings are read from everywhere, as with real text.
_SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")
VOCABULARY_SIZE = 4096
# Loudness of speech that fills the range: noise at this standard deviation.
_NOISE = 0.1


def synthetic_samples(task: str, count: int, seed: int) -> list[Sample]:
    """Make samples of the lengths and sizes of the task's data sets, a third from each, in shuffled order.

    Lengths are the evenly spaced quantiles of a log-normal distribution, not draws from it: the mean of few samples is
    that of many.

    Args:
        task: A task.
        count: Samples, at least one of each data set.
        seed: Of the order and the content; the lengths do not depend on it.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    samples: list[Sample] = []
    for number, data_set in enumerate(DATA_SETS[task]):
        share = _share(count, number)
        columns = {}
        for name, field in data_set.fields.items():
            amounts = quantiles(field, share)
            chance.shuffle(amounts)
            columns[name] = [_content(field, amount, chance) for amount in amounts]
        samples += [{name: columns[name][index] for name in columns} for index in range(share)]
    chance.shuffle(samples)
    return samples


def hub_samples(task: str, count: int, seed: int) -> list[Sample]:
    """Take samples from the task's data sets, a third from each, in shuffled order.

    Raises:
        UserError: The library `datasets` is missing, or a data set cannot be read.
    """
    try:
        import datasets
    except ImportError as error:
        msg = "--samples hub needs the library datasets.\n  fix: pip install datasets, or --samples synthetic."
        raise UserError(msg) from error
    chance = random.Random(seed)  # noqa: S311 - no secret
    samples: list[Sample] = []
    for number, data_set in enumerate(DATA_SETS[task]):
        try:
            stream = datasets.load_dataset(
                data_set.path, data_set.config or None, split=data_set.split, streaming=True
            ).shuffle(seed=seed, buffer_size=1000)
            if "audio" in data_set.columns:
                stream = stream.cast_column(data_set.columns["audio"], datasets.Audio(sampling_rate=SAMPLE_RATE_HZ))
            samples += [_renamed(row, data_set) for row in islice(_usable(stream, data_set), _share(count, number))]
        except Exception as error:  # the library raises whatever its readers and the network raise
            msg = (
                f"the data set {data_set.path} cannot be read: {type(error).__name__}: {error}\n"
                "  fix: see that this machine has network and the set's terms are accepted, or --samples synthetic."
            )
            raise UserError(msg) from error
    chance.shuffle(samples)
    return samples


def samples_of(task: str, kind: str, count: int, seed: int) -> list[Sample]:
    """Return samples of a kind: synthetic or hub."""
    return {"synthetic": synthetic_samples, "hub": hub_samples}[kind](task, count, seed)


def quantiles(field: Field, count: int) -> list[float]:
    """Return evenly spaced quantiles of a field's distribution, ascending, with exactly its mean."""
    if count == 0:
        return []
    normal = NormalDist()
    raw = [math.exp(field.spread * normal.inv_cdf((index + 0.5) / count)) for index in range(count)]
    scale = field.mean * count / sum(raw)
    return [scale * value for value in raw]


def vocabulary() -> tuple[str, ...]:
    """Return the synthetic words."""
    base = len(_SYLLABLES)
    return tuple(
        _SYLLABLES[number % base] + _SYLLABLES[number // base % base] + _SYLLABLES[(number * 31 + 7) % base]
        for number in range(VOCABULARY_SIZE)
    )


_VOCABULARY = vocabulary()


def _content(field: Field, amount: float, chance: random.Random) -> Any:
    if field.kind == "words":
        return " ".join(chance.choices(_VOCABULARY, k=max(1, round(amount * TOKENS_PER_WORD))))
    source = np.random.default_rng(chance.getrandbits(32))
    if field.kind == "seconds":
        return (_NOISE * source.standard_normal(round(amount * SAMPLE_RATE_HZ))).astype(np.float32)
    width = max(32, round(amount))
    height = max(32, round(amount * field.aspect))
    return source.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _share(count: int, number: int) -> int:
    """Return how many of `count` samples the data set of this number gives."""
    data_sets = 3
    return (count - number + data_sets - 1) // data_sets


def _usable(stream: Any, data_set: DataSet) -> Any:
    """Leave out rows without text: WikiText has many."""
    return (row for row in stream if all(_filled(row[column]) for column in data_set.columns.values()))


def _filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _renamed(row: Sequence[Any] | dict[str, Any], data_set: DataSet) -> Sample:
    content: dict[str, Any] = dict(row)
    sample: dict[str, Any] = {}
    for name, column in data_set.columns.items():
        value = content[column]
        if name == "audio":
            value = np.asarray(value["array"], dtype=np.float32)
        elif name == "image":
            value = np.asarray(value.convert("RGB"))
        sample[name] = value
    return sample
