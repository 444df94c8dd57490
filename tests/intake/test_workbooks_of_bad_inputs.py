"""What only a workbook can do wrong: formats, dates, stray cells, passengers. Numbered as the known bad inputs."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from tests.intake.making import HEADERS, counts, one_cell, only, person, sheet_of, taken, workbook


def opened(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def column_of(header: str) -> int:
    return HEADERS.index(header) + 1


def staged(tmp_path: Path, column: str) -> list[object]:
    path = next((tmp_path / "store" / "staged" / "person").glob("*.parquet"))
    return list(pq.read_table(path)[column].to_pylist())


def test_24_the_date_system_of_1904_is_read_from_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "人员.xlsx"
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADERS)
    sheet.append(person(出生日期=date(1960, 1, 2)))
    book.save(path)
    sheet_of(path)
    assert staged(tmp_path, "birth_date") == [date(1960, 1, 2)]


def test_46_a_cell_in_the_far_corner_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    book = opened(path)
    book.worksheets[0].cell(1_048_576, 16_384, "x")
    book.save(path)
    receipt = taken(path)
    assert receipt.refused is not None and "右下角" in receipt.refused


def test_46_thousands_of_empty_formatted_rows_are_no_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    book = opened(path)
    for row in range(3, 20_000):
        book.worksheets[0].cell(row, 1).number_format = "@"
    book.save(path)
    assert sheet_of(path).rows == 1


def test_51_macros_links_and_comments_are_named_and_not_read(tmp_path: Path) -> None:
    source = workbook(tmp_path / "好.xlsx", [person()])
    path = tmp_path / "人员.xlsm"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        new.writestr("xl/vbaProject.bin", b"macro")
        new.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        new.writestr("xl/comments1.xml", "<comments/>")
    sheet = sheet_of(path)
    assert counts(sheet) == (1, 0, 0, 0, 0)
    assert all(word in sheet.note for word in ("宏", "外部链接", "批注"))


def test_53_a_code_that_is_shown_with_zeros_keeps_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    book = opened(path)
    cell = book.worksheets[0].cell(2, column_of("人编号"), 12)
    cell.number_format = "0000"
    book.save(path)
    sheet = sheet_of(path)
    assert staged(tmp_path, "person_code") == ["0012"]
    assert "显示的样子" in only(sheet, "warned").message


def test_53_an_amount_that_is_shown_with_zeros_stays_an_amount(tmp_path: Path) -> None:
    headers = ["县(市、区)", "捐赠编号", "捐赠方", "金额（元）"]
    path = workbook(tmp_path / "捐赠台账.xlsx", [["交口县", "D1", "合成企业", 12]], headers)
    book = opened(path)
    book.worksheets[0].cell(2, 4).number_format = "0000"
    book.save(path)
    assert counts(sheet_of(path)) == (1, 0, 0, 0, 0)


def test_05_a_column_stored_partly_as_numbers_is_counted(tmp_path: Path) -> None:
    rows = [person(1), person(2, 证件号码=141130196001020013), person(3)]
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", rows))) == (2, 0, 1, 0, 0)


def test_18_the_separators_of_long_names_are_kept_as_written(tmp_path: Path) -> None:
    names = ["买买提·吐尔逊", "买买提•吐尔逊", "买买提．吐尔逊", "阿" * 50]
    rows = [person(number, 姓名=name) for number, name in enumerate(names, 1)]
    sheet_of(workbook(tmp_path / "人员.xlsx", rows))
    assert staged(tmp_path, "name") == names


def test_34_same_as_above_takes_the_place_of_the_row_above_and_says_so(tmp_path: Path) -> None:
    ditto = {"县(市、区)": "同上", "乡(镇)": "〃", "行政村": "〃"}
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [person(1), person(2, **ditto), person(3, **ditto)]))
    assert counts(sheet) == (1, 2, 0, 0, 0)
    assert len(set(staged(tmp_path, "region_code"))) == 1
    assert "取上一行的" in only(sheet, "warned").message


def test_34_same_as_above_in_the_first_row_is_quarantined(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "行政村", "同上")) == (0, 0, 1, 0, 0)
