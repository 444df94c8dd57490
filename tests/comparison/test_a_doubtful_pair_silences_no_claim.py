"""Somebody who only may be on the other side is still said to be missing there, with who it may be and how likely."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from jingzhun.comparison import told
from jingzhun.policy import Pack
from tests.comparison.people import PACK, VILLAGE, authority, compared, leads, member, number, record
from tests.small import Row

WANG = member("P1", "王老五", "19500101", 1, lowins="农村低保")
OTHERS = [
    member(f"X{at}", name, f"19{60 + at}0101", 1, lowins="未享受")
    for at, name in enumerate(("王平", "刘海", "陈志", "赵云"))
]
LISTED = record("农村低保", "A1", "王老五", "19500101", 1)
NAMESAKE = record("农村低保", "A1", "王老五", "19510211", 1, birth_date=None)
"""The same name in the same village under another well-formed number, without a birth date: one person, or two."""


def about_allowance(
    *records: Row, people: tuple[Row, ...] = (WANG,), family: tuple[Row, ...] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Leads by check: left out of the register, and missing from the list."""
    tables = {"person": [*people, *OTHERS], "family_tie": family, "department_record": records}
    with compared({**tables, "source_authority": authority("农村低保")}) as engine:
        return {check: leads(engine, check) for check in ("X24", "X22B")}


def brother(name: str, born: str, order: int = 1, home: str = "HX1") -> Row:
    known = {"household_code": home, "region_code": VILLAGE, "name": name, "relation": "之子", "sex": "男"}
    return known | {"id_number": number(born, order)}


def test_a_namesake_on_the_list_is_left_out_unless_it_is_certain_who_he_is() -> None:
    [lead] = about_allowance(NAMESAKE)["X24"]
    assert 0.6 < lead["probability"] < 0.9
    assert (lead["name"], lead["person_code"], lead["candidates"]) == ("王老五", None, 1)
    _, zh, en = told(PACK.comparison_checks["X24"], lead["seen"], None, lead["probability"])
    assert zh.endswith(f"但可能就是在册的王老五（HP1）（可能性 {lead['probability']}）：先核实是否同一人。")
    assert "It may yet be 王老五（HP1） of the register" in en


def test_whom_the_list_may_have_is_missing_from_it_unless_it_is_certain() -> None:
    [lead] = about_allowance(NAMESAKE)["X22B"]
    assert (lead["person_code"], lead["candidates"]) == ("P1", 1)
    _, zh, en = told(PACK.comparison_checks["X22B"], lead["seen"], None, lead["probability"])
    assert "民政名单中没有。但可能就是名单上的王老五（农村低保|A1）" in zh
    assert "on the list" in en


def test_who_certainly_stands_on_both_sides_is_missing_on_neither() -> None:
    assert about_allowance(LISTED) == {"X24": [], "X22B": []}


def test_who_resembles_nobody_is_left_out_without_a_maybe() -> None:
    found = about_allowance(LISTED, record("农村低保", "A2", "孙秀峰", "19620505", 3))
    [lead] = found["X24"]
    assert (lead["name"], lead["probability"], lead["candidates"]) == ("孙秀峰", None, None)
    _, zh, _ = told(PACK.comparison_checks["X24"], lead["seen"], None, lead["probability"])
    assert "可能" not in zh


def test_a_record_of_one_of_two_registered_twins_is_of_nobody_left_out() -> None:
    twin = member("P2", "王老六", "19500101", 3, home="HP1", lowins="农村低保")
    either = record("农村低保", "A1", "王老七", "19500101", 1, id_number=None)
    found = about_allowance(either, people=(WANG, twin))
    assert found["X24"] == []
    assert {lead["person_code"] for lead in found["X22B"]} == {"P1", "P2"}


def test_family_elsewhere_on_the_list_is_left_out_though_a_household_names_them() -> None:
    found = about_allowance(
        LISTED, record("农村低保", "A2", "孙小明", "19850505", 1), family=(brother("孙小明", "19850505"),)
    )
    assert [lead["name"] for lead in found["X24"]] == ["孙小明"]


def test_a_son_who_is_registered_and_named_by_his_parents_household_is_one_person() -> None:
    """His record without a number is not shared out between his two rows: it is certainly his."""
    unnumbered = LISTED | {"id_number": None}
    assert about_allowance(unnumbered, family=(brother("王老五", "19500101"),)) == {"X24": [], "X22B": []}


def test_a_certainty_that_any_likely_pair_has_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: with the threshold of leads for a certainty, the doubtful pair silences both claims."""
    monkeypatch.setattr(sys.modules["jingzhun.comparison.compare"], "CERTAIN", "lead_probability_min")
    assert about_allowance(NAMESAKE) == {"X24": [], "X22B": []}


def test_certain_is_more_than_likely_in_the_pack() -> None:
    pack: Pack = PACK
    day = pack.meta.valid_from
    assert pack.number("lead_probability_min", day) < pack.number("lead_probability_certain", day) < 1
