"""Inequality: quintile share ratio, Gini coefficient and mean log deviation, with how each row moves them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.quantiles import mean_about, quantile_of
from jingzhun.measurement.usable_rows import Sample, sample_of

Form = Literal["standard", "convey"]


def quintile_share_ratio(
    y: ArrayLike, weights: ArrayLike, domain: Flags | None = None, *, form: Form = "standard"
) -> Measured:
    """What the fifth with most receives over what the fifth with least does (S80/S20, Eurostat's quantiles).

    ``y`` and ``weights`` have the shape (rows,). The fifths are y > the 80 % quantile and y ≤ the 20 % quantile.
    Linearised after Osier (2009): income moves in or out of a fifth at its quantile. ``standard`` takes the quantile
    itself for that income, which needs no density; ``convey`` the mean income about it by the kernel of ``density``,
    as R's ``convey`` and ``vardpoor`` do, for errors that differ in the third digit. Raises ``NotMeasurable`` where the
    lowest fifth has nothing.
    """
    _check_form(form)
    sample = sample_of(y, weights, domain)
    low, high = quantile_of(sample, 0.2), quantile_of(sample, 0.8)
    is_low, is_high = sample.y <= low, sample.y > high
    of_low, of_high = (float(sample.weights[part] @ sample.y[part]) for part in (is_low, is_high))
    if of_low <= 0:
        raise NotMeasurable(
            "y：最低五分之一的总收入不大于 0，无法相除。",
            "y: the lowest fifth has no income above 0, so nothing can be divided by it.",
        )
    at_low, at_high = (low, high) if form == "standard" else (mean_about(sample, low), mean_about(sample, high))
    moved_high = np.where(is_high, sample.y, 0) + at_high * ((sample.y <= high) - 0.8)
    moved_low = np.where(is_low, sample.y, 0) - at_low * (is_low - 0.2)
    value = of_high / of_low
    return Measured(value, sample.everywhere((moved_high - value * moved_low) / of_low), sample.left_out)


def gini(y: ArrayLike, weights: ArrayLike, domain: Flags | None = None, *, form: Form = "standard") -> Measured:
    """The Gini coefficient: 0 where all have the same, 1 where one has everything.

    ``y`` and ``weights`` have the shape (rows,). With N, Y the sums of weights and of income, R the running sum of
    weights up to a row in the order of income: ``standard`` is Σ w y (2R − w) / (N Y) − 1, free of the scale of weights
    (Eurostat, R's ``laeken``; half the mean difference over the mean). ``convey`` is Σ w y (2R − 1) / (N Y) − 1, as R's
    ``convey`` has it: the two are one where all weights are 1, and far apart where they are shares that add up to 1.
    Above 1 where incomes are negative. Raises ``NotMeasurable`` where the incomes add up to nothing.
    """
    _check_form(form)
    sample = sample_of(y, weights, domain)
    everything = float(sample.weights @ sample.y)
    if everything <= 0:
        raise NotMeasurable(
            "y：收入合计不大于 0，没有基尼系数。", "y: the incomes add up to nothing, so there is no Gini coefficient."
        )
    ranks, above = _ranks(sample)
    off = sample.weights if form == "standard" else 1.0
    whole = float(np.sum(sample.weights * sample.y * (2 * ranks - off)))
    moved = 2 * (sample.y * ranks + above) + (0.0 if form == "standard" else 2 * sample.weights * sample.y - sample.y)
    share = whole / (sample.population * everything)
    influence = moved / (sample.population * everything) - share * (1 / sample.population + sample.y / everything)
    return Measured(share - 1, sample.everywhere(influence), sample.left_out)


def mean_log_deviation(y: ArrayLike, weights: ArrayLike, domain: Flags | None = None) -> Measured:
    """The logarithm of the mean less the mean of the logarithms (Theil's second measure); only incomes above 0."""
    sample = sample_of(y, weights, domain, positive=True)
    logs = np.log(sample.y)
    mean_log = float(sample.weights @ logs) / sample.population
    influence = (sample.y / sample.mean - 1 - (logs - mean_log)) / sample.population
    return Measured(float(np.log(sample.mean)) - mean_log, sample.everywhere(influence), sample.left_out)


def _check_form(form: str) -> None:
    if form not in ("standard", "convey"):
        raise NotMeasurable(
            f"form：没有“{form}”这种写法；可以写 standard 或 convey。",
            f"form: there is no {form!r}; use standard or convey.",
        )


def _ranks(sample: Sample) -> tuple[Floats, Floats]:
    """Of each row used: the weights up to it in the order of income, and the income of all that come after it."""
    order = np.argsort(sample.y, kind="stable")
    running = np.cumsum(sample.weights[order])
    income = sample.weights[order] * sample.y[order]
    after = income.sum() - np.cumsum(income)
    ranks, above = np.empty(len(order)), np.empty(len(order))
    ranks[order], above[order] = running, after
    return ranks, above
