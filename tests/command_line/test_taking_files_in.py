"""``jingzhun intake``: what became of every row."""

from __future__ import annotations

import zipfile
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


def test_a_link_out_of_the_folder_is_not_followed_but_listed(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    secret = tmp_path / "别处.csv"
    secret.write_text("不,该,读\n")
    (delivery / "链接.csv").symlink_to(secret)
    (delivery / "断链.csv").symlink_to(tmp_path / "没有.csv")
    ended = jingzhun("intake", delivery, "--store", "store", "--json")
    assert ended.code == 3
    refused = {file["file"]: file["refused"] for file in ended.json["files"] if file["refused"]}
    assert set(refused) == {"链接.csv", "断链.csv"}
    assert all("链接" in reason for reason in refused.values())
    assert "不,该,读" not in ended.out


def test_a_store_inside_the_folder_is_not_taken_in(jingzhun: Command, delivery: Path) -> None:
    ended = jingzhun("intake", delivery, "--store", delivery / "store")
    assert ended.code == 2
    assert "--store" in ended.err
    assert not (delivery / "store").exists()


def test_whole_identity_numbers_stay_in_the_store(jingzhun: Command, delivery: Path) -> None:
    from tests.intake.making import identity, person, text

    wrong = identity()[:-1] + ("1" if identity()[-1] != "1" else "2")
    spaced = f"{identity(serial=7)[:6]} {identity(serial=7)[6:]}"
    rows = [person(4, 证件号码=wrong), person(5, 姓名=f"{identity()}、甲"), person(6, 证件号码=spaced), person(7)[:-1]]
    text(delivery / "人员_2018年.csv", rows)
    ended = jingzhun("intake", delivery, "--store", "store", "--json")
    shown = ended.out.replace(" ", "")
    assert [number for number in (wrong, identity(), identity(serial=7), identity(serial=15)) if number in shown] == []
    assert "*" * 16 + wrong[-2:] in ended.out


def test_control_characters_in_a_name_do_nothing_on_the_terminal(jingzhun: Command, delivery: Path) -> None:
    from tests.intake.making import person, text

    text(delivery / "坏\x1b[31m\n名_2018年.csv", [person(4)])
    ended = jingzhun("intake", delivery, "--store", "store")
    assert "\x1b" not in ended.out
    assert "坏\\x1b[31m\\n名_2018年.csv" in ended.out


def test_files_without_a_remark_share_a_line_that_says_as_what_they_were_read(
    jingzhun: Command, delivery: Path
) -> None:
    from tests.intake.making import person, workbook

    for number in range(10, 15):
        workbook(delivery / f"好{number}.xlsx", [person(number)])
    ended = jingzhun("intake", delivery, "--store", "store")
    assert "好12" not in ended.out
    assert "其他 5 个文件" in ended.out
    said = "".join(ended.out.replace("│", "").split())
    assert "全部接收，没有提示" in said
    assert "人员_2018年.xlsx" in ended.out


def test_a_folder_that_is_not_there_is_a_usage_error(jingzhun: Command) -> None:
    ended = jingzhun("intake", "没有", "--lang", "en")
    assert (ended.code, ended.out) == (2, "")
    assert "no such file or folder" in ended.err


def test_an_unused_column_is_pointed_out_in_the_reader_language(jingzhun: Command, tmp_path: Path) -> None:
    from tests.intake.making import HEADERS, person, workbook

    workbook(tmp_path / "人员_2018年.xlsx", [[*person(1), "甲"]], [*HEADERS, "包村干部"])
    assert "未使用的列：包村干部" in jingzhun("intake", "人员_2018年.xlsx").out
    assert "columns not used: 包村干部" in jingzhun("--lang", "en", "intake", "人员_2018年.xlsx").out


def test_what_file_managers_leave_in_a_folder_is_passed_over(jingzhun: Command, delivery: Path) -> None:
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "~$人员_2018年.xlsx"):
        (delivery / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with zipfile.ZipFile(delivery / "一包.zip", "w") as archive:
        archive.write(delivery / "扶贫办" / "人员_2018年.xlsx", "人员_2018年.xlsx")
        archive.writestr("图片/THUMBS.DB", b"x")
    ended = jingzhun("intake", delivery, "--store", "store", "--json")
    assert ended.code == 0
    assert not [file["file"] for file in ended.json["files"] if file["refused"]]


def test_a_file_that_is_no_table_is_not_said_to_be_read(jingzhun: Command, delivery: Path) -> None:
    (delivery / "说明.doc").write_text("请查收附件\n")
    ended = jingzhun("intake", delivery, "--store", "store", "--json")
    [reason] = [file["refused"] for file in ended.json["files"] if file["refused"]]
    assert reason.startswith("这不是表格文件") and "已按内容读取" not in reason


def test_a_row_of_a_text_table_is_pointed_at_by_file_and_row(jingzhun: Command, delivery: Path) -> None:
    from tests.intake.making import person, text

    text(delivery / "户外_2018年.csv", [person(5)])
    jingzhun("run", delivery)
    origins = {row["origin"] for row in jingzhun("explain", "H0005", "--json").json["rows"][0]["shown"]}
    assert origins == {"户外_2018年.csv:2"}
    assert jingzhun("explain", "户外_2018年.csv:2").code == 0
