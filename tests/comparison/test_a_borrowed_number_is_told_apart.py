"""A car or a business under a member's number and in another's name is a lead, and is called what it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jingzhun.comparison import told
from tests.comparison.people import PACK, authority, compared, leads, member, number, record
from tests.small import Row

ZHANG = member("P1", "张建国", "19700301", 1)
LI = member("P2", "李秀英", "19720505", 2)
OTHERS = [member(f"X{at}", name, f"19{60 + at}0101", 1) for at, name in enumerate(("王平", "刘海", "陈志", "赵云"))]
CAR = {"category": "小型轿车", "object": "晋J00001", "amount": 6_000_000, "starts_on": date(2013, 5, 1)}
ANOTHER = record("机动车", "V1", "孙秀峰", "19880808", 3, id_number=ZHANG["id_number"], **CAR)


def about_cars(*records: Row, people: tuple[Row, ...] = (ZHANG, LI), check: str = "X07") -> list[dict[str, Any]]:
    tables = {"person": [*people, *OTHERS], "department_record": records, "source_authority": authority("机动车")}
    with compared(tables) as engine:
        return leads(engine, check)


def test_a_car_bought_under_a_borrowed_number_is_a_lead_that_says_so() -> None:
    [lead] = about_cars(ANOTHER)
    assert (lead["person_code"], lead["record_key"], lead["suggested"]) == ("P1", "机动车|V1", "不属实-挂名")
    assert (lead["found_by"], lead["probability"] < 0.05) == ("number", True)
    _, zh, en = told(PACK.comparison_checks["X07"], lead["seen"], lead["suggested"])
    assert zh.startswith("张建国的证件号码下登记有车辆：小型轿车 晋J00001") and "登记的姓名是孙秀峰" in zh
    assert "in the name of 孙秀峰" in en


def test_it_is_told_apart_though_the_department_sends_no_birth_date() -> None:
    [lead] = about_cars(ANOTHER | {"birth_date": None, "sex": None, "region_code": None})
    assert (lead["person_code"], lead["suggested"]) == ("P1", "不属实-挂名")


def test_a_car_bought_after_the_identification_is_told_apart_too() -> None:
    later = ANOTHER | {"starts_on": date(2017, 5, 1)}
    assert about_cars(later) == []
    [lead] = about_cars(later, check="X08")
    assert lead["suggested"] == "不属实-挂名"


def test_a_company_under_a_borrowed_number_is_told_apart() -> None:
    company = ANOTHER | {"source": "工商登记", "category": "法定代表人", "object": "合成企业"}
    tables = {"person": [ZHANG, LI, *OTHERS], "department_record": [company]}
    with compared({**tables, "source_authority": authority("工商登记")}) as engine:
        [lead] = leads(engine, "X12")
    assert lead["suggested"] == "不属实-挂名"


def test_a_homophone_is_the_person_and_no_borrowed_number() -> None:
    [lead] = about_cars(record("机动车", "V1", "张建果", "19700301", 1, **CAR))
    assert (lead["probability"] > 0.9, lead["suggested"]) == (True, "属实-识别不准")


def test_a_number_that_stands_twice_in_the_register_is_not_called_borrowed() -> None:
    twice = member("P9", "张建国", "19700301", 1, home="H9")
    found = about_cars(record("机动车", "V1", "张建果", "19700301", 1, **CAR), people=(ZHANG, twice))
    assert "不属实-挂名" not in {lead["suggested"] for lead in found}


def test_a_malformed_number_that_is_the_same_is_not_called_borrowed() -> None:
    wrong = number("19700301")[:-1] + ("0" if number("19700301")[-1] != "0" else "1")
    assert about_cars(ANOTHER | {"id_number": wrong}, people=(ZHANG | {"id_number": wrong}, LI)) == []


def test_checks_that_do_not_ask_take_the_record_for_nobody_of_the_register() -> None:
    listed = ANOTHER | {"source": "农村低保", "category": "农村低保"}
    tables = {"person": [ZHANG | {"lowins": "未享受"}, *OTHERS], "department_record": [listed]}
    with compared({**tables, "source_authority": authority("农村低保")}) as engine:
        assert leads(engine, "X22") == []
        assert [lead["name"] for lead in leads(engine, "X24")] == ["孙秀峰"]


@pytest.mark.parametrize("right", ["", "2018-06-30"])
def test_a_borrowed_number_needs_the_same_right_as_any_other_pair(right: str) -> None:
    granted = authority("机动车", until=date.fromisoformat(right)) if right else []
    tables = {"person": [ZHANG, LI, *OTHERS], "department_record": [ANOTHER], "source_authority": granted}
    with compared(tables) as engine:
        assert leads(engine, "X07") == []
