"""Input that cannot be meant is refused with the argument, the rows and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jingzhun.measurement.bootstrap import bootstrapped
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.domains import domain_estimates
from jingzhun.measurement.estimate import estimated, mean
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.intervals import effective_size, proportion_estimate, upper_bound, wilson
from jingzhun.measurement.quantile_estimate import quantile_estimate
from jingzhun.measurement.small_area import fay_herriot
from jingzhun.measurement.unequal import Unequal
from jingzhun.measurement.variance import variance_of_total

ONES = np.ones(4)
PLAIN = survey_design(ONES)
PAIRS = ["a", "a", "b", "b"]
SHELF: dict[str, tuple[Callable[[], object], str, str]] = {
    "a negative weight": (
        lambda: survey_design([1, -1, 2, -3]),
        "weights：2 行权重为负（行 1、3，从 0 数起）；请更正。",
        "weights: 2 rows have a negative weight (rows 1, 3, from 0); correct them.",
    ),
    "a missing weight": (
        lambda: survey_design([1, np.nan, 2, 2]),
        "weights：1 行缺权重",
        "weights: 1 rows lack a weight (rows 1, from 0); fill them in.",
    ),
    "weights that are all zero": (
        lambda: survey_design(np.zeros(4)),
        "没有一行的权重大于 0",
        "no row weighs more than 0",
    ),
    "neither weights nor sizes": (lambda: survey_design(), "请给出权重", "give weights, all 1 if they are equal"),
    "weights that do not follow": (
        lambda: survey_design(psu=PAIRS),
        "weights：4 行没有权重，也不能由 fpc 推算",
        "none follows from fpc",
    ),
    "more rows than can be named": (
        lambda: survey_design(-np.ones(9)),
        "9 行权重为负（行 0、1、2、3、4……，从 0 数起）",
        "9 rows have a negative weight (rows 0, 1, 2, 3, 4 …, from 0)",
    ),
    "a missing stratum": (
        lambda: survey_design(ONES, strata=np.array(["a", None, "b", float("nan")], dtype=object)),
        "strata：2 行没有值（行 1、3",
        "strata: 2 rows are empty (rows 1, 3",
    ),
    "a unit in two strata": (
        lambda: survey_design(ONES, strata=[1, 1, 2, 2], psu=[1, 2, 2, 3]),
        "psu：1 行的初级单元编号也出现在别的层",
        "psu: 1 rows have a cluster number that stands in another stratum too (rows 2, from 0)",
    ),
    "a stratum with one unit": (
        lambda: variance_of_total(ONES, survey_design(ONES, strata=[1, 1, 1, 2])),
        "有 1 层只抽了一个抽样单元（如第 3 行所在的层）",
        "1 strata have one unit only (such as that of row 3)",
    ),
    "no stratum to average": (
        lambda: variance_of_total(ONES, survey_design(ONES, strata=[1, 2, 3, 4], lonely_psu="average")),
        "无从取平均；请改用 adjust",
        "no stratum has two units to take an average of; use adjust",
    ),
    "an unknown policy": (
        lambda: survey_design(ONES, lonely_psu="ignore"),  # type: ignore[arg-type]
        "没有“ignore”这种办法",
        "there is no 'ignore'",
    ),
    "a population smaller than the sample": (
        lambda: survey_design(ONES, fpc=[3, 3, 3, 3]),
        "fpc：4 行所在层的总体单元数小于样本单元数",
        "stratum with fewer units than were drawn",
    ),
    "a size that varies in a stratum": (
        lambda: survey_design(ONES, fpc=[9, 9, 8, 9]),
        "fpc：1 行与同层其他行不一致",
        "differ from others of their stratum",
    ),
    "sizes and shares mixed": (
        lambda: survey_design(ONES, strata=PAIRS, fpc=[9, 9, 0.5, 0.5]),
        "fpc：2 行是小于 1 的抽样比",
        "fpc: 2 rows have a share below 1 among numbers of units (rows 2, 3",
    ),
    "no size at all": (
        lambda: survey_design(ONES, fpc=[9, np.nan, 9, 0]),
        "没有总体单元数",
        "lack the number of units",
    ),
    "more sizes than stages": (lambda: survey_design(ONES, fpc=[ONES, ONES]), "psu 只有 1 级", "psu has 1"),
    "columns of other lengths": (lambda: survey_design(ONES, strata=["a"]), "有 1 个值", "1 values for 4 weights"),
    "a chance beyond 1": (
        lambda: survey_design(ONES, unequal=Unequal([0.5, 1.5, 0.5, 0.5])),
        "probabilities：1 行缺入样概率",
        "have no chance between 0 and 1 (rows 1",
    ),
    "chances that vary in a unit": (
        lambda: survey_design(ONES, psu=PAIRS, unequal=Unequal([0.5, 0.4, 0.5, 0.5])),
        "的入样概率与同一初级单元的其他行不一致",
        "differ from others of their primary unit",
    ),
    "sizes beside chances": (
        lambda: survey_design(ONES, fpc=ONES * 9, unequal=Unequal(ONES / 2)),
        "请写 fpc=[None",
        "fpc=[None, sizes]",
    ),
    "chances of pairs that are not there": (
        lambda: survey_design(ONES, unequal=Unequal(ONES / 2, "joint")),
        "样本有 4 个初级单元",
        "the sample 4 primary units",
    ),
    "chances of pairs with another diagonal": (
        lambda: survey_design(ONES, unequal=Unequal(ONES / 2, "joint", joint=np.full((4, 4), 0.2))),
        "对角线须等于 probabilities",
        "those on the diagonal be probabilities",
    ),
    "one sum of squares for two strata": (
        lambda: survey_design(ONES, strata=PAIRS, unequal=Unequal(ONES / 2, "hartley_rao", sum_of_squares=1.0)),
        "只适用于不分层的设计，而样本有 2 层",
        "is for one stratum and the sample has 2",
    ),
    "a policy that has no meaning": (
        lambda: survey_design(ONES, unequal=Unequal(ONES / 2, "overton"), lonely_psu="adjust"),
        "adjust 不适用于 overton 方差",
        "adjust has no meaning for the variance of overton",
    ),
    "values of another length": (lambda: mean([1, 2], PLAIN), "y：有 2 个值", "y: 2 values for 4 weights"),
    "an empty domain": (lambda: mean(ONES, PLAIN, np.zeros(4, np.bool_)), "没有可用的行", "no row can be used"),
    "a level of 95": (lambda: estimated(mean(ONES, PLAIN), PLAIN, level=95), "应在 0 和 1 之间", "between 0 and 1"),
    "a domain that does not exist": (
        lambda: domain_estimates(ONES, np.array([0, 1, 2, 1]), 2, PLAIN),
        "domains：1 行的编号不在 -1 到 1 之间（行 2",
        "domains: 1 rows have a number that is not from -1 to 1 (rows 2",
    ),
    "domains by name": (lambda: domain_estimates(ONES, PAIRS, 2, PLAIN), "应为 4 个整数", "give 4 whole numbers"),
    "a share of 50": (lambda: quantile_estimate(ONES, PLAIN, 50), "p：50 应在", "p: 50 must lie"),
    "a flag that is none": (lambda: proportion_estimate([0, 1, 2, 1], PLAIN), "既不是真也不是假（行 2", "(rows 2"),
    "nobody checked": (lambda: upper_bound(0, 0), "n：0 应大于 0", "n: 0 must be above 0"),
    "more found than checked": (lambda: wilson(1.2, 10), "请核对分子和分母", "check numerator and denominator"),
    "a design effect of nothing": (lambda: upper_bound(0, 9, design_effect=0), "design_effect：0", "design_effect: 0"),
    "no error to go by": (lambda: effective_size(0.0, 0.0, 9, 8), "请用 upper_bound", "use upper_bound"),
    "one replicate": (lambda: bootstrapped(np.sum, PLAIN, seed=1, replicates=1), "至少重抽 2 次", "take 2 or more"),
    "a bootstrap of one unit": (
        lambda: bootstrapped(np.sum, survey_design(ONES, strata=[1, 1, 1, 2]), seed=1),
        "1 层只抽了一个单元",
        "1 strata have one unit only",
    ),
    "a bootstrap of unequal chances": (
        lambda: bootstrapped(np.sum, survey_design(unequal=Unequal(ONES / 2)), seed=1),
        "没有这种自助法",
        "no such bootstrap",
    ),
    "an area without a variance": (
        lambda: fay_herriot([1, 2, 3], np.ones(3), [0.1, 0.0, 0.2]),
        "variances：1 行的抽样方差不大于 0（行 1",
        "variances: 1 rows have no sampling variance above 0 (rows 1",
    ),
    "an area without an estimate": (
        lambda: fay_herriot([1, np.nan, 3], np.ones(3), [0.1, 0.1, 0.2]),
        "y：1 行没有直接估计",
        "y: 1 rows have no estimate",
    ),
    "columns that follow from each other": (
        lambda: fay_herriot([1, 2, 3, 4], np.ones((4, 2)), np.ones(4)),
        "各列线性相关",
        "columns that follow from each other",
    ),
    "areas of other lengths": (lambda: fay_herriot([1, 2], np.ones(3), [1, 1]), "三者每个地区", "a row for each area"),
}


@pytest.mark.parametrize("case", SHELF)
def test_it_is_refused_in_both_languages(case: str) -> None:
    act, zh, en = SHELF[case]
    with pytest.raises(NotMeasurable) as refused:
        act()
    assert zh in refused.value.zh
    assert en in refused.value.en
    assert str(refused.value) == f"{refused.value.zh} {refused.value.en}"


def test_what_is_right_is_not_refused() -> None:
    """The shelf's twin: the same shapes with the mistake mended."""
    for design in (
        survey_design([1, 0, 2, 3]),
        survey_design(fpc=[8, 8, 8, 8]),
        survey_design(ONES, strata=[1, 1, 2, 2], psu=[1, 2, 1, 2], nest=True),
        survey_design(ONES, strata=PAIRS, fpc=[9, 9, np.inf, np.inf]),
        survey_design(ONES, strata=[1, 1, 1, 2], lonely_psu="adjust"),
    ):
        assert variance_of_total(ONES, design) >= 0


def test_weights_follow_from_the_sizes() -> None:
    assert survey_design(fpc=[8, 8, 8, 8]).weights.tolist() == [2, 2, 2, 2]


def test_without_a_degree_of_freedom_there_is_no_interval() -> None:
    design = survey_design(ONES, psu=["a"] * 4, lonely_psu="certainty")
    found = estimated(mean([1, 2, 3, 4], design), design)
    assert (found.df, found.ci) == (0, None)


def test_unlike_areas_without_noise_are_left_as_they_are_and_like_ones_are_pooled() -> None:
    own = [1.0, 5.0, 9.0, 2.0, 7.0]
    sure = fay_herriot(own, np.ones(5), np.full(5, 1e-6))
    assert sure.eblup == pytest.approx(own, abs=1e-4)
    alike = fay_herriot([1.0, 1.1, 0.9, 1.0, 1.0], np.ones(5), np.full(5, 4.0))
    assert alike.variance == 0
    assert alike.eblup == pytest.approx(np.ones(5))
