"""What poverty and inequality measures keep, whatever the incomes; each axiom catches a measure that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.measured import Floats, Measured
from jingzhun.measurement.poverty import (
    at_risk_rate,
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

LINE = 150.0
Axiom = Callable[[Measure], None]


def over_line(alpha: float) -> Measure:
    return lambda y, w: fgt(y, w, given_line(LINE, len(y)), alpha)


def over_median(alpha: float) -> Measure:
    return lambda y, w: fgt(y, w, median_line(y, w, 0.6), alpha)


RELATIVE: dict[str, Measure] = {
    "fgt0 of the median": over_median(0),
    "fgt1 of the median": over_median(1),
    "fgt2 of the mean": lambda y, w: fgt(y, w, mean_line(y, w, 0.8), 2),
    "at-risk rate": at_risk_rate,
    "watts of the mean": lambda y, w: watts(y, w, mean_line(y, w, 0.9)),
    "gini": gini,
    "mean log deviation": mean_log_deviation,
    "quintile share ratio": quintile_share_ratio,
}
ABSOLUTE: dict[str, Measure] = {
    "fgt0": over_line(0),
    "fgt1": over_line(1),
    "fgt2": over_line(2),
    "watts": lambda y, w: watts(y, w, given_line(LINE, len(y))),
}
QUANTILES: dict[str, Measure] = {
    "first fifth": lambda y, w: quantile(y, w, 0.2),
    "median": lambda y, w: quantile(y, w, 0.5),
    "least": lambda y, w: quantile(y, w, 0),
}
ALL = RELATIVE | ABSOLUTE | QUANTILES


def keeps_scale(measure: Measure) -> None:
    """The same in yuan and in fen."""

    def check(y: Floats, w: Floats) -> None:
        assert measure(y * 128, w).value == pytest.approx(measure(y, w).value, rel=1e-9, abs=1e-12)

    for_any(check)


def keeps_replication(measure: Measure) -> None:
    """The same whether a row stands for three or is there three times, and in any order of rows."""

    def check(y: Floats, w: Floats) -> None:
        times = w.astype(np.int64)
        told = measure(np.repeat(y, times)[::-1].copy(), np.ones(times.sum())).value
        assert told == pytest.approx(measure(y, w).value, rel=1e-9, abs=1e-12)

    for_any(check)


def keeps_weightless(measure: Measure) -> None:
    """A row that stands for nobody changes nothing."""

    def check(y: Floats, w: Floats) -> None:
        more, none = np.concatenate([y, np.arange(1.0, 400, 40)]), np.concatenate([w, np.zeros(10)])
        assert measure(more, none).value == pytest.approx(measure(y, w).value, rel=1e-9, abs=1e-12)

    for_any(check)


def keeps_scale_of_weights(measure: Measure) -> None:
    """The same whether weights add up to the people or to the sample."""

    def check(y: Floats, w: Floats) -> None:
        assert measure(y, w * 0.125).value == pytest.approx(measure(y, w).value, rel=1e-9, abs=1e-12)

    for_any(check)


def decomposes(measure: Measure) -> None:
    """The whole is the mean of its parts, by how many there are in them."""

    def check(y: Floats, w: Floats) -> None:
        first = np.arange(len(y)) % 2 == 0
        parts = [(w[part].sum(), measure(y[part], w[part]).value) for part in (first, ~first)]
        assert measure(y, w).value == pytest.approx(sum(n * v for n, v in parts) / w.sum(), rel=1e-9, abs=1e-12)

    for_any(check)


def rises_with_transfers_from_the_poorest(measure: Measure) -> None:
    """Money taken from the poorest and given to the richest makes it more, or the same, never less."""

    def check(y: Floats, w: Floats) -> None:
        w, order = np.ones(len(y)), np.argsort(y, kind="stable")
        taken = y.copy()
        taken[order[0]] *= 0.5
        taken[order[-1]] += y[order[0]] * 0.5
        assert measure(taken, w).value >= measure(y, w).value - 1e-12

    for_any(check)


def rises_with_transfers_among_the_poor(measure: Measure) -> None:
    """Money taken from the poorest and given to another poor one, who stays poor, makes it strictly more."""

    def check(y: Floats, w: Floats) -> None:
        y, w = np.concatenate([[40.0, 100.0], y]), np.concatenate([[1.0, 1.0], w])
        taken = y.copy()
        taken[:2] += [-20, 20]
        assert measure(taken, w).value > measure(y, w).value

    for_any(check)


def falls_with_income_of_the_poor(measure: Measure) -> None:
    """One who is poor and gets more, still below the line, makes it strictly less."""

    def check(y: Floats, w: Floats) -> None:
        y, w = np.concatenate([[40.0], y]), np.concatenate([[1.0], w])
        assert measure(np.concatenate([[60.0], y[1:]]), w).value < measure(y, w).value

    for_any(check)


def never_falls_when_the_poor_lose(measure: Measure) -> None:
    """Whoever is poor and loses never makes poverty less."""

    def check(y: Floats, w: Floats) -> None:
        assert measure(np.where(y < LINE, y * 0.9, y), w).value >= measure(y, w).value - 1e-12

    for_any(check)


def keeps_focus(measure: Measure) -> None:
    """What those above the line have does not matter."""

    def check(y: Floats, w: Floats) -> None:
        assert measure(np.where(y > LINE, y * 7, y), w).value == pytest.approx(measure(y, w).value, rel=1e-12)

    for_any(check)


def of_the_most(y: Floats, w: Floats) -> Measured:
    """A sabotaged share: what the row with most has, of everything, whatever it stands for."""
    return Measured(float(y.max() / y.sum()), None, {})


def off_by(measure: Measure, change: Callable[[Floats, Floats], float]) -> Measure:
    """A measure to which something is added that an axiom forbids."""

    def changed(y: Floats, w: Floats) -> Measured:
        found = measure(y, w)
        return replace(found, value=found.value + change(y, w))

    return changed


def less(measure: Measure) -> Measure:
    return lambda y, w: Measured(-measure(y, w).value, None, {})


KEPT: list[tuple[Axiom, dict[str, Measure]]] = [
    (keeps_scale, RELATIVE),
    (keeps_replication, ALL),
    (keeps_weightless, ALL),
    (keeps_scale_of_weights, ALL),
    (decomposes, ABSOLUTE),
    (rises_with_transfers_from_the_poorest, {name: RELATIVE[name] for name in ("gini", "mean log deviation")}),
    (rises_with_transfers_among_the_poor, {name: ABSOLUTE[name] for name in ("fgt2", "watts")}),
    (falls_with_income_of_the_poor, {name: ABSOLUTE[name] for name in ("fgt1", "fgt2", "watts")}),
    (never_falls_when_the_poor_lose, ABSOLUTE),
    (keeps_focus, ABSOLUTE),
]
TWINS: list[tuple[str, Axiom, Measure]] = [
    ("a line that stays when money is renamed", keeps_scale, over_line(1)),
    ("the most, unweighted", keeps_replication, of_the_most),
    ("gini of shares of weight", keeps_scale_of_weights, lambda y, w: gini(y, w, form="convey")),
    ("a tenth for every row", keeps_weightless, off_by(gini, lambda y, w: len(y) / 10)),
    ("gini has no parts", decomposes, gini),
    ("less where it should be more", rises_with_transfers_from_the_poorest, less(gini)),
    ("the gap is blind among the poor", rises_with_transfers_among_the_poor, over_line(1)),
    ("the share of poor is blind below the line", falls_with_income_of_the_poor, over_line(0)),
    ("less where it should not be", never_falls_when_the_poor_lose, less(over_line(1))),
    ("a line that follows the rich", keeps_focus, lambda y, w: fgt(y, w, mean_line(y, w, 0.6), 1)),
]


@pytest.mark.parametrize(
    ("axiom", "measure"),
    [pytest.param(axiom, m, id=f"{axiom.__name__} {name}") for axiom, kept in KEPT for name, m in kept.items()],
)
def test_the_axiom_is_kept(axiom: Axiom, measure: Measure) -> None:
    axiom(measure)


@pytest.mark.parametrize(("axiom", "measure"), [pytest.param(*rest, id=name) for name, *rest in TWINS])
def test_the_axiom_catches_a_measure_that_breaks_it(axiom: Axiom, measure: Measure) -> None:
    with pytest.raises(AssertionError):
        axiom(measure)


def test_no_axiom_is_without_a_twin() -> None:
    assert {axiom for axiom, _ in KEPT} == {axiom for _, axiom, _ in TWINS}


def test_a_domain_is_as_its_rows_alone() -> None:
    def check(y: Floats, w: Floats) -> None:
        part = np.arange(len(y)) % 3 != 0
        line = given_line(LINE, len(y))
        assert fgt(y, w, line, 1, domain=part).value == pytest.approx(over_line(1)(y[part], w[part]).value)
        assert gini(y, w, part).value == pytest.approx(gini(y[part], w[part]).value)
        own = at_risk_rate(y, w, domain=part, own=True)
        assert own.value == pytest.approx(at_risk_rate(y[part], w[part]).value)
        assert own.influence is None or not own.influence[~part].any()

    for_any(check)


def test_the_median_gap_is_one_less_the_median_of_the_poor_over_the_line() -> None:
    def check(y: Floats, w: Floats) -> None:
        y, w = np.concatenate([[20.0], y]), np.concatenate([[1.0], w])
        line = given_line(LINE, len(y))
        gap = relative_median_gap(y, w, line).value
        assert gap == pytest.approx(1 - median_of_poor(y, w, line).value / LINE)

    for_any(check)


def test_the_gap_in_money_is_the_share_of_the_gap_times_line_and_people() -> None:
    def check(y: Floats, w: Floats) -> None:
        line = given_line(LINE, len(y))
        assert poverty_gap(y, w, line).value == pytest.approx(fgt(y, w, line, 1).value * LINE * w.sum())

    for_any(check)
