"""Workbooks for people: tables with title and head, numbers that calculate, text that stays text; nothing that runs.

The same content gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

HEAD: Final = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#9C1C1C",
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
}
TITLE: Final = {"bold": True, "font_size": 14}
TEXT: Final = {"text_wrap": True, "valign": "top"}
WARNING: Final = {"bold": True, "font_color": "#8A5300"}
_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEADER_ROW: Final = 2
_A4: Final = 9


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1, shown in percent."""

    value: float


Cell = str | int | float | Decimal | date | Share | None
"""Text stays text; a ``Decimal`` shows the decimals that it has, a ``float`` that is no whole number two of them."""


def book_of(title: str, day: date, fill: Callable[[Any], None], *, row_by_row: bool = False) -> bytes:
    """The workbook that ``fill`` writes into, dated ``day``; with ``row_by_row`` a long one takes little memory.

    Raises ``OSError`` where the disk has no room for its rows.
    """
    content = io.BytesIO()
    memory = {"constant_memory": True} if row_by_row else {"in_memory": True}
    try:
        with xlsxwriter.Workbook(content, _PLAIN | memory) as book:
            book.set_properties({"title": title, "created": datetime(day.year, day.month, day.day)})
            fill(book)
    except FileCreateError as error:
        # The library puts what the system said into an error of its own kind.
        raise next((one for one in error.args if isinstance(one, OSError)), OSError(str(error))) from error
    return content.getvalue()


def print_landscape(page: Worksheet, header_row: int) -> None:
    """A4 landscape, as wide as the page, the header on every page."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)


class SheetWriter:
    """Writes the tables of one book, a sheet each, all with the same title, remark and footer."""

    def __init__(self, book: Any, title: str, remark: str, footer: str) -> None:
        """``remark`` stands below the title of every sheet, ``footer`` at the right of every printed page."""
        self._book, self._about, self._remark, self._footer = book, title, remark, footer
        self._text: Format = book.add_format(TEXT)
        self._head: Format = book.add_format(HEAD)
        self._title: Format = book.add_format(TITLE)
        self._warning: Format = book.add_format(WARNING)
        self._pictures: dict[str, Format] = {}

    def table(self, name: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Cell]]) -> None:
        """A sheet called ``name``: ``heads`` as they are, ``widths`` in characters, a row for each of ``rows``."""
        page: Worksheet = self._book.add_worksheet(name)
        page.write_string(0, 0, f"{self._about} · {name}", self._title)
        page.write_string(1, 0, self._remark, self._warning)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            page.write_string(_HEADER_ROW, column, head, self._head)
            page.set_column(column, column, width, self._text)
        last = _HEADER_ROW
        for last, row in enumerate(rows, start=_HEADER_ROW + 1):
            for column, cell in enumerate(row):
                self._cell(page, last, column, cell)
        self._printing(page, last, len(heads))

    def _cell(self, page: Worksheet, row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            page.write_string(row, column, cell, self._text)
        elif isinstance(cell, date):
            day = datetime(cell.year, cell.month, cell.day)
            page.write_datetime(row, column, day, self._picture("yyyy-mm-dd"))
        elif isinstance(cell, Share):
            page.write_number(row, column, cell.value, self._picture("0.00%"))
        else:
            page.write_number(row, column, cell, self._picture(_number_picture(cell)))

    def _picture(self, picture: str) -> Format:
        if picture not in self._pictures:
            self._pictures[picture] = self._book.add_format({"num_format": picture, "valign": "top"})
        return self._pictures[picture]

    def _printing(self, page: Worksheet, last: int, columns: int) -> None:
        page.freeze_panes(_HEADER_ROW + 1, 2)
        page.autofilter(_HEADER_ROW, 0, max(last, _HEADER_ROW + 1), columns - 1)
        print_landscape(page, _HEADER_ROW)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&L&A&C&P / &N" + (f"&R{self._footer}" if self._footer else ""))


def _number_picture(value: float | Decimal) -> str:
    decimals = _decimals(value)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _decimals(value: float | Decimal) -> int:
    if value == int(value):
        return 0
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else -2
    return -exponent if isinstance(exponent, int) else 0
