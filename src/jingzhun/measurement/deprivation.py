"""Multidimensional poverty by counting deprivations (Alkire and Foster 2011).

A row is poor if the weights of what it lacks add up to the cut-off ``k`` or more. Weights and cut-off are exact
fractions, turned into whole numbers, so that a row that stands just at the cut-off is poor on every machine. ``k`` is
in the unit of the weights: with weights of one each it counts deprivations (0 to d), with weights that add up to one
it is a share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jingzhun.measurement.design import Codes
from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.usable_rows import row_numbers, row_truths, sample_of

Share = Fraction | int | float | str
"""A weight or a cut-off: ``1/3`` as text, a whole number, or a decimal, taken for the nearest simple fraction."""
Missing = Literal["drop", "reweight"]
SIMPLE = 10_000
"""Largest denominator of a weight or cut-off that is given as a decimal: 0.3333 and 0.333333 both mean one third."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What every row lacks. ``matrix`` (rows, d): 1 lacks, 0 has, NaN not known. ``weights`` (d,) are whole numbers.

    ``unit`` is how many of them make one of the weights as given, ``total`` their sum. ``score`` (rows,) is the weight
    of what a row lacks, ``known`` (rows,) that of what is known of it.
    """

    names: tuple[str, ...]
    matrix: Floats
    weights: Codes
    unit: int
    score: Codes
    known: Codes

    @property
    def total(self) -> int:
        return int(self.weights.sum())


def profile(
    indicators: Mapping[str, ArrayLike], weights: Mapping[str, Share] | None = None, *, missing: Missing = "drop"
) -> Profile:
    """What every row lacks, from one array for each indicator (rows,): true where deprived, NaN where not known.

    ``weights`` are one each if not given. With ``missing="drop"`` (the global MPI's rule) a row of which an indicator
    is not known is left out; with ``"reweight"`` the others of its weights stand for all. Raises ``NotMeasurable``.
    """
    if missing not in ("drop", "reweight"):
        raise NotMeasurable(
            f"missing：没有“{missing}”；可以写 drop 或 reweight。",
            f"missing: there is no {missing!r}; use drop or reweight.",
        )
    names = tuple(indicators)
    whole, unit = whole_weights(names, weights)
    rows = np.asarray(indicators[names[0]]).size
    matrix = np.column_stack([row_truths(f"indicators.{name}", indicators[name], rows) for name in names])
    there = ~np.isnan(matrix)
    score = np.where(there, matrix, 0).astype(np.int64) @ whole
    known = there.astype(np.int64) @ whole
    if missing == "drop":
        known = np.where(there.all(axis=1), known, 0)
    return Profile(names, matrix, whole, unit, score, known)


def poor_at(of: Profile, k: Share) -> Flags:
    """Who is poor at a cut-off, (rows,). Raises ``NotMeasurable`` for one outside 0 to the sum of the weights."""
    cut = cut_off(k, of.unit, of.total)
    # score / known >= k / total, in whole numbers
    least = cut * of.unit
    return (of.known > 0) & (of.score * of.total * least.denominator >= least.numerator * of.known)


def cut_off(k: Share, unit: int, total: int) -> Fraction:
    """A cut-off as an exact fraction, in the unit of the weights. Raises ``NotMeasurable``."""
    cut = fraction("k", k)
    if not 0 <= cut * unit <= total:
        raise NotMeasurable(
            f"k：{k} 应在 0 和权重之和 {Fraction(total, unit)} 之间。",
            f"k: {k} must lie between 0 and the sum of the weights, {Fraction(total, unit)}.",
        )
    return cut


def alkire_foster(of: Profile, weights: ArrayLike, k: Share, domain: Flags | None = None) -> dict[str, Measured]:
    """The measures at one cut-off over ``domain``; all are shares between 0 and 1.

    ``H`` who is poor, ``A`` how much of the weights the poor lack on average, ``M0`` = H × A; for each indicator
    ``headcount.x`` who lacks it (raw), ``censored.x`` who lacks it and is poor, ``contribution.x`` its part of M0
    (these add up to one). A and the contributions are missing where nobody is poor. Raises ``NotMeasurable``.
    """
    known = np.where(of.known > 0, 0.0, np.nan)
    sample = sample_of(known, weights, domain)
    used, n = sample.used, sample.population
    poor = poor_at(of, k)[used].astype(np.float64)
    share = of.score[used] / of.known[used]

    def mean(added: Floats, there: Flags | None = None) -> Measured:
        """The mean over the rows used, or over those of them ``there``."""
        counted = np.ones(len(added)) if there is None else there.astype(np.float64)
        people = float(sample.weights @ counted)
        value = float(sample.weights @ (added * counted)) / people if people else float("nan")
        return Measured(value, sample.everywhere((added - value) * counted / (people or n)), sample.left_out)

    found = {"H": mean(poor), "M0": mean(poor * share)}
    if found["H"].value > 0:
        found["A"] = _ratio(found["M0"], found["H"])
    matrix, there = of.matrix[used], ~np.isnan(of.matrix[used])
    for at, name in enumerate(of.names):
        lacks = np.where(there[:, at], matrix[:, at], 0.0)
        found[f"headcount.{name}"] = mean(lacks, there[:, at])
        found[f"censored.{name}"] = mean(lacks * poor, there[:, at])
        if found["M0"].value > 0:
            part = mean(lacks * poor * of.weights[at] / of.known[used])
            found[f"contribution.{name}"] = _ratio(part, found["M0"])
    return found


def m_alpha(
    of: Profile, gaps: Mapping[str, ArrayLike], weights: ArrayLike, k: Share, alpha: float, domain: Flags | None = None
) -> Measured:
    """M1 (``alpha`` 1) and M2 (2), for cardinal indicators: the poor's weighted mean of relative gaps to that power.

    ``gaps`` (rows,) for each indicator are (cut-off − value) / cut-off of who is deprived in it.
    """
    if absent := [name for name in of.names if name not in gaps]:
        raise NotMeasurable(
            f"gaps：缺少 {'、'.join(absent)} 的差距。", f"gaps: those of {', '.join(absent)} are missing."
        )
    if not alpha >= 0:
        raise NotMeasurable(f"alpha：{alpha} 应为不小于 0 的数。", f"alpha: {alpha} must be a number not below 0.")
    sample = sample_of(np.where(of.known > 0, 0.0, np.nan), weights, domain)
    used = sample.used
    deep = {name: row_numbers(f"gaps.{name}", gaps[name], len(of.matrix)) for name in of.names}
    for at, name in enumerate(of.names):
        refuse(
            used & (of.matrix[:, at] == 1) & ~((deep[name] >= 0) & (deep[name] <= 1)),
            f"gaps.{name}",
            ("被剥夺而差距不在 0 到 1 之间或缺失", "差距为（临界值 − 数值）/ 临界值，请更正"),
            ("are deprived without a gap from 0 to 1", "a gap is (cut-off - value) / cut-off; correct them"),
        )
    depth = np.column_stack([deep[name] for name in of.names])[used]
    lacks = of.matrix[used] == 1
    powers = np.where(lacks, np.where(lacks, depth, 0.0) ** alpha, 0.0)
    added = poor_at(of, k)[used] * (powers @ of.weights) / of.known[used]
    value = float(sample.weights @ added) / sample.population
    return Measured(value, sample.everywhere((added - value) / sample.population), sample.left_out)


def subgroup_contributions(
    of: Profile, weights: ArrayLike, k: Share, groups: Codes, count: int, domain: Flags | None = None
) -> list[Measured]:
    """The part that each of ``count`` groups has in the M0 of ``domain``; the parts add up to one.

    ``groups`` (rows,) are whole numbers from 0 on, -1 for rows of none. More than a group's share of the people says
    that it bears more than its like. Raises ``NotMeasurable`` where nobody is poor.
    """
    sample = sample_of(np.where(of.known > 0, 0.0, np.nan), weights, domain)
    code = np.asarray(groups)
    if code.shape != sample.used.shape or code.dtype.kind not in "iu" or code.max(initial=-1) >= count:
        raise NotMeasurable(
            f"groups：应为 {sample.used.size:,} 个小于 {count} 的整数，每行一个。",
            f"groups: give {sample.used.size:,} whole numbers below {count}, one for each row.",
        )
    used = sample.used
    lacking = poor_at(of, k)[used] * of.score[used] / of.known[used]
    everything = float(sample.weights @ lacking)
    if everything <= 0:
        raise NotMeasurable(
            f"k：临界值 {k} 下没有人贫困，谈不上各组的贡献。",
            f"k: at {k} nobody is poor, so groups have no part in it.",
        )
    found = []
    for group in range(count):
        inside = code[used] == group
        share = float(sample.weights @ (lacking * inside)) / everything
        found.append(Measured(share, sample.everywhere((inside - share) * lacking / everything), sample.left_out))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """A measure's change between two years: in its unit, as a share of the first, and that a year (compound)."""

    absolute: float
    relative: float
    annual: float


def change(before: float, after: float, years: float) -> Change:
    """How a measure changed over ``years``. Raises ``NotMeasurable`` where there was nothing to change from."""
    if years <= 0 or before <= 0 or after < 0:
        raise NotMeasurable(
            f"change：从 {before:g} 到 {after:g}、相隔 {years:g} 年，算不出变化率；起始值和年数应大于 0。",
            f"change: from {before:g} to {after:g} in {years:g} years there is no rate; begin above 0, in later years.",
        )
    return Change(after - before, after / before - 1, (after / before) ** (1 / years) - 1)


def fraction(argument: str, given: Share) -> Fraction:
    """A weight or cut-off as an exact fraction. Raises ``NotMeasurable`` for what is no number."""
    try:
        exact = Fraction(given)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        raise NotMeasurable(
            f"{argument}：“{given}”不是数；请写成 1/3、0.333 或 2。",
            f"{argument}: {given!r} is no number; write 1/3, 0.333 or 2.",
        ) from error
    return exact if exact.denominator <= SIMPLE else exact.limit_denominator(SIMPLE)


def whole_weights(names: Sequence[str], weights: Mapping[str, Share] | None) -> tuple[NDArray[np.int64], int]:
    """The weights as whole numbers, and how many of these make one of the weights as given.

    Raises ``NotMeasurable`` where there are no indicators, or weights do not fit them or are not above 0.
    """
    if not names:
        raise NotMeasurable("indicators：一项也没有。", "indicators: there is none.")
    given = weights if weights is not None else dict.fromkeys(names, 1)
    if strange := sorted(set(names) ^ set(given)):
        raise NotMeasurable(
            f"weights：权重和指标对不上：{'、'.join(strange)}；每项指标要有一个权重。",
            f"weights: weights and indicators do not fit: {', '.join(strange)}; every indicator has one weight.",
        )
    exact = [fraction(f"weights.{name}", given[name]) for name in names]
    if low := [name for name, weight in zip(names, exact, strict=True) if weight <= 0]:
        raise NotMeasurable(
            f"weights：{'、'.join(low)} 的权重应大于 0。", f"weights: those of {', '.join(low)} must be above 0."
        )
    unit = lcm(*(weight.denominator for weight in exact))
    return np.array([int(weight * unit) for weight in exact], np.int64), unit


def _ratio(above: Measured, below: Measured) -> Measured:
    value = above.value / below.value
    assert above.influence is not None and below.influence is not None
    return Measured(value, (above.influence - value * below.influence) / below.value, above.left_out)
