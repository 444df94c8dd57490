"""What a rule may ask beside its row: rows of other tables by a number, by another name, by the divisions below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.model import ORIGIN, TABLES
from jingzhun.policy import load_pack
from jingzhun.quality.subject import Asked, asked_subjects
from jingzhun.snapshot import derived
from tests.small import Row, table_of

PACK = load_pack("luliang_2018")
DAY = date(2018, 12, 31)
PREFECTURE, COUNTY, EAST, WEST = "141100000000", "141130000000", "141130100200", "141130100201"
ELSEWHERE = "141124100200"


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        engine.load("region_closure", derived.closure_table(PACK.divisions.on(DAY)))
        yield engine


@pytest.fixture
def asked() -> dict[str, Asked]:
    return asked_subjects(PACK, DAY)


def someone(code: str, village: str, year: int = 2018) -> Row:
    known = {"data_year": year, "person_code": code, "household_code": "H1", "region_code": village, "name": "测试"}
    return known | {"exit_status": "已脱贫"}


def test_rows_of_every_division_below_are_counted_once(engine: DuckDBEngine, asked: dict[str, Asked]) -> None:
    places = (PREFECTURE, COUNTY, EAST, WEST)
    results = [{"result_no": place, "year": 2018, "measure": "错退率", "region_code": place} for place in places]
    engine.load("evaluation_result", table_of("evaluation_result", results))
    people = [someone("1", EAST), someone("2", EAST), someone("3", ELSEWHERE), someone("4", EAST, 2017)]
    engine.load("person", table_of("person", people))
    found = engine.rows(asked["evaluation"].rows(["exited_persons"]))
    counted = {row["region_code"]: row["exited_persons"] for row in found}
    assert counted == {PREFECTURE: 3, COUNTY: 2, EAST: 2, WEST: 0}


def test_the_other_household_is_found_by_the_name_its_number_has_there(
    engine: DuckDBEngine, asked: dict[str, Asked]
) -> None:
    known = {"kind": "拆户", "occurred_on": DAY, "household_code": "H1", "region_code": EAST}
    others = {"E1": "H2", "E2": "H9", "E3": None}
    events = [known | {"event_no": number, "other_household_code": other} for number, other in others.items()]
    engine.load("adjustment_event", table_of("adjustment_event", events))
    homes = [{"data_year": 2016, "household_code": code, "region_code": EAST} for code in ("H1", "H2")]
    engine.load("household", table_of("household", homes))
    found = engine.rows(asked["adjustment_event"].rows(["event_no", "other_households"]))
    assert {row["event_no"]: row["other_households"] for row in found} == {"E1": 1, "E2": 0, "E3": 0}


def test_a_village_knows_the_name_that_its_county_has_on_the_day(engine: DuckDBEngine) -> None:
    engine.load("region", derived.region_table(PACK))
    watched = {"data_year": 2018, "household_code": "H1", "region_code": EAST}
    engine.load("monitored_household", table_of("monitored_household", [watched]))
    [row] = engine.rows(asked_subjects(PACK, DAY)["monitored_household"].rows(["home_county"]))
    assert row["home_county"] == "交口县"


def test_computed_rows_have_no_origin(engine: DuckDBEngine, asked: dict[str, Asked]) -> None:
    village = {"region_code": EAST, "poor_persons": 1, "rural_persons": 100}
    engine.load("village_facts", table_of("village_facts", [village]))
    [row] = engine.rows(asked["village_exit"].rows(["headcount_rate"]))
    assert float(row["headcount_rate"]) == 1.0
    assert [row[column.name] for column in ORIGIN] == [None, None, None]


def test_a_subject_says_which_tables_it_reads(asked: dict[str, Asked]) -> None:
    assert asked["evaluation"].tables(["sampled"]) == {"evaluation_result"}
    assert asked["evaluation"].tables(["unregistered"]) == {"evaluation_result", "resident", "person"}
