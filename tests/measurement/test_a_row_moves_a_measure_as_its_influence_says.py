"""Giving a row a little more weight moves a measure by its influence; one that were off by a factor is caught."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.measurement.deprivation import alkire_foster, m_alpha, profile
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.estimate import mean, ratio, total
from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.poverty import fgt, given_line, mean_line, poverty_gap, watts
from jingzhun.measurement.targeting import exclusion_error, inclusion_error, leakage

LINE = 3000.0
STEP = 1e-6


def lacks(y: Floats) -> dict[str, Floats]:
    return {name: (y * (at + 3)) % 1000 < 500 for at, name in enumerate(("food", "clothes", "school"))}


def every_second(y: Floats) -> Flags:
    return np.arange(len(y)) % 2 == 0


def af(name: str) -> Callable[[Floats, Floats], Measured]:
    return lambda y, w: alkire_foster(profile(lacks(y)), w, 2)[name]


MEASURES: dict[str, Callable[[Floats, Floats], Measured]] = {
    "mean": lambda y, w: mean(y, survey_design(w)),
    "total": lambda y, w: total(y, survey_design(w)),
    "ratio": lambda y, w: ratio(y, np.sqrt(y), survey_design(w)),
    "share of poor": lambda y, w: fgt(y, w, given_line(LINE, len(y))),
    "gap": lambda y, w: fgt(y, w, given_line(LINE, len(y)), 1),
    "squared gap": lambda y, w: fgt(y, w, given_line(LINE, len(y)), 2),
    "gap below a share of the mean": lambda y, w: fgt(y, w, mean_line(y, w, 0.9), 1),
    "squared gap of a domain, line of all": lambda y, w: fgt(y, w, mean_line(y, w, 0.9), 2, domain=every_second(y)),
    "gap in money": lambda y, w: poverty_gap(y, w, mean_line(y, w, 0.9)),
    "Watts": lambda y, w: watts(y, w, given_line(LINE, len(y))),
    "Gini": gini,
    "Gini of convey": lambda y, w: gini(y, w, form="convey"),
    "mean log deviation": mean_log_deviation,
    "H": af("H"),
    "A": af("A"),
    "M0": af("M0"),
    "raw headcount": af("headcount.food"),
    "censored headcount": af("censored.food"),
    "contribution": af("contribution.school"),
    "M2": lambda y, w: m_alpha(profile(lacks(y)), dict.fromkeys(lacks(y), (y % 700) / 700), w, 2, 2),
    "exclusion error": lambda y, w: exclusion_error(y < LINE, y % 2 < 1, w),
    "inclusion error": lambda y, w: inclusion_error(y < LINE, y % 2 < 1, w),
    "leakage": lambda y, w: leakage(y < LINE, y % 100, w),
}  # fmt: skip


def sample(seed: int) -> tuple[Floats, Floats]:
    """Forty incomes and weights; some poor, all different, so that no row stands at a line."""
    draw = np.random.default_rng(seed)
    return draw.lognormal(8, 0.6, 40), draw.uniform(0.5, 20, 40)


def moved(measure: Callable[[Floats, Floats], Measured], y: Floats, weights: Floats, row: int) -> float:
    """By how much a little more weight of one row moves the measure, for one unit of weight."""
    more, less = weights.copy(), weights.copy()
    more[row] += STEP
    less[row] -= STEP
    return (measure(y, more).value - measure(y, less).value) / (2 * STEP)


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), row=st.integers(0, 39))
def test_a_little_more_weight_moves_it_so(name: str, seed: int, row: int) -> None:
    y, weights = sample(seed)
    measure = MEASURES[name]
    found = measure(y, weights)
    assert found.influence is not None
    scale = np.abs(found.influence).max()
    assert moved(measure, y, weights, row) == pytest.approx(found.influence[row], rel=1e-4, abs=1e-4 * scale)


def test_an_influence_that_forgets_the_line_is_caught() -> None:
    y, weights = sample(1)
    of_line = MEASURES["gap below a share of the mean"](y, weights).influence
    forgetful = fgt(y, weights, given_line(float(mean_line(y, weights, 0.9).value[0]), len(y)), 1).influence
    assert of_line is not None and forgetful is not None
    truth = np.array([moved(MEASURES["gap below a share of the mean"], y, weights, row) for row in range(len(y))])
    assert np.allclose(of_line, truth, rtol=1e-4) and not np.allclose(forgetful, truth, rtol=1e-2)


def test_the_share_ratio_of_fifths_moves_on_average_as_its_influence_says() -> None:
    """It jumps where a row passes a quantile, so single rows cannot be held against it; a thousand rows can."""
    draw = np.random.default_rng(3)
    y, weights = draw.lognormal(8, 0.6, 20_000), np.ones(20_000)
    found = quintile_share_ratio(y, weights)
    assert found.influence is not None
    for part in (
        y < np.quantile(y, 0.1),
        (y > np.quantile(y, 0.4)) & (y < np.quantile(y, 0.6)),
        y > np.quantile(y, 0.9),
    ):
        shifted = quintile_share_ratio(y, weights + 0.01 * part).value - found.value
        assert shifted == pytest.approx(0.01 * found.influence[part].sum(), rel=0.05)
