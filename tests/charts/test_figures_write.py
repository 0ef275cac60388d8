"""The command that writes the figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.charts.figures.words import joules, kept_together, listed, significant, watt_hours
from builder.charts.figures.write import Written, summary, write_figures
from builder.cli import main
from builder.problems import UserError

DATA = Path(__file__).parents[2] / "data"


def test_data_without_the_study_say_so(mini_data: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        write_figures(mini_data, tmp_path / "figures")
    assert str(raised.value) == (
        "the data lack setups of the study: a100-pcie-40gb_pytorch_fp32, a100-pcie-40gb_tensorrt_fp16, "
        "h100-pcie-80gb_pytorch_fp32, h100-pcie-80gb_tensorrt_fp16\n"
        "  fix: the paper's figures need the study's four setups under data/"
    )
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize(
    ("folder", "found"), [("a-file", "File exists"), ("a-file/below", "Not a directory"), ("/proc/x", "No such file")]
)
def test_a_folder_that_cannot_be_written_is_refused_before_drawing(
    folder: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("kept", encoding="utf-8")
    monkeypatch.setattr("builder.charts.figures.write.FIGURES", ())
    with pytest.raises(UserError) as raised:
        write_figures(DATA, tmp_path / folder)
    assert re.fullmatch(
        rf"{re.escape(str(tmp_path / folder))} cannot be written: {found}.*\n"
        "  expected: a folder, or a place for a new one\n"
        "  fix: name another folder with --out",
        str(raised.value),
    )
    assert (tmp_path / "a-file").read_text(encoding="utf-8") == "kept"


def test_the_summary_names_what_was_left_out() -> None:
    written = Written(("fig-2", "table-1"), ("Fig 7: no setup has sweeps over several batch sizes.",))
    assert summary(written, Path("out")) == (
        "out: fig-2, table-1\nLeft out: Fig 7: no setup has sweeps over several batch sizes."
    )


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (207.37, 3, "207"),
        (0.01293, 2, "0.013"),
        (1.4402, 2, "1.4"),
        (1234.5, 2, "1,200"),
        (0.996, 2, "1.0"),
        (9.7, 2, "9.7"),
    ],
)
def test_numbers_are_rounded_as_readers_say_them(value: float, digits: int, text: str) -> None:
    assert significant(value, digits) == text


def test_energies_take_the_unit_of_the_axes() -> None:
    assert [joules(value, 1) for value in (1, 10, 100, 1_000, 2e6)] == ["1 mJ", "10 mJ", "0.1 J", "1 J", "2 kJ"]
    assert [watt_hours(value * 3.6e6) for value in (0.027, 29, 990, 31e3, 207e6, 43e12)] == [
        "27 mWh",
        "29 Wh",
        "990 Wh",
        "31 kWh",
        "210 MWh",
        "43 TWh",
    ]


def test_lists_end_with_and() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_no_line_breaks_between_a_number_and_its_unit() -> None:
    text = kept_together("1 % of 0.96 % at 100 mJ, 31 kWh, 250 W and 7 vertices")
    assert text.replace("\N{NO-BREAK SPACE}", "~") == "1~% of 0.96~% at 100~mJ, 31~kWh, 250~W and 7 vertices"


def test_the_commands_say_what_the_data_lack(mini_data: Path, tmp_path: Path) -> None:
    for command, whose in (("figures", "paper's figures need"), ("claims", "claims need")):
        arguments = [command, "--data", str(mini_data)] + (["--out", str(tmp_path)] if command == "figures" else [])
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1
        assert result.output.splitlines()[-1] == f"  fix: the {whose} the study's four setups under data/"


def test_claims_are_recomputed_from_the_projects_data() -> None:
    result = CliRunner().invoke(main, ["claims", "--data", str(DATA)])
    assert result.exit_code == 0
    assert "Fig 6: Measured energy is 3.13 times the naive estimate in the geometric mean (PyTorch)." in result.output
    assert "  near: printed 3.13" in result.output
    assert "  not testable\n" in result.output
