from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd

from builder.analysis.growth import fit_growth
from builder.analysis.queries import figures, query_figures
from builder.review.agreement import Agreement, Peer, Siblings, agreements, query_agreements
from builder.review.consequences import Consequence, Standing, consequences, standings
from builder.review.difference import Difference
from builder.review.findings import consequences as told
from builder.review.markdown import Style
from builder.review.plane import front_plane
from builder.review.report import Evidence, Report
from tests.review.changes import ALPHA

KEY = ("image_classification", ALPHA.name)
A, B, C, D = (("a", 224), ("b", 224), ("c", 224), ("d", 224))


def standing(points: Mapping[tuple[str, int], tuple[float, float]], *top: tuple[str, int]) -> Standing:
    return Standing(points=points, front=tuple(points), top=top, growth=None)


def test_the_standing_of_the_invented_setup_is_the_one_of_its_readme(mini: duckdb.DuckDBPyConnection) -> None:
    found = standings(mini)[KEY]
    assert [model for model, _ in found.front] == [
        "pebblenet_nano.base",
        "pebblenet_s.base",
        "pebblenet_m.base",
        "weavenet_s.base",
        "lanternformer_s.base",
        "lanternformer_l.base",
    ]
    assert found.points["weavenet_s.base", 224] == (20, 74)
    assert ("gridmixer_l.base", 224) not in found.points
    assert found.top[:3] == (("lanternformer_s.base", 224), ("lanternformer_s.plus", 224), ("weavenet_l.base", 224))
    assert len(found.top) == 11
    assert found.growth is not None
    assert len(found.growth.vertices) == 5


def test_gains_losses_and_moves_are_told_apart() -> None:
    before = standing({A: (1, 50), B: (10, 60), C: (100, 70)}, A, B, C)
    after = standing({A: (1, 50), D: (8, 60), C: (90, 70)}, C, A, D)
    one = Consequence("task", "setup", before, after)
    assert (one.front_gained, one.front_lost) == ((D,), (B,))
    assert (one.top_entered, one.top_left, one.top_moved) == ((D,), (B,), 2)
    assert (one.front_differs, one.top_differs, one.growth_differs) == (True, True, False)


def test_a_setup_with_the_same_standing_has_no_consequence() -> None:
    one, same = (standing({A: (1, 50), B: (10, 60)}, A, B) for _ in range(2))
    assert consequences({("task", "setup"): one}, {("task", "setup"): same}) == ()
    assert consequences({("task", "setup"): one}, {}) == (Consequence("task", "setup", one, None),)


def test_another_curve_on_the_same_front_is_a_consequence() -> None:
    energy, accuracy = np.array([1.0, 10, 100, 1_000]), np.array([50.0, 60, 68, 72])
    fits = [fit_growth(energy, accuracy + more) for more in (0, 1)]
    before, after = (Standing(points={}, front=(A,), top=(A,), growth=fit) for fit in fits)
    (one,) = consequences({("task", "setup"): before}, {("task", "setup"): after})
    assert (one.front_differs, one.top_differs, one.growth_differs) == (False, False, True)


def test_a_front_of_one_model_is_told_in_the_singular() -> None:
    said = []
    for before, after in ((None, standing({A: (1, 50)})), (standing({A: (1, 50), B: (2, 60)}), standing({A: (1, 50)}))):
        found = Evidence((), (), (), (), (Consequence("task", "setup", before, after),), ())
        said += told(Report((), 0, Difference((), 0), found), Style("data", "", 6)).split("; ")[0].splitlines()[-1:]
    assert said == ["- **Front:** 1 model", "- **Front:** 2 → 1 model"]


def test_energies_of_queries_are_compared_with_the_setups_that_share_models(mini: duckdb.DuckDBPyConnection) -> None:
    """Half of the energy on another setup, and in batches none that counts."""
    rows = query_figures(mini, "storytelling")
    rated = rows[(rows["setup"] == ALPHA.name) & (rows["batch_size"] == 1)]
    other = rated.assign(setup="elsewhere", energy_mj=rated["energy_mj"] / 2)
    together = pd.concat([rated, other, other.assign(batch_size=8)])
    changed = {("elsewhere", str(model), batch) for model in rated["model"] for batch in (1, 8)}
    (found,) = query_agreements("storytelling", together, changed)
    count = len(rated[rated["energy_mj"].notna()])
    (peer,) = found.peers
    assert (found.setup, found.rated, found.figures, found.siblings) == ("elsewhere", True, count, None)
    assert (peer.setup, peer.models, round(peer.ratio, 9), round(peer.spread, 9)) == (ALPHA.name, count, 0.5, 1)


def test_the_plane_shows_what_stayed_what_came_and_what_went() -> None:
    before = standing({A: (1, 50), B: (10, 60), C: (1_000, 72)})
    after = standing({A: (1, 50), D: (100, 61), C: (1_000, 72)})
    assert front_plane(Consequence("task", "setup", before, after)).split("\n") == [
        "72.00 % |                                                               o",
        "        |",
        "        |",
        "        |",
        "        |",
        "        |                                          +",
        "        |                     x",
        "        |",
        "        |",
        "        |",
        "        |",
        "50.00 % |o",
        "        +----------------------------------------------------------------",
        "         1 mJ            energy per item, logarithmic            1,000 mJ",
        "         o on the front before and after   + gained   x lost",
    ]


def test_figures_agree_with_siblings_and_with_the_other_gpu(mini: duckdb.DuckDBPyConnection) -> None:
    """On alpha, lanternformer_s has 54.59815 and 65 mJ: 8.7 % from their median, over √½ 12.3 %."""
    rows = figures(mini, "image_classification")
    names = ("lanternformer_s.base", "lanternformer_l.base", "pebblenet_s.base", "pebblenet_m.base")
    changed = {(ALPHA.name, name, 160 if name == "pebblenet_s.base" else 224) for name in names}
    (found,) = agreements("image_classification", rows, changed)
    assert isinstance(found, Agreement)
    assert (found.setup, found.figures) == (ALPHA.name, 4)
    assert found.siblings is not None
    assert found.siblings == Siblings(2, found.siblings.median, found.siblings.largest, ("lanternformer_s.base", 224))
    assert round(found.siblings.largest, 3) == 0.123
    # 54.59815 / 27, 2980.958 / 1500, 2.718282 / 1.4, 7.389056 / 3.7.
    first, *others = found.peers
    assert first == Peer(
        "beta-20gb_pytorch_fp32", 4, first.ratio, first.spread, ("pebblenet_s.base", 160), 2.718282 / 1.4
    )
    assert (round(first.ratio, 3), round(first.spread, 3)) == (1.987, 1.017)
    # pebblenet_s has no row there: three models are left.
    assert [(peer.setup, peer.models) for peer in others] == [("beta-20gb_torchcompile_fp16", 3)]


def test_one_measurement_of_an_architecture_is_no_agreement_of_its_tags(mini: duckdb.DuckDBPyConnection) -> None:
    rows = figures(mini, "image_classification")
    setup = "beta-20gb_torchcompile_fp16"
    changed = {(setup, "pebblenet_m.base", 224), (setup, "pebblenet_m.plus", 224)}
    (found,) = agreements("image_classification", rows, changed)
    assert (found.figures, found.siblings, found.peers) == (2, None, ())
