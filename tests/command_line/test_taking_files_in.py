"""``jingzhun intake``: what became of every row."""

from __future__ import annotations

from pathlib import Path

from tests.command_line.conftest import Command


def test_every_row_has_an_outcome_and_the_way_back_is_named(jingzhun: Command, delivery: Path) -> None:
    ended = jingzhun("intake", delivery, "--store", "store")
    assert ended.code == 0
    assert "扶贫办/人员_2018年.xlsx" in ended.out
    assert "store/refused/000001-人员_2018年_退回.xlsx" in ended.out
    assert "作为后来的文件再次接收" in ended.out


def test_the_same_files_again_change_nothing(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    jingzhun("intake", delivery, "--store", "store")
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert "已接收过，未变" in jingzhun("intake", delivery, "--store", "store").out
    assert {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()} == before


def test_the_json_lists_files_sheets_and_problems(jingzhun: Command, delivery: Path) -> None:
    [file] = jingzhun("intake", delivery, "--store", "store", "--json").json["files"]
    assert (file["file"], file["refused"]) == ("扶贫办/人员_2018年.xlsx", None)
    [sheet] = file["sheets"]
    assert (sheet["rows"], sheet["accepted"], sheet["quarantined"]) == (3, 2, 1)
    [problem] = sheet["problems"]
    assert (problem["row"], problem["field"], problem["value"]) == (3, "民族", "火星族")
    assert {"row", "cell", "field", "value", "message"} <= set(problem)


def test_a_file_named_alone_keeps_its_own_name(jingzhun: Command, delivery: Path) -> None:
    [file] = jingzhun("intake", delivery / "扶贫办" / "人员_2018年.xlsx", "--json").json["files"]
    assert file["file"] == "人员_2018年.xlsx"


def test_a_file_that_cannot_be_used_is_refused_and_the_command_says_so(jingzhun: Command, delivery: Path) -> None:
    (delivery / "空.csv").write_text("")
    ended = jingzhun("intake", delivery, "--store", "store", "--json")
    assert ended.code == 3
    assert [file["refused"] is None for file in ended.json["files"]] == [True, False]


def test_a_link_out_of_the_folder_is_not_followed(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    secret = tmp_path / "别处.csv"
    secret.write_text("不,该,读\n")
    (delivery / "链接.csv").symlink_to(secret)
    assert "链接" not in jingzhun("intake", delivery, "--store", "store").out


def test_a_folder_that_is_not_there_is_a_usage_error(jingzhun: Command) -> None:
    ended = jingzhun("intake", "没有", "--lang", "en")
    assert (ended.code, ended.out) == (2, "")
    assert "no such file or folder" in ended.err


def test_an_unused_column_is_pointed_out_in_the_reader_language(jingzhun: Command, tmp_path: Path) -> None:
    from tests.intake.making import HEADERS, person, workbook

    workbook(tmp_path / "人员_2018年.xlsx", [[*person(1), "甲"]], [*HEADERS, "包村干部"])
    assert "未使用的列：包村干部" in jingzhun("intake", "人员_2018年.xlsx").out
    assert "columns not used: 包村干部" in jingzhun("--lang", "en", "intake", "人员_2018年.xlsx").out
