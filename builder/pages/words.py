"""The words that pages have for the keys in the data."""

from __future__ import annotations

from builder.analysis.audit import RULES

RULE_TITLES = {rule.key: rule.title for rule in RULES}
CLASS_TITLES = {"cnn": "CNN", "transformer": "Transformer", "hybrid": "Hybrid", "mlp": "MLP"}
RUNTIME_TITLES = {"pytorch": "PyTorch", "torchcompile": "torch.compile", "tensorrt": "TensorRT"}
PRECISION_TITLES = {"fp32": "FP32", "fp32strict": "FP32 without TF32", "fp16": "FP16", "bf16": "BF16"}
STATUS_WORDS = {
    "ok": "measured",
    "out_of_memory": "ran out of memory",
    "unsupported": "not supported by the runtime",
    "build_failed": "could not be built for the runtime",
    "crashed": "crashed",
    "timed_out": "took longer than the time limit",
    "refused": "refused by the measuring rules",
    "not_recorded": "not recorded by the source",
}
