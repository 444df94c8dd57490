"""``jingzhun compare``: a source is used by a document in force; of one that is refused the reason is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jingzhun.snapshot import freeze
from tests.command_line.asking import CODES
from tests.command_line.conftest import Command
from tests.comparison.people import AS_OF, PACK, authority, member, record
from tests.small import Store

CAR = record("机动车", "V1", "张建国", "19700301", 1, starts_on=date(2013, 5, 1), category="小型轿车")
LATER = [{**row, "starts_on": date(2019, 2, 1)} for row in authority("机动车")]


def snapshot(folder: Path, documents: list[Any]) -> Path:
    """One member of the register, one car in their name, and by what right it may be asked about."""
    store = Store(folder / "store")
    store.deliver("扶贫办/人员.xlsx", {("person", "人员"): [member("P1", "张建国", "19700301", 1)]})
    store.deliver("公安/机动车.xlsx", {("department_record", "机动车"): [CAR]})
    if documents:
        store.deliver("扶贫办/授权.xlsx", {("source_authority", "授权"): documents})
    freeze(store.folder, folder / "snapshot", PACK, AS_OF)
    return folder / "snapshot"


REFUSED = {
    "it ran out the day before": (
        authority("机动车", until=date(2018, 12, 30)),
        "“机动车协议”已于 2018-12-30 到期",
        "ran out on 2018-12-30",
    ),
    "it is not yet in force": (LATER, "“机动车协议”自 2019-02-01 起才有效", "in force from 2019-02-01 only"),
    "there is none": ([], "没有报送授权文件", "no document was delivered"),
    "it is for another source": (authority("不动产"), "没有报送授权文件", "no document was delivered"),
}


@pytest.mark.parametrize(("documents", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_a_source_without_a_document_in_force_is_refused_and_the_reason_told(
    asked: Command, tmp_path: Path, documents: list[Any], zh: str, en: str
) -> None:
    made = snapshot(tmp_path, documents)
    told = asked("compare", made, "--region", "交口县", "--json").json
    vehicles = next(row for row in told["sources"] if row["source"] == "vehicles")
    assert vehicles["state"] == "refused" and zh in vehicles["why"] and en in vehicles["why_en"]
    assert [check for check in told["checks"] if check["check"] == "X07"] == []
    assert f"未使用：机动车（{zh}）" in asked("compare", made, "--region", "交口县").out
    assert "not used: 机动车 (" in (english := asked("compare", made, "--lang", "en").out) and f"{en})" in english


def test_a_document_is_in_force_on_its_last_day(asked: Command, tmp_path: Path) -> None:
    ended = asked("compare", snapshot(tmp_path, authority("机动车", until=AS_OF)), "--json")
    assert ended.code == CODES["done"]
    vehicles = next(row for row in ended.json["sources"] if row["source"] == "vehicles")
    assert (vehicles["state"], vehicles["document"], "why" in vehicles) == ("used", "机动车协议", False)
    assert [check["found"] for check in ended.json["checks"] if check["check"] == "X07"] == [1]


ELSEWHERE = "141121100212"
"""A village of 文水县."""


def two_counties(folder: Path, documents: list[Any]) -> Path:
    """A member with a car in each of two counties; ``documents`` as one workbook of each county."""
    store = Store(folder / "store")
    people = [member("P1", "张建国", "19700301", 1), member("P2", "李卫东", "19720505", 3, region_code=ELSEWHERE)]
    facts = {"starts_on": date(2013, 5, 1), "category": "小型轿车", "region_code": ELSEWHERE}
    cars = [CAR, record("机动车", "V2", "李卫东", "19720505", 3, **facts)]
    store.deliver("扶贫办/人员.xlsx", {("person", "人员"): people})
    store.deliver("公安/机动车.xlsx", {("department_record", "机动车"): cars})
    for at, rows in enumerate(documents):
        store.deliver(f"县{at}/授权.xlsx", {("source_authority", "授权"): rows})
    freeze(store.folder, folder / "snapshot", PACK, AS_OF)
    return folder / "snapshot"


def test_counties_may_have_documents_of_the_same_name(asked: Command, tmp_path: Path) -> None:
    made = two_counties(tmp_path, [authority("机动车"), authority("机动车", region="141121000000")])
    told = asked("compare", made, "--region", "1411", "--json").json
    assert next(check["found"] for check in told["checks"] if check["check"] == "X07") == 2
    assert {row["not_covered"] for row in told["sources"]} == {0}


def test_records_of_a_county_without_a_document_are_counted_and_named(asked: Command, tmp_path: Path) -> None:
    made = two_counties(tmp_path, [authority("机动车")])
    told = asked("compare", made, "--region", "1411", "--json").json
    assert next(check["found"] for check in told["checks"] if check["check"] == "X07") == 1
    assert {row["source"]: row["not_covered"] for row in told["sources"] if row["not_covered"]} == {"vehicles": 1}
    assert "未使用的记录：机动车登记 1。" in asked("compare", made, "--region", "1411").out
    assert "未使用的记录" not in asked("compare", made, "--region", "交口县").out
