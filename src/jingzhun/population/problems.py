"""Problem data of the register before it was screened: a ledger of what was wrong, and the register with it in.

Every problem breaks one rule and no other, so how many a screening must find is known beforehand, to the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import TABLES
from jingzhun.model.labels import CORRECTED
from jingzhun.policy import Pack
from jingzhun.policy.rules import problem_number
from jingzhun.population.blueprint import CLOSING, Register
from jingzhun.population.calibration import ProblemKind
from jingzhun.population.columns import Bools, between, day, keep, rows
from jingzhun.population.plan import CountyPlan, Plan
from jingzhun.population.shares import Ints, share

OPEN = "待整改"
Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Quota:
    """How many problems a township had, and how many of them are still open."""

    problems: int
    open: int


def problem_quotas(county: CountyPlan, register: Register) -> list[Quota]:
    """Split the county's problems among its townships by their registered persons."""
    closing = np.isin(register.path, [int(path) for path in CLOSING])
    at = county.township_of[register.place[closing]]
    persons = np.bincount(at, register.size[closing], len(county.townships)).astype(np.int64)
    corrected, left = (share(total, persons) for total in (county.truth.problems, county.truth.problems_open))
    return [Quota(int(done) + int(still), int(still)) for done, still in zip(corrected, left, strict=True)]


def problem_rows(county: CountyPlan, township: str, part: Tables, quota: Quota) -> pa.Table:
    """``problem_record``: the ledger of a township's problems, those still open among the household sheets."""
    rng, year = county.rng("problems", township), county.plan.as_of.year
    kinds = county.plan.calibration.problems
    chosen = list(_chosen(kinds, part, year, quota.problems, rng))
    ledger = [_ledger(county.plan.pack, kind, part[kind.table].take(pa.array(at))) for kind, at in chosen if len(at)]
    table = pa.concat_tables(ledger) if ledger else rows("problem_record", 0, {})
    count = len(table)
    corrected = np.arange(count) < count - quota.open
    found = between(rng, date(year, 5, 10), date(year, 6, 25), count)
    done = found + rng.integers(5, 120, count)
    columns = {
        "found_on": found,
        "state": pc.if_else(pa.array(corrected), CORRECTED, OPEN),
        "corrected_on": pa.array(np.minimum(done, day(county.plan.as_of)), mask=~corrected),
        "note": keep(pa.repeat(pa.scalar("入户核实后更正"), count), corrected),
        "answered_by": keep(pa.repeat(pa.scalar("乡镇扶贫工作站"), count), corrected),
    }
    named = {name: table[name] for name in ("problem_no", "rule", "household_code", "person_code", "region_code")}
    return rows("problem_record", count, named | columns)


def _chosen(
    kinds: tuple[ProblemKind, ...], part: Tables, year: int, wanted: int, rng: np.random.Generator
) -> Iterator[tuple[ProblemKind, Ints]]:
    """Rows of each kind, no row twice. What one kind has no rows for is left to the kinds after it."""
    free = {name: np.ones(len(part[name]), bool) for name in {kind.table for kind in kinds}}
    planned = share(wanted, [kind.share for kind in kinds])
    owed = 0
    for kind, count in zip(kinds, planned, strict=True):
        able = np.flatnonzero(free[kind.table] & _able(kind, part[kind.table], year))
        owed += int(count)
        at = np.sort(rng.permutation(able)[:owed])
        free[kind.table][at] = False
        owed -= len(at)
        yield kind, at


def _able(kind: ProblemKind, table: pa.Table, year: int) -> Bools:
    able = pc.and_(pc.equal(table["data_year"], year), pc.is_valid(table[kind.field]))
    for name, values in kind.where.items():
        allowed = pa.array([values] if isinstance(values, str) else list(values))
        able = pc.and_(able, pc.is_in(table[name], allowed))
    return np.asarray(pc.fill_null(able, False).to_numpy(zero_copy_only=False), bool)


def _ledger(pack: Pack, kind: ProblemKind, table: pa.Table) -> pa.Table:
    """Problems are numbered by the row that their rule speaks of: the household, where living conditions are wrong."""
    key, subject = _key(kind.table), pack.subjects[pack.rules[kind.rule].subject]
    codes = table[key].combine_chunks()
    numbers = [problem_number(kind.rule, subject.table, (code,)) for code in codes.to_pylist()]
    return rows("problem_record", len(table), {
        "problem_no": pa.array(numbers, pa.string()),
        "rule": kind.rule,
        "household_code": table["household_code"],
        "person_code": table["person_code"] if key == "person_code" else None,
        "region_code": table["region_code"],
        "state": OPEN,
    })  # fmt: skip


def _key(table: str) -> str:
    """The column that names a row of a yearly table within its year."""
    return next(name for name in TABLES[table].key if name != "data_year")


@dataclass(frozen=True)
class Planted:
    """A county's tables with its problems in: all of them as they were first sent, and those never corrected."""

    plan: Plan
    tables: Tables

    @cached_property
    def first(self) -> Tables:
        return self.tables | self._soiled(self.tables.get("problem_record"))

    @cached_property
    def last(self) -> Tables:
        ledger = self.tables.get("problem_record")
        return self.tables | self._soiled(None if ledger is None else ledger.filter(pc.equal(ledger["state"], OPEN)))

    def _soiled(self, ledger: pa.Table | None) -> Tables:
        found: Tables = {}
        if ledger is None:
            return found
        for kind in self.plan.calibration.problems:
            mine = ledger.filter(pc.equal(ledger["rule"], kind.rule))
            if len(mine) and kind.table in self.tables:
                table = found.get(kind.table, self.tables[kind.table])
                found[kind.table] = _with_problem(table, kind, mine, self.plan.as_of.year)
        return found


def _with_problem(table: pa.Table, kind: ProblemKind, ledger: pa.Table, year: int) -> pa.Table:
    key = _key(kind.table)
    mine = pc.and_(pc.is_in(table[key], ledger[key].combine_chunks()), pc.equal(table["data_year"], year))
    values = table[kind.field].combine_chunks()
    wrong = pc.if_else(mine.combine_chunks(), _HOW[kind.how](values), values)
    return table.set_column(table.column_names.index(kind.field), kind.field, wrong)


def _missing(values: pa.Array) -> pa.Array:
    return pa.nulls(len(values), values.type)


def _last_digit(values: pa.Array) -> pa.Array:
    """The last character one higher; X stands after 9 and before 0."""
    text = pc.fill_null(values, "")
    length = pc.utf8_length(text)
    head = pc.utf8_slice_codeunits(text, 0, 17)
    digits = "0123456789X"
    check = pc.index_in(pc.utf8_slice_codeunits(text, 17, 18), pa.array(list(digits))).to_numpy(zero_copy_only=False)
    known = np.where(np.isnan(check.astype(float)), 0, check).astype(np.int64)
    other = pa.array(list(digits)).take(pa.array((known + 1) % len(digits)))
    rest = pc.utf8_slice_codeunits(text, 18, 24)
    return pc.if_else(pc.greater_equal(length, 18), pc.binary_join_element_wise(head, other, rest, ""), values)


def _other_day(values: pa.Array) -> pa.Array:
    """Ten days off within the month."""
    days = values.cast(pa.int32())
    shift = pc.if_else(pc.less_equal(pc.day(values), 15), 10, -10)
    return pc.add(days, shift.cast(pa.int32())).cast(pa.int32()).cast(values.type)


def _months_15(values: pa.Array) -> pa.Array:
    return pa.array([15] * len(values), values.type)


_HOW: dict[str, Callable[[pa.Array], pa.Array]] = {
    "missing": _missing,
    "last_digit": _last_digit,
    "other_day": _other_day,
    "months_15": _months_15,
}
