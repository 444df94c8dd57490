"""Weights of an evaluation: from the chances of the draw, over who did not answer, to what the register knows.

A row is a household that was drawn. A replacement takes the place of the household that it stands in for, and with it
its chance: the place was drawn, whoever answered there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from jingzhun.measurement.cells import Codes
from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.unequal import Unequal

CLOSE = 1e-7
"""Relative distance from a known total at which the weights count as calibrated."""
ROUNDS = 60
NOBODY = 1e-300
"""Stands in for the size of a stratum in which nobody was there to be asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The places of a sample, arrays of one length. Codes count from 0 on.

    ``stratum`` is the stratum of villages, told apart by county; ``cell`` that of households within their village and
    ``subject``. ``gone`` says that there was nobody to ask (died out, no such household): no refusal, but nobody of
    the population either. ``persons`` are the members by the frame, NaN where not known.
    """

    village: Codes
    county: Codes
    stratum: Codes
    certain: Flags
    village_chance: Floats
    subject: Codes
    cell: Codes
    chance: Floats
    answered: Flags
    gone: Flags
    persons: Floats

    @property
    def count(self) -> int:
        return len(self.village)


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """Totals of persons that are known, in cells that rows belong to.

    ``columns`` (dimensions, rows) says of each row its cell in each dimension, -1 where it has none; ``totals``
    (cells,) are persons, ``family`` (cells,) the cells that may be joined with each other, in this order.
    """

    columns: Codes
    totals: Floats
    family: Codes


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pack says of weights: answers that a response cell and a margin need, and how far a weight may move."""

    answers_min: int
    margin_answers_min: int
    ratio_min: float
    ratio_max: float


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weights of all places (0 where nobody answered), and how they came about.

    ``drawn`` is one over the chance, ``responding`` adjusted for who did not answer, ``final`` calibrated.
    ``cell_of`` (places,) is the response cell. ``joined`` (cells of the margins,) says which were calibrated as one,
    -1 of those for which too few answered; ``columns`` (dimensions, places) and ``totals`` are those. ``before`` and
    ``after`` are the sums of persons.
    """

    drawn: Floats
    responding: Floats
    final: Floats
    cell_of: Codes
    joined: Codes
    columns: Codes
    totals: Floats
    before: Floats
    after: Floats


class Contradiction(ValueError):
    """The weights cannot meet all known totals. ``cell`` is the margin that is farthest off."""

    def __init__(self, cell: int, wanted: float, reached: float) -> None:
        super().__init__(f"margin {cell}: {wanted} wanted, {reached} reached")
        self.cell, self.wanted, self.reached = cell, wanted, reached


def weigh(places: Places, rules: Rules, margins: Margins | None = None) -> Weights:
    """All three weights of a sample. Raises ``Contradiction``."""
    drawn = 1 / (places.village_chance * places.chance)
    cell_of = response_cells(places, rules.answers_min)
    responding = responding_weights(places, drawn, cell_of)
    if margins is None or not len(margins.totals):
        nothing, none = np.zeros(0), np.zeros(0, np.int64)
        columns = np.zeros((0, places.count), np.int64)
        return Weights(drawn, responding, responding, cell_of, none, columns, nothing, nothing, nothing)
    joined, columns, totals = joined_margins(places, margins, rules.margin_answers_min)
    persons = np.nan_to_num(places.persons)
    try:
        ratio = calibrated(responding * persons, columns, totals, (rules.ratio_min, rules.ratio_max))
    except Contradiction as error:
        first = int(np.flatnonzero(joined == error.cell)[0])
        raise Contradiction(first, error.wanted, error.reached) from error
    final = responding * ratio
    before, after = (sums(weight * persons, columns, len(totals)) for weight in (responding, final))
    return Weights(drawn, responding, final, cell_of, joined, columns, totals, before, after)


def response_cells(places: Places, least: int) -> Codes:
    """The cell of each place within which all are held equally likely to answer.

    A cell is a stratum of villages and a subject. One with fewer than ``least`` answers is joined with the next
    stratum of its county, and where the county has too few with the next county, always of the same subject.
    """
    kinds = int(places.subject.max(initial=0)) + 1
    found, of_row = np.unique(places.stratum * kinds + places.subject, return_inverse=True)
    county, subject = np.zeros(len(found), np.int64), found % kinds
    county[of_row] = places.county
    answers = counted(of_row, places.answered)
    first = neighbours(answers, county * kinds + subject, least)
    of_group = np.zeros(int(first.max(initial=-1)) + 1, np.int64)
    of_group[first] = subject
    second = neighbours(counted(first, answers), of_group, least)
    return np.asarray(second[first][of_row], np.int64)


def neighbours(counts: Floats, family: Codes, least: int) -> Codes:
    """Groups of neighbouring cells of one family that count ``least`` together; a rest joins the group before it."""
    group = np.zeros(len(counts), np.int64)
    number, held, alone = -1, 0.0, True
    order = np.argsort(family, kind="stable")
    for place, cell in enumerate(order):
        begins = place == 0 or family[cell] != family[order[place - 1]]
        if begins or held >= least:
            number, held, alone = number + 1, 0.0, begins
        group[cell] = number
        held += counts[cell]
        ends = place + 1 == len(order) or family[order[place + 1]] != family[cell]
        if ends and held < least and not alone:
            group[group == number] = number - 1
            number -= 1
    return group


def responding_weights(places: Places, drawn: Floats, cell_of: Codes) -> Floats:
    """The weights of those who answered, who stand for those of their cell who were there and did not."""
    asked = counted(cell_of, np.where(places.gone, 0.0, drawn))
    told = counted(cell_of, np.where(places.answered, drawn, 0.0))
    factor = np.divide(asked, told, out=np.zeros_like(asked), where=told > 0)
    return np.where(places.answered, drawn * factor[cell_of], 0.0)


def counted(code: Codes, values: Floats | Flags) -> Floats:
    """The sums of ``values`` by ``code``, both (rows,)."""
    return np.asarray(np.bincount(code, values.astype(np.float64)), np.float64)


def joined_margins(places: Places, margins: Margins, least: int) -> tuple[Codes, Codes, Floats]:
    """Margins of which too few answered, joined with the next of their family: group, columns of rows, totals.

    Where a whole family has too few it is left alone, its group is -1: nothing can be said to stand for it.
    """
    told = np.where(places.answered & (places.persons > 0), 1.0, 0.0)
    counts = sums(told, margins.columns, len(margins.totals))
    group = neighbours(counts, margins.family, least)
    enough = counted(group, counts) >= least
    number = np.where(enough, np.cumsum(enough) - 1, -1)
    joined = number[group]
    totals = counted(group, margins.totals)[enough]
    columns = np.where(margins.columns >= 0, joined[margins.columns], -1)
    return joined, columns, totals


def sums(values: Floats, columns: Codes, count: int) -> Floats:
    """The sums (count,) of ``values`` (rows,) in the cells of every dimension."""
    total = np.zeros(count)
    for column in columns:
        held = column >= 0
        total += np.bincount(column[held], values[held], count)
    return total


def calibrated(people: Floats, columns: Codes, totals: Floats, bounds: tuple[float, float]) -> Floats:
    """The ratio (rows,) by which each weight moves so that ``people`` (rows,) sum up to all ``totals``.

    The linear method of Deville and Särndal (1992), in which ratios stay within ``bounds``: a household's ratio is one
    plus a number for each of its cells. Raises ``Contradiction`` where no such weights meet the totals.
    """
    moved = np.zeros(len(totals))
    ratio = np.ones(len(people))
    for _ in range(ROUNDS):
        reached = sums(people * ratio, columns, len(totals))
        if np.all(np.abs(totals - reached) <= CLOSE * np.maximum(totals, 1.0)):
            return ratio
        wished = 1 + _by_row(moved, columns)
        free = (wished >= bounds[0]) & (wished <= bounds[1])
        held = crossed(np.where(free, people, 0.0), columns, len(totals))
        moved = moved + np.linalg.lstsq(held, totals - reached, rcond=1e-10)[0]
        ratio = np.clip(1 + _by_row(moved, columns), *bounds)
    off = np.abs(totals - reached) / np.maximum(totals, 1.0)
    worst = int(np.argmax(off))
    raise Contradiction(worst, float(totals[worst]), float(reached[worst]))


def crossed(people: Floats, columns: Codes, count: int) -> Floats:
    """The sums (count, count) of ``people`` (rows,) that belong to both of two cells."""
    table = np.zeros(count * count)
    for one in columns:
        for other in columns:
            both = (one >= 0) & (other >= 0)
            table += np.bincount(one[both] * count + other[both], people[both], count * count)
    return table.reshape(count, count)


def residuals(values: Floats, places: Places, weights: Weights) -> Floats:
    """What calibration leaves of ``values`` (places,): their distance from what the known totals explain.

    The variance of a calibrated estimate is that of these (Deville and Särndal 1992, result 5).
    """
    if not len(weights.totals):
        return values
    persons = np.nan_to_num(places.persons)
    held = crossed(weights.responding * persons, weights.columns, len(weights.totals))
    beside = sums(weights.responding * values, weights.columns, len(weights.totals))
    slope: Floats = np.linalg.lstsq(held, beside, rcond=1e-10)[0].astype(np.float64)
    return np.asarray(values - persons * _by_row(slope, weights.columns), np.float64)


def _by_row(of_cell: Floats, columns: Codes) -> Floats:
    """The sum over dimensions of what a row's cells have."""
    total = np.zeros(columns.shape[1])
    for column in columns:
        total += np.where(column >= 0, of_cell[column], 0.0)
    return total


def variance_design(places: Places, final: Floats) -> Design:
    """The design of those who answered, for the variance: villages, strata of households within them, households.

    Villages count as drawn with unequal chances without replacement (Brewer 2002), households as drawn singly from
    their stratum, of which those who answered are the share. A village that had to be drawn is no chance: its
    households are then what was drawn first. A stratum with one village is joined with the next of its county, and one
    with a single answer with the next of its village and subject; where that does not help, the distance from what is
    expected is taken, which errs on the wide side.
    """
    used = places.answered
    cell, share = _household_cells(places)
    rows = np.arange(int(used.sum()))
    sure = places.certain[used]
    stratum = _village_strata(places)[used]
    village = places.village[used]
    first_stratum = np.where(sure, int(stratum.max(initial=0)) + 1 + cell, stratum)
    first = np.where(sure, int(village.max(initial=0)) + 1 + rows, village)
    second = np.where(sure, int(cell.max(initial=0)) + 1 + rows, cell)
    chance = np.where(sure, share, places.village_chance[used])
    fractions: Any = [None, np.ones(len(rows)), np.where(sure, 1.0, share)]
    return survey_design(
        final[used],
        strata=first_stratum,
        psu=[first, second, rows],
        fpc=fractions,
        lonely_psu="adjust",
        unequal=Unequal(chance),
    )


def _household_cells(places: Places) -> tuple[Codes, Floats]:
    """For those who answered, the stratum of households and the share of it that answered."""
    kinds = int(places.subject.max(initial=0)) + 1
    family = places.village * kinds + places.subject
    keys = np.stack([family.astype(np.float64), places.cell.astype(np.float64), places.chance])
    kept, of_row = np.unique(keys, axis=1, return_inverse=True)
    of_row = of_row.reshape(-1)
    answers, whole = counted(of_row, places.answered), counted(of_row, ~places.gone) / kept[2]
    some = (answers < whole) & (answers > 0)
    group = np.arange(len(answers))
    group[some] = len(answers) + neighbours(answers[some], kept[0][some].astype(np.int64), 2)
    joined = np.unique(group, return_inverse=True)[1]
    share = counted(joined, answers) / np.maximum(counted(joined, whole), NOBODY)
    code = joined[of_row[places.answered]]
    return code.astype(np.int64), np.minimum(share[code], 1.0)


def _village_strata(places: Places) -> Codes:
    """The strata of villages (places,), those with one village that answered joined with the next of the county."""
    drawn = places.answered & ~places.certain
    stratum, of_row = np.unique(places.stratum, return_inverse=True)
    county = np.zeros(len(stratum), np.int64)
    county[of_row] = places.county
    pairs = np.unique(np.stack([of_row[drawn], places.village[drawn]]), axis=1)
    villages = np.bincount(pairs[0], minlength=len(stratum)).astype(np.float64)
    return np.asarray(neighbours(villages, county, 2)[of_row], np.int64)


def degrees_of_freedom(places: Places, inside: Flags) -> int:
    """Villages that chance drew less their strata, of those with an answer ``inside`` (places,).

    Villages that had to be drawn add nothing; where there are no others, households less their strata count.
    """
    used = places.answered & inside
    drawn = used & ~places.certain
    if drawn.any():
        strata = _village_strata(places)
        return len(np.unique(places.village[drawn])) - len(np.unique(strata[drawn]))
    cell, _ = _household_cells(places)
    within = cell[used[places.answered]]
    return len(within) - len(np.unique(within))
