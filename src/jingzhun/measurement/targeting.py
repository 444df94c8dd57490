"""Targeting: who of the poor is left out, who of the others is let in, and where the money goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.poverty import given_line, poverty_gap
from jingzhun.measurement.sample import sample_of


def exclusion_error(
    poor: ArrayLike, beneficiary: ArrayLike, weights: ArrayLike, domain: Flags | None = None
) -> Measured:
    """Poor without help over all poor, a share; also undercoverage (Coady, Grosh and Hoddinott 2004)."""
    return _share(np.asarray(poor, np.float64), 1 - np.asarray(beneficiary, np.float64), weights, domain, "poor")


def inclusion_error(
    poor: ArrayLike, beneficiary: ArrayLike, weights: ArrayLike, domain: Flags | None = None
) -> Measured:
    """Helped who are not poor over all helped, a share. Some divide by all who are not poor instead."""
    return _share(np.asarray(beneficiary, np.float64), 1 - np.asarray(poor, np.float64), weights, domain, "beneficiary")


def leakage(poor: ArrayLike, benefit: ArrayLike, weights: ArrayLike, domain: Flags | None = None) -> Measured:
    """Money that goes to those who are not poor over all money; ``benefit`` (rows,) in any unit of money."""
    return _share(np.asarray(benefit, np.float64), 1 - np.asarray(poor, np.float64), weights, domain, "benefit")


def incidence(
    y: ArrayLike, benefit: ArrayLike, weights: ArrayLike, groups: int = 5, domain: Flags | None = None
) -> list[Measured]:
    """The share of all money that each group of equal size receives, from the lowest incomes (``y``) on.

    A group takes whole rows: a row belongs to that in which the middle of its weight lies. Raises ``NotMeasurable``.
    """
    if groups < 1:
        raise NotMeasurable(f"groups：{groups} 应至少为 1。", f"groups: {groups} must be at least 1.")
    sample = sample_of(y, weights, domain)
    order = np.argsort(sample.y, kind="stable")
    middle = np.empty(len(order))
    middle[order] = (np.cumsum(sample.weights[order]) - sample.weights[order] / 2) / sample.population
    group = np.full(len(sample.used), -1)
    group[sample.used] = np.minimum((middle * groups).astype(np.int64), groups - 1)
    money = np.asarray(benefit, np.float64)
    return [_share(money, (group == at).astype(np.float64), weights, sample.used, "benefit") for at in range(groups)]


@dataclass(frozen=True, slots=True)
class Effect:
    """What money paid out does: the gap to the line before and after, both as a total, and what was paid."""

    gap_before: float
    gap_after: float
    cost: float

    @property
    def gap_reduction(self) -> float:
        """The share of the gap that is closed."""
        return 1 - self.gap_after / self.gap_before

    @property
    def benefit_per_cost(self) -> float:
        """How much of each unit paid closes a gap; the rest lifts people above the line or goes to others."""
        return (self.gap_before - self.gap_after) / self.cost


def simulate(y: ArrayLike, transfer: ArrayLike, weights: ArrayLike, line: ArrayLike) -> Effect:
    """What a transfer (rows,), added to ``y``, does to the gap. Raises ``NotMeasurable`` where nothing is paid."""
    income, paid, weight = (np.asarray(given, np.float64) for given in (y, transfer, weights))
    at = given_line(line, len(income))
    before, after = poverty_gap(income, weight, at).value, poverty_gap(income + paid, weight, at).value
    cost = float(weight @ paid)
    if cost <= 0 or before <= 0:
        raise NotMeasurable(
            "transfer：没有发放，或没有人在线下，谈不上效果。",
            "transfer: nothing is paid, or nobody is below the line, so there is no effect to tell.",
        )
    return Effect(before, after, cost)


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
    seen, income, weight = np.asarray(x, np.float64), np.asarray(y, np.float64), np.asarray(weights, np.float64)
    if not 0 < quota < 1 or not 2 <= folds <= len(income):
        raise NotMeasurable(
            f"quota、folds：名额比例 {quota} 应在 0 和 1 之间，折数 {folds} 应为 2 至行数。",
            f"quota, folds: the quota {quota} must lie between 0 and 1, the folds {folds} between 2 and the rows.",
        )
    if not (np.isfinite(seen).all() and np.isfinite(income).all()):
        raise NotMeasurable(
            "x、y：有缺失的值，评分无从计算；请先补上，或去掉这些行并说明。",
            "x, y: some values are missing and cannot be scored; fill them in, or leave those rows out and say so.",
        )
    fold = np.random.default_rng(seed).permutation(len(income)) % folds
    columns = np.column_stack([np.ones(len(income)), seen.reshape(len(income), -1)])
    scores = np.empty(len(income))
    for number in range(folds):
        others = fold != number
        root = np.sqrt(weight[others])
        fitted = np.linalg.lstsq(columns[others] * root[:, None], income[others] * root, rcond=None)[0]
        scores[~others] = columns[~others] @ fitted
    order = np.argsort(scores, kind="stable")
    chosen = np.zeros(len(income), np.bool_)
    chosen[order] = np.cumsum(weight[order]) - weight[order] / 2 <= quota * weight.sum()
    return ProxyTest(scores, chosen, exclusion_error(poor, chosen, weight), inclusion_error(poor, chosen, weight))


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
