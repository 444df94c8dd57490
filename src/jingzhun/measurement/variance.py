"""How far a weighted total may be off because a sample was drawn instead of everybody.

The totals are those of linearised values (``Measured.influence``), many at a time in long form: a value, the row it is
of, and which of the totals it counts towards. Rows that count towards none are zeros there, and stay in the variance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jingzhun.measurement.cells import Cells, Codes, cells_of, sums_of
from jingzhun.measurement.design import Design, Stage
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.pairwise import pairwise_covariance, pairwise_variances

ALL_DRAWN = 1e-7
"""Share of a stratum left out below which all of it counts as drawn: a certainty unit adds no variance."""


def variance_of_total(values: Floats, design: Design) -> float:
    """The variance of the weighted total of ``values`` (rows,). Raises ``NotMeasurable`` for a lonely unit."""
    rows = np.arange(design.rows)
    return float(variances_of_totals(values, rows, np.zeros(design.rows, np.int64), 1, design)[0])


def variances_of_totals(values: Floats, rows: Codes, column: Codes, columns: int, design: Design) -> Floats:
    """The variance of each of ``columns`` totals: ``values`` (k,) of ``rows`` (k,), each counted in ``column`` (k,).

    ``values`` may be (k, m), for m measures of the same rows; the result is then (columns, m), else (columns,). The
    work grows with the rows and with the units that occur in a column, not with rows times columns.

    With several stages and finite populations: that between the units of the first stage, and, of every later stage,
    that within the units before it by the share of these that was drawn (Särndal, Swensson and Wretman 1992, result
    4.3.1; R's ``svyrecvar``). Unequal chances of the first stage: see ``Unequal``. Raises ``NotMeasurable`` for a
    lonely unit where the design says so.
    """
    moved = np.ascontiguousarray(values.T if values.ndim == 2 else values[None, :])
    total = variances_of_rows(moved * design.weights[rows], rows, column, columns, design)
    return total if values.ndim == 2 else total[:, 0]


def variances_of_rows(weighted: Floats, rows: Codes, column: Codes, columns: int, design: Design) -> Floats:
    """``variances_of_totals`` (columns, m) of values that are weighted already and lie in rows, (m, k)."""
    total = np.zeros((columns, len(weighted)))
    for stage, spread, by_pairs in _spreads(design):
        cells = cells_of(stage.unit[rows], stage.units, column, columns)
        sums = sums_of(cells.of_row, weighted, cells.count)
        if by_pairs:
            total += pairwise_variances(design, cells, columns, sums)
        else:
            total += _between(spread, stage, cells, columns, sums)
    return total


def covariance_of_totals(values: Floats, design: Design) -> Floats:
    """The covariances (m, m) of the weighted totals of ``values`` (rows, m); see ``variances_of_totals``.

    The variance of a contrast c of estimates is c @ covariance @ c (a difference of two years or of two groups).
    """
    weighted = np.ascontiguousarray(values.T) * design.weights
    total = np.zeros((len(weighted), len(weighted)))
    for stage, spread, by_pairs in _spreads(design):
        sums = sums_of(stage.unit, weighted, stage.units)
        if by_pairs:
            total += pairwise_covariance(design, sums)
            continue
        means = sums_of(stage.unit_stratum, sums, stage.strata) / stage.drawn
        means[:, spread.from_zero] = 0.0
        apart = sums - means[:, stage.unit_stratum]
        total += (apart * spread.of_unit) @ apart.T
    return total


def degrees_of_domains(domains: Codes, rows: Codes, count: int, design: Design) -> Codes:
    """``Design.degrees_of_freedom`` of ``count`` domains at once; ``domains`` (k,) are those of ``rows`` (k,)."""
    first = design.stages[0]
    counted = design.weights[rows] > 0
    units = cells_of(first.unit[rows[counted]], first.units, domains[counted], count)
    strata = cells_of(first.unit_stratum[units.unit], first.strata, units.domain, count)
    return np.bincount(units.domain, minlength=count) - np.bincount(strata.domain, minlength=count)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """What the squared distance of each unit (units,) counts, and the strata (strata,) measured from zero."""

    of_unit: Floats
    from_zero: Flags


def _spreads(design: Design) -> Iterator[tuple[Stage, _Spread, bool]]:
    """The stages that add to the variance; the last says whether the stage's variance is one of pairs."""
    held: Floats = np.ones(design.rows)
    for number, stage in enumerate(design.stages):
        carried = np.zeros(stage.units)
        carried[stage.unit] = held
        unequal = design.unequal if number == 0 else None
        drawn = stage.fraction_of[stage.unit_stratum] if unequal is None else design.chances
        if drawn is None:
            raise AssertionError("a design with unequal chances has them")
        yield stage, _spread(stage, carried, drawn, design.lonely_psu), bool(unequal and unequal.method != "brewer")
        held = held * drawn[stage.unit]
        if not held.any():
            return


def _spread(stage: Stage, carried: Floats, drawn: Floats, lonely: str) -> _Spread:
    """``carried`` (units,) is the share by which the stage counts, ``drawn`` (units,) the share or chance drawn.

    With unequal chances this is Brewer's (2002) variance.
    """
    left = np.where(1 - drawn > ALL_DRAWN, 1 - drawn, 0.0)
    size = stage.drawn[stage.unit_stratum]
    alone = (size == 1) & (left > 0) & (carried > 0)
    of_unit = carried * left * size / np.maximum(size - 1, 1)
    from_zero = np.zeros(stage.strata, np.bool_)
    if not alone.any():
        return _Spread(of_unit, from_zero)
    if lonely == "error":
        _refuse_lonely(stage, alone)
    if lonely == "adjust":
        from_zero[stage.unit_stratum[alone]] = True
        return _Spread(of_unit, from_zero)
    of_unit[alone] = 0.0
    if lonely == "average":
        of_unit *= _for_all(stage.strata, int(alone.sum()))
    return _Spread(of_unit, from_zero)


def _between(spread: _Spread, stage: Stage, cells: Cells, columns: int, sums: Floats) -> Floats:
    """What the units of one stage add (columns, m): scatter of their totals (m, cells) about the stratum's mean.

    Units of a stratum without a row in the column are zeros: they count in the mean and, as its square, in the sum.
    """
    strata = cells_of(stage.unit_stratum[cells.unit], stage.strata, cells.domain, columns)
    means = sums_of(strata.of_row, sums, strata.count) / stage.drawn[strata.unit]
    means[:, spread.from_zero[strata.unit]] = 0.0
    of_unit = spread.of_unit[cells.unit]
    of_stratum = np.bincount(stage.unit_stratum, spread.of_unit, stage.strata)
    absent = of_stratum[strata.unit] - np.bincount(strata.of_row, of_unit, strata.count)
    scatter = means[:, strata.of_row]
    np.subtract(sums, scatter, out=scatter)  # in place, as new memory costs more than the sums themselves
    scatter *= scatter
    scatter *= of_unit
    added = sums_of(cells.domain, scatter, columns)
    return (added + sums_of(strata.domain, means**2 * np.maximum(absent, 0.0), columns)).T


def _for_all(strata: int, alone: int) -> float:
    """By what the sum over strata with several units becomes one over all strata."""
    if strata == alone:
        raise NotMeasurable(
            "lonely_psu：没有一层抽了两个单元，无从取平均；请改用 adjust，或合并层。",
            "lonely_psu: no stratum has two units to take an average of; use adjust, or join strata.",
        )
    return strata / (strata - alone)


def _refuse_lonely(stage: Stage, alone: Flags) -> None:
    count = int(alone.sum())
    row = int(np.flatnonzero(alone[stage.unit])[0])
    raise NotMeasurable(
        f"psu：有 {count} 层只抽了一个抽样单元（如第 {row} 行所在的层），方差无从估计；请与相近的层合并，"
        "或用 lonely_psu 说明怎样处理（remove、certainty、average、adjust）。",
        f"psu: {count} strata have one unit only (such as that of row {row}), which tells no variance; join them with "
        "strata like them, or say with lonely_psu what to do (remove, certainty, average, adjust).",
    )
