"""An invented prefecture of households whose answers are known, and evaluations drawn from it.

Wrong exits and omissions come in clusters: a village has a share of its own. Villages that were not on the list of poor
ones, and remote ones, have more of them, and their people answer less often; so a sample that asks poor villages more
often than others does not speak for all of them by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from jingzhun.evaluation.rates import EXITED, OUTSIDE, POOR, Answers, Known
from jingzhun.evaluation.weights import Margins, Places

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

COUNTIES, VILLAGES = 13, 190
YEARS = 5
DRAWN = (10, 9, 6, 4)
"""Villages drawn in a county: poor near and remote, other near and remote; 29, as in the checks of 2018."""
ASKED = {EXITED: 23, POOR: 4, OUTSIDE: 14}
"""Households asked in a village: 675 exited and 400 outside in a county."""
WRONG, OMITTED, MISPLACED, APPROVING = 0.012, 0.005, 0.02, 0.94
"""Shares of households in the mean over villages."""
LIKENESS = 0.06
"""Correlation of two households of one village, as to wrong exits and omissions."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Households sorted by village and subject, villages by county and stratum."""

    village: Codes
    subject: Codes
    persons: Floats
    year: Codes
    wrong: Floats
    omitted: Floats
    misplaced: Floats
    approves: Floats
    village_county: Codes
    village_stratum: Codes
    village_size: Floats

    @property
    def county(self) -> Codes:
        return self.village_county[self.village]

    @property
    def poor_village(self) -> Flags:
        return (self.village_stratum % len(DRAWN) < 2)[self.village]


def frame(seed: int) -> Frame:
    """About 470,000 households in 2,470 villages; the same seed gives the same."""
    draw = np.random.default_rng(seed)
    count = COUNTIES * VILLAGES
    county = np.repeat(np.arange(COUNTIES), VILLAGES)
    stratum = county * len(DRAWN) + draw.choice(len(DRAWN), count, p=[0.2, 0.15, 0.4, 0.25])
    order = np.lexsort((stratum, county))
    county, stratum = county[order], stratum[order]
    worse = 1.0 + 0.5 * (stratum % 2) + 0.6 * (stratum % len(DRAWN) >= 2)
    worse = worse / worse.mean() * draw.gamma(8, 1 / 8, COUNTIES)[county]
    size = np.maximum(draw.lognormal(5.1, 0.45, count), 25)
    poor_village = stratum % len(DRAWN) < 2
    shares = np.where(poor_village[:, None], [0.30, 0.05, 0.65], [0.12, 0.02, 0.86])
    households = np.maximum(draw.poisson(size[:, None] * shares), 1)
    village = np.repeat(np.arange(count), households.sum(axis=1))
    subject = np.repeat(np.tile([EXITED, POOR, OUTSIDE], count), households.ravel())
    rows = len(village)
    persons = 1.0 + draw.binomial(6, np.where(subject == OUTSIDE, 0.40, 0.28), rows)

    def clustered(mean: Floats) -> Flags:
        """Households of whom it is true, with a share of its own in every village (a beta-binomial)."""
        precision = 1 / LIKENESS - 1
        share = draw.beta(np.minimum(mean, 0.5) * precision, (1 - np.minimum(mean, 0.5)) * precision)
        return np.asarray(draw.random(rows) < share[village], np.bool_)

    approval = draw.beta(APPROVING * 30, (1 - APPROVING) * 30, count) - 0.02 * (worse - 1)
    return Frame(
        village,
        subject,
        persons,
        np.where(subject == EXITED, draw.choice(YEARS, rows, p=[0.1, 0.15, 0.2, 0.25, 0.3]), -1),
        np.where((subject == EXITED) & clustered(WRONG * worse), persons, 0.0),
        np.where((subject == OUTSIDE) & clustered(OMITTED * worse), persons, 0.0),
        np.where((subject == POOR) & clustered(np.full(count, MISPLACED)), persons, 0.0),
        (draw.random(rows) < np.clip(approval, 0, 1)[village]).astype(np.float64),
        county,
        stratum,
        households.sum(axis=1).astype(np.float64),
    )


def in_county(whole: Frame, county: int) -> Frame:
    """One county of the frame, its villages numbered anew."""
    villages = np.flatnonzero(whole.village_county == county)
    rows = whole.county == county
    parts = {
        name: getattr(whole, name)[rows]
        for name in ("subject", "persons", "year", "wrong", "omitted", "misplaced", "approves")
    }
    return replace(
        whole,
        **parts,
        village=whole.village[rows] - villages[0],
        village_county=np.zeros(len(villages), np.int64),
        village_stratum=whole.village_stratum[villages] - county * len(DRAWN),
        village_size=whole.village_size[villages],
    )


def truth(of: Frame) -> dict[str, float]:
    """The rates of everybody."""
    people = {kind: float(of.persons[of.subject == kind].sum()) for kind in (EXITED, POOR, OUTSIDE)}
    wrong, omitted, misplaced = float(of.wrong.sum()), float(of.omitted.sum()), float(of.misplaced.sum())
    return {
        "wrong_exit": wrong / people[EXITED],
        "omission": omitted / people[OUTSIDE],
        "approval": float(of.approves.mean()),
        "composite": (people[POOR] + wrong + omitted) / sum(people.values()),
        "inclusion_error": misplaced / people[POOR],
        "exclusion_error": (wrong + omitted) / (wrong + omitted + people[POOR] - misplaced),
    }


def evaluation(of: Frame, draw: np.random.Generator) -> tuple[Places, Answers, Margins, Known]:
    """One evaluation: villages by size, households singly, and some of them not at home."""
    chance = np.zeros(len(of.village_size))
    for stratum in np.unique(of.village_stratum):
        inside = np.flatnonzero(of.village_stratum == stratum)
        chance[inside] = _chances(of.village_size[inside], DRAWN[stratum % len(DRAWN)])
    drawn = np.zeros(len(chance), np.bool_)
    for stratum in np.unique(of.village_stratum):
        inside = draw.permutation(np.flatnonzero(of.village_stratum == stratum))
        steps = np.concatenate([[0.0], np.cumsum(chance[inside])]) - draw.random()
        drawn[inside] = np.diff(np.ceil(steps)) > 0
    rows, within = _households(of, drawn, draw)
    village, subject = of.village[rows], of.subject[rows]
    stratum = of.village_stratum[village]
    likely = 0.93 - 0.05 * (stratum % len(DRAWN) >= 2) - 0.06 * (subject == OUTSIDE) - 0.02 * (of.persons[rows] < 2)
    places = Places(
        village=village,
        county=of.village_county[village],
        stratum=stratum,
        certain=chance[village] >= 1,
        village_chance=chance[village],
        subject=subject,
        cell=np.zeros(len(rows), np.int64),
        chance=within,
        answered=draw.random(len(rows)) < likely,
        gone=np.zeros(len(rows), np.bool_),
        persons=of.persons[rows],
    )
    none = np.zeros(len(rows))
    answers = Answers(of.wrong[rows], of.omitted[rows], of.misplaced[rows], none, none, of.approves[rows])
    people = {kind: float(of.persons[of.subject == kind].sum()) for kind in (EXITED, POOR, OUTSIDE)}
    asked = float(of.persons[(of.subject == OUTSIDE) & drawn[of.village]].sum())
    known = Known(people[EXITED], people[POOR], people[OUTSIDE], sum(people.values()), asked)
    return places, answers, _margins(of, rows), known


def _chances(size: Floats, drawn: int) -> Floats:
    """Chances in proportion to size, of which none is above 1."""
    if drawn >= len(size):
        return np.ones(len(size))
    chance = np.zeros(len(size))
    sure = np.zeros(len(size), np.bool_)
    while True:
        chance = np.where(sure, 1.0, (drawn - sure.sum()) * size / size[~sure].sum())
        if not (chance > 1).any():
            return chance
        sure |= chance >= 1


def _households(of: Frame, drawn: Flags, draw: np.random.Generator) -> tuple[Codes, Floats]:
    """Households of the villages drawn, singly by subject, and the chance that each had there."""
    there = np.flatnonzero(drawn[of.village])
    group = of.village[there] * 3 + of.subject[there]
    order = np.lexsort((draw.random(len(there)), group))
    sizes = np.bincount(group[order])
    begins = np.concatenate([[0], np.cumsum(sizes)])[group[order]]
    wanted = np.array([ASKED[EXITED], ASKED[POOR], ASKED[OUTSIDE]])[group[order] % 3]
    taken = np.arange(len(order)) - begins < wanted
    chance = np.minimum(wanted / sizes[group[order]], 1.0)
    return there[order[taken]], chance[taken]


def _margins(of: Frame, rows: Codes) -> Margins:
    """Exited persons by year, and everybody by subject and kind of village, in each county."""
    by_year = np.where(of.year >= 0, of.county * YEARS + of.year, -1)
    kinds = (of.county * 3 + of.subject) * 2 + of.poor_village
    first = COUNTIES * YEARS
    columns = np.stack([by_year, first + kinds])
    totals = np.zeros(first + COUNTIES * 6)
    for column in columns:
        held = column >= 0
        totals += np.bincount(column[held], of.persons[held], len(totals))
    family = np.concatenate([np.repeat(np.arange(COUNTIES), YEARS), COUNTIES + np.repeat(np.arange(COUNTIES * 3), 2)])
    return Margins(columns[:, rows], totals, family)
