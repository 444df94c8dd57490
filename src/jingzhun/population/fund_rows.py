"""Money of a county: allotments that add up to the area's totals, projects and payments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import between, joined, numbered, pick, rows
from jingzhun.population.pool import Ground
from jingzhun.population.shares import Ints, amounts


def funds(ground: Ground) -> dict[str, pa.Table]:
    allotments = _allotments(ground)
    projects = _projects(ground)
    return {
        "fund_allotment": allotments,
        "project": projects,
        "fund_payment": _payments(ground, allotments, projects),
    }


def _allotments(ground: Ground) -> pa.Table:
    rng, plan = ground.rng("allotments"), ground.county.plan
    kinds = plan.calibration.kinds.funds
    parts = [
        amounts(fund.documents, plan.county_share(fund.total)[ground.code] * 100, rng, step=1_000_000, spread_by=0.25)
        for fund in kinds
    ]
    kind = np.repeat(np.arange(len(kinds)), [len(part) for part in parts])
    return rows("fund_allotment", len(kind), {
        "allotment_no": ground.no("FA", len(kind), 4),
        "year": ground.year,
        "level": pick([fund.level for fund in kinds], kind),
        "kind": pick([fund.label for fund in kinds], kind),
        "amount": np.concatenate(parts),
        "allotted_on": between(rng, ground.date(1, 20), ground.date(9, 30), len(kind)),
        "region_code": ground.code,
    })  # fmt: skip


def _projects(ground: Ground) -> pa.Table:
    rng, poor = ground.rng("projects"), len(ground.poor_villages)
    place = np.repeat(np.arange(poor), rng.integers(1, 3, poor))
    n = len(place)
    kinds = ground.county.plan.calibration.kinds.projects
    work = rng.integers(0, len(kinds), n)
    signed = between(rng, ground.date(2, 1), ground.date(4, 30), n)
    landed = signed + rng.integers(10, 40, n)
    started = landed + rng.integers(5, 40, n)
    producing = started + rng.integers(60, 200, n)
    last = (np.datetime64(ground.date(12, 31)) - np.datetime64("1970-01-01")).astype(int)
    return rows("project", n, {
        "project_no": ground.no("PJ", n, 5),
        "name": joined(pick(list(kinds), work), "项目", numbered("", np.arange(1, n + 1), 4)),
        "kind": pick(list(kinds.values()), work),
        "year": ground.year,
        "budget": rng.integers(8, 120, n) * 1_000_000,
        "signed_on": signed,
        "landed_on": landed,
        "started_on": started,
        "producing_on": pa.array(producing, mask=producing > last),
        "region_code": ground.poor_villages.take(pa.array(place)),
    })  # fmt: skip


def _payments(ground: Ground, allotments: pa.Table, projects: pa.Table) -> pa.Table:
    """One or two payments for each project, never above the money there is."""
    rng = ground.rng("payments")
    times = rng.integers(1, 3, len(projects))
    who = np.repeat(np.arange(len(projects)), times)
    budget = projects["budget"].to_numpy()
    amount = _within(allotments["amount"].to_numpy().sum(), budget[who] // times[who] * 9 // 10)
    at = pa.array(who)
    return rows("fund_payment", len(who), {
        "payment_no": ground.no("FP", len(who), 5),
        "allotment_no": allotments["allotment_no"].take(pa.array(rng.integers(0, len(allotments), len(who)))),
        "project_no": projects["project_no"].take(at),
        "amount": amount,
        "paid_on": between(rng, ground.date(5, 1), ground.date(12, 15), len(who)),
        "region_code": projects["region_code"].take(at),
    })  # fmt: skip


def _within(money: int, wanted: Ints) -> Ints:
    total = int(wanted.sum())
    return wanted if total <= money else wanted * int(money * 0.95) // total
