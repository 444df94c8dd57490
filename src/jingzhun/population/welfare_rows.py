"""Health, education and village works of a county."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import between, day, draw, joined, maybe, numbered, pick, rows
from jingzhun.population.pool import Ground


def welfare(ground: Ground) -> dict[str, pa.Table]:
    return {
        "treatment": _treatments(ground),
        "settlement": _settlements(ground),
        "education_aid": _grants(ground),
        "facility": _facilities(ground),
    }


def _treatments(ground: Ground) -> pa.Table:
    plan, rng = ground.county.plan, ground.rng("treatments")
    n = ground.county.number("patients")
    untreated = plan.split("patients_untreated")[ground.code]
    people = ground.some_people("patients", n, ground.people.ill > 0)
    treated = rng.permutation(np.arange(n) >= untreated)
    hospitals = plan.calibration.labels.hospitals
    return rows("treatment", n, {
        "treatment_no": ground.no("TM", n, 7),
        "year": ground.year,
        "id_number": people.id_number,
        "household_code": people.household,
        "illness": draw(rng, plan.calibration.kinds.illness, n),
        "treated": pa.array(treated),
        "treated_on": maybe(between(rng, ground.date(1, 5), ground.date(12, 20), n), treated),
        "hospital": pick(hospitals, np.where(treated, rng.integers(0, len(hospitals), n), -1)),
        "region_code": people.region,
    })  # fmt: skip


def _settlements(ground: Ground) -> pa.Table:
    """Hospital visits; those settled at one desk after treatment are the ones counted, some older ways remain."""
    rng, counted = ground.rng("settlements"), ground.county.number("visits")
    n = counted + counted // 9
    people = ground.some_people("visits", n, ground.people.ill > 0)
    both = np.arange(n) < counted
    total = np.exp(rng.normal(8.4, 0.8, n)).astype(np.int64) * 100
    paid = total * rng.integers(86, 95, n) // 100
    hospitals = ground.county.plan.calibration.labels.hospitals
    return rows("settlement", n, {
        "settlement_no": ground.no("ST", n, 7),
        "id_number": people.id_number,
        "hospital": pick(hospitals, rng.integers(0, len(hospitals), n)),
        "pay_after": pa.array(both | (rng.random(n) < 0.4)),
        "one_stop": pa.array(both),
        "total": total,
        "reimbursed": paid,
        "self_paid": total - paid,
        "settled_on": between(rng, ground.date(1, 3), ground.date(12, 28), n),
        "region_code": ground.code,
    })  # fmt: skip


def _grants(ground: Ground) -> pa.Table:
    n, rng = ground.county.number("grants"), ground.rng("grants")
    stages = ground.county.plan.calibration.kinds.stages
    odds = np.array([stage.share for stage in stages.values()])
    stage = rng.choice(len(stages), n, p=odds / odds.sum())
    names = ground.county.plan.names
    student = names.full(rng, names.any_surname(rng, n), rng.random(n) < 0.48, np.ones(n, bool))
    autumn = rng.random(n) < 0.5
    spring_days = between(rng, ground.date(4, 1), ground.date(6, 25), n)
    autumn_days = between(rng, ground.date(10, 8), ground.date(12, 20), n)
    return rows("education_aid", n, {
        "aid_no": ground.no("EA", n, 7),
        "student": student,
        "stage": pick(list(stages), stage),
        "term": pick((f"{ground.year}年春季", f"{ground.year}年秋季"), autumn.astype(np.int64)),
        "amount": np.array([one.yuan for one in stages.values()])[stage] * 100,
        "paid_on": np.where(autumn, autumn_days, spring_days),
        "region_code": ground.code,
    })  # fmt: skip


def _facilities(ground: Ground) -> pa.Table:
    """Two works in every village of the last years, nearly all complete."""
    rng, villages = ground.rng("facilities"), len(ground.villages)
    place = np.repeat(np.arange(villages), 2)
    n = len(place)
    works = ground.county.plan.calibration.kinds.works
    kind = rng.integers(0, len(works), n)
    started = between(rng, ground.date(3, 1, -2), ground.date(6, 30), n)
    completed = started + rng.integers(40, 260, n)
    return rows("facility", n, {
        "facility_no": ground.no("FC", n, 5),
        "kind": pick(works, kind),
        "name": joined(pick(works, kind), numbered("", np.arange(1, n + 1), 4)),
        "started_on": started,
        "completed_on": pa.array(completed, mask=completed > day(ground.county.plan.as_of)),
        "region_code": ground.villages.take(pa.array(place)),
    })  # fmt: skip
