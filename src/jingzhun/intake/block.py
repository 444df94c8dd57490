"""One block of rows through the layout: typed columns, the fate of every row, and what is said about each."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.intake.cells import Reader
from jingzhun.intake.characters import BLANK_MARKS, DITTO
from jingzhun.intake.facts import column_letters
from jingzhun.intake.header import Heading, Target
from jingzhun.intake.lanes import Column, birth_numbers, read_column
from jingzhun.intake.limits import Limits
from jingzhun.intake.numbers import lost_end
from jingzhun.intake.places import Places
from jingzhun.intake.reading import RANK, Cell, Read, Remark, ignored, quarantined, warned
from jingzhun.model import TABLES, Kind
from jingzhun.model import Column as Contract
from jingzhun.policy import Pack

LEVEL_OF_VILLAGES = 5
PIVOT = "income_item["
ACCEPTED, WARNED = 0, 1
_EIGHTEEN, _ENDS_LOST = "^[1-9][0-9]{16}[0-9X]$", "^[1-9][0-9]{14}000$"
_FEWEST_LOST, _LOST_IN = 2, 20
"""Numbers ending in 000 that make a column doubtful: at least two, and one in twenty. By nature it is one in 1,100."""


@dataclass(frozen=True, slots=True)
class Said:
    """A remark at its place: index of the row in the block, column of the sheet (or -1), field label, value."""

    row: int
    column: int
    field: str
    value: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Amount:
    """A column whose cells add up: where it stands in the sheet, where its values are, who reads it."""

    index: int
    header: str
    wide: str
    reader: Reader

    def shown(self, value: Decimal) -> str:
        """A sum in the unit in which people read it: money in yuan."""
        return f"{value / 100:.2f}" if self.reader.column.kind is Kind.CENTS else f"{value.normalize():f}"


@dataclass(slots=True)
class Rows:
    """What a block became. ``wide`` holds every row, columns named ``table.column``; ``fate`` ranks each row."""

    wide: pa.Table
    fate: np.ndarray
    said: list[Said] = field(default_factory=list)


class Sheet:
    """A heading put to work on blocks of rows: readers, caches and the division tree live as long as the sheet."""

    def __init__(self, heading: Heading, pack: Pack, received_on: date, limits: Limits) -> None:
        self.heading, self.pack = heading, pack
        self.table = TABLES[heading.layout.table]
        self._places = Places(pack.divisions.on(received_on))
        self._readers = {
            (target.index, name): Reader(
                _contract(name, self.table.name), self._codes(name), target.money, limits.cell_characters
            )
            for target in heading.targets
            for name in target.fields
        }
        self._caches: dict[tuple[int, str], dict[Any, Read]] = {key: {} for key in self._readers}
        self._regions = [target for target in heading.targets if target.column.region]
        self._above = [""] * len(self._regions)
        of_people = not {"household_code", "person_code", "id_number"}.isdisjoint(self.table.key)
        self._of_people = self.table.place == "village" and of_people
        self._constants = {name: self._constant(name, text) for name, text in heading.layout.constants.items()}
        self._threads = ThreadPoolExecutor(2)

    def close(self) -> None:
        self._threads.shutdown()

    def columns(self) -> tuple[tuple[str, str], ...]:
        """Every field that the sheet feeds, and the column that holds it."""
        fields = [(_wide_name(name, self.table.name), column_letters(index)) for index, name in self._readers]
        place = [(f"{self.table.name}.region_code", column_letters(self._regions[-1].index))] if self._regions else []
        return (*fields, *place)

    def amounts(self) -> tuple[Amount, ...]:
        """The columns that a line of totals may sum."""
        return tuple(
            Amount(index, self.heading.names[index], _wide_name(name, self.table.name), reader)
            for (index, name), reader in self._readers.items()
            if _adds_up(reader.column)
        )

    def read(self, columns: Sequence[pa.Array | list[Cell]], count: int, fixed: list[Said]) -> Rows:
        """Read ``count`` rows given as columns of the sheet; ``fixed`` are remarks already made (merged cells, say)."""
        said = list(fixed)
        wide: dict[str, pa.Array] = {}
        keys = list(self._readers)
        done = self._threads.map(
            lambda key: read_column(self._readers[key], _column(columns, key[0], count), self._caches[key]), keys
        )
        for (index, name), column in zip(keys, done, strict=True):
            wide[_wide_name(name, self.table.name)] = column.values
            said += self._remarks(index, column, columns)
        for name, value in self._constants.items():
            wide[_wide_name(name, self.table.name)] = pa.array(
                [value] * count, _contract(name, self.table.name).arrow_type
            )
        if self.heading.data_year is not None:
            wide[f"{self.table.name}.data_year"] = pa.array([self.heading.data_year] * count, pa.int64())
        if self._regions:
            wide[f"{self.table.name}.region_code"] = self._region_codes(columns, count, said)
        said += self._required(wide, count, _refused(said))
        said += self._needed(wide, _refused(said))
        said += self._with_lost_ends(columns, count)
        said = self._without_unanswered(columns, count, said + self._birth_and_sex(wide))
        return Rows(pa.table(wide), _fates(said, count), said)

    def _without_unanswered(self, columns: Sequence[pa.Array | list[Cell]], count: int, said: list[Said]) -> list[Said]:
        """Rows of a worklist that nobody has answered yet are listed, whatever else could be said of them."""
        answers = [target for name in self.heading.layout.answers if (target := self._target_of(name))]
        if not answers:
            return said
        cells = [_as_text(_column(columns, target.index, count)).to_pylist() for target in answers]
        blank = {row for row, answer in enumerate(zip(*cells, strict=True)) if not "".join(answer).strip()}
        remark = ignored("没有填写处理结果，按未处理计。", "nothing was filled in; it counts as not dealt with.")
        unanswered = [Said(row, answers[0].index, answers[0].header, "", remark) for row in sorted(blank)]
        return [*(one for one in said if one.row not in blank), *unanswered]

    def _with_lost_ends(self, columns: Sequence[pa.Array | list[Cell]], count: int) -> list[Said]:
        """Numbers that end in 000 in a column where so many do that a spreadsheet program must have cut them.

        A single one may be true or only mistyped; in a damaged column even those that pass the check by chance are
        lost. What was pasted as text does not show it by its type.
        """
        found = []
        for target in self.heading.targets:
            if Kind.IDENTITY not in {_contract(name, self.table.name).kind for name in target.fields}:
                continue
            cells = _as_text(_column(columns, target.index, count))
            ending = np.flatnonzero(pc.match_substring_regex(cells, _ENDS_LOST).to_numpy(zero_copy_only=False))
            if len(ending) < _FEWEST_LOST:
                continue
            whole = pc.sum(pc.match_substring_regex(cells, _EIGHTEEN)).as_py()
            if len(ending) * _LOST_IN >= whole:
                found += [
                    Said(int(row), target.index, target.header, cells[int(row)].as_py(), lost_end()) for row in ending
                ]
        return found

    def _codes(self, name: str) -> Any:
        return self.pack.codes.get(_contract(name, self.table.name).codes)

    def _constant(self, name: str, text: str) -> Any:
        return Reader(_contract(name, self.table.name), self._codes(name)).read(text).value

    def _remarks(self, index: int, column: Column, columns: Sequence[pa.Array | list[Cell]]) -> list[Said]:
        header = self.heading.names[index]
        return [
            Said(row, index, header, text_of(columns[index], row), remark)
            for row, read in column.odd.items()
            for remark in read.remarks
        ]

    def _region_codes(self, columns: Sequence[pa.Array | list[Cell]], count: int, said: list[Said]) -> pa.Array:
        levels = [target.column.region for target in self._regions]
        texts = [_as_text(_column(columns, target.index, count)) for target in self._regions]
        joined, encoded = _encoded(texts)
        if any(not DITTO.isdisjoint(text.split("\x1f")) for text in encoded.dictionary.to_pylist()):
            texts = [self._as_above(at, cells, said) for at, cells in enumerate(texts)]
            joined, encoded = _encoded(texts)
        self._above = [cells[count - 1].as_py() for cells in texts]
        resolved = [
            self._places.resolve(
                tuple((level, part) for level, part in zip(levels, text.split("\x1f"), strict=True) if part)
            )
            for text in encoded.dictionary.to_pylist()
        ]
        resolved = [self._deep_enough(one) for one in resolved]
        remarked = np.array([bool(one.remarks) for one in resolved], dtype=bool)
        indices = encoded.indices.to_numpy(zero_copy_only=False)
        if remarked.any():
            last = self._regions[-1]
            for row in np.flatnonzero(remarked[indices]):
                shown = joined[int(row)].as_py().replace("\x1f", "")
                for remark in resolved[indices[row]].remarks:
                    said.append(Said(int(row), last.index, last.header, shown, remark))
        return pa.array([one.value for one in resolved], pa.string()).take(encoded.indices)

    def _deep_enough(self, place: Read) -> Read:
        """A household or person of whom only the county is named would count in no village."""
        level = self._places.level(place.value) if place.value else 0
        if not self._of_people or level in (0, LEVEL_OF_VILLAGES):
            return place
        remark = quarantined(
            "只写到县或乡，没有写到村；请补填行政村。",
            "only a county or township is named, no village; fill the village in.",
        )
        return Read(None, (*place.remarks, remark))

    def _as_above(self, at: int, cells: pa.Array, said: list[Said]) -> pa.Array:
        """A place written as “same as above” is the place of the row above, marked as filled."""
        target, above, filled = self._regions[at], self._above[at], cells.to_pylist()
        for row, text in enumerate(filled):
            if text.strip() in DITTO and above:
                filled[row] = above
                remark = warned(f"“{text}”取上一行的“{above}”。", f"{text!r} is taken as {above!r} of the row above.")
                said.append(Said(row, target.index, target.header, text, remark))
            above = filled[row] or above
        return pa.array(filled, pa.string())

    def _required(self, wide: dict[str, pa.Array], count: int, refused: set[tuple[int, int]]) -> list[Said]:
        """Required values that are missing, but not those whose cell was refused with a reason of its own."""
        pivoted = any(name.startswith(PIVOT) for _, name in self._readers)
        said = []
        for column in self.table.columns:
            if not column.required or (pivoted and column.name in ("item", "amount")):
                continue
            values = wide.get(f"{self.table.name}.{column.name}")
            missing = (
                range(count) if values is None else np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))
            )
            target = self._target_of(column.name)
            remark = quarantined(f"缺少“{column.zh}”；请补填。", f"{column.en} is missing; fill it in.")
            index = target.index if target else -1
            said += [
                Said(int(row), index, column.zh, "", remark) for row in missing if (int(row), index) not in refused
            ]
        return said

    def _needed(self, wide: dict[str, pa.Array], refused: set[tuple[int, int]]) -> list[Said]:
        """What a label asks for besides, such as an exemption's evidence. A dash, 无 or 同上 is no evidence."""
        said = []
        for need in self.table.needs:
            for row in _rows_where(wide.get(f"{self.table.name}.{need.column}"), need.label):
                for name in need.columns:
                    values, target = wide.get(f"{self.table.name}.{name}"), self._target_of(name)
                    given = None if values is None else values[row].as_py()
                    index, column = target.index if target else -1, self.table.column(name)
                    if (given is not None and given not in BLANK_MARKS | DITTO) or (row, index) in refused:
                        continue
                    remark = quarantined(
                        f"“{need.label}”要写明“{column.zh}”；请补填。",
                        f"{need.label!r} needs {column.en!r} too; fill it in.",
                    )
                    said.append(Said(row, index, column.zh, str(given or ""), remark))
        return said

    def _target_of(self, name: str) -> Target | None:
        if name == "region_code":
            return self._regions[-1] if self._regions else None
        return next((target for target in self.heading.targets if name in target.fields), None)

    def _birth_and_sex(self, wide: dict[str, pa.Array]) -> list[Said]:
        """Birth date and sex against the identity number: both are kept, the difference is said."""
        name = self.table.name
        numbers = wide.get(f"{name}.id_number")
        if numbers is None or not ({f"{name}.birth_date", f"{name}.sex"} & set(wide)):
            return []
        rows = np.flatnonzero(
            pc.fill_null(pc.match_substring_regex(numbers, "^[1-9][0-9]{16}[0-9X]$"), False).to_numpy(
                zero_copy_only=False
            )
        )
        if not len(rows):
            return []
        text = pa.concat_arrays([numbers.take(pa.array(rows))])
        matrix = np.frombuffer(text.buffers()[2], dtype=np.uint8, count=18 * len(rows)).reshape(-1, 18)
        digits = matrix[:, :17].astype(np.int64) - 48
        return self._differing_birth(wide, rows, digits) + self._differing_sex(wide, rows, digits)

    def _differing_birth(self, wide: dict[str, pa.Array], rows: np.ndarray, digits: np.ndarray) -> list[Said]:
        births = wide.get(f"{self.table.name}.birth_date")
        target = self._target_of("birth_date")
        if births is None or target is None:
            return []
        given = births.take(pa.array(rows))
        days = given.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype("datetime64[D]")
        year = days.astype("datetime64[Y]").astype(int) + 1970
        month = days.astype("datetime64[M]").astype(int) % 12 + 1
        day = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
        differs = (year * 10_000 + month * 100 + day != birth_numbers(digits)) & given.is_valid().to_numpy(
            zero_copy_only=False
        )
        remark = warned(
            "出生日期与身份证号里的不一致；两者都已保存，请核对。",
            "the birth date differs from the identity number's; both are kept.",
        )
        return [
            Said(int(rows[at]), target.index, target.header, str(given[int(at)].as_py()), remark)
            for at in np.flatnonzero(differs)
        ]

    def _differing_sex(self, wide: dict[str, pa.Array], rows: np.ndarray, digits: np.ndarray) -> list[Said]:
        sexes = wide.get(f"{self.table.name}.sex")
        target = self._target_of("sex")
        if sexes is None or target is None:
            return []
        given = sexes.take(pa.array(rows))
        male = pc.fill_null(pc.equal(given, "男"), False).to_numpy(zero_copy_only=False)
        differs = (male != (digits[:, 16] % 2 == 1)) & given.is_valid().to_numpy(zero_copy_only=False)
        remark = warned(
            "性别与身份证号第17位不一致；两者都已保存，请核对。",
            "sex differs from the 17th digit of the number; both are kept.",
        )
        return [
            Said(int(rows[at]), target.index, target.header, given[int(at)].as_py(), remark)
            for at in np.flatnonzero(differs)
        ]


def _contract(name: str, table: str) -> Contract:
    """The contract column behind a layout's field: own, of another table, or an income item's amount."""
    if name.startswith(PIVOT):
        return TABLES["income_item"].column("amount")
    other, _, column = name.rpartition(".")
    return TABLES[other or table].column(column)


def _refused(said: list[Said]) -> set[tuple[int, int]]:
    """Row and column of the cells that were not taken."""
    return {(one.row, one.column) for one in said if one.remark.outcome != "warned"}


def _rows_where(values: pa.Array | None, label: str) -> list[int]:
    if values is None:
        return []
    same = pc.fill_null(pc.equal(values, label), False).to_numpy(zero_copy_only=False)
    return [int(row) for row in np.flatnonzero(same)]


def _adds_up(column: Contract) -> bool:
    """Amounts and counts of things; not years, months of work, ages or means."""
    return column.unit not in ("", "months") and not column.name.endswith("_per_head")


def names_something(target: Target, table: str) -> bool:
    """Whether digits in this column are a name rather than a quantity."""
    return bool(target.column.region) or all(_contract(name, table).kind in _NAMING for name in target.fields)


def sums_up(target: Target, table: str) -> bool:
    """Whether the column holds amounts or counts, which must not be repeated from row to row."""
    return any(
        _contract(name, table).kind in (Kind.CENTS, Kind.QUANTITY, Kind.INTEGER) and bool(_contract(name, table).unit)
        for name in target.fields
    )


_NAMING = (Kind.NUMBER_TEXT, Kind.IDENTITY, Kind.CODE, Kind.REGION)


def _wide_name(name: str, table: str) -> str:
    return name if "." in name or name.startswith(PIVOT) else f"{table}.{name}"


def _column(columns: Sequence[pa.Array | list[Cell]], index: int, count: int) -> pa.Array | list[Cell]:
    return columns[index] if index < len(columns) else pa.array([""] * count, pa.string())


def _encoded(texts: list[pa.Array]) -> tuple[pa.Array, pa.DictionaryArray]:
    """The places of all rows as one text each, and those texts by distinct spelling."""
    joined = pc.binary_join_element_wise(*texts, "\x1f") if len(texts) > 1 else texts[0]
    return joined, pc.dictionary_encode(joined)


def _as_text(cells: pa.Array | list[Cell]) -> pa.Array:
    if not isinstance(cells, list):
        return cells
    return pa.array([text_of(cells, row) for row in range(len(cells))], pa.string())


def text_of(cells: pa.Array | list[Cell], row: int) -> str:
    """A cell as a person saw it, for messages and for the workbook that goes back."""
    value = cells[row] if isinstance(cells, list) else cells[row].as_py()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value)


def _fates(said: list[Said], count: int) -> np.ndarray:
    fate = np.zeros(count, dtype=np.int8)
    for one in said:
        fate[one.row] = max(fate[one.row], RANK[one.remark.outcome])
    return fate
