"""A lead names the person, the record, why both are held to be one, and what the dates suggest. It decides nothing."""

from __future__ import annotations

import json
from datetime import date

from jingzhun.comparison import told
from tests.comparison.people import PACK, authority, compared, leads, member, number, record

ZHANG = member("P1", "张建国", "19700301", 1)
LI = member("P2", "李秀英", "19720505", 2)
CAR = {"category": "小型轿车", "object": "晋J00001", "amount": 6_000_000}


def test_a_car_bought_before_identification_is_a_lead() -> None:
    car = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), **CAR)
    with compared(
        {"person": [ZHANG, LI], "department_record": [car], "source_authority": authority("机动车")}
    ) as engine:
        [lead] = leads(engine, "X07")
    assert (lead["person_code"], lead["record_key"], lead["suggested"]) == ("P1", "机动车|V1", "属实-识别不准")
    assert (lead["found_by"], lead["verdict"], lead["origin_row"]) == ("number_and_name", None, 0)
    assert lead["probability"] > 0.9
    assert json.loads(lead["agreement"])["number"] == "same"
    _, zh, en = told(PACK.comparison_checks["X07"], lead["seen"])
    assert zh == "张建国名下有车辆：小型轿车 晋J00001，取得于 2013-05-01（识别于 2015-06-01）。"
    assert "acquired on 2013-05-01" in en


def test_a_car_bought_later_suggests_a_normal_exit() -> None:
    car = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2017, 5, 1), **CAR)
    with compared(
        {"person": [ZHANG, LI], "department_record": [car], "source_authority": authority("机动车")}
    ) as engine:
        assert [lead["suggested"] for lead in leads(engine, "X08")] == ["属实-正常脱贫"]
        assert leads(engine, "X07") == []


def test_a_farm_tricycle_is_no_lead() -> None:
    car = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), category="三轮汽车")
    with compared(
        {"person": [ZHANG, LI], "department_record": [car], "source_authority": authority("机动车")}
    ) as engine:
        assert leads(engine, "X07") == []


def test_the_number_of_a_lead_is_the_same_in_every_run() -> None:
    car = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), **CAR)
    tables = {"person": [ZHANG, LI], "department_record": [car], "source_authority": authority("机动车")}
    with compared(tables) as engine:
        [first] = leads(engine, "X07")
    with compared({**tables, "person": [LI, ZHANG]}) as engine:
        [second] = leads(engine, "X07")
    assert first["lead_no"] == second["lead_no"]


def test_family_who_lives_elsewhere_is_asked_about_assets_only() -> None:
    son = {"household_code": "HP1", "region_code": ZHANG["region_code"], "name": "张小明", "relation": "之子"}
    son |= {"id_number": record("机动车", "V", "张小明", "19950101")["id_number"], "birth_date": date(1995, 1, 1)}
    car = record("机动车", "V1", "张小明", "19950101", 1, starts_on=date(2013, 5, 1), **CAR)
    post = record("村干部", "C1", "张小明", "19950101", 1, category="村支书", starts_on=date(2013, 5, 1))
    tables = {"person": [ZHANG], "family_tie": [son], "department_record": [car, post]}
    with compared({**tables, "source_authority": authority("机动车", "村干部")}) as engine:
        [lead] = leads(engine, "X07")
        assert (lead["household_code"], lead["person_code"], lead["name"]) == ("HP1", None, "张小明")
        assert leads(engine, "X15") == []


def family_and_their_car(bought: date) -> dict[str, list[dict[str, object]]]:
    """A son who lives elsewhere, his car, and the old household he is compared with, which has a member since 2015."""
    son = {"household_code": "HP1", "region_code": ZHANG["region_code"], "name": "张小明", "relation": "之子"}
    son |= {"id_number": number("19950101"), "birth_date": date(1995, 1, 1)}
    car = record("机动车", "V1", "张小明", "19950101", 1, starts_on=bought, **CAR)
    later = member("P3", "张小红", "20160301", 2, home="HP1", identified="2016-08")
    tables = {"person": [dict(ZHANG), dict(later)], "family_tie": [son], "department_record": [dict(car)]}
    return {**tables, "source_authority": [dict(row) for row in authority("机动车")]}


def family_leads(tables: dict[str, list[dict[str, object]]]) -> list[tuple[str, str | None, str | None]]:
    """Leads about family elsewhere: the check, the suggestion, and the day of identification that was seen."""
    with compared(tables) as engine:
        found = [lead for check in ("X07", "X08") for lead in leads(engine, check) if lead["person_code"] is None]
    return [(lead["check_id"], lead["suggested"], json.loads(lead["seen"])["identified_on"]) for lead in found]


def test_what_family_elsewhere_owns_is_held_against_the_day_the_household_was_identified() -> None:
    assert family_leads(family_and_their_car(date(2013, 5, 1))) == [("X07", "属实-识别不准", "2015-06-01")]
    assert family_leads(family_and_their_car(date(2017, 5, 1))) == [("X08", "属实-正常脱贫", "2015-06-01")]


def test_the_households_own_first_identification_comes_before_its_members() -> None:
    home = {
        "data_year": 2018,
        "household_code": "HP1",
        "region_code": ZHANG["region_code"],
        "first_identified": "2014-03",
    }
    tables = {**family_and_their_car(date(2015, 1, 1)), "household": [home]}
    assert family_leads(tables) == [("X08", "属实-正常脱贫", "2014-03-01")]


def test_where_nobody_knows_when_the_household_was_identified_nothing_is_suggested() -> None:
    tables = family_and_their_car(date(2017, 5, 1))
    tables["person"] = [row | {"identified": None} for row in tables["person"]]
    assert family_leads(tables) == [("X07", None, None)]


def test_those_left_out_are_found_too() -> None:
    listed = record("农村低保", "A1", "王老五", "19500101", 1)
    known = record("农村低保", "A2", "张建国", "19700301", 1)
    tables = {"person": [ZHANG | {"lowins": "农村低保"}, LI], "department_record": [listed, known]}
    with compared({**tables, "source_authority": authority("农村低保")}) as engine:
        assert [lead["name"] for lead in leads(engine, "X24")] == ["王老五"]
        assert leads(engine, "X22") == []


def test_what_the_register_claims_and_no_list_confirms_is_a_lead() -> None:
    other = record("农村低保", "A1", "王老五", "19500101", 1)
    tables = {"person": [ZHANG | {"lowins": "农村低保"}, LI | {"lowins": "未享受"}], "department_record": [other]}
    with compared({**tables, "source_authority": authority("农村低保")}) as engine:
        assert [lead["person_code"] for lead in leads(engine, "X22B")] == ["P1"]


def test_a_person_who_stands_in_two_households_is_found_despite_a_wrong_digit() -> None:
    wrong = str(ZHANG["id_number"])[:16] + "9" + str(ZHANG["id_number"])[17:]
    twice = member("P9", "张建国", "19700301", 1, home="H9", id_number=wrong)
    with compared({"person": [ZHANG, LI, twice]}) as engine:
        [lead] = leads(engine, "X45")
    assert {lead["person_code"], lead["record_key"]} == {"P1", "P9"}
