"""Intervals of shares: bounds where nothing was found, exact and score intervals, effective sizes, bootstrap."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from jingzhun.measurement.bootstrap import bootstrapped
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.estimate import estimated, mean
from jingzhun.measurement.intervals import (
    Interval,
    Kind,
    clopper_pearson,
    effective_size,
    kish,
    korn_graubard,
    logit,
    proportion_estimate,
    upper_bound,
    wilson,
)
from jingzhun.measurement.measured import Floats


@pytest.mark.parametrize(("checked", "percent"), [(149, 1.99), (300, 0.99), (675, 0.44)])
def test_nothing_found_leaves_an_upper_bound(checked: int, percent: float) -> None:
    found = 100 * upper_bound(0, checked)
    assert round(found, 2) == percent
    assert found == pytest.approx(100 * (1 - 0.05 ** (1 / checked)), rel=1e-12)


def test_clusters_raise_the_bound() -> None:
    assert upper_bound(0, 300, design_effect=2) == pytest.approx(upper_bound(0, 150), rel=1e-12)


def test_eleven_in_1120_by_wilson() -> None:
    low, high = wilson(11 / 1120, 1120)
    assert (round(100 * low, 2), round(100 * high, 2)) == (0.55, 1.75)


def binomial_tail(found: int, n: int, share: float) -> float:
    """The chance of ``found`` or fewer."""
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(found + 1))


@pytest.mark.parametrize(("found", "n"), [(1, 10), (4, 17), (9, 12)])
def test_the_exact_interval_leaves_2_5_percent_on_each_side(found: int, n: int) -> None:
    low, high = clopper_pearson(found, n)
    assert binomial_tail(found, n, high) == pytest.approx(0.025, rel=1e-9)
    assert 1 - binomial_tail(found - 1, n, low) == pytest.approx(0.025, rel=1e-9)


def test_none_and_all_have_one_sided_room() -> None:
    assert clopper_pearson(0, 10)[0] == 0
    assert clopper_pearson(10, 10)[1] == 1
    assert clopper_pearson(10, 10)[0] == pytest.approx(0.025 ** (1 / 10), rel=1e-12)


def test_a_simple_sample_has_nearly_its_own_size_as_effective_size() -> None:
    se = math.sqrt(0.3 * 0.7 / 50)
    assert effective_size(0.3, se, 50, 49) == pytest.approx(50, rel=1e-12)
    assert korn_graubard(0.3, se, 50, 49) == pytest.approx(clopper_pearson(15, 50), rel=1e-9)


def test_few_degrees_of_freedom_shrink_the_effective_size() -> None:
    assert effective_size(0.3, 0.1, 50, 4) < effective_size(0.3, 0.1, 50, 49)


def test_the_logit_interval_is_symmetric_on_its_scale() -> None:
    low, high = logit(0.1, 0.03, 20)
    assert math.log(low / (1 - low)) + math.log(high / (1 - high)) == pytest.approx(2 * math.log(1 / 9), rel=1e-12)
    assert 0 < low < 0.1 < high < 1


KINDS: tuple[Kind, ...] = ("korn_graubard", "wilson", "logit")


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_of_a_sample_has_an_interval_inside_0_and_1(kind: Kind) -> None:
    psu = np.repeat(np.arange(10), 6)
    has = np.zeros(60, dtype=bool)
    has[:3] = True
    design = survey_design(np.full(60, 5.0), psu=psu)
    found = proportion_estimate(has, design, kind=kind)
    assert found.ci is not None and found.estimate == pytest.approx(0.05)
    assert 0 < found.ci[0] < 0.05 < found.ci[1] < 1
    plain = estimated(mean(has, design), design).ci
    assert plain is not None and plain[0] < 0, "which is why the plain interval is not used"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("all_of_them", [False, True])
def test_none_or_all_of_a_sample_are_not_certainty(kind: Kind, all_of_them: bool) -> None:
    design = survey_design(np.full(60, 5.0))
    found = proportion_estimate(np.full(60, all_of_them), design, kind=kind)
    wider = proportion_estimate(np.full(60, all_of_them), design, kind=kind, design_effect=2.0)
    assert found.ci is not None and wider.ci is not None and found.se == 0
    assert wider.ci[1] - wider.ci[0] > found.ci[1] - found.ci[0] > 0.03


def covered(interval_of: object, share: float = 0.05, samples: int = 1500, n: int = 60) -> float:
    draw = np.random.default_rng(2)
    hits = 0
    for found in draw.binomial(n, share, samples):
        low, high = interval_of(found / n, n)  # type: ignore[operator]
        hits += low <= share <= high
    return hits / samples


def by_the_normal(share: float, n: int) -> Interval:
    reach = 1.96 * math.sqrt(share * (1 - share) / n)
    return share - reach, share + reach


def test_intervals_hold_what_they_promise_and_the_plain_one_does_not() -> None:
    """The coverage harness; its sabotaged twin is the textbook's share ± 1.96 se, which misses rare cases too often."""
    assert covered(lambda share, n: clopper_pearson(share * n, n)) >= 0.95
    assert covered(wilson) >= 0.93
    assert covered(by_the_normal) < 0.93


def test_unequal_weights_have_the_design_effect_of_kish() -> None:
    assert kish(np.full(7, 3.0)) == pytest.approx(1)
    assert kish(np.array([1.0, 3.0])) == pytest.approx(1.25)


# The bootstrap.

PSU, STRATA = np.repeat(np.arange(60), 4), np.repeat(np.arange(3), 80)
VALUES = np.random.default_rng(4).normal(100, 15, 240) + np.random.default_rng(5).normal(0, 10, 60)[PSU]


def mean_of(weights: Floats) -> float:
    return float(weights @ VALUES / weights.sum())


@pytest.mark.parametrize("size", [None, 30])
def test_the_bootstrap_agrees_with_the_linearised_error(size: int | None) -> None:
    fpc = None if size is None else np.full(240, size)
    design = survey_design(np.full(240, 7.0), strata=STRATA, psu=PSU, fpc=fpc)
    linear = estimated(mean(VALUES, design), design)
    found = bootstrapped(mean_of, design, seed=1, replicates=2000)
    assert found.estimate == pytest.approx(linear.estimate)
    assert found.se == pytest.approx(linear.se, rel=0.06), "2000 replicates: about 1.6% of the error either way"
    percentile = bootstrapped(mean_of, design, seed=1, replicates=2000, ends="percentile")
    assert percentile.ci == pytest.approx(linear.ci, rel=0.01)


def test_a_bootstrap_that_forgets_the_clusters_would_be_noticed() -> None:
    design = survey_design(np.full(240, 7.0), strata=STRATA, psu=PSU)
    by_rows = bootstrapped(mean_of, survey_design(np.full(240, 7.0)), seed=1, replicates=500)
    assert by_rows.se is not None
    assert by_rows.se != pytest.approx(estimated(mean(VALUES, design), design).se, rel=0.06)


def test_the_same_seed_gives_the_same_error_and_another_one_another() -> None:
    design = survey_design(np.full(240, 7.0), strata=STRATA, psu=PSU)
    first, same, other = (bootstrapped(mean_of, design, seed=seed, replicates=50) for seed in (1, 1, 2))
    assert first == same and first.se != other.se


def test_a_census_is_not_drawn_again() -> None:
    design = survey_design(np.full(240, 1.0), strata=STRATA, psu=PSU, fpc=np.ones(240))
    assert bootstrapped(mean_of, design, seed=1, replicates=20).se == pytest.approx(0, abs=1e-9)


def test_replicates_without_a_value_are_counted() -> None:
    design = survey_design(np.full(240, 7.0), strata=STRATA, psu=PSU)
    found = bootstrapped(
        lambda weights: math.nan if weights[0] == 0 else mean_of(weights), design, seed=1, replicates=100
    )
    assert 10 < found.left_out["replicate without a value"] < 60


def test_the_core_and_its_rooms_load_without_scipy() -> None:
    modules = "design, variance, estimate, domains, intervals, bootstrap, small_area, quantile_estimate"
    program = f"import sys, jingzhun; from jingzhun.measurement import {modules}; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
