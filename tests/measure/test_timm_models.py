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
