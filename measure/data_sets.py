"""The three data sets behind each task's samples: where they lie, and how long or large their samples are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# A figure of ours, not a published one: from the look of the data set's samples.
ESTIMATE = "estimate"

Kind = Literal["words", "seconds", "image"]


@dataclass(frozen=True)
class Field:
    """What a sample holds under a name, and how much of it.

    Attributes:
        kind: words of text, seconds of speech, or an image.
        mean: Of words or seconds; of an image's width in pixels.
        spread: Standard deviation of the natural logarithm: 0.5 to 0.8 is usual for texts.
        source: Where the mean was published, or ESTIMATE.
        aspect: Of an image: height over width.
    """

    kind: Kind
    mean: float
    spread: float
    source: str = ESTIMATE
    aspect: float = 0.75


@dataclass(frozen=True)
class DataSet:
    """A data set of a task.

    Attributes:
        key: As in task.toml.
        path: Its name on Hugging Face.
        config: Its configuration there; "" for the only one.
        split: The split that samples are taken from.
        columns: Our names of a sample's fields, and theirs.
        fields: How much synthetic samples hold.
    """

    key: str
    path: str
    config: str
    split: str
    columns: Mapping[str, str]
    fields: Mapping[str, Field]


def _text(mean: float, spread: float = 0.6, source: str = ESTIMATE) -> dict[str, Field]:
    return {"text": Field("words", mean, spread, source)}


def _question(context: float, question: float, source: str) -> dict[str, Field]:
    return {"question": Field("words", question, 0.35, source), "context": Field("words", context, 0.4, source)}


def _pair(first: float, second: float, spread: float, source: str = ESTIMATE) -> dict[str, Field]:
    return {"first": Field("words", first, spread, source), "second": Field("words", second, spread, source)}


def _image(width: float, aspect: float = 0.75, spread: float = 0.15, source: str = ESTIMATE) -> dict[str, Field]:
    return {"image": Field("image", width, spread, source, aspect)}


def _prompt(words: float, spread: float) -> dict[str, Field]:
    return {"prompt": Field("words", words, spread)}


def _speech(seconds: float, spread: float, source: str) -> dict[str, Field]:
    return {"audio": Field("seconds", seconds, spread, source)}


_T, _Q, _I, _A = (
    {"text": "text"},
    {"question": "question", "context": "context"},
    {"image": "image"},
    {"audio": "audio"},
)

DATA_SETS: dict[str, tuple[DataSet, DataSet, DataSet]] = {
    "text_generation": (
        DataSet("wikitext", "Salesforce/wikitext", "wikitext-103-raw-v1", "test", _T, _text(90)),
        DataSet("oscar", "oscar-corpus/OSCAR-2201", "en", "train", _T, _text(400, 0.8)),
        DataSet("ultrachat", "HuggingFaceH4/ultrachat_200k", "", "test_sft", {"text": "prompt"}, _text(140, 0.9)),
    ),
    "summarization": (
        DataSet(
            "cnn-dailymail",
            "abisee/cnn_dailymail",
            "3.0.0",
            "test",
            {"text": "article"},
            _text(781 * 0.75, 0.5, "781 tokens, three quarters of them words: https://arxiv.org/abs/1704.04368"),
        ),
        DataSet("samsum", "Samsung/samsum", "", "test", {"text": "dialogue"}, _text(94, 0.6, ESTIMATE)),
        DataSet(
            "arxiv",
            "ccdv/arxiv-summarization",
            "",
            "test",
            {"text": "article"},
            _text(4938, 0.5, "https://arxiv.org/abs/1804.05685"),
        ),
    ),
    "question_answering": (
        DataSet("squad-v2", "rajpurkar/squad_v2", "", "validation", _Q, _question(120, 10, ESTIMATE)),
        DataSet("xtreme", "google/xtreme", "SQuAD", "validation", _Q, _question(120, 10, ESTIMATE)),
        DataSet("squadshifts", "squadshifts", "new_wiki", "test", _Q, _question(120, 9, ESTIMATE)),
    ),
    "text_classification": (
        DataSet("imdb", "stanfordnlp/imdb", "", "test", _T, _text(230, 0.6)),
        DataSet("tweeteval", "cardiffnlp/tweet_eval", "sentiment", "test", _T, _text(19, 0.4)),
        DataSet("yelp", "Yelp/yelp_review_full", "", "test", _T, _text(135, 0.75)),
    ),
    "semantic_similarity": (
        DataSet(
            "stsb",
            "sentence-transformers/stsb",
            "",
            "test",
            {"first": "sentence1", "second": "sentence2"},
            _pair(11, 11, 0.45),
        ),
        DataSet(
            "sentence-compression",
            "sentence-transformers/sentence-compression",
            "",
            "train",
            {"first": "text", "second": "simplified"},
            _pair(25, 10, 0.35),
        ),
        DataSet(
            "phrase-similarity",
            "PiC/phrase_similarity",
            "",
            "test",
            {"first": "sentence1", "second": "sentence2"},
            _pair(22, 22, 0.5),
        ),
    ),
    "image_classification": (
        DataSet("imagenet", "ILSVRC/imagenet-1k", "", "validation", _I, _image(469, 387 / 469)),
        DataSet("food-101", "ethz/food101", "", "validation", _I, _image(496, 0.95, 0.05)),
        DataSet(
            "beans",
            "AI-Lab-Makerere/beans",
            "",
            "test",
            _I,
            _image(500, 1.0, 0.0, "https://github.com/AI-Lab-Makerere/ibean"),
        ),
    ),
    "object_detection": (
        DataSet("coco-2017", "detection-datasets/coco", "", "val", _I, _image(578, 0.84)),
        DataSet("visual-genome", "ranjaykrishna/visual_genome", "objects_v1.2.0", "train", _I, _image(500, 0.8)),
        DataSet("plastic-in-river", "Kili/plastic_in_river", "", "validation", _I, _image(1280, 0.5625)),
    ),
    "speech_recognition": (
        DataSet(
            "librispeech",
            "openslr/librispeech_asr",
            "clean",
            "test",
            _A,
            _speech(7.4, 0.6, "5.4 hours of test-clean over 2,620 utterances: https://www.openslr.org/12"),
        ),
        DataSet("common-voice", "mozilla-foundation/common_voice_17_0", "en", "test", _A, _speech(5.4, 0.35, ESTIMATE)),
        DataSet("peoples-speech", "MLCommons/peoples_speech", "clean", "test", _A, _speech(12.0, 0.3, ESTIMATE)),
    ),
    "text_to_image": (
        DataSet(
            "coco-captions",
            "sentence-transformers/coco-captions",
            "",
            "train",
            {"prompt": "caption1"},
            _prompt(10.5, 0.2),
        ),
        DataSet("diffusiondb", "poloclub/diffusiondb", "2m_random_1k", "train", {"prompt": "prompt"}, _prompt(23, 0.6)),
        DataSet("nouns", "m1guelpf/nouns", "", "train", {"prompt": "text"}, _prompt(18, 0.15)),
    ),
    "image_to_text": (
        DataSet("coco-2014", "HuggingFaceM4/COCO", "2014_captions", "validation", _I, _image(578, 0.84)),
        DataSet("red-caps", "kdexd/red_caps", "all", "train", _I, _image(900, 0.95, 0.3)),
        DataSet("new-yorker", "jmhessel/newyorker_caption_contest", "explanation", "test", _I, _image(700, 0.8)),
    ),
}
