"""Each criterion stops an exit by itself; one whose fact is unknown is not passed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jingzhun.exits import exit_steps, fact_steps
from tests.small import (
    AS_OF,
    COUNTY,
    EAST,
    PREFECTURE,
    WEST,
    Row,
    household,
    person,
    registry,
    resident,
    run,
    small_pack,
)

HOME = {"net_income_per_head": 320_001, "dangerous_house": False, "water_safe": True}


def judged(kind: str, code: str, rows: dict[str, list[Row]], as_of: date = AS_OF) -> dict[str, dict[str, Any]]:
    with registry(rows, as_of=as_of) as engine:
        run(engine, [*fact_steps(as_of, PREFECTURE), *exit_steps(small_pack(), as_of)])
        found = engine.rows(f"SELECT * FROM exit_test WHERE subject_kind = '{kind}' AND subject_code = '{code}'")
        return {row["criterion"]: row for row in found}


def outcome(found: dict[str, dict[str, Any]]) -> dict[str, bool | None]:
    return {criterion: row["passed"] for criterion, row in found.items()}


def test_a_household_that_meets_everything_passes_everything() -> None:
    found = judged("household", "H1", {"household": [household("H1", **HOME)]})
    assert outcome(found) == {"income": True, "housing": True, "water": True}
    assert found["income"]["officially_exited"] is True


@pytest.mark.parametrize(
    ("changed", "criterion"),
    [
        ({"net_income_per_head": 320_000}, "income"),
        ({"dangerous_house": True}, "housing"),
        ({"water_safe": False}, "water"),
    ],
)
def test_each_threshold_stops_it_alone(changed: dict[str, Any], criterion: str) -> None:
    found = outcome(judged("household", "H1", {"household": [household("H1", **HOME | changed)]}))
    assert {name for name, passed in found.items() if passed is False} == {criterion}
    assert all(passed is True for name, passed in found.items() if name != criterion)


@pytest.mark.parametrize(
    ("fact", "criterion"),
    [("net_income_per_head", "income"), ("dangerous_house", "housing"), ("water_safe", "water")],
)
def test_an_unknown_fact_is_not_passed(fact: str, criterion: str) -> None:
    found = outcome(judged("household", "H1", {"household": [household("H1", **HOME | {fact: None})]}))
    assert found[criterion] is None


def test_the_line_of_the_day_is_used() -> None:
    rows = {"household": [household("H1", year=2017, **HOME | {"net_income_per_head": 300_000})]}
    before = judged("household", "H1", rows, date(2017, 12, 31))
    assert (before["income"]["passed"], before["income"]["wanted"]) == (True, "2800")
    rows = {"household": [household("H1", **HOME | {"net_income_per_head": 300_000})]}
    after = judged("household", "H1", rows)
    assert (after["income"]["passed"], after["income"]["seen"], after["income"]["wanted"]) == (False, "300000", "3200")


@pytest.mark.parametrize(
    ("status", "official"), [("未脱贫", False), ("返贫", False), ("预脱贫", False), ("已脱贫", True), (None, None)]
)
def test_whether_a_household_has_left_is_what_its_status_says(status: str | None, official: bool | None) -> None:
    found = judged("household", "H1", {"household": [household("H1", exit_status=status)]})
    assert found["income"]["officially_exited"] is official


def village(**facts: Any) -> Row:
    return {
        "data_year": 2018,
        "region_code": EAST,
        "attribute": "贫困村",
        "exited": True,
        "road_hardened": True,
    } | facts


def test_a_rate_exactly_at_the_limit_does_not_pass() -> None:
    roster = [resident(str(n)) for n in range(4)]
    one = {"village": [village()], "resident": roster, "person": [person("P1", exit_status="未脱贫")]}
    assert outcome(judged("village", EAST, one)) == {"headcount": False, "road": True}
    less = {**one, "resident": [*roster, resident("5")]}
    assert outcome(judged("village", EAST, less)) == {"headcount": True, "road": True}


def test_a_rate_without_its_denominator_does_not_pass() -> None:
    found = judged("village", EAST, {"village": [village()], "person": [person("P1")]})
    assert found["headcount"]["passed"] is None


def test_a_village_without_a_row_passes_nothing() -> None:
    found = judged("village", WEST, {"village": [village()]})
    assert outcome(found) == {"headcount": None, "road": None}
    assert found["road"]["officially_exited"] is None


def test_an_ordinary_village_has_not_left_a_list_it_was_never_on() -> None:
    found = judged("village", EAST, {"village": [village(attribute="非贫困村")]})
    assert found["road"]["officially_exited"] is None


@pytest.mark.parametrize(("wrong", "passed"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_county_may_have_less_than_two_in_a_hundred_wrong(wrong: int, passed: bool) -> None:
    result = {
        "result_no": "1",
        "year": 2018,
        "measure": "错退率",
        "found": wrong,
        "sampled": 100,
        "region_code": COUNTY,
    }
    found = judged("county", COUNTY, {"evaluation_result": [result]})
    assert found["wrong_exit"]["passed"] is passed
    assert found["wrong_exit"]["seen"] == f"{wrong}/100"


def test_a_county_that_nobody_evaluated_does_not_pass() -> None:
    empty = {"result_no": "1", "year": 2018, "measure": "错退率", "found": 0, "sampled": 0, "region_code": COUNTY}
    for rows in ({}, {"evaluation_result": [empty]}):
        assert judged("county", COUNTY, rows)["wrong_exit"]["passed"] is None


def test_a_village_without_facilities_stops_its_county() -> None:
    equipped = {"bus": True, "broadband": True, "clinic_qualified": True}
    both = [village(**equipped), village(**equipped, region_code=WEST)]
    assert judged("county", COUNTY, {"village": both})["facilities"]["passed"] is True
    unknown = [both[0], {**both[1], "broadband": None}]
    assert judged("county", COUNTY, {"village": unknown})["facilities"]["passed"] is False


def test_a_standard_counts_only_in_its_time() -> None:
    day = date(2021, 12, 31)
    rows = {"household": [household("H1", year=2021, **HOME)], "village": [village(data_year=2021)]}
    assert judged("household", "H1", rows, day) == {}
    assert judged("village", EAST, rows, day)["road"]["passed"] is True


def test_before_any_standard_there_is_a_table_without_rows() -> None:
    with registry({}, as_of=date(2015, 12, 31)) as engine:
        run(engine, [*fact_steps(date(2015, 12, 31), PREFECTURE), *exit_steps(small_pack(), date(2015, 12, 31))])
        assert engine.rows("SELECT * FROM exit_test") == []
