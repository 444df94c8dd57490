"""Poverty and inequality of a handful of people, as worked out in textbooks and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.poverty import (
    at_risk_rate,
    at_risk_threshold,
    fgt,
    given_line,
    mean_line,
    median_line,
    median_of_poor,
    poverty_gap,
    relative_median_gap,
    watts,
)
from jingzhun.measurement.quantiles import quantile

ONES = np.ones(4)


@pytest.mark.parametrize(("alpha", "index"), [(0, 0.5), (1, 0.08), (2, 0.0136)])
def test_the_country_of_the_handbook(alpha: float, index: float) -> None:
    """Haughton and Khandker 2009, Handbook on Poverty and Inequality, pages 70 and 72: country C, line 125."""
    assert fgt([100, 110, 150, 160], ONES, given_line(125, 4), alpha).value == pytest.approx(index, abs=1e-12)


def test_who_stands_on_the_line_is_poor_only_by_the_weak_test() -> None:
    y, line = [100, 125, 125, 160], given_line(125, 4)
    assert fgt(y, ONES, line).value == 0.25
    assert fgt(y, ONES, line, strict=False).value == 0.75
    assert fgt(y, ONES, line, 1).value == fgt(y, ONES, line, 1, strict=False).value == pytest.approx(0.05)


def test_every_row_may_have_a_line_of_its_own() -> None:
    assert fgt([100, 100, 100, 100], ONES, given_line([100, 101, 200, 50], 4)).value == 0.5
    assert poverty_gap([100, 100, 100, 100], [1, 2, 3, 4], given_line([100, 101, 200, 50], 4)).value == 302


def test_the_gap_in_money_and_watts() -> None:
    assert poverty_gap([100, 110, 150, 160], [10, 1, 1, 1], given_line(125, 4)).value == 265
    assert watts([np.e, np.e**2, 5000, 6000], ONES, given_line(np.e**3, 4)).value == pytest.approx((2 + 1) / 4)


def test_a_missing_income_is_never_zero() -> None:
    found = fgt([100, np.nan, 150, 160], ONES, given_line(125, 4))
    assert (found.value, found.left_out) == (pytest.approx(1 / 3), {"missing": 1})
    assert found.influence is not None and found.influence[1] == 0
    logs = mean_log_deviation([1, 0, np.nan, 1], ONES)
    assert (logs.value, logs.left_out) == (0, {"missing": 1, "not positive": 1})


def test_lines_of_the_median_and_the_mean() -> None:
    y, w = [100, 200, 300, 1000], [1, 1, 1, 7]
    assert at_risk_threshold(y, w).value == 600
    assert median_line(y, w, 0.6, weighted=False).value[0] == pytest.approx(150)
    assert mean_line(y, w, 0.5).value[0] == pytest.approx(380)
    assert mean_line(y, w, 0.5, weighted=False).value[0] == pytest.approx(200)
    assert at_risk_rate(y, w).value == pytest.approx(0.3)
    low = np.array([True, True, True, False])
    assert at_risk_rate(y, w, domain=low).value == 1
    assert at_risk_rate(y, w, domain=low, own=True).value == pytest.approx(1 / 3)


def test_the_median_of_the_poor_and_its_gap() -> None:
    y, w = [100, 200, 300, 1000], [1, 1, 1, 7]
    assert median_of_poor(y, w, given_line(600, 4)).value == 200
    assert relative_median_gap(y, w, given_line(600, 4)).value == pytest.approx(2 / 3)


def test_a_share_of_weights_that_is_reached_exactly_is_the_mean_of_two() -> None:
    assert quantile([1, 2, 3, 4], ONES, 0.5).value == 2.5
    assert quantile([1, 2, 3, 4], ONES, 0.51).value == 3
    assert quantile([4, 1, 3, 2], [1, 3, 1, 1], 0.5).value == 1.5
    assert [quantile([1, 2, 3, 4], ONES, p).value for p in (0, 1)] == [1, 4]
    assert quantile([1.0, 2.0, 9.0], [0.1, 0.2, 0.3], 0.5).value == 5.5, "0.1 + 0.2 is a half of 0.6"


def test_gini_of_one_to_n_is_known() -> None:
    """Σ y (2R − 1) / (n Σ y) − 1 with y = R = 1 … n is (n − 1) / (3 n)."""
    for n in (1, 2, 10, 1000):
        assert gini(np.arange(1, n + 1), np.ones(n)).value == pytest.approx((n - 1) / (3 * n))
    assert gini([0, 0, 0, 5], ONES).value == 0.75
    assert gini([1, 2, 3, 4], ONES, form="convey").value == gini([1, 2, 3, 4], ONES).value
    assert gini([1, 2], [2, 2], form="convey").value == pytest.approx(gini([1, 2], [2, 2]).value + 1 / 4)


def test_the_fifths_and_the_logarithms() -> None:
    y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert quintile_share_ratio(y, np.ones(10)).value == pytest.approx(19 / 3)
    assert mean_log_deviation([1, np.e**2], [1, 1]).value == pytest.approx(np.log((1 + np.e**2) / 2) - 1)
