"""Quantiles of a sample with Woodruff's intervals, which need no density."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.estimate import Estimate, mean
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.quantiles import Ladder, Rule
from jingzhun.measurement.usable_rows import row_numbers, rows_of
from jingzhun.measurement.variance import variance_of_total


def quantile_estimate(
    y: ArrayLike, design: Design, p: float, domain: Flags | None = None, *, level: float = 0.95, rule: Rule = "first"
) -> Estimate:
    """The value of ``y`` (rows,) below which a share ``p`` of the weights of ``domain`` lies, with its interval.

    ``rule``: ``first`` is the smallest value whose running share of the weights reaches ``p`` (Hyndman and Fan's type
    1; R ``survey``'s ``qrule = "math"``, its default); ``middle`` takes the mean of that value and the next where ``p``
    is reached exactly (type 2; R's ``"school"``, and Eurostat's).

    The interval is Woodruff's (1952): that of the share at the value, by Student's t, read back at the quantiles of its
    ends by the same rule; an end beyond 0 or 1 is the smallest or largest value. ``se`` is the interval's length over
    twice the t quantile (R's ``svyquantile``; the interval itself need not be symmetric). Without a degree of freedom
    both are ``None``. ``deff`` is that of the share. Raises ``NotMeasurable`` for ``p`` outside 0 to 1 or no row.
    """
    _between_0_and_1("p", p)
    _between_0_and_1("ci", level)
    values = row_numbers("y", y, design.rows)
    share = mean(np.where(np.isfinite(values), 0.0, np.nan), design, domain)
    inside = np.isfinite(values) & rows_of(domain, design.rows)
    ladder = Ladder(values[inside], design.weights[inside], rule)
    value = ladder.at(p)
    df = design.degrees_of_freedom(inside)
    interval = _woodruff(ladder, (values <= value).astype(np.float64), inside, design, df, level)
    n = int(inside.sum())
    if interval is None:
        return Estimate(value, None, None, df, n, share.left_out)
    se = (interval[1] - interval[0]) / (2 * float(student_quantile((1 + level) / 2, df)))
    return Estimate(value, se, interval, df, n, share.left_out)


def _woodruff(
    ladder: Ladder, below: Floats, inside: Flags, design: Design, df: int, level: float
) -> tuple[float, float] | None:
    if df < 1:
        return None
    share = mean(below, design, inside)
    if share.influence is None:
        raise AssertionError("a mean has an influence")
    reach = float(student_quantile((1 + level) / 2, df)) * math.sqrt(variance_of_total(share.influence, design))
    return ladder.at(share.value - reach), ladder.at(share.value + reach)


def _between_0_and_1(argument: str, value: float) -> None:
    if not 0 < value < 1:
        raise NotMeasurable(f"{argument}：{value} 应在 0 和 1 之间。", f"{argument}: {value} must lie between 0 and 1.")
