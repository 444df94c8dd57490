"""Sums by group: which pairs of unit and domain occur, and the totals of many columns in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingzhun.measurement.measured import Floats

Codes = NDArray[np.int64]
"""A whole number for each row: which of the groups it belongs to, from 0 on."""

DENSE = 16
"""A table of codes may have this many times as many places as there are rows before it is sorted instead of filled."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The pairs of unit and domain that occur: of each row its cell, of each cell its unit and domain."""

    of_row: Codes
    unit: Codes
    domain: Codes

    @property
    def count(self) -> int:
        return self.unit.size


def cells_of(unit: Codes, units: int, domain: Codes, domains: int) -> Cells:
    """The cells of rows with a ``unit`` (rows,) below ``units`` and a ``domain`` (rows,) below ``domains``."""
    if domains == 1:
        found, of_row = occurring(unit, units)
        return Cells(of_row, found, np.zeros(found.size, dtype=np.int64))
    found, of_row = occurring(unit * domains + domain, units * domains)
    return Cells(of_row, found // domains, found % domains)


def sums_of(code: Codes, columns: Floats, count: int) -> Floats:
    """The sums (m, count) of ``columns`` (m, rows) by ``code`` (rows,)."""
    made = np.empty((columns.shape[0], count))
    for at, column in enumerate(columns):
        made[at] = np.bincount(code, weights=column, minlength=count)
    return made


def occurring(key: Codes, places: int) -> tuple[Codes, Codes]:
    """The sorted keys that occur, and for each key its place among them; keys are from 0 on and below ``places``."""
    if places > DENSE * key.size:
        found, of_row = np.unique(key, return_inverse=True)
        return found, of_row.reshape(-1)
    occurs = np.zeros(places, dtype=np.bool_)
    occurs[key] = True
    found = np.flatnonzero(occurs)
    place = np.empty(places, np.int64)
    place[found] = np.arange(found.size)
    return found, place[key]
