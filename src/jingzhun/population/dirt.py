"""Dirt as it really happens, and the truth about each soiled cell.

Recoverable dirt is read with a remark. Damaging dirt makes the receiver set the row aside; the sender sends it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import Kind
from jingzhun.policy import Pack
from jingzhun.population.shares import Ints
from jingzhun.population.sheets import Field

PEOPLE = ("name", "head_name", "student")
FLAGS = {"是": ("√", "有"), "否": ("×", "无")}
NO_DAYS = ("02-30", "13-05", "11-31")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
DAMAGING = ("number_as_number", "impossible_date", "unknown_code", "several_people", "missing_required")
PER = 100_000
SMALLEST = 12
"""Rows below which a file stays clean."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One soiled cell: place in the sheet's data, what stood there and what was written."""

    row: int
    field: int
    kind: str
    original: str
    written: str


Soil = Callable[[str, Field, int], str | None]
"""Cell, its column, a random number → what to write instead, or None where this cell cannot have the dirt."""


def soil(
    fields: list[Field],
    kinds: tuple[str, ...],
    rates: dict[str, float],
    pack: Pack,
    form: str,
    rng: np.random.Generator,
) -> list[Mark]:
    """Choose rows and cells to soil; at most one cell of a row. The fields themselves are not changed."""
    count = len(fields[0].cells)
    if count < SMALLEST:
        return []
    makers = _makers(pack, form)
    order = iter(rng.permutation(count).tolist())
    marks: list[Mark] = []
    for kind in kinds:
        applies, change = makers[kind]
        places = [place for place, field in enumerate(fields) if applies(field)]
        if places:
            wanted = max(1, round(count * rates.get(kind, 0) / PER))
            marks += _some(fields, places, kind, change, wanted, order, rng)
    return sorted(marks, key=lambda mark: mark.row)


def _some(
    fields: list[Field],
    places: list[int],
    kind: str,
    change: Soil,
    wanted: int,
    order: Iterator[int],
    rng: np.random.Generator,
) -> Iterator[Mark]:
    made = 0
    for tried, row in enumerate(order):
        place = places[int(rng.integers(len(places)))]
        original = fields[place].cells[row].as_py()
        written = change(original, fields[place], int(rng.integers(1 << 30))) if original else None
        if written is not None and written != original:
            yield Mark(row, place, kind, original, written)
            made += 1
        if made == wanted or tried > wanted * 60:
            return


def apply(fields: list[Field], marks: list[Mark]) -> list[Field]:
    """The fields with every mark's cell as it is written."""
    soiled = []
    for place, field in enumerate(fields):
        mine = [mark for mark in marks if mark.field == place]
        if not mine:
            soiled.append(field)
            continue
        mask = np.zeros(len(field.cells), bool)
        mask[[mark.row for mark in mine]] = True
        put = pa.array([mark.written for mark in mine], pa.string())
        soiled.append(
            Field(field.header, pc.replace_with_mask(field.cells, pa.array(mask), put), field.column, field.required)
        )
    return soiled


def damaged_rows(marks: list[Mark]) -> Ints:
    """Rows that have to be sent again."""
    return np.array(sorted({mark.row for mark in marks if mark.kind in DAMAGING}), np.int64)


def _makers(pack: Pack, form: str) -> dict[str, tuple[Callable[[Field], bool], Soil]]:
    return {
        "fullwidth_digits": (_of(Kind.IDENTITY), lambda cell, _, __: cell.translate(FULL_WIDTH)),
        "stray_spaces": (_identity_or_name, _spaced),
        "lowercase_x": (_of(Kind.IDENTITY), lambda cell, _, __: cell.lower() if cell.endswith("X") else None),
        "alias_label": (_of(Kind.CODE), lambda cell, field, luck: _alias(cell, field, luck, pack)),
        "date_notation": (_of(Kind.DATE), _other_notation),
        "flag_notation": (_of(Kind.FLAG), lambda cell, _, luck: FLAGS[cell][luck % 2]),
        "number_as_number": (_of(Kind.IDENTITY), lambda cell, _, __: _as_number(cell, form)),
        "impossible_date": (_of(Kind.DATE), lambda cell, _, luck: f"{cell[:4]}-{NO_DAYS[luck % 3]}"),
        "unknown_code": (_of(Kind.CODE), lambda _, __, luck: ("待定", "不详", "见附件")[luck % 3]),
        "several_people": (_person, lambda cell, _, __: f"{cell}、{cell[:1]}某"),
        "missing_required": (lambda field: field.required and field.column is not None, lambda _, __, ___: ""),
    }  # fmt: skip


def _of(kind: Kind) -> Callable[[Field], bool]:
    return lambda field: field.column is not None and field.column.kind is kind


def _person(field: Field) -> bool:
    return field.column is not None and field.column.name in PEOPLE


def _identity_or_name(field: Field) -> bool:
    return _person(field) or _of(Kind.IDENTITY)(field)


def _spaced(cell: str, field: Field, luck: int) -> str:
    if _person(field):
        return f"{cell} " if luck % 2 else f"\u3000{cell}"
    return f"{cell[:6]} {cell[6:14]} {cell[14:]}" if luck % 2 else f" {cell}"


def _alias(cell: str, field: Field, luck: int, pack: Pack) -> str | None:
    codes = pack.codes.get(field.column.codes) if field.column else None
    item = next((item for item in codes.items if item.label == cell), None) if codes else None
    return item.aliases[luck % len(item.aliases)] if item and item.aliases else None


def _other_notation(cell: str, _: Field, luck: int) -> str:
    year, month, day = (int(part) for part in cell.split("-"))
    return (f"{year}/{month}/{day}", f"{year}年{month}月{day}日", f"{year}.{month}.{day}")[luck % 3]


def _as_number(cell: str, form: str) -> str | None:
    """What a spreadsheet keeps of an 18-digit number: fifteen digits, or an exponent in a text file."""
    if not cell.isdigit() or len(cell) < 16:
        return None
    return f"{cell[0]}.{cell[1:6]}E+{len(cell) - 1}" if form == "csv" else cell[:15] + "0" * (len(cell) - 15)
