"""Estimates from a sample: a measure, its standard error, interval, degrees of freedom and design effect."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.usable_rows import row_numbers, rows_of
from jingzhun.measurement.variance import variance_of_total

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure and how far it may be off.

    ``se`` and ``ci`` are in the unit of ``estimate``; ``ci`` is by Student's t with ``df`` degrees of freedom (R's
    ``survey`` takes the normal unless it is told). ``n`` counts the rows used, ``left_out`` those of the domain that
    could not be, by reason. ``deff`` is the variance over that of as many rows of the domain drawn singly without
    replacement (see ``simple_variance``), ``None`` where that has none.
    """

    estimate: float
    se: float | None
    ci: tuple[float, float] | None
    df: int
    n: int
    left_out: dict[str, int] = field(default_factory=dict)
    deff: float | None = None


def mean(y: ArrayLike, design: Design, domain: Flags | None = None) -> Measured:
    """The weighted mean of ``y`` (rows,) over ``domain``; rows without a value are left out (Hájek 1971)."""
    value, used, left_out = _used(y, design, domain)
    return _ratio(value, np.ones(design.rows), used, design, left_out, "domain")


def total(y: ArrayLike, design: Design, domain: Flags | None = None) -> Measured:
    """The weighted total of ``y`` (rows,) over ``domain``; rows without a value add nothing and are counted.

    Raises ``NotMeasurable`` where no row has one.
    """
    value, used, left_out = _used(y, design, domain)
    if not used.any():
        raise NotMeasurable(
            f"domain：没有可用的行（{sum(left_out.values()):,} 行缺值）；请检查条件和缺失值。",
            f"domain: no row can be used ({sum(left_out.values()):,} lack a value); check the condition and the data.",
        )
    influence = np.where(used, value, 0.0)
    return Measured(float(design.weights @ influence), influence, left_out)


def ratio(y: ArrayLike, x: ArrayLike, design: Design, domain: Flags | None = None) -> Measured:
    """The total of ``y`` over that of ``x``, both (rows,), where both have a value (linearised; Cochran 1977, 6.3)."""
    above, used, left_out = _used(y, design, domain)
    below, both, _ = _used(x, design, used, "x")
    missing = int(used.sum() - both.sum())
    if missing:
        left_out = {**left_out, "missing": left_out.get("missing", 0) + missing}
    return _ratio(above, below, both, design, left_out, "x")


def estimated(measured: Measured, design: Design, domain: Flags | None = None, level: float = LEVEL) -> Estimate:
    """The measure with its error. ``domain`` (rows,) are the rows it is about; ``level`` is that of the interval.

    Raises ``NotMeasurable`` for a lonely unit, or a level that is no share.
    """
    if not 0 < level < 1:
        raise NotMeasurable(
            f"ci：置信水平 {level} 应在 0 和 1 之间，如 0.95。",
            f"ci: the level {level} must lie between 0 and 1, as 0.95.",
        )
    inside = rows_of(domain, design.rows)
    df, used = design.degrees_of_freedom(inside), int(inside.sum()) - sum(measured.left_out.values())
    if measured.influence is None:
        return Estimate(measured.value, None, None, df, used, measured.left_out)
    variance = variance_of_total(measured.influence, design)
    se = math.sqrt(variance)
    return Estimate(
        measured.value,
        se,
        _interval(measured.value, se, df, level),
        df,
        used,
        measured.left_out,
        _design_effect(variance, simple_variance(measured.influence, design, inside, used)),
    )


def _used(
    y: ArrayLike, design: Design, domain: Flags | None, argument: str = "y"
) -> tuple[Floats, Flags, dict[str, int]]:
    """The values, the rows of the domain that have one, and how many have none."""
    value = row_numbers(argument, y, design.rows)
    inside = rows_of(domain, design.rows)
    known = np.isfinite(value)
    missing = int((inside & ~known).sum())
    return value, inside & known, {"missing": missing} if missing else {}


def _ratio(
    above: Floats, below: Floats, used: Flags, design: Design, left_out: dict[str, int], argument: str
) -> Measured:
    weight = np.where(used, design.weights, 0.0)
    under = float(weight @ np.where(used, below, 0.0))
    if under == 0:
        raise NotMeasurable(
            f"{argument}：没有可用的行，或加权合计为 0，无法相除；请检查条件、权重和分母。",
            f"{argument}: no row can be used, or the weighted total is 0, so nothing can be divided by it; check the "
            "condition, the weights and the denominator.",
        )
    value = float(weight @ np.where(used, above, 0.0)) / under
    influence = np.where(used, above - value * below, 0.0) / under
    return Measured(value, influence, left_out)


def _interval(value: float, se: float, df: int, level: float) -> tuple[float, float] | None:
    if df < 1:
        return None
    reach = float(student_quantile((1 + level) / 2, df)) * se
    return value - reach, value + reach


def simple_variance(
    influence: Floats, design: Design, domain: Flags | None = None, n: int | None = None, *, replacement: bool = False
) -> float | None:
    """The variance if ``n`` rows (those of ``domain``) had been drawn singly: what a design effect divides by.

    (1 - n/N) N^2 S^2 / n by the rows of the domain, with N the sum of their weights and S^2 the variance of
    ``influence`` (rows,) by them, times n/(n-1) (Kish 1965; R's ``deff = TRUE``). With ``replacement`` the factor
    1 - n/N is left out (R's ``deff = "replace"``, Kish's deft squared), which does not change when weights are scaled.
    ``None`` where there is no such variance: fewer than two rows, or weights that do not sum to more than n.
    """
    inside = design.weights > 0 if domain is None else domain & (design.weights > 0)
    rows = int(inside.sum()) if n is None else min(n, int(inside.sum()))
    weight, moved = design.weights[inside], influence[inside]
    people = float(weight.sum())
    if rows < 2 or (people <= rows and not replacement):
        return None
    middle = float(weight @ moved) / people
    simple = people * float(weight @ (moved - middle) ** 2) / (rows - 1)
    return simple if replacement else simple * (1 - rows / people)


def _design_effect(variance: float, simple: float | None) -> float | None:
    return variance / simple if simple else None
