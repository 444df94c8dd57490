"""Whole files, sheets and rows as departments send them: numbered after the list of known bad inputs."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
import xlwt

from jingzhun.intake import Limits, take_in
from tests.intake.making import (
    HEADERS,
    PLACE,
    RECEIVED,
    counts,
    identity,
    only,
    pack,
    person,
    sheet_of,
    taken,
    text,
    workbook,
)

MONEY_HEADERS = ["县(市、区)", "捐赠编号", "捐赠方", "金额（元）"]


def money(tmp_path: Path, value: object, header: str = "金额（元）", title: tuple[str, ...] = ()) -> tuple[int, ...]:
    headers = [*MONEY_HEADERS[:3], header]
    return counts(sheet_of(workbook(tmp_path / "捐赠台账.xlsx", [["交口县", "D1", "合成企业", value]], headers, title)))


def fen(tmp_path: Path) -> int:
    path = next((tmp_path / "store" / "staged" / "donation").glob("*.parquet"))
    return int(pq.read_table(path)["amount"][0].as_py())


def test_01_title_rows_and_a_header_of_two_rows_are_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2018年建档立卡人口台账"])
    sheet.append(["单位：人"])
    sheet.append(["所在地", "", "", *HEADERS[3:]])
    sheet.append([*HEADERS[:3], *[""] * 9])
    sheet.merge_cells("A1:L1")
    sheet.merge_cells("A3:C3")
    for column in "DEFGHIJKL":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.append(person())
    book.save(tmp_path / "人员.xlsx")
    assert counts(sheet_of(tmp_path / "人员.xlsx")) == (1, 0, 0, 0, 0)


def test_02_a_vertical_merge_is_filled_inside_its_range_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(1), person(2, 民族=None), person(3, 民族=None)])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("K2:K3")  # type: ignore[union-attr]
    book.save(path)
    sheet = sheet_of(path)
    assert counts(sheet) == (2, 1, 0, 0, 0)
    assert only(sheet, "warned").row == 3
    staged = pq.read_table(next((tmp_path / "store/staged/person").glob("*.parquet")))
    assert staged["ethnicity"].to_pylist() == ["汉族", "汉族", None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_16_17_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    sheet = sheet_of(text(tmp_path / "人员.csv", [person(姓名="张䶮")], encoding=encoding))
    assert counts(sheet) == (1, 0, 0, 0, 0)
    assert "编码" in sheet.note


@pytest.mark.parametrize("by", ["\t", ";", "|"])
def test_17_delimiters_are_found_out(tmp_path: Path, by: str) -> None:
    assert counts(sheet_of(text(tmp_path / "人员.csv", [person()], by=by))) == (1, 0, 0, 0, 0)


def test_16_bytes_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "人员.csv"
    path.write_bytes(",".join(HEADERS).encode() + b"\n\xff\xff\xfe\x80\x81,1\n")
    receipt = taken(path)
    assert receipt.refused is not None and "UTF-8" in receipt.refused


def test_15_gb18030_characters_that_moved_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "人员.csv"
    line = ",".join(person(姓名="张@")).encode("gb18030").replace(b"@", b"\xfe\x59")
    path.write_bytes(",".join(HEADERS).encode("gb18030") + b"\n" + line + b"\n")
    sheet_of(path)
    staged = pq.read_table(next((tmp_path / "store/staged/person").glob("*.parquet")))
    assert staged["name"].to_pylist() == ["张\u9fb4"]


def test_19_an_unbalanced_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    rows = [person(1), person(2, 姓名='"张三'), person(3), person(4)]
    receipt = taken(text(tmp_path / "人员.csv", rows))
    assert receipt.refused is not None
    assert "第 3 行" in receipt.refused


def test_20_commas_and_line_ends_inside_quotes_are_one_cell(tmp_path: Path) -> None:
    rows = [person(1, 人编号='"P,1"'), person(2, 民族='"汉族"'), person(3)]
    sheet = sheet_of(text(tmp_path / "人员.csv", rows))
    assert sheet.rows == 3
    assert sum(counts(sheet)[:2]) == 3


def test_20_a_ragged_row_is_quarantined_and_never_shifted(tmp_path: Path) -> None:
    path = text(tmp_path / "人员.csv", [person(1), person(2)])
    path.write_text(path.read_text("utf-8") + "交口县,水头镇,腰庄村,2018\n", "utf-8")
    sheet = sheet_of(path)
    assert counts(sheet) == (2, 0, 1, 0, 0)
    assert only(sheet, "quarantined").row == 4


def test_21_a_nul_byte_rejects_its_row_only(tmp_path: Path) -> None:
    sheet = sheet_of(text(tmp_path / "人员.csv", [person(1), person(2, 姓名="张\x00三")]))
    assert counts(sheet) == (1, 0, 0, 1, 0)


def test_28_hidden_rows_are_quarantined_and_hidden_sheets_listed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(1), person(2)])
    book = openpyxl.load_workbook(path)
    book["人员"].row_dimensions[3].hidden = True
    hidden = book.create_sheet("底稿")
    hidden.append(HEADERS)
    hidden.append(person(9))
    hidden.sheet_state = "hidden"
    book.save(path)
    receipt = taken(path)
    assert counts(receipt.sheets[0]) == (1, 0, 1, 0, 0)
    assert counts(receipt.sheets[1]) == (0, 0, 0, 0, 2)
    assert "隐藏" in receipt.sheets[1].note


def test_29_totals_notes_signatures_and_repeated_headers_are_listed_not_counted(tmp_path: Path) -> None:
    blank = [""] * 9
    rows = [
        person(1),
        HEADERS,
        person(2),
        ["合计", "", "", *blank],
        ["注：含预脱贫", "", "", *blank],
        ["填表人：某", "", "", *blank],
    ]
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", rows))
    assert counts(sheet) == (2, 0, 0, 0, 4)
    assert {problem.row for problem in sheet.problems} == {3, 5, 6, 7}


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1,234.50", 123_450),
        ("￥100", 10_000),
        ("(500)", -50_000),
        ("１２３４", 123_400),
        ("3万元", 3_000_000),
        (1234.5, 123_450),
    ],
)
def test_32_amounts_in_other_notations_are_read(tmp_path: Path, written: object, cents: int) -> None:
    assert sum(money(tmp_path, written)[:2]) == 1
    assert fen(tmp_path) == cents


@pytest.mark.parametrize("written", ["￥3000", "¥3,000", "￥ 3000"])
def test_32_a_sign_of_money_is_dropped_with_a_warning(tmp_path: Path, written: str) -> None:
    assert money(tmp_path, written) == (0, 1, 0, 0, 0)
    assert fen(tmp_path) == 300_000


def test_32_another_currency_is_no_yuan(tmp_path: Path) -> None:
    assert money(tmp_path, "$3000") == (0, 0, 1, 0, 0)


def test_32_the_unit_of_the_header_and_of_the_unit_row_count(tmp_path: Path) -> None:
    money(tmp_path, "1.5", header="金额（万元）")
    assert fen(tmp_path) == 1_500_000


def test_32_an_amount_that_is_not_exact_is_quarantined(tmp_path: Path) -> None:
    assert money(tmp_path, "约3千") == (0, 0, 1, 0, 0)


def test_32_none_is_not_zero(tmp_path: Path) -> None:
    assert money(tmp_path, "无")[2] == 1


def test_33_float_noise_is_rounded_and_real_fractions_of_a_fen_are_not(tmp_path: Path) -> None:
    assert money(tmp_path, 0.1 + 0.2)[0] == 1
    assert fen(tmp_path) == 30


def test_33_a_third_of_a_yuan_is_quarantined(tmp_path: Path) -> None:
    assert money(tmp_path, 1 / 3)[2] == 1


def test_34_a_village_name_that_fits_several_places_is_quarantined_with_its_candidates(tmp_path: Path) -> None:
    sheet = sheet_of(
        workbook(tmp_path / "人员.xlsx", [person(**{"县(市、区)": "临县", "乡(镇)": "", "行政村": "马家山村"})])
    )
    assert counts(sheet) == (0, 0, 1, 0, 0)
    assert only(sheet, "quarantined").message.count("141124") >= 2


def test_34_an_unknown_place_is_quarantined(tmp_path: Path) -> None:
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", [person(行政村="不存在村")]))) == (0, 0, 1, 0, 0)


def test_34_the_predecessor_villages_of_2018_are_known_on_that_day(tmp_path: Path) -> None:
    tree = pack().divisions.on(RECEIVED)
    row = next(row for row in tree.rows.values() if row.synthetic)
    township = tree.get(row.parent_code).name
    rows = [person(**{"乡(镇)": township, "行政村": row.name})]
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", rows)))[0] == 1


def test_36_the_same_person_twice_is_counted_once_when_identical(tmp_path: Path) -> None:
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [person(1), person(1)]))
    assert counts(sheet) == (1, 0, 0, 0, 1)


def test_36_and_quarantined_with_the_differing_fields_when_not(tmp_path: Path) -> None:
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [person(1), person(1, 姓名="李合成")]))
    assert counts(sheet) == (1, 0, 1, 0, 0)
    assert "姓名" in only(sheet, "quarantined").message and "第 2 行" in only(sheet, "quarantined").message


def test_36_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(1), person(2)])
    first = taken(path)
    before = sorted((tmp_path / "store").rglob("*"))
    again = taken(path)
    assert again.already and again == first
    assert sorted((tmp_path / "store").rglob("*")) == before


def test_40_an_old_xls_is_read_and_its_damaged_numbers_quarantined(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("人员")
    for line, row in enumerate([HEADERS, person(1), person(2, 证件号码=141130196001020051)]):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    book.save(str(tmp_path / "人员.xls"))
    assert counts(sheet_of(tmp_path / "人员.xls")) == (1, 0, 1, 0, 0)


def test_41_the_bytes_decide_not_the_name(tmp_path: Path) -> None:
    real = workbook(tmp_path / "人员.xlsx", [person(1)])
    assert counts(sheet_of(real.rename(tmp_path / "人员.xls"))) == (1, 0, 0, 0, 0)


def test_41_a_web_page_named_xls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "人员.xls"
    path.write_text("<html><table><tr><td>姓名</td></tr></table></html>", "utf-8")
    receipt = taken(path)
    assert receipt.refused is not None and "网页" in receipt.refused


def test_43_an_encrypted_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "人员.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    )
    receipt = taken(path)
    assert receipt.refused is not None and "取消" in receipt.refused


def test_44_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "人员.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    receipt = taken(path)
    assert receipt.refused is not None and "压缩炸弹" in receipt.refused


def test_44_declared_sizes_are_not_believed(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    lying = held.getvalue().replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000))
    path = tmp_path / "人员.xlsx"
    path.write_bytes(lying)
    assert taken(path).refused is not None


def test_45_a_document_type_declaration_is_refused(tmp_path: Path) -> None:
    source = workbook(tmp_path / "好.xlsx", [person()])
    path = tmp_path / "人员.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + content
            new.writestr(info.filename, content)
    receipt = taken(path)
    assert receipt.refused is not None and "DOCTYPE" in receipt.refused


def test_47_more_than_500_columns_are_refused(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "人员.xlsx", [["1"] * 501], [f"列{n}" for n in range(501)]))
    assert receipt.refused is not None and "501" in receipt.refused


def test_50_names_in_an_archive_are_for_showing_only(tmp_path: Path) -> None:
    inner = workbook(tmp_path / "人员.xlsx", [person()]).read_bytes()
    path = tmp_path / "报送.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../逃逸.xlsx", inner)
    receipts = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    assert len(receipts) == 1 and ".." not in receipts[0].file
    assert not (tmp_path.parent / "逃逸.xlsx").exists()
    assert counts(receipts[0].sheets[0]) == (1, 0, 0, 0, 0)


def test_50_names_in_gbk_are_shown_as_chinese(tmp_path: Path) -> None:
    inner = workbook(tmp_path / "人员.xlsx", [person()]).read_bytes()
    path = tmp_path / "报送.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aaaa.xlsx", inner)
    path.write_bytes(path.read_bytes().replace(b"aaaa.xlsx", "人员".encode("gbk") + b".xlsx"))
    receipt = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)[0]
    assert receipt.file == "报送.zip/人员.xlsx"


def test_52_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    order = random.Random(3).sample(range(len(HEADERS)), len(HEADERS))
    row = person()
    path = workbook(tmp_path / "人员.xlsx", [[row[i] for i in order]], [HEADERS[i] for i in order])
    assert counts(sheet_of(path)) == (1, 0, 0, 0, 0)


def test_52_a_missing_required_column_stops_the_sheet_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()[:7] + person()[8:]], HEADERS[:7] + HEADERS[8:])
    receipt = taken(path)
    assert receipt.refused is not None and "证件号码" in receipt.refused


def test_52_an_extra_column_is_listed_and_not_used(tmp_path: Path) -> None:
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [[*person(), "x"]], [*HEADERS, "领导批示"]))
    assert counts(sheet) == (1, 0, 0, 0, 0)
    assert "领导批示" in sheet.note


def test_52_a_header_that_stands_twice_is_asked_about(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "人员.xlsx", [[*person(), "女"]], [*HEADERS, "性别"]))
    assert receipt.refused is not None and "两次" in receipt.refused


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n\n", b"   "])
def test_54_an_empty_file_is_refused_in_a_clear_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "人员.csv"
    path.write_bytes(content)
    receipt = taken(path)
    assert receipt.refused is not None and "空" in receipt.refused


def test_54_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(n) for n in range(1, 50)])
    path.write_bytes(path.read_bytes()[:2000])
    receipt = taken(path)
    assert receipt.refused is not None and "不完整" in receipt.refused


def test_54_only_a_header_is_refused_in_a_clear_sentence(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "人员.xlsx", []))
    assert receipt.refused is not None and "只有表头，没有数据" in receipt.refused


def test_54_an_empty_sheet_beside_a_filled_one_is_pointed_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(1)])
    book = openpyxl.load_workbook(path)
    book.create_sheet("空表").append(HEADERS)
    book.save(path)
    receipt = taken(path)
    assert receipt.refused is None
    assert [sheet.attention for sheet in receipt.sheets] == ["", "只有表头，没有数据"]


def test_a_file_that_is_no_known_table_names_what_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    receipt = taken(path)
    assert receipt.refused is not None and "甲" in receipt.refused


def test_a_workbook_over_the_limit_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    receipt = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED, limits=Limits(workbook_bytes=1000))[0]
    assert receipt.refused is not None and "CSV" in receipt.refused


def test_the_year_comes_from_the_title_or_the_file_name(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], *HEADERS[4:6], "姓名", "证件号码", "人数", "与户主关系", "脱贫属性", "人均纯收入"]
    row = [*PLACE, "P1", "H1", "张合成", identity(serial=3), "1", "户主", "未脱贫", "2500"]
    order = ["县(市、区)", "乡(镇)", "行政村", "人编号", "户编号", *headers[5:]]
    receipt = taken(workbook(tmp_path / "贫困人口导出.xlsx", [row], order))
    assert receipt.refused is not None and "年" in receipt.refused
    sheet = sheet_of(workbook(tmp_path / "贫困人口导出_2018年.xlsx", [row], order))
    assert sheet.layout == "persons_2016"
    assert {staged.table for staged in sheet.staged} == {"person", "household"}


def test_one_household_row_comes_of_many_person_rows_and_the_head_speaks(tmp_path: Path) -> None:
    order = ["县(市、区)", "乡(镇)", "行政村", "人编号", "户编号", "姓名", "证件号码", "与户主关系", "人均纯收入"]
    rows = [
        [*PLACE, "P1", "H1", "子合成", identity(serial=3), "之子", "1"],
        [*PLACE, "P2", "H1", "父合成", identity(serial=5), "户主", "2"],
    ]
    sheet_of(workbook(tmp_path / "贫困人口导出_2018年.xlsx", rows, order))
    household = pq.read_table(next((tmp_path / "store/staged/household").glob("*.parquet")))
    assert household["net_income_per_head"].to_pylist() == [200]
    assert household["origin_row"].to_pylist() == [3]


EXITED = ["县(市、区、旗)", "乡(镇)", "行政村", "户编号", "人编号", "姓名", "证件号码", "与户主关系", "致贫原因1"]


def test_a_member_that_contradicts_the_head_is_marked_and_the_head_is_taken(tmp_path: Path) -> None:
    rows = [
        [*PLACE, "H1", "P1", "父合成", identity(serial=5), "户主", "因病"],
        [*PLACE, "H1", "P2", "子合成", identity(serial=3), "之子", "缺资金"],
        [*PLACE, "H1", "P3", "女合成", identity(serial=6), "之女", ""],
    ]
    sheet = sheet_of(workbook(tmp_path / "已脱贫人口_2018年.xlsx", rows, EXITED))
    assert counts(sheet) == (2, 1, 0, 0, 0)
    assert (only(sheet, "warned").row, "第 2 行" in only(sheet, "warned").message) == (3, True)
    household = pq.read_table(next((tmp_path / "store/staged/household").glob("*.parquet")))
    assert household["cause_main"].to_pylist() == ["因病"]


def test_blank_columns_of_another_table_make_no_record_of_it(tmp_path: Path) -> None:
    headers = [*EXITED, "易返贫致贫户(监测对象)类型"]
    rows = [
        [*PLACE, "H1", "P1", "父合成", identity(serial=5), "户主", "因病", ""],
        [*PLACE, "H2", "P2", "母合成", identity(serial=6), "户主", "因病", "脱贫不稳定户"],
    ]
    sheet_of(workbook(tmp_path / "已脱贫人口_2018年.xlsx", rows, [*headers]))
    monitored = pq.read_table(next((tmp_path / "store/staged/monitored_household").glob("*.parquet")))
    assert monitored["household_code"].to_pylist() == ["H2"]


def test_a_text_table_may_be_divided_by_a_chinese_comma(tmp_path: Path) -> None:
    headers = ["县", *HEADERS[1:]]  # the ledger's own “县(市、区)” has a comma in it
    receipt = taken(text(tmp_path / "人员.csv", [person(1), person(2)], headers, by="、"))
    assert receipt.refused is None and counts(receipt.sheets[0]) == (2, 0, 0, 0, 0)
