"""Each rule of the pack has cases in its own words: rows that break it and rows that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES, Kind
from jingzhun.policy import load_pack
from jingzhun.policy.rules import Rule, RuleCase
from jingzhun.quality import plan_screening, screen_steps
from tests.small import table_of

PACK = load_pack("luliang_2018")
AS_OF = date(2018, 12, 31)
VILLAGE = "141130100200"
CASES = [(rule, case) for rule in PACK.rules.values() for case in rule.cases]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        yield engine


def rows_of(rule: Rule, case: RuleCase) -> dict[str, list[dict[str, Any]]]:
    """The case's rows by table; what it leaves open is of the year of the day and of one village."""
    own = PACK.subjects[rule.subject].table
    given = dict(case.rows) or {own: (case.row,)}
    return {table: [whole(table, row) for row in rows] for table, rows in given.items()}


def whole(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {column.name: column.kind for column in TABLES[table].all_columns}
    known = {"data_year": AS_OF.year, "region_code": VILLAGE}
    given = {name: typed(kinds[name], value) for name, value in row.items()}
    return {name: value for name, value in known.items() if name in kinds} | given


def typed(kind: Kind, value: Any) -> Any:
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(str(value)) if kind is Kind.QUANTITY else value


def found(engine: DuckDBEngine, rule: Rule, case: RuleCase) -> list[dict[str, Any]]:
    touched = {PACK.subjects[rule.subject].table} | {one.table for one in PACK.subjects[rule.subject].gathered}
    tables = rows_of(rule, case)
    for name in touched:
        engine.load(name, table_of(name, tables.get(name, [])))
    for step in screen_steps(PACK, AS_OF):
        engine.run(step)
    return engine.rows(f"SELECT * FROM finding WHERE rule = '{rule.id}'")


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.id}-{case.broken}" for rule, case in CASES])
def test_the_rule_speaks_where_it_is_broken_and_only_there(engine: DuckDBEngine, rule: Rule, case: RuleCase) -> None:
    assert bool(found(engine, rule, case)) is case.broken


def test_every_rule_has_a_case_of_both_kinds() -> None:
    assert len(PACK.rules) >= 120
    for rule in PACK.rules.values():
        assert {case.broken for case in rule.cases} == {True, False}, rule.id


def test_a_finding_keeps_the_values_that_were_seen(engine: DuckDBEngine) -> None:
    rule = PACK.rules["A11"]
    [finding] = found(engine, rule, next(case for case in rule.cases if case.broken))
    assert finding["seen"] == '{"name":"测试","sex":"男","id_sex":"女"}'
    assert (finding["row_key"], finding["region_code"], finding["severity"]) == ("2018|P1", VILLAGE, "E")
    assert finding["rule_version"].startswith(f"{PACK.version} A11@")


def test_rules_of_the_row_alone_gather_nothing() -> None:
    alone = next(screening for screening in plan_screening(PACK, AS_OF) if screening.name == "person_row")
    names = {name for planned in alone.rules for name in planned.names}
    assert "JOIN" not in alone.asked.rows(names)
    assert len(alone.rules) > 50
