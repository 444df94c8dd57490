"""A finding is new, stays, and is corrected only when a later snapshot no longer breaks the rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES
from jingzhun.policy import load_pack
from jingzhun.quality import BEFORE, Tally, masked, screen_steps, tallies, told
from jingzhun.snapshot import derived
from tests.small import Row, run, table_of

PACK = load_pack("luliang_2018")
COUNTY, EAST, WEST = "141130000000", "141130100200", "141130100201"


def someone(code: str, village: str = EAST, year: int = 2018, **facts: object) -> Row:
    known = {"data_year": year, "person_code": code, "household_code": "H1", "region_code": village, "name": "测试"}
    return known | facts


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        engine.load("region_closure", derived.closure_table(PACK.divisions.on(date(2018, 12, 31))))
        engine.load(BEFORE, TABLES["finding"].arrow_schema().empty_table())
        yield engine


def found(engine: DuckDBEngine, people: list[Row], year: int = 2018) -> None:
    engine.load("person", table_of("person", people))
    run(engine, screen_steps(PACK, date(year, 12, 31)))


def tally(engine: DuckDBEngine, rule: str, region: str = COUNTY) -> Tally:
    return next(one for one in tallies(engine, PACK, region) if one.rule.id == rule)


BOTH = {"resident_medical": True, "employee_medical": True}
ONE = {"resident_medical": True, "employee_medical": False}


def test_without_an_earlier_snapshot_everything_is_new(engine: DuckDBEngine) -> None:
    found(engine, [someone("P1", **BOTH), someone("P2", **BOTH), someone("P3", **ONE)])
    one = tally(engine, "G01")
    assert (one.found, one.new, one.persisting, one.corrected, one.closing_rate) == (2, 2, 0, 0, None)


def test_what_a_later_snapshot_no_longer_breaks_is_corrected(engine: DuckDBEngine) -> None:
    found(engine, [someone("P1", **BOTH), someone("P2", **BOTH)])
    engine.execute(f"CREATE OR REPLACE TABLE {BEFORE} AS SELECT * FROM finding")
    found(engine, [someone("P1", **ONE), someone("P2", **BOTH), someone("P3", **BOTH)])
    one = tally(engine, "G01")
    assert (one.found, one.new, one.persisting, one.corrected, one.closing_rate) == (2, 1, 1, 1, 0.5)


def test_the_same_person_in_the_next_years_register_persists(engine: DuckDBEngine) -> None:
    found(engine, [someone("P1", year=2017, **BOTH)], 2017)
    engine.execute(f"CREATE OR REPLACE TABLE {BEFORE} AS SELECT * FROM finding")
    found(engine, [someone("P1", **BOTH)])
    assert (tally(engine, "G01").persisting, tally(engine, "G01").new) == (1, 0)


def test_villages_add_up_to_the_county(engine: DuckDBEngine) -> None:
    found(engine, [someone("P1", EAST, **BOTH), someone("P2", WEST, **BOTH), someone("P3", WEST, **BOTH)])
    counts = [tally(engine, "G01", region).found for region in (EAST, WEST, COUNTY)]
    assert counts == [1, 2, 3]


def test_a_message_speaks_of_the_values_and_masks_the_number(engine: DuckDBEngine) -> None:
    found(engine, [someone("P1", id_number="110105194912310021")])
    [row] = engine.rows("SELECT * FROM finding WHERE rule = 'A03'")
    zh, en = told(PACK.rules["A03"], masked("person", row["seen"]))
    assert zh == "测试：证件号码 ****************21 的校验码不对。"
    assert "1949" not in en
