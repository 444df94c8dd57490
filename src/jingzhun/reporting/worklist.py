"""Worklists: one workbook per township that goes out with what is open and comes back with what was found.

Their columns are a layout of the pack, so that intake reads what comes back by the same words. Fields that the layout
calls ``answers`` are left to the receiver; everything else is written as text and read by nobody but people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.model import TABLES, Kind
from jingzhun.policy import DivisionTree, Pack
from jingzhun.policy.schema import Layout, LayoutColumn
from jingzhun.reporting.sheets import HEAD, TEXT, TITLE, book_of, print_landscape
from jingzhun.reporting.whole import write_whole

TOWNSHIP = 4
ROWS = 100_000
"""Rows of one workbook; a township with more gets several."""
_WIDTHS = {
    "问题": 60,
    "线索": 60,
    "建议": 40,
    "来源文件": 36,
    "各项相符": 36,
    "整改说明": 30,
    "核查说明": 30,
    "佐证": 24,
}
_HEAD = HEAD | {"bg_color": "#4A5568", "border": 0}
_ASKED = HEAD | {"border": 0}
_FILL = TEXT | {"bg_color": "#FFF7E0", "border": 1, "border_color": "#E2C48D"}


@dataclass(frozen=True, slots=True)
class Item:
    """One row: the division it belongs to, and what stands under each header of the layout."""

    region: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name, the title above its header, its rows."""

    name: str
    title: str
    items: Sequence[Item]


def write_worklist(
    folder: Path, pack: Pack, layout_id: str, as_of: date, place: str, items: Sequence[Item], how: Sequence[str]
) -> list[Path]:
    """Write the ``items`` of a township, or of a division above the townships, into ``folder``.

    Returns its workbooks, several when there are many items. ``how`` to fill them in is said above the header.
    """
    tree, layout = pack.divisions.on(as_of), pack.layouts[layout_id]
    written = []
    for part, start in enumerate(range(0, len(items), ROWS), start=1):
        name = f"{place[:9]}_{tree.get(place).name}_{layout.zh}_{as_of}" + (f"_{part}" if len(items) > ROWS else "")
        path = folder / f"{re.sub(r'[^0-9A-Za-z_一-鿿()（）-]', '_', name)}.xlsx"
        title = f"{_address(tree, place)} {layout.zh} {as_of}"
        page = Page(layout.zh, title, items[start : start + ROWS])
        written.append(write_pages(path, pack, layout, as_of, [page], how))
    return written


def _address(tree: DivisionTree, code: str) -> str:
    names = [tree.get(above).name for above in tree.ancestors(code) if tree.get(above).level >= TOWNSHIP - 1]
    return "".join(reversed(names)) or tree.get(code).name


def write_pages(path: Path, pack: Pack, layout: Layout, as_of: date, pages: Sequence[Page], how: Sequence[str]) -> Path:
    """One workbook with a sheet for each page, all of the same layout; the same pages give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tree = pack.divisions.on(as_of)

    def fill(book: Any) -> None:
        formats = {name: book.add_format(style) for name, style in _STYLES.items()}
        for page in pages:
            sheet: Any = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "_", page.name)[:31])
            _fill_page(sheet, formats, pack, layout, tree, page, how)

    return write_whole(path, book_of(layout.zh, as_of, fill, row_by_row=True))


def _fill_page(
    sheet: Any,
    formats: Mapping[str, Any],
    pack: Pack,
    layout: Layout,
    tree: DivisionTree,
    page: Page,
    how: Sequence[str],
) -> None:
    asked = [column.field in layout.answers for column in layout.columns]
    header_row = len(how) + 1
    for at, column in enumerate(layout.columns):
        sheet.set_column(at, at, _WIDTHS.get(column.header, 14))
    sheet.write_string(0, 0, page.title, formats["title"])
    for at, line in enumerate(how, start=1):
        sheet.write_string(at, 0, line)
    for at, column in enumerate(layout.columns):
        sheet.write_string(header_row, at, column.header, formats["asked" if asked[at] else "head"])
    for number, item in enumerate(page.items, start=header_row + 1):
        _row(sheet, formats, layout, tree, number, item)
    for at, column in enumerate(layout.columns):
        if asked[at] and page.items:
            _help_to_fill(sheet, pack, layout, column, at, header_row + 1, header_row + len(page.items))
    sheet.freeze_panes(header_row + 1, 1)
    sheet.autofilter(header_row, 0, header_row + len(page.items), len(layout.columns) - 1)
    print_landscape(sheet, header_row)


_STYLES = {"title": TITLE, "head": _HEAD, "asked": _ASKED, "cell": TEXT, "fill": _FILL}


def _row(sheet: Any, formats: Mapping[str, Any], layout: Layout, tree: DivisionTree, number: int, item: Item) -> None:
    places = {tree.get(code).level: tree.get(code).name for code in tree.ancestors(item.region)}
    for at, column in enumerate(layout.columns):
        style = formats["fill" if column.field in layout.answers else "cell"]
        text = places.get(_LEVELS[column.region], "") if column.region else item.cells.get(column.header, "")
        if text:
            sheet.write_string(number, at, text[:32_000], style)
        else:
            sheet.write_blank(number, at, None, style)


_LEVELS = {"province": 1, "prefecture": 2, "county": 3, "township": 4, "village": 5}


def _help_to_fill(sheet: Any, pack: Pack, layout: Layout, column: LayoutColumn, at: int, first: int, last: int) -> None:
    contract = TABLES[layout.table].column(column.field)
    if contract.kind in (Kind.CODE, Kind.FLAG):
        labels = [item.label for item in pack.codes[contract.codes].items]
        sheet.data_validation(first, at, last, at, {"validate": "list", "source": labels})
    elif contract.kind is Kind.DATE:
        message = {"input_title": column.header, "input_message": "写成 2018-11-05 或 2018年11月5日"}
        sheet.data_validation(first, at, last, at, {"validate": "any", **message})
