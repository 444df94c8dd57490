"""Columns from numbers: labels by index, digits as text, days as dates, rows laid out by a table contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import TABLES
from jingzhun.population.identity import fixed_text
from jingzhun.population.shares import Ints

EPOCH = date(1970, 1, 1)
Bools = npt.NDArray[np.bool_]


def rows(name: str, count: int, columns: Mapping[str, Any]) -> pa.Table:
    """Rows of a table contract. Single values fill their column, columns not given stay empty.

    Raises ``KeyError`` for a column that the contract does not have.
    """
    schema = TABLES[name].arrow_schema()
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{name}: {sorted(unknown)}")
    return pa.table([_column(columns.get(field.name), field.type, count) for field in schema], schema=schema)


def _column(value: Any, kind: pa.DataType, count: int) -> pa.Array:
    if value is None:
        return pa.nulls(count, kind)
    if isinstance(value, (str, int, float, date)):
        return pa.repeat(pa.scalar(value, _plain(kind)), count).cast(kind)
    array = value if isinstance(value, (pa.Array, pa.ChunkedArray)) else pa.array(value)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array if array.type == kind else _cast(array, kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.float64() if pa.types.is_decimal(kind) else kind


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_date32(kind) and pa.types.is_integer(array.type):
        return array.cast(pa.int32()).cast(kind)
    if pa.types.is_decimal(kind):
        return pc.round(array.cast(pa.float64()), 3).cast(kind, safe=False)
    return array.cast(kind)


def pick(options: Sequence[str] | pa.Array, index: Ints) -> pa.Array:
    """Options by index; an index below zero gives an empty cell."""
    values = options if isinstance(options, pa.Array) else pa.array(list(options), pa.string())
    index = np.asarray(index, np.int64)
    return values.take(pa.array(index, mask=index < 0))


def draw(rng: np.random.Generator, weighted: Mapping[str, float], count: int) -> pa.Array:
    """Labels drawn by weight."""
    odds = np.array(list(weighted.values()), float)
    return pick(list(weighted), rng.choice(len(odds), count, p=odds / odds.sum()))


def maybe(values: Any, known: Bools, kind: pa.DataType | None = None) -> pa.Array:
    """Numbers with empty cells where they are not known."""
    return pa.array(np.asarray(values), kind, mask=~known)


def keep(values: pa.Array, known: Bools | pa.Array) -> pa.Array:
    """Text with empty cells where it does not apply."""
    return pc.if_else(known if isinstance(known, pa.Array) else pa.array(known), values, pa.scalar(None, values.type))


def numbered(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """``prefix`` followed by zero-padded numbers."""
    numbers = np.asarray(numbers, np.int64)
    letters = np.empty((len(numbers), len(prefix) + width), np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode("ascii"), np.uint8)
    for place in range(len(prefix) + width - 1, len(prefix) - 1, -1):
        letters[:, place] = 48 + numbers % 10
        numbers = numbers // 10
    return fixed_text(letters)


def accounts(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Bank accounts: a card number with its check digit (Luhn)."""
    text = numbered(prefix, numbers, width)
    size = len(prefix) + width
    digits = np.frombuffer(text.buffers()[2], np.uint8, len(text) * size).reshape(len(text), size) - 48
    doubled = digits.astype(np.int64)
    doubled[:, ::-1][:, ::2] *= 2
    check = (10 - (doubled // 10 + doubled % 10).sum(axis=1) % 10) % 10
    return fixed_text(np.hstack([digits + 48, (check + 48).astype(np.uint8)[:, None]]))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts put together row by row."""
    return pc.binary_join_element_wise(*parts, "")


def day(value: date) -> int:
    """Days since 1970."""
    return (value - EPOCH).days


def between(rng: np.random.Generator, first: date, last: date, count: int) -> Ints:
    """Random days of a period, both ends included."""
    return rng.integers(day(first), day(last) + 1, count)


def months(days: Ints) -> pa.Array:
    """Days as ``YYYY-MM``."""
    return pa.array(
        np.datetime_as_string(days.astype("datetime64[D]").astype("datetime64[M]")).astype(object), pa.string()
    )


def phones(numbers: Ints) -> pa.Array:
    """Mobile numbers of a range that no operator hands out (154 …); different ones for different numbers."""
    return numbered("154", numbers * 48_271 % 10**8, 8)
