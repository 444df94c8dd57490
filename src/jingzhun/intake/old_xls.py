"""The records of an old workbook (BIFF8, .xls) that its reader passes over: hidden rows and columns, formulas, errors.

The records are those of Microsoft's [MS-XLS]; each is a type and a length of two bytes and its content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import olefile

from jingzhun.intake.facts import NOT_CALCULATED, WIDEST, SheetFacts
from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Refused

_STREAMS = ("Workbook", "Book")
_BOF, _EOF, _SHEET = 0x0809, 0x000A, 0x0085
_ROW, _COLUMNS, _ERROR, _FORMULA = 0x0208, 0x007D, 0x0205, 0x0006
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_EMPTY_TEXT = b"\x17\x00"
"""In a formula: the text of no characters, so that an empty result may be meant (IF(…, "", …))."""
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NO_NUMBER = b"\xff\xff"
_IS_ERROR, _IS_EMPTY = 2, 3


def old_sheets(path: Path, limits: Limits) -> dict[int, SheetFacts]:
    """Facts by number of the sheet. Raises ``Refused`` for a container or records that are damaged."""
    try:
        with olefile.OleFileIO(BytesIO(path.read_bytes())) as container:
            name = next((name for name in _STREAMS if container.exists(name)), "")
            stream = container.openstream(name).read() if name else b""
        starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(stream, 0) if kind == _SHEET]
        return {number: _facts(stream, start, limits) for number, start in enumerate(starts)}
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise Refused(
            "旧版工作簿（.xls）内容损坏或不完整；请在表格软件中打开后另存为 .xlsx 再报。",
            "the old workbook (.xls) is damaged or cut short; open it and save it as .xlsx.",
        ) from error


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, its embedded parts (charts) left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _facts(stream: bytes, start: int, limits: Limits) -> SheetFacts:
    facts = SheetFacts()
    for kind, data in _records(stream, start):
        if kind == _FORMULA:
            _note_formula(data, facts)
        elif kind == _ROW:
            (row,) = struct.unpack_from("<H", data)
            if struct.unpack_from("<H", data, 12)[0] & _HIDDEN_ROW:
                facts.hidden_rows.add(row + 1)
        elif kind == _ERROR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
            if is_error:
                facts.errors[row + 1, column] = _ERRORS.get(value, "#N/A")
        elif kind == _COLUMNS:
            first, last, _, _, options = struct.unpack_from("<5H", data)
            if options & _HIDDEN_COLUMN:
                facts.hidden_columns.update(range(first, min(last + 1, WIDEST)))
    facts.check(limits)
    return facts


def _note_formula(data: bytes, facts: SheetFacts) -> None:
    row, column = struct.unpack_from("<HH", data)
    result = data[6:14]
    if result[6:8] != _NO_NUMBER:
        return
    if result[0] == _IS_ERROR:
        facts.errors[row + 1, column] = _ERRORS.get(result[2], "#N/A")
    elif result[0] == _IS_EMPTY and _EMPTY_TEXT not in data[20:]:
        facts.errors[row + 1, column] = NOT_CALCULATED
