"""Small deliveries for the tests: ledgers as workbooks or text, with one thing wrong at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl

from jingzhun.intake import take_in
from jingzhun.intake.numbers import check_digit
from jingzhun.model.receipt import FileReceipt, Problem, SheetReceipt
from jingzhun.policy import Pack, load_pack

RECEIVED = date(2018, 12, 31)
HEADERS = [
    "县(市、区)",
    "乡(镇)",
    "行政村",
    "数据年度",
    "人编号",
    "户编号",
    "姓名",
    "证件号码",
    "性别",
    "出生日期",
    "民族",
    "是否参加大病保险",
]
PLACE = ["交口县", "水头镇", "腰庄村"]


@lru_cache(maxsize=1)
def pack() -> Pack:
    return load_pack("luliang_2018")


def identity(born: str = "19600102", serial: int = 1) -> str:
    """A valid identity number; an odd serial is a man's."""
    body = f"141130{born}{serial:03d}"
    return body + check_digit(body)


def person(number: int = 1, **changes: Any) -> list[Any]:
    """A clean row of the persons' ledger; ``changes`` by header."""
    row = dict(
        zip(
            HEADERS,
            [
                *PLACE,
                "2018",
                f"P{number:04d}",
                f"H{number:04d}",
                "张合成",
                identity(serial=2 * number + 1),
                "男",
                "1960-01-02",
                "汉族",
                "是",
            ],
            strict=True,
        )
    )
    row |= changes
    return [row[header] for header in HEADERS]


def workbook(
    path: Path, rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, title: Sequence[str] = ()
) -> Path:
    """A workbook with optional title rows, a header and rows; texts stay text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人员"
    for row in [*[[line] for line in title], headers, *rows]:
        sheet.append(list(row))
    book.save(path)
    return path


def text(
    path: Path, rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, encoding: str = "utf-8", by: str = ","
) -> Path:
    lines = [by.join(str(cell) for cell in row) for row in [headers, *rows]]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def taken(path: Path, store: Path | None = None) -> FileReceipt:
    """The receipt of one file."""
    return take_in([path], store or path.parent / "store", pack(), received_on=RECEIVED)[0]


def sheet_of(path: Path) -> SheetReceipt:
    """The account of the first sheet of a file that must not be refused."""
    receipt = taken(path)
    assert receipt.refused is None, receipt.refused
    return receipt.sheets[0]


def counts(sheet: SheetReceipt) -> tuple[int, int, int, int, int]:
    """accepted, warned, quarantined, rejected, ignored."""
    return (sheet.accepted, sheet.warned, sheet.quarantined, sheet.rejected, sheet.ignored)


def only(sheet: SheetReceipt, outcome: str) -> Problem:
    """The first problem of an outcome."""
    found = [problem for problem in sheet.problems if problem.outcome == outcome]
    assert found, sheet.problems
    return found[0]


def one_cell(tmp_path: Path, header: str, value: Any) -> SheetReceipt:
    """A workbook of one person with one cell changed."""
    return sheet_of(workbook(tmp_path / "人员.xlsx", [person(**{header: value})]))
