"""The workloads that need torch, on the host's processor."""

from __future__ import annotations

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
