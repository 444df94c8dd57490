"""The same person twice on one department's list is a lead: once per further record, and only where both count."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from jingzhun.comparison import told
from tests.comparison.people import PACK, authority, compared, leads, member, record
from tests.small import Row

CHILD = member("P1", "张小明", "20080301", 1, in_school="小学")
OTHER = member("P2", "李小红", "20080505", 2, in_school="小学")


def enrolled(no: str, school: str, child: str = "张小明", born: str = "20080301", order: int = 1, **facts: Any) -> Row:
    return record("学籍", no, child, born, order, object=school, starts_on=date(2015, 9, 1), **facts)


def found(*records: Row) -> list[dict[str, Any]]:
    tables = {"person": [CHILD, OTHER], "department_record": records, "source_authority": authority("学籍")}
    with compared(tables) as engine:
        return leads(engine, "X34C")


def test_a_pupil_on_the_lists_of_two_schools_is_one_lead_about_the_later_record() -> None:
    [lead] = found(enrolled("A1", "甲校"), enrolled("A2", "乙校"), enrolled("A3", "甲校", "李小红", "20080505", 2))
    assert (lead["person_code"], lead["record_key"], lead["origin_row"]) == ("P1", "学籍|A2", 1)
    assert lead["probability"] > 0.9
    _, zh, en = told(PACK.comparison_checks["X34C"], lead["seen"])
    assert zh.startswith("张小明（登记为小学）在两所学校有学籍：甲校（自 2015-09-01）和乙校")
    assert "enrolled at two schools: 甲校" in en


def test_the_same_school_twice_a_child_who_moved_and_another_child_are_no_leads() -> None:
    assert found(enrolled("A1", "甲校"), enrolled("A2", "甲校")) == []
    assert found(enrolled("A1", "甲校", ends_on=date(2017, 7, 1)), enrolled("A2", "乙校")) == []
    assert found(enrolled("A1", "甲校"), enrolled("A2", "乙校", "李小红", "20080505", 2)) == []


def test_every_further_school_is_a_lead_of_its_own_beside_the_first_that_still_counts() -> None:
    moved = enrolled("A1", "甲校", ends_on=date(2017, 7, 1))
    three = found(moved, enrolled("A2", "乙校"), enrolled("A3", "丙校"), enrolled("A4", "丁校"))
    beside = [(lead["record_key"], json.loads(lead["seen"])["other_object"]) for lead in three]
    assert beside == [("学籍|A3", "乙校"), ("学籍|A4", "乙校")]
    assert len({lead["lead_no"] for lead in three}) == 2


def test_a_list_that_writes_the_child_with_a_homophone_still_has_it_twice() -> None:
    [lead] = found(enrolled("A1", "甲校"), enrolled("A2", "乙校", "张小鸣"))
    assert json.loads(lead["agreement"])["name"] != "same"


def test_a_list_without_authority_is_not_searched_for_repetitions() -> None:
    tables = {"person": [CHILD, OTHER], "department_record": [enrolled("A1", "甲校"), enrolled("A2", "乙校")]}
    with compared({**tables, "source_authority": authority("机动车")}) as engine:
        assert leads(engine, "X34C") == []
