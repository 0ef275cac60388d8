"""The workloads that need torch, on the host's processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from measure.workload import BuildFailedError, ModelSpec, WorkloadOptions

pytest.importorskip("torch", reason="torch comes with the machine that has the GPU")
pytest.importorskip("timm", reason="timm comes with the machine that has the GPU")


@pytest.mark.parametrize("precision", ["fp32", "fp32strict", "bf16"])
def test_a_model_runs_in_every_precision_of_the_host(precision: str) -> None:
    from measure.workloads.timm_models import TimmWorkload

    workload = TimmWorkload(ModelSpec("test_vit", 160), WorkloadOptions(precision=precision, channels_last=True), "cpu")
    workload.prepare(2)
    workload.enqueue()
    workload.wait()
    assert workload.weights_mib() > 0
    workload.close()


def test_an_unknown_name_cannot_be_built() -> None:
    from measure.workloads.timm_models import TimmWorkload

    with pytest.raises(BuildFailedError, match=r"^RuntimeError: Unknown model \(nonsense\)$"):
        TimmWorkload(ModelSpec("nonsense", 224), WorkloadOptions(), "cpu")


def test_another_input_size_is_built() -> None:
    from measure.workloads.timm_models import create_model

    model = create_model(ModelSpec("vit_tiny_patch16_224", 256), pretrained=False)
    assert model.patch_embed.img_size == (256, 256)


def test_weights_of_another_package_are_taken_in_order(tmp_path: Path) -> None:
    import torch

    from measure.workloads.timm_models import TimmWorkload, create_model

    spec = ModelSpec("test_vit", 160)
    other = {f"x{number}": tensor + 1 for number, tensor in enumerate(create_model(spec, False).state_dict().values())}
    path = tmp_path / "trained.pth"
    torch.save(other, path)
    options = WorkloadOptions(weights="pretrained", weights_file=str(path))
    loaded = TimmWorkload(spec, options, "cpu")._eager.state_dict()
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(loaded.values(), other.values(), strict=True))


def test_weights_of_another_shape_are_not_taken(tmp_path: Path) -> None:
    import torch

    from measure.workloads.timm_models import create_model
    from measure.workloads.weight_files import load_weights

    model = create_model(ModelSpec("test_vit", 160), pretrained=False)
    path = tmp_path / "trained.pth"
    torch.save({f"x{number}": torch.zeros(7) for number, _ in enumerate(model.state_dict())}, path)
    with pytest.raises(BuildFailedError, match=r"^trained\.pth: x0 is \(7,\), the model's cls_token \(1, 1, 64\)$"):
        load_weights(model, path)
    torch.save({"x": torch.zeros(7)}, path)
    with pytest.raises(BuildFailedError, match=r"^trained\.pth holds 1 tensors, the model \d+$"):
        load_weights(model, path)


def test_strict_precision_ends_with_its_model() -> None:
    import torch

    from measure.workloads.torch_card import set_precision

    set_precision("fp32strict")
    assert not torch.backends.cudnn.allow_tf32
    set_precision("fp32")
    assert torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32


def test_random_weights_and_inputs_are_the_same_in_every_run() -> None:
    import torch

    from measure.workloads.timm_models import TimmWorkload

    found = []
    for _ in range(2):
        workload = TimmWorkload(ModelSpec("test_vit", 160), WorkloadOptions(), "cpu")
        workload.prepare(2)
        found.append([*workload._eager.state_dict().values(), workload._inputs])
        workload.prepare(1)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(*found, strict=True))


def test_a_batch_that_is_ready_is_not_prepared_again() -> None:
    from measure.workloads.timm_models import TimmWorkload

    workload = TimmWorkload(ModelSpec("test_vit", 160), WorkloadOptions(), "cpu")
    workload.prepare(2)
    inputs = workload._inputs
    workload.prepare(2)
    assert workload._inputs is inputs
    workload.prepare(1)
    assert len(workload._inputs) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_caches_filled_beforehand_are_hit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from torch._dynamo.utils import counters

    from measure.workloads.runtimes import compile_for, compiled_is_gone, fill_caches

    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(7, 5), torch.nn.GELU()).eval().requires_grad_(False)
    ran: list[int] = []
    model.register_forward_hook(lambda *_: ran.append(1))
    inputs = torch.randn(3, 7)
    with torch.inference_mode():
        fill_caches(model, inputs)
        assert ran == []
        counters.clear()
        compiled = compile_for("torchcompile", model, inputs)
        assert counters["inductor"]["fxgraph_cache_hit"] == 1
        assert torch.allclose(compiled(inputs), model(inputs))
    compiled_is_gone("torchcompile")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_more_models_of_one_family_than_dynamo_keeps_by_itself_run_compiled() -> None:
    import torch

    from measure.workloads.runtimes import compile_for, compiled_is_gone

    torch._dynamo.reset()
    graphs: list[int] = []

    def backend(graph: object, _: object) -> object:
        graphs.append(1)
        return graph.forward  # type: ignore[attr-defined]

    class Family(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, width: int) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(width, width)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return self.layer(inputs)

    compile_ = torch.compile
    with pytest.MonkeyPatch.context() as patch, torch.inference_mode():
        patch.setattr(torch, "compile", lambda model, dynamic: compile_(model, backend=backend, dynamic=dynamic))
        for width in range(1, 13):
            compile_for("torchcompile", Family(width).eval(), torch.randn(2, width))
    assert len(graphs) == 12
    for _ in range(12):
        compiled_is_gone("torchcompile")
