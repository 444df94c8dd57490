"""Two lanes for the cells of a column, one definition of clean.

The fast lane looks at a whole column at once and passes what is in canonical form as it stands; everything else goes
cell by cell through ``cells.Reader``. Passing in the fast lane means exactly that the reader would take the cell with
no remark and the same value; ``tests/intake`` holds both lanes against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.intake.cells import NAMES, Reader
from jingzhun.intake.characters import DITTO
from jingzhun.intake.numbers import WEIGHTS
from jingzhun.intake.reading import BLANK, Cell, Read
from jingzhun.model import Kind

_UNSEEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{00ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}"
_EDGE = r"[ \t\r\n\x{3000}\x{00a0}]"
_ODD_TEXT = f"[{_UNSEEN}]|^{_EDGE}|{_EDGE}$|^#"
_ODD_NAME = (
    f"{_ODD_TEXT}|^(?:{'|'.join(sorted(DITTO))})$|^[A-Za-z]+$|"
    r"[?？□〓、，,;；\x{2ff0}-\x{2ffb}\x{e000}-\x{f8ff}\x{f0000}-\x{10ffff}]"
)
_EIGHTEEN = r"^[1-9][0-9]{16}[0-9X]$"
_PLACEHOLDER = "999999"
_LABEL_NUMBER = r"^[0-9A-Za-z]{1,40}$"
_EXPONENT = r"^[0-9.]+E[0-9]+$"
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)


@dataclass(slots=True)
class Column:
    """A column read: typed values, and the remarks of the cells that were not clean (row in the block → reading)."""

    values: pa.Array
    odd: dict[int, Read] = field(default_factory=dict)


def read_column(reader: Reader, cells: pa.Array | list[Cell], cache: dict[Any, Read]) -> Column:
    """Read a whole column. ``cells`` is a string array, or a list where the sheet holds other types too."""
    if isinstance(cells, list):
        return _one_by_one(reader, cells, cache)
    kind = reader.column.kind
    if kind is Kind.IDENTITY:
        return _finish(reader, cells, _clean_identity(cells))
    if kind is Kind.NUMBER_TEXT and reader.column.name != "bank_account":
        clean = pc.and_not(
            pc.match_substring_regex(cells, _LABEL_NUMBER), pc.match_substring_regex(cells, _EXPONENT, ignore_case=True)
        )
        return _finish(reader, cells, clean)
    if kind in (Kind.TEXT, Kind.REGION):
        odd = pc.match_substring_regex(cells, _ODD_NAME if reader.column.name in NAMES else _ODD_TEXT)
        short = pc.less_equal(pc.utf8_length(cells), reader.limit)
        return _finish(reader, cells, pc.and_not(short, odd))
    return _by_distinct(reader, cells, cache)


def _clean_identity(cells: pa.Array) -> pa.Array:
    """18 digits with the right check digit and a real birth date; computed on the bytes of all at once."""
    shaped = pc.and_not(pc.match_substring_regex(cells, _EIGHTEEN), pc.starts_with(cells, _PLACEHOLDER))
    chosen = np.flatnonzero(shaped.to_numpy(zero_copy_only=False).astype(bool))
    clean = np.zeros(len(cells), dtype=bool)
    if len(chosen):
        text = pa.concat_arrays([cells.take(pa.array(chosen))])
        matrix = np.frombuffer(text.buffers()[2], dtype=np.uint8, count=18 * len(chosen)).reshape(-1, 18)
        digits = matrix[:, :17].astype(np.int32) - 48
        checked = _CHECK[(digits @ np.array(WEIGHTS, dtype=np.int32)) % 11] == matrix[:, 17]
        clean[chosen] = checked & real_days(birth_numbers(digits))
    return pa.array(clean)


def birth_numbers(digits: np.ndarray) -> np.ndarray:
    """The birth dates in identity numbers as YYYYMMDD, from a matrix of their digits."""
    numbers: np.ndarray = digits[:, 6:14] @ np.array(
        [10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1], dtype=np.int64
    )
    return numbers


def real_days(numbers: np.ndarray) -> np.ndarray:
    """Which YYYYMMDD numbers are days of the calendar."""
    year, month, day = numbers // 10_000, numbers // 100 % 100, numbers % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)[month]
    real: np.ndarray = (year >= 1) & (day >= 1) & (day <= longest + ((month == 2) & leap))
    return real


def _finish(reader: Reader, cells: pa.Array, clean: pa.Array) -> Column:
    """Clean cells as they are, blanks as missing, and the reader for the rest."""
    blank = pc.equal(cells, "")
    done = pc.or_(clean, blank)
    values = pc.if_else(blank, pa.scalar(None, pa.string()), cells)
    rest = np.flatnonzero(~done.to_numpy(zero_copy_only=False).astype(bool))
    if not len(rest):
        return Column(values)
    read = {int(row): reader.read(cells[int(row)].as_py()) for row in rest}
    return Column(_patched(values, read), {row: one for row, one in read.items() if one.remarks})


def _patched(values: pa.Array, read: dict[int, Read]) -> pa.Array:
    mask = np.zeros(len(values), dtype=bool)
    mask[list(read)] = True
    replacements = pa.array([read[row].value for row in sorted(read)], values.type)
    return pc.replace_with_mask(values, pa.array(mask), replacements)


def _by_distinct(reader: Reader, cells: pa.Array, cache: dict[Any, Read]) -> Column:
    """Dates, codes, numbers, yes and no: each distinct spelling is read once."""
    encoded = pc.dictionary_encode(cells)
    distinct = [_cached(reader, text, cache) for text in encoded.dictionary.to_pylist()]
    typed = pa.array([one.value for one in distinct], reader.column.arrow_type)
    values = typed.take(encoded.indices)
    remarked = np.array([bool(one.remarks) for one in distinct], dtype=bool)
    if not remarked.any():
        return Column(values)
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    return Column(values, {int(row): distinct[indices[row]] for row in np.flatnonzero(remarked[indices])})


def _one_by_one(reader: Reader, cells: list[Cell], cache: dict[Any, Read]) -> Column:
    read = [_cached(reader, cell, cache) for cell in cells]
    values = pa.array([one.value for one in read], reader.column.arrow_type)
    return Column(values, {row: one for row, one in enumerate(read) if one.remarks})


def _cached(reader: Reader, cell: Cell, cache: dict[Any, Read]) -> Read:
    if cell is None or cell == "":
        return BLANK
    key = (type(cell), cell)
    found = cache.get(key)
    if found is None:
        found = reader.read(cell)
        if len(cache) < 500_000:
            cache[key] = found
    return found
