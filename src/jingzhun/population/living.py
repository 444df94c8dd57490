"""Living conditions, guarantees, insurance and the village sheet of a township."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from jingzhun.model.labels import MEDICAL, PENSION
from jingzhun.population.attributes import RETIREMENT_AGE
from jingzhun.population.blueprint import CLOSING, POOR_AT_END, Path
from jingzhun.population.columns import Bools, between, draw, maybe, pick, rows
from jingzhun.population.places import village_points
from jingzhun.population.register_rows import SCHEMES, Scene, dangerous_house, unsafe_water
from jingzhun.population.shares import Floats, Ints
from jingzhun.population.township import closing

ROADS = ("泥土路", "砂石路", "水泥路", "沥青路")


@dataclass(frozen=True, slots=True)
class Land:
    """Areas of every household in mu: arable land, forest, and how much of both was returned to forest."""

    arable: Floats
    forest: Floats
    returned: Floats


def land_of(scene: Scene) -> Land:
    rng, n = scene.rng("land"), len(scene.homes.path)
    arable, forest = np.round(rng.gamma(3.0, 2.4, n), 1), np.round(rng.gamma(1.2, 2.0, n), 1)
    returned = np.round(rng.gamma(1.5, 2.2, n) * (rng.random(n) < 0.7), 1)
    return Land(arable, forest, np.minimum(returned, arable + forest))


def condition_rows(scene: Scene) -> pa.Table:
    """Land, livestock, house, water, road of every household of the closing register."""
    here = np.flatnonzero(closing(scene.homes))
    rng, n = scene.rng("conditions"), len(here)
    poor = np.isin(scene.homes.path[here], POOR_AT_END)
    land = land_of(scene)
    arable, forest = land.arable[here], land.forest[here]
    hardened = rng.random(n) < np.where(poor, 0.72, 0.95)
    toilet = rng.random(n) < np.where(poor, 0.4, 0.66)
    return rows("household_condition", n, {
        "data_year": scene.as_of.year,
        "household_code": scene.codes.take(pa.array(here)),
        "region_code": scene.region(here),
        "arable_mu": arable,
        "irrigated_mu": np.round(arable * rng.random(n) * 0.15, 1),
        "forest_mu": forest,
        "returned_forest_mu": land.returned[here],
        "orchard_mu": np.round(rng.gamma(1.2, 1.4, n) * (rng.random(n) < 0.4), 1),
        "pasture_mu": np.zeros(n),
        "water_mu": np.zeros(n),
        "poultry": rng.poisson(3.0, n),
        "cattle": (rng.random(n) < 0.06).astype(np.int64) * rng.integers(1, 5, n),
        "sheep": (rng.random(n) < 0.09).astype(np.int64) * rng.integers(5, 60, n),
        "pigs": (rng.random(n) < 0.11).astype(np.int64) * rng.integers(1, 8, n),
        "house_sqm": np.round(25 + 18 * scene.homes.size[here] * rng.uniform(0.7, 1.2, n), 1),
        "dangerous_house": pa.array(dangerous_house(scene)[here]),
        "housing_grade": pick(("A级", "B级", "C级"), np.where(dangerous_house(scene)[here], 2, rng.integers(0, 2, n))),
        "relocation": pa.array(rng.random(n) < 0.16),
        "water_source": pick(("自来水", "井水", "水窖"), np.searchsorted((0.8, 0.93), rng.random(n))),
        "water_hard": pa.array(poor & (scene.rng("fetch").random(n) < 0.07)),
        "water_safe": pa.array(~unsafe_water(scene)[here]),
        "power_production": pa.array(np.ones(n, bool)),
        "power_living": pa.array(np.ones(n, bool)),
        "broadcast": pa.array(rng.random(n) < 0.99),
        "road": pick(ROADS, np.where(hardened, 2 + (rng.random(n) < 0.1), rng.integers(0, 2, n))),
        "road_hardened": pa.array(hardened),
        "road_km": np.round(rng.gamma(1.2, 0.5, n), 1),
        "fuel": pick(("柴草", "煤炭", "清洁能源"), np.searchsorted((0.2, 0.75), rng.random(n))),
        "in_cooperative": pa.array(rng.random(n) < 0.3),
        "toilet": pa.array(toilet),
    })  # fmt: skip


def guarantee_rows(scene: Scene) -> pa.Table:
    """The latest check of each household: exited ones pass everything, some of the poor do not."""
    here = np.flatnonzero(closing(scene.homes))
    rng, n = scene.rng("guarantees"), len(here)
    poor = np.isin(scene.homes.path[here], POOR_AT_END)

    def secured(odds: float) -> pa.Array:
        return pa.array(~poor | (rng.random(n) < odds))

    year = scene.as_of.year
    return rows("guarantee_check", n, {
        "data_year": year,
        "household_code": scene.codes.take(pa.array(here)),
        "region_code": scene.region(here),
        "food": secured(0.97),
        "clothing": secured(0.97),
        "education": secured(0.96),
        "medical": secured(0.9),
        "housing": pa.array(~dangerous_house(scene)[here]),
        "water": pa.array(~unsafe_water(scene)[here]),
        "acknowledged": pa.array(~poor),
        "checked_on": between(rng, date(year, 9, 1), date(year, 11, 30), n),
        "checked_by": draw(rng, dict.fromkeys(scene.county.plan.calibration.labels.offices, 1.0), n),
    })  # fmt: skip


def enrolment_rows(scene: Scene) -> tuple[pa.Table, Ints, Ints]:
    """Lists of the insurers, and each person's medical and pension scheme (index into the two schemes, -1 none)."""
    folk, truth = scene.folk, scene.county.truth
    rng = scene.rng("insurance")
    here = np.flatnonzero(folk.resident)
    path = scene.homes.path[folk.home[here]]
    registered = np.isin(path, [int(kind) for kind in CLOSING])
    age = scene.now.age[here]
    adult = (age >= scene.county.plan.calibration.shape.eligible_from) & (scene.now.school[here] < 0)
    employee = adult & (rng.random(len(here)) < _employee_odds(path, registered, age))
    eligible = adult & ~employee
    pension = np.where(employee, 1, -1)
    pension[eligible] = 0
    pension[_left_out(rng, eligible, registered, truth.pension_rate)] = -1
    medical = np.where(employee, 1, 0)
    medical[_left_out(rng, np.ones(len(here), bool), registered | employee, truth.medical_rate)] = -1
    return pa.concat_tables([
        _enrolments(scene, here, medical, MEDICAL),
        _enrolments(scene, here, pension, PENSION),
    ]), medical, pension  # fmt: skip


def _employee_odds(path: Ints, registered: Bools, age: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    working = age < RETIREMENT_AGE
    odds = np.where(path == Path.URBAN, np.where(working, 0.5, 0.55), np.where(working, 0.05, 0.01))
    return np.where(registered, np.where(working, 0.02, 0.0), odds)


def _left_out(rng: np.random.Generator, counted: Bools, covered: Bools, rate: float) -> Ints:
    """Those of the counted who are not enrolled, so that the rate is met to the person; never one of the covered."""
    missing = int(counted.sum()) - round(int(counted.sum()) * rate)
    return rng.permutation(np.flatnonzero(counted & ~covered))[:missing]


def _enrolments(scene: Scene, here: Ints, scheme: Ints, insurance: str) -> pa.Table:
    chosen = np.flatnonzero(scheme >= 0)
    at = pa.array(here[chosen])
    return rows("insurance_enrolment", len(chosen), {
        "insurance": insurance,
        "id_number": scene.folk.id_number.take(at),
        "name": scene.folk.name.take(at),
        "scheme": pick(SCHEMES, scheme[chosen]),
        "year": scene.as_of.year,
        "region_code": scene.county.code,
    })  # fmt: skip


def village_rows(scene: Scene, pension: Ints) -> pa.Table:
    """The village sheet of the data year, counted from the township's own people."""
    county, folk, homes = scene.county, scene.folk, scene.homes
    villages = county.is_village[county.township_of[county.is_village] == scene.index]
    rng, n, size = scene.rng("villages"), len(villages), len(county.places)
    here = np.flatnonzero(folk.resident)
    at = homes.place[folk.home[here]]

    def people(mask: Bools) -> Ints:
        return np.asarray(np.bincount(at[mask], minlength=size)[villages], np.int64)

    everyone = people(np.ones(len(here), bool))
    lived = np.unique(folk.home[here])
    households = np.bincount(homes.place[lived], minlength=size)[villages]
    poor, deep, staying = county.village_attributes
    attribute = np.where(np.isin(villages, deep), 2, np.isin(villages, poor).astype(np.int64))
    exited = np.isin(villages, poor) & ~np.isin(villages, staying)
    registered = closing(homes)[folk.home[here]]
    crops = county.plan.calibration.labels.crops
    return rows("village", n, {
        "data_year": scene.as_of.year,
        "region_code": pa.array(county.places).take(pa.array(villages)),
        "attribute": pick(("非贫困村", "贫困村", "深度贫困村"), attribute),
        "exited": pa.array(exited, mask=~np.isin(villages, poor)),
        "exit_year": maybe(scene.as_of.year - rng.integers(0, 3, n), exited),
        "households": households,
        "persons": everyone,
        "groups": np.maximum(1, everyone // 320),
        "lowins_households": _homes_at(scene, closing(homes) & scene.allowance)[villages],
        "tekun_persons": 0,
        "lowins_persons": people(registered & scene.allowance[folk.home[here]]),
        "women": people(folk.female[here]),
        "disabled_persons": people(np.isin(scene.now.health[here], (3, 4))),
        "workers": people(np.isin(scene.now.labour[here], (0, 1))),
        "migrants": people(scene.now.work[here] >= 0),
        "arable_mu": np.round(everyone * rng.uniform(2.2, 4.5, n), 1),
        "forest_mu": np.round(everyone * rng.uniform(0.5, 3.0, n), 1),
        "development": pick(crops, rng.integers(0, len(crops), n)),
        "party_members": np.maximum(3, everyone // 28),
        "net_income_per_head": rng.integers(620_000, 980_000, n),
        "collective_income": rng.integers(5_200_000, 24_000_000, n),
        "pension_insured": people(pension == 0),
        "employee_pension_insured": people(pension == 1),
        "primary_schools": (everyone > 900).astype(np.int64),
        "cooperatives": rng.integers(1, 5, n),
        "information_officers": 1,
        "leader": scene.county.plan.names.full(
            rng, scene.county.plan.names.any_surname(rng, n), rng.random(n) < 0.1, np.zeros(n, bool)
        ),
        **_facilities(scene, villages, exited),
        **village_points(county, scene.index, n, scene.rng("places")),
        "dangerous_houses": _homes_at(scene, closing(homes) & dangerous_house(scene))[villages],
    })  # fmt: skip


def _homes_at(scene: Scene, chosen: Bools) -> Ints:
    """How many of the chosen households each place has."""
    return np.bincount(scene.homes.place[chosen], minlength=len(scene.county.places)).astype(np.int64)


def _facilities(scene: Scene, villages: Ints, exited: Bools) -> dict[str, object]:
    """Exited villages have everything; in counties not yet equipped some of the others lack one thing."""
    rng, n, equipped = scene.rng("facilities"), len(exited), scene.county.truth.equipped
    unequipped = np.zeros(n, bool) if equipped else rng.random(n) < 0.3
    lacking = rng.integers(0, 4, n)
    built = {
        name: pa.array(~(unequipped & (lacking == kind) & ~exited))
        for kind, name in enumerate(("bus", "road_hardened", "broadband", "clinic_qualified"))
    }
    return {
        **built,
        "power_production": pa.array(np.ones(n, bool)),
        "industry": pa.array(np.ones(n, bool)),
        "unsafe_water_households": _homes_at(scene, unsafe_water(scene))[villages]
        + np.where(exited | equipped, 0, rng.poisson(1.2, n)),
        "public_toilets": 1,
        "doctors": 1,
        "waste_sites": rng.integers(1, 4, n),
        "clinics": 1,
        "culture_rooms": 1,
    }
