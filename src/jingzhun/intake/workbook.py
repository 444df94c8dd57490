"""Open a workbook safely and give its sheets as grids of cells with what a person would see hidden or merged."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import cast

import python_calamine as calamine

from jingzhun.intake.facts import SheetFacts
from jingzhun.intake.inspection import Inspection, encrypted, inspect
from jingzhun.intake.limits import Limits
from jingzhun.intake.old_xls import old_sheets
from jingzhun.intake.reading import Cell, Note, Refused

_MERGED_LIMIT = 100_000


@dataclass(slots=True)
class Grid:
    """One sheet: rows of cells, the number of its first row, and what must be known about single cells."""

    name: str
    rows: list[list[Cell]]
    first_row: int = 1
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row number, column index from 0) → error value or the mark of a formula that was never calculated."""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row number, column index) → the text shown where a format adds leading zeros."""
    notes: tuple[Note, ...] = ()


def read_workbook(path: Path, limits: Limits) -> list[Grid]:
    """All sheets of an xlsx or xls file. Raises ``Refused`` for a file that cannot or must not be read."""
    found = inspect(path, limits) if zipfile.is_zipfile(path) else Inspection(old_sheets(path, limits))
    notes = _about(found.carried)
    try:
        with _NoPanic():
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            return [
                _grid(book.get_sheet_by_index(number), meta, _known(found, number), limits, notes)
                for number, meta in enumerate(book.sheets_metadata)
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as error:
        raise encrypted() from error
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError, OSError) as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Refused(
        "工作簿内容损坏或不完整，打不开；请在表格软件中打开后另存为 .xlsx 再报。",
        "the workbook is damaged or cut short; open it in a spreadsheet program and save it as .xlsx.",
    )


class _NoPanic:
    """The reader is a Rust library and panics over some damaged workbooks: one file's refusal, not everybody's end.

    Its exception cannot be imported and is no ``Exception``, so it is known by its name only.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise _damaged() from error


def _known(found: Inspection, number: int) -> SheetFacts:
    """What was found out of a sheet. One that was not looked into must not be opened: it may be anything."""
    if number not in found.sheets:
        raise Refused(
            "工作簿的内部结构不是常见的 .xlsx 或 .xls（可能是 .xlsb）；请在表格软件中另存为 .xlsx 再报。",
            "the workbook is built like neither .xlsx nor .xls (an .xlsb?); save it as .xlsx and send that.",
        )
    return found.sheets[number]


def _about(carried: tuple[str, ...]) -> tuple[Note, ...]:
    """Passengers of the package that are never read, by name."""
    if not carried:
        return ()
    english = "、".join(carried)
    for zh, en in _CARRIED_EN.items():
        english = english.replace(zh, en)
    return (
        Note(
            f"文件含{'、'.join(carried)}，未读取",
            f"the file also holds {english.replace('、', ', ')}, which were not read",
        ),
    )


_CARRIED_EN = {
    "宏": "macros",
    "外部链接": "external links",
    "嵌入对象": "embedded objects",
    "批注": "comments",
    "图片": "images",
}


def _grid(
    sheet: calamine.CalamineSheet,
    meta: calamine.SheetMetadata,
    facts: SheetFacts,
    limits: Limits,
    notes: tuple[Note, ...],
) -> Grid:
    start = sheet.start or (0, 0)
    if sheet.width > limits.columns or sheet.height > limits.rows:
        raise Refused(
            f"工作表“{meta.name}”有 {sheet.height:,} 行、{sheet.width:,} 列，"
            f"超过 {limits.rows:,} 行或 {limits.columns} 列；请删除多余的行列或拆成几个文件。",
            f"sheet {meta.name!r} has {sheet.height:,} rows and {sheet.width:,} columns, more than {limits.rows:,} "
            f"or {limits.columns}; delete the surplus or split the file.",
        )
    pad: list[Cell] = [""] * start[1]
    rows = [pad + cast(list[Cell], row) if pad else cast(list[Cell], row) for row in sheet.iter_rows()]
    rows = rows[max(len(rows) - sheet.height, 0) :]
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    return Grid(
        name=meta.name,
        rows=rows,
        first_row=start[0] + 1,
        hidden=meta.visible != calamine.SheetVisibleEnum.Visible,
        hidden_rows=frozenset(facts.hidden_rows),
        hidden_columns=frozenset(facts.hidden_columns),
        merged=(sheet.merged_cell_ranges or [])[:_MERGED_LIMIT],
        errors=facts.errors,
        shown=facts.shown,
        notes=notes,
    )
