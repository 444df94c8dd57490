"""Targeting: who of the poor is left out, who of the others is let in, and where the money goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.poverty import given_line, poverty_gap
from jingzhun.measurement.usable_rows import numbers_of, row_amounts, row_numbers, row_truths, sample_of, weights_of


def exclusion_error(
    poor: ArrayLike, beneficiary: ArrayLike, weights: ArrayLike, domain: Flags | None = None
) -> Measured:
    """Poor without help over all poor, a share; also undercoverage (Coady, Grosh and Hoddinott 2004).

    ``poor`` and ``beneficiary`` (rows,) are true or false, NaN where not known. Raises ``NotMeasurable``.
    """
    is_poor, helped = _truths(weights, poor=poor, beneficiary=beneficiary)
    return _share(is_poor, 1 - helped, weights, domain, "poor")


def inclusion_error(
    poor: ArrayLike, beneficiary: ArrayLike, weights: ArrayLike, domain: Flags | None = None
) -> Measured:
    """Helped who are not poor over all helped, a share. Some divide by all who are not poor instead."""
    is_poor, helped = _truths(weights, poor=poor, beneficiary=beneficiary)
    return _share(helped, 1 - is_poor, weights, domain, "beneficiary")


def leakage(poor: ArrayLike, benefit: ArrayLike, weights: ArrayLike, domain: Flags | None = None) -> Measured:
    """Money that goes to those who are not poor over all money; ``benefit`` (rows,) in any unit of money."""
    [is_poor] = _truths(weights, poor=poor)
    return _share(row_amounts("benefit", benefit, len(is_poor)), 1 - is_poor, weights, domain, "benefit")


def incidence(
    y: ArrayLike, benefit: ArrayLike, weights: ArrayLike, groups: int = 5, domain: Flags | None = None
) -> list[Measured]:
    """The share of all money that each group of equal size receives, from the lowest incomes (``y``) on.

    A group takes whole rows: a row belongs to that in which the middle of its weight lies.
    """
    if groups < 1:
        raise NotMeasurable(f"groups：{groups} 应至少为 1。", f"groups: {groups} must be at least 1.")
    sample = sample_of(y, weights, domain)
    order = np.argsort(sample.y, kind="stable")
    middle = np.empty(len(order))
    middle[order] = (np.cumsum(sample.weights[order]) - sample.weights[order] / 2) / sample.population
    group = np.full(len(sample.used), -1)
    group[sample.used] = np.minimum((middle * groups).astype(np.int64), groups - 1)
    money = row_amounts("benefit", benefit, len(sample.used))
    shares = [_share(money, (group == at).astype(np.float64), weights, sample.used, "benefit") for at in range(groups)]
    return [replace(share, left_out=_added(sample.left_out, share.left_out)) for share in shares]


@dataclass(frozen=True, slots=True)
class Effect:
    """What money paid out does: the gap to the line before and after, both as a total, and what was paid.

    ``left_out`` counts the rows that could not be used, by reason.
    """

    gap_before: float
    gap_after: float
    cost: float
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def gap_reduction(self) -> float:
        """The share of the gap that is closed."""
        return 1 - self.gap_after / self.gap_before

    @property
    def benefit_per_cost(self) -> float:
        """How much of each unit paid closes a gap; the rest lifts people above the line or goes to others."""
        return (self.gap_before - self.gap_after) / self.cost


def simulate(y: ArrayLike, transfer: ArrayLike, weights: ArrayLike, line: ArrayLike) -> Effect:
    """What a transfer (rows,), added to ``y``, does to the gap. Raises ``NotMeasurable`` where nothing is paid.

    Rows of which income or transfer is not known are left out of gap and cost, and counted.
    """
    weight = weights_of(weights)
    income, paid = row_numbers("y", y, len(weight)), row_amounts("transfer", transfer, len(weight))
    at, known = given_line(line, len(weight)), np.isfinite(income) & np.isfinite(paid)
    both = np.where(known, income, np.nan)
    before, after = poverty_gap(both, weight, at), poverty_gap(both + paid, weight, at)
    cost = float(weight[known] @ paid[known])
    if cost <= 0 or before.value <= 0:
        raise NotMeasurable(
            "transfer：没有发放，或没有人在线下，谈不上效果。",
            "transfer: nothing is paid, or nobody is below the line, so there is no effect to tell.",
        )
    return Effect(before.value, after.value, cost, before.left_out)


@dataclass(frozen=True, slots=True)
class ProxyTest:
    """A proxy means test tried on rows it was not fitted to: its scores (rows,), and its errors at a fixed quota."""

    scores: Floats
    chosen: Flags
    exclusion: Measured
    inclusion: Measured


def proxy_means_test(
    x: ArrayLike, y: ArrayLike, poor: ArrayLike, weights: ArrayLike, quota: float, *, folds: int = 5, seed: int = 0
) -> ProxyTest:
    """Score households by what can be seen of them, and help those with the lowest scores up to a quota.

    ``x`` (rows, columns) is what is seen, ``y`` (rows,) the income or its logarithm that the score stands for; the
    score of a row is fitted by weighted least squares to the other ``folds`` of the rows, drawn with ``seed``, so that
    errors are out of sample. ``quota`` is the share of the weights that is helped. Raises ``NotMeasurable``.
    """
    weight = weights_of(weights)
    seen, income = numbers_of("x", x), row_numbers("y", y, len(weight))
    if seen.ndim not in (1, 2) or len(seen) != len(weight):
        raise NotMeasurable(
            f"x：形状是 {seen.shape}，权重有 {len(weight):,} 个；每行应有一个值（可有多列）。",
            f"x: has the shape {seen.shape} for {len(weight):,} weights; give a row for each weight.",
        )
    if not 0 < quota < 1 or not 2 <= folds <= len(income):
        raise NotMeasurable(
            f"quota、folds：名额比例 {quota} 应在 0 和 1 之间，折数 {folds} 应为 2 至行数。",
            f"quota, folds: the quota {quota} must lie between 0 and 1, the folds {folds} between 2 and the rows.",
        )
    seen = seen.reshape(len(seen), -1)
    gaps: Flags = ~(np.isfinite(seen).all(axis=1) & np.isfinite(income))
    refuse(
        gaps,
        "x、y",
        ("缺值，评分无从计算", "请先补上，或去掉这些行并说明"),
        ("lack a value and cannot be scored", "fill them in, or leave those rows out and say so"),
    )
    fold = np.random.default_rng(seed).permutation(len(income)) % folds
    columns = np.column_stack([np.ones(len(income)), seen])
    scores = np.empty(len(income))
    for number in range(folds):
        others = fold != number
        root = np.sqrt(weight[others])
        fitted = np.linalg.lstsq(columns[others] * root[:, None], income[others] * root, rcond=None)[0]
        scores[~others] = columns[~others] @ fitted
    chosen = lowest(scores, weight, quota)
    return ProxyTest(scores, chosen, exclusion_error(poor, chosen, weight), inclusion_error(poor, chosen, weight))


def lowest(scores: Floats, weights: Floats, quota: float) -> Flags:
    """The rows with the lowest scores up to ``quota`` of the weights: whole rows, the middle of which lies within it.

    Of rows with the same score those that come first are taken.
    """
    order = np.argsort(scores, kind="stable")
    chosen = np.zeros(len(scores), np.bool_)
    chosen[order] = np.cumsum(weights[order]) - weights[order] / 2 <= quota * weights.sum()
    return chosen


def _truths(weights: ArrayLike, **given: ArrayLike) -> list[Floats]:
    rows = len(weights_of(weights))
    return [row_truths(name, values, rows) for name, values in given.items()]


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in one | other}


def _share(whole: Floats, part: Floats, weights: ArrayLike, domain: Flags | None, argument: str) -> Measured:
    """The weighted total of ``whole`` × ``part`` over that of ``whole``."""
    sample = sample_of(whole * part, weights, domain)
    all_of, of = whole[sample.used], (whole * part)[sample.used]
    total = float(sample.weights @ all_of)
    if total <= 0:
        raise NotMeasurable(
            f"{argument}：范围内的合计为 0，无法相除；请检查条件和权重。",
            f"{argument}: its total in the domain is 0, so nothing can be divided by it; check condition and weights.",
        )
    value = float(sample.weights @ of) / total
    return Measured(value, sample.everywhere((of - value * all_of) / total), sample.left_out)
