"""Each thing that must not be in a survey is named, with the row it stands in; a sound survey is told nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jingzhun.evaluation import Found, SampleManifest, findings, progress_step
from jingzhun.evaluation.survey import checks_of
from jingzhun.policy import load_pack
from tests.small import COUNTY, EAST, WEST, Row, registry

PACK = load_pack("luliang_2018")
STRATUM = "贫困村·近便村"
DRAWN_ON = date(2018, 12, 31)
Rows = dict[str, list[dict[str, Any]]]
MANIFEST = SampleManifest(
    seed=1,
    drawn_on=DRAWN_ON,
    region=COUNTY,
    as_of=DRAWN_ON,
    snapshot="s",
    synthetic=True,
    pack="p",
    pack_version="1",
    pack_sha256="p",
    design="special_evaluation",
    design_sha256="d",
    parameters={"evaluation_replaced_share_max": "30"},
    product_version="0",
    counties=(),
    tables={},
)


def village(code: str, role: str = "样本") -> Row:
    return {
        "region_code": code,
        "county_code": COUNTY,
        "stratum": STRATUM,
        "role": role,
        "place": 1,
        "stratum_drawn": 1,
    }


def home(key: str, subject: str = "脱贫户", role: str = "样本", place: int = 1, **facts: Any) -> Row:
    known = {"household_key": key, "region_code": EAST, "subject": subject, "stratum": "一般", "role": role}
    return known | {"place": place, "certain": False} | facts


def visit(key: str, subject: str = "脱贫户", **facts: Any) -> dict[str, Any]:
    answers = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water", "income_stable"), True)
    known = {"visit_no": f"W{key}", "household_key": key, "region_code": EAST, "subject": subject, "outcome": "完成"}
    known |= {"visited_on": date(2019, 4, 1), "visited_by": "甲", "members": 2, "acknowledged": True}
    return known | answers | {"origin_file": 1, "origin_sheet": "东村", "origin_row": 7} | facts


def sound() -> Rows:
    """K1 to K4 were drawn and answered; K6 and K7 are in reserve for the exited, K8 in a village in reserve."""
    outside = "非建档立卡户"
    return {
        "sampled_village": [dict(village(EAST)), dict(village(WEST, "备用"))],
        "sampled_household": [
            dict(home("K1")),
            dict(home("K2", place=2)),
            dict(home("K3", outside, stratum="必查", groups="低保户", certain=True)),
            dict(home("K4", outside)),
            dict(home("K6", role="备用", place=1)),
            dict(home("K7", role="备用", place=2)),
            dict(home("K8", role="备用", region_code=WEST)),
            dict(home("K9", outside, role="备用", place=1)),
        ],
        "survey_visit": [visit("K1"), visit("K2"), visit("K3", outside), visit("K4", outside)],
        "doubtful_case": [],
        "source_file": [{"file_no": 1, "file": "名单.xlsx"}],
    }


def found_in(rows: Rows) -> list[Found]:
    with registry(rows) as engine:
        return findings(engine, MANIFEST, PACK)


def put(number: int, **facts: Any) -> Callable[[Rows], None]:
    return lambda rows: rows["survey_visit"][number].update(facts)


def add(*visits: dict[str, Any]) -> Callable[[Rows], None]:
    return lambda rows: rows["survey_visit"].extend(copy.deepcopy(list(visits)))


def case(**facts: Any) -> dict[str, Any]:
    known = {"case_no": "D1", "household_key": "K1", "region_code": EAST, "doubt": "疑似错退", "persons": 2}
    heard = {"raised_on": date(2019, 4, 1), "sent_on": date(2019, 4, 3), "appealed_on": date(2019, 4, 8)}
    return known | heard | {"verdict": "属实", "decided_on": date(2019, 4, 20)} | facts


def doubted(**facts: Any) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows["survey_visit"][0]["doubt"] = "疑似错退"
        rows["doubtful_case"].append(case(**facts))

    return change


def both(*changes: Callable[[Rows], None]) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for one in changes:
            one(rows)

    return change


REFUSED = put(1, outcome="拒访")
STANDS_IN = {"replaces": "K2", "replace_reason": "拒访"}
FOR_K1 = {"replaces": "K1", "replace_reason": "拒访"}
SHELF: dict[str, tuple[Callable[[Rows], None], set[str], str]] = {
    "a household that nobody drew": (add(visit("K0")), {"not_in_sample"}, "样本里没有户 K0"),
    "a row on another village's list": (put(0, region_code=WEST), {"not_as_drawn"}, "与样本（脱贫户）不符"),
    "another subject than was drawn": (put(0, subject="未脱贫户"), {"not_as_drawn"}, "户 K1"),
    "two completed questionnaires": (add(visit("K1", visit_no="X")), {"visited_twice"}, "几份完成的问卷"),
    "a visit before the draw": (put(0, visited_on=date(2018, 4, 1)), {"before_the_draw"}, "早于抽样日期 2018-12-31"),
    "a replacement without a reason": (
        both(REFUSED, add(visit("K6", replaces="K2"))),
        {"replaced_without_reason"},
        "没有写替换原因",
    ),
    "a replacement for nobody": (
        both(REFUSED, add(visit("K6", replaces="K0", replace_reason="拒访"))),
        {"replaces_nobody"},
        "不是抽中的样本户",
    ),
    "a reserve that stands in for nobody": (both(REFUSED, add(visit("K6"))), {"reserve_for_nobody"}, "没有写替换谁"),
    "a replacement for one that answered": (
        add(visit("K6", **STANDS_IN)),
        {"replaced_though_answered"},
        "K2 自己完成了问卷",
    ),
    "two replacements for one": (
        both(REFUSED, add(visit("K6", **STANDS_IN), visit("K7", **STANDS_IN))),
        {"replaced_twice"},
        "被几户同时替换",
    ),
    "a replacement of another subject": (
        both(REFUSED, add(visit("K9", "非建档立卡户", **STANDS_IN))),
        {"replaced_from_elsewhere", "questionnaires_short"},
        "同一调查对象",
    ),
    "a mandatory household replaced": (
        both(
            put(2, outcome="无人在家"),
            add(visit("K9", "非建档立卡户", replaces="K3", replace_reason="无人在家")),
        ),
        {"mandatory_replaced", "replaced_from_elsewhere"},
        "必查群体不得替换",
    ),
    "a reserve out of its turn": (both(REFUSED, add(visit("K7", **STANDS_IN))), {"out_of_order"}, "替换顺序是 2"),
    "more replaced than may be": (
        both(REFUSED, put(0, outcome="拒访"), add(visit("K6", **STANDS_IN), visit("K7", **FOR_K1))),
        {"too_many_replaced"},
        "2 / 4，超过 30%",
    ),
    "a mandatory household not visited": (
        lambda rows: rows["survey_visit"].pop(2) and None,
        {"mandatory_not_visited", "questionnaires_short"},
        "必查户 K3（低保户）没有入户",
    ),
    "a village without a questionnaire": (
        lambda rows: rows.update(survey_visit=[]),
        {"mandatory_not_visited", "questionnaires_short", "villages_short"},
        "贫困村·近便村 0 / 1 个村",
    ),
    "a refusal that nobody replaced": (REFUSED, {"questionnaires_short"}, "脱贫户 1 / 2 份问卷"),
    "an answer left empty": (put(0, acknowledged=None), {"answers_missing"}, "缺 是否认可"),
    "a doubt that the ledger lacks": (put(0, doubt="疑似错退"), {"doubt_without_case"}, "台账里没有"),
    "a case of a household that was not asked": (
        lambda rows: rows["doubtful_case"].append(case(household_key="K6")),
        {"case_of_nobody_asked"},
        "没有完成的问卷",
    ),
    "a case decided before it was sent out": (doubted(sent_on=None), {"decided_unheard"}, "没有给地方申诉举证的机会"),
    "a case decided on the day it was sent": (
        doubted(appealed_on=None, decided_on=date(2019, 4, 3)),
        {"decided_unheard"},
        "认定为属实",
    ),
    "a case decided before the appeal": (doubted(appealed_on=date(2019, 5, 1)), {"decided_unheard"}, "D1"),
}  # fmt: skip


def test_a_sound_survey_is_told_nothing() -> None:
    assert found_in(sound()) == []


@pytest.mark.parametrize("name", list(SHELF))
def test_what_must_not_be_is_named(name: str) -> None:
    change, checks, says = SHELF[name]
    rows = sound()
    change(rows)
    found = found_in(rows)
    assert {one.check.id for one in found} == checks
    assert any(says in one.zh for one in found), [one.zh for one in found]


def test_every_check_is_tried() -> None:
    tried = {check for _, checks, _ in SHELF.values() for check in checks}
    assert {check.id for check in checks_of(MANIFEST, PACK)} == tried


def test_a_case_that_was_heard_is_in_order() -> None:
    rows = sound()
    doubted()(rows)
    assert found_in(rows) == []


def test_a_replacement_in_its_turn_is_in_order() -> None:
    rows = sound()
    both(REFUSED, add(visit("K6", **STANDS_IN)))(rows)
    assert found_in(rows) == []


def test_a_reserve_village_may_stand_in_for_one_of_its_stratum() -> None:
    rows = sound()
    both(put(1, outcome="无人在家"), add(visit("K8", region_code=WEST, replaces="K2", replace_reason="道路不通")))(rows)
    assert found_in(rows) == []


def test_a_second_call_on_a_household_is_no_second_questionnaire() -> None:
    rows = sound()
    add(visit("K1", visit_no="first", outcome="无人在家"))(rows)
    assert found_in(rows) == []


def test_a_finding_names_file_sheet_and_row() -> None:
    rows = sound()
    put(0, acknowledged=None)(rows)
    [one] = found_in(rows)
    assert (one.file, one.sheet, one.row, one.household_key) == ("名单.xlsx", "东村", 7, "K1")
    assert "lacks" in one.en


def test_progress_counts_every_household_drawn_once() -> None:
    rows = sound()
    both(
        REFUSED,
        add(visit("K6", **STANDS_IN), visit("K1", visit_no="first", outcome="无人在家")),
        lambda all_: all_["survey_visit"].pop(3) and None,
    )(rows)
    with registry(rows) as engine:
        engine.run(progress_step())
        told = {(row["subject"], row["outcome"]): row for row in engine.rows("SELECT * FROM survey_progress")}
    assert {key: row["households"] for key, row in told.items()} == {
        ("脱贫户", "完成"): 1,
        ("脱贫户", "拒访"): 1,
        ("非建档立卡户", "完成"): 1,
        ("非建档立卡户", ""): 1,
    }
    assert told["脱贫户", "拒访"]["replaced"] == 1
