"""A lead is open until somebody answers for a verdict; one that holds until a day is open again after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jingzhun.comparison import OutcomeTally, tallies
from jingzhun.engine import DuckDBEngine
from jingzhun.worklists import verdicts_not_used
from tests.comparison.people import COUNTY, NEXT_VILLAGE, PACK, VILLAGE, authority, compared, leads, member, record

ZHANG, LI = member("P1", "张建国", "19700301", 1), member("P2", "李秀英", "19720505", 2, region_code=NEXT_VILLAGE)
CARS = [
    record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), category="小型轿车"),
    record("机动车", "V2", "李秀英", "19720505", 2, starts_on=date(2013, 5, 1), category="小型轿车"),
]
OTHER_TOWNSHIP = "141130101200"
TABLES: dict[str, list[Any]] = {
    "person": [ZHANG, LI],
    "department_record": CARS,
    "source_authority": authority("机动车"),
}


def number_of(person: str) -> str:
    with compared(TABLES) as engine:
        return next(lead["lead_no"] for lead in leads(engine, "X07") if lead["person_code"] == person)


def verdict(lead_no: str, label: str, decided_on: date, **facts: Any) -> dict[str, Any]:
    return {"lead_no": lead_no, "verdict": label, "decided_by": "核查人甲", "decided_on": decided_on, **facts}


def tally(engine: DuckDBEngine, region: str = COUNTY) -> OutcomeTally:
    return next(one for one in tallies(engine, PACK, region) if one.check.id == "X07")


def test_leads_without_a_verdict_are_open() -> None:
    with compared(TABLES) as engine:
        one = tally(engine)
        assert (one.found, one.decided, one.open, one.closing_rate) == (2, 0, 2, 0.0)


def test_a_verdict_closes_its_lead_and_no_other() -> None:
    given = [verdict(number_of("P1"), "不属实-挂名", date(2018, 11, 1), evidence="车管所证明")]
    with compared({**TABLES, "lead_verdict": given}) as engine:
        assert (tally(engine).decided, tally(engine).open) == (1, 1)
        assert (tally(engine, VILLAGE).open, tally(engine, NEXT_VILLAGE).open) == (0, 1)


def test_the_latest_verdict_counts() -> None:
    lead_no = number_of("P1")
    given = [verdict(lead_no, "不属实-挂名", date(2018, 9, 1)), verdict(lead_no, "属实-识别不准", date(2018, 11, 1))]
    with compared({**TABLES, "lead_verdict": given}) as engine:
        assert [lead["verdict"] for lead in leads(engine, "X07")] == ["属实-识别不准", None]


def test_a_verdict_that_has_run_out_leaves_the_lead_open() -> None:
    given = [verdict(number_of("P1"), "豁免", date(2018, 3, 1), ends_on=date(2018, 12, 30))]
    with compared({**TABLES, "lead_verdict": given}) as engine:
        assert (tally(engine).decided, tally(engine).run_out, tally(engine).open) == (0, 1, 2)


def test_a_verdict_from_another_township_closes_nothing_and_is_named() -> None:
    lead_no = number_of("P1")
    ours = verdict(lead_no, "不属实-挂名", date(2018, 9, 1), region_code=NEXT_VILLAGE)
    foreign = verdict(lead_no, "属实-不影响", date(2018, 11, 1), region_code=OTHER_TOWNSHIP)
    with compared({**TABLES, "lead_verdict": [foreign]}) as engine:
        assert tally(engine).decided == 0
        assert [(one["number"], one["why"]) for one in verdicts_not_used(engine, COUNTY)] == [(lead_no, "elsewhere")]
    with compared({**TABLES, "lead_verdict": [ours, foreign]}) as engine:
        assert [lead["verdict"] for lead in leads(engine, "X07")] == ["不属实-挂名", None]


def test_a_verdict_given_after_the_day_does_not_count_yet() -> None:
    given = [verdict(number_of("P1"), "属实-不影响", date(2019, 1, 5))]
    with compared({**TABLES, "lead_verdict": given}) as engine:
        assert tally(engine).decided == 0


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"decided_on": date(2013, 12, 31)}, "implausible"),
        ({"decided_on": date(1900, 1, 1)}, "implausible"),
        ({"decided_on": date(2019, 1, 1)}, "later"),
        ({"verdict": "豁免", "ends_on": date(2029, 1, 1)}, "implausible"),
        ({"ends_on": date(2018, 5, 31)}, "implausible"),
        ({"verdict": "豁免"}, "incomplete"),
        ({"rule": "X08 另一条规则"}, "contradicted"),
        ({"person_code": "P2"}, "contradicted"),
        ({"household_code": "HP2"}, "contradicted"),
        ({"lead_no": "X07-1"}, "nowhere"),
        ({"lead_no": "线索一"}, "nowhere"),
        ({"rule": "X07 名下有车", "person_code": "P1", "household_code": "HP1"}, None),
        ({"rule": "X070 说不清的"}, None),
        ({"person_code": "P1", "household_code": "HP9"}, None),
    ],
    ids=str,
)
def test_a_verdict_that_cannot_be_meant_closes_nothing_and_is_named(facts: dict[str, Any], why: str | None) -> None:
    given = verdict(number_of("P1"), "属实-不影响", date(2018, 6, 1), region_code=VILLAGE) | facts
    with compared({**TABLES, "lead_verdict": [given]}) as engine:
        assert tally(engine).decided == (0 if why else 1)
        found = verdicts_not_used(engine, COUNTY)
    assert [(one["number"], one["why"]) for one in found] == ([(given["lead_no"], why)] if why else [])
    assert all(one["zh"] and one["en"] for one in found)


def test_a_correction_that_the_register_does_not_show_closes_nothing() -> None:
    given = [verdict(number_of("P1"), "属实-已更正", date(2018, 11, 1))]
    with compared({**TABLES, "lead_verdict": given}) as engine:
        one = tally(engine)
        assert (one.found, one.decided, one.open, one.claimed) == (2, 0, 2, 1)
