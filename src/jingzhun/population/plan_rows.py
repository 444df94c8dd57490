"""Targets, village plans, household measures and the register's problem records of a county."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import between, draw, joined, numbered, pick, rows
from jingzhun.population.plan import Plan
from jingzhun.population.pool import Ground


def plans(ground: Ground) -> dict[str, pa.Table]:
    """Tables of the chapter for a county; what the calibration gives row by row comes on top."""
    measures = _measures(ground)
    return {
        "target": _targets(ground),
        "village_plan": _village_plans(ground),
        "assistance_measure": measures,
        "measure_delivery": _deliveries(ground, measures),
    }


def given_rows(plan: Plan, region: str) -> dict[str, pa.Table]:
    """Rows that the calibration gives in full for one division."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in plan.calibration.rows:
        if row.region == region:
            found.setdefault(row.table, []).append({**row.values, "region_code": row.region})
    return {name: _table(name, values) for name, values in found.items()}


def _table(name: str, values: list[dict[str, object]]) -> pa.Table:
    columns = {key for row in values for key in row}
    return rows(name, len(values), {key: pa.array([row.get(key) for row in values]) for key in sorted(columns)})


def _targets(ground: Ground) -> pa.Table:
    plan = ground.county.plan
    targets = plan.calibration.kinds.targets
    return rows("target", len(targets), {
        "target_no": ground.no("TG", len(targets)),
        "kind": [target.label for target in targets],
        "year": ground.year,
        "value": [plan.county_share(target.total)[ground.code] for target in targets],
        "unit": [target.unit for target in targets],
        "document": f"{ground.year}年度脱贫攻坚目标责任书",
        "region_code": ground.code,
    })  # fmt: skip


def _village_plans(ground: Ground) -> pa.Table:
    n, rng = len(ground.villages), ground.rng("village plans")
    tree = ground.county.plan.tree
    names = pa.array([tree.get(code).name for code in ground.villages.to_pylist()])
    return rows("village_plan", n, {
        "plan_no": ground.no("VP", n),
        "year": ground.year,
        "title": joined(names, f"{ground.year}年脱贫攻坚计划"),
        "approved_on": between(rng, ground.date(3, 1), ground.date(4, 30), n),
        "region_code": ground.villages,
    })  # fmt: skip


def _measures(ground: Ground) -> pa.Table:
    """One set of one to three measures for every registered household."""
    rng, households = ground.rng("measures"), ground.households
    labels = ground.county.plan.calibration.labels
    classes = list(labels.measures)
    many = rng.choice(3, len(households), p=(0.42, 0.4, 0.18)) + 1
    who = np.repeat(np.arange(len(households)), many)
    turn = np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many)
    kind = (rng.integers(0, len(classes), len(households))[who] + turn * 5) % len(classes)
    content = pick([labels.measures[name][0] for name in classes], kind)
    at = pa.array(who)
    return rows("assistance_measure", len(who), {
        "measure_no": numbered(ground.code[:6] + "AM", np.arange(1, len(who) + 1), 8),
        "set_no": joined(households.code.take(at), str(ground.year)),
        "year": ground.year,
        "household_code": households.code.take(at),
        "class": pick(classes, kind),
        "content": content,
        "cause": draw(rng, labels.cause, len(households)).take(at),
        "planned": rng.integers(3, 60, len(who)) * 10_000,
        "approved_on": between(rng, ground.date(3, 1), ground.date(4, 30), len(who)),
        "region_code": households.region.take(at),
    })  # fmt: skip


def _deliveries(ground: Ground, measures: pa.Table) -> pa.Table:
    """Most measures were delivered within the year, some in part."""
    rng = ground.rng("deliveries")
    done = np.flatnonzero(rng.random(len(measures)) < 0.86)
    chosen = measures.take(pa.array(done))
    n = len(done)
    part = np.where(rng.random(n) < 0.9, 100, rng.integers(40, 100, n))
    return rows("measure_delivery", n, {
        "delivery_no": numbered(ground.code[:6] + "DV", np.arange(1, n + 1), 8),
        "measure_no": chosen["measure_no"],
        "household_code": chosen["household_code"],
        "delivered_on": between(rng, ground.date(5, 1), ground.date(12, 20), n),
        "amount": chosen["planned"].to_numpy() * part // 100,
        "confirmed_by": "村委会",
        "region_code": chosen["region_code"],
    })  # fmt: skip
