"""The register of a county before it has people: every household's history, size and village.

Stocks and flows. A household is in the opening register (end of the opening year), in the closing one (the data year),
or both, and its events lie between them:

* register stock = opening + 新识别 + 自然增加 − 自然减少 − 清退, households also + 拆户 − 并户 − 销户;
* poor stock = opening + 新识别 + 返贫 − 脱贫, and 自然增加, 自然减少, 清退, 拆户, 并户, 销户 of households that stood
  under 贫困 on the day (the event's ``stock``).

Persons are counted by events with a person number, households by events marked as the household's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jingzhun.population.plan import CountyPlan
from jingzhun.population.shares import Floats, Ints, sizes, spread


class Path(IntEnum):
    """What happened to a household between the two registers."""

    UNREGISTERED = 0
    URBAN = 1
    EXITED = 2
    """Poor, then exited within the period."""
    STILL_POOR = 3
    EXITED_BEFORE = 4
    FELL_BACK = 5
    NEW_EXITED = 6
    """Identified in the first year, exited in the last."""
    NEW_POOR = 7
    CLEARED_POOR = 8
    CLEARED_EXITED = 9
    DISSOLVED_POOR = 10
    DISSOLVED_EXITED = 11


CLOSING = (Path.EXITED, Path.STILL_POOR, Path.EXITED_BEFORE, Path.FELL_BACK, Path.NEW_EXITED, Path.NEW_POOR)
OPENING_POOR = (Path.EXITED, Path.STILL_POOR, Path.CLEARED_POOR, Path.DISSOLVED_POOR)
OPENING_EXITED = (Path.EXITED_BEFORE, Path.FELL_BACK, Path.CLEARED_EXITED, Path.DISSOLVED_EXITED)
POOR_AT_END = (Path.STILL_POOR, Path.FELL_BACK, Path.NEW_POOR)
GONE = (Path.DISSOLVED_POOR, Path.DISSOLVED_EXITED)
SMALL = 0.7
"""Exited villages this small beside the median have nobody poor left: one household would be above the threshold."""
NEW_EXITED_SHARE, CLEARED_POOR_SHARE, DISSOLVED_POOR_SHARE = 0.6, 0.28, 0.35


@dataclass(frozen=True, slots=True)
class Register:
    """One row per household ever registered, ordered by place. ``number`` is its place in the county's list."""

    place: Ints
    path: Ints
    size: Ints
    number: Ints

    def here(self, places: Ints) -> Register:
        mask = np.isin(self.place, places)
        return Register(self.place[mask], self.path[mask], self.size[mask], self.number[mask])


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The county's register, and how many others live in each place."""

    register: Register
    rural: Ints
    """Rural persons of unregistered households, per place (those of cleared households not included)."""
    urban: Ints

    def people(self, county: CountyPlan) -> Ints:
        """People of each township."""
        registered = np.bincount(self.register.place, self.register.size, len(county.places))
        everyone = registered + self.rural + self.urban
        return np.bincount(county.township_of, everyone, len(county.townships)).astype(np.int64)


def draw(county: CountyPlan) -> Blueprint:
    """Lay out the register and the rest of the population of a county."""
    rng = county.rng("register")
    parts = [(path, drawn) for path, drawn in _by_path(county, rng)]
    path = np.concatenate([np.full(len(drawn), kind, np.int64) for kind, drawn in parts])
    size = np.concatenate([drawn for _, drawn in parts])
    place = np.concatenate([_place(county, kind, drawn, rng) for kind, drawn in parts])
    order = np.argsort(place, kind="stable")
    register = Register(place[order], path[order], size[order], np.arange(1, len(order) + 1))
    living = ~np.isin(register.path, GONE)
    taken = np.bincount(register.place[living], register.size[living], len(county.places)).astype(np.int64)
    return Blueprint(register, _others(county, taken), _urban(county))


def _by_path(county: CountyPlan, rng: np.random.Generator) -> list[tuple[Path, Ints]]:
    truth = county.truth
    new = sizes(truth.new.households, truth.new.persons, rng)
    left = round(len(new) * NEW_EXITED_SHARE)
    back = sizes(truth.fell_back.households, truth.fell_back.persons, rng)
    new_poor = new[left:]
    poor_households = max(0, truth.poor.households - len(back) - len(new_poor))
    poor_persons = truth.poor.persons - int(back.sum()) - int(new_poor.sum())
    poor = _fit(poor_households, poor_persons, rng)
    exited = sizes(truth.exited.households, truth.exited.persons, rng)
    before = _fit(
        truth.register_.households - truth.exited.households - len(poor) - len(back) - len(new),
        truth.register_.persons - truth.exited.persons - int(poor.sum()) - int(back.sum()) - int(new.sum()),
        rng,
    )
    cleared = sizes(truth.cleared.households, truth.cleared.persons, rng)
    cut = round(len(cleared) * CLEARED_POOR_SHARE)
    gone = np.ones(truth.dissolved, np.int64)
    cut_gone = round(len(gone) * DISSOLVED_POOR_SHARE)
    return [
        (Path.EXITED, exited),
        (Path.STILL_POOR, poor),
        (Path.EXITED_BEFORE, before),
        (Path.FELL_BACK, back),
        (Path.NEW_EXITED, new[:left]),
        (Path.NEW_POOR, new_poor),
        (Path.CLEARED_POOR, cleared[:cut]),
        (Path.CLEARED_EXITED, cleared[cut:]),
        (Path.DISSOLVED_POOR, gone[:cut_gone]),
        (Path.DISSOLVED_EXITED, gone[cut_gone:]),
    ]


def _fit(households: int, persons: int, rng: np.random.Generator) -> Ints:
    """Sizes for ``persons``; on tiny scales the number of households gives way, never the number of persons."""
    persons = max(0, persons)
    return sizes(min(max(households, -(-persons // 8)), persons), persons, rng)


def _place(county: CountyPlan, path: Path, drawn: Ints, rng: np.random.Generator) -> Ints:
    weights = _poor_weights(county) if path in POOR_AT_END else _village_weights(county)
    chosen = county.is_village[spread(len(drawn), weights, rng)]
    return rng.permutation(chosen)


def _village_weights(county: CountyPlan) -> Floats:
    """Registered households are twice as frequent in poor villages."""
    poor, _, _ = county.village_attributes
    return county.weight[county.is_village] * np.where(np.isin(county.is_village, poor), 2.0, 1.0)


def _poor_weights(county: CountyPlan) -> Floats:
    """Those still poor live mostly in villages that have not exited, so that the others are below the threshold."""
    _, _, staying = county.village_attributes
    stays = np.isin(county.is_village, staying)
    if not stays.any() or stays.all():
        return county.weight[county.is_village]
    plain = county.weight[county.is_village] / county.weight[county.is_village].sum()
    plain[~stays & (plain < SMALL * np.median(plain))] = 0.0
    left = plain[~stays].sum()
    most = county.plan.calibration.shape.poor_in_exited_villages
    wanted = min(left, most * county.truth.rural * left / max(1, county.truth.poor.persons))
    return np.asarray(np.where(stays, plain / plain[stays].sum() * (1 - wanted), plain / left * wanted), float)


def _others(county: CountyPlan, taken: Ints) -> Ints:
    """Unregistered rural persons per place: what is missing to the county's rural population."""
    weights = np.zeros(len(county.places))
    weights[county.is_village] = county.weight[county.is_village]
    return _split(max(0, county.truth.rural - int(taken.sum())), weights)


def _urban(county: CountyPlan) -> Ints:
    """Non-agricultural persons: two thirds in communities where there are any."""
    village = np.zeros(len(county.places), bool)
    village[county.is_village] = True
    weights = county.weight / county.weight[village].sum()
    if not village.all():
        weights = np.where(village, weights * 0.34, county.weight / county.weight[~village].sum() * 0.66)
    return _split(county.truth.residents - county.truth.rural, weights)


def _split(total: int, weights: Floats) -> Ints:
    exact = np.floor(np.cumsum(weights) / weights.sum() * total + 0.5).astype(np.int64)
    return np.asarray(np.diff(np.r_[0, exact]), np.int64)
