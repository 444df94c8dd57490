"""What would be if the rule were another: other points for a criterion, another quota, line or transfer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.poverty import fgt, given_line
from jingzhun.measurement.targeting import exclusion_error, inclusion_error, lowest
from jingzhun.measurement.usable_rows import row_amounts, row_numbers, weights_of


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is helped, and from what line on one counts as poor.

    ``points`` are those of each criterion; a row's score is the sum of points times criteria, and those with the
    highest scores are helped, up to ``quota``, a share of the weights. ``line`` and ``transfer``, what each row that is
    helped is paid, are in the unit of income: one number, or one for each row.
    """

    points: Mapping[str, float]
    quota: float
    line: ArrayLike
    transfer: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a rule leads to. ``helped`` (rows,); ``cost`` is the weighted total of what is paid.

    ``measures``: ``helped``, ``poor`` and ``poor_after`` (with the transfer) as shares of all, ``gap`` and
    ``gap_after`` (FGT 1), ``exclusion_error``, ``inclusion_error``. ``tied`` are the weights of rows without help whose
    score is that of the last one helped: the rule does not tell these apart, the order of rows did.
    """

    helped: Flags
    measures: dict[str, Measured]
    cost: float
    tied: float


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """The outcomes of two rules, the ``change`` of each measure from one to the other, and whom it is about.

    ``entering`` and ``leaving`` (rows,) are helped by the second rule only and by the first only.
    """

    now: Outcome
    then: Outcome
    change: dict[str, Measured]
    entering: Flags
    leaving: Flags


def what_if(y: ArrayLike, criteria: Mapping[str, ArrayLike], weights: ArrayLike, now: Rule, then: Rule) -> WhatIf:
    """The rule as it is beside another one, on the same rows.

    ``y`` (rows,) is income, ``criteria`` arrays (rows,) for each name. Influences, and so errors by ``estimated``, take
    the helped as given: they do not know that another sample had put the last place of the quota elsewhere. Rows
    without income are scored and may be helped, but count in no measure of poverty. Raises ``NotMeasurable``.
    """
    one, other = (outcome(y, criteria, weights, rule) for rule in (now, then))
    change = {name: _less(other.measures[name], measured) for name, measured in one.measures.items()}
    return WhatIf(one, other, change, other.helped & ~one.helped, one.helped & ~other.helped)


def outcome(y: ArrayLike, criteria: Mapping[str, ArrayLike], weights: ArrayLike, rule: Rule) -> Outcome:
    """Who is helped by a rule, and what comes of it. Raises ``NotMeasurable``."""
    weight = weights_of(weights)
    rows = len(weight)
    if not 0 < rule.quota <= 1:
        raise NotMeasurable(
            f"quota：{rule.quota} 应大于 0、不超过 1，是受助者占全体的比例。",
            f"quota: {rule.quota} must be above 0 and at most 1, the share of all who are helped.",
        )
    income, score, line = row_numbers("y", y, rows), _score(criteria, rule.points, rows), given_line(rule.line, rows)
    paid = row_amounts("transfer", np.broadcast_to(np.asarray(rule.transfer), rows), rows)
    refuse(np.isnan(paid), "transfer", ("没有金额", "不发放的写 0"), ("have no amount", "give 0 where nothing is paid"))
    helped = lowest(-score, weight, rule.quota)
    if not helped.any():
        raise NotMeasurable(
            f"quota：{rule.quota} 不足一行的权重，没有人受助；请提高名额。",
            f"quota: {rule.quota} is less than the weight of one row, so nobody is helped; raise it.",
        )
    after = income + np.where(helped, paid, 0.0)
    poor = np.where(np.isnan(income), np.nan, income < line.value)
    measures = {
        "helped": fgt(np.where(helped, 0.0, 2.0), weight, given_line(1.0, rows)),
        "poor": fgt(income, weight, line),
        "poor_after": fgt(after, weight, line),
        "gap": fgt(income, weight, line, 1),
        "gap_after": fgt(after, weight, line, 1),
        "exclusion_error": exclusion_error(poor, helped, weight),
        "inclusion_error": inclusion_error(poor, helped, weight),
    }
    tied = ~helped & (score == score[helped].min())
    return Outcome(helped, measures, float(weight[helped] @ paid[helped]), float(weight[tied].sum()))


def _score(criteria: Mapping[str, ArrayLike], points: Mapping[str, float], rows: int) -> Floats:
    if strange := sorted(set(criteria) ^ set(points)):
        raise NotMeasurable(
            f"points：分值和评分项对不上：{'、'.join(strange)}；每项要有一个分值，不用的写 0。",
            f"points: points and criteria do not fit: {', '.join(strange)}; every criterion has points, 0 if unused.",
        )
    score = np.zeros(rows)
    for name, values in criteria.items():
        criterion = row_numbers(f"criteria.{name}", values, rows)
        refuse(
            ~np.isfinite(criterion),
            f"criteria.{name}",
            ("缺值，无从评分", "请先补上"),
            ("lack a value and cannot be scored", "fill it in first"),
        )
        score += points[name] * criterion
    return score


def _less(one: Measured, other: Measured) -> Measured:
    if one.influence is None or other.influence is None:
        return Measured(one.value - other.value, None, one.left_out)
    return Measured(one.value - other.value, one.influence - other.influence, one.left_out)
