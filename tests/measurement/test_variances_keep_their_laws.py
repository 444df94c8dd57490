"""Laws that a sampling variance keeps whatever the data; each has a wrong twin that the law must catch."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.domains import domain_estimates
from jingzhun.measurement.estimate import estimated, mean, total
from jingzhun.measurement.measured import Floats
from jingzhun.measurement.unequal import Unequal
from jingzhun.measurement.variance import covariance_of_totals, variance_of_total, variances_of_totals

Variance = Callable[[Floats, Design], float]
SEEDS = st.integers(0, 10_000)
SOME = settings(max_examples=25, deadline=None)


class Drawn:
    """A made-up sample of two stages: 3 strata, 2 to 4 units each, 2 to 5 rows a unit, sizes of the population."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        units = draw.integers(2, 5, 3)
        self.unit_stratum = np.repeat(np.arange(3), units)
        rows = draw.integers(2, 6, len(self.unit_stratum))
        self.psu = np.repeat(np.arange(len(rows)), rows)
        self.strata = self.unit_stratum[self.psu]
        self.ssu = np.arange(len(self.psu))
        self.sizes = [(units + 3)[self.strata], (rows + draw.integers(0, 9, len(rows)))[self.psu]]
        self.weights = draw.uniform(1, 9, len(self.psu))[self.ssu]
        self.y = draw.normal(50, 20, len(self.psu))
        self.domains = draw.integers(-1, 4, len(self.psu))

    def design(self, order: Floats | None = None, scale: float = 1.0) -> Design:
        at = np.arange(len(self.psu)) if order is None else order
        return survey_design(
            self.weights[at] * scale,
            strata=self.strata[at],
            psu=[self.psu[at], self.ssu[at]],
            fpc=[size[at] for size in self.sizes],
        )


def by_the_book(z: Floats, drawn: Drawn) -> float:
    """Särndal, Swensson and Wretman's sums written out in loops."""
    wz, found = z * drawn.weights, 0.0
    for stratum in range(3):
        units = [unit for unit in range(len(drawn.unit_stratum)) if drawn.unit_stratum[unit] == stratum]
        share = len(units) / drawn.sizes[0][drawn.strata == stratum][0]
        sums = [wz[drawn.psu == unit].sum() for unit in units]
        found += (1 - share) * len(units) * np.var(sums, ddof=1)
        for unit in units:
            rows = wz[drawn.psu == unit]
            within = len(rows) / drawn.sizes[1][drawn.psu == unit][0]
            found += share * (1 - within) * len(rows) * np.var(rows, ddof=1)
    return float(found)


def no_scaling(kernel: Variance, drawn: Drawn) -> bool:
    """The variance of a total grows with the square of the weights."""
    one, three = kernel(drawn.y, drawn.design()), kernel(drawn.y, drawn.design(scale=3.0))
    return three == pytest.approx(9 * one, rel=1e-9)


def no_order(kernel: Variance, drawn: Drawn) -> bool:
    """The order of rows does not matter."""
    order = np.random.default_rng(1).permutation(len(drawn.psu))
    return kernel(drawn.y[order], drawn.design(order)) == pytest.approx(kernel(drawn.y, drawn.design()), rel=1e-9)


def no_doubt_in_a_census(kernel: Variance, drawn: Drawn) -> bool:
    """Who was asked to the last one is known."""
    design = survey_design(drawn.weights, strata=drawn.strata, psu=drawn.psu, fpc=np.ones(len(drawn.psu)))
    return kernel(drawn.y, design) == pytest.approx(0, abs=1e-9)


def simple_in_a_simple_sample(kernel: Variance, drawn: Drawn) -> bool:
    """Without strata and clusters it is N^2 (1 - n/N) S^2 / n."""
    n, people = len(drawn.y), 10 * len(drawn.y)
    design = survey_design(np.full(n, 10.0), fpc=np.full(n, people))
    return kernel(drawn.y, design) == pytest.approx(people**2 * 0.9 * np.var(drawn.y, ddof=1) / n, rel=1e-9)


def as_in_the_book(kernel: Variance, drawn: Drawn) -> bool:
    return kernel(drawn.y, drawn.design()) == pytest.approx(by_the_book(drawn.y, drawn), rel=1e-9)


LAWS: dict[str, Callable[[Variance, Drawn], bool]] = {
    "scaling": no_scaling,
    "order": no_order,
    "census": no_doubt_in_a_census,
    "simple": simple_in_a_simple_sample,
    "book": as_in_the_book,
}


def _unweighted(z: Floats, design: Design) -> float:
    return variance_of_total(z / design.weights, design)


def _led_by_order(z: Floats, design: Design) -> float:
    return variance_of_total(z * np.arange(len(z)), design)


def _with_replacement(z: Floats, design: Design) -> float:
    first = design.stages[0]
    return variance_of_total(z, survey_design(design.weights, strata=first.stratum, psu=first.unit))


def _sums_of_squares(z: Floats, design: Design) -> float:
    return float(np.sum((z * design.weights) ** 2))


def _first_stage_only(z: Floats, design: Design) -> float:
    return variance_of_total(z, Design(design.weights, design.stages[:1]))


SABOTAGED: dict[str, Variance] = {
    "scaling": _unweighted,
    "order": _led_by_order,
    "census": _with_replacement,
    "simple": _sums_of_squares,
    "book": _first_stage_only,
}


@pytest.mark.parametrize("law", LAWS)
@SOME
@given(seed=SEEDS)
def test_the_variance_keeps_its_law(law: str, seed: int) -> None:
    assert LAWS[law](variance_of_total, Drawn(seed))


@pytest.mark.parametrize("law", LAWS)
def test_a_wrong_variance_breaks_its_law(law: str) -> None:
    assert not all(LAWS[law](SABOTAGED[law], Drawn(seed)) for seed in range(5))


@SOME
@given(seed=SEEDS)
def test_domains_in_one_pass_are_those_one_after_the_other(seed: int) -> None:
    drawn = Drawn(seed)
    design, y = drawn.design(), np.stack([drawn.y, np.where(drawn.y > 80, np.nan, drawn.y**2)], axis=1)
    found = domain_estimates(y, drawn.domains, 4, design)
    for domain in range(4):
        inside = drawn.domains == domain
        for column in range(2):
            if not (inside & np.isfinite(y[:, column])).any():
                assert np.isnan(found.estimate[domain, column])
                continue
            alone = estimated(mean(y[:, column], design, inside), design, inside)
            assert found.estimate[domain, column] == pytest.approx(alone.estimate, rel=1e-9)
            assert found.se[domain, column] == pytest.approx(alone.se, rel=1e-9, abs=1e-9)
            assert (found.n[domain, column], found.df[domain]) == (alone.n, alone.df)
            if alone.ci is not None:
                assert (found.low[domain, column], found.high[domain, column]) == pytest.approx(alone.ci, rel=1e-9)


@SOME
@given(seed=SEEDS)
def test_totals_of_domains_add_up_with_their_covariances(seed: int) -> None:
    drawn = Drawn(seed)
    design = drawn.design()
    parts = np.stack([np.where(drawn.domains == domain, drawn.y, 0.0) for domain in range(-1, 4)], axis=1)
    together = covariance_of_totals(parts, design)
    apart = domain_estimates(drawn.y, drawn.domains + 1, 5, design, of="total")
    assert np.nansum(apart.estimate) == pytest.approx(total(drawn.y, design).value, rel=1e-9)
    assert together.sum() == pytest.approx(variance_of_total(drawn.y, design), rel=1e-7)
    assert np.sqrt(np.maximum(np.diag(together), 0)) == pytest.approx(np.nan_to_num(apart.se[:, 0]), rel=1e-6, abs=1e-6)


def test_without_covariances_domains_would_not_add_up() -> None:
    drawn = Drawn(3)
    apart = domain_estimates(drawn.y, drawn.domains + 1, 5, drawn.design(), of="total")
    assert np.nansum(apart.se**2) != pytest.approx(variance_of_total(drawn.y, drawn.design()), rel=1e-3)


def test_a_domain_is_not_a_smaller_sample() -> None:
    """Rows outside stay as zeros: dropping them would take the domain's size for certain."""
    drawn = Drawn(11)
    inside = drawn.y > 40
    kept = estimated(total(drawn.y, drawn.design(), inside), drawn.design(), inside)
    dropped = survey_design(drawn.weights[inside], strata=drawn.strata[inside], psu=drawn.psu[inside])
    assert kept.se != pytest.approx(estimated(total(drawn.y[inside], dropped), dropped).se, rel=1e-3)


# Unequal chances: every sample of a small population is drawn, and on average the estimator must be right.

Y = np.array([3.0, 8.0, 5.0, 13.0, 7.0])
CHANCE = dict(zip(combinations(range(5), 2), np.arange(1, 11) / 55, strict=True))
SINGLE = np.array([sum(p for pair, p in CHANCE.items() if unit in pair) for unit in range(5)])


def average_variance(form: str, blind: bool = False) -> float:
    found = 0.0
    for pair, p in CHANCE.items():
        at = list(pair)
        together = SINGLE[at][0] * SINGLE[at][1] * 0.9 if blind else p
        joint = np.array([[SINGLE[at][0], together], [together, SINGLE[at][1]]])
        unequal = Unequal(SINGLE[at], "joint", form, joint)  # type: ignore[arg-type]
        found += p * variance_of_total(Y[at], survey_design(unequal=unequal))
    return found


TRUE_VARIANCE = sum(p * (sum(Y[i] / SINGLE[i] for i in pair) - Y.sum()) ** 2 for pair, p in CHANCE.items())


@pytest.mark.parametrize("form", ["horvitz_thompson", "yates_grundy"])
def test_with_true_joint_chances_the_variance_is_right_on_average(form: str) -> None:
    assert average_variance(form) == pytest.approx(TRUE_VARIANCE, rel=1e-9)


@pytest.mark.parametrize("form", ["horvitz_thompson", "yates_grundy"])
def test_with_wrong_joint_chances_it_is_not(form: str) -> None:
    assert average_variance(form, blind=True) != pytest.approx(TRUE_VARIANCE, rel=1e-2)


def approximate(method: str, p: Floats) -> Floats:
    """The joint chances (units, units) that a method supposes, from its definition, and the single ones."""
    n, one, two = len(p), p[:, None], p[None, :]
    if method == "overton":
        joint = one * two * (n - 1) / (n - (one + two) / 2)
    else:
        joint = one * two * (n - 1) / (n - one - two + p.sum() / n)
    np.fill_diagonal(joint, p)
    return joint


@pytest.mark.parametrize("form", ["horvitz_thompson", "yates_grundy"])
@pytest.mark.parametrize("method", ["overton", "hartley_rao"])
def test_the_short_sums_are_the_double_sums_of_the_definition(method: str, form: str) -> None:
    draw = np.random.default_rng(5)
    p, y, n = draw.uniform(0.1, 0.6, 8), draw.normal(5, 2, (8, 3)), 8
    short = survey_design(unequal=Unequal(p, method, form))  # type: ignore[arg-type]
    full = survey_design(unequal=Unequal(p, "joint", form, approximate(method, p)))  # type: ignore[arg-type]
    rows, column = np.arange(n), np.arange(n) % 2
    assert variances_of_totals(y, rows, column, 2, short) == pytest.approx(
        variances_of_totals(y, rows, column, 2, full), rel=1e-9
    )
    assert covariance_of_totals(y, short) == pytest.approx(covariance_of_totals(y, full), rel=1e-9)
    assert np.diag(covariance_of_totals(y, short)) == pytest.approx(
        [variance_of_total(part, short) for part in y.T], rel=1e-9
    )


def test_brewer_with_equal_chances_is_simple_sampling_and_with_more_stages_the_same_as_fpc() -> None:
    drawn = Drawn(8)
    single = np.full(len(drawn.psu), 0.25)
    chances = Unequal(single)
    brewer = survey_design(drawn.weights, psu=[drawn.psu, drawn.ssu], fpc=[None, drawn.sizes[1]], unequal=chances)
    equal = survey_design(drawn.weights, psu=[drawn.psu, drawn.ssu], fpc=[single, drawn.sizes[1] / 1.0])
    assert variance_of_total(drawn.y, brewer) == pytest.approx(variance_of_total(drawn.y, equal), rel=1e-9)
    uneven = survey_design(drawn.weights, psu=drawn.psu, unequal=Unequal(0.2 + drawn.psu / 100))
    assert variance_of_total(drawn.y, uneven) != pytest.approx(variance_of_total(drawn.y, equal), rel=1e-3)


def test_hansen_and_hurwitz_is_a_design_without_fpc() -> None:
    """n / (n-1) sum (w y - mean)^2, written out."""
    y, p = np.array([4.0, 9.0, 1.0]), np.array([0.2, 0.5, 0.1])
    z = y / (3 * p)
    assert variance_of_total(y, survey_design(1 / (3 * p))) == pytest.approx(3 * np.var(z, ddof=1), rel=1e-12)
