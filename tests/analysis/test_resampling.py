from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from builder.analysis.resampling import (
    correlation_leads,
    correlations,
    geometric_means,
    means,
    medians,
    resampled_interval,
    slopes,
)

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=400)
Y = 2 * X + RANDOM.normal(size=400)


def test_statistics_are_those_of_each_resample() -> None:
    columns = np.stack([np.stack([X[:50], X[50:100]]), np.stack([Y[:50], Y[50:100]])])
    one, other = ((X[part], Y[part]) for part in (slice(0, 50), slice(50, 100)))
    assert correlations(columns).tolist() == pytest.approx([stats.pearsonr(*one)[0], stats.pearsonr(*other)[0]])
    leads = correlation_leads(np.stack([columns[0], columns[0] ** 3, columns[1]]))
    assert leads.tolist() == pytest.approx(
        [stats.pearsonr(x, y)[0] - stats.pearsonr(x**3, y)[0] for x, y in (one, other)]
    )
    assert slopes(columns).tolist() == pytest.approx([stats.linregress(*one)[0], stats.linregress(*other)[0]])
    positive = np.exp(columns[:1])
    assert geometric_means(positive).tolist() == pytest.approx([stats.gmean(row) for row in positive[0]])
    assert means(columns).tolist() == pytest.approx([one[0].mean(), other[0].mean()])
    assert medians(columns).tolist() == pytest.approx([np.median(one[0]), np.median(other[0])])


def test_the_interval_of_a_mean_is_near_students() -> None:
    low, high = resampled_interval(means, X)
    half = stats.t.ppf(0.975, 399) * X.std(ddof=1) / 20
    assert (low, high) == pytest.approx((X.mean() - half, X.mean() + half), abs=0.02)


def test_the_interval_holds_the_statistic_and_is_the_same_each_time() -> None:
    first = resampled_interval(slopes, X, Y)
    assert first == resampled_interval(slopes, X, Y)
    assert first[0] < stats.linregress(X, Y)[0] < first[1]


def test_a_lower_level_gives_a_narrower_interval() -> None:
    wide, narrow = resampled_interval(means, X), resampled_interval(means, X, level=0.5)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
