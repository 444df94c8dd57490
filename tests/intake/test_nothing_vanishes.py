"""Cells and rows at the edges of a table: above its header, without a header, right of it, between delimiters."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingzhun.intake import take_in
from tests.intake.making import HEADERS, RECEIVED, counts, only, pack, person, sheet_of, taken, text, workbook

FORM = [
    ["填报单位：", "交口县扶贫办", "填报日期：2018年12月31日", "单位：人"],
    ["2018年建档立卡人口台账"],
    ["制表人：某", "审核人：某", "联系电话：13800138000"],
    ["", "单位：元"],
    [str(number) for number in range(1, len(HEADERS) + 1)],
    ["2016年", "", "", "2017年", "", "", "2018年"],
    ["所在地", "", "", "基本情况", "", "", "证件"],
]


def with_above(path: Path, above: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> Path:
    lines = [*above, HEADERS, *rows]
    if path.suffix == ".csv":
        path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), "utf-8")
        return path
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(list(line))
    book.save(path)
    return path


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_records_above_the_header_are_quarantined_each_with_its_row(tmp_path: Path, ending: str) -> None:
    sheet = sheet_of(with_above(tmp_path / f"人员.{ending}", [person(1), person(2)], [person(3)]))
    assert (sheet.rows, *counts(sheet)) == (3, 1, 0, 2, 0, 0)
    assert [problem.row for problem in sheet.problems] == [1, 2]
    assert "表头的上面" in only(sheet, "quarantined").message


def test_a_record_without_any_figure_is_known_by_what_the_rows_below_repeat(tmp_path: Path) -> None:
    words = ["交口县", "水头镇", "腰庄村", "", "", "", "张合成", *[""] * 5]
    assert sheet_of(with_above(tmp_path / "人员.xlsx", [words], [person(3)])).quarantined == 1


def test_a_record_above_the_header_is_one_whatever_its_remark_says(tmp_path: Path) -> None:
    labelled = person(1, 民族="联系人：某")
    assert sheet_of(with_above(tmp_path / "人员.xlsx", [labelled], [person(3)])).quarantined == 1


@pytest.mark.parametrize("line", FORM)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_titles_units_signatures_and_group_headings_above_the_header_are_no_rows(
    tmp_path: Path, line: list[str], ending: str
) -> None:
    sheet = sheet_of(with_above(tmp_path / f"人员.{ending}", [line], [person(1)]))
    assert (sheet.rows, *counts(sheet)) == (1, 1, 0, 0, 0, 0)


def test_a_record_above_the_header_goes_back_to_its_sender(tmp_path: Path) -> None:
    receipt = taken(with_above(tmp_path / "人员.xlsx", [person(1)], [person(3)]), tmp_path / "store")
    assert receipt.returned is not None
    back = openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0]
    assert "P0001" in [cell.value for cell in back[2]]


@pytest.mark.parametrize("make", [workbook, text])
def test_a_column_with_cells_but_no_header_is_pointed_out(tmp_path: Path, make: Any) -> None:
    rows = [[*person(number), "秘密" if number < 3 else ""] for number in (1, 2, 3)]
    sheet = sheet_of(make(tmp_path / f"人员.{'xlsx' if make is workbook else 'csv'}", rows, [*HEADERS, ""]))
    assert sheet.accepted == 3
    assert f"第 {len(HEADERS) + 1} 列没有表头，有 2 格内容，未读取" in sheet.attention


def test_an_empty_column_without_a_header_is_not_worth_a_word(tmp_path: Path) -> None:
    path = text(tmp_path / "人员.csv", [[*person(1), ""], [*person(2), ""]])
    sheet = sheet_of(path)
    assert (counts(sheet), sheet.attention) == ((2, 0, 0, 0, 0), "")


def test_one_row_with_a_surplus_cell_does_not_spoil_the_others(tmp_path: Path) -> None:
    sheet = sheet_of(text(tmp_path / "人员.csv", [person(1), [*person(2), "多"], person(3), person(4)[:-1]]))
    assert counts(sheet) == (2, 0, 2, 0, 0)
    assert [problem.row for problem in sheet.problems] == [3, 5]


def test_a_comma_in_every_row_is_not_taken_for_a_column(tmp_path: Path) -> None:
    sheet = sheet_of(text(tmp_path / "人员.csv", [[*person(1), "多"], [*person(2), "多"]]))
    assert counts(sheet) == (0, 0, 2, 0, 0)


@pytest.mark.parametrize("illness", ["、".join(["高血压", "糖尿病"] * 9), "因病、因残"])
def test_the_delimiter_is_the_one_under_which_a_header_is_known(tmp_path: Path, illness: str) -> None:
    rows = [[*person(number), illness] for number in range(1, 6)]
    assert counts(sheet_of(text(tmp_path / "人员.csv", rows, [*HEADERS, "备注"]))) == (5, 0, 0, 0, 0)


def test_commas_in_quotes_do_not_make_another_delimiter_likelier(tmp_path: Path) -> None:
    rows = [[*person(number), f'"{",".join(["甲"] * number)}、乙"'] for number in range(1, 9)]
    sheet = sheet_of(text(tmp_path / "人员.csv", rows, [*HEADERS, "备注"]))
    assert (sheet.rows, sheet.accepted) == (8, 8)


def test_a_link_in_an_archive_is_listed_and_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "报送.zip"
    link = zipfile.ZipInfo("链接.csv")
    link.flag_bits, link.external_attr = 0x800, 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.write(text(tmp_path / "1.csv", [person(1)]), "人员_2018年.csv")
    receipts = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    assert {receipt.file: receipt.refused is None for receipt in receipts} == {
        "报送.zip/链接.csv": False,
        "报送.zip/人员_2018年.csv": True,
    }


@pytest.mark.parametrize("content", ["各县扶贫办：\n请于年底前报送，谢谢。\n联系人：某\n", "x", "无表格"])
def test_a_letter_is_said_to_be_no_table(tmp_path: Path, content: str) -> None:
    path = tmp_path / "说明.txt"
    path.write_text(content, "utf-8")
    receipt = taken(path)
    assert receipt.refused is not None and "不是表格文件（xlsx、xls、csv、zip）" in receipt.refused


def test_so_is_a_word_document(tmp_path: Path) -> None:
    path = tmp_path / "说明.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    receipt = taken(path)
    assert receipt.refused is not None and "不是表格文件（xlsx、xls、csv、zip）" in receipt.refused
