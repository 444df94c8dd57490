"""Two villages counted by hand: who is outside the register, who must be visited, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.evaluation import NotDrawable, build_frame
from jingzhun.policy import load_pack
from jingzhun.policy.binding import FailsOnData
from tests.small import AS_OF, COUNTY, EAST, WEST, Row, household, person, registry, resident

PACK = load_pack("luliang_2018")
LISTED = {"source": "农村低保", "name": "测试", "active": True}
RIGHT = {"source": "农村低保", "document": "共享协议", "basis": "数据共享协议", "region_code": COUNTY}
ALLOWED = RIGHT | {"starts_on": date(2018, 1, 1), "ends_on": date(2019, 12, 31)}


@contextmanager
def frame(**more: list[Row]) -> Iterator[DuckDBEngine]:
    """H1 of two persons has left, H2 is still poor; of four booklets B1 is theirs, B2 to B4 are outside."""
    rows: dict[str, list[Row]] = {
        "household": [household("H1", exit_year=2016), household("H2", WEST, exit_status="返贫")],
        "person": [
            person("1", "H1", id_number="110000000000000001", birth_date=date(1970, 1, 1), health="健康"),
            person("2", "H1", id_number="110000000000000002", birth_date=date(1972, 1, 1), health="长期慢性病"),
            person("3", "H2", WEST, id_number="110000000000000003", birth_date=date(1990, 1, 1), health="健康"),
        ],
        "resident": [
            living("110000000000000001", "B1", 1970),
            living("110000000000000009", "B1", 2001),
            living("110000000000000010", "B2", 1940),
            living("110000000000000011", "B3", 1980),
            living("110000000000000012", "B3", 2010),
            living("110000000000000013", "B4", 1975, WEST),
            living("110000000000000014", "B5", 1975, WEST, hukou="非农业"),
        ],
        "village": [
            {"data_year": 2018, "region_code": EAST, "attribute": "贫困村", "bus": True, "road_hardened": True},
            {"data_year": 2018, "region_code": WEST, "attribute": None, "bus": False, "road_hardened": True},
        ],
    }
    with registry(rows | more) as engine:
        build_frame(engine, PACK, PACK.design_on(AS_OF), AS_OF, COUNTY)
        yield engine


def living(number: str, book: str | None, born: int, village: str = EAST, **facts: Any) -> Row:
    return resident(number, village, hukou_book=book, birth_date=date(born, 6, 1), name=f"人{number[-2:]}", **facts)


def homes(engine: DuckDBEngine) -> dict[str, dict[str, Any]]:
    return {row["home"]: row for row in engine.rows("SELECT * FROM frame_household")}


def test_a_booklet_of_which_a_member_is_registered_is_not_outside() -> None:
    with frame() as engine:
        assert sorted(homes(engine)) == ["B" + EAST + "B2", "B" + EAST + "B3", "B" + WEST + "B4", "DH1", "DH2"]


def test_who_is_asked_follows_the_exit_status() -> None:
    with frame() as engine:
        asked = {home: row["subject"] for home, row in homes(engine).items()}
    assert (asked["DH1"], asked["DH2"], asked["B" + EAST + "B2"]) == ("脱贫户", "未脱贫户", "非建档立卡户")


def test_a_village_counts_its_persons_by_who_is_asked() -> None:
    with frame() as engine:
        [east] = engine.rows(f"SELECT * FROM frame_village WHERE region_code = '{EAST}'")
    assert (east["size"], east["exited_persons"], east["registered_persons"]) == (3, 2, 0)
    assert (east["outside_persons"], east["outside_households"]) == (3, 2)


def test_mandatory_groups_come_from_ages_register_and_lists() -> None:
    with frame() as engine:
        groups = {home: row["groups"] for home, row in homes(engine).items()}
    assert groups["B" + EAST + "B2"] == "无劳动力户、独居老人"
    assert groups["DH1"] == "大病慢病户"
    assert groups["B" + EAST + "B3"] is None


def test_somebody_of_unknown_age_is_not_taken_for_unable_to_work() -> None:
    with frame(resident=[living("110000000000000020", "B9", 1990) | {"birth_date": None}]) as engine:
        assert homes(engine)["B" + EAST + "B9"]["groups"] is None


def test_a_departments_list_counts_only_with_a_document_in_force() -> None:
    record = LISTED | {"record_no": "1", "id_number": "110000000000000011"}
    with frame(department_record=[record], source_authority=[ALLOWED]) as engine:
        assert homes(engine)["B" + EAST + "B3"]["groups"] == "低保户"
    over = ALLOWED | {"ends_on": date(2018, 6, 30)}
    with frame(department_record=[record], source_authority=[over]) as engine:
        assert homes(engine)["B" + EAST + "B3"]["groups"] is None
        assert ("not_allowed", "农村低保名单") in gaps(engine)


def gaps(engine: DuckDBEngine) -> set[tuple[str, str]]:
    return {(row["what"], row["detail"]) for row in engine.rows("SELECT * FROM frame_gap")}


def test_a_list_that_was_not_delivered_is_a_gap() -> None:
    with frame() as engine:
        assert ("no_list", "危房鉴定名单") in gaps(engine)


def test_what_is_not_known_of_a_village_is_a_class_of_its_own() -> None:
    with frame() as engine:
        classes = {
            row["region_code"]: (row["axis_0"], row["axis_1"]) for row in engine.rows("SELECT * FROM frame_village")
        }
    assert classes[EAST] == ("贫困村", "远近不明"), "neither the village nor the seat is placed"
    assert classes[WEST] == ("村属性不明", "偏远村"), "no bus makes it remote, however far it is"


def test_people_who_cannot_be_placed_are_counted_not_dropped() -> None:
    lost = [living("110000000000000030", None, 1980), living("110000000000000031", "B7", 1980)]
    nobody = [household("H9", exit_status=None), household("H8"), household("H1", exit_year=2016)]
    with frame(resident=lost, household=nobody) as engine:
        found = {row["what"]: row["many"] for row in engine.rows("SELECT * FROM frame_gap WHERE many > 0")}
    assert found["no_booklet"] == 1
    assert found["no_status"] == 1
    assert found["no_exit_year"] == 1


def test_a_disability_card_is_the_person_of_its_first_eighteen_digits() -> None:
    cards = [LISTED | {"source": "残疾人", "record_no": "1", "category": "一级", "id_number": "11000000000000001211"}]
    with frame(department_record=cards, source_authority=[ALLOWED | {"source": "残疾人"}]) as engine:
        assert homes(engine)["B" + EAST + "B3"]["groups"] == "重度残疾人户"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"size": "CAST(leader AS BIGINT)"}, "size"),
        ({"where": "CAST(leader AS BIGINT) > 0"}, "where"),
    ],
)
def test_an_expression_that_fails_on_somebodys_row_is_told_by_its_name(change: dict[str, str], named: str) -> None:
    design = PACK.design_on(AS_OF).model_copy(update=change)
    village = {"data_year": 2018, "region_code": EAST, "leader": "张三"}
    people = {"household": [household("H1")], "resident": [living("110000000000000030", "B1", 1980)]}
    with registry(people | {"village": [village]}) as engine, pytest.raises(FailsOnData) as failed:
        build_frame(engine, PACK, design, AS_OF, COUNTY)
    assert f"special_evaluation 的 {named}：" in failed.value.zh
    assert "TRY_CAST" in failed.value.en


def test_a_list_that_fails_on_a_row_is_told_by_its_name() -> None:
    design = PACK.design_on(AS_OF)
    wrong = design.lists[0].model_copy(update={"where": "CAST(category AS BIGINT) = 1"})
    record = LISTED | {"record_no": "1", "id_number": "110000000000000011", "category": "一级"}
    people = {"household": [household("H1")], "resident": [living("110000000000000030", "B1", 1980)]}
    with registry(people | {"department_record": [record]}) as engine, pytest.raises(FailsOnData) as failed:
        build_frame(engine, PACK, design.model_copy(update={"lists": (wrong, *design.lists[1:])}), AS_OF, COUNTY)
    assert f"{wrong.id}：数据中有的行算不出来" in failed.value.zh


def test_without_a_roster_nobody_knows_who_is_outside() -> None:
    with (
        pytest.raises(NotDrawable, match=r"没有农业户口的全员人口.*请报送全员人口名册.*deliver the roster"),
        frame(resident=[]),
    ):
        pass


def test_without_a_register_of_the_year_there_is_nothing_to_draw() -> None:
    old = [household("H1", year=2016)]
    with pytest.raises(NotDrawable, match="没有 2018 年的建档立卡户"), frame(household=old):
        pass
