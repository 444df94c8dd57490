"""The first stage's variance where probabilities of pairs matter: Overton, Hartley-Rao, and true joint probabilities.

With d_ij = 1 - p_i p_j / p_ij, the Horvitz-Thompson form is sum_ij d_ij z_i z_j and the Yates-Grundy form is
-1/2 sum_ij d_ij (z_i - z_j)^2, z being the units' weighted totals. Overton and Hartley-Rao give
d_ij = b (p_i + p_j) - a in each stratum, so their double sums are sums over one index and need no matrix.
"""

from __future__ import annotations

import numpy as np

from jingzhun.measurement.cells import Cells, cells_of, sums_of
from jingzhun.measurement.design import Design, Stage
from jingzhun.measurement.measured import Floats
from jingzhun.measurement.unequal import Unequal


def pairwise_variances(design: Design, cells: Cells, count: int, sums: Floats) -> Floats:
    """The variances (count, m) of the first stage under ``design.unequal``; ``sums`` (m, cells): the units' totals."""
    stage, unequal, chances = _first(design)
    if unequal.method == "joint":
        return _from_pairs(unequal, chances, cells, count, sums)
    strata = cells_of(stage.unit_stratum[cells.unit], stage.strata, cells.domain, count)
    a, b = (part[strata.unit] for part in _linear(unequal, stage, chances))
    p = chances[cells.unit]
    total, squares, leaning, leaning_squares = (
        sums_of(strata.of_row, part, strata.count) for part in (sums, sums**2, p * sums, p * sums**2)
    )
    if unequal.form == "yates_grundy":
        n = stage.drawn[strata.unit]
        all_p = np.bincount(stage.unit_stratum, chances, stage.strata)[strata.unit]
        made = a * (n * squares - total**2) - b * (n * leaning_squares - 2 * total * leaning + all_p * squares)
    else:
        made = squares - leaning_squares - a * (total**2 - squares) + 2 * b * (total * leaning - leaning_squares)
    made[:, stage.drawn[strata.unit] == 1] = 0.0
    return sums_of(strata.domain, made, count).T


def pairwise_covariance(design: Design, sums: Floats) -> Floats:
    """The covariances (m, m) of the first stage, from the totals (m, units) of the units.

    A variance is a quadratic form q, so a covariance is (q(x + y) - q(x - y)) / 4; columns are brought to one scale.
    """
    size = np.sqrt((sums**2).sum(axis=1))
    size[size == 0] = 1.0
    alike = sums / size[:, None]
    first, second = np.triu_indices(size.size)
    units = sums.shape[1]
    everything = cells_of(np.arange(units), units, np.zeros(units, np.int64), 1)
    plus = pairwise_variances(design, everything, 1, alike[first] + alike[second])[0]
    minus = pairwise_variances(design, everything, 1, alike[first] - alike[second])[0]
    made = np.zeros((size.size, size.size))
    made[first, second] = made[second, first] = (plus - minus) / 4 * size[first] * size[second]
    return made


def _first(design: Design) -> tuple[Stage, Unequal, Floats]:
    if design.unequal is None or design.chances is None:
        raise AssertionError("a design with equal chances has no pairs to ask for")
    return design.stages[0], design.unequal, design.chances


def _linear(unequal: Unequal, stage: Stage, chances: Floats) -> tuple[Floats, Floats]:
    """The a and b (strata,) of d_ij = b (p_i + p_j) - a."""
    n = stage.drawn.astype(np.float64)
    others = np.maximum(n - 1, 1)
    if unequal.method == "overton":
        return 1 / others, 0.5 / others
    estimated = np.bincount(stage.unit_stratum, chances, stage.strata)
    squares = estimated if unequal.sum_of_squares is None else np.full(n.size, unequal.sum_of_squares)
    return (1 + squares / n) / others, 1 / others


def _from_pairs(unequal: Unequal, chances: Floats, cells: Cells, count: int, sums: Floats) -> Floats:
    apart = 1 - np.outer(chances, chances) / unequal.pairs(chances.size)
    if unequal.form == "yates_grundy":
        apart -= np.diag(apart.sum(axis=1))
    table = np.zeros((sums.shape[0], count, chances.size))
    table[:, cells.domain, cells.unit] = sums
    return np.asarray(np.einsum("mgu,mgu->gm", table @ apart, table), np.float64)
