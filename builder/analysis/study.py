"""The four published setups into the numbers of their paper, by the definitions that reproduce it best.

Each number has a key, such as `fig2.energy_for_100_pct_mwh`; claims.toml sets the printed ones beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.correlation import PREDICTORS, between_setups, with_predictors
from builder.analysis.growth import ALL_VERTICES, PAPER, fit_growth
from builder.analysis.input_size import fit_line, size_pairs
from builder.analysis.naive import Convention, measured_over_naive
from builder.analysis.pareto import best_within
from builder.analysis.ratios import geometric_mean
from builder.analysis.savings import log_correlation, saving
from builder.units import MJ_PER_MWH, MJ_PER_WH

TASK = "image_classification"
TEST_SET = "imagenet"
A100_PYTORCH = "a100-pcie-40gb_pytorch_fp32"
A100_TENSORRT = "a100-pcie-40gb_tensorrt_fp16"
H100_PYTORCH = "h100-pcie-80gb_pytorch_fp32"
H100_TENSORRT = "h100-pcie-80gb_tensorrt_fp16"
# Keys of numbers name the setups so.
SETUPS = {
    "a100_pytorch": A100_PYTORCH,
    "a100_tensorrt": A100_TENSORRT,
    "h100_pytorch": H100_PYTORCH,
    "h100_tensorrt": H100_TENSORRT,
}
# Table 2 prints four of the six pairs.
TABLE_2 = (
    ("a100_tensorrt", "a100_pytorch"),
    ("a100_tensorrt", "h100_tensorrt"),
    ("a100_pytorch", "h100_pytorch"),
    ("h100_tensorrt", "h100_pytorch"),
)
# Fig 6: FLOPs are MACs and FP16 runs outside the tensor cores, by which the paper's means come out.
PAPER_PYTORCH = Convention(peak_tflops=19.5, power_w=250)
PAPER_TENSORRT = Convention(peak_tflops=78, power_w=250)
TENSOR_CORES = Convention(peak_tflops=312, power_w=250, flops_per_mac=2)
# Fig 5: the one pair far off the line; the audit doubts it for its siblings.
FIG_5_OUTLIER = "convnext_large.fb_in22k_ft_in1k"
# Fig 2: the paper's "decades" of energy, in mJ.
DECADES_MJ = np.array([1.0, 10, 100, 1_000, 10_000])
# Fig 6: the models that TensorRT ran at a third of the usual power on both GPUs.
LAMBDA_LAYERS = r"lambda_|lamhalobotnet"
NEAR_TDP = 0.05


@dataclass(frozen=True)
class Study:
    """The published figures.

    Attributes:
        energies: One row a model and one column a setup, named as in SETUPS; NaN where there is none.
        throughputs: In the same form.
        powers: In the same form.
        models: Parameters, MACs and activations, indexed as the energies are.
        accuracy: On ImageNet, indexed as the energies are.
        tdp_w: Board power of each setup's GPU.
    """

    energies: pd.DataFrame
    throughputs: pd.DataFrame
    powers: pd.DataFrame
    models: pd.DataFrame
    accuracy: pd.Series[float]
    tdp_w: dict[str, float]


def load_study(connection: duckdb.DuckDBPyConnection) -> Study:
    """Return the published figures.

    Raises:
        LookupError: When the database lacks one of the four setups.
    """
    setups = queries.setups(connection, TASK).set_index("setup")
    missing = sorted(set(SETUPS.values()) - set(setups.index))
    if missing:
        message = f"the data lack setups of the study: {', '.join(missing)}"
        raise LookupError(message)
    figures = queries.figures(connection, TASK)

    def wide(quantity: str) -> pd.DataFrame:
        by_setup = figures.set_index([*queries.KEY, "setup"])[quantity].unstack("setup")  # noqa: PD010
        return by_setup[list(SETUPS.values())].set_axis(list(SETUPS), axis=1).dropna(how="all")

    energies = wide("energy_mj")
    accuracy = queries.mean_accuracy(queries.accuracies(connection, TASK), [TEST_SET])
    return Study(
        energies=energies,
        throughputs=wide("throughput_items_per_s").reindex(energies.index),
        powers=wide("power_w").reindex(energies.index),
        models=queries.models(connection, TASK).set_index(queries.KEY).reindex(energies.index),
        accuracy=accuracy.reindex(energies.index),
        tdp_w={key: float(setups["gpu_tdp_w"][setup]) for key, setup in SETUPS.items()},
    )


def study_numbers(study: Study) -> dict[str, float]:
    """Return every number by key.

    Raises:
        LookupError: When models are missing, so that a fit cannot be made.
    """
    return {
        **_counts(study),
        **_between_setups(study),
        **_growth(study),
        **_predictors(study),
        **_input_size(study),
        **_naive(study),
        **_power(study),
        **_savings(study),
    }


def _counts(study: Study) -> dict[str, float]:
    spans = np.log10(study.energies.max() / study.energies.min())
    return {
        "models.rows": len(study.energies),
        "models.names": study.energies.index.get_level_values("model").nunique(),
        "models.complete": len(study.energies.dropna()),
        **{f"span.{setup}.decades": float(spans[setup]) for setup in SETUPS},
    }


def _between_setups(study: Study) -> dict[str, float]:
    pearson, spearman = (between_setups(study.energies, method) for method in ("pearson", "spearman"))
    numbers = {}
    for one, other in TABLE_2:
        numbers[f"table2.{one}.{other}.pearson"] = float(pearson[one][other])
        numbers[f"table2.{one}.{other}.spearman"] = float(spearman[one][other])
    return numbers


def _growth(study: Study) -> dict[str, float]:
    both = pd.concat([study.energies["h100_tensorrt"], study.accuracy], axis=1).dropna().to_numpy().T
    numbers = {
        f"fig2.best_within_{limit:.0f}_mj": float(best)
        for limit, best in zip(DECADES_MJ, best_within(both[0], both[1], DECADES_MJ), strict=True)
    }
    for prefix, recipe in (("fig2", PAPER), ("fig2.all_vertices", ALL_VERTICES)):
        fit = fit_growth(both[0], both[1], recipe)
        if fit is None:
            message = f"{H100_TENSORRT} has too few models for a growth fit"
            raise LookupError(message)
        low, high = fit.log10_energy_interval(100)
        at = fit.accuracy_at(np.array([10.0, 100, 1_000]))
        numbers |= {
            f"{prefix}.energy_for_100_pct_mwh": fit.energy_at(100) / MJ_PER_MWH,
            f"{prefix}.energy_for_100_pct_wh": fit.energy_at(100) / MJ_PER_WH,
            f"{prefix}.energy_for_100_pct_log10_mj": fit.log10_energy_at(100),
            f"{prefix}.energy_for_100_pct_log10_se": fit.log10_energy_se(100),
            f"{prefix}.energy_for_100_pct_decades_each_side": (high - low) / 2,
            f"{prefix}.a": fit.a,
            f"{prefix}.b": fit.b,
            f"{prefix}.l": fit.floor,
            f"{prefix}.r_squared": fit.r_squared,
            f"{prefix}.vertices": len(fit.vertices),
            **{f"{prefix}.curve_at_{mj}_mj": float(value) for mj, value in zip((10, 100, 1_000), at, strict=True)},
        }
    return numbers


def _predictors(study: Study) -> dict[str, float]:
    table = with_predictors(study.models, study.energies["a100_tensorrt"])
    return {
        f"fig4.{predictor.rpartition('_')[0]}.{scale}": float(table[scale][predictor])
        for predictor in PREDICTORS
        for scale in ("linear", "logarithmic")
    }


def _input_size(study: Study) -> dict[str, float]:
    energy = study.energies["a100_tensorrt"].rename("energy_mj")
    pairs = size_pairs(pd.concat([energy, study.accuracy], axis=1).reset_index())
    used = pairs.drop(index=[FIG_5_OUTLIER])
    numbers: dict[str, float] = {"fig5.pairs": len(pairs), "fig5.pairs_used": len(used)}
    for quantity in ("accuracy", "energy"):
        line = fit_line(used["area_pct"], used[f"{quantity}_pct"])
        numbers |= {
            f"fig5.{quantity}.slope": line.slope,
            f"fig5.{quantity}.intercept": line.intercept,
            f"fig5.{quantity}.r_squared": line.r_squared,
        }
    return numbers


def _naive(study: Study) -> dict[str, float]:
    macs = study.models["macs_g"]
    pytorch = measured_over_naive(study.energies["a100_pytorch"], macs, PAPER_PYTORCH)
    tensorrt = measured_over_naive(study.energies["a100_tensorrt"], macs, PAPER_TENSORRT)
    tensor_cores = measured_over_naive(study.energies["a100_tensorrt"], macs, TENSOR_CORES)
    lambdas = tensorrt.index.get_level_values("model").str.match(LAMBDA_LAYERS)
    return {
        "fig6.pytorch.geometric_mean": geometric_mean(pytorch),
        "fig6.pytorch.largest": float(pytorch.max()),
        "fig6.tensorrt.geometric_mean": geometric_mean(tensorrt),
        "fig6.tensorrt.largest": float(tensorrt.max()),
        "fig6.tensorrt.largest_without_lambda": float(tensorrt[~lambdas].max()),
        "fig6.tensor_cores.geometric_mean": geometric_mean(tensor_cores),
    }


def _power(study: Study) -> dict[str, float]:
    return {
        f"fig8.{setup}.within_5_pct_of_tdp": 100 * float(near.mean())
        for setup in SETUPS
        for near in [(study.powers[setup].dropna() / study.tdp_w[setup] - 1).abs() <= NEAR_TDP]
    }


def _savings(study: Study) -> dict[str, float]:
    complete = study.energies.dropna()
    throughputs = study.throughputs.loc[complete.index]
    numbers: dict[str, float] = {}
    for gpu in ("a100", "h100"):
        before, after = f"{gpu}_pytorch", f"{gpu}_tensorrt"
        saved = saving(complete[before], complete[after])
        speed = (throughputs[after] / throughputs[before]).rename("speed")
        numbers |= {
            f"fig9.{gpu}.geometric_mean": saved.geometric_mean,
            f"fig9.{gpu}.geometric_sd": saved.geometric_sd,
            f"fig9.{gpu}.largest": float(saved.ratios.max()),
            f"fig9.{gpu}.below_1": saved.below_1,
            f"fig8.{gpu}.speed_energy_correlation": log_correlation(speed, saved.ratios),
        }
    return numbers
