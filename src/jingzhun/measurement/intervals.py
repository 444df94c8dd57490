"""Intervals for shares: of a sample of any design, and bounds where nothing, or all, was found.

Functions take what they need as numbers, so they serve a checked list of 675 households as well as an estimate from a
design; ``proportion_estimate`` does the whole way. Shares are between 0 and 1; ``level`` is that of the interval.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import beta_quantile, normal_quantile, student_quantile
from jingzhun.measurement.estimate import Estimate, estimated, mean
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.usable_rows import row_truths

Kind = Literal["korn_graubard", "wilson", "logit"]
Interval = tuple[float, float]


def wilson(share: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's (1927) score interval of a ``share`` found in ``n``, which may be an effective size."""
    _check(share, n, level)
    z2 = normal_quantile((1 + level) / 2) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def clopper_pearson(found: float, n: float, level: float = 0.95) -> Interval:
    """The exact binomial interval (Clopper and Pearson 1934) of ``found`` in ``n``; both may be effective sizes."""
    _check(found / n if n > 0 else math.nan, n, level)
    tail = (1 - level) / 2
    return beta_quantile(tail, found, n - found + 1), beta_quantile(1 - tail, found + 1, n - found)


def upper_bound(found: float, n: float, level: float = 0.95, design_effect: float = 1.0) -> float:
    """The share that ``found`` cases in ``n`` checked exclude to be exceeded, at ``level``, one-sided and exact.

    0 in 149 gives 2.0% at 95% (about 3/n). ``design_effect`` divides both numbers, for people who were drawn in
    households and villages: without it the bound is that of people drawn one by one, and too low for clusters.
    """
    _check(found / n if n > 0 else math.nan, n, level)
    if not design_effect > 0:
        raise NotMeasurable(
            f"design_effect：{design_effect} 应大于 0，通常不小于 1。",
            f"design_effect: {design_effect} must be above 0, and is mostly 1 or more.",
        )
    return beta_quantile(level, found / design_effect + 1, (n - found) / design_effect)


def logit(share: float, se: float, df: float, level: float = 0.95) -> Interval:
    """An interval symmetric on the logit scale, by Student's t (Stata's ``svy: proportion``).

    (``share``, ``share``) at 0 and 1, where the scale has no room: take ``korn_graubard`` there.
    """
    _check(share, 1, level)
    if not 0 < share < 1:
        return share, share
    reach = float(student_quantile((1 + level) / 2, df)) * se / (share * (1 - share))
    middle = math.log(share / (1 - share))
    return 1 / (1 + math.exp(reach - middle)), 1 / (1 + math.exp(-reach - middle))


def korn_graubard(share: float, se: float, n: int, df: float, level: float = 0.95) -> Interval:
    """Clopper and Pearson's interval at the effective size (Korn and Graubard 1998), as R's ``svyciprop("beta")``.

    See ``effective_size``; it is not cut at ``n`` (SAS's TRUNCATE), so a design that gains over simple sampling shows.
    """
    size = effective_size(share, se, n, df, level)
    return clopper_pearson(share * size, size, level)


def effective_size(share: float, se: float, n: int, df: float, level: float = 0.95) -> float:
    """How many people drawn singly tell as much: share (1 - share) / se^2 times (t of n-1 / t of ``df``)^2.

    The second factor pays for few degrees of freedom (Korn and Graubard 1998). Raises ``NotMeasurable`` where ``se`` is
    0, which tells nothing of the size, and where ``df`` is below 1.
    """
    _check(share, n, level)
    if not se > 0 or not df >= 1:
        raise NotMeasurable(
            f"se：标准误 {se}、自由度 {df}，无从得出有效样本量；请用 upper_bound 并给出设计效应。",
            f"se: a standard error of {se} with {df} degrees of freedom gives no effective size; use upper_bound "
            "with a design effect.",
        )
    return share * (1 - share) / se**2 * _few_degrees(n, df, level)


def proportion_estimate(
    has: ArrayLike,
    design: Design,
    domain: Flags | None = None,
    *,
    kind: Kind = "korn_graubard",
    level: float = 0.95,
    design_effect: float | None = None,
) -> Estimate:
    """The share of ``domain`` that ``has`` (rows,) it (true or false, NaN where not known), with its interval.

    Where none or all of the sample have it, the sample does not tell its own effective size: then it is n over
    ``design_effect``, or over Kish's 1 + CV^2 of the weights if none is given, which knows nothing of clusters and
    makes the interval too short for them. Both are adjusted for few degrees of freedom, and the interval is exact for
    ``korn_graubard`` and ``logit``. ``ci`` is ``None`` where there is no degree of freedom. Raises ``NotMeasurable``.
    """
    values = row_truths("has", has, design.rows)
    found = estimated(mean(values, design, domain), design, domain, level)
    if found.df < 1 or found.se is None:
        return found
    share = min(max(found.estimate, 0.0), 1.0)
    if share in (0.0, 1.0):
        used = np.isfinite(values) if domain is None else np.isfinite(values) & domain
        factor = kish(design.weights[used]) if design_effect is None else design_effect
        return replace(found, ci=_at_the_edge(share, found, factor, kind, level))
    if found.se == 0:
        return replace(found, ci=(share, share))
    return replace(found, ci=_inside(share, found.se, found, kind, level))


def kish(weights: Floats) -> float:
    """Kish's (1965) design effect of unequal weights: n times the sum of squares over the square of the sum."""
    return float(len(weights) * (weights @ weights) / weights.sum() ** 2)


def _inside(share: float, se: float, found: Estimate, kind: Kind, level: float) -> Interval:
    if kind == "logit":
        return logit(share, se, found.df, level)
    if kind == "korn_graubard":
        return korn_graubard(share, se, found.n, found.df, level)
    return wilson(share, effective_size(share, se, found.n, found.df, level), level)


def _at_the_edge(share: float, found: Estimate, factor: float, kind: Kind, level: float) -> Interval:
    size = found.n / factor * _few_degrees(found.n, found.df, level)
    return wilson(share, size, level) if kind == "wilson" else clopper_pearson(share * size, size, level)


def _few_degrees(n: int, df: float, level: float) -> float:
    if n < 2:
        return 1.0
    at = (1 + level) / 2
    return float(student_quantile(at, n - 1) / student_quantile(at, df)) ** 2


def _check(share: float, n: float, level: float) -> None:
    if not 0 < level < 1:
        raise NotMeasurable(
            f"ci：置信水平 {level} 应在 0 和 1 之间，如 0.95。",
            f"ci: the level {level} must lie between 0 and 1, as 0.95.",
        )
    if not n > 0:
        raise NotMeasurable(f"n：{n} 应大于 0；没有查看任何一例。", f"n: {n} must be above 0; no case was looked at.")
    if not 0 <= share <= 1:
        raise NotMeasurable(
            f"share：{share} 应在 0 和 1 之间；请核对分子和分母。",
            f"share: {share} must lie between 0 and 1; check numerator and denominator.",
        )
