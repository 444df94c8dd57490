"""How a measure changed between two years, with its error: of one design over both years, or of two samples apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jingzhun.measurement.deprivation import change
from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.estimate import LEVEL, Estimate, estimated
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Measured


@dataclass(frozen=True, slots=True)
class Changes:
    """A change in the unit of the measure, as a share of the first year's, and that a year (compound)."""

    absolute: Measured
    relative: Measured
    annual: Measured


@dataclass(frozen=True, slots=True)
class ChangeEstimates:
    """``Changes`` with their errors."""

    absolute: Estimate
    relative: Estimate
    annual: Estimate


def changed(before: Measured, after: Measured, years: float = 1) -> Changes:
    """The change between two measures over the same data, each of its year (its ``domain``).

    ``estimated`` gives the errors. The rows of both years stand in one design: where the same villages were visited
    twice, a village is one cluster, and what its people have in common is no change; samples drawn apart have strata of
    their own. The annual rate has no error where nothing is left after. Raises ``NotMeasurable`` where there was
    nothing to change from.
    """
    found = change(before.value, after.value, years)
    left_out = _together(before.left_out, after.left_out)
    if before.influence is None or after.influence is None:
        return Changes(*(Measured(value, None, left_out) for value in (found.absolute, found.relative, found.annual)))
    if before.influence.shape != after.influence.shape:
        raise NotMeasurable(
            f"after：有 {after.influence.size:,} 行，before 有 {before.influence.size:,} 行；"
            "请把两年的行放进同一个设计，或用 changed_apart。",
            f"after: is of {after.influence.size:,} rows, before of {before.influence.size:,}; put the rows of both "
            "years into one design, or use changed_apart.",
        )
    made = []
    for value, slopes in zip(
        (found.absolute, found.relative, found.annual), _slopes(before.value, after.value, years), strict=True
    ):
        moved = None if slopes is None else slopes[0] * before.influence + slopes[1] * after.influence
        made.append(Measured(value, moved, left_out))
    return Changes(*made)


def changed_apart(
    before: Measured,
    design_before: Design,
    after: Measured,
    design_after: Design,
    years: float = 1,
    *,
    level: float = LEVEL,
) -> ChangeEstimates:
    """The change between two samples that were drawn independently, each with a design of its own.

    Their variances add up, and so do their degrees of freedom. Raises ``NotMeasurable``.
    """
    found = change(before.value, after.value, years)
    first, second = (estimated(*one, level=level) for one in ((before, design_before), (after, design_after)))
    df, n, left_out = first.df + second.df, first.n + second.n, _together(first.left_out, second.left_out)
    made = []
    for value, slopes in zip(
        (found.absolute, found.relative, found.annual), _slopes(before.value, after.value, years), strict=True
    ):
        if slopes is None or first.se is None or second.se is None:
            made.append(Estimate(value, None, None, df, n, left_out))
            continue
        se = math.hypot(slopes[0] * first.se, slopes[1] * second.se)
        reach = float(student_quantile((1 + level) / 2, df)) * se
        made.append(Estimate(value, se, (value - reach, value + reach) if df >= 1 else None, df, n, left_out))
    return ChangeEstimates(*made)


def _slopes(before: float, after: float, years: float) -> list[tuple[float, float] | None]:
    """By how much the absolute, relative and annual change move with the measure before and after."""
    ratio = after / before
    annual = ratio ** (1 / years) / years
    return [(-1.0, 1.0), (-ratio / before, 1 / before), (-annual / before, annual / after) if after else None]


def _together(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in one | other}
