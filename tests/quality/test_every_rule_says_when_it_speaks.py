"""Each rule of the pack has cases in its own words: rows that break it and rows that do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from jingzhun.engine import DuckDBEngine, Step
from jingzhun.model import TABLES, Kind
from jingzhun.policy import load_pack
from jingzhun.policy.rules import Rule, RuleCase
from jingzhun.quality import Screening, plan_screening, steps_of
from tests.small import table_of

PACK = load_pack("luliang_2018")
VILLAGE = "141130100200"
EMPTY = {name: table.arrow_schema().empty_table() for name, table in TABLES.items()}
CASES = [(rule, case) for rule in PACK.rules.values() for case in rule.cases]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in EMPTY.items():
            engine.load(name, table)
        yield engine


@cache
def plan(day: date) -> list[Screening]:
    return plan_screening(PACK, day)


def day_of(case: RuleCase) -> date:
    return case.as_of or PACK.example_day


def rows_of(rule: Rule, case: RuleCase) -> dict[str, list[dict[str, Any]]]:
    """The case's rows by table; what it leaves open is of the year of the day and of one village."""
    own = PACK.subjects[rule.subject].table
    given = dict(case.rows) or {own: (case.row,)}
    return {table: [whole(table, row, day_of(case)) for row in rows] for table, rows in given.items()}


def whole(table: str, row: Mapping[str, Any], day: date) -> dict[str, Any]:
    kinds = {column.name: column.kind for column in TABLES[table].all_columns}
    known = {"data_year": day.year, "region_code": VILLAGE}
    given = {name: typed(kinds[name], value) for name, value in row.items()}
    return {name: value for name, value in known.items() if name in kinds} | given


def typed(kind: Kind, value: Any) -> Any:
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(str(value)) if kind is Kind.QUANTITY else value


@cache
def steps(day: date, rules: frozenset[str]) -> list[Step]:
    """The scans of these rules only."""
    scans = [
        replace(scan, rules=mine)
        for scan in plan(day)
        if (mine := tuple(planned for planned in scan.rules if planned.rule.id in rules))
    ]
    return steps_of(PACK, scans)


@contextmanager
def delivered(engine: DuckDBEngine, cases: Iterable[tuple[Rule, RuleCase]]) -> Iterator[None]:
    """The rows of the cases in their tables, which are empty before and after."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for rule, case in cases:
        for name, rows in rows_of(rule, case).items():
            tables.setdefault(name, []).extend(rows)
    for name, rows in tables.items():
        engine.load(name, table_of(name, rows))
    yield
    for name in tables:
        engine.load(name, EMPTY[name])


def found(engine: DuckDBEngine, day: date, *rules: str) -> set[tuple[str, str]]:
    """Rule and row of what the scans of these rules find."""
    for step in steps(day, frozenset(rules)):
        engine.run(step)
    return {(row["rule"], row["row_key"]) for row in engine.rows("SELECT rule, row_key FROM finding")}


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.id}-{case.broken}" for rule, case in CASES])
def test_the_rule_speaks_where_it_is_broken_and_only_there(engine: DuckDBEngine, rule: Rule, case: RuleCase) -> None:
    with delivered(engine, [(rule, case)]):
        assert bool(found(engine, day_of(case), rule.id)) is case.broken


@pytest.mark.parametrize(
    ("subject", "day"), sorted({(rule.subject, day_of(case)) for rule, case in CASES}), ids=lambda part: str(part)
)
def test_one_scan_of_all_rules_finds_what_each_finds_alone(engine: DuckDBEngine, subject: str, day: date) -> None:
    cases = [(rule, case) for rule, case in CASES if rule.subject == subject and day_of(case) == day]
    rules = sorted({rule.id for rule, _ in cases})
    with delivered(engine, cases):
        alone = set().union(*(found(engine, day, rule) for rule in rules))
        assert found(engine, day, *rules) == alone


def test_a_case_is_looked_at_on_its_own_day(engine: DuckDBEngine) -> None:
    rule = PACK.rules["J01"]
    case = next(case for case in rule.cases if case.broken)
    assert case.as_of is not None
    assert case.as_of.year > PACK.example_day.year
    with delivered(engine, [(rule, case.model_copy(update={"as_of": PACK.example_day}))]):
        assert found(engine, PACK.example_day, "J01") == set()


def test_every_rule_has_a_case_of_both_kinds() -> None:
    assert len(PACK.rules) >= 120
    for rule in PACK.rules.values():
        assert {case.broken for case in rule.cases} == {True, False}, rule.id


def test_a_finding_keeps_the_values_that_were_seen(engine: DuckDBEngine) -> None:
    rule = PACK.rules["A11"]
    case = next(case for case in rule.cases if case.broken)
    with delivered(engine, [(rule, case)]):
        found(engine, day_of(case), rule.id)
    [finding] = engine.rows("SELECT * FROM finding")
    assert finding["seen"] == '{"name":"测试","sex":"男","id_sex":"女"}'
    assert (finding["row_key"], finding["region_code"], finding["severity"]) == ("2018|P1", VILLAGE, "E")
    assert finding["rule_version"].startswith(f"{PACK.version} A11@")


def test_rules_of_the_row_alone_gather_nothing() -> None:
    alone = next(screening for screening in plan(PACK.example_day) if screening.name == "person_row")
    names = {name for planned in alone.rules for name in planned.names}
    assert "JOIN" not in alone.asked.rows(names)
    assert len(alone.rules) > 50
