"""What programmes draw on: the county's registered households and a sample of its registered people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from jingzhun.population.blueprint import POOR_AT_END
from jingzhun.population.columns import Bools, numbered, pick
from jingzhun.population.plan import CountyPlan
from jingzhun.population.register_rows import Scene, person_codes
from jingzhun.population.shares import Ints
from jingzhun.population.township import closing

SAMPLE = 12_000
"""Registered people kept of each township, enough for every programme that names people."""


@dataclass(frozen=True, slots=True)
class Households:
    """Columns of some registered households."""

    code: pa.Array
    region: pa.Array
    head: pa.Array
    size: Ints
    poor: Bools

    def __len__(self) -> int:
        return len(self.size)

    def take(self, index: Ints) -> Households:
        at = pa.array(index)
        parts = (self.code.take(at), self.region.take(at), self.head.take(at))
        return Households(*parts, self.size[index], self.poor[index])

    @classmethod
    def joined(cls, parts: Sequence[Households]) -> Households:
        return cls(
            pa.concat_arrays([part.code for part in parts]),
            pa.concat_arrays([part.region for part in parts]),
            pa.concat_arrays([part.head for part in parts]),
            np.concatenate([part.size for part in parts]),
            np.concatenate([part.poor for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """Columns of some registered people."""

    id_number: pa.Array
    name: pa.Array
    household: pa.Array
    person: pa.Array
    region: pa.Array
    female: Bools
    age: Ints
    ill: Ints

    @classmethod
    def joined(cls, parts: Sequence[Sample]) -> Sample:
        def text(name: str) -> pa.Array:
            return pa.concat_arrays([getattr(part, name) for part in parts])

        return cls(
            text("id_number"),
            text("name"),
            text("household"),
            text("person"),
            text("region"),
            np.concatenate([part.female for part in parts]),
            np.concatenate([part.age for part in parts]),
            np.concatenate([part.ill for part in parts]),
        )

    def take(self, index: Ints) -> Sample:
        at = pa.array(index)
        return Sample(
            self.id_number.take(at),
            self.name.take(at),
            self.household.take(at),
            self.person.take(at),
            self.region.take(at),
            self.female[index],
            self.age[index],
            self.ill[index],
        )


def gather(scene: Scene) -> tuple[Households, Sample]:
    """The township's part of the pool."""
    homes, folk = scene.homes, scene.folk
    here = np.flatnonzero(closing(homes))
    households = Households(
        scene.codes.take(pa.array(here)),
        scene.region(here),
        folk.name.take(pa.array(scene.head[here])),
        homes.size[here],
        np.isin(homes.path[here], POOR_AT_END),
    )
    able = np.flatnonzero(folk.resident & closing(homes)[folk.home])
    some = np.sort(scene.rng("sample").permutation(able)[:SAMPLE])
    at = pa.array(some)
    return households, Sample(
        folk.id_number.take(at),
        folk.name.take(at),
        scene.codes.take(pa.array(folk.home[some])),
        person_codes(scene, some),
        scene.region(folk.home[some]),
        folk.female[some],
        scene.now.age[some],
        scene.now.health[some],
    )


@dataclass(frozen=True)
class Ground:
    """A county with its people in place, ready for programmes."""

    county: CountyPlan
    households: Households
    people: Sample

    @property
    def year(self) -> int:
        return self.county.plan.as_of.year

    @property
    def code(self) -> str:
        return self.county.code

    def rng(self, purpose: str) -> np.random.Generator:
        return self.county.rng(purpose)

    def date(self, month: int, number: int, years: int = 0) -> date:
        return date(self.year + years, month, number)

    @cached_property
    def villages(self) -> pa.Array:
        return pa.array(self.county.places).take(pa.array(self.county.is_village))

    @cached_property
    def poor_villages(self) -> pa.Array:
        return pa.array(self.county.places).take(pa.array(self.county.village_attributes[0]))

    def any_village(self, rng: np.random.Generator, count: int) -> pa.Array:
        return self.villages.take(pa.array(rng.integers(0, len(self.villages), count)))

    def any_township(self, rng: np.random.Generator, count: int) -> pa.Array:
        return pick(self.county.townships, rng.integers(0, len(self.county.townships), count))

    def no(self, kind: str, count: int, width: int = 6) -> pa.Array:
        """Numbers of rows: county, two letters for the kind, then a count."""
        return numbered(self.code[:6] + kind, np.arange(1, count + 1), width)

    def names(self, rng: np.random.Generator, count: int) -> pa.Array:
        """Names of people who are not on the register: cadres, helpers, members of teams."""
        names = self.county.plan.names
        return names.full(rng, names.any_surname(rng, count), rng.random(count) < 0.28, np.zeros(count, bool))

    def some_households(self, purpose: str, count: int) -> Households:
        """``count`` different households. Where a reduced register has too few, numbers beyond it are used."""
        rng, known = self.rng(purpose), len(self.households)
        order = rng.permutation(known)[:count]
        if count <= known:
            return self.households.take(order)
        more = count - known
        beyond = Households(
            numbered(self.code[:6], 50_000_000 + np.arange(more), 8),
            self.any_village(rng, more),
            self.names(rng, more),
            np.full(more, 3, np.int64),
            np.zeros(more, bool),
        )
        return Households.joined([self.households.take(order), beyond])

    def some_people(self, purpose: str, count: int, fit: Bools | None = None) -> Sample:
        """``count`` people, those who fit first; people return where there are too few."""
        rng, known = self.rng(purpose), len(self.people.age)
        fits = np.ones(known, bool) if fit is None else fit
        first, rest = np.flatnonzero(fits), np.flatnonzero(~fits)
        order = np.concatenate([rng.permutation(first), rng.permutation(rest)])
        return self.people.take(np.resize(order, count))
