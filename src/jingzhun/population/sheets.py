"""A contract table as a department would lay it out: headers of a layout, cells as text, in the file's own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import TABLES, Column, Kind
from jingzhun.policy import DivisionTree
from jingzhun.policy.schema import Layout, LayoutColumn
from jingzhun.population.calibration import Delivery
from jingzhun.population.scene import Tables

LEVELS = ("province", "prefecture", "county", "township", "village")
FEN = {"": 100, "yuan": 100, "wan_yuan": 1_000_000, "yi_yuan": 10_000_000_000, "fen": 1}
NUMBERS = (Kind.INTEGER, Kind.QUANTITY, Kind.CENTS)
NO_ORIGIN = {"origin_file", "origin_sheet", "origin_row"}


@dataclass(slots=True)
class Field:
    """One column of a sheet: its header, its cells as text, and what the contract says about it (None: a place)."""

    header: str
    cells: pa.Array
    column: Column | None
    required: bool

    @property
    def numeric(self) -> bool:
        return self.column is not None and self.column.kind in NUMBERS


def lay_out(
    delivery: Delivery, layout: Layout, tables: Tables, tree: DivisionTree, wanted: dict[str, Any]
) -> list[Field]:
    """The delivery's rows as columns of its layout. ``wanted`` keeps only rows with these values."""
    table = filtered(tables[delivery.table], wanted)
    fields = []
    for column in layout.columns:
        field = _field(column, layout, delivery, table, tables, tree, wanted)
        if field is not None:
            fields.append(field)
    return fields


def filtered(table: pa.Table, wanted: dict[str, Any]) -> pa.Table:
    for name, value in wanted.items():
        if name in table.column_names:
            table = table.filter(pc.equal(table[name], pa.scalar(value, table[name].type)))
    return table.combine_chunks()


def _field(
    column: LayoutColumn,
    layout: Layout,
    delivery: Delivery,
    table: pa.Table,
    tables: Tables,
    tree: DivisionTree,
    wanted: dict[str, Any],
) -> Field | None:
    if column.ignore:
        return None
    if column.region:
        if not _place_wanted(column.region, delivery):
            return None
        return Field(column.header, _places(table["region_code"], column.region, tree), None, True)
    other, _, name = column.field.rpartition(".")
    if (other and other not in tables) or column.field.startswith("income_item["):
        return None
    if delivery.columns and name not in delivery.columns and not column.required:
        return None
    contract = TABLES[other or delivery.table].column(name)
    values = _joined(table, filtered(tables[other], wanted), name) if other else _chunk(table[name])
    if layout.id.startswith("ledger_") and values.null_count == len(values) and not column.required:
        return None
    return Field(column.header, as_text(values, contract, column.money), contract, column.required)


def _place_wanted(level: str, delivery: Delivery) -> bool:
    """Big text files give the code or the names, tables for people give both."""
    if delivery.places == "both":
        return True
    return (level == "code") == (delivery.places == "code")


def _chunk(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _joined(table: pa.Table, other: pa.Table, name: str) -> pa.Array:
    """A column of the household that a row belongs to."""
    found = pc.index_in(_chunk(table["household_code"]), _chunk(other["household_code"]))
    return _chunk(other[name]).take(found)


def _places(codes: pa.ChunkedArray, level: str, tree: DivisionTree) -> pa.Array:
    encoded = _chunk(codes).dictionary_encode()
    if level == "code":
        return _chunk(codes)
    names = [place_name(code, level, tree) for code in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


def place_name(code: str, level: str, tree: DivisionTree) -> str:
    """Name of the ancestor of a division at a level, empty above its own level."""
    wanted = LEVELS.index(level) + 1
    return next((tree.get(up).name for up in tree.ancestors(code) if tree.get(up).level == wanted), "")


def as_text(values: pa.Array, column: Column, money: str = "") -> pa.Array:
    """Cells as a careful clerk writes them; empty where nothing is known."""
    match column.kind:
        case Kind.FLAG:
            text = pc.if_else(values, "是", "否")
        case Kind.CENTS:
            text = _amount(values, FEN[money])
        case Kind.QUANTITY:
            text = _plain(values.cast(pa.float64()))
        case _:
            text = values.cast(pa.string())
    return pc.fill_null(text, "")


def _amount(fen: pa.Array, unit: int) -> pa.Array:
    """Whole part and fraction put together from integers, so that no fen is lost."""
    known = fen.is_valid().to_numpy(zero_copy_only=False)
    number = pc.fill_null(fen, 0).to_numpy(zero_copy_only=False)
    whole = pa.array(number // unit).cast(pa.string())
    rest = number % unit
    digits = len(str(unit)) - 1
    fraction = pc.utf8_rtrim(pa.array(rest + unit).cast(pa.string()), "0")
    fraction = pc.utf8_slice_codeunits(fraction, 1, digits + 1)
    text = pc.if_else(pa.array(rest == 0), whole, pc.binary_join_element_wise(whole, fraction, "."))
    return pc.if_else(pa.array(known), text, pa.scalar(None, pa.string()))


def _plain(numbers: pa.Array) -> pa.Array:
    """Quantities with up to three decimals, without trailing zeros."""
    thousandths = pc.round(pc.multiply(numbers, 1000.0)).cast(pa.int64())
    return _amount(thousandths, 1000)


def with_rows(
    fields: Sequence[Field], at: np.ndarray[tuple[int], np.dtype[np.int64]], rows: list[list[str]]
) -> list[Field]:
    """The sheet with whole rows put in before the given places (in ascending order)."""
    if len(at) == 0:
        return list(fields)
    count = len(fields[0].cells)
    index = np.insert(np.arange(count), at, -1)
    gaps = np.flatnonzero(index < 0)
    mask = np.zeros(len(index), bool)
    mask[gaps] = True
    filled = []
    for number, field in enumerate(fields):
        cells = field.cells.take(pa.array(np.where(mask, 0, index), mask=mask))
        put = pa.array([row[number] for row in rows], pa.string())
        filled.append(
            Field(field.header, pc.replace_with_mask(cells, pa.array(mask), put), field.column, field.required)
        )
    return filled
