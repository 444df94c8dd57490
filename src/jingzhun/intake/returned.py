"""The workbook that goes back to the sender: every refused row as it came, and why, in Chinese."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import xlsxwriter

ROWS_PER_SHEET = 1_000_000
LINE, REASONS, FILE = "原行号", "退回原因", "原文件"
YEAR = "数据年度"
"""Added where the year stood in the title or the name, which the returned workbook does not have."""
OWN_HEADERS = (LINE, REASONS, FILE)
"""The columns of ours around the sender's. Taken in again they are no data, but say where a row first came from."""
_AHEAD = (LINE, REASONS)
_NARROWEST, _WIDEST = 8, 42
"""Characters across: no header is lost, an identity number stands whole, a long text is read in its cell."""
_WIDE_FROM = "\u2e80"
"""From here on characters are as wide as two digits."""
_WRONG = {"bg_color": "#FFD9D9", "text_wrap": True}
_REASON = {"text_wrap": True, "valign": "top"}


class Returned:
    """Opened at the first refused row; cells are written as text, so nothing in them can act as a formula."""

    def __init__(self, path: Path, file: str) -> None:
        self.path, self._file = path, file
        self._book: Any = None
        self._sheet: Any = None
        self._widths: list[int] = []
        self._next = 0

    def start(self, sheet: str, headers: tuple[str, ...], year: int | None) -> None:
        """A sheet for the refused rows of one delivered sheet; made only when there are any.

        ``year`` is that of all its rows, where no column states it.
        """
        self._set_widths()
        self._name, self._sheet = sheet, None
        self._theirs = [at for at, name in enumerate(headers) if name not in OWN_HEADERS]
        self._headers = [headers[at] for at in self._theirs]
        self._width = len(headers)
        self._after = {FILE: self._file} if year is None else {YEAR: str(year), FILE: self._file}
        self._before = {name: headers.index(name) for name in (LINE, FILE) if name in headers}

    def add(self, line: int, cells: list[str], reasons: list[str], wrong: Collection[int] = ()) -> None:
        """A refused row with its reasons; ``wrong`` are the columns of the sheet that must be put right.

        A row that was sent back before keeps the file and the row number it had at first.
        """
        if self._sheet is None or self._next > ROWS_PER_SHEET:
            self._open()
        self._sheet.write_string(self._next, 0, self._said_before(LINE, cells) or str(line))
        self._sheet.write_string(self._next, 1, _sentence(reasons)[:32_000], self._reason)
        for column, (name, text) in enumerate(self._after.items(), start=len(_AHEAD) + len(self._theirs)):
            said = self._said_before(FILE, cells) if name == FILE else ""
            self._sheet.write_string(self._next, column, (said or text)[:32_000])
        for column, at in enumerate(self._theirs, start=len(_AHEAD)):
            text, is_wrong = cells[at] if at < len(cells) else "", at in wrong
            if text:
                self._sheet.write_string(self._next, column, text[:32_000], self._wrong if is_wrong else None)
            elif is_wrong:
                self._sheet.write_blank(self._next, column, None, self._wrong)
        self._fit(cells)
        self._next += 1

    def _fit(self, cells: list[str]) -> None:
        """Make room for the cells of a row, so that no number is cut off or shown as a row of hashes."""
        for place, at in enumerate(self._theirs):
            if at < len(cells):
                self._widths[place] = max(self._widths[place], _across(cells[at]))

    def _set_widths(self) -> None:
        if self._sheet is None:
            return
        for column, width in enumerate(self._widths, start=len(_AHEAD)):
            self._sheet.set_column(column, column, width)

    def _said_before(self, name: str, cells: list[str]) -> str:
        """What a row says of its first coming; nothing where the cells are not the whole row."""
        if name not in self._before or len(cells) != self._width:
            return ""
        return cells[self._before[name]].strip()

    def _open(self) -> None:
        self._set_widths()
        if self._book is None:
            self._book = xlsxwriter.Workbook(
                str(self.path),
                {
                    "constant_memory": True,
                    "strings_to_formulas": False,
                    "strings_to_urls": False,
                    "strings_to_numbers": False,
                },
            )
            self._names: set[str] = set()
            self._wrong, self._reason = self._book.add_format(_WRONG), self._book.add_format(_REASON)
        self._sheet = self._book.add_worksheet(self._free_name())
        self._sheet.freeze_panes(1, 0)
        self._widths = [_across(header) for header in self._headers]
        self._sheet.set_column(0, 0, _NARROWEST)
        self._sheet.set_column(1, 1, 60)
        for column, (name, text) in enumerate(self._after.items(), start=len(_AHEAD) + len(self._headers)):
            self._sheet.set_column(column, column, max(_across(name), _across(text)))
        for column, text in enumerate((*_AHEAD, *self._headers, *self._after)):
            self._sheet.write_string(0, column, text)
        self._next = 1

    def _free_name(self) -> str:
        plain = "".join("_" if letter in "[]:*?/\\'" else letter for letter in self._name)[:26] or "sheet"
        name, number = plain, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{plain}_{number}"
        self._names.add(name.casefold())
        return name

    def close(self) -> bool:
        """Finish the workbook; whether there was anything to return."""
        if self._book is None:
            return False
        self._set_widths()
        self._book.close()
        return True


def _across(text: str) -> int:
    """How wide a column must be for a text, with a little room at its ends."""
    return min(max(len(text) + sum(letter >= _WIDE_FROM for letter in text) + 2, _NARROWEST), _WIDEST)


def _sentence(reasons: list[str]) -> str:
    """The reasons as one sentence: each once, semicolons between them, one full stop at the end."""
    return "；".join(dict.fromkeys(reason.rstrip("。") for reason in reasons)) + "。"
