"""Quantiles of the distributions that intervals need; scipy is loaded when the first one is asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.measured import Floats


def normal_quantile(probability: float) -> float:
    """The standard normal's quantile."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def student_quantile(probability: float, df: ArrayLike) -> Floats:
    """Student's t with ``df`` degrees of freedom, of any shape; NaN where there are fewer than 1."""
    from scipy.special import stdtrit

    degrees = np.asarray(df, np.float64)
    quantile = stdtrit(np.where(degrees >= 1, degrees, 1.0), probability)
    return np.asarray(np.where(degrees >= 1, quantile, np.nan), np.float64)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The Beta(a, b) distribution's quantile; 0 for ``a`` = 0 and 1 for ``b`` = 0, its limits."""
    from scipy.special import betaincinv

    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else float(betaincinv(a, b, probability))
