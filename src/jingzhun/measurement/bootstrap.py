"""Errors of measures that have no influence, by drawing the sample's own units again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from jingzhun.measurement.cells import Codes
from jingzhun.measurement.design import Design, Stage
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.estimate import Estimate
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.usable_rows import rows_of


def bootstrapped(
    measure: Callable[[Floats], float],
    design: Design,
    *,
    seed: int,
    replicates: int = 500,
    domain: Flags | None = None,
    level: float = 0.95,
    ends: Literal["t", "percentile"] = "t",
) -> Estimate:
    """The measure with its error by the rescaled bootstrap (Rao and Wu 1988; Rao, Wu and Yue 1992).

    ``measure`` gives the value for any weights (rows,). In each stratum n - 1 of its n first-stage units are drawn with
    replacement; a unit drawn r times weighs w (1 - s + s n r / (n - 1)) with s = sqrt(1 - the share drawn of the
    stratum). Later stages are not drawn again, which is right where few of the first stage's units were drawn. A
    stratum with one unit adds nothing, unless ``lonely_psu`` is ``error``, which refuses it.

    ``se`` is the root mean square distance from the full sample's value (R's ``mse = TRUE``). ``ends``: by Student's t
    with the design's degrees of freedom, or percentiles of the replicates. Replicates without a value (NaN) are left
    out and counted in ``left_out`` as "replicate without a value". The same ``seed`` gives the same error.
    Raises ``NotMeasurable`` for fewer than 2 replicates and for a design with unequal chances.
    """
    _check(design, replicates, level)
    value = measure(design.weights)
    found = np.array([measure(weights) for weights in _weights_of_replicates(design, seed, replicates)])
    kept = found[np.isfinite(found)]
    left_out = {"replicate without a value": replicates - kept.size} if kept.size < replicates else {}
    inside = rows_of(domain, design.rows)
    df, n = design.degrees_of_freedom(inside), int(inside.sum())
    if kept.size < 2:
        return Estimate(value, None, None, df, n, left_out)
    se = math.sqrt(float(np.mean((kept - value) ** 2)))
    if ends == "percentile":
        low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
        return Estimate(value, se, (float(low), float(high)), df, n, left_out)
    reach = float(student_quantile((1 + level) / 2, df)) * se
    return Estimate(value, se, (value - reach, value + reach) if df >= 1 else None, df, n, left_out)


def _check(design: Design, replicates: int, level: float) -> None:
    if replicates < 2 or not 0 < level < 1:
        raise NotMeasurable(
            f"replicates：重抽 {replicates} 次、置信水平 {level}；至少重抽 2 次（通常 500 次），水平在 0 和 1 之间。",
            f"replicates: {replicates} at the level {level}; take 2 or more (mostly 500), and a level between 0 and 1.",
        )
    if design.unequal is not None:
        raise NotMeasurable(
            "unequal：不等概率不放回的首级没有这种自助法；请用有影响值的指标，或按放回抽样给出设计。",
            "unequal: there is no such bootstrap for unequal chances without replacement; use a measure with an "
            "influence, or give the design as one with replacement.",
        )
    first = design.stages[0]
    alone = (first.drawn == 1) & (first.fraction_of < 1)
    if design.lonely_psu == "error" and alone.any():
        raise NotMeasurable(
            f"psu：有 {int(alone.sum())} 层只抽了一个单元，无从重抽；请与相近的层合并，或用 lonely_psu 写 certainty。",
            f"psu: {int(alone.sum())} strata have one unit only to draw from; join them, or say lonely_psu certainty.",
        )


def _weights_of_replicates(design: Design, seed: int, replicates: int) -> Iterator[Floats]:
    first, generator = design.stages[0], np.random.default_rng(seed)
    n = first.drawn.astype(np.float64)
    spread = np.where(n > 1, np.sqrt(1 - first.fraction_of), 0.0)
    again = np.where(n > 1, n / np.maximum(n - 1, 1), 0.0)
    by_stratum = np.argsort(first.unit_stratum, kind="stable")
    fixed, times = (1 - spread)[first.unit_stratum], (spread * again)[first.unit_stratum]
    for _ in range(replicates):
        drawn = np.bincount(_draw(first, by_stratum, generator), minlength=first.units)
        yield design.weights * (fixed + times * drawn)[first.unit]


def _draw(first: Stage, by_stratum: Codes, generator: np.random.Generator) -> Codes:
    """n - 1 units of each stratum, with replacement."""
    draws = first.drawn - 1
    starts = np.concatenate([[0], np.cumsum(first.drawn)[:-1]])
    stratum = np.repeat(np.arange(first.strata), draws)
    place = (generator.random(len(stratum)) * first.drawn[stratum]).astype(np.int64)
    return by_stratum[starts[stratum] + place]
