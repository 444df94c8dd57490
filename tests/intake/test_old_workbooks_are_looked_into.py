"""An .xls says as much beside its values as an .xlsx: hidden rows, columns and sheets, formulas nobody calculated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlwt

from jingzhun.intake.limits import LIMITS
from jingzhun.intake.old_xls import old_sheets
from jingzhun.intake.reading import Refused
from jingzhun.intake.workbook import read_workbook
from tests.intake.making import HEADERS, counts, only, person, sheet_of, taken


def old_book(path: Path, change: Any = None) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("人员", cell_overwrite_ok=True)
    for line, row in enumerate([HEADERS, person(1), person(2), person(3)]):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    if change:
        change(book, sheet)
    book.save(str(path))
    return path


def test_28_a_hidden_row_of_an_xls_is_quarantined(tmp_path: Path) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.row(2).hidden = True

    sheet = sheet_of(old_book(tmp_path / "人员.xls", hide))
    assert counts(sheet) == (2, 0, 1, 0, 0)
    assert "隐藏" in only(sheet, "quarantined").message and only(sheet, "quarantined").row == 3


def test_28_hidden_columns_of_an_xls_are_named(tmp_path: Path) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.col(HEADERS.index("民族")).hidden = True

    sheet = sheet_of(old_book(tmp_path / "人员.xls", hide))
    assert sheet.attention == "表中隐藏的列也已读取：民族"


def test_28_hidden_sheets_of_an_xls_are_listed_and_not_read(tmp_path: Path) -> None:
    def hide(book: Any, _: Any) -> None:
        other = book.add_sheet("底稿")
        other.visibility = 1
        other.write(0, 0, "甲")

    receipt = taken(old_book(tmp_path / "人员.xls", hide))
    assert [(sheet.sheet, sheet.accepted, sheet.ignored) for sheet in receipt.sheets] == [
        ("人员", 3, 0),
        ("底稿", 0, 1),
    ]


def test_30_a_formula_without_a_value_in_an_xls_is_quarantined(tmp_path: Path) -> None:
    def formula(_: Any, sheet: Any) -> None:
        sheet.write(2, HEADERS.index("民族"), xlwt.Formula('CONCATENATE("汉";"族")'))

    sheet = sheet_of(old_book(tmp_path / "人员.xls", formula))
    assert counts(sheet) == (2, 0, 1, 0, 0)
    assert "公式没有计算结果" in only(sheet, "quarantined").message


def test_30_a_formula_that_may_give_an_empty_text_is_a_blank(tmp_path: Path) -> None:
    def formula(_: Any, sheet: Any) -> None:
        sheet.write(2, HEADERS.index("民族"), xlwt.Formula('IF(1;"";"汉族")'))

    assert counts(sheet_of(old_book(tmp_path / "人员.xls", formula))) == (3, 0, 0, 0, 0)


def test_31_an_error_value_in_an_xls_is_quarantined(tmp_path: Path) -> None:
    def error(_: Any, sheet: Any) -> None:
        sheet.row(2).set_cell_error(HEADERS.index("民族"), 0x2A)

    sheet = sheet_of(old_book(tmp_path / "人员.xls", error))
    assert counts(sheet) == (2, 0, 1, 0, 0)
    assert "#N/A" in only(sheet, "quarantined").message


def test_40_a_plain_xls_has_nothing_remarkable(tmp_path: Path) -> None:
    [facts] = old_sheets(old_book(tmp_path / "人员.xls"), LIMITS).values()
    assert (facts.hidden_rows, facts.hidden_columns, facts.errors) == (set(), set(), {})


@pytest.mark.parametrize("kept", [600, 1500, 4000])
def test_54_an_xls_that_is_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    path = old_book(tmp_path / "人员.xls")
    path.write_bytes(path.read_bytes()[:kept])
    assert taken(path).refused is not None


def test_54_whatever_byte_of_the_container_is_damaged_it_is_read_or_refused(tmp_path: Path) -> None:
    whole = old_book(tmp_path / "人员.xls").read_bytes()
    path, refused = tmp_path / "坏.xls", 0
    for at in [*range(44, 112), *range(len(whole) - 1024, len(whole))]:
        path.write_bytes(whole[:at] + b"\x01" + whole[at + 1 :])
        try:
            read_workbook(path, LIMITS)
        except Refused:
            refused += 1
    assert refused
