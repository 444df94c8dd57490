"""Poverty: how many are poor, how far below the line, and how unequally, over a line that is given or relative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.quantiles import density, quantile_influence, quantile_of
from jingzhun.measurement.sample import Sample, sample_of


@dataclass(frozen=True, slots=True)
class Line:
    """A poverty line: a value for each row, and how each row moves it (zero where it is given from outside)."""

    value: Floats
    influence: Floats

    @property
    def is_relative(self) -> bool:
        return bool(self.influence.any())


def given_line(value: ArrayLike, rows: int) -> Line:
    """A line from outside: one number, or one for each row (rows,). Raises ``NotMeasurable`` for one that is none."""
    line = np.broadcast_to(np.asarray(value, np.float64), (rows,))
    refuse(~(line > 0), "line", ("没有大于 0 的贫困线", "请补上或更正"), ("have no line above 0", "fill it in"))
    return Line(line, np.zeros(rows))


def median_line(
    y: ArrayLike, weights: ArrayLike, fraction: float, domain: Flags | None = None, *, weighted: bool = True
) -> Line:
    """A share of the median of ``domain``, such as 0.6 of the nation's; each row counts one if not ``weighted``."""
    sample = sample_of(y, weights if weighted else np.ones(len(np.asarray(y))), domain)
    median = quantile_of(sample, 0.5)
    moved = sample.everywhere(quantile_influence(sample, median, 0.5))
    return _relative(fraction, median, moved, weighted)


def mean_line(
    y: ArrayLike, weights: ArrayLike, fraction: float, domain: Flags | None = None, *, weighted: bool = True
) -> Line:
    """A share of the mean of ``domain``."""
    sample = sample_of(y, weights if weighted else np.ones(len(np.asarray(y))), domain)
    moved = sample.everywhere((sample.y - sample.mean) / sample.population)
    return _relative(fraction, sample.mean, moved, weighted)


def fgt(
    y: ArrayLike, weights: ArrayLike, line: Line, alpha: float = 0, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The mean over ``domain`` of the poor's relative gap to the power ``alpha`` (Foster, Greer and Thorbecke 1984).

    0: the share who are poor; 1: the poverty gap; 2: its square. A share between 0 and 1 where no income is negative.
    Poor is y < line; with ``strict=False`` y ≤ line, which for ``alpha`` 0 alone makes a difference. The error of a
    relative line is carried through (Osier 2009). Raises ``NotMeasurable``.
    """
    if alpha < 0:
        raise NotMeasurable(f"alpha：{alpha} 不能小于 0。", f"alpha: {alpha} must not be below 0.")
    return _mean_of_poor(y, weights, line, domain, strict, lambda gap: gap**alpha, _slope_of_fgt(alpha))


def poverty_gap(
    y: ArrayLike, weights: ArrayLike, line: Line, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The money that lifts every poor one to the line: the weighted total of line − y, in the unit of ``y``."""
    sample = sample_of(y, weights, domain)
    z = line.value[sample.used]
    poor = _poor(sample.y, z, strict)
    short = np.where(poor, z - sample.y, 0.0)
    moved = float(sample.weights @ poor) * line.influence
    return Measured(float(sample.weights @ short), sample.everywhere(short) + moved, sample.left_out)


def watts(
    y: ArrayLike, weights: ArrayLike, line: Line, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The mean over ``domain`` of ln(line / y) of the poor (Watts 1968); only incomes above 0, the others left out."""
    return _mean_of_poor(
        y, weights, line, domain, strict, lambda gap: -np.log(1 - gap), lambda y, z: 1 / z, positive=True
    )


def median_of_poor(y: ArrayLike, weights: ArrayLike, line: Line, domain: Flags | None = None) -> Measured:
    """The median income of those of ``domain`` below the line. Raises ``NotMeasurable`` where nobody is."""
    sample = sample_of(y, weights, domain)
    z = line.value[sample.used]
    poor = sample.y < z
    if not sample.weights[poor].sum() > 0:
        raise NotMeasurable("line：线下没有人，没有中位数。", "line: nobody is below the line, so there is no median.")
    among = Sample(sample.y[poor], sample.weights[poor], sample.used, {})
    median = quantile_of(among, 0.5)
    share = fgt(y, weights, line, domain=domain)
    below = sample.y <= median
    reached = float(sample.weights @ below) / sample.population
    assert share.influence is not None
    moved = share.influence / 2 - sample.everywhere((below.astype(np.float64) - reached) / sample.population)
    return Measured(median, moved / density(sample, median), sample.left_out)


def relative_median_gap(y: ArrayLike, weights: ArrayLike, line: Line, domain: Flags | None = None) -> Measured:
    """How far the median of the poor lies below the line, as a share of the line (Eurostat's indicator)."""
    z = float(line.value[0])
    if not (line.value == z).all():
        raise NotMeasurable(
            "line：相对中位数差距要求全体用同一条线。", "line: the relative median gap needs one line for everybody."
        )
    median = median_of_poor(y, weights, line, domain)
    assert median.influence is not None
    influence = median.value * line.influence / z**2 - median.influence / z
    return Measured((z - median.value) / z, influence, median.left_out)


def _relative(fraction: float, base: float, moved: Floats, weighted: bool) -> Line:
    if not fraction > 0 or not base > 0:
        raise NotMeasurable(
            f"line：{fraction} × {base:g} 不是大于 0 的贫困线；收入是否全为 0？",
            f"line: {fraction} × {base:g} is no line above 0; are all incomes 0?",
        )
    # Without weights the base is a number of the sample as it was drawn: no weight moves it.
    influence = fraction * moved if weighted else np.zeros(len(moved))
    return Line(np.full(len(moved), fraction * base), influence)


def _poor(y: Floats, z: Floats, strict: bool) -> Flags:
    return y < z if strict else y <= z


def _mean_of_poor(
    y: ArrayLike,
    weights: ArrayLike,
    line: Line,
    domain: Flags | None,
    strict: bool,
    of_gap: Callable[[Floats], Floats],
    slope: Callable[[Floats, Floats], Floats] | None,
    *,
    positive: bool = False,
) -> Measured:
    """The mean of a function of the poor's relative gap; zero for the others.

    ``slope`` is its derivative by the line; ``None`` for the share of poor, which moves by the density at the line.
    """
    sample = sample_of(y, weights, domain, positive=positive)
    z = line.value[sample.used]
    poor = _poor(sample.y, z, strict)
    added = np.zeros(len(z))
    added[poor] = of_gap((z[poor] - sample.y[poor]) / z[poor])
    value = float(sample.weights @ added) / sample.population
    influence = sample.everywhere((added - value) / sample.population)
    if line.is_relative:
        if slope is None:
            by_line = density(sample, float(z[0]))
        else:
            by_line = float(sample.weights[poor] @ slope(sample.y[poor], z[poor])) / sample.population
        influence = influence + by_line * line.influence
    return Measured(value, influence, sample.left_out)


def _slope_of_fgt(alpha: float) -> Callable[[Floats, Floats], Floats] | None:
    if alpha == 0:
        return None
    return lambda y, z: alpha * ((z - y) / z) ** (alpha - 1) * y / z**2
