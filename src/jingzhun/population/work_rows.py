"""Training, employment and industry of a county, and the rounds and offices of the whole area."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.population.columns import between, joined, keep, numbered, pick, rows
from jingzhun.population.plan import Plan
from jingzhun.population.pool import Ground
from jingzhun.population.shares import amounts


def work(ground: Ground) -> dict[str, pa.Table]:
    return {
        "agreement": _agreements(ground),
        "training_base": _bases(ground),
        "trainee": _trainees(ground),
    }


def area_work(plan: Plan) -> dict[str, pa.Table]:
    """Training rounds and liaison offices, which belong to the area and not to a county."""
    return {"training_round": _rounds(plan), "liaison_office": _offices(plan)}


def _round_numbers(plan: Plan) -> tuple[list[str], list[str]]:
    """Numbers of the earlier rounds and of this year's."""
    total, current = plan.total("rounds"), plan.total("rounds_year")
    numbers = [f"HG{number:02d}" for number in range(1, total + 1)]
    return numbers[: total - current], numbers[total - current :]


def _rounds(plan: Plan) -> pa.Table:
    earlier, current = _round_numbers(plan)
    year = plan.as_of.year
    before = [date(year - 3, 4, 10) + timedelta(days=74 * index) for index in range(len(earlier))]
    before = [min(start, date(year - 1, 11, 20)) for start in before]
    now = [date(year, 1, 15) + timedelta(days=46 * index) for index in range(len(current))]
    starts = before + now
    return rows("training_round", len(starts), {
        "round_no": earlier + current,
        "year": [start.year for start in starts],
        "trade": plan.calibration.kinds.trade,
        "starts_on": starts,
        "ends_on": [start + timedelta(days=35) for start in starts],
        "region_code": plan.region,
    })  # fmt: skip


def _offices(plan: Plan) -> pa.Table:
    n, cities = plan.total("liaison_offices"), plan.calibration.labels.cities
    return rows("liaison_office", n, {
        "office_no": numbered(plan.region[:6] + "LO", np.arange(1, n + 1), 3),
        "city": pick(cities, np.arange(n) % len(cities)),
        "opened_on": [date(plan.as_of.year - 3, 5, 1) + timedelta(days=22 * index) for index in range(n)],
        "region_code": plan.region,
    })  # fmt: skip


def _bases(ground: Ground) -> pa.Table:
    n = ground.county.number("training_bases")
    return rows("training_base", n, {
        "base_no": ground.no("TB", n, 3),
        "name": joined(ground.county.name, "培训基地", numbered("", np.arange(1, n + 1), 1)),
        "opened_on": ground.date(4, 1, -3),
        "region_code": ground.code,
    })  # fmt: skip


def _trainees(ground: Ground) -> pa.Table:
    """This year's and earlier trainees; as many employed as the area's totals say, with the stated mean pay."""
    rng, plan, county = ground.rng("trainees"), ground.county.plan, ground.county
    now = county.number("trained_year")
    earlier = plan.split("trained", less=plan.total("trained_year"))[county.code]
    employed = county.number("employed_year")
    before = plan.split("employed", less=plan.total("employed_year"))[county.code]
    n = now + earlier
    at = np.arange(n)
    this_year = at < now
    works = np.where(this_year, at < employed, at - now < before)
    old, new = _round_numbers(plan)
    numbers = pick(
        new + old, np.where(this_year, rng.integers(0, len(new), n), len(new) + rng.integers(0, len(old), n))
    )
    starts = dict(zip(*(_rounds(plan)[name].to_pylist() for name in ("round_no", "year")), strict=True))
    year = np.array([starts[number] for number in new + old])
    people = ground.some_people(
        "trainees", n, ground.people.female & (ground.people.age > 18) & (ground.people.age < 58)
    )
    mean = plan.total("trainee_pay")
    pay = rng.normal(mean, 620, n).round(-1)
    pay[this_year & works] += np.ceil(mean - pay[this_year & works].mean()) if employed else 0
    chosen = pc.index_in(numbers, pa.array(new + old)).to_numpy()
    cities = plan.calibration.labels.cities
    first = np.array([np.datetime64(date(int(value), 6, 1)) for value in year]).astype(np.int64)
    return rows("trainee", n, {
        "trainee_no": ground.no("TR", n),
        "round_no": numbers,
        "year": year[chosen],
        "name": people.name,
        "id_number": people.id_number,
        "employed": pa.array(works),
        "employed_on": pa.array(first[chosen] + rng.integers(0, 200, n), mask=~works),
        "work_city": keep(pick(cities, rng.integers(0, len(cities), n)), works),
        "monthly_income": pa.array(pay.astype(np.int64) * 100, mask=~works),
        "region_code": ground.code,
    })  # fmt: skip


def _agreements(ground: Ground) -> pa.Table:
    """Agreements signed this year, at the fairs and between them."""
    rng, county = ground.rng("agreements"), ground.county
    parts = []
    kinds = county.plan.calibration.kinds.agreements
    for one in kinds:
        yuan, many = county.number(one.total), county.number(one.count)
        parts.append(amounts(max(1, many), yuan * 100, rng, step=100_000_000, spread_by=0.7))
    kind = np.repeat(np.arange(len(kinds)), [len(part) for part in parts])
    n = len(kind)
    signed = between(rng, ground.date(3, 1), ground.date(10, 20), n)
    landed, started, producing = signed + 60, signed + 130, signed + 260
    stage = rng.integers(0, 4, n)
    last = (np.datetime64(county.plan.as_of) - np.datetime64("1970-01-01")).astype(int)

    def reached(days: np.ndarray[tuple[int], np.dtype[np.int64]], step: int) -> pa.Array:
        return pa.array(days, mask=(stage < step) | (days > last))

    return rows("agreement", n, {
        "agreement_no": ground.no("AG", n, 4),
        "kind": pick([one.label for one in kinds], kind),
        "partner": joined("合成签约企业", numbered("", rng.integers(1, 9999, n), 4)),
        "amount": np.concatenate(parts),
        "signed_on": signed,
        "landed_on": reached(landed, 1),
        "started_on": reached(started, 2),
        "producing_on": reached(producing, 3),
        "region_code": ground.code,
    })  # fmt: skip
