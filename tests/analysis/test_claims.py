from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from builder.analysis.claims import VERDICTS, CheckedClaim, Claim, check_claims, claims_of, read_claims

pytestmark = pytest.mark.xdist_group("atlas")


def claim(**changes: float | str | None) -> Claim:
    fields = {"quantity": "x", "printed": 3.13, "tolerance": 0.005} | changes
    return Claim("c", "Fig 6", "A mean.", "The mean.", "near", **fields)  # type: ignore[arg-type]


def verdict(value: float, **changes: float | str | None) -> str:
    return check_claims((claim(**changes),), {"x": value})[0].verdict


def test_a_value_that_rounds_to_the_printed_number_reproduces_it() -> None:
    assert verdict(3.1349) == "reproduced"
    assert verdict(3.1251) == "reproduced"


def test_a_value_within_a_tenth_is_near() -> None:
    assert verdict(3.1351) == "near"
    assert verdict(2.82) == "near"
    assert verdict(2.81) == "not reproduced"


def test_a_claim_may_say_itself_what_is_near() -> None:
    assert verdict(3.2, near=0.05) == "not reproduced"
    assert verdict(3.2, near=0.08) == "near"


def test_a_claim_without_a_quantity_is_not_testable() -> None:
    assert check_claims((claim(quantity=None),), {})[0].verdict == "not testable"


def test_a_verdict_stands_while_the_file_says_the_same() -> None:
    assert CheckedClaim(claim(), 3.11, "near").stands
    assert not CheckedClaim(claim(), 3.13, "reproduced").stands


def test_claims_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[[claim]]\nkey = "{}"\nwhere = "Fig 7"\nstatement = "S."\nexpression = "E."\nverdict = "not testable"\n'
    file = tmp_path / "claims.toml"
    file.write_text(text.format("b") + text.format("a"), encoding="utf-8")
    assert read_claims(file) == (
        Claim("b", "Fig 7", "S.", "E.", "not testable"),
        Claim("a", "Fig 7", "S.", "E.", "not testable"),
    )


def test_every_verdict_of_the_file_still_stands(atlas: duckdb.DuckDBPyConnection) -> None:
    changed = [(one.claim.key, one.value, one.verdict) for one in claims_of(atlas) if not one.stands]
    assert changed == []


def test_claims_have_different_keys_and_known_verdicts() -> None:
    claims = read_claims()
    assert len({claim.key for claim in claims}) == len(claims)
    assert {claim.verdict for claim in claims} == set(VERDICTS)


def test_every_claim_that_is_not_reproduced_says_why() -> None:
    assert [claim.key for claim in read_claims() if claim.verdict != "reproduced" and not claim.why] == []


def test_claims_stand_in_the_order_of_the_paper() -> None:
    figures = [f"Fig {number}" for number in range(2, 10)]
    assert list(dict.fromkeys(claim.where for claim in read_claims())) == [
        "Abstract",
        "Text",
        "Table 1",
        "Table 2",
        *figures,
        "Score",
    ]


def test_the_abstract_is_held_to_what_it_prints() -> None:
    # arXiv:2412.09731, whose abstract has one number.
    assert {claim.printed for claim in read_claims() if claim.where == "Abstract"} == {1200}


def test_a_number_printed_twice_is_held_to_the_same_digits() -> None:
    tolerances: dict[tuple[float, str], set[float]] = {}
    for claim in read_claims():
        if claim.quantity:
            tolerances.setdefault((claim.printed, claim.unit), set()).add(claim.tolerance)
    assert {key: found for key, found in tolerances.items() if len(found) > 1} == {}


def test_the_numbers_of_a_why_are_recomputed() -> None:
    one = claim(why="{x:.2f} here, and {fig.y:.0%} of it.", decades="d")
    assert check_claims((one,), {"x": 3.111, "fig.y": 0.5, "d": 5.3})[0] == CheckedClaim(
        one, 3.111, "near", "3.11 here, and 50% of it.", 5.3
    )


def test_a_why_that_names_an_unknown_number_is_an_error() -> None:
    with pytest.raises(KeyError):
        check_claims((claim(why="{y:.2f}"),), {"x": 3.13})


def test_the_paper_s_207_mwh_stand_with_their_interval(atlas: duckdb.DuckDBPyConnection) -> None:
    (energy,) = (one for one in claims_of(atlas) if one.claim.key == "fig-2-100-percent")
    assert energy.decades == pytest.approx(5.32, abs=0.01)
    assert energy.why == (
        "The number is right and says little: its 95 % interval is 5.3 powers of ten to each side, and the one vertex "
        "under 1 mJ that the recipe drops would bring it down to 29.1 Wh."
    )
