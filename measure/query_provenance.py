"""From a campaign of queries to the TOML file beside its rows: who, when, on what, how."""

from __future__ import annotations

from typing import Any

from measure.provenance import PRECISION_NOTES, Surroundings, joined, setup_title
from measure.queries import MIN_PHASE_UPDATES, RUNS, SAMPLE_COUNT, WARM_UPS, QueryOptions, QueryRules

# What samples the models were fed, for people.
_INPUTS = {
    "synthetic": (
        "Seeded samples with the mean lengths and sizes of the task's data sets: invented words, noise, random pixels."
    ),
    "hub": "A third from each of the task's data sets.",
}
# What stands in front of the lengths of a file's runs: a later campaign may take more samples than an earlier one.
_LENGTHS = f"The AI Energy Score takes {SAMPLE_COUNT:,} samples, {RUNS} runs and {WARM_UPS} warm-up runs; here:"
# A file goes on with rows of the same kind alone.
_MUST_AGREE = ("gpu", "runtime", "precision", "weights", "protocol", "samples")


def protocol_name(rules: QueryRules) -> str:
    """Return the protocol's name: queries as published, or short where anything is less."""
    full = rules.sample_count >= SAMPLE_COUNT and rules.runs >= RUNS and rules.warm_ups >= WARM_UPS
    return "queries" if full else "queries-short"


def query_provenance(
    here: Surroundings, options: QueryOptions, rules: QueryRules, earlier: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the provenance of a setup's file, joined with that of the rows that it holds.

    Raises:
        UserError: The earlier rows were measured in another way.
    """
    protocol = protocol_name(rules)
    content: dict[str, Any] = {
        "title": setup_title(here, options.runtime, options.precision),
        "gpu": here.gpu,
        "runtime": options.runtime,
        "precision": options.precision,
        "precision_note": PRECISION_NOTES[options.precision],
        "weights": options.weights,
        "protocol": protocol,
        "protocol_note": f"{_method(options, rules)} {_LENGTHS} {_length(rules)}.",
        "licence": "MIT",
        "source": {
            "title": "Measured with joule-measure rate, on NVML's total energy counter",
            "authors": here.authors,
            "url": here.url,
        },
        "measured": {
            "first_day": here.day,
            "last_day": here.day,
            "driver": here.driver,
            "cuda": here.cuda,
            "power_limit_w": here.power_limit_w,
            "sensor": here.sensor,
            "inputs": _INPUTS[options.samples],
            "samples": options.samples,
        },
        "versions": here.versions,
    }
    return content if earlier is None else _joined(earlier, content)


def _method(options: QueryOptions, rules: QueryRules) -> str:
    """Describe how a run is measured, whatever its length."""
    note = (
        "Every run takes the same samples, a third of each data set's lengths and sizes. All queries of a run (128 at "
        "most) go through one phase, then through the next, and the card is waited for after each batch; a phase "
        f"shorter than {rules.phase_min_s:g} s is repeated over them and counts once. A phase's energy is its mean "
        "power between the first and the last update of the energy counter in it (the first 0.1 s left out, "
        f"{MIN_PHASE_UPDATES} updates at least) times its length; a run with a phase of no or negative energy is "
        "refused. Tokens are written by a greedy loop over the model's forward pass with a cache of keys and values."
    )
    if options.weights == "random":
        note += " Random weights in the published architecture: every model writes all its tokens."
    return note


def _length(rules: QueryRules) -> str:
    """Say how much was measured."""
    return f"{rules.sample_count} samples, {rules.runs} runs, {rules.warm_ups} warm-up batches at least"


def _joined(earlier: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    method, _, lengths = content["protocol_note"].partition(f" {_LENGTHS} ")
    known = earlier.get("protocol_note", "").partition(f" {_LENGTHS} ")[2].removesuffix(".").split("; ")
    here = lengths.removesuffix(".")
    note = f"{method} {_LENGTHS} {'; '.join(known if here in known else [*known, here])}."
    return joined(earlier, content, _MUST_AGREE) | {"protocol_note": note}
