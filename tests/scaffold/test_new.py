"""What `joule-atlas new` writes: valid once filled in, and until then named by `check` place by place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from builder.new import new
from builder.problems import UserError
from builder.tables.check import check
from builder.tables.database import build_database
from builder.tables.reader import header_line
from builder.tables.scaffold import new_model
from builder.tables.schema import RATED_MODELS

TASK = Path("data/image_classification")
NEXT = "Fill in what joule-atlas check names, then run it again; data/README.md has every column and field.\n"


@pytest.fixture(autouse=True)
def data(mini_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini_data, "data")
    return Path("data")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(new, arguments, catch_exceptions=False)


def found(data: Path) -> list[str]:
    """Return what `check` says, by place."""
    problems = check(data)
    return [f"{Path(problem.path).name}:{problem.line}:{problem.column} {problem.found}" for problem in problems]


def empty_fields(path: Path) -> list[tuple[int, str]]:
    """Return line and name, with the section before it, of each field of a TOML file that holds nothing."""
    fields, section = [], ""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("["):
            section = text.strip("[]") + "."
        elif text.endswith(' = ""') and not text.startswith("#"):
            fields.append((line, section + text.partition(" ")[0]))
    return fields


def fill(path: Path, **values: str) -> None:
    """Write a text into each field of a TOML file that is still empty."""
    lines = path.read_text(encoding="utf-8").splitlines()
    empty = re.compile(r'(\w+) = ""')
    filled = [
        f'{match[1]} = "{values.get(match[1], "Filled in")}"' if (match := empty.fullmatch(line)) else line
        for line in lines
    ]
    path.write_text("\n".join([*filled, ""]), encoding="utf-8")


def take_in(path: Path, name: str) -> None:
    """Take a field that may stay out into a TOML file."""
    text = path.read_text(encoding="utf-8")
    assert f"# {name} = " in text
    path.write_text(re.sub(rf"(?m)^# {name} = .*", f'{name} = ""', text), encoding="utf-8")


def test_a_setup_is_written_and_its_empty_places_are_named(data: Path) -> None:
    result = run("setup", "gamma-1gb", "tensorrt", "fp16")
    setup = TASK / "measurements" / "gamma-1gb_tensorrt_fp16"
    assert result.stdout == f"{setup}.toml: new\n{setup}.csv: new\ndata/gpus.csv: 1 line more\n{NEXT}"
    names = [name for _, name in empty_fields(setup.with_suffix(".toml"))]
    assert names == ["title", "weights", "protocol", "licence", "source.title", "source.authors"]
    assert found(data) == [
        "gpus.csv:4:2 nothing in title",
        "gpus.csv:4:3 nothing in memory_gib",
        "gpus.csv:4:4 nothing in tdp_w",
        "gpus.csv:4:5 nothing in peak_fp32_tflops",
        "gpus.csv:4:9 nothing in released",
        "gpus.csv:4:10 nothing in source_url",
        f"{setup.name}.csv:1:0 a header and no row",
        *(f"{setup.name}.toml:{line}:1 nothing in {name}" for line, name in empty_fields(setup.with_suffix(".toml"))),
    ]


def test_a_setup_is_valid_once_filled_in(data: Path) -> None:
    run("setup", "beta-20gb", "tensorrt", "bf16")
    setup = TASK / "measurements" / "beta-20gb_tensorrt_bf16"
    take_in(setup.with_suffix(".toml"), "url")
    fill(setup.with_suffix(".toml"), weights="random", url="https://example.org/figures")
    with setup.with_suffix(".csv").open("a", encoding="utf-8") as file:
        file.write("weavenet_l,224,8,published,1,7.5,,,,,,,,,,,,,ok\n")
    with build_database(data) as connection:
        figures = connection.execute("SELECT model, energy_mj FROM figures WHERE setup = ?", [setup.name]).fetchall()
    assert figures == [("weavenet_l.base", 7.5)]


def test_the_fields_that_may_stay_out_are_valid_where_they_are_taken_in(data: Path) -> None:
    run("setup", "beta-20gb", "tensorrt", "bf16")
    path = TASK / "measurements" / "beta-20gb_tensorrt_bf16.toml"
    fill(path, weights="random", url="https://example.org/figures")
    text = re.sub(r"(?m)^# (\w+ = )", r"\1", path.read_text(encoding="utf-8"))
    path.write_text(text.replace('protocol_note = ""', 'protocol_note = "Filled in"'), encoding="utf-8")
    assert "\npower_limit_w = 700\n" in text
    assert found(data) == [f"{path.stem}.csv:1:0 a header and no row"]


def test_a_task_is_written_named_and_valid_once_filled_in(data: Path) -> None:
    result = run("task", "speech")
    names = ("task.toml", "architectures.csv", "models.csv", "accuracy.csv")
    assert result.stdout == "".join(f"data/speech/{name}: new\n" for name in names) + NEXT
    fields = ("title", "item", "items", "quality", "quality_unit", "description")
    test_set = ("key", "title", "description", "url")
    source = ("title", "authors", "url", "licence", "carried")
    no_rows = "accuracy.csv:1:0 a header and no row"
    assert [text.partition(" in ")[2] for text in found(data) if text != no_rows] == [
        *fields,
        *(f"test_sets.{name}" for name in test_set),
        *(f"sources.{name}" for name in source),
    ]
    fill(data / "speech" / "task.toml", key="clean", url="https://example.org/speech")
    assert found(data) == [no_rows]


def test_a_rated_task_is_written_named_and_valid_once_filled_in(data: Path) -> None:
    result = run("task", "speech", "--rated")
    assert result.stdout == f"data/speech/task.toml: new\ndata/speech/rated_models.csv: new\n{NEXT}"
    assert [text.partition(" in ")[2] for text in found(data)] == [
        *("title", "item", "items", "quality", "quality_unit", "description"),
        *("data_sets.key", "data_sets.title", "data_sets.description", "data_sets.url"),
        *("classes.key", "classes.title"),
        *("sources.title", "sources.authors", "sources.url", "sources.licence", "sources.carried"),
    ]
    fill(data / "speech" / "task.toml", key="clean", url="https://example.org/speech")
    assert found(data) == []


def test_a_setup_of_query_runs_is_written_and_valid_once_filled_in(data: Path) -> None:
    result = run("setup", "beta-20gb", "pytorch", "bf16", "--queries", "--task", "storytelling")
    setup = Path("data/storytelling/queries/beta-20gb_pytorch_bf16")
    assert result.stdout == f"{setup}.toml: new\n{setup}.csv: new\n{NEXT}"
    names = [name for _, name in empty_fields(setup.with_suffix(".toml"))]
    assert names[-1] == "measured.samples"
    fill(setup.with_suffix(".toml"), weights="random", samples="hub")
    assert found(data) == [f"{setup.name}.csv:1:0 a header and no row"]
    with setup.with_suffix(".csv").open("a", encoding="utf-8") as file:
        file.write("bard.small,1,1,30,7.5,,,,,,,,,,,,,,,,ok\n")
    assert found(data) == []


def test_a_rated_model_is_one_line_whose_empty_places_are_named(data: Path) -> None:
    result = run("model", "inkwell/quill-huge", "--task", "storytelling")
    path = data / "storytelling" / "rated_models.csv"
    assert result.stdout == f"{path}: 1 line more\n{NEXT}"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index("inkwell/quill-huge" + "," * lines[0].count(",")) + 1
    required = [(number, column) for number, column in enumerate(RATED_MODELS.columns, start=1) if column.required]
    assert found(data) == [
        f"rated_models.csv:{place}:{number} nothing in {column.name}" for number, column in required[1:]
    ]


def test_a_model_of_a_known_architecture_is_put_where_it_belongs(data: Path) -> None:
    models = TASK / "models.csv"
    header, *rows = models.read_text(encoding="utf-8").splitlines(keepends=True)
    models.write_text("".join([header, *sorted(rows)]), encoding="utf-8")
    result = run("model", "pebblenet_m.minus", "224")
    assert result.stdout == f"{models}: 1 line more\n{TASK / 'accuracy.csv'}: 3 lines more\n{NEXT}"
    assert [line.split(",")[0] for line in models.read_text(encoding="utf-8").splitlines()[7:10]] == [
        "pebblenet_m.base",
        "pebblenet_m.minus",
        "pebblenet_m.plus",
    ]
    assert found(data) == [
        "accuracy.csv:37:4 nothing in accuracy_pct",
        "accuracy.csv:38:4 nothing in accuracy_pct",
        "accuracy.csv:39:4 nothing in accuracy_pct",
        "models.csv:9:3 nothing in parameters_m",
    ]


def test_models_of_a_new_architecture_come_with_its_line_and_are_valid_once_filled_in(data: Path) -> None:
    run("model", "swirl-net_s.one", "224")
    result = run("model", "swirl-net_s.two", "224")
    patterns = TASK / "architectures.csv"
    assert str(patterns) not in result.stdout
    assert patterns.read_text(encoding="utf-8").splitlines()[-1] == "swirl-net_s,,,,,,,"
    for path, empty, filled in (
        (
            patterns,
            "swirl-net_s,,,,,,,",
            "swirl-net_s,SwirlNet,cnn,,2026,Swirls,Invented 2026,https://example.org/swirl",
        ),
        (TASK / "models.csv", ",224,,,,", ",224,1.5,,,"),
    ):
        path.write_text(path.read_text(encoding="utf-8").replace(empty, filled), encoding="utf-8")
    accuracy = TASK / "accuracy.csv"
    filled_in = re.sub(r"(?m)^(swirl.*,)$", r"\g<1>50", accuracy.read_text(encoding="utf-8"))
    accuracy.write_text(filled_in, encoding="utf-8")
    assert found(data) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("setup", "alpha-10gb", "pytorch", "fp32"),
            "Error: data/image_classification/measurements/alpha-10gb_pytorch_fp32.toml: found already\n"
            "  expected: no such file, as nothing is overwritten\n"
            "  fix: Change it by hand, or choose another name.\n",
        ),
        (
            ("setup", "beta-20gb", "tensorrt", "fp16", "--task", "speech"),
            "Error: data/speech: found no such task\n"
            "  expected: a folder with task.toml\n"
            "  fix: Correct the name, or run: joule-atlas new task speech\n",
        ),
        (
            ("setup", "../gamma", "tensorrt", "fp16"),
            "Error: found '../gamma' in gpu\n"
            "  expected: small letters and digits, with single _ or - between them\n"
            "  fix: Name used in setups: chip, form, memory.\n",
        ),
        (
            ("task", "image_classification"),
            "Error: data/image_classification/task.toml: found already\n"
            "  expected: no such file, as nothing is overwritten\n"
            "  fix: Change it by hand, or choose another name.\n",
        ),
        (
            ("task", "Speech"),
            "Error: found 'Speech' in task\n"
            "  expected: small letters and digits, with single _ or - between them\n"
            "  fix: The task's folder.\n",
        ),
        (
            ("model", "weavenet_s.base", "224"),
            "Error: data/image_classification/models.csv: found weavenet_s.base at 224 px already\n"
            "  expected: a new model or input size\n"
            "  fix: Change its line; the figures of a setup go to measurements/.\n",
        ),
        (
            ("model", "=run()", "224"),
            "Error: found '=run()' in model\n"
            "  expected: a name of letters, digits and _, with single . / - between them\n"
            "  fix: Start with another character: a spreadsheet runs a cell that starts with = as a formula. "
            "The model's name; for timm, architecture.tag.\n",
        ),
        (
            ("model", "inkwell/quill-nano", "--task", "storytelling"),
            "Error: data/storytelling/rated_models.csv: found inkwell/quill-nano already\n"
            "  expected: a new model\n"
            "  fix: Change its line; the runs of a setup go to queries/.\n",
        ),
        (
            ("model", "inkwell/quill-nano"),
            "Error: data/image_classification/rated_models.csv: found no such file\n"
            "  expected: a task that rates its models by their queries\n"
            "  fix: Give the model's input size too, or the rated task's name with --task.\n",
        ),
        (
            ("model", "inkwell/quill-huge", "224", "--rated", "--task", "storytelling"),
            "Usage: main new model [OPTIONS] NAME [INPUT_SIZE_PX]\n"
            "Try 'main new model --help' for help.\n\n"
            "Error: A rated model has no input size: leave out one of the two.\n",
        ),
        (
            ("model", "weavenet_s.base", "0"),
            "Error: found '0' in input_size_px\n"
            "  expected: a whole number from 1 to 65536\n"
            "  fix: Height and width of the square input.\n",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    data: Path, arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    monkeypatch.setitem(main.commands, "new", new)
    result = CliRunner().invoke(main, ["new", *arguments])
    assert (result.exit_code, result.stderr) == (2 if message.startswith("Usage") else 1, message)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_in_a_task_of_both_kinds_it_is_said_which_is_meant(data: Path) -> None:
    rated = TASK / "rated_models.csv"
    rated.write_text(header_line(RATED_MODELS), encoding="utf-8")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with pytest.raises(UserError) as raised:
        run("model", "weavenet_s.other")
    assert str(raised.value) == (
        "data/image_classification: found models.csv and rated_models.csv, and no input size of weavenet_s.other\n"
        "  expected: its input size for models.csv, or --rated for rated_models.csv\n"
        "  fix: Run joule-atlas new model weavenet_s.other 224, or joule-atlas new model weavenet_s.other --rated"
        " (each with --task image_classification)."
    )
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert run("model", "weavenet_s.other", "--rated").stdout == f"{rated}: 1 line more\n{NEXT}"


def test_a_file_that_cannot_be_read_is_named_before_anything_is_written(data: Path) -> None:
    (TASK / "models.csv").write_text("models\n", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        new_model(data, "image_classification", "weavenet_s.new", 224)
    assert str(raised.value) == "data/image_classification/models.csv must be right before lines are added"
    assert raised.value.problems[0].found == "'models' as field 1 of the header"
