"""A little more weight for a row moves a measure by that row's influence, and so do many rows of a large sample."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.measured import Floats, Measured
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
from tests.measurement.samples import Measure, for_any

LINE = 150.5
SMOOTH: dict[str, Measure] = {
    **{f"fgt{a}": lambda y, w, a=a: fgt(y, w, given_line(LINE, len(y)), a) for a in (0, 0.5, 1, 2)},
    **{f"fgt{a} of the mean": lambda y, w, a=a: fgt(y, w, mean_line(y, w, 0.777), a) for a in (1, 2)},
    "gap": lambda y, w: poverty_gap(y, w, given_line(LINE, len(y))),
    "gap of the mean": lambda y, w: poverty_gap(y, w, mean_line(y, w, 0.777)),
    "watts": lambda y, w: watts(y, w, given_line(LINE, len(y))),
    "watts of the mean": lambda y, w: watts(y, w, mean_line(y, w, 0.777)),
    "gap of a part, line of all": lambda y, w: fgt(y, w, mean_line(y, w, 0.777), 1, domain=part(y)),
    "gini": gini,
    "gini in convey's form": lambda y, w: gini(y, w, form="convey"),
    "gini of a part": lambda y, w: gini(y, w, part(y)),
    "mean log deviation": mean_log_deviation,
}
BY_QUANTILES: dict[str, Measure] = {
    "median": lambda y, w: quantile(y, w, 0.5),
    "nine tenths": lambda y, w: quantile(y, w, 0.9),
    "threshold": at_risk_threshold,
    "rate": at_risk_rate,
    "rate of a part": lambda y, w: at_risk_rate(y, w, domain=part(y)),
    "rate of a part, own line": lambda y, w: at_risk_rate(y, w, domain=part(y), own=True),
    "gap of the median": lambda y, w: fgt(y, w, median_line(y, w, 0.6), 1),
    "median of the poor": lambda y, w: median_of_poor(y, w, median_line(y, w, 0.6)),
    "relative median gap": lambda y, w: relative_median_gap(y, w, median_line(y, w, 0.6)),
    "quintile share ratio": quintile_share_ratio,
}


def part(y: Floats) -> np.ndarray:
    return np.arange(len(y)) % 3 != 0


def moves_by_influence(measure: Measure) -> None:
    """d value / d weight of each row, numerically."""

    def check(y: Floats, w: Floats) -> None:
        influence = measure(y, w).influence
        assert influence is not None
        step = 1e-5
        for row in range(len(y)):
            by = np.zeros(len(y))
            by[row] = step
            slope = (measure(y, w + by).value - measure(y, w - by).value) / (2 * step)
            assert influence[row] == pytest.approx(slope, rel=1e-4, abs=1e-6 * max(1, abs(influence).max()))

    for_any(check)


def large_sample() -> tuple[Floats, Floats]:
    """Log-normal incomes without the accidents of a draw, so that a quantile moves evenly; each row for thousands."""
    share = (np.arange(60_000) + 0.5) / 60_000
    return np.exp(8 + 0.4 * ndtri(share)), 5000 * (1.5 + np.sin(12 * share))


def moves_as_a_whole(measure: Measure) -> None:
    """The change when weights tilt with income is that of the influences, but for what the density is smoothed."""
    y, w = large_sample()
    influence = measure(y, w).influence
    assert influence is not None
    for tilt in (np.tanh(np.log(y) - 8), np.cos(np.log(y) * 2) * (np.arange(len(y)) % 2)):
        step = 0.05
        change = (measure(y, w * (1 + step * tilt)).value - measure(y, w * (1 - step * tilt)).value) / (2 * step)
        told = float((w * tilt) @ influence)
        assert told == pytest.approx(change, rel=0.02, abs=0.002 * np.abs(influence * w).sum())


def line_forgotten(y: Floats, w: Floats) -> Measured:
    """A sabotaged gap: its influence takes a relative line as given."""
    value = fgt(y, w, mean_line(y, w, 0.777), 1)
    fixed = fgt(y, w, given_line(mean_line(y, w, 0.777).value, len(y)), 1)
    return Measured(value.value, fixed.influence, {})


def rate_forgotten(y: Floats, w: Floats) -> Measured:
    """A sabotaged rate: its influence takes the threshold as given."""
    value = at_risk_rate(y, w)
    fixed = fgt(y, w, given_line(at_risk_threshold(y, w).value, len(y)))
    return Measured(value.value, fixed.influence, {})


@pytest.mark.parametrize("measure", [pytest.param(m, id=name) for name, m in SMOOTH.items()])
def test_a_row_moves_it_by_its_influence(measure: Measure) -> None:
    moves_by_influence(measure)


@pytest.mark.parametrize("measure", [pytest.param(m, id=name) for name, m in BY_QUANTILES.items()])
def test_many_rows_together_move_it_by_theirs(measure: Measure) -> None:
    moves_as_a_whole(measure)


def test_an_influence_without_the_line_is_caught() -> None:
    with pytest.raises(AssertionError):
        moves_by_influence(line_forgotten)
    with pytest.raises(AssertionError):
        moves_as_a_whole(rate_forgotten)


def test_where_all_have_the_same_a_quantile_has_no_error_and_in_a_gap_none_is_known() -> None:
    same = quantile(np.full(5, 3.0), np.ones(5), 0.5)
    assert same.value == 3
    assert same.influence is not None and not same.influence.any()
    gap = quantile([0.0, 1000.0], [1e9, 1e9], 0.5)
    assert (gap.value, gap.influence) == (500, None)
    assert at_risk_rate([0.0, 1000.0], [1e9, 1e9]).value == 0.5
