"""The workbook that goes back to the sender: every refused row as it came, and why, in Chinese."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import xlsxwriter

ROWS_PER_SHEET = 1_000_000
OWN_HEADERS = ("原行号", "退回原因")
"""The columns that the returned workbook puts before the sender's; taken in again, they mean nothing."""
_WRONG = {"bg_color": "#FFD9D9", "text_wrap": True}
_REASON = {"text_wrap": True, "valign": "top"}


class Returned:
    """Opened at the first refused row; cells are written as text, so nothing in them can act as a formula."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._book: Any = None
        self._sheet: Any = None
        self._next = 0

    def start(self, sheet: str, headers: tuple[str, ...]) -> None:
        """A sheet for the refused rows of one delivered sheet; made only when there are any."""
        self._name, self._sheet = sheet, None
        self._theirs = [at for at, name in enumerate(headers) if name not in OWN_HEADERS]
        self._headers = [headers[at] for at in self._theirs]

    def add(self, line: int, cells: list[str], reasons: list[str], wrong: Collection[int] = ()) -> None:
        """A refused row with its reasons; ``wrong`` are the columns of the sheet that must be put right."""
        if self._sheet is None or self._next > ROWS_PER_SHEET:
            self._open()
        self._sheet.write_string(self._next, 0, str(line))
        self._sheet.write_string(self._next, 1, "；".join(dict.fromkeys(reasons))[:32_000], self._reason)
        for column, at in enumerate(self._theirs, start=len(OWN_HEADERS)):
            text, is_wrong = cells[at] if at < len(cells) else "", at in wrong
            if text:
                self._sheet.write_string(self._next, column, text[:32_000], self._wrong if is_wrong else None)
            elif is_wrong:
                self._sheet.write_blank(self._next, column, None, self._wrong)
        self._next += 1

    def _open(self) -> None:
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
        self._sheet.set_column(1, 1, 60)
        for column, text in enumerate((*OWN_HEADERS, *self._headers)):
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
        self._book.close()
        return True
