"""A unit or a year that can be meant in two ways changes figures by powers of ten, or moves them to another year."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.intake.making import HEADERS, counts, one_cell, person, sheet_of, taken, text, workbook

GIFTS = ["县(市、区)", "捐赠编号", "捐赠方", "金额"]


def gift(yuan: object = 816) -> list[Any]:
    return ["交口县", "D1", "合成企业", yuan]


def fen(tmp_path: Path) -> list[int]:
    path = next((tmp_path / "store" / "staged" / "donation").glob("*.parquet"))
    return [int(value) for value in pq.read_table(path)["amount"].to_pylist()]


def headed(path: Path, lines: Sequence[Sequence[Any]]) -> Path:
    return workbook(path, lines[1:], [str(cell) for cell in lines[0]])


@pytest.mark.parametrize("unit", ["万元", "（万元）"])
def test_a_line_of_units_below_the_header_counts(tmp_path: Path, unit: str) -> None:
    sheet = sheet_of(headed(tmp_path / "捐赠台账.xlsx", [GIFTS, ["", "", "", unit], gift()]))
    assert counts(sheet) == (1, 0, 0, 0, 0)
    assert fen(tmp_path) == [816_000_000]


def test_a_unit_in_the_title_counts(tmp_path: Path) -> None:
    sheet_of(workbook(tmp_path / "捐赠台账.xlsx", [gift()], GIFTS, ["2018年捐赠台账（万元）"]))
    assert fen(tmp_path) == [816_000_000]


def test_a_unit_that_cannot_be_converted_is_refused(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "捐赠台账.xlsx", [gift()], [*GIFTS[:3], "金额（角）"]))
    assert receipt.refused is not None and "单位不能用" in receipt.refused


def test_an_amount_in_a_merged_cell_is_not_multiplied(tmp_path: Path) -> None:
    rows = [["交口县", f"D{number}", "合成企业", 9_000_000 if number == 1 else ""] for number in (1, 2, 3)]
    path = workbook(tmp_path / "捐赠台账.xlsx", rows, GIFTS)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("D2:D4")
    book.save(path)
    sheet = sheet_of(path)
    assert (sheet.accepted, sheet.quarantined) == (1, 2)


HOUSEHOLDS = ["县", "乡镇", "行政村", "户编号", "户主姓名", "家庭人口数", "贫困户属性", "脱贫属性"]
HOUSEHOLD = ["交口县", "水头镇", "腰庄村", "H0001", "张合成", 2, "一般贫困户", "未脱贫"]


@pytest.mark.parametrize(("name", "title"), [("花名册.xlsx", ["户花名册（2018年）"]), ("花名册2018.xlsx", [])])
def test_a_plain_ledger_takes_its_year_from_the_title_or_the_name(tmp_path: Path, name: str, title: list[str]) -> None:
    sheet = sheet_of(workbook(tmp_path / name, [HOUSEHOLD], HOUSEHOLDS, title))
    assert counts(sheet) == (1, 0, 0, 0, 0)
    staged = next((tmp_path / "store" / "staged" / "household").glob("*.parquet"))
    assert pq.read_table(staged)["data_year"].to_pylist() == [2018]


def test_a_plain_ledger_without_any_year_is_told_where_to_write_it(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "花名册.xlsx", [HOUSEHOLD], HOUSEHOLDS))
    assert receipt.refused is not None and "请在表题或文件名里写明年份" in receipt.refused


def test_several_years_in_a_title_are_asked_about(tmp_path: Path) -> None:
    headers = [header for header in HEADERS if header != "数据年度"]
    row = [cell for header, cell in zip(HEADERS, person(), strict=True) if header != "数据年度"]
    receipt = taken(workbook(tmp_path / "人员.xlsx", [row], headers, ["2016年识别2018年底在册人员"]))
    assert receipt.refused is not None and "几个年份（2016、2018）" in receipt.refused


@pytest.mark.parametrize("written", ["0", "-2018", "99999", "18"])
def test_a_year_that_is_none_is_quarantined(tmp_path: Path, written: str) -> None:
    assert counts(one_cell(tmp_path, "数据年度", written)) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize("written", ["同上", "〃", '"', "''", "′′"])
def test_a_name_written_as_above_is_quarantined(tmp_path: Path, written: str) -> None:
    assert counts(one_cell(tmp_path, "姓名", written)) == (0, 0, 1, 0, 0)


def test_a_person_of_a_county_without_a_village_is_quarantined(tmp_path: Path) -> None:
    row = person(**{"乡(镇)": "", "行政村": ""})
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", [row]))) == (0, 0, 1, 0, 0)


def test_a_document_in_an_archive_does_not_hide_what_follows(tmp_path: Path) -> None:
    inside = tmp_path / "word.docx"
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    path = tmp_path / "报送.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(text(tmp_path / "1.csv", [person(1)]), "1人员_2018年.csv")
        archive.write(inside, "2说明.docx")
        archive.write(text(tmp_path / "3.csv", [person(2)]), "3人员_2018年.csv")
    from jingzhun.intake import take_in
    from tests.intake.making import RECEIVED, pack

    receipts = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    assert [receipt.refused is None for receipt in receipts] == [True, False, True]


def test_what_a_person_keeps_in_the_store_is_left_alone(tmp_path: Path) -> None:
    taken(workbook(tmp_path / "人员.xlsx", [person(1)]))
    own = tmp_path / "store" / "refused" / "已改.xlsx"
    own.write_bytes(b"mine")
    taken(workbook(tmp_path / "人员2.xlsx", [person(2)]))
    assert own.read_bytes() == b"mine"


def test_a_store_may_have_any_name(tmp_path: Path) -> None:
    headers = [*HEADERS[:6], *HEADERS[6:], "家庭人口数"]
    path = workbook(tmp_path / "人员.xlsx", [[*person(1), 2]], headers)
    assert taken(path, tmp_path / "o'brien").refused is None


def test_a_full_record_is_never_a_note(tmp_path: Path) -> None:
    headers = ["捐赠方", "县(市、区)", "捐赠编号", "金额"]
    sheet = sheet_of(workbook(tmp_path / "捐赠台账.xlsx", [["审核所", "交口县", "D1", 5]], headers))
    assert counts(sheet) == (1, 0, 0, 0, 0)
