"""Values of other rows: by several columns, by names of its own, from the row before, and labels of a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES
from jingzhun.policy import load_pack
from jingzhun.policy.binding import Binding
from jingzhun.policy.rules import Fact, Gathered, Subject
from jingzhun.quality.subject import Asked
from tests.small import Row, table_of

PACK = load_pack("luliang_2018")
AS_OF = date(2018, 12, 31)
VILLAGE = "141130100200"


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        yield engine


def asked(engine: DuckDBEngine, subject: Subject, name: str, rows: dict[str, list[Row]]) -> list[Any]:
    """The value of ``name`` for each row of the subject's table, in the order of its key."""
    for table, listed in rows.items():
        engine.load(table, table_of(table, listed))
    one = Asked(subject, Binding(replace(PACK, subjects={subject.id: subject}), AS_OF, AS_OF))
    key = ", ".join(TABLES[subject.table].key)
    return [row[name] for row in engine.rows(f"SELECT {name} FROM ({one.rows([name])}) ORDER BY {key}")]


def subject(table: str, *gathered: dict[str, Any], facts: tuple[Fact, ...] = ()) -> Subject:
    made = tuple(Gathered(**one, zh="试", en="tried") for one in gathered)
    return Subject(id="tried", zh="试", en="tried", table=table, gathered=made, facts=facts)


def home(code: str, **facts: object) -> Row:
    return {"data_year": 2018, "household_code": code, "region_code": VILLAGE} | facts


def spell(person: str, starts: str, ends: str | None, **facts: object) -> Row:
    known = {"data_year": 2018, "person_code": person, "household_code": "H1", "region_code": VILLAGE}
    return known | {"planned": False, "working": True, "starts": starts, "ends": ends} | facts


def test_rows_belong_together_by_all_columns_named(engine: DuckDBEngine) -> None:
    both = subject("household", {"name": "alike", "table": "household", "by": ["region_code", "address"]})
    rows = [home("H1", address="甲"), home("H2", address="甲"), home("H3", address="甲", region_code="141130100201")]
    assert asked(engine, both, "alike", {"household": rows}) == [2, 2, 1]


def test_an_unknown_value_belongs_to_nothing(engine: DuckDBEngine) -> None:
    both = subject("household", {"name": "alike", "table": "household", "by": ["region_code", "address"]})
    assert asked(engine, both, "alike", {"household": [home("H1"), home("H2")]}) == [0, 0]


def test_a_gathered_value_leads_on_to_the_next(engine: DuckDBEngine) -> None:
    chain = subject(
        "household",
        {"name": "county", "table": "region_closure", "by": "region_code", "pick": "max", "value": "ancestor_code"},
        {"name": "called", "table": "region", "by": "county", "theirs": "region_code", "pick": "max", "value": "name"},
    )
    rows: dict[str, list[Row]] = {
        "household": [home("H1"), home("H2", region_code="141130100999")],
        "region_closure": [{"region_code": VILLAGE, "ancestor_code": "141130000000", "ancestor_level": 3}],
        "region": [{"region_code": "141130000000", "name": "交口县", "level": 3}],
    }
    assert asked(engine, chain, "called", rows) == ["交口县", None]


def test_a_row_is_found_by_its_whole_key(engine: DuckDBEngine) -> None:
    twice = subject("household", {"name": "replaced", "table": "superseded", "by": "row_key"})
    rows: dict[str, list[Row]] = {
        "household": [home("H1"), home("H2")],
        "superseded": [{"table_name": "household", "row_key": "2018|H2"}],
    }
    assert asked(engine, twice, "replaced", rows) == [0, 1]


def test_the_row_before_is_the_one_before_it_of_the_same_kind(engine: DuckDBEngine) -> None:
    before = {"table": "work_spell", "by": "person_code", "pick": "previous", "value": "ends", "order": "starts"}
    spells = [spell("P1", "2018-01", "2018-03"), spell("P1", "2018-02", "2018-08"), spell("P1", "2018-05", None)]
    others = [spell("P2", "2018-06", None), spell("P1", "2018-04", "2018-04", working=False)]
    rows: dict[str, list[Row]] = {"work_spell": [*spells, *others]}
    of_all = subject("work_spell", {"name": "ended", **before})
    assert asked(engine, of_all, "ended", rows) == [None, "2018-03", "2018-08", "2018-04", None]
    of_its_kind = subject("work_spell", {"name": "ended", "where": "working", **before})
    assert asked(engine, of_its_kind, "ended", rows) == [None, "2018-03", None, "2018-08", None]


@pytest.mark.parametrize(
    ("column", "codes", "text", "listed"),
    [
        ("exit_status", "exit_status", "已脱贫", True),
        ("exit_status", "exit_status", "脱贫了", False),
        ("exit_status", "exit_status", None, None),
        ("remark", "health", "残疾,长期慢性病", True),
        ("remark", "health", "残疾,发烧", False),
    ],
)
def test_a_text_is_a_label_of_a_list_or_not(
    engine: DuckDBEngine, column: str, codes: str, text: str | None, listed: bool | None
) -> None:
    fact = Fact(name="known", expression=column, listed_in=codes, zh="试", en="tried")
    one = subject("household", facts=(fact,))
    assert asked(engine, one, "known", {"household": [home("H1", **{column: text})]}) == [listed]
