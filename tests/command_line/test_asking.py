"""``answers``, ``explain``, ``regions`` and ``pack check``: what is asked for, and what is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jingzhun.policy import find_pack
from tests.command_line.conftest import Command


@pytest.fixture
def snapshot(jingzhun: Command, delivery: Path, tmp_path: Path) -> Path:
    jingzhun("run", delivery)
    return tmp_path / "out" / "snapshot"


def test_a_figure_is_explained_in_one_language(jingzhun: Command, snapshot: Path) -> None:
    chinese, english = jingzhun("explain", "F010"), jingzhun("explain", "F010", "--lang", "en")
    assert "脱贫属性为未脱贫" in chinese.out and "numerator" not in chinese.out
    assert "numerator" in english.out and "分子" not in english.out
    assert "人员_2018年.xlsx:人员:2" in chinese.out


def test_something_like_it_is_suggested(jingzhun: Command, snapshot: Path) -> None:
    ended = jingzhun("explain", "贫困发生")
    assert ended.code == 5
    assert "贫困发生率（poverty_headcount_rate）" in ended.err


def test_a_figure_of_another_place_is_refused(jingzhun: Command, snapshot: Path) -> None:
    ended = jingzhun("explain", "F049", "--json")
    assert ended.code == 5
    assert "吕梁市" in ended.json["error"]["zh"]


def test_a_division_outside_the_snapshot_is_refused(jingzhun: Command, snapshot: Path) -> None:
    assert jingzhun("answers", snapshot, "--region", "临县").code == 5


def test_another_pack_than_the_snapshots_is_pointed_out(jingzhun: Command, snapshot: Path, tmp_path: Path) -> None:
    shutil.copytree(find_pack("luliang_2018"), tmp_path / "mine")
    line = tmp_path / "mine" / "parameters" / "lines" / "exit_line.yaml"
    line.write_text(line.read_text("utf-8").replace("value: 2995", "value: 3500"), "utf-8")
    ended = jingzhun("answers", snapshot, "--pack", "mine")
    assert ended.code == 0
    assert "另一个政策包" in ended.err


def test_a_changed_snapshot_answers_nothing(jingzhun: Command, snapshot: Path) -> None:
    with (snapshot / "person.parquet").open("ab") as handle:
        handle.write(b"x")
    ended = jingzhun("answers", snapshot, "--json")
    assert ended.code == 5
    assert "person.parquet" in ended.json["error"]["zh"]


def test_a_printed_format_needs_a_folder(jingzhun: Command, snapshot: Path) -> None:
    assert jingzhun("answers", snapshot, "--format", "pdf").code == 2


def test_a_village_is_found_by_its_whole_address(jingzhun: Command, snapshot: Path) -> None:
    entries = jingzhun("answers", snapshot, "--region", "交口县水头镇腰庄村委会", "--json").json
    assert {entry["region_name"] for entry in entries} == {"腰庄村委会"}
    named = jingzhun("regions", "马家山", "--json").json
    assert len(named) > 1
    ended = jingzhun("answers", snapshot, "--region", "火星")
    assert ended.code == 2 and "没有叫“火星”的区划" in ended.err


def test_a_sound_pack_and_a_broken_one(jingzhun: Command, tmp_path: Path) -> None:
    assert jingzhun("pack", "check").code == 0
    shutil.copytree(find_pack("luliang_2018"), tmp_path / "mine")
    (tmp_path / "mine" / "pack.yaml").write_text("id: [", "utf-8")
    ended = jingzhun("pack", "check", "--pack", "mine", "--json")
    assert ended.code == 4
    assert ended.json["faults"][0]["file"] == "pack.yaml"


def test_an_unknown_pack_says_where_the_known_one_lies(jingzhun: Command) -> None:
    ended = jingzhun("pack", "check", "没有")
    assert ended.code == 2
    assert "packs/luliang_2018" in ended.err.replace("\n", "")


def test_every_exit_code_is_explained_in_the_help(jingzhun: Command) -> None:
    said = " ".join(jingzhun("run", "--help").out.split()) + " "
    assert all(f"{code} " in said for code in range(7))


def test_the_register_is_checked_and_findings_are_listed(jingzhun: Command, snapshot: Path) -> None:
    counted = {entry["rule"]: entry for entry in jingzhun("check", snapshot, "--json").json["rules"]}
    assert (counted["C02"]["found"], counted["C02"]["open"]) == (2, 2)
    below = jingzhun("check", snapshot, "--json").json["divisions"]
    assert sum(entry["found"] for entry in below if entry["rule"] == "C02") == 2
    ended = jingzhun("findings", snapshot, "--rule", "C02", "--lang", "en")
    assert ended.code == 0 and "state of health is missing" in ended.out
    assert jingzhun("findings", snapshot, "--rule", "Z99").code == 2


def test_a_refused_row_says_that_it_counts_nowhere_and_where_it_went(jingzhun: Command, snapshot: Path) -> None:
    for what in ("人员_2018年.xlsx:3", "扶贫办/人员_2018年.xlsx:人员:3"):
        said = jingzhun("explain", what).out.replace("\n", "")
        assert "火星族" in said and "不计入任何数字" in said
        assert "refused/000001-人员_2018年_退回.xlsx" in said
    assert "counts in no figure" in jingzhun("explain", "人员_2018年.xlsx:3", "--lang", "en").out
    assert "不计入任何数字" not in jingzhun("explain", "人员_2018年.xlsx:2").out


def test_nothing_of_the_asked_state_is_said_and_what_else_there_is(jingzhun: Command, snapshot: Path) -> None:
    ended = jingzhun("findings", snapshot, "--rule", "C02", "--state", "已整改")
    assert ended.code == 0
    assert "规则 C02 没有“已整改”的问题" in ended.out and "新发现 2" in ended.out and "--state 全部" in ended.out
    english = jingzhun("findings", snapshot, "--rule", "C02", "--state", "corrected", "--lang", "en").out
    assert "no finding of rule C02 in state 'corrected'" in english and "new 2" in english
    assert jingzhun("findings", snapshot, "--rule", "C02", "--state", "已整改", "--json").json == []
    assert "--since" in jingzhun("findings", snapshot, "--rule", "A03").out


def test_a_snapshot_of_another_division_is_no_earlier_one(jingzhun: Command, snapshot: Path, tmp_path: Path) -> None:
    jingzhun("run", tmp_path / "报送", "--out", tmp_path / "whole", "--region", "吕梁市")
    ended = jingzhun("check", snapshot, "--since", tmp_path / "whole" / "snapshot")
    assert ended.code == 2
    assert "141100000000" in ended.err and "请用同一区划的" in ended.err


def test_a_state_goes_by_the_word_of_the_table_or_the_english_one(jingzhun: Command, snapshot: Path) -> None:
    words = jingzhun("findings", snapshot, "--rule", "C02", "--state", "新发现", "--json").json
    assert len(words) == 2
    assert words == jingzhun("findings", snapshot, "--rule", "C02", "--state", "new", "--json").json
    ended = jingzhun("findings", snapshot, "--state", "胡说")
    assert ended.code == 2 and "已整改（corrected）" in ended.err
