"""How far a weighted total may be off because a sample was drawn instead of everybody.

The totals are those of linearised values (``Measured.influence``), many at a time in long form: a value, the row it is
of, and which of the totals it counts towards. Rows that count towards none are zeros there, and stay in the variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.measurement.design import Codes, Design, Stage
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Floats

SPARSE, SMALL = 4, 1024
"""Cells for each value, and at the least, up to which a table of all cells is quicker than a search."""
ALL_DRAWN = 1e-7
"""Share of a stratum left out below which all of it counts as drawn: a certainty unit adds no variance."""


def variance_of_total(values: Floats, design: Design) -> float:
    """The variance of the weighted total of ``values`` (rows,). Raises ``NotMeasurable`` for a lonely unit."""
    rows = np.arange(design.rows)
    return float(variances_of_totals(values, rows, np.zeros(design.rows, np.int64), 1, design)[0])


def variances_of_totals(values: Floats, rows: Codes, column: Codes, columns: int, design: Design) -> Floats:
    """The variance of each of ``columns`` totals: ``values`` (m,) of ``rows`` (m,), each counted in ``column`` (m,).

    With several stages and finite populations: that between the units of the first stage, and, of every later stage,
    that within the units before it by the share of these that was drawn (Särndal, Swensson and Wretman 1992, result
    4.3.1; R's ``svyrecvar``). Raises ``NotMeasurable`` for a lonely unit where the design says so.
    """
    weighted = values * design.weights[rows]
    total = np.zeros(columns)
    share = np.ones(design.rows)
    for stage in design.stages:
        total += _between(weighted, rows, column, columns, stage, share, design.lonely_psu)
        share = share * stage.fraction_of[stage.stratum]
        if not share.any():
            break
    return total


def _between(
    weighted: Floats, rows: Codes, column: Codes, columns: int, stage: Stage, share: Floats, lonely: str
) -> Floats:
    """What the units of one stage add, stratum by stratum: scatter of their totals about the stratum's mean.

    ``share`` (rows,) is what a later stage counts for; it is the same for all rows of a stratum.
    """
    by_unit = _summed(weighted, stage.unit[rows], column, columns)
    unit, of = by_unit.group, by_unit.column
    squares = _summed(by_unit.value**2, stage.unit_stratum[unit], of, columns)
    sums = _summed(by_unit.value, stage.unit_stratum[unit], of, columns)
    stratum, drawn = squares.group, stage.drawn[squares.group]
    scatter = squares.value - sums.value**2 / drawn
    left = np.maximum(1 - stage.fraction_of, 0)
    of_stratum = np.zeros(stage.strata)
    of_stratum[stage.stratum] = share
    alone = (drawn == 1) & (left[stratum] > ALL_DRAWN)
    scale = left[stratum] * of_stratum[stratum] * drawn / np.maximum(drawn - 1, 1)
    added = np.where(drawn > 1, scale * np.maximum(scatter, 0), 0.0)
    if lonely == "adjust":
        added = np.where(alone, left[stratum] * of_stratum[stratum] * squares.value, added)
    counted = np.bincount(squares.column, added, columns).astype(np.float64)
    strange = int(((stage.drawn == 1) & (left > ALL_DRAWN)).sum())
    if not strange:
        return counted
    if lonely == "error":
        _refuse_lonely(stage, left, strange)
    if lonely == "average":
        return counted * stage.strata / max(stage.strata - strange, 1)
    return counted


def _refuse_lonely(stage: Stage, left: Floats, count: int) -> None:
    stratum = int(np.flatnonzero((stage.drawn == 1) & (left > ALL_DRAWN))[0])
    row = int(np.flatnonzero(stage.stratum == stratum)[0])
    raise NotMeasurable(
        f"psu：有 {count} 层只抽了一个初级单元（如第 {row} 行所在的层），方差无从估计；请与相近的层合并，"
        "或用 lonely_psu 说明怎样处理（remove、certainty、average、adjust）。",
        f"psu: {count} strata have one unit only (such as that of row {row}), which tells no variance; join them with "
        "strata like them, or say with lonely_psu what to do (remove, certainty, average, adjust).",
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums by group and column, only where something was added; all (sums,)."""

    group: Codes
    column: Codes
    value: Floats


def _summed(values: Floats, group: Codes, column: Codes, columns: int) -> _Sums:
    """The sums of ``values`` by both. Few cells are counted straight, many are looked for first."""
    both = group * columns + column
    cells = int(both.max(initial=-1)) + 1
    if cells <= SPARSE * len(values) + SMALL:
        there = np.flatnonzero(np.bincount(both, minlength=cells))
        return _Sums(there // columns, there % columns, np.bincount(both, values, cells).astype(np.float64)[there])
    there, place = np.unique(both, return_inverse=True)
    return _Sums(there // columns, there % columns, np.bincount(place, values, len(there)).astype(np.float64))
