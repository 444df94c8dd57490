"""Photovoltaic stations and credit of a county."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import between, numbered, pick, rows
from jingzhun.population.pool import Ground, Households
from jingzhun.population.shares import Ints, amounts

STEP_FEN = 100_000


def power(ground: Ground) -> dict[str, pa.Table]:
    stations = _stations(ground)
    return {
        "pv_station": stations,
        "pv_village": _villages(ground, stations),
        "pv_household": _households(ground, stations),
        "loan": _loans(ground),
    }


def _stations(ground: Ground) -> pa.Table:
    rng, plan = ground.rng("stations"), ground.county.plan
    parts = []
    kinds = plan.calibration.kinds.stations
    for one in kinds:
        many = plan.county_share(one.count)
        kilowatts = plan.split(one.total, by=many)
        parts.append(amounts(many[ground.code], kilowatts[ground.code], rng, spread_by=0.3))
    kind = np.repeat(np.arange(len(kinds)), [len(part) for part in parts])
    n = len(kind)
    return rows("pv_station", n, {
        "station_no": ground.no("PV", n, 4),
        "kind": pick([one.label for one in kinds], kind),
        "capacity_kw": np.concatenate(parts),
        "grid_on": between(rng, ground.date(6, 1, -1), ground.date(6, 30), n),
        "region_code": ground.any_township(rng, n),
    })  # fmt: skip


def _villages(ground: Ground, stations: pa.Table) -> pa.Table:
    """Poor villages that benefit, and a few others."""
    rng, plan = ground.rng("pv villages"), ground.county.plan
    poor = {code: county.truth.poor_villages for code, county in plan.counties.items()}
    n = min(plan.split("pv_villages", by=poor)[ground.code], len(ground.poor_villages))
    others = np.setdiff1d(ground.county.is_village, ground.county.village_attributes[0])[: n // 15]
    chosen = ground.poor_villages.take(pa.array(rng.permutation(len(ground.poor_villages))[:n]))
    region = pa.concat_arrays([chosen, pa.array(ground.county.places).take(pa.array(others))])
    return rows("pv_village", len(region), {
        "station_no": _station(ground, stations, len(region), rng),
        "poor_village": pa.array(np.arange(len(region)) < n),
        "region_code": region,
    })  # fmt: skip


def _station(ground: Ground, stations: pa.Table, count: int, rng: np.random.Generator) -> pa.Array:
    if len(stations) == 0:
        return pa.repeat(pa.scalar(f"{ground.code[:6]}PV0000"), count)
    return stations["station_no"].combine_chunks().take(pa.array(rng.integers(0, len(stations), count)))


def _households(ground: Ground, stations: pa.Table) -> pa.Table:
    n, rng = ground.county.number("pv_households"), ground.rng("pv households")
    households = ground.some_households("pv households", n)
    return rows("pv_household", n, {
        "station_no": _station(ground, stations, n, rng),
        "household_code": households.code,
        "year": ground.year,
        "amount": rng.integers(18, 36, n) * 10_000,
        "region_code": households.region,
    })  # fmt: skip


def _loans(ground: Ground) -> pa.Table:
    parts = [*_micro(ground), *_model(ground), *_industry(ground)]
    table = pa.concat_tables(parts)
    return table.set_column(0, "loan_no", numbered(ground.code[:6] + "LN", np.arange(1, len(table) + 1), 7))


def _micro(ground: Ground) -> list[pa.Table]:
    """Micro-credit: this year's borrowers, some with a second loan that a firm uses, and the earlier borrowers."""
    rng, plan, code = ground.rng("micro"), ground.county.plan, ground.code
    many = plan.county_share("micro_households_year")
    before = plan.split("micro_households", less=plan.total("micro_households_year"))
    money = plan.split("micro_yuan_year", by=many)[code]
    earlier_money = plan.split("micro_yuan", less=plan.total("micro_yuan_year"), by=before)[code]
    borrowers = ground.some_households("micro", many[code] + before[code])
    now = borrowers.take(np.arange(many[code]))
    kinds = plan.calibration.kinds.loans
    first = min(money, len(now) * kinds.first_yuan)
    rest = money - first
    second = -(-rest * 5 // (kinds.cap_yuan * 4))
    sizes = [_capped(rng, len(now), first, kinds.cap_yuan), _capped(rng, second, rest, kinds.cap_yuan)]
    again = now.take(np.arange(second) % max(1, len(now)))
    early = borrowers.take(np.arange(many[code], many[code] + before[code]))
    days = (ground.date(1, 5), ground.date(12, 20))
    return [
        _household_loans(ground, now, sizes[0], between(rng, *days, len(now)), rng.random(len(now)) < 0.08),
        _household_loans(ground, again, sizes[1], between(rng, *days, second), np.ones(second, bool)),
        _household_loans(
            ground,
            early,
            _capped(rng, len(early), earlier_money, kinds.cap_yuan),
            between(rng, ground.date(4, 1, -3), ground.date(12, 20, -1), len(early)),
            rng.random(len(early)) < 0.1,
        ),
    ]


def _capped(rng: np.random.Generator, count: int, yuan: int, cap: int) -> Ints:
    return amounts(count, yuan * 100, rng, step=STEP_FEN, largest=cap * 100, spread_by=0.3)


def _household_loans(
    ground: Ground, borrowers: Households, amount: Ints, on: Ints, by_firm: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> pa.Table:
    banks = ground.county.plan.calibration.labels.banks
    return rows("loan", len(borrowers), {
        "kind": ground.county.plan.calibration.kinds.loans.micro,
        "household_code": borrowers.code,
        "used_by_enterprise": pa.array(by_firm),
        "amount": amount,
        "issued_on": on,
        "due_on": on + 3 * 365,
        "bank": pick(banks, on % len(banks)),
        "region_code": borrowers.region,
    })  # fmt: skip


def _model(ground: Ground) -> list[pa.Table]:
    """Loans to leading firms under the area's own model: one for each firm."""
    plan, code = ground.county.plan, ground.code
    firms = plan.county_share("model_loan_enterprises")
    yuan = plan.split("model_loan_yuan", by=firms)[code]
    rng = ground.rng("model loans")
    sizes = amounts(firms[code], yuan * 100, rng, step=1_000_000, spread_by=0.4)
    days = between(rng, ground.date(2, 1), ground.date(12, 10), firms[code])
    return [_firm_loans(ground, plan.calibration.kinds.loans.model, sizes, np.arange(firms[code]), days)]


def _industry(ground: Ground) -> list[pa.Table]:
    """The other loans to firms and co-operatives, this year's and before, up to the area's totals of all loans."""
    plan, code, rng = ground.county.plan, ground.code, ground.rng("industry loans")
    year_rest = plan.total("micro_yuan_year") + plan.total("model_loan_yuan")
    now_yuan = plan.split("loans_yuan_year", less=year_rest)[code]
    earlier = plan.total("loans_yuan_year") + plan.total("micro_yuan") - plan.total("micro_yuan_year")
    before_yuan = plan.split("loans_yuan", less=earlier)[code]
    first, many = plan.county_share("model_loan_enterprises")[code], max(1, plan.county_share("borrowers")[code])
    tables = []
    for yuan, start, end in (
        (now_yuan, ground.date(1, 5), ground.date(12, 20)),
        (before_yuan, ground.date(3, 1, -3), ground.date(12, 20, -1)),
    ):
        count = max(1, yuan // 5_000_000)
        sizes = amounts(count, yuan * 100, rng, step=1_000_000, spread_by=0.6)
        firm = first + rng.integers(0, many, count)
        tables.append(
            _firm_loans(ground, plan.calibration.kinds.loans.industry, sizes, firm, between(rng, start, end, count))
        )
    return tables


def _firm_loans(ground: Ground, kind: str, amount: Ints, firm: Ints, on: Ints) -> pa.Table:
    banks = ground.county.plan.calibration.labels.banks
    return rows("loan", len(amount), {
        "kind": kind,
        "enterprise_code": numbered(ground.code[:6] + "EN", firm + 1, 5),
        "used_by_enterprise": pa.array(np.zeros(len(amount), bool)),
        "amount": amount,
        "issued_on": on,
        "due_on": on + 365,
        "bank": pick(banks, on % len(banks)),
        "region_code": ground.code,
    })  # fmt: skip
