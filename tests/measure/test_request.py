"""From what the user asked for to a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.problems import UserError
from builder.tables.provenance import parse_document
from builder.tables.schema import SETUP
from measure.cli import main
from measure.nvml import Card, gpu_slug, reason_names
from measure.provenance import read_provenance, write_provenance
from measure.request import Request, describe, folder_of, models_of, plan_of
from measure.results import RowFile, status_row
from measure.workload import ModelSpec, WorkloadOptions

MODELS = """\
model,input_size_px,parameters_m,macs_g,activations_m,url
small.a_in1k,224,1,0.1,,
small.b_in1k,224,1,0.1,,
small.b_in1k,288,1,0.2,,
large.a_in1k,384,100,,,
other.a_in1k,224,10,2,,
"""
ARCHITECTURES = """\
pattern,family,class,class_rule,year,paper_title,paper_ref,paper_url
small|large,Conv,cnn,,2015,t,r,https://arxiv.org/abs/1
other,Trans,transformer,,2015,t,r,https://arxiv.org/abs/1
"""
H200 = Card(
    0, "NVIDIA H200", "GPU-1", "h200-sxm-141gb", 143771.0, 143000.0, 700.0, 700.0, 345, 1980, False, (), "580", "13.0"
)


def a_request(
    patterns: tuple[str, ...] = (),
    sizes: str = "default",
    weights: str = "random",
    data: str = "data",
    output: str = "",
) -> Request:
    return Request(
        patterns=patterns,
        sizes=sizes,
        workload="timm",
        options=WorkloadOptions(weights=weights),
        protocol="survey",
        final_trials=0,
        gpus=(),
        workers=2,
        data=data,
        output=output,
        records="",
        time_limit_s=0.0,
        step_limit_s=60.0,
        sentinels=True,
        keep_traces=False,
        seed=0,
        batch_sizes_from="",
        again=False,
        author="A. Author",
        url="https://example.org/figures",
    )


@pytest.fixture
def data(tmp_path: Path) -> str:
    task = tmp_path / "image_classification"
    task.mkdir()
    (task / "models.csv").write_text(MODELS)
    (task / "architectures.csv").write_text(ARCHITECTURES)
    return str(tmp_path)


def test_random_weights_measure_architectures_at_their_usual_size(data: str) -> None:
    # In each class fast ones first: the first of both classes, then the second of the convolutional ones.
    assert models_of(a_request(data=data)) == [
        ModelSpec("small", 224),
        ModelSpec("other", 224),
        ModelSpec("large", 384),
    ]


def test_trained_weights_measure_every_tag(data: str) -> None:
    assert ModelSpec("small.b_in1k", 224) in models_of(a_request(data=data, weights="pretrained"))


def test_the_other_sizes_are_those_that_are_not_usual(data: str) -> None:
    assert models_of(a_request(data=data, sizes="other")) == [ModelSpec("small", 288)]
    assert len(models_of(a_request(data=data, sizes="all"))) == 4


def test_a_pattern_may_name_a_size(data: str) -> None:
    assert models_of(a_request(("sm*@288",), data=data)) == [ModelSpec("small", 288)]


@pytest.mark.parametrize(("pattern", "where"), [("nonsense", ""), ("small@999", " at this size")])
def test_a_pattern_that_names_nothing_is_an_error(data: str, pattern: str, where: str) -> None:
    with pytest.raises(UserError) as caught:
        models_of(a_request((pattern,), data=data))
    assert str(caught.value) == (
        f"'{pattern}' names no model{where}.\n"
        "  expected: a name or glob of models.csv such as resnet50, 'vit_*' or resnet50@288\n"
        "  fix: with --weights random name architectures, the part before the dot."
    )


def test_a_task_takes_every_second_model(data: str) -> None:
    request = a_request(data=data)
    shares = [models_of(replace(request, share=(task, 2))) for task in (0, 1)]
    assert shares == [[ModelSpec("small", 224), ModelSpec("large", 384)], [ModelSpec("other", 224)]]


def test_a_plan_has_a_worker_for_each_card(data: str) -> None:
    request = a_request(data=data)
    folder = folder_of(request, [H200])
    plan = plan_of(request, [H200, H200], folder)
    assert folder.rows == Path(data) / "image_classification" / "measurements" / "h200-sxm-141gb_pytorch_fp32.csv"
    assert folder.records == Path("measure/validation/h200-sxm-141gb")
    assert [environment["CUDA_VISIBLE_DEVICES"] for environment in plan.environments] == ["GPU-1", "GPU-1"]
    assert replace(H200, uuid="GPU-12345678-9abc-def0").short_uuid == "GPU-12345678"


def test_a_plan_guesses_where_each_search_begins(data: str) -> None:
    request = a_request(data=data)
    plan = plan_of(request, [H200], folder_of(request, [H200]))
    assert {spec.model: plan.first_sizes[spec] for spec in plan.specs} == {"small": 512, "other": 512, "large": 64}


def test_workers_take_what_was_compiled_beforehand(data: str, tmp_path: Path) -> None:
    request = replace(a_request(data=data), compile_cache=str(tmp_path / "cache"))
    folder = folder_of(request, [H200])
    assert plan_of(request, [H200], folder).environments == [
        {"CUDA_VISIBLE_DEVICES": "GPU-1", "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "cache")}
    ]
    assert str(describe(request, [H200], folder, {})["protocol_note"]).endswith(
        "Models were compiled beforehand by processes on a card that nobody measured, and their kernels tuned by the "
        "process that measured them."
    )


def test_batch_sizes_come_from_another_setup(data: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    rows = [
        status_row(ModelSpec("small", 224), stage, 1, size, "ok") for stage, size in (("sweep", 64), ("final", 128))
    ]
    rows.append(status_row(ModelSpec("large", 384), "final", 1, None, "crashed"))
    file = RowFile(other)
    for row in rows:
        file.append(row)
    request = replace(a_request(data=data), batch_sizes_from=str(other))
    assert plan_of(request, [H200], folder_of(request, [H200])).batch_sizes == {ModelSpec("small", 224): 128}
    missing = replace(request, batch_sizes_from=str(tmp_path / "none.csv"))
    with pytest.raises(UserError) as caught:
        plan_of(missing, [H200], folder_of(request, [H200]))
    assert str(caught.value) == (
        f"--batch-sizes-from {tmp_path / 'none.csv'} is missing.\n  expected: the measurement file of another setup"
    )


def test_the_provenance_passes_the_schema(data: str, tmp_path: Path) -> None:
    request = a_request(data=data, output=str(tmp_path / "out"))
    folder = folder_of(request, [H200])
    write_provenance(folder.provenance, describe(request, [H200], folder, {"torch": "2.11.0"}))
    joined = describe(request, [H200], folder, {"torch": "2.12.0", "timm": "1.0.29"})
    write_provenance(folder.provenance, joined)
    fields, problems = parse_document(SETUP, folder.provenance.read_bytes(), "x.toml")
    assert problems == ()
    assert fields is not None
    content = read_provenance(folder.provenance)
    assert content == joined
    assert content["versions"] == {"torch": "2.11.0, 2.12.0", "timm": "1.0.29"}
    assert content["measured"]["power_limit_w"] == 700


def test_rows_measured_in_another_way_are_not_joined(data: str, tmp_path: Path) -> None:
    folder = folder_of(a_request(data=data, output=str(tmp_path / "out")), [H200])
    write_provenance(folder.provenance, describe(a_request(data=data), [H200], folder, {}))
    with pytest.raises(UserError) as caught:
        describe(a_request(data=data, weights="pretrained"), [H200], folder, {})
    assert str(caught.value) == (
        "the rows there were measured in another way: weights = 'random', now 'pretrained'.\n"
        "  fix: choose the same options, or another --output."
    )


def test_known_cards_have_the_names_of_gpus_csv() -> None:
    assert gpu_slug("NVIDIA H200", 143771.0) == "h200-sxm-141gb"
    assert gpu_slug("NVIDIA A100-PCIE-40GB", 40960.0) == "a100-pcie-40gb"
    assert gpu_slug("NVIDIA GeForce RTX 4090", 24564.0) == "geforce-rtx-4090-26gb"


def test_clock_event_reasons_have_names() -> None:
    assert reason_names(0x24) == ("sw_power_cap", "sw_thermal_slowdown")
    assert reason_names(0x8001) == ("gpu_idle", "0x8000")


@pytest.mark.parametrize("command", ["", *main.commands])
def test_help_keeps_its_examples_on_their_lines(command: str) -> None:
    text = CliRunner().invoke(main, [*command.split(), "--help"]).output
    assert text.startswith("Usage: ")
    assert "\\b" not in text
    assert "\b" not in text
