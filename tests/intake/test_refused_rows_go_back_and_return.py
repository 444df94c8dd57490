"""The way of a refused row: back to its sender with the reason, put right, and in again."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from jingzhun.model.receipt import FileReceipt
from tests.intake.making import HEADERS, counts, person, taken, workbook


def sent_back(tmp_path: Path) -> tuple[FileReceipt, Path]:
    """Two good rows and one of an unknown ethnic group; the workbook that goes back."""
    rows = [person(1), person(2, 民族="火星族"), person(3)]
    receipt = taken(workbook(tmp_path / "人员.xlsx", rows), tmp_path / "store")
    assert receipt.returned is not None
    return receipt, tmp_path / "store" / receipt.returned


def test_only_the_refused_row_goes_back_and_its_faulty_cell_is_marked(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, row = list(sheet.iter_rows())
    marked = [str(title.value) for title, cell in zip(header, row, strict=True) if cell.fill.fgColor.rgb == "FFFFD9D9"]
    assert (row[0].value, marked) == ("3", ["民族"])
    assert "火星族" in str(row[1].value) and "汉族" in str(row[1].value)


def test_a_row_put_right_in_the_returned_workbook_is_accepted(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, HEADERS.index("民族") + 3, "汉族")
    corrected = tmp_path / path.name
    book.save(corrected)
    sheet = taken(corrected, tmp_path / "store").sheets[0]
    assert counts(sheet) == (1, 0, 0, 0, 0)
    assert sheet.attention == ""


def test_a_year_that_stood_in_the_title_goes_back_as_a_column(tmp_path: Path) -> None:
    headers = [name for name in HEADERS if name != "数据年度"]
    row = dict(zip(HEADERS, person(1, 民族="火星族"), strict=True))
    titled = workbook(tmp_path / "人员.xlsx", [[row[name] for name in headers]], headers, ["石口镇2018年贫困人口"])
    receipt = taken(titled, tmp_path / "store")
    assert receipt.returned is not None
    book = openpyxl.load_workbook(tmp_path / "store" / receipt.returned)
    header, values = (list(cells) for cells in book.worksheets[0].iter_rows(values_only=True))
    assert dict(zip(header, values, strict=True))["数据年度"] == "2018"
    book.worksheets[0].cell(2, header.index("民族") + 1, "汉族")
    book.save(corrected := tmp_path / "人员_退回.xlsx")
    again = taken(corrected, tmp_path / "store")
    assert again.refused is None and counts(again.sheets[0]) == (1, 0, 0, 0, 0)


def test_a_row_still_wrong_goes_back_again_with_one_reason_under_one_name(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, HEADERS.index("民族") + 3, "金星族")
    again = tmp_path / path.name
    book.save(again)
    receipt = taken(again, tmp_path / "store")
    assert receipt.returned is not None and receipt.returned.count("_退回") == 1
    sheet = openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0]
    header, row = list(sheet.iter_rows(values_only=True))
    assert header.count("退回原因") == 1
    assert "金星族" in str(row[1]) and "火星族" not in str(row[1])


def test_a_damaged_number_is_one_fault_and_not_two(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "人员.xlsx", [person(1, 人编号=1.2345e17)]), tmp_path / "store")
    assert len(receipt.sheets[0].problems) == 1


def test_a_row_that_comes_back_a_second_time_keeps_its_first_row_number_and_file(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, HEADERS.index("民族") + 3, "金星族")
    again = tmp_path / "改过的.xlsx"
    book.save(again)
    receipt = taken(again, tmp_path / "store")
    assert receipt.returned is not None
    sheet = openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0]
    header, row = (list(cells) for cells in sheet.iter_rows(values_only=True))
    said = dict(zip(header, row, strict=True))
    assert len(said) == len(header)
    assert (said["原行号"], said["原文件"]) == ("3", "人员.xlsx")
    assert receipt.sheets[0].attention == ""


def test_several_reasons_read_as_one_sentence(tmp_path: Path) -> None:
    receipt = taken(workbook(tmp_path / "人员.xlsx", [person(1, 民族="火星族", 证件号码="12")]), tmp_path / "store")
    assert receipt.returned is not None
    sheet = openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0]
    reason = str(sheet.cell(2, 2).value)
    assert "。；" not in reason and reason.count("；") >= 1
    assert reason.endswith("。") and not reason.endswith("。。")


def test_a_double_in_a_returned_workbook_is_not_given_its_key_for_a_row_number(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = HEADERS.index("民族") + 3
    sheet.cell(2, at, "汉族")
    sheet.append([cell.value for cell in sheet[2]])
    sheet.cell(3, at, "回族")
    book.save(tmp_path / "改过的.xlsx")
    receipt = taken(tmp_path / "改过的.xlsx", tmp_path / "store")
    assert receipt.returned is not None
    back = openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0]
    assert back.cell(2, 1).value == "3"


def test_columns_of_the_returned_workbook_are_wide_enough_for_their_numbers(tmp_path: Path) -> None:
    _, path = sent_back(tmp_path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, row = list(sheet.iter_rows())
    widths = {str(title.value): sheet.column_dimensions[title.column_letter].width for title in header}
    assert widths["证件号码"] > 18 and widths["是否参加大病保险"] > 16
    assert 8 <= widths["性别"] < 12
    told = {str(title.value): str(cell.value or "") for title, cell in zip(header, row, strict=True)}
    assert [name for name in told if name != "退回原因" and widths[name] <= len(told[name])] == []
