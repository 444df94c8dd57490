"""Without a document in force a source is refused; property is looked up for households that signed, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jingzhun.comparison import refusals
from jingzhun.engine import DuckDBEngine
from tests.comparison.people import AS_OF, PACK, VILLAGE, authority, compared, leads, member, record

ZHANG, LI = member("P1", "张建国", "19700301", 1), member("P2", "李秀英", "19720505", 2)
CAR = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), category="小型轿车")


def state(engine: DuckDBEngine, source: str) -> dict[str, Any]:
    return engine.rows(f"SELECT * FROM comparison_source WHERE source = '{source}'")[0]


def test_a_source_with_a_document_in_force_is_used() -> None:
    tables = {"person": [ZHANG, LI], "department_record": [CAR], "source_authority": authority("机动车")}
    with compared(tables) as engine:
        found = state(engine, "vehicles")
        assert (found["state"], found["document"], found["records"]) == ("used", "机动车协议", 1)
        assert len(leads(engine, "X07")) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        authority("不动产"),
        authority("机动车", until=date(2018, 12, 30)),
        authority("机动车", region="141121000000"),
    ],
    ids=["no document", "document for another source", "document has run out", "document for another county"],
)
def test_a_source_without_authority_gives_no_lead(rows: list[Any]) -> None:
    with compared({"person": [ZHANG, LI], "department_record": [CAR], "source_authority": rows}) as engine:
        assert leads(engine, "X07") == []
        if not rows or rows[0]["region_code"] != "141121000000":
            assert state(engine, "vehicles")["state"] == "refused"


def test_a_document_for_a_division_that_is_not_here_is_told_as_such() -> None:
    rows = authority("机动车", region="990101000000")
    with compared({"person": [ZHANG, LI], "department_record": [CAR], "source_authority": rows}) as engine:
        assert refusals(engine, PACK, AS_OF) == {
            "vehicles": ("“机动车协议”是给别的地区的", "'机动车协议' is for another division")
        }


def test_nobody_is_left_out_of_a_list_that_may_not_be_used() -> None:
    listed = record("农村低保", "A1", "王老五", "19500101", 1)
    with compared({"person": [ZHANG | {"lowins": "农村低保"}], "department_record": [listed]}) as engine:
        assert leads(engine, "X24") == leads(engine, "X22B") == []


def test_deposits_are_looked_up_for_households_that_signed() -> None:
    rich = [record("银行存款", f"B{at}", row["name"], born, order, amount=9_000_000, object="某银行")
            for at, (row, born, order) in enumerate([(ZHANG, "19700301", 1), (LI, "19720505", 2)])]  # fmt: skip
    signed = {"household_code": "HP1", "region_code": VILLAGE, "signed_on": date(2018, 3, 1)}
    ended = {
        "household_code": "HP2",
        "region_code": VILLAGE,
        "signed_on": date(2017, 3, 1),
        "ends_on": date(2018, 3, 1),
    }
    tables = {"person": [ZHANG, LI], "department_record": rich, "source_authority": authority("银行存款")}
    with compared({**tables, "household_consent": [signed, ended]}) as engine:
        assert [lead["person_code"] for lead in leads(engine, "X19")] == ["P1"]
