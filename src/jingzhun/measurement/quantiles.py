"""Weighted quantiles, by Eurostat's rule unless another is asked for, and the density that their errors need."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.usable_rows import Sample, sample_of

Rule = Literal["first", "middle"]
EXACT = 1e-12
"""Distance within which a share of the weights counts as reached."""
FAR = 8.0
"""Band widths beyond which a value adds nothing to the density (less than 1e-14 of one at the point)."""


def quantile(y: ArrayLike, weights: ArrayLike, p: float, domain: Flags | None = None) -> Measured:
    """The value below which a share ``p`` of the weights of ``domain`` lies.

    Rule of Eurostat (EU-SILC; R's ``laeken``): the first value at which the running sum of weights exceeds ``p`` of
    all; where it is reached exactly, the mean of that value and the next. Rows of weight zero do not count. R's
    ``survey`` has other rules by name. The influence is Woodruff's (1952) by a density (see ``density``); ``None``
    where the quantile stands in a gap without any density, as between two far values. Raises ``NotMeasurable``.
    """
    if not 0 <= p <= 1:
        raise NotMeasurable(f"p：{p} 应在 0 和 1 之间。", f"p: {p} must lie between 0 and 1.")
    sample = sample_of(y, weights, domain)
    value = quantile_of(sample, p)
    influence = quantile_influence(sample, value, p)
    return Measured(value, None if influence is None else sample.everywhere(influence), sample.left_out)


def quantile_of(sample: Sample, p: float) -> float:
    """The quantile of the rows used, as ``quantile`` defines it."""
    return Ladder(sample.y, sample.weights, "middle").at(p)


class Ladder:
    """Values in order with their running share of the weights, on which any quantile is looked up.

    ``rule``: ``first`` is the smallest value whose running share reaches ``p`` (Hyndman and Fan's type 1), ``middle``
    the mean of that value and the next where ``p`` is reached exactly (type 2). Rows of weight zero do not count.
    """

    def __init__(self, values: Floats, weights: Floats, rule: Rule) -> None:
        counted = np.flatnonzero(weights > 0)
        order = counted[np.argsort(values[counted], kind="stable")]
        running = np.cumsum(weights[order])
        self.values, self.shares, self.rule = values[order], running / running[-1], rule

    def at(self, p: float) -> float:
        """The quantile at ``p``; the smallest or largest value where that lies beyond 0 or 1."""
        last = len(self.values) - 1
        place = min(int(np.searchsorted(self.shares, p - EXACT)), last)
        reached = abs(self.shares[place] - p) <= EXACT
        if self.rule == "middle" and reached and place < last:
            return float(self.values[place] + self.values[place + 1]) / 2
        return float(self.values[place])


def quantile_influence(sample: Sample, value: float, p: float) -> Floats | None:
    """How each row used moves its quantile ``value``: away from the rows that lie below it, by the density there.

    Zero where all values are the same, as for a mean; ``None`` where there is no density.
    """
    if (sample.y[sample.weights > 0] == value).all():
        return np.zeros(len(sample.y))
    near = density(sample, value)
    below = (sample.y <= value).astype(np.float64)
    return (p - below) / (sample.population * near) if near > 0 else None


def density(sample: Sample, at: float) -> float:
    """The density of the values at a point: Gaussian kernel, band width s N^(-1/5) with the weighted s and N.

    The estimate of Osier (2009), as in Eurostat's and R's ``convey`` variances of quantile-based measures. N is the
    sum of the weights, so the band narrows with the scale of weights. 0 where no value is near, or all are the same.
    """
    width = _width(sample)
    if width == 0:
        return 0.0
    near = _near(sample, at, width)
    return float(sample.weights @ near) / float(sample.population * width * np.sqrt(2 * np.pi))


def mean_about(sample: Sample, at: float) -> float:
    """The mean of the values about a point, by the kernel of ``density``; the point where no value is near."""
    width = _width(sample)
    near = sample.weights * (_near(sample, at, width) if width else 0.0)
    there = float(near.sum())
    return float(near @ sample.y) / there if there else at


def _width(sample: Sample) -> float:
    spread = float(np.sqrt(sample.weights @ (sample.y - sample.mean) ** 2 / sample.population))
    return spread * float(sample.population ** (-1 / 5))


def _near(sample: Sample, at: float, width: float) -> Floats:
    away = (at - sample.y) / width
    return np.where(np.abs(away) < FAR, np.exp(-(np.clip(away, -FAR, FAR) ** 2) / 2), 0.0)
