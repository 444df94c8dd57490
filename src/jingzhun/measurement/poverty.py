"""Poverty: how many are poor, how far below the line, and how unequally, over a line that is given or relative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.quantiles import density, quantile_influence, quantile_of
from jingzhun.measurement.usable_rows import Sample, numbers_of, row_numbers, sample_of, weights_of


@dataclass(frozen=True, slots=True)
class Line:
    """A poverty line: ``value`` (rows,) in the unit of income, and ``influence`` (rows,), how each row moves it.

    The influence is zero where the line is given from outside, ``None`` where it is a quantile whose error no
    linearisation gives; measures over such a line have none either.
    """

    value: Floats
    influence: Floats | None

    @property
    def is_relative(self) -> bool:
        return self.influence is None or bool(self.influence.any())


def given_line(value: ArrayLike, rows: int) -> Line:
    """A line from outside: one number, or one for each row (rows,). Raises ``NotMeasurable`` for one that is none."""
    given = numbers_of("line", value)
    line = np.full(rows, given) if given.ndim == 0 else row_numbers("line", given, rows)
    refuse(~(line > 0), "line", ("没有大于 0 的贫困线", "请补上或更正"), ("have no line above 0", "fill it in"))
    return Line(line, np.zeros(rows))


def median_line(
    y: ArrayLike, weights: ArrayLike, fraction: float, domain: Flags | None = None, *, weighted: bool = True
) -> Line:
    """A share of the median of ``domain``, such as 0.6 of the nation's; each row counts one if not ``weighted``.

    The median is Eurostat's (``quantiles.quantile``). Raises ``NotMeasurable`` where that is no line above 0.
    """
    sample = sample_of(y, weights if weighted else np.ones(len(weights_of(weights))), domain)
    median = quantile_of(sample, 0.5)
    moved = quantile_influence(sample, median, 0.5)
    return _relative(fraction, median, None if moved is None else sample.everywhere(moved), len(sample.used), weighted)


def mean_line(
    y: ArrayLike, weights: ArrayLike, fraction: float, domain: Flags | None = None, *, weighted: bool = True
) -> Line:
    """A share of the mean of ``domain``; each row counts one if not ``weighted``.

    Raises ``NotMeasurable`` where that is no line above 0.
    """
    sample = sample_of(y, weights if weighted else np.ones(len(weights_of(weights))), domain)
    moved = sample.everywhere((sample.y - sample.mean) / sample.population)
    return _relative(fraction, sample.mean, moved, len(sample.used), weighted)


def at_risk_threshold(y: ArrayLike, weights: ArrayLike, fraction: float = 0.6, domain: Flags | None = None) -> Measured:
    """Eurostat's at-risk-of-poverty threshold: a share of the median of ``domain``, in the unit of ``y``."""
    line = median_line(y, weights, fraction, domain)
    sample = sample_of(y, weights, domain)
    return Measured(float(line.value[0]), line.influence, sample.left_out)


def at_risk_rate(
    y: ArrayLike, weights: ArrayLike, fraction: float = 0.6, domain: Flags | None = None, *, own: bool = False
) -> Measured:
    """Eurostat's at-risk-of-poverty rate of ``domain``: the share below the threshold, between 0 and 1.

    The threshold is that of all rows, or with ``own`` that of ``domain`` itself.
    """
    return fgt(y, weights, median_line(y, weights, fraction, domain if own else None), domain=domain)


def fgt(
    y: ArrayLike, weights: ArrayLike, line: Line, alpha: float = 0, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The mean over ``domain`` of the poor's relative gap to the power ``alpha`` (Foster, Greer and Thorbecke 1984).

    0: the share who are poor; 1: the poverty gap; 2: its square. A share between 0 and 1 where no income is negative.
    Poor is y < line; with ``strict=False`` y ≤ line, which for ``alpha`` 0 alone makes a difference. The error of a
    relative line is carried through (Osier 2009). Raises ``NotMeasurable``.
    """
    if not alpha >= 0:
        raise NotMeasurable(f"alpha：{alpha} 应为不小于 0 的数。", f"alpha: {alpha} must be a number not below 0.")
    return _mean_of_poor(y, weights, line, domain, strict, lambda gap: gap**alpha, _slope_of_fgt(alpha))


def poverty_gap(
    y: ArrayLike, weights: ArrayLike, line: Line, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The money that lifts every poor one to the line: the weighted total of line − y, in the unit of ``y``."""
    sample = sample_of(y, weights, domain)
    z = _at(line, sample)
    poor = _poor(sample.y, z, strict)
    short = np.where(poor, z - sample.y, 0.0)
    influence = _with_line(sample.everywhere(short), float(sample.weights @ poor), line)
    return Measured(float(sample.weights @ short), influence, sample.left_out)


def watts(
    y: ArrayLike, weights: ArrayLike, line: Line, *, strict: bool = True, domain: Flags | None = None
) -> Measured:
    """The mean over ``domain`` of ln(line / y) of the poor (Watts 1968); only incomes above 0, the others left out."""
    return _mean_of_poor(
        y, weights, line, domain, strict, lambda gap: -np.log(1 - gap), lambda y, z: 1 / z, positive=True
    )


def median_of_poor(y: ArrayLike, weights: ArrayLike, line: Line, domain: Flags | None = None) -> Measured:
    """The median income of those of ``domain`` below the line (R's ``convey``: svypoormed), in the unit of ``y``.

    Linearised after Osier (2009) with the density of ``domain``. Raises ``NotMeasurable`` where nobody is poor.
    """
    sample = sample_of(y, weights, domain)
    poor = sample.y < _at(line, sample)
    if not sample.weights[poor].sum() > 0:
        raise NotMeasurable("line：线下没有人，没有中位数。", "line: nobody is below the line, so there is no median.")
    among = Sample(sample.y[poor], sample.weights[poor], sample.used, {})
    median = quantile_of(among, 0.5)
    share = fgt(y, weights, line, domain=domain)
    below = sample.y <= median
    reached = float(sample.weights @ below) / sample.population
    if (among.y[among.weights > 0] == median).all() and share.value == 1:
        return Measured(median, np.zeros(len(sample.used)), sample.left_out)
    near = density(sample, median)
    if share.influence is None or near == 0:
        return Measured(median, None, sample.left_out)
    moved = share.influence / 2 - sample.everywhere((below.astype(np.float64) - reached) / sample.population)
    return Measured(median, moved / near, sample.left_out)


def relative_median_gap(y: ArrayLike, weights: ArrayLike, line: Line, domain: Flags | None = None) -> Measured:
    """How far the median of the poor lies below the line, as a share of the line (Eurostat's indicator)."""
    z = float(line.value[0])
    if not (line.value == z).all():
        raise NotMeasurable(
            "line：相对中位数差距要求全体用同一条线。", "line: the relative median gap needs one line for everybody."
        )
    median = median_of_poor(y, weights, line, domain)
    if median.influence is None or line.influence is None:
        return Measured((z - median.value) / z, None, median.left_out)
    influence = median.value * line.influence / z**2 - median.influence / z
    return Measured((z - median.value) / z, influence, median.left_out)


def _relative(fraction: float, base: float, moved: Floats | None, rows: int, weighted: bool) -> Line:
    if not fraction > 0 or not base > 0:
        raise NotMeasurable(
            f"line：{fraction} × {base:g} 不是大于 0 的贫困线；收入是否全为 0？",
            f"line: {fraction} × {base:g} is no line above 0; are all incomes 0?",
        )
    # Without weights the base is a number of the sample as it was drawn: no weight moves it.
    value = np.full(rows, fraction * base)
    if not weighted:
        return Line(value, np.zeros(rows))
    return Line(value, None if moved is None else fraction * moved)


def _at(line: Line, sample: Sample) -> Floats:
    """The line of each row used. Raises ``NotMeasurable`` where it was made for other rows."""
    return row_numbers("line", line.value, len(sample.used))[sample.used]


def _with_line(influence: Floats, by_line: float, line: Line) -> Floats | None:
    """An influence, and what the rows do through the line, which moves the measure by ``by_line``."""
    if by_line == 0 or not line.is_relative:
        return influence
    return None if line.influence is None else influence + by_line * line.influence


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
    z = _at(line, sample)
    poor = _poor(sample.y, z, strict)
    added = np.zeros(len(z))
    added[poor] = of_gap((z[poor] - sample.y[poor]) / z[poor])
    value = float(sample.weights @ added) / sample.population
    influence = sample.everywhere((added - value) / sample.population)
    if not line.is_relative:
        return Measured(value, influence, sample.left_out)
    if slope is None:
        by_line = density(sample, float(z[0]))
    else:
        below = sample.y < z
        by_line = float(sample.weights[below] @ slope(sample.y[below], z[below])) / sample.population
    return Measured(value, _with_line(influence, by_line, line), sample.left_out)


def _slope_of_fgt(alpha: float) -> Callable[[Floats, Floats], Floats] | None:
    if alpha == 0:
        return None
    return lambda y, z: alpha * ((z - y) / z) ** (alpha - 1) * y / z**2
