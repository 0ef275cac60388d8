"""The ten workloads with torch: full-size models counted without memory, small ones run on the processor."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import measure.published
from measure.published import Published, published_models
from measure.queries import TASK_NAMES, QueryOptions, task_module
from measure.samples import synthetic_samples
from measure.workload import UnsupportedError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.filterwarnings("default")

DATA = Path(__file__).parents[2] / "data"
# transformers ties these heads to the embeddings; their checkpoints hold them twice.
TIED = {"google/flan-t5-base": 32128 * 768}
# Sizes at which any of the architectures runs at once.
SMALL = (
    dict.fromkeys(("hidden_size", "n_embd", "dim", "d_model", "encoder_hidden_size"), 64)
    | dict.fromkeys(("intermediate_size", "hidden_dim", "d_ff", "encoder_ffn_dim", "decoder_ffn_dim"), 96)
    | dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_decoder_layers"), 2)
    | dict.fromkeys(("encoder_layers", "decoder_layers", "num_attention_heads", "n_head", "n_heads", "num_heads"), 2)
    | dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads", "num_key_value_heads"), 2)
    | dict.fromkeys(("head_dim", "d_kv", "embedding_size", "projection_dim"), 32)
)
# One model of each way and architecture.
MODELS = (
    ("text_generation", "openai-community/gpt2", 10),
    ("text_generation", "meta-llama/Llama-3.2-1B", 10),
    ("text_generation", "Qwen/Qwen2.5-0.5B", 10),
    ("text_generation", "mistralai/Mistral-7B-v0.1", 10),
    ("text_generation", "meta-llama/Llama-3.1-8B", 10),
    ("summarization", "google-t5/t5-small", 10),
    ("summarization", "facebook/bart-large-cnn", 10),
    ("summarization", "google/pegasus-cnn_dailymail", 10),
    ("question_answering", "deepset/minilm-uncased-squad2", None),
    ("question_answering", "deepset/deberta-v3-large-squad2", None),
    ("question_answering", "HuggingFaceTB/SmolLM2-360M-Instruct", 10),
    ("question_answering", "google/flan-t5-base", 10),
    ("text_classification", "answerdotai/ModernBERT-base", None),
    ("text_classification", "facebook/bart-large-mnli", None),
    ("semantic_similarity", "sentence-transformers/all-mpnet-base-v2", None),
    ("semantic_similarity", "sentence-transformers/sentence-t5-xl", None),
    ("image_to_text", "microsoft/git-base-coco", 100),
    ("image_to_text", "nlpconnect/vit-gpt2-image-captioning", 100),
    ("image_to_text", "Salesforce/blip-image-captioning-base", 100),
    ("image_to_text", "llava-hf/llava-1.5-7b-hf", 100),
    ("speech_recognition", "openai/whisper-tiny", 100),
)


def shrunk(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: shrunk(value) if isinstance(value, Mapping) else SMALL.get(name, value) for name, value in values.items()
    }


@pytest.fixture
def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(task: str) -> dict[str, Published]:
        return {
            name: replace(
                model, max_tokens=min(model.max_tokens, 64), config=shrunk(model.config), parts=shrunk(model.parts)
            )
            for name, model in published_models(task).items()
        }

    monkeypatch.setattr(measure.published, "published_models", small)


@pytest.mark.usefixtures("small_models")
@pytest.mark.parametrize(("task", "model", "tokens"), MODELS)
def test_a_batch_goes_through_every_phase_and_through_the_last_one_again(
    task: str, model: str, tokens: int | None
) -> None:
    workload = task_module(task).build(model, QueryOptions(task), "cpu")
    work: Any = synthetic_samples(task, 3, 0)[:2]
    before = work
    for phase in workload.phases:
        before, work = work, workload.run(phase, work)
    again = workload.run(workload.phases[-1], before)
    made = None if tokens is None else 2 * tokens
    assert (workload.output_tokens(work), workload.output_tokens(again)) == (made, made)
    workload.close()


@pytest.mark.usefixtures("small_models")
@pytest.mark.parametrize("model", ["mistralai/Mistral-7B-v0.1", "openai-community/gpt2", "meta-llama/Llama-3.1-8B"])
def test_the_longest_prompt_can_be_written_on_in_bf16_as_often_as_a_phase_is_repeated(model: str) -> None:
    from measure.workloads import text_generation

    queries = text_generation.build(model, QueryOptions("text_generation", precision="bf16"), "cpu")
    read = queries.run("prefill", queries.run("preprocess", [{"text": "babadi " * 5000}]))
    lengths = [queries.run("decode", read).cache.get_seq_length() for _ in range(3)]
    # Truncated to 64 tokens less the ten that are written; each time the cache is as it was.
    assert lengths == [54, 54, 54]


@pytest.mark.usefixtures("small_models")
def test_writing_with_a_cache_gives_the_tokens_that_reading_all_anew_gives() -> None:
    from measure.workloads import text_generation

    queries = text_generation.build("Qwen/Qwen2.5-0.5B", QueryOptions("text_generation"), "cpu")
    inputs = queries.run("preprocess", synthetic_samples("text_generation", 3, 0)[:1])
    read = queries.run("prefill", inputs)
    ids = torch.cat((inputs["input_ids"], read.token), dim=1)
    with torch.inference_mode():
        anew = queries._model(input_ids=ids).logits[:, -1].argmax(-1)
        cached = queries._model(input_ids=read.token, past_key_values=read.cache).logits[:, -1].argmax(-1)
    assert anew.tolist() == cached.tolist()


@pytest.mark.usefixtures("small_models")
def test_padding_on_the_left_does_not_change_what_is_written() -> None:
    from measure.workloads import text_generation

    queries = text_generation.build("meta-llama/Llama-3.2-1B", QueryOptions("text_generation"), "cpu")
    samples = [{"text": "babadi bebano bibazu"}, {"text": "babadi " * 30}]
    alone = [queries.run("prefill", queries.run("preprocess", [sample])).token.item() for sample in samples]
    together = queries.run("prefill", queries.run("preprocess", samples)).token.flatten().tolist()
    assert together == alone


@pytest.mark.parametrize("task", [task for task in TASK_NAMES if task not in ("image_classification", "text_to_image")])
def test_models_have_the_parameters_of_rated_models_csv(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from measure.workloads.hugging_face import random_model

    with (DATA / task / "rated_models.csv").open(newline="") as file:
        rated = {row["model"]: float(row["parameters_m"]) for row in csv.DictReader(file)}
    built: list[Any] = []

    def noting(*arguments: Any) -> Any:
        built.append(random_model(*arguments))
        return built[-1]

    for module in ("hugging_face", "image_to_text"):
        monkeypatch.setattr(f"measure.workloads.{module}.random_model", noting)
    for name in rated:
        task_module(task).build(name, QueryOptions(task), "meta")
    counted = {
        name: (sum(value.numel() for value in model.parameters()) + TIED.get(name, 0)) / 1e6
        for name, model in zip(rated, built, strict=True)
    }
    assert counted == pytest.approx(rated, rel=5e-3)


def test_pipelines_have_the_parameters_of_rated_models_csv() -> None:
    diffusers = pytest.importorskip("diffusers")
    from measure.workloads.text_to_image import _parts
    from measure.workloads.torch_card import TorchCard

    with (DATA / "text_to_image" / "rated_models.csv").open(newline="") as file:
        rated = {row["model"]: float(row["parameters_m"]) for row in csv.DictReader(file)}
    counted = {}
    for name, model in published_models("text_to_image").items():
        parts = _parts(model, TorchCard("meta", "fp32", 0), diffusers).values()
        modules = [part for part in parts if isinstance(part, torch.nn.Module)]
        counted[name] = sum(value.numel() for module in modules for value in module.parameters()) / 1e6
    assert counted == pytest.approx(rated, rel=5e-3)


def test_an_unknown_runtime_is_unsupported() -> None:
    from measure.workloads import text_generation

    with pytest.raises(UnsupportedError, match=r"^queries run in pytorch or torchcompile, not tensorrt$"):
        text_generation.build("openai-community/gpt2", QueryOptions("text_generation", runtime="tensorrt"), "cpu")


def test_compiling_forgets_what_was_compiled_for_the_models_before(monkeypatch: pytest.MonkeyPatch) -> None:
    from measure.workloads.hugging_face import compiled

    did: list[str] = []

    def compile_noted(forward: Any) -> Any:
        did.append("compile")
        return forward

    monkeypatch.setattr(torch._dynamo, "reset", lambda: did.append("reset"))
    monkeypatch.setattr(torch, "compile", compile_noted)
    compiled(torch.nn.Identity(), QueryOptions("text_classification", runtime="torchcompile"))
    compiled(torch.nn.Identity(), QueryOptions("text_classification"))
    # transformers' models share code, and so the limit of recompilations beyond which dynamo runs it eager.
    assert did == ["reset", "compile"]
