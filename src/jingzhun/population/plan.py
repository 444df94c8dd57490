"""The plan of a run: which places, how many of everything in each. Totals are decided here, before any row is made.

Everything depends on the pack, the seed and the scale only, never on the region asked for: a county made alone is the
same county as within the whole area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from jingzhun.model.labels import VILLAGE_KIND
from jingzhun.policy import DivisionTree, Pack
from jingzhun.population.calibration import Calibration, Count, County
from jingzhun.population.identity import Range, number_parts, number_range
from jingzhun.population.names import Names
from jingzhun.population.seeding import stream
from jingzhun.population.shares import Floats, Ints, share

FEWEST_OF_A_COUNTY, MOST_PERSONS = 10, 1_000_000_000
"""Residents: with fewer in a county there is no household of every kind; nobody has use for more in all."""


@dataclass(frozen=True)
class CountyPlan:
    """A county's places and its truth, scaled."""

    plan: Plan
    code: str
    truth: County
    townships: tuple[str, ...]
    places: tuple[str, ...]
    """Every division of the lowest level, by township."""
    township_of: Ints
    is_village: Ints
    """Indices (into ``places``) of the administrative villages."""

    @property
    def name(self) -> str:
        return self.plan.tree.get(self.code).name

    def rng(self, *names: str | int) -> np.random.Generator:
        return stream(self.plan.seed, self.code, *names)

    def number(self, total: str) -> int:
        """This county's share of a programme total of the whole area."""
        return self.plan.county_share(total)[self.code]

    @cached_property
    def weight(self) -> Floats:
        """Relative size of each place."""
        return np.exp(self.rng("weights").normal(0.0, 0.42, len(self.places)))

    @cached_property
    def village_attributes(self) -> tuple[Ints, Ints, Ints]:
        """Indices into ``places``: poor villages, the deeply poor among them, those among them not yet exited."""
        order = self.rng("poor villages").permutation(self.is_village)
        poor = order[: self.truth.poor_villages]
        staying = self.truth.poor_villages - self.truth.exited_villages
        deep = poor[: self.truth.deep_villages]
        remaining = np.concatenate([deep, poor[self.truth.deep_villages :]])[:staying]
        return np.sort(poor), np.sort(deep), np.sort(remaining)

    def ranges(self, people: Ints) -> list[Range]:
        """Number range of each township, the wider the more ``people`` it has."""
        identity, counties = self.plan.calibration.identity, list(self.plan.counties.values())
        place = [county.code for county in counties].index(self.code)
        own = (self.code[:6], *identity.overflow[place :: len(counties)])
        before = sum(len(county.townships) for county in counties[:place])
        total = sum(len(county.townships) for county in counties)
        guests = tuple(code for code in identity.guests if code != self.code[:6])
        parts = number_parts(people)
        return [number_range(own, guests, part, (before + index, total)) for index, part in enumerate(parts)]


@dataclass(frozen=True)
class Plan:
    """What a run makes, for every county of the pack's area."""

    pack: Pack
    calibration: Calibration
    names: Names
    as_of: date
    seed: int
    scale: float
    counties: dict[str, CountyPlan] = field(default_factory=dict)

    @cached_property
    def tree(self) -> DivisionTree:
        return self.pack.divisions.on(self.as_of)

    @property
    def region(self) -> str:
        return self.pack.meta.root_region

    def county_share(self, total: str) -> dict[str, int]:
        """A programme total split among the counties, by its own weights or by registered households."""
        return self.split(total)

    def split(self, total: str, less: int = 0, by: dict[str, int] | None = None) -> dict[str, int]:
        """``county_share`` of a total from which ``less`` is already given out, in proportion to ``by`` if given."""
        given = by or self.calibration.programme.weights.get(total)
        weights = [
            (float(given.get(code, 0.0)) if given else float(truth.register_.households))
            for code, truth in self.calibration.counties.items()
        ]
        parts = share(self.total(total) - less, weights)
        return dict(zip(self.calibration.counties, map(int, parts), strict=True))

    def total(self, name: str) -> int:
        return round(self.calibration.programme.totals[name])


class UnknownPlace(ValueError):
    """The pack has no population for the place asked for; ``known`` are those it has, each with its name."""

    def __init__(self, region: str, name: str, known: Mapping[str, str]) -> None:
        listed = [f"{code} {one}".rstrip() for code, one in known.items()]
        self.zh = (
            f"不能单独生成 {f'{region} {name}'.rstrip()}：合成人口按全市或一个县生成，可用 {'、'.join(listed)}；"
            "要其中的乡或村，请生成它所在的县。"
        )
        self.en = (
            f"nobody can be invented for {region} alone: name the whole area or one of its counties "
            f"({', '.join(known)}); a township or village comes with its county."
        )
        super().__init__(f"{self.zh} {self.en}")


class WrongSize(ValueError):
    """So many people cannot be invented: too few for a household of every kind, or more than makes sense."""

    def __init__(self, persons: int, place: str, least: int) -> None:
        self.zh = (
            f"{place}不能生成 {persons:,} 人：至少 {least:,} 人，每个县才各有十人、各种户都有；"
            f"至多 {MOST_PERSONS:,} 人。请改写人口数。"
        )
        self.en = (
            f"{persons:,} people cannot be invented for {place}: at least {least:,}, so that every county has ten and "
            f"every kind of household, and at most {MOST_PERSONS:,}. Name another number."
        )
        super().__init__(f"{self.zh} {self.en}")


def scale_of(calibration: Calibration, region: str, place: str, persons: int | None) -> float:
    """What residents and register are multiplied by. Raises ``WrongSize``; ``region`` is a county, or else the area."""
    if persons is None:
        return 1.0
    made = [calibration.counties[region]] if region in calibration.counties else list(calibration.counties.values())
    whole = sum(county.residents for county in made)
    least = -(-FEWEST_OF_A_COUNTY * whole // min(county.residents for county in made))
    if not least <= persons <= MOST_PERSONS:
        raise WrongSize(persons, place, least)
    return persons / whole


def make_plan(pack: Pack, calibration: Calibration, names: Names, as_of: date, seed: int, scale: float) -> Plan:
    """Lay out every county of the calibration; ``scale`` multiplies residents and register."""
    plan = Plan(pack, calibration, names, as_of, seed, scale)
    for code, truth in calibration.counties.items():
        plan.counties[code] = _county(plan, code, _scaled(truth, scale))
    return plan


def _county(plan: Plan, code: str, truth: County) -> CountyPlan:
    tree = plan.tree
    townships = tuple(child for child in tree.children(code) if tree.under(child, 5))
    places = [(index, place) for index, township in enumerate(townships) for place in tree.under(township, 5)]
    kinds = [tree.get(place).kind == VILLAGE_KIND for _, place in places]
    return CountyPlan(
        plan,
        code,
        truth,
        townships,
        tuple(place for _, place in places),
        np.array([index for index, _ in places], np.int64),
        np.flatnonzero(kinds),
    )


def _scaled(truth: County, scale: float) -> County:
    """Counts of people times ``scale``; villages, rates and programme numbers stay."""
    if scale == 1:
        return truth

    def count(number: Count) -> Count:
        households = max(1, round(number.households * scale))
        return Count(households=households, persons=max(households, round(number.persons * scale)))

    def whole(number: int) -> int:
        return round(number * scale)

    pairs = ("register_", "poor", "exited", "new", "fell_back", "cleared")
    numbers = ("residents", "rural", "natural_in", "natural_out", "splits", "mergers", "dissolved", "problems")
    changes = {name: count(getattr(truth, name)) for name in pairs}
    return truth.model_copy(update=changes | {name: whole(getattr(truth, name)) for name in numbers})
