"""Estimates for areas with few rows: the area's own and what its like lead one to expect, weighed by their errors.

Fay and Herriot (1979): y = X b + v + e, with the variances of e known from the design and that of v estimated by
restricted maximum likelihood (REML).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Floats


@dataclass(frozen=True, slots=True, eq=False)
class FayHerriot:
    """The fitted model. By area (areas,): ``eblup``, its ``mse``, and ``shrinkage``, the weight of its own estimate.

    ``beta`` (p,) with standard errors ``beta_se``; ``variance`` is that of the area effects, in the unit of y squared,
    0 where the areas differ no more than their errors; ``iterations`` of Fisher scoring; ``converged``.
    """

    eblup: Floats
    mse: Floats
    shrinkage: Floats
    beta: Floats
    beta_se: Floats
    variance: float
    iterations: int
    converged: bool


def fay_herriot(
    y: ArrayLike, x: ArrayLike, variances: ArrayLike, *, precision: float = 1e-4, iterations: int = 100
) -> FayHerriot:
    """Empirical best linear unbiased predictors of areas, and their mean squared errors.

    ``y`` (areas,) are direct estimates, ``variances`` (areas,) their sampling variances (se squared, taken as known),
    ``x`` (areas, p) what explains them, with a column of ones if an intercept is wanted. Scoring starts at the median
    of ``variances`` and stops at a relative change below ``precision`` (those of R's ``sae``, so that its figures come
    out); a negative variance is set to 0.

    ``mse`` is g1 + g2 + 2 g3, which is right for REML (Prasad and Rao 1990; Datta and Lahiri 2000, as ``sae::mseFH``):
    unlike the naive g1 + g2 it knows that the variance was estimated. Raises ``NotMeasurable`` for variances that are
    not above 0, missing values, fewer areas than columns plus one, and columns that follow from each other.
    """
    own, given, known = _checked(y, x, variances)
    variance, done, converged = _restricted_maximum(own, given, known, precision, iterations)
    weight = 1 / (variance + known)
    inverse = np.asarray(np.linalg.inv(given.T @ (given * weight[:, None])), np.float64)
    beta = inverse @ (given.T @ (weight * own))
    shrinkage = variance * weight
    eblup = given @ beta + shrinkage * (own - given @ beta)
    return FayHerriot(
        eblup,
        _mean_squared_error(shrinkage, weight, given, inverse, known),
        shrinkage,
        beta,
        np.sqrt(np.diag(inverse)),
        variance,
        done,
        converged,
    )


def _restricted_maximum(
    y: Floats, x: Floats, known: Floats, precision: float, iterations: int
) -> tuple[float, int, bool]:
    """The variance of the area effects by Fisher scoring of the restricted likelihood; its score and information."""
    variance = float(np.median(known))
    for done in range(1, iterations + 1):
        weight = 1 / (variance + known)
        weighted = x * weight[:, None]
        inverse = np.linalg.inv(x.T @ weighted)
        projected = np.diag(weight) - weighted @ inverse @ weighted.T
        residual = projected @ y
        score = -0.5 * float(np.trace(projected)) + 0.5 * float(residual @ residual)
        information = 0.5 * float(np.sum(projected * projected))
        step = score / information
        change = abs(step / variance) if variance else abs(step)
        variance += step
        if variance + float(known.min()) <= 0:
            return 0.0, done, True
        if change < precision:
            return max(variance, 0.0), done, True
    return max(variance, 0.0), iterations, False


def _mean_squared_error(shrinkage: Floats, weight: Floats, x: Floats, inverse: Floats, known: Floats) -> Floats:
    g1 = shrinkage * known
    g2 = (1 - shrinkage) ** 2 * np.einsum("ap,pq,aq->a", x, inverse, x)
    g3 = known**2 * weight**3 * (2 / float(np.sum(weight**2)))
    return np.asarray(g1 + g2 + 2 * g3, np.float64)


def _checked(y: ArrayLike, x: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats, Floats]:
    own, known, given = (np.asarray(part, np.float64) for part in (y, variances, x))
    given = given[:, None] if given.ndim == 1 else given
    if own.ndim != 1 or known.shape != own.shape or given.ndim != 2 or given.shape[0] != own.shape[0]:
        raise NotMeasurable(
            f"y：形状是 {own.shape}，variances {known.shape}，x {given.shape}；三者每个地区应各有一行。",
            f"y: has the shape {own.shape}, variances {known.shape}, x {given.shape}; each needs a row for each area.",
        )
    refuse(~np.isfinite(own), "y", ("没有直接估计", "请先去掉，建模后再预测"), ("have no estimate", "drop them first"))
    incomplete = np.asarray(~np.isfinite(given).all(axis=1), np.bool_)
    refuse(incomplete, "x", ("缺辅助变量", "请补上"), ("lack a value", "fill it in"))
    refuse(
        ~(np.isfinite(known) & (known > 0)),
        "variances",
        ("的抽样方差不大于 0", "请给出标准误的平方；样本太少的地区先平滑其方差"),
        ("have no sampling variance above 0", "give the squared standard error; smooth it where the sample is small"),
    )
    areas, columns = given.shape
    if areas <= columns or np.linalg.matrix_rank(given) < columns:
        raise NotMeasurable(
            f"x：{areas} 个地区、{columns} 列，或各列线性相关；请减少列，或去掉可由其他列得出的列。",
            f"x: {areas} areas and {columns} columns, or columns that follow from each other; use fewer.",
        )
    return own, given, known
