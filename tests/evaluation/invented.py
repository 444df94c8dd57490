"""A county of eight villages whose sample, visits and cases can be counted by hand; all people are invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from jingzhun.evaluation.evaluate import About, evaluate
from jingzhun.evaluation.places import Evidence
from jingzhun.evaluation.rates import EXITED, OUTSIDE, POOR
from jingzhun.evaluation.register import Group, Register, Village
from jingzhun.model.evaluation_report import EvaluationReport, RateResult
from jingzhun.model.message import Message
from jingzhun.policy import Pack, load_pack
from tests.small import table_of

Row = dict[str, Any]
AS_OF = date(2018, 12, 31)
COUNTY = "990101000000"
SUBJECTS = {"E": "脱贫户", "P": "未脱贫户", "O": "非建档立卡户"}
POOR_VILLAGES, OTHER_VILLAGES = range(4), range(4, 8)
DRAWN = {"E": (6, 12), "P": (3, 4), "O": (6, 24)}
"""Households drawn of those that a village has, by subject."""
MEMBERS = 3
POOR_KIND, OTHER_KIND = Message("kind", "贫困村", "poor village"), Message("kind", "非贫困村", "other village")


@cache
def pack() -> Pack:
    return load_pack("luliang_2018")


def code(village: int) -> str:
    return f"9901011002{village:02d}"


def villages() -> list[Row]:
    """Two of four poor villages and two of four others were drawn, each with a chance of a half."""
    return [
        {
            "region_code": code(village),
            "county_code": COUNTY,
            "stratum": "贫困村" if village in POOR_VILLAGES else "非贫困村",
            "role": "样本",
            "chance_part": 1,
            "chance_whole": 2,
            "certain": False,
        }
        for village in (0, 1, 4, 5)
    ]


def key(village: int, subject: str, number: int) -> str:
    return f"{village}{subject}{number:02d}"


def households() -> list[Row]:
    """Those drawn, and two in reserve for each village and subject."""
    return [
        {
            "household_key": key(village, subject, number),
            "region_code": code(village),
            "subject": SUBJECTS[subject],
            "stratum": SUBJECTS[subject],
            "role": "样本" if number < drawn else "备用",
            "chance_part": drawn,
            "chance_whole": whole,
            "members": MEMBERS,
            "exit_year": 2018 if subject == "E" else None,
            "head_name": "赵测试",
        }
        for village in (0, 1, 4, 5)
        for subject, (drawn, whole) in DRAWN.items()
        for number in range(drawn + 2)
    ]


def visit(household: str, outcome: str = "完成", **facts: Any) -> Row:
    return {
        "visit_no": f"V{household}",
        "household_key": household,
        "region_code": code(int(household[0])),
        "subject": SUBJECTS[household[1]],
        "outcome": outcome,
        "visited_on": date(2019, 3, 1),
        "acknowledged": True if outcome == "完成" else None,
    } | facts


def visits(changed: Mapping[str, Mapping[str, Any]] | None = None, more: Iterable[Row] = ()) -> list[Row]:
    """Everybody drawn answered and approves, unless ``changed`` says otherwise of the household's number."""
    drawn = [row["household_key"] for row in households() if row["role"] == "样本"]
    return [visit(one) | dict((changed or {}).get(one, {})) for one in drawn] + list(more)


def case(number: int, household: str, doubt: str, verdict: str | None = "属实", **facts: Any) -> Row:
    return {
        "case_no": f"C{number}",
        "household_key": household,
        "region_code": code(int(household[0])),
        "doubt": doubt,
        "persons": MEMBERS,
        "verdict": verdict,
    } | facts


def evidence(
    visits_: Iterable[Row] | None = None,
    cases: Iterable[Row] = (),
    villages_: Iterable[Row] | None = None,
    households_: Iterable[Row] | None = None,
) -> Evidence:
    return Evidence(
        table_of("sampled_village", villages() if villages_ is None else villages_),
        table_of("sampled_household", households() if households_ is None else households_),
        table_of("survey_visit", visits() if visits_ is None else visits_),
        table_of("doubtful_case", cases),
    )


def register(persons: Mapping[int, int] | None = None, *, complete: bool = True) -> Register:
    """All eight villages: 36 exited, 12 poor and 72 persons outside the register in each, unless told otherwise."""
    count = {EXITED: 36, POOR: 12, OUTSIDE: 72} | dict(persons or {})
    places = {
        code(village): Village(
            f"第{village}村",
            "测试乡",
            "测试县",
            COUNTY,
            POOR_KIND if village in POOR_VILLAGES else OTHER_KIND,
            111.0 + village / 100,
            37.5 + village % 3 / 100,
        )
        for village in range(8)
    }
    groups = tuple(
        Group(one, COUNTY, subject, 2018 if subject == EXITED else 0, people)
        for one in places
        for subject, people in count.items()
        if complete or subject != OUTSIDE
    )
    return Register(places, groups, {COUNTY: 8 * sum(count.values())} if complete else {})


def about(**changed: Any) -> About:
    said = About(COUNTY, "测试县", AS_OF, "a" * 64, "b" * 64, "c" * 64, "20190301", True)
    return replace(said, **changed)


def report(given: Evidence | None = None, known: Register | None = None) -> EvaluationReport:
    return evaluate(known or register(), given or evidence(), pack(), about())


def result(of: EvaluationReport, rate: str) -> RateResult:
    return next(one for one in of.whole.results if one.rate == rate)
