"""``jingzhun sample``: what is drawn, what is written beside it, and what is refused."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.evaluation import Numbers, build_frame, select
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from tests.command_line.conftest import Command
from tests.evaluation.conftest import SEED
from tests.small import AS_OF, COUNTY, EAST, PREFECTURE, SOUTH, WEST, Row, household, person, registry, resident

Rows = list[dict[str, Any]]


def rows_of(sample: Path, name: str) -> Rows:
    found: Rows = pq.read_table(sample / f"sampled_{name}.parquet").to_pylist()
    return found


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_villages_are_those_of_the_design(drawn: Path) -> None:
    villages = rows_of(drawn, "village")
    taken = [row for row in villages if row["role"] == "样本"]
    assert len(taken) == 29
    assert Counter(row["stratum"].split("·")[0] for row in taken) == {"贫困村": 19, "非贫困村": 10}
    assert Counter(row["stratum"].split("·")[1] for row in taken) == {"偏远村": 9, "近便村": 20}


def test_the_chances_of_a_stratum_add_up_to_its_villages(drawn: Path) -> None:
    told = json.loads((drawn / "sample.json").read_text("utf-8"))
    for stratum in told["counties"][0]["strata"]:
        rows = [row for row in rows_of(drawn, "village") if row["stratum"] == stratum["stratum"]]
        taken = [row for row in rows if row["role"] == "样本"]
        assert len(taken) == stratum["drawn"] == taken[0]["stratum_drawn"]
        assert len(rows) - len(taken) == stratum["reserve"]
        left = stratum["size"] - sum(row["size"] for row in taken if row["certain"])
        wanted = stratum["drawn"] - sum(row["certain"] for row in taken)
        for row in rows:
            if not row["certain"]:
                assert Fraction(row["chance_part"], row["chance_whole"]) == Fraction(wanted * row["size"], left)


def test_every_household_of_a_mandatory_group_outside_the_register_is_taken(drawn: Path, county: Path) -> None:
    villages = {row["region_code"] for row in rows_of(drawn, "village") if row["role"] == "样本"}
    must = [row for row in rows_of(drawn, "household") if row["subject"] == "非建档立卡户" and row["groups"]]
    assert must and all(row["certain"] and row["chance_part"] == row["chance_whole"] == 1 for row in must)
    assert {row["role"] for row in must if row["region_code"] in villages} == {"样本"}


def test_households_within_a_village_have_the_chance_of_their_stratum(drawn: Path) -> None:
    by_cell: dict[tuple[str, str, str], Rows] = {}
    villages = {row["region_code"] for row in rows_of(drawn, "village") if row["role"] == "样本"}
    for row in rows_of(drawn, "household"):
        if row["region_code"] in villages:
            by_cell.setdefault((row["region_code"], row["subject"], row["stratum"]), []).append(row)
    for cell in by_cell.values():
        [chance] = {Fraction(row["chance_part"], row["chance_whole"]) for row in cell}
        taken = sum(row["role"] == "样本" for row in cell)
        assert chance == 0 or (taken / chance).denominator == 1, "drawn households stand for whole households"
        assert sorted(row["place"] for row in cell if row["role"] == "样本") == list(range(1, taken + 1))


def test_the_same_seed_gives_the_same_bytes(drawn: Path, asked: Command, county: Path, tmp_path: Path) -> None:
    assert asked("sample", county, "--out", tmp_path / "again", "--seed", SEED).code == 0
    assert hashes(tmp_path / "again") == hashes(drawn)


def test_another_seed_gives_other_households_and_a_new_one_is_recorded(
    drawn: Path, asked: Command, county: Path, tmp_path: Path
) -> None:
    told = asked("sample", county, "--out", tmp_path / "other", "--json").json
    assert told["seed"] == json.loads((tmp_path / "other" / "sample.json").read_text("utf-8"))["seed"]
    keys = {row["household_code"] for row in rows_of(drawn, "household")}
    assert {row["household_code"] for row in rows_of(tmp_path / "other", "household")} != keys


def test_the_tables_are_those_of_the_contract(drawn: Path) -> None:
    for name in ("village", "household"):
        schema = pq.read_schema(drawn / f"sampled_{name}.parquet")
        assert schema.equals(TABLES[f"sampled_{name}"].arrow_schema())


def test_what_was_drawn_is_told_by_county_and_stratum(asked: Command, county: Path, tmp_path: Path) -> None:
    shown = asked("sample", county, "--out", tmp_path / "s", "--seed", SEED)
    for words in ("交口县", "贫困村·偏远村", "备用", "非建档立卡户", f"种子 {SEED}", "没有报送危房鉴定名单"):
        assert words in shown.out
    english = asked("sample", county, "--out", tmp_path / "e", "--seed", SEED, "--lang", "en")
    assert "not delivered" in english.out and f"seed {SEED}" in english.out


def test_invented_people_stay_marked(drawn: Path) -> None:
    assert (drawn / "SYNTHETIC.txt").is_file()
    assert json.loads((drawn / "sample.json").read_text("utf-8"))["synthetic"] is True


def test_a_folder_with_something_in_it_is_left_alone(asked: Command, county: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("x")
    ended = asked("sample", county, "--out", tmp_path / "full", "--json")
    assert ended.code == 2 and "已有内容" in ended.json["error"]["zh"]
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["a.txt"]


def test_a_refused_draw_leaves_nothing_behind(asked: Command, county: Path, tmp_path: Path) -> None:
    ended = asked("sample", county, "--out", tmp_path / "s", "--region", "141130101", "--json")
    assert ended.code == 2 and "以县为单位" in ended.json["error"]["zh"]
    assert list(tmp_path.iterdir()) == []


def test_a_day_of_the_draw_that_cannot_be_meant_is_refused(asked: Command, county: Path, tmp_path: Path) -> None:
    ended = asked("sample", county, "--out", tmp_path / "s", "--drawn-on", "1019-01-05", "--json")
    assert ended.code == 2 and "请检查年份" in ended.json["error"]["zh"]


def test_a_draw_needs_a_snapshot_and_a_place(asked: Command, county: Path) -> None:
    ended = asked("sample", county, "--json")
    assert ended.code == 2 and "--plan" in ended.json["error"]["zh"]


def test_a_pack_without_a_design_says_what_to_add(asked: Command, small: Path, tmp_path: Path) -> None:
    small_pack = Path(__file__).parents[1] / "fixtures" / "small_pack"
    ended = asked("sample", small, "--out", tmp_path / "s", "--pack", small_pack, "--json")
    assert ended.code == 4 and "evaluation/designs/" in ended.json["error"]["zh"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    from tests.command_line.asking import small_snapshot

    return small_snapshot(tmp_path / "small")


def two_counties() -> dict[str, list[Row]]:
    villages = (EAST, WEST, SOUTH)
    return {
        "household": [household(f"H{n}", villages[n % 3], exit_year=2016) for n in range(90)],
        "person": [person(f"P{n}", f"H{n}", villages[n % 3]) for n in range(90)],
        "resident": [resident(f"{n:018d}", villages[n % 3], hukou_book=f"B{n}") for n in range(300)],
        "village": [{"data_year": 2018, "region_code": one, "attribute": "贫困村", "bus": False} for one in villages],
    }


def drawn_rows(engine: DuckDBEngine, pack: Pack, region: str) -> dict[str, tuple[Rows, Rows]]:
    design = pack.design_on(AS_OF)
    build_frame(engine, pack, design, AS_OF, region)
    return {one.code: (one.villages, one.households) for one in select(engine, Numbers.of(pack, design, AS_OF), 3)}


def test_a_county_drawn_alone_is_the_same_as_within_its_prefecture(pack: Pack) -> None:
    with registry(two_counties()) as engine:
        together = drawn_rows(engine, pack, PREFECTURE)
        assert len(together) == 2
        assert drawn_rows(engine, pack, COUNTY)[COUNTY] == together[COUNTY]


def test_the_order_of_rows_in_the_snapshot_does_not_matter(pack: Pack) -> None:
    backwards = {name: list(reversed(rows)) for name, rows in two_counties().items()}
    with registry(two_counties()) as engine, registry(backwards) as other:
        assert drawn_rows(engine, pack, PREFECTURE) == drawn_rows(other, pack, PREFECTURE)
