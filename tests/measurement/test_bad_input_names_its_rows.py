"""What is wrong with arrays is told with the argument, the first rows and what to do; nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jingzhun.measurement.bootstrap import bootstrapped
from jingzhun.measurement.deprivation import alkire_foster, m_alpha, profile
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.domains import domain_estimates
from jingzhun.measurement.estimate import estimated, mean, ratio, total
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.intervals import proportion_estimate
from jingzhun.measurement.quantile_estimate import quantile_estimate
from jingzhun.measurement.targeting import (
    exclusion_error,
    incidence,
    inclusion_error,
    leakage,
    proxy_means_test,
    simulate,
)

Y, ONES, POOR, HELPED = [1.0, 2.0, 3.0, 4.0], [1.0] * 4, [1, 0, 1, 0], [1, 1, 0, 0]
NOBODY = np.zeros(4, np.bool_)
DESIGN = survey_design(ONES)
OF = profile({"a": [1, 0, 1, 1], "b": [0, 0, 1, 1]})
DEPTH = {"a": [0.5, 0, 0.1, 0.2], "b": [0, 0, 0.5, 0.5]}
SEEN = np.arange(4.0)

REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "an indicator of two": (
        lambda: profile({"a": [1, 0, 2, -1]}),
        "indicators.a：2 行既不是真也不是假（行 2、3，从 0 数起）；请给出真假或 0、1。",
        "indicators.a: 2 rows are neither true nor false (rows 2, 3, from 0); give true and false, or 1 and 0.",
    ),
    "indicators of other lengths": (
        lambda: profile({"a": [1, 0], "b": [1]}),
        "indicators.b：有 1 个值",
        "indicators.b: 1",
    ),
    "an indicator of words": (
        lambda: profile({"a": [1, "yes"]}),  # type: ignore[list-item]
        "indicators.a：1 行不是数（行 1，",
        "indicators.a: 1 rows are no numbers (rows 1,",
    ),
    "deprivations of nobody": (lambda: alkire_foster(OF, ONES, 1, NOBODY), "0 行在范围内", "0 rows are in the domain"),
    "deprivations by a negative weight": (lambda: alkire_foster(OF, [1, -1, 1, 1], 1), "行 1，", "rows 1,"),
    "a cut-off below 0": (lambda: alkire_foster(OF, ONES, -1), "k：-1 应在 0 和权重之和 2", "k: -1 must lie between 0"),
    "a cut-off above all": (lambda: alkire_foster(OF, ONES, "5/2"), "k：5/2 应在 0 和权重之和 2", "k: 5/2 must"),
    "a gap that is missing": (
        lambda: m_alpha(OF, {**DEPTH, "a": [0.5, 0, np.nan, 3]}, ONES, 1, 1),
        "gaps.a：2 行被剥夺而差距不在 0 到 1 之间或缺失（行 2、3，",
        "gaps.a: 2 rows are deprived without a gap from 0 to 1 (rows 2, 3,",
    ),
    "gaps of other rows": (
        lambda: m_alpha(OF, {**DEPTH, "a": [1]}, ONES, 1, 1),
        "gaps.a：有 1 个值",
        "gaps.a: 1 values",
    ),
    "a power below 0": (lambda: m_alpha(OF, DEPTH, ONES, 1, -1), "alpha：-1", "alpha: -1"),
    "poor to two": (
        lambda: exclusion_error([1, 2, 0, 0], HELPED, ONES),
        "poor：1 行既不是真",
        "poor: 1 rows are neither",
    ),
    "helped to two": (lambda: inclusion_error(POOR, [1, 2, 0, 0], ONES), "beneficiary：1 行", "beneficiary: 1 rows"),
    "poor of other rows": (lambda: exclusion_error([1, 0], HELPED, ONES), "poor：有 2 个值", "poor: 2 values for 4"),
    "poor in words": (
        lambda: exclusion_error(["a"] * 4, HELPED, ONES),
        "poor：4 行不是数",
        "poor: 4 rows are no numbers",
    ),
    "nobody poor": (lambda: exclusion_error([0] * 4, HELPED, ONES), "poor：范围内的合计为 0", "poor: its total"),
    "negative money": (
        lambda: leakage(POOR, [-1, 1, 1, -2], ONES),
        "benefit：2 行为负（行 0、3，",
        "benefit: 2 rows are",
    ),
    "money of other rows": (lambda: incidence(Y, [1, 2], ONES), "benefit：有 2 个值", "benefit: 2 values for 4"),
    "a negative transfer": (
        lambda: simulate(Y, [1, -1, 1, 1], ONES, 2),
        "transfer：1 行为负（行 1，",
        "transfer: 1 rows are",
    ),
    "transfers of other rows": (lambda: simulate(Y, [1], ONES, 2), "transfer：有 1 个值", "transfer: 1 values for 4"),
    "a score by a negative weight": (
        lambda: proxy_means_test(SEEN, Y, POOR, [1, -1, 1, 1], 0.5, folds=2),
        "weights：1 行缺权重或权重为负（行 1，",
        "weights: 1 rows have no weight or a negative one (rows 1,",
    ),
    "a score of nothing seen": (
        lambda: proxy_means_test([1, np.nan, 1, 1], Y, POOR, ONES, 0.5, folds=2),
        "x、y：1 行缺值，评分无从计算（行 1，",
        "1 rows lack a value and cannot be scored (rows 1,",
    ),
    "a score of other rows": (
        lambda: proxy_means_test(SEEN[:3], Y, POOR, ONES, 0.5, folds=2),
        "x：形状是 (3,)",
        "x: has the shape (3,) for 4 weights",
    ),
    "poor to two of a score": (
        lambda: proxy_means_test(SEEN, Y, [0, 2, 1, 1], ONES, 0.5, folds=2),
        "poor：1 行",
        "poor: 1 rows",
    ),
    "a mean of words": (
        lambda: mean(["a", 1, 2, 3], DESIGN),
        "y：1 行不是数（行 0，",
        "y: 1 rows are no numbers (rows 0,",
    ),  # type: ignore[list-item]
    "a mean over a shorter domain": (lambda: mean(Y, DESIGN, NOBODY[:2]), "domain：有 2 个值", "domain: 2 values"),
    "a mean over row numbers": (
        lambda: mean(Y, DESIGN, np.array([0, 1])),
        "domain：应为每行",
        "domain: give true or false",
    ),  # type: ignore[arg-type]
    "a total of nobody": (lambda: total(Y, DESIGN, NOBODY), "domain：没有可用的行", "domain: no row can be used"),
    "a ratio to other rows": (lambda: ratio(Y, [1, 2], DESIGN), "x：有 2 个值", "x: 2 values for 4"),
    "an error over a shorter domain": (
        lambda: estimated(mean(Y, DESIGN), DESIGN, NOBODY[:2]),
        "domain：有 2",
        "domain: 2",
    ),
    "a quantile of words": (
        lambda: quantile_estimate(["a"] * 4, DESIGN, 0.5),
        "y：4 行不是数",
        "y: 4 rows are no numbers",
    ),
    "a quantile of nobody": (lambda: quantile_estimate(Y, DESIGN, 0.5, NOBODY), "没有可用的行", "no row can be used"),
    "a share of words": (
        lambda: proportion_estimate(["x"] * 4, DESIGN),
        "has：4 行不是数",
        "has: 4 rows are no numbers",
    ),
    "means of words": (
        lambda: domain_estimates([["a", 1]] * 4, [0] * 4, 1, DESIGN),  # type: ignore[list-item]
        "y：",
        "y: ",
    ),
    "means of a lonely unit": (
        lambda: domain_estimates(Y, [0, 0, 1, 1], 2, survey_design(ONES, strata=[1, 1, 1, 2])),
        "如第 3 行所在的层",
        "such as that of row 3",
    ),
    "weights of words": (
        lambda: survey_design([1, "b"]),
        "weights：1 行不是数（行 1，",
        "weights: 1 rows are no numbers",
    ),  # type: ignore[list-item]
    "sizes of words": (lambda: survey_design(ONES, fpc=["a"] * 4), "fpc：4 行不是数", "fpc: 4 rows are no numbers"),
    "a bootstrap over a shorter domain": (
        lambda: bootstrapped(lambda weights: float(weights[0]), DESIGN, seed=1, replicates=9, domain=NOBODY[:2]),
        "domain：有 2 个值",
        "domain: 2 values",
    ),
}


@pytest.mark.parametrize(("ask", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_a_sentence(ask: Callable[[], object], zh: str, en: str) -> None:
    with pytest.raises(NotMeasurable) as refused:
        ask()
    assert zh in refused.value.zh
    assert en in refused.value.en
    assert "\n" not in str(refused.value)


def test_what_is_right_is_not_refused() -> None:
    """The shelf's twin: the same calls with the mistake mended, and rows that are not known counted."""
    assert alkire_foster(OF, ONES, 2)["H"].value == 0.5
    assert m_alpha(OF, DEPTH, ONES, 1, 1).value == pytest.approx(0.225)
    assert exclusion_error([1, np.nan, 1, 0], HELPED, ONES).left_out == {"missing": 1}
    assert leakage(POOR, [3, 1, 0, 0], ONES).value == 0.25
    assert [share.left_out for share in incidence([1, np.nan, 3, 4], [1, 1, np.nan, 1], ONES, 1)] == [{"missing": 2}]
    paid = simulate([1, np.nan, 1, 4], [1, 1, np.nan, 1], ONES, 2)
    assert (paid.gap_before, paid.gap_after, paid.cost, paid.left_out) == (1, 0, 2, {"missing": 2})
    assert total(Y, DESIGN, ~NOBODY).value == 10
