"""Estimates of many domains and many variables in one pass over the rows: a county's villages, a year's townships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.cells import Codes, sums_of
from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.usable_rows import numbers_of
from jingzhun.measurement.variance import degrees_of_domains, variances_of_rows


@dataclass(frozen=True, slots=True, eq=False)
class DomainEstimates:
    """Estimates of ``count`` domains and m variables, arrays of the shape (count, m) but for ``df`` (count,).

    ``low`` and ``high`` are the interval by Student's t with the domain's own ``df``, NaN where that is below 1. ``n``
    counts the rows used, ``left_out`` the domain's rows without a value. A domain without a row that can be used has
    NaN.
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Codes
    n: Codes
    left_out: Codes


def domain_estimates(
    y: ArrayLike,
    domains: ArrayLike,
    count: int,
    design: Design,
    *,
    of: Literal["mean", "total"] = "mean",
    x: ArrayLike | None = None,
    level: float = 0.95,
) -> DomainEstimates:
    """Means, totals or ratios of ``y`` (rows,) or (rows, m) in each of ``count`` domains, with their errors.

    ``domains`` (rows,) are whole numbers from 0 on, -1 for rows outside all. With ``x`` (rows,) the estimate is the
    total of y over that of x, where both have a value. The same as ``mean``, ``total`` or ``ratio`` and ``estimated``
    over each domain. Rows outside a domain are zeros of its variance, so the size of a domain counts as random (R's
    ``svyby``; a domain whose size is fixed by the design is a stratum). Raises ``NotMeasurable``.
    """
    values = _table(y, design)
    code = _domains(domains, count, design)
    rows = np.flatnonzero(code >= 0)
    code, weight = code[rows], design.weights[rows]
    value = values if len(rows) == design.rows else values[:, rows]
    below = np.ones(len(rows)) if x is None else _table(x, design, "x")[0, rows]
    known = np.isfinite(value) & np.isfinite(below)
    value = value if known.all() else np.where(known, value, 0.0)
    estimate, influence = _linearised(value, known, below, weight, code, count, of)
    variance = variances_of_rows(influence * weight, rows, code, count, design)
    se = np.sqrt(np.where(np.isfinite(estimate.T), variance, np.nan))
    df = degrees_of_domains(code, rows, count, design)
    reach = student_quantile((1 + level) / 2, df)[:, None] * se
    there = np.repeat(np.bincount(code, minlength=count)[:, None], len(value), axis=1)
    n = there if known.all() else sums_of(code, known.astype(np.float64), count).T.astype(np.int64)
    return DomainEstimates(estimate.T, se, estimate.T - reach, estimate.T + reach, df, n, there - n)


def _linearised(
    value: Floats, known: Flags, below: Floats, weight: Floats, code: Codes, count: int, of: str
) -> tuple[Floats, Floats]:
    """The estimates (m, count), and by how much each row (m, rows) moves that of its domain."""
    above = sums_of(code, value * weight, count)
    if of == "total":
        present = sums_of(code, known.astype(np.float64), count) > 0
        return np.where(present, above, np.nan), value
    under = below[None, :] if known.all() else np.where(known, below, 0.0)
    divisor = sums_of(code, under * weight, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = np.where(divisor != 0, above / divisor, np.nan)
        influence = estimate[:, code]
        influence *= -under  # in place, as new memory costs more than the sums themselves
        influence += value
        influence /= divisor[:, code]
    if not known.all() or not np.isfinite(influence).all():
        influence = np.where(known & np.isfinite(influence), influence, 0.0)
    return estimate, influence


def _table(y: ArrayLike, design: Design, argument: str = "y") -> Floats:
    """One or several columns as (m, rows)."""
    values = numbers_of(argument, y)
    if values.ndim not in (1, 2) or values.shape[0] != design.rows:
        raise NotMeasurable(
            f"{argument}：形状是 {values.shape}，权重有 {design.rows:,} 个；每行应有一个值（可有多列）。",
            f"{argument}: has the shape {values.shape} for {design.rows:,} weights; give a row for each weight.",
        )
    return np.ascontiguousarray(values.T if values.ndim == 2 else values[None, :])


def _domains(domains: ArrayLike, count: int, design: Design) -> Codes:
    given = np.asarray(domains)
    if given.shape != (design.rows,) or given.dtype.kind not in "iu":
        raise NotMeasurable(
            f"domains：应为 {design.rows:,} 个整数，每行一个，从 0 起，不属于任何一组的为 -1。",
            f"domains: give {design.rows:,} whole numbers from 0 on, one for each row, -1 for rows of no domain.",
        )
    refuse(
        (given < -1) | (given >= count),
        "domains",
        (f"的编号不在 -1 到 {count - 1} 之间", "请更正编号或 count"),
        (f"have a number that is not from -1 to {count - 1}", "correct the number, or count"),
    )
    return given.astype(np.int64)
