"""First runs that took more than the others, on numbers worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from builder.analysis.warming import FirstRuns, first_runs


def runs(*models: tuple[float | None, ...], batch_size: int = 1) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"model": f"m{place}", "batch_size": batch_size, "run": number, "energy_mj_per_item": energy}
            for place, energies in enumerate(models)
            for number, energy in enumerate(energies, 1)
        ]
    )


def test_most_first_runs_that_took_the_most_tell_of_a_short_warm_up() -> None:
    # 13, 12 and 9 over 10: 30 %, 20 % and -10 %.
    found = first_runs(runs((13.0, 9.0, 11.0), (12.0, 10.0, 10.0), (9.0, 10.0, 10.0)))
    assert found
    assert (found.models, found.heaviest, found.is_short) == (3, 2, True)
    assert found.excess == pytest.approx(0.2)


def test_few_first_runs_or_a_small_excess_tell_nothing() -> None:
    assert not FirstRuns(models=4, heaviest=2, excess=0.3).is_short
    assert not FirstRuns(models=4, heaviest=4, excess=0.04).is_short
    assert FirstRuns(models=4, heaviest=3, excess=0.06).is_short


def test_models_without_a_first_run_or_without_others_do_not_count() -> None:
    refused = (None, 10.0, 10.0)
    alone = (12.0,)
    assert first_runs(runs(refused, alone, (12.0, 10.0), (12.0, 10.0))) is None
    assert first_runs(runs((12.0, 10.0), (12.0, 10.0), (12.0, 10.0), batch_size=4)) is None
