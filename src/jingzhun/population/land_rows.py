"""Ecology and relocation in a county: plots, co-operatives and their members, sites, households, reclaimed land."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import between, day, joined, keep, numbered, pick, rows
from jingzhun.population.plan import Plan
from jingzhun.population.pool import Ground
from jingzhun.population.seeding import stream
from jingzhun.population.shares import Ints, amounts, share

PLOT_MU = 640
PARCEL_MU = 8


def land(ground: Ground) -> dict[str, pa.Table]:
    cooperatives = _cooperatives(ground)
    sites = _sites(ground)
    return {
        "afforestation": _plots(ground, cooperatives),
        "cooperative": cooperatives,
        "cooperative_member": _members(ground, cooperatives),
        "relocation_site": sites,
        "relocation_household": _relocated(ground, sites),
        "land_reclamation": _parcels(ground),
    }


def _forest_cooperatives(ground: Ground) -> int:
    return ground.county.number("forest_cooperatives")


def _plots(ground: Ground, cooperatives: pa.Table) -> pa.Table:
    rng = ground.rng("plots")
    areas = []
    kinds = ground.county.plan.calibration.kinds.planting
    for total in kinds.values():
        area = ground.county.number(total)
        areas.append(amounts(max(1, area // PLOT_MU), area, rng))
    kind = np.repeat(np.arange(len(kinds)), [len(area) for area in areas])
    n = len(kind)
    planted = rng.integers(0, max(1, _forest_cooperatives(ground)), n)
    return rows("afforestation", n, {
        "plot_no": ground.no("PL", n),
        "kind": pick(list(kinds), kind),
        "year": ground.year,
        "area_mu": np.concatenate(areas),
        "cooperative_code": keep(cooperatives["cooperative_code"].combine_chunks().take(pa.array(planted)), kind < 2),
        "accepted_on": between(rng, ground.date(9, 1), ground.date(12, 10), n),
        "region_code": ground.any_township(rng, n),
    })  # fmt: skip


def _cooperatives(ground: Ground) -> pa.Table:
    """Afforestation co-operatives first, then farming ones."""
    rng, forest = ground.rng("cooperatives"), _forest_cooperatives(ground)
    n = forest + forest // 2
    kind = (np.arange(n) >= forest).astype(np.int64)
    words = ground.county.plan.calibration.kinds.cooperatives
    suffix = pick((words.forest_name, words.other_name), kind)
    return rows("cooperative", n, {
        "cooperative_code": ground.no("CO", n, 4),
        "name": joined(ground.county.name[:-1], numbered("", np.arange(1, n + 1), 4), "号", suffix),
        "kind": pick((words.forest, words.other), kind),
        "founded_on": between(rng, ground.date(3, 1, -2), ground.date(3, 20), n),
        "region_code": ground.any_township(rng, n),
    })  # fmt: skip


def _members(ground: Ground, cooperatives: pa.Table) -> pa.Table:
    """Poor members whose wages and dividends meet the stated mean, and a few members who are not poor."""
    rng, poor = ground.rng("members"), ground.county.number("forest_members")
    other = poor // 7
    households = ground.some_households("members", poor)
    n = poor + other
    mean = ground.county.plan.total("forest_member_income")
    income = np.maximum(800, rng.normal(mean, 900, n).round()).astype(np.int64)
    income[:poor] = _with_mean(income[:poor], mean)
    dividend = income * rng.integers(4, 18, n) // 100
    place = rng.integers(0, max(1, _forest_cooperatives(ground)), n)
    return rows("cooperative_member", n, {
        "membership_no": ground.no("CM", n),
        "cooperative_code": cooperatives["cooperative_code"].combine_chunks().take(pa.array(place)),
        "cooperative_kind": ground.county.plan.calibration.kinds.cooperatives.forest,
        "year": ground.year,
        "name": pa.concat_arrays([households.head, ground.names(rng, other)]),
        "household_code": pa.concat_arrays([households.code, pa.nulls(other, pa.string())]),
        "poor": pa.array(np.arange(n) < poor),
        "wage": (income - dividend) * 100,
        "dividend": dividend * 100,
        "region_code": pa.concat_arrays([households.region, ground.any_village(rng, other)]),
    })  # fmt: skip


def _with_mean(values: Ints, mean: int) -> Ints:
    """Whole numbers moved so that their mean is exact."""
    if len(values) == 0:
        return values
    gap = mean * len(values) - int(values.sum())
    step, rest = divmod(gap, len(values))
    return values + step + (np.arange(len(values)) < rest)


def site_states(plan: Plan) -> tuple[Ints, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """County index of every planned site, and whether it is complete, has services, has industry (the funnel)."""
    counts = plan.county_share("sites")
    county = np.repeat(np.arange(len(counts)), list(counts.values()))
    rank = stream(plan.seed, "sites").permutation(len(county))
    again = stream(plan.seed, "site industry").permutation(plan.total("sites_completed"))
    complete = rank < plan.total("sites_completed")
    services = rank < plan.total("sites_services")
    chosen = np.isin(rank, np.flatnonzero(again < plan.total("sites_industry")))
    return county, np.stack([complete, services, complete & chosen], axis=1)


def _sites(ground: Ground) -> pa.Table:
    plan, rng = ground.county.plan, ground.rng("sites")
    county, state = site_states(plan)
    mine = state[county == list(plan.counties).index(ground.code)]
    n = len(mine)
    completed = between(rng, ground.date(10, 1, -3), ground.date(6, 30, -2), n)
    tree = plan.tree
    township = ground.any_township(rng, n)
    names = pa.array([tree.get(code).name for code in township.to_pylist()], pa.string())
    return rows("relocation_site", n, {
        "site_no": ground.no("RS", n, 3),
        "name": joined(names, "集中安置点", numbered("", np.arange(1, n + 1), 2)),
        "started_on": between(rng, ground.date(4, 1, -4), ground.date(5, 30, -3), n),
        "completed_on": pa.array(completed, mask=~mine[:, 0]),
        "services_on": pa.array(completed + rng.integers(20, 90, n), mask=~mine[:, 1]),
        "industry_on": pa.array(completed + rng.integers(30, 120, n), mask=~mine[:, 2]),
        "region_code": township,
    })  # fmt: skip


def _relocated(ground: Ground, sites: pa.Table) -> pa.Table:
    """Households whose persons add up to the county's share; elsewhere than in completed counties some still wait."""
    rng, wanted = ground.rng("relocated"), ground.county.number("relocated_persons")
    candidates = ground.some_households("relocated", max(4, wanted))
    ends = np.cumsum(candidates.size)
    moved = int(np.searchsorted(ends, wanted)) + 1 if wanted else 0
    waiting = 0 if ground.county.truth.relocated_all else moved // 22
    households = candidates.take(np.arange(moved + waiting))
    persons = households.size.copy()
    if moved:
        persons[moved - 1] -= int(ends[moved - 1]) - wanted
    ready = np.flatnonzero(sites["completed_on"].is_valid().to_numpy())
    n, together = len(households), rng.random(len(households)) < (0.8 if len(ready) else 0.0)
    site = ready[rng.integers(0, len(ready), n)] if len(ready) else np.zeros(n, np.int64)
    numbers = sites["site_no"].combine_chunks().take(pa.array(np.where(together, site, -1), mask=~together))
    year = ground.year - rng.choice(3, n, p=(0.25, 0.4, 0.35))
    arrived = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + rng.integers(200, 340, n)
    arrived = np.minimum(arrived, day(ground.date(12, 25)))
    return rows("relocation_household", n, {
        "household_code": households.code,
        "site_no": numbers,
        "mode": pick(("分散安置", "集中安置"), together.astype(np.int64)),
        "persons": persons,
        "planned_year": year,
        "moved_on": pa.array(arrived, mask=np.arange(n) >= moved),
        "region_code": households.region,
    })  # fmt: skip


def _parcels(ground: Ground) -> pa.Table:
    """Old homesteads filed for reclamation; the first ones are done."""
    rng = ground.rng("parcels")
    filed_total, done_total = (ground.county.number(total) for total in ("filed_mu", "reclaimed_mu"))
    n = max(1, filed_total // PARCEL_MU)
    filed = amounts(n, filed_total, rng) if filed_total else np.zeros(n, np.int64)
    done = share(min(done_total, int(filed.sum())), np.maximum(filed, 1) * (rng.random(n) < 0.5), filed)
    when = between(rng, ground.date(6, 1), ground.date(12, 10), n)
    return rows("land_reclamation", n, {
        "parcel_no": ground.no("LR", n, 5),
        "filed_mu": filed,
        "reclaimed_mu": pa.array(done, mask=done == 0),
        "filed_on": between(rng, ground.date(3, 1, -1), ground.date(4, 30), n),
        "reclaimed_on": pa.array(when, mask=done == 0),
        "region_code": ground.any_village(rng, n),
    })  # fmt: skip
