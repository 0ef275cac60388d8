"""The words that pages have for the keys in the data."""

from __future__ import annotations

from builder.analysis.audit import RULES
from builder.tables.schema import RUNTIME_TITLES

RULE_TITLES = {rule.key: rule.title for rule in RULES}
CLASS_TITLES = {"cnn": "CNN", "transformer": "Transformer", "hybrid": "Hybrid", "mlp": "MLP"}
PRECISION_TITLES = {"fp32": "FP32", "fp32strict": "FP32 without TF32", "fp16": "FP16", "bf16": "BF16"}
APPROACH_TITLES = {"task-specific": "Made for the task", "general": "General"}
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


def choice_title(kind: str, value: str) -> str:
    """Return one side of a choice in words."""
    if kind == "batch_size":
        return f"batches of {int(value):,}" if value != "1" else "one at a time"
    return (PRECISION_TITLES if kind == "precision" else RUNTIME_TITLES)[value]
