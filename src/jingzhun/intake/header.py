"""Find the header of a sheet and the layout it belongs to, by names and never by position."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from jingzhun.intake.reading import Cell, Refused
from jingzhun.intake.returned import OWN_HEADERS
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.schema import Layout, LayoutColumn

LOOKED_AT = 15
DEEPEST = 4
_UNIT = re.compile(r"\((元|万元|千元|亿元|角|分|亩|人|户|个|%|㎡|m2|公里|千瓦|月|只|头)\)$")
_MONEY = {"元": "yuan", "千元": "qian_yuan", "万元": "wan_yuan", "亿元": "yi_yuan", "分": "fen"}
_ONLY_UNIT = re.compile(r"^(元|万元|千元|亿元|角|分)$")
_UNIT_ROW = re.compile(r"(?:单位[::]?|\()(万元|千元|亿元|元)")
_YEAR_WORD = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the cells of one column of the sheet go."""

    index: int
    header: str
    column: LayoutColumn
    money: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return ((self.column.field,) if self.column.field else ()) + tuple(self.column.also)


@dataclass(frozen=True, slots=True)
class Heading:
    """The header found: the layout, where data begin, which columns mean what, and what was left over."""

    layout: Layout
    data_from: int
    targets: tuple[Target, ...]
    surplus: tuple[str, ...]
    names: tuple[str, ...]
    data_year: int | None
    keys: frozenset[str]
    """The header's names as keys: a row that starts with one may be the header repeated."""
    above: tuple[int, ...] = ()
    """Rows above the header that look like records, counted from 0; titles and units are none."""
    year_from_file: bool = False
    """Whether the data year stands in the file's name only, so the bytes alone do not say what the file is."""

    @property
    def unnamed(self) -> tuple[int, ...]:
        """Columns without a header; what is in them cannot be read."""
        return tuple(at for at, name in enumerate(self.names) if not name)


class NoHeader(Refused):
    """No row looks like the header of a known layout."""


@lru_cache(maxsize=1 << 14, typed=True)
def header_key(text: Cell) -> str:
    """A header without width, spaces, line breaks and bracket variants."""
    plain = unicodedata.normalize("NFKC", str(text))
    return (
        re.sub(r"[\s\u200b\ufeff]+", "", plain)
        .replace("〔", "(")
        .replace("〕", ")")
        .replace("【", "(")
        .replace("】", ")")
    )


def base_key(text: Cell) -> str:
    """The key without the unit in brackets at its end."""
    return _UNIT.sub("", header_key(text))


@dataclass(slots=True)
class Catalogue:
    """The headers of every layout of a pack, ready to be compared."""

    pack: Pack
    known: dict[str, dict[str, LayoutColumn]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, dict[tuple[str, int], LayoutColumn]] = field(default_factory=dict)
    """Per layout: the columns that share a header with an earlier one, by header and occurrence."""
    _spelled: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: Pack) -> Catalogue:
        catalogue = cls(pack, aliases={header_key(alias.header): alias.means for alias in pack.aliases})
        for layout in pack.layouts.values():
            keys: dict[str, LayoutColumn] = {}
            for spelled in (header_key, base_key):
                for column in layout.columns:
                    for name in (column.header, *column.aliases):
                        keys.setdefault(spelled(name), column)
            catalogue.known[layout.id] = keys
            catalogue.repeated[layout.id] = {
                (column.header, column.occurrence): column for column in layout.columns if column.occurrence > 1
            }
        return catalogue

    def match(self, layout: Layout, names: Sequence[str]) -> LayoutColumn | None:
        """The layout's column that one of the possible names of a header means."""
        keys = self.known[layout.id]
        for name in names:
            for key in self._spellings(name):
                if key in keys:
                    return keys[key]
        return None

    def _spellings(self, name: str) -> tuple[str, ...]:
        """The keys under which a name may be known; worked out once, because it is held against every layout."""
        known = self._spelled.get(name)
        if known is None:
            key = header_key(name)
            alias = (header_key(self.aliases[key]),) if key in self.aliases else ()
            known = (key, *alias, base_key(name), re.sub(r"[0-9]+$", "", key))
            self._spelled[name] = known
        return known


def find_heading(
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    catalogue: Catalogue,
    file: str,
    sheet: str,
) -> Heading:
    """The best header among the first rows. Raises ``Refused`` when required columns are missing, ``NoHeader`` when
    nothing fits."""
    best: tuple[tuple[int, ...], int, int, Layout, list[list[str]]] | None = None
    spread = _spread(rows[: LOOKED_AT + DEEPEST], merged)
    words = header_key(file) + header_key(sheet) + "".join(header_key(cell) for row in rows[:3] for cell in row if cell)
    for top in range(min(LOOKED_AT, len(rows))):
        if sum(1 for cell in rows[top] if isinstance(cell, str) and cell.strip()) < 2:
            continue
        for depth in range(1, min(DEEPEST, len(rows) - top) + 1):
            if depth > 1 and not _is_heading_row(rows[top + depth - 1]):
                break
            names = _names(spread, top, depth)
            for layout in catalogue.pack.layouts.values():
                score = _score(catalogue, layout, names, words, depth)
                if score is not None and (best is None or score > best[0]):
                    best = (score, top, depth, layout, names)
    if best is None:
        seen = "、".join(header_key(cell) for cell in (rows[0] if rows else [])[:8] if cell)
        raise NoHeader(
            f"认不出表头（看到：{seen or '空'}）；请使用本系统的台账表头或国扶系统导出的表头。",
            f"no known header here (seen: {seen or 'nothing'}); use a ledger's or the national export's headers.",
        )
    _, top, depth, layout, names = best
    while top + depth < len(rows) and _is_unit_row(rows[top + depth]):
        units = spread[top + depth]
        names = [[*options, str(units[at])] if units[at] else options for at, options in enumerate(names)]
        depth += 1
    names = names[: _width(rows, top, depth)]
    return _heading(catalogue, layout, rows, top, depth, names, file, sheet)


def _width(rows: Sequence[Sequence[Cell]], top: int, depth: int) -> int:
    """As many columns as the header has. Empty ones that every row below adds (a comma at the end) belong to it too.

    A surplus cell of single rows does not: it would make all the good rows ragged.
    """
    width = max(len(row) for row in rows[top : top + depth])
    below = [row for row in rows[top + depth :] if any(not _is_blank(cell) for cell in row)]
    widths = {len(row) for row in below}
    if len(widths) == 1 and all(_is_blank(cell) for row in below for cell in row[width:]):
        return max(width, *widths)
    return width


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _records_above(rows: Sequence[Sequence[Cell]], top: int, below: int, targets: Sequence[Target]) -> tuple[int, ...]:
    """Rows above the header that fill at least three of its columns and hold what records hold.

    Titles fill one cell, lines of units and signatures begin with a label, group headings hold words or years: those
    are no rows. A figure, a long number, or a cell that the first records below repeat makes a record.
    """
    places = [target.index for target in targets]
    sample = [row for row in rows[below : below + 5] if any(not _is_blank(cell) for cell in row)]
    return tuple(at for at in range(top) if _is_record(rows[at], places, sample))


def _is_record(row: Sequence[Cell], places: Sequence[int], sample: Sequence[Sequence[Cell]]) -> bool:
    filled = [(at, row[at]) for at in places if at < len(row) and not _is_blank(row[at])]
    words = [str(cell).strip() for cell in row if not _is_blank(cell)]
    if len(filled) < _FEWEST_CELLS:
        return False
    if any(_CODE.search(header_key(text)) for text in words):
        return True
    if any(_LABEL.search(header_key(text)) for text in words):
        return False
    figures = [_YEAR_OR_DAY.sub("", header_key(cell)) for _, cell in filled]
    numbers = [text for text in figures if _FIGURE.fullmatch(text)]
    if not _is_numbering(numbers) or any(_LONG_NUMBER.search(text) for text in figures):
        return True
    return any(
        at < len(other) and str(other[at]).strip() == str(cell).strip() for at, cell in filled for other in sample
    )


def _is_numbering(figures: Sequence[str]) -> bool:
    """Whether figures only number the columns (1, 2, 3 …), as forms do near their header."""
    return all(text.isdigit() for text in figures) and all(
        int(later) == int(earlier) + 1 for earlier, later in pairwise(figures)
    )


_FEWEST_CELLS = 3
_CODE = re.compile(r"[0-9]{12}")
"""So long a number is a code or an identity number; a telephone beside a signature is shorter."""
_LABEL = re.compile(r"[::]$|^(单位|填报|填表|制表|审核|负责人|联系|报送|日期|注)[^::]*[::]|^\(?单位[::]")
_YEAR_OR_DAY = re.compile(
    r"(19|20)[0-9]{2}(年度?|-[0-9]{1,2}(-[0-9]{1,2})?)|[0-9]{1,2}[月日]|年?[初末底]|上半年|下半年"
)
_FIGURE = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
_LONG_NUMBER = re.compile(r"[0-9]{6}")


def _is_unit_row(row: Sequence[Cell]) -> bool:
    """A line below the header that holds nothing but units."""
    filled = [header_key(cell).strip("()") for cell in row if cell not in ("", None)]
    return bool(filled) and all(_ONLY_UNIT.match(text) or text in _ALL_UNITS_ZH for text in filled)


def _is_heading_row(row: Sequence[Cell]) -> bool:
    """A further header row holds words only: a digit or a date begins the data."""
    filled = [cell for cell in row if cell not in ("", None)]
    return bool(filled) and all(isinstance(cell, str) and not re.search(r"[0-9]{4}", cell) for cell in filled)


def _spread(
    rows: Sequence[Sequence[Cell]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[list[Cell]]:
    width = max((len(row) for row in rows), default=0)
    spread = [list(row) + [""] * (width - len(row)) for row in rows]
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, len(spread) - 1) + 1):
            for column in range(left, min(right, width - 1) + 1):
                spread[row][column] = spread[top][left]
    return spread


def _names(spread: list[list[Cell]], top: int, depth: int) -> list[list[str]]:
    """For each column the ways its header may be read: the lowest name, the whole path, the upper ones."""
    found = []
    for column in range(len(spread[top]) if spread else 0):
        parts = [str(spread[row][column]) for row in range(top, top + depth) if spread[row][column] not in ("", None)]
        parts = list(dict.fromkeys(parts))
        found.append([parts[-1], "/".join(parts), "".join(parts), *parts[:-1]] if parts else [])
    return found


def _score(
    catalogue: Catalogue, layout: Layout, names: list[list[str]], words: str, depth: int
) -> tuple[int, ...] | None:
    matched = [column for options in names if options and (column := catalogue.match(layout, options))]
    distinct = {column.header for column in matched}
    if len(distinct) < 2:
        return None
    named = sum(1 for options in names if options)
    required = [column for column in layout.columns if column.required]
    complete = all(column.header in distinct for column in required)
    if not complete and len(distinct) < max(3, named // 2):
        return None
    titled = int(header_key(layout.zh).removesuffix("台账") in words)
    hand_made = int(not layout.id.startswith("ledger_"))
    # A ledger may have its year in the title; beside a layout that needs no such column it is the worse guess.
    yearless = not hand_made and any(one.field == "data_year" and one.header not in distinct for one in layout.columns)
    sure = int(complete and not yearless)
    return (
        len(distinct) + 2 * titled + 2 * sure,
        sure,
        -(named - len(matched)),
        titled,
        hand_made,
        -len(layout.columns),
        -depth,
    )


def _heading(
    catalogue: Catalogue,
    layout: Layout,
    rows: Sequence[Sequence[Cell]],
    top: int,
    depth: int,
    names: list[list[str]],
    file: str,
    sheet: str,
) -> Heading:
    title = " ".join(str(cell) for row in rows[:top] for cell in row if cell)
    unit = _UNIT_ROW.search(header_key(title))
    said = unit[1] if unit else ""
    targets: list[Target] = []
    surplus: list[str] = []
    taken: dict[str, int] = {}
    for index, options in enumerate(names):
        column = catalogue.match(layout, options) if options else None
        if column is None:
            surplus += [name for name in options[:1] if name not in OWN_HEADERS]
            continue
        if column.header in taken:
            earlier = taken[column.header]
            later = [target.header for target in targets].count(options[0]) + 1
            again = catalogue.repeated[layout.id].get((column.header, later))
            if again is not None:
                targets.append(Target(index, options[0], again, _money(options, layout, again, said)))
                continue
            raise Refused(
                f"表头“{column.header}”出现两次（第 {earlier + 1} 列和第 {index + 1} 列）；请删去或改名其一。",
                f"the header {column.header!r} stands twice (columns {earlier + 1} and {index + 1}); rename one.",
            )
        taken[column.header] = index
        if not column.ignore:
            targets.append(Target(index, options[0], column, _money(options, layout, column, said)))
    _demand(layout, targets)
    year, year_from_file = _data_year(layout, targets, title, file, sheet)
    return Heading(
        layout,
        top + depth,
        tuple(targets),
        tuple(surplus),
        tuple(options[0] if options else "" for options in names),
        year,
        frozenset(header_key(options[0]) for options in names if options),
        _records_above(rows, top, top + depth, targets),
        year_from_file,
    )


def _money(options: list[str], layout: Layout, column: LayoutColumn, unit_row: str) -> str:
    """Unit in which this file states money: in one of the header's rows, in the title, else as the layout says.

    Raises ``Refused`` for a unit that is written but is not the column's and cannot be converted.
    """
    stored = {_stored(layout, name) for name in (column.field, *column.also) if name}
    for part in options:
        written = _UNIT.search(header_key(part)) or _ONLY_UNIT.match(header_key(part))
        if not written:
            continue
        if "fen" in stored:
            if written[1] in _MONEY:
                return _MONEY[written[1]]
            raise _other_unit(part, "元、千元、万元、亿元")
        mine = {_UNITS_ZH.get(unit, "") for unit in stored} - {""}
        if mine and written[1] not in mine and written[1] in _ALL_UNITS_ZH:
            raise _other_unit(part, "、".join(sorted(mine)))
    return _MONEY.get(unit_row, "") or column.money


def _stored(layout: Layout, field: str) -> str:
    """The unit in which the contract stores a field."""
    if field.startswith("income_item["):
        return "fen"
    table, _, name = field.rpartition(".")
    return TABLES[table or layout.table].column(name).unit


def _other_unit(header: str, wanted: str) -> Refused:
    return Refused(
        f"表头“{header}”的单位不能用，此栏应以 {wanted} 为单位；请换算后改表头，数值不代为折算。",
        f"the unit in the header {header!r} cannot be used: the column is in {wanted}. Convert and rename it.",
    )


_UNITS_ZH = {"mu": "亩", "persons": "人", "households": "户", "m2": "m2", "km": "公里", "months": "月", "kW": "千瓦"}
_ALL_UNITS_ZH = frozenset(_UNITS_ZH.values())


def _demand(layout: Layout, targets: list[Target]) -> None:
    given = {target.column.header for target in targets}
    missing = [column.header for column in layout.columns if column.required and column.header not in given]
    table = TABLES[layout.table]
    if table.place and not any(target.column.region for target in targets):
        missing.append("行政区划（县、乡、村 或 行政区划代码）")
    if missing:
        listed = "、".join(missing)
        raise Refused(
            f"像是“{layout.zh}”，但缺少必需的列：{listed}；请补上这些列再报。",
            f"this looks like {layout.en!r} but lacks required columns: {listed}; add them.",
        )


def years_in(text: str) -> set[str]:
    """The years that a title or a name speaks of; written with their word (2018年) they win over bare digits."""
    key = header_key(text)
    return set(_YEAR_WORD.findall(key)) or set(_YEAR.findall(key))


def _data_year(layout: Layout, targets: list[Target], title: str, file: str, sheet: str) -> tuple[int | None, bool]:
    """The year of all rows, where no column states it, and whether it stands in the file's name only."""
    if "data_year" not in TABLES[layout.table].column_names:
        return None, False
    if any("data_year" in target.fields for target in targets):
        return None, False
    for text, is_file in ((title, False), (sheet, False), (file, True)):
        years = years_in(text)
        if len(years) == 1:
            return int(years.pop()), is_file
        if years:
            listed = "、".join(sorted(years))
            raise Refused(
                f"“{text.strip()}”里有几个年份（{listed}），不知道是哪个年度的数据；请只写一个，或加一列“数据年度”。",
                f"{text.strip()!r} names several years ({listed}); name one, or add a column 数据年度.",
            )
    raise Refused(
        "不知道是哪个年度的数据：请在表题或文件名里写明年份（如 2018年），或加一列“数据年度”。",
        "the data year is unknown: put the year into the title or file name, or add a column 数据年度.",
    )
