"""The people of a township and their history between the two registers, as plain columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from jingzhun.population import families
from jingzhun.population.blueprint import CLOSING, GONE, Blueprint, Path, Register
from jingzhun.population.columns import Bools, day
from jingzhun.population.identity import Range, numbers
from jingzhun.population.plan import CountyPlan
from jingzhun.population.shares import Ints, residual_sizes, share

LIVING_WITH_EVENTS = (Path.EXITED, Path.STILL_POOR, Path.EXITED_BEFORE)
RURAL_SIZES, URBAN_SIZES = (8, 22, 27, 24, 13, 5, 1), (12, 28, 36, 16, 6, 2)
RESIDENT, DEPARTED, DISSOLVED = 0, 1, 2


@dataclass(slots=True)
class Homes:
    """Households of a township. ``number`` is 0 for the unregistered; ``origin`` is the household split from, or -1."""

    place: Ints
    path: Ints
    size: Ints
    number: Ints
    origin: Ints

    def is_in(self, paths: tuple[Path, ...]) -> Bools:
        return np.isin(self.path, [int(path) for path in paths])


@dataclass(slots=True)
class Folk:
    """Everyone of a township: residents, and those who left between the registers."""

    home: Ints
    role: Ints
    female: Bools
    birth: Ints
    order: Ints
    state: Ints
    """RESIDENT, DEPARTED (left a household that goes on) or DISSOLVED (left nobody behind)."""
    moved: Ints
    """Day of joining or leaving; 0 for those who were there all the time."""
    reason: Ints
    """Index into ``JOINED`` or ``LEFT``."""
    merged: Ints
    """Number of the one-person household that was merged into this one, or 0."""
    chance: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    """A few random numbers per person that attributes of all years are read from."""
    id_number: pa.Array = None
    name: pa.Array = None

    @property
    def resident(self) -> Bools:
        return np.asarray(self.state == RESIDENT)

    @property
    def joined(self) -> Bools:
        return np.asarray((self.state == RESIDENT) & (self.moved > 0))


JOINED = ("新生儿", "婚入", "户籍迁入")
LEFT = ("死亡", "婚出", "户籍迁出")


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of each event a township has, and the first free household number for its merged households."""

    joined: int
    departed: int
    splits: int
    mergers: int
    first_merged: int


def quotas(county: CountyPlan, register: Register) -> list[Quota]:
    """Split the county's events among its townships, by households that can have them."""
    able = np.isin(register.path, [int(path) for path in LIVING_WITH_EVENTS])
    homes = county.township_of[register.place[able]]
    count = np.bincount(homes, minlength=len(county.townships)).astype(np.int64)
    truth = county.truth
    joined, left = share(truth.natural_in, count), share(max(0, truth.natural_out - truth.dissolved), count)
    splits, mergers = share(truth.splits, count), share(truth.mergers, count)
    first = len(register.number) + 1 + np.cumsum(mergers) - mergers
    return [Quota(*map(int, row)) for row in zip(joined, left, splits, mergers, first, strict=True)]


def settle(county: CountyPlan, blueprint: Blueprint, index: int, quota: Quota, span: Range) -> tuple[Homes, Folk]:
    """All households and people of township ``index``."""
    rng = county.rng("people", county.townships[index])
    homes = _homes(blueprint, np.flatnonzero(county.township_of == index), rng)
    _split(homes, quota.splits, rng)
    as_of, opening = county.plan.as_of, date(county.plan.calibration.opening_year, 12, 31)
    least = (day(as_of) - day(opening) + 1) / families.YEAR
    people = families.settle(homes.size, rng, np.where(homes.path >= Path.EXITED, least, 0.02))
    folk = _folk(people, homes, day(as_of), rng)
    _merge(folk, homes, quota, rng)
    _join(folk, homes, quota.joined, opening, as_of, rng)
    folk = _depart(folk, homes, quota.departed, opening, as_of, rng)
    guest = _birthplaces(folk, rng)
    folk.id_number = numbers(folk.birth, folk.female, guest, span, county.name)
    folk.name = _names(county, homes, folk, index, rng)
    return homes, folk


def _homes(blueprint: Blueprint, places: Ints, rng: np.random.Generator) -> Homes:
    register = blueprint.register.here(places)
    parts: list[tuple[Ints, int, Ints]] = []
    for place in places:
        parts.append((residual_sizes(int(blueprint.rural[place]), rng, RURAL_SIZES), Path.UNREGISTERED, place))
        parts.append((residual_sizes(int(blueprint.urban[place]), rng, URBAN_SIZES), Path.URBAN, place))
    size = np.concatenate([register.size, *(drawn for drawn, _, _ in parts)])
    place = np.concatenate([register.place, *(np.full(len(drawn), where, np.int64) for drawn, _, where in parts)])
    path = np.concatenate([register.path, *(np.full(len(drawn), kind, np.int64) for drawn, kind, _ in parts)])
    number = np.concatenate([register.number, np.zeros(len(size) - len(register.size), np.int64)])
    return Homes(place, path, size, number, np.full(len(size), -1, np.int64))


def _split(homes: Homes, wanted: int, rng: np.random.Generator) -> None:
    """Let some households be split off from the household before them, of the same village and history."""
    same = (homes.place[1:] == homes.place[:-1]) & (homes.path[1:] == homes.path[:-1])
    able = np.isin(homes.path[1:], [Path.EXITED_BEFORE, Path.STILL_POOR]) & same & (homes.number[1:] % 2 == 0)
    chosen = np.sort(rng.permutation(np.flatnonzero(able) + 1)[:wanted])
    homes.origin[chosen] = chosen - 1


def _folk(people: families.People, homes: Homes, today: int, rng: np.random.Generator) -> Folk:
    n = len(people.household)
    gone = homes.is_in(GONE)[people.household]
    zeros = np.zeros(n, np.int64)
    birth = today - np.ceil(people.age * families.YEAR).astype(np.int64)
    state = np.where(gone, DISSOLVED, RESIDENT)
    chance = rng.random((n, 4))
    return Folk(
        people.household,
        people.role,
        people.female,
        birth,
        people.order,
        state,
        zeros,
        zeros.copy(),
        zeros.copy(),
        chance,
    )


def _steady(homes: Homes) -> Bools:
    """Households that may have natural changes: not split off, and nobody split off from them."""
    split = homes.origin >= 0
    left = np.zeros(len(split), bool)
    left[homes.origin[split]] = True
    return homes.is_in(LIVING_WITH_EVENTS) & ~split & ~left


def _merge(folk: Folk, homes: Homes, quota: Quota, rng: np.random.Generator) -> None:
    """Old people who had a household of their own in the opening register and then joined their child's."""
    able = np.isin(folk.role, [families.FATHER, families.MOTHER]) & _steady(homes)[folk.home]
    able &= np.isin(homes.path[folk.home], [Path.EXITED_BEFORE, Path.STILL_POOR])
    candidates = np.flatnonzero(able)
    _, once = np.unique(folk.home[candidates], return_index=True)
    chosen = np.sort(rng.permutation(candidates[once])[: quota.mergers])
    folk.merged[chosen] = quota.first_merged + np.arange(len(chosen))


def _join(folk: Folk, homes: Homes, wanted: int, opening: date, as_of: date, rng: np.random.Generator) -> None:
    """Natural increase: children born and wives married in after the opening register."""
    age = (day(as_of) - folk.birth) / families.YEAR
    free = _steady(homes)[folk.home] & (folk.merged == 0)
    children = np.isin(folk.role, [families.SON, families.DAUGHTER, families.GRANDSON, families.GRANDDAUGHTER])
    wives = np.isin(folk.role, [families.SON_WIFE, families.SPOUSE]) & folk.female
    young, married = free & children & (age < 7), free & wives & (age < 38)
    older = free & (children | wives) & ~young & ~married
    ranked = np.concatenate([rng.permutation(np.flatnonzero(young | married)), rng.permutation(np.flatnonzero(older))])
    chosen = ranked[:wanted]
    on = rng.integers(day(opening) + 5, day(as_of) - 10, len(chosen))
    folk.moved[chosen] = on
    folk.reason[chosen] = np.where(young[chosen], 0, np.where(wives[chosen], 1, 2))
    born = chosen[young[chosen]]
    folk.birth[born] = folk.moved[born] - rng.integers(1, 5, len(born))


def _depart(folk: Folk, homes: Homes, wanted: int, opening: date, as_of: date, rng: np.random.Generator) -> Folk:
    """Natural decrease: add people who were in the opening register and left before the closing one."""
    gone = folk.state == DISSOLVED
    folk.moved[gone] = rng.integers(day(opening) + 5, day(as_of) - 10, int(gone.sum()))
    folk.birth[gone] = day(as_of) - rng.integers(int(66 * families.YEAR), int(92 * families.YEAR), int(gone.sum()))
    chosen = np.sort(rng.permutation(np.flatnonzero(_steady(homes)))[:wanted])
    n = len(chosen)
    if n == 0:
        return folk
    head = np.searchsorted(folk.home, chosen)
    age = (day(as_of) - folk.birth[head]) / families.YEAR
    mother, father = _has(folk, homes, families.MOTHER)[chosen], _has(folk, homes, families.FATHER)[chosen]
    old = (age < 64) & ~(mother & father)
    is_mother = old & ~mother & (father | (rng.random(n) < 0.5))
    female = is_mother | ~old
    role = np.where(old, np.where(is_mother, families.MOTHER, families.FATHER), families.DAUGHTER)
    years = np.where(old, np.minimum(age + 21 + rng.random(n) * 7, 99), np.maximum(age - 26 - rng.random(n) * 6, 3))
    on = rng.integers(day(opening) + 5, day(as_of) - 10, n)
    reason = np.where(old, 0, np.where(years > 20, 1, 2))
    zeros = np.zeros(n, np.int64)
    birth = day(as_of) - np.ceil(years * families.YEAR).astype(np.int64)
    return Folk(
        np.r_[folk.home, chosen],
        np.r_[folk.role, role],
        np.r_[folk.female, female],
        np.r_[folk.birth, birth],
        np.r_[folk.order, homes.size[chosen]],
        np.r_[folk.state, np.full(n, DEPARTED)],
        np.r_[folk.moved, on],
        np.r_[folk.reason, reason],
        np.r_[folk.merged, zeros],
        np.r_[folk.chance, rng.random((n, 4))],
    )


def _has(folk: Folk, homes: Homes, role: int) -> Bools:
    found = np.zeros(len(homes.size), bool)
    found[folk.home[folk.role == role]] = True
    return found


def _birthplaces(folk: Folk, rng: np.random.Generator) -> Ints:
    """Index of a foreign birthplace, or -1: one wife in six married in, one person in forty moved in."""
    wife = folk.female & np.isin(folk.role, [families.SPOUSE, families.SON_WIFE, families.MOTHER])
    foreign = rng.random(len(folk.home)) < np.where(wife, 0.17, 0.025)
    return np.where(foreign, rng.integers(0, 1 << 30, len(folk.home)), -1)


def _names(county: CountyPlan, homes: Homes, folk: Folk, index: int, rng: np.random.Generator) -> pa.Array:
    names = county.plan.names
    own = names.village_surnames(county.rng("surnames"), len(county.places))
    family = names.family(rng, own[homes.place])
    surname = family[folk.home]
    wed_in = np.isin(folk.role, [families.SPOUSE, families.SON_WIFE, families.MOTHER])
    surname[wed_in] = names.any_surname(rng, int(wed_in.sum()))
    young = folk.birth > day(date(county.plan.as_of.year - 38, 1, 1))
    return names.full(rng, surname, folk.female, young)


def closing(homes: Homes) -> Bools:
    """Households of the closing register."""
    return homes.is_in(CLOSING)
