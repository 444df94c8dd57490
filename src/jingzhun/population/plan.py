"""The plan of a run: which places, how many of everything in each. Totals are decided here, before any row is made.

Everything depends on the pack, the seed and the scale only, never on the region asked for: a county made alone is the
same county as within the whole area.
"""

from __future__ import annotations

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
    """The pack has no population for the place asked for."""

    def __init__(self, region: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"标定数据中没有区划 {region}；可用：{'、'.join(known)}。 "
            f"the calibration knows no division {region}; it has {', '.join(known)}."
        )


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
