"""The XLSX answer sheet: numbers are numbers, codes are text, formulas in data stay text."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.reporting import sheets

Written = dict[str, Path]
NAMES = ["答卷", "互检", "进出平衡", "退出检验", "来源文件"]


@pytest.fixture(scope="module")
def book(written: Written) -> Workbook:
    return load_workbook(written["xlsx"])


def rows_of(book: Workbook, name: str) -> list[dict[str, object]]:
    head, *rows = list(book[name].iter_rows(min_row=3, values_only=True))
    names = [str(cell).split("\n")[0] for cell in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_it_has_the_five_sheets(book: Workbook) -> None:
    assert book.sheetnames == NAMES


def test_every_figure_has_numbers_that_calculate(book: Workbook) -> None:
    rows = {row["编号"]: row for row in rows_of(book, "答卷")}
    assert len([figure for figure in rows if figure]) == 111
    assert rows["F010"]["数值"] == 0.73
    assert (rows["F010"]["分子"], rows["F010"]["分母"]) == (528, 72_400)
    assert rows["F066"]["分子"] == 2_859_000_000


def test_codes_are_text(book: Workbook) -> None:
    for row in rows_of(book, "答卷"):
        assert isinstance(row["行政区划代码"], str) and len(row["行政区划代码"]) == 12
    for row in rows_of(book, "退出检验"):
        assert isinstance(row["行政区划代码"], str)
    for row in rows_of(book, "来源文件"):
        assert isinstance(row["哈希（SHA-256）"], str)


def test_numbers_that_are_names_are_text(book: Workbook) -> None:
    rows = {row["编号"]: row for row in rows_of(book, "答卷")}
    assert rows["F051"]["数值"] == "3545"
    assert rows["F115"]["数值"] == "2020"


def test_the_other_sheets_hold_every_line(book: Workbook) -> None:
    sheet = sheets.prefecture()
    counts = [len(sheet.verdicts), len(sheet.flows), len(sheet.exits), len(sheet.sources)]
    assert [len(rows_of(book, name)) for name in NAMES[1:]] == counts


def test_nothing_is_a_formula(written: Written, awkward: Written) -> None:
    for files in (written, awkward):
        for page in load_workbook(files["xlsx"]):
            assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"] == []
    cells = [cell.value for row in load_workbook(awkward["xlsx"])["答卷"].iter_rows() for cell in row]
    assert any(isinstance(cell, str) and '=HYPERLINK("x")' in cell for cell in cells)


def test_heads_are_frozen_and_printed_on_every_page(book: Workbook) -> None:
    for page in book:
        assert page.freeze_panes == "C4"
        assert page.print_title_rows == "$3:$3"
        assert page.page_setup.orientation == "landscape"


def test_a_missing_value_is_an_empty_cell(awkward: Written) -> None:
    rows = {row["编号"]: row for row in rows_of(load_workbook(awkward["xlsx"]), "答卷")}
    assert rows["F011"]["数值"] is None and rows["F011"]["分子"] is None


def test_invented_data_says_so_on_every_sheet(book: Workbook) -> None:
    assert all("合成数据" in str(page["A2"].value) for page in book)
