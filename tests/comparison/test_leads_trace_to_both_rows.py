"""A lead names the person, the record, why both are held to be one, and what the dates suggest. It decides nothing."""

from __future__ import annotations

import json
from datetime import date

from jingzhun.comparison import told
from tests.comparison.people import PACK, authority, compared, leads, member, record

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
