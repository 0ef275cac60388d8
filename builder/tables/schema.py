"""Every file of data/: its path, its columns, its keys. The only place that says what a file may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from builder.tables.columns import Column

CLASSES = ("cnn", "transformer", "hybrid", "mlp")
# Key -> how readers know it.
RUNTIME_TITLES = {"pytorch": "PyTorch", "torchcompile": "torch.compile", "tensorrt": "TensorRT"}
RUNTIMES = tuple(RUNTIME_TITLES)
PRECISIONS = ("fp32", "fp32strict", "fp16", "bf16")
STAGES = ("published", "sweep", "final")
APPROACHES = ("task-specific", "general")
# `ok`, or why a row has no figure.
STATUSES = (
    "ok",
    "out_of_memory",
    "unsupported",
    "build_failed",
    "crashed",
    "timed_out",
    "refused",
    "not_recorded",
)


# Of every number that lies above 0: far below any quantity here, and far from where its inverse or its logarithm ends.
LEAST = 1e-9


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must stand in another table's key."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One kind of CSV file.

    Attributes:
        name: The table's name in DuckDB.
        path: Where it stands under data/; {task}, {setup} and {epoch} are filled in.
        meaning: One sentence on what a row is.
        columns: In the order of the header.
        key: Columns that together occur once.
        foreign_keys: Columns that point to another table.
    """

    name: str
    path: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Document:
    """One kind of TOML file.

    Attributes:
        name: The table in DuckDB whose rows these files are.
        path: Where it stands under data/; {task} and {setup} are filled in.
        meaning: One sentence on what the file is.
        sections: The fields by section; "" is the top of the file. A section without fields is free: it takes any
            field, each a text.
        lists: The sections that occur any number of times, as [[section]].
        free: What a free section's fields are.
    """

    name: str
    path: str
    meaning: str
    sections: Mapping[str, tuple[Column, ...]]
    lists: tuple[str, ...] = ()
    free: Mapping[str, str] = field(default_factory=dict)


MODEL = Column(
    "model",
    "name",
    "The model's name; for timm, architecture.tag.",
    "resnet50.a1_in1k",
)
INPUT_SIZE = Column(
    "input_size_px",
    "integer",
    "Height and width of the square input.",
    "224",
    unit="px",
    minimum=1,
    maximum=65536,
)

GPUS = Table(
    "gpus",
    "gpus.csv",
    "A GPU, as its maker describes it.",
    (
        Column("gpu", "slug", "Name used in setups: chip, form, memory.", "a100-pcie-40gb"),
        Column("title", "text", "Name as the maker writes it.", "NVIDIA A100 PCIe 40 GB"),
        Column("memory_gib", "number", "Device memory.", "40", unit="GiB", above=0, minimum=LEAST, maximum=100000),
        Column(
            "tdp_w",
            "number",
            "Board power limit of the cards measured here.",
            "250",
            unit="W",
            above=0,
            minimum=LEAST,
            maximum=100000,
        ),
        Column(
            "peak_fp32_tflops",
            "number",
            "Dense FP32 rate outside the tensor cores.",
            "19.5",
            unit="TFLOP/s",
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        Column(
            "peak_fp16_tflops",
            "number",
            "Dense FP16 rate outside the tensor cores.",
            "78",
            unit="TFLOP/s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        Column(
            "peak_tf32_tensor_tflops",
            "number",
            "Dense TF32 rate of the tensor cores.",
            "156",
            unit="TFLOP/s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        Column(
            "peak_fp16_tensor_tflops",
            "number",
            "Dense FP16 rate of the tensor cores.",
            "312",
            unit="TFLOP/s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        Column("released", "integer", "Year of release.", "2020", minimum=1999, maximum=2100),
        Column("source_url", "url", "The maker's data sheet.", "https://www.nvidia.com/en-us/data-center/a100/"),
        Column("note", "text", "What the data sheet leaves open.", "", required=False),
    ),
    key=("gpu",),
)

ARCHITECTURES = Table(
    "architecture_patterns",
    "{task}/architectures.csv",
    "A family of architectures, found by a pattern on the name before the dot.",
    (
        Column(
            "pattern",
            "pattern",
            "Regular expression that matches whole architecture names; each name matches one row.",
            r"resnet(18|34|50|101|152)",
        ),
        Column("family", "text", "The family's name as its authors write it.", "ResNet"),
        Column("class", "choice", "How information is mixed across space in the trunk.", "cnn", choices=CLASSES),
        Column("class_rule", "text", "Why, where the class is debatable.", "", required=False),
        Column("year", "integer", "Year in which the paper first appeared.", "2015", minimum=1950, maximum=2100),
        Column(
            "paper_title",
            "text",
            "Title of the paper that introduced the family.",
            "Deep Residual Learning for Image Recognition",
        ),
        Column("paper_ref", "text", "arXiv number, or the venue where there is none.", "arXiv:1512.03385"),
        Column("paper_url", "url", "Link to the paper.", "https://arxiv.org/abs/1512.03385"),
    ),
    key=("pattern",),
)

MODELS = Table(
    "models",
    "{task}/models.csv",
    "A trained model at one input size.",
    (
        MODEL,
        INPUT_SIZE,
        Column(
            "parameters_m",
            "number",
            "Trainable parameters.",
            "25.55703",
            unit="millions",
            above=0,
            minimum=LEAST,
            maximum=1e9,
        ),
        Column(
            "macs_g",
            "number",
            "Multiply-accumulates for one item: the larger of two counters' results.",
            "4.133743",
            unit="billions",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e9,
        ),
        Column(
            "activations_m",
            "number",
            "Elements of all layers' outputs for one item.",
            "11.11091",
            unit="millions",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e9,
        ),
        Column("url", "url", "The model's page.", "https://huggingface.co/timm/resnet50.a1_in1k", required=False),
    ),
    key=("model", "input_size_px"),
)

ACCURACY = Table(
    "accuracy",
    "{task}/accuracy.csv",
    "A model's quality on one test set.",
    (
        MODEL,
        INPUT_SIZE,
        Column("test_set", "slug", "A test set that task.toml names.", "imagenet"),
        Column("accuracy_pct", "number", "Top-1 accuracy.", "80.372", unit="%", minimum=0, maximum=100),
    ),
    key=("model", "input_size_px", "test_set"),
    foreign_keys=(ForeignKey(("model", "input_size_px"), "models", ("model", "input_size_px")),),
)

_CELSIUS = {"unit": "°C", "required": False, "minimum": -50.0, "maximum": 200.0}

MEASUREMENTS = Table(
    "measurements",
    "{task}/measurements/{setup}.csv",
    "One trial: a window of repeated batches of one model on one setup, or one published figure.",
    (
        Column(
            "model", "name", "A model, or a bare architecture: then it counts for all its tags.", "resnet50.a1_in1k"
        ),
        INPUT_SIZE,
        Column("batch_size", "integer", "Items in one batch.", "256", required=False, minimum=1, maximum=10_000_000),
        Column(
            "stage",
            "choice",
            "published: as its source gives it; sweep: searching the batch size; final: the chosen one measured again.",
            "final",
            choices=STAGES,
        ),
        Column(
            "trial",
            "integer",
            "1, 2, 3 ... within model, input size, batch size and stage.",
            "1",
            minimum=1,
            maximum=1_000_000,
        ),
        Column(
            "energy_mj_per_item",
            "number",
            "GPU energy for one item, in millijoules: the mean over the window.",
            "86.9",
            unit="mJ",
            required=False,
            empty="with a status that says why",
            above=0,
            minimum=LEAST,
            maximum=1e12,
        ),
        Column(
            "throughput_items_per_s",
            "number",
            "Items per second of the window.",
            "2512.4",
            unit="items/s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e12,
        ),
        Column(
            "latency_ms",
            "number",
            "Time of one batch.",
            "101.9",
            unit="ms",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e9,
        ),
        Column(
            "mean_power_w",
            "number",
            "Energy of the window over its length.",
            "612.5",
            unit="W",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=100000,
        ),
        Column(
            "window_s",
            "number",
            "Length of the window.",
            "2.104",
            unit="s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        Column(
            "repetitions",
            "integer",
            "Whole batches in the window.",
            "21",
            required=False,
            minimum=1,
            maximum=1_000_000_000,
        ),
        Column(
            "counter_power_ratio",
            "number",
            "Energy counter over integrated power samples.",
            "1.002",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=100,
        ),
        Column("temperature_start_c", "number", "GPU temperature at the start of the window.", "54", **_CELSIUS),  # type: ignore[arg-type]
        Column("temperature_end_c", "number", "GPU temperature at the end of the window.", "57", **_CELSIUS),  # type: ignore[arg-type]
        Column(
            "sm_clock_start_mhz",
            "integer",
            "SM clock at the start of the window.",
            "1980",
            unit="MHz",
            required=False,
            minimum=0,
            maximum=100000,
        ),
        Column(
            "sm_clock_end_mhz",
            "integer",
            "SM clock at the end of the window.",
            "1965",
            unit="MHz",
            required=False,
            minimum=0,
            maximum=100000,
        ),
        Column(
            "throttle_reasons",
            "text",
            "NVML's clock event reasons during the window, joined by +.",
            "sw_power_cap",
            required=False,
        ),
        Column(
            "memory_mib",
            "number",
            "Peak device memory that the runtime had allocated.",
            "10240",
            unit="MiB",
            required=False,
            minimum=0,
            maximum=1e9,
        ),
        Column("status", "choice", "ok, or why there is no figure.", "ok", choices=STATUSES),
    ),
    key=("model", "input_size_px", "batch_size", "stage", "trial"),
)

RATED_MODELS = Table(
    "rated_models",
    "{task}/rated_models.csv",
    "A model that is rated by the energy of the task's queries.",
    (
        Column("model", "name", "The model's name on Hugging Face, or in timm.", "openai/whisper-tiny"),
        Column("title", "text", "A short name, for charts.", "Whisper tiny"),
        Column("family", "text", "The family's name as its authors write it.", "Whisper"),
        Column(
            "approach",
            "choice",
            "Whether it was trained for the task, or does it as one of many, without examples.",
            "task-specific",
            choices=APPROACHES,
        ),
        Column("parameters_m", "number", "Parameters.", "37.76", unit="millions", above=0, minimum=LEAST, maximum=1e9),
        Column("year", "integer", "Year in which the paper first appeared.", "2022", minimum=1950, maximum=2100),
        Column(
            "paper_title",
            "text",
            "Title of the paper that introduced the model.",
            "Robust Speech Recognition via Large-Scale Weak Supervision",
        ),
        Column("paper_ref", "text", "arXiv number, or the venue where there is none.", "arXiv:2212.04356"),
        Column("paper_url", "url", "Link to the paper.", "https://arxiv.org/abs/2212.04356"),
        Column("url", "url", "The model's page.", "https://huggingface.co/openai/whisper-tiny"),
        Column(
            "quality",
            "number",
            "How well it does, in the measure and unit of task.toml.",
            "7.54",
            required=False,
            minimum=-1e9,
            maximum=1e9,
        ),
        Column("quality_note", "text", "What the quality was measured on.", "LibriSpeech test-clean", required=False),
        Column(
            "quality_url",
            "url",
            "Where the quality was published.",
            "https://arxiv.org/abs/2212.04356",
            required=False,
            empty="where there is no quality",
        ),
    ),
    key=("model",),
)

_MEASURED = {column.name: column for column in MEASUREMENTS.columns}


def _phase(name: str, meaning: str, example: str) -> Column:
    return replace(
        _MEASURED["energy_mj_per_item"], name=f"{name}_mj_per_item", meaning=meaning, example=example, empty=""
    )


PHASES = (
    _phase("preprocess", "Of it, what turns the sample into the model's input.", "12.4"),
    _phase("prefill", "Of it, what reads the input until the first new token.", "301"),
    _phase("decode", "Of it, what makes the tokens after the first.", "1210"),
    _phase("forward", "Of it, the one pass of a model that makes no tokens, or all steps of one that draws.", "86.9"),
)
QUERY_RUNS = Table(
    "query_runs",
    "{task}/queries/{setup}.csv",
    "One run: all samples once through one model on one setup, in batches of one size.",
    (
        Column("model", "name", "A model of rated_models.csv.", "openai/whisper-tiny"),
        Column("batch_size", "integer", "Queries in one batch; the rating's is 1.", "1", minimum=1, maximum=10_000_000),
        Column("run", "integer", "1, 2, 3 ... within model and batch size.", "1", minimum=1, maximum=1_000_000),
        Column("samples", "integer", "Queries of the run.", "1000", minimum=1, maximum=1_000_000_000),
        replace(
            _MEASURED["energy_mj_per_item"],
            meaning="GPU energy for one query, in millijoules: of the whole run, the sum of its phases.",
            example="1523.4",
        ),
        *PHASES,
        Column(
            "duration_s",
            "number",
            "Length of the run.",
            "21.4",
            unit="s",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e6,
        ),
        replace(_MEASURED["latency_ms"], meaning="Time of one batch: the mean of the run."),
        Column(
            "output_tokens_per_item",
            "number",
            "Tokens that the model made for one query: the mean of the run.",
            "10",
            required=False,
            minimum=0,
            maximum=1e9,
        ),
        replace(_MEASURED["mean_power_w"], meaning="Energy of the run over its length."),
        _MEASURED["counter_power_ratio"],
        *(
            replace(_MEASURED[name], meaning=_MEASURED[name].meaning.replace("window", "run"))
            for name in (
                "temperature_start_c",
                "temperature_end_c",
                "sm_clock_start_mhz",
                "sm_clock_end_mhz",
                "throttle_reasons",
                "memory_mib",
                "status",
            )
        ),
    ),
    key=("model", "batch_size", "run"),
    foreign_keys=(ForeignKey(("model",), "rated_models", ("model",)),),
)

# Of a table whose file is named after the first digits of its own content's SHA-256, so that it cannot change unseen.
EPOCH_DIGITS = 10
EPOCHS = Table(
    "epochs",
    "epochs/{epoch}.csv",
    "The range of energy that the stars of one task and class stand on, as `joule-atlas epoch` froze it on a day.",
    (
        Column("task", "slug", "A task that is rated.", "speech_recognition"),
        Column("class", "name", "A class of task.toml.", "A", required=False, empty="where the task has no classes"),
        Column("setup", "slug", "The setup that the rating stands on.", "h200-sxm-141gb_pytorch_fp32"),
        Column("models", "integer", "Models that had a figure there.", "6", minimum=4, maximum=1_000_000),
        Column(
            "least_mj_per_item",
            "number",
            "The least energy among them.",
            "112.4",
            unit="mJ",
            above=0,
            minimum=LEAST,
            maximum=1e12,
        ),
        Column(
            "most_mj_per_item",
            "number",
            "The most energy among them.",
            "9210",
            unit="mJ",
            above=0,
            minimum=LEAST,
            maximum=1e12,
        ),
    ),
    key=("task", "class"),
)

TABLES = (GPUS, ARCHITECTURES, MODELS, ACCURACY, MEASUREMENTS, RATED_MODELS, QUERY_RUNS, EPOCHS)

# The fields of <gpu>_<runtime>_<precision>.toml, by section.
PROVENANCE: dict[str, tuple[Column, ...]] = {
    "": (
        Column("title", "text", "The setup in words.", "NVIDIA A100 PCIe 40 GB, PyTorch, FP32"),
        Column("gpu", "slug", "A GPU of gpus.csv.", "a100-pcie-40gb"),
        Column("runtime", "choice", "What ran the models.", "pytorch", choices=RUNTIMES),
        Column("precision", "choice", "Numbers the models computed in.", "fp32", choices=PRECISIONS),
        Column(
            "precision_note",
            "text",
            "What the precision leaves open.",
            "PyTorch defaults: TF32 in convolutions, FP32 in matrix products.",
            required=False,
        ),
        Column(
            "weights",
            "choice",
            "Weights that the models ran with.",
            "pretrained",
            choices=("pretrained", "random", "not_recorded"),
        ),
        Column("memory_format", "text", "Layout of the activations.", "channels_last", required=False),
        Column("protocol", "text", "The protocol's name.", "survey"),
        Column("protocol_note", "text", "The protocol in one paragraph.", "", required=False),
        Column("licence", "text", "SPDX name of the figures' licence.", "MIT"),
    ),
    "source": (
        Column("title", "text", "Where the figures come from.", "Double-exponential increases in inference energy"),
        Column("authors", "text", "Who made them.", "Zeyu Yang, ..."),
        Column("url", "url", "Where they can be read.", "https://github.com/...", required=False),
        Column("revision", "text", "Commit or version carried over.", "96cd60e", required=False),
        Column(
            "changes", "text", "What was changed on the way here.", "Rounded to 7 significant digits.", required=False
        ),
    ),
    "measured": (
        Column("first_day", "date", "Day of the first row.", "2026-11-22", required=False),
        Column("last_day", "date", "Day of the last row.", "2026-11-22", required=False),
        Column("driver", "text", "Driver version.", "580.159.04", required=False),
        Column("cuda", "text", "CUDA version.", "13.0", required=False),
        Column(
            "power_limit_w",
            "number",
            "Power limit in force.",
            "700",
            unit="W",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=100000,
        ),
        Column(
            "sensor", "text", "What read the energy.", "NVML total energy counter, updated every 100 ms", required=False
        ),
        Column("inputs", "text", "What the models were fed.", "randn", required=False),
    ),
    "versions": (),
    "derived": (),
}

SETUP = Document(
    "setups",
    "{task}/measurements/{setup}.toml",
    "A setup: which card, runtime and precision gave the figures of the CSV file beside it, who measured them and how.",
    PROVENANCE,
    free={
        "versions": "A piece of software and its version.",
        "derived": "A column of the CSV file and how it was derived where it was not recorded.",
    },
)

# The fields of the same file beside query runs.
QUERY_PROVENANCE: dict[str, tuple[Column, ...]] = PROVENANCE | {
    "measured": (
        *PROVENANCE["measured"],
        Column(
            "samples",
            "choice",
            "hub: from the task's data sets; synthetic: of the same lengths and sizes, but no content.",
            "synthetic",
            choices=("synthetic", "hub"),
        ),
    )
}

QUERY_SETUP = Document(
    "query_setups",
    "{task}/queries/{setup}.toml",
    "A setup of query runs: which card, runtime and precision gave the CSV file beside it, who measured it and how.",
    QUERY_PROVENANCE,
    free=SETUP.free,
)

# The fields of task.toml, by section.
TASK_FIELDS: dict[str, tuple[Column, ...]] = {
    "": (
        Column("title", "text", "The task in words.", "Image classification"),
        Column("item", "text", "What a model works on, one of it.", "image"),
        Column("items", "text", "What a model works on, several of it.", "images"),
        Column("quality", "text", "How well a model does is measured as.", "top-1 accuracy"),
        Column("quality_unit", "text", "Unit of the quality.", "%"),
        Column(
            "quality_better",
            "choice",
            "Which way a quality is better; higher where this is left out.",
            "lower",
            required=False,
            choices=("higher", "lower"),
        ),
        Column("description", "text", "What a model does, in one sentence.", "Name what a picture shows."),
    ),
    "test_sets": (
        Column("key", "slug", "Name used in accuracy.csv.", "imagenet"),
        Column("title", "text", "Name as its authors write it.", "ImageNet"),
        Column(
            "description", "text", "What it holds, in one sentence.", "The 50,000 validation images of ILSVRC 2012."
        ),
        Column("default", "boolean", "True where the site shows it from the start.", "true"),
        Column("url", "url", "Where it is described.", "https://arxiv.org/abs/1409.0575"),
    ),
    "data_sets": (
        Column("key", "slug", "A short name.", "librispeech"),
        Column("title", "text", "Name as its authors write it.", "LibriSpeech"),
        Column("description", "text", "What it holds, in one sentence.", "Read English from audio books."),
        Column("url", "url", "Where it is described.", "https://huggingface.co/datasets/openslr/librispeech_asr"),
    ),
    "classes": (
        Column("key", "name", "The class's letter.", "A"),
        Column("title", "text", "What its models run on.", "One consumer GPU"),
        Column(
            "parameters_up_to_m",
            "number",
            "The largest model that is in it; the last class has no limit.",
            "20000",
            unit="millions",
            required=False,
            above=0,
            minimum=LEAST,
            maximum=1e9,
        ),
    ),
    "sources": (
        Column("title", "text", "Where figures come from.", "PyTorch Image Models (timm), results"),
        Column("authors", "text", "Who made them.", "Ross Wightman and contributors"),
        Column("url", "url", "Where they can be read.", "https://github.com/huggingface/pytorch-image-models"),
        Column("revision", "text", "Commit or version carried over.", "aa4b585", required=False),
        Column("licence", "text", "SPDX name of the figures' licence.", "Apache-2.0"),
        Column("carried", "text", "Which files and columns hold them here.", "accuracy.csv: all eight test sets."),
    ),
    "control_variables": (),
    "rating": (),
}

TASK = Document(
    "tasks",
    "{task}/task.toml",
    "A task: what its models do, what that is measured on, and where the figures come from.",
    TASK_FIELDS,
    lists=("test_sets", "data_sets", "classes", "sources"),
    free={
        "control_variables": "A condition that every setup of the task keeps, and how.",
        "rating": "A condition of the rating's queries, where measurements/ keep others.",
    },
)

DOCUMENTS = (TASK, SETUP, QUERY_SETUP)
