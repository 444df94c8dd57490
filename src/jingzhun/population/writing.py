"""Files that are the same to the byte for the same cells: workbooks, text tables and archives without a clock."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BLOCK = 20_000
LONG_AGO = (1980, 1, 1, 0, 0, 0)
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override \
PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>\
</Relationships>"""
_BOOK_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" \
Target="worksheets/sheet1.xml"/></Relationships>"""
_BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>\
<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>"""
_SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"""
_NUMBER = r"^-?[0-9]{1,14}(\.[0-9]+)?$"


@dataclass(slots=True)
class Page:
    """One sheet to be written: lines above the header, the header, columns of text, lines below."""

    name: str
    header: list[str]
    columns: list[pa.Array]
    numeric: list[bool]
    """Columns whose cells are stored as numbers where they look like one."""
    above: list[list[str]] = field(default_factory=list)
    below: list[list[str]] = field(default_factory=list)
    stored_as_number: set[tuple[int, int]] = field(default_factory=set)
    """Cells (row, column) stored as numbers although the column is text: what a careless export does."""

    @property
    def first_row(self) -> int:
        """Row of the first data row, as the spreadsheet program shows it."""
        return len(self.above) + 2


def write_workbook(path: Path, page: Page) -> None:
    """An xlsx file with one sheet; text stays text."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        parts = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS,
            "xl/_rels/workbook.xml.rels": _BOOK_RELS,
            "xl/workbook.xml": _BOOK.format(name=escape(page.name, {'"': "&quot;"})),
        }
        for name, text in parts.items():
            archive.writestr(_member(name), text)
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            sheet.write(_SHEET.encode())
            for number, line in enumerate([*page.above, page.header], start=1):
                sheet.write(_line(number, line))
            count = len(page.columns[0]) if page.columns else 0
            for start in range(0, count, BLOCK):
                sheet.write(_rows(page, start, min(BLOCK, count - start)))
            for number, line in enumerate(page.below, start=page.first_row + count):
                sheet.write(_line(number, line))
            sheet.write(b"</sheetData></worksheet>")


def write_text(path: Path, page: Page, encoding: str) -> None:
    """A comma-separated file. ``-bom`` and ``-sig`` encodings begin with a byte order mark."""
    path.write_bytes(text_bytes(page, encoding))


def text_bytes(page: Page, encoding: str) -> bytes:
    """The file's bytes."""
    codec = encoding.removesuffix("-bom").removesuffix("-sig")
    lines = [",".join(_quoted_cell(cell) for cell in line) + "\n" for line in [*page.above, page.header]]
    out = io.BytesIO()
    begin = "" if encoding == codec else "\ufeff"
    out.write((begin + "".join(lines)).encode(codec))
    count = len(page.columns[0]) if page.columns else 0
    for start in range(0, count, BLOCK * 5):
        cells = [_quoted(column.slice(start, BLOCK * 5)) for column in page.columns]
        joined = pc.binary_join_element_wise(*cells, ",")
        block = _bytes(pc.binary_join_element_wise(joined, "\n", ""))
        out.write(block if codec == "utf-8" else block.decode("utf-8").encode(codec))
    out.write("".join(",".join(_quoted_cell(cell) for cell in line) + "\n" for line in page.below).encode(codec))
    return out.getvalue()


def write_archive(path: Path, members: dict[str, bytes]) -> None:
    """A zip set of files; names are UTF-8."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members.items():
            archive.writestr(_member(name), content)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _line(number: int, cells: Sequence[str]) -> bytes:
    body = "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' if cell else "<c/>" for cell in cells)
    return f'<row r="{number}">{body}</row>'.encode()


def _rows(page: Page, start: int, count: int) -> bytes:
    numbers = pa.array(np.arange(page.first_row + start, page.first_row + start + count)).cast(pa.string())
    cells = [_cells(page, place, start, count) for place in range(len(page.columns))]
    return _bytes(pc.binary_join_element_wise('<row r="', numbers, '">', *cells, "</row>", ""))


def _cells(page: Page, place: int, start: int, count: int) -> pa.Array:
    cells = page.columns[place].slice(start, count)
    if pc.any(pc.match_substring_regex(cells, "[&<>]")).as_py():
        for mark, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            cells = pc.replace_substring(cells, mark, written)
    edged = pc.any(pc.match_substring_regex(cells, "^[ \u3000]|[ \u3000]$")).as_py()
    begin = '<c t="inlineStr"><is><t xml:space="preserve">' if edged else '<c t="inlineStr"><is><t>'
    text = pc.binary_join_element_wise(begin, cells, "</t></is></c>", "")
    forced = [row - start for row, column in page.stored_as_number if column == place and start <= row < start + count]
    if page.numeric[place] or forced:
        number = np.zeros(count, bool)
        if page.numeric[place]:
            number = pc.match_substring_regex(cells, _NUMBER).to_numpy(zero_copy_only=False).copy()
        number[forced] = True
        text = pc.if_else(pa.array(number), pc.binary_join_element_wise("<c><v>", cells, "</v></c>", ""), text)
    return pc.if_else(pc.equal(cells, ""), "<c/>", text)


def _bytes(texts: pa.Array) -> bytes:
    """All values one after another: an Arrow text column already is that."""
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if len(texts) == 0:
        return b""
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)
    return bytes(memoryview(data)[int(bounds[texts.offset]) : int(bounds[texts.offset + len(texts)])])


def _quoted(cells: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(cells, '[",\r\n]')
    if not pc.any(special).as_py():
        return cells
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), cells)


def _quoted_cell(cell: str) -> str:
    if not any(mark in cell for mark in '",\r\n'):
        return cell
    return '"' + cell.replace('"', '""') + '"'
