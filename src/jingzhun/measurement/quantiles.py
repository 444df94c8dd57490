"""Weighted quantiles by the rule of Eurostat, and the density that their errors need."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.sample import Sample, sample_of

EXACT = 1e-12
"""Relative distance within which a share of the weights counts as reached."""


def quantile(y: ArrayLike, weights: ArrayLike, p: float, domain: Flags | None = None) -> Measured:
    """The value below which a share ``p`` of the weights of ``domain`` lies.

    Rule of Eurostat (EU-SILC; R's ``laeken``): the first value at which the running sum of weights exceeds ``p`` of
    all; where it is reached exactly, the mean of that value and the next. R's ``survey`` has other rules by name.
    The influence is Woodruff's (1952) by a density (see ``density``). Raises ``NotMeasurable``.
    """
    if not 0 <= p <= 1:
        raise NotMeasurable(f"p：{p} 应在 0 和 1 之间。", f"p: {p} must lie between 0 and 1.")
    sample = sample_of(y, weights, domain)
    value = quantile_of(sample, p)
    return Measured(value, sample.everywhere(quantile_influence(sample, value, p)), sample.left_out)


def quantile_of(sample: Sample, p: float) -> float:
    """The quantile of the rows used, as ``quantile`` defines it."""
    order = np.argsort(sample.y, kind="stable")
    y, running = sample.y[order], np.cumsum(sample.weights[order])
    wanted = p * running[-1]
    place = int(np.searchsorted(running, wanted * (1 - EXACT), side="left"))
    place = min(place, len(y) - 1)
    reached = abs(running[place] - wanted) <= EXACT * running[-1]
    if reached and p > 0 and place + 1 < len(y):
        return float(y[place] + y[place + 1]) / 2
    return float(y[place])


def quantile_influence(sample: Sample, value: float, p: float) -> Floats:
    """How each row used moves its quantile ``value``: away from the rows that lie below it, by the density there."""
    below = (sample.y <= value).astype(np.float64)
    return (p - below) / (sample.population * density(sample, value))


def density(sample: Sample, at: float) -> float:
    """The density of the values at a point: Gaussian kernel, band width s N^(-1/5) with the weighted s and N.

    The estimate of Osier (2009), as in Eurostat's and R's ``convey`` variances of quantile-based measures.
    """
    spread = float(np.sqrt(sample.weights @ (sample.y - sample.mean) ** 2 / sample.population))
    if spread == 0:
        raise NotMeasurable(
            "y：所有值都相同，没有密度，分位数的误差无从估计。",
            "y: all values are the same, so there is no density and no error of a quantile.",
        )
    width = spread * sample.population ** (-1 / 5)
    kernel: Floats = np.exp(-(((at - sample.y) / width) ** 2) / 2) / np.sqrt(2 * np.pi)
    return float(sample.weights @ kernel) / float(sample.population * width)
