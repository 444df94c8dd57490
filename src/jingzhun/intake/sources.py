"""A sheet or a text file as blocks of columns, with the rows that are no data told apart and listed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from jingzhun.intake.block import Said, names_something, sums_up, text_of
from jingzhun.intake.facts import NOT_CALCULATED
from jingzhun.intake.header import Heading, header_key
from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Cell, Refused, Remark, ignored, quarantined, rejected, warned
from jingzhun.intake.textfile import Block, TextForm, blocks, split_rows
from jingzhun.intake.workbook import Grid
from jingzhun.model.origin import TEXT_SHEET

GRID_ROWS = 100_000
CAREFUL_ROWS = 20_000
"""Rows that are split by hand at once; as lists of cells they take many times their bytes."""
HEAD_LINES = 30
_TOTAL = re.compile(r"^(合计|小计|总计|共计|累计|本页合计|全[村乡镇县市]合计)")
_NOTE = re.compile(
    r"^(注[:1-9一二三(]|备注:|说明:|填表人|填报人|制表人?|审核人?|复核人?|填报单位|填报日期|单位负责人|负责人|联系人|联系电话:|单位\(?盖章)"
)
_GAP = r"[\s\x{3000}\x{00a0}]*"
_SPECIAL = (
    f"^{_GAP}("
    + "|".join(
        _GAP.join(word)
        for word in [
            "合计",
            "小计",
            "总计",
            "共计",
            "累计",
            "本页合计",
            "全.合计",
            "注",
            "备注",
            "说明",
            "填",
            "制表",
            "审核",
            "复核",
            "单位",
            "负责人",
            "联系",
        ]
    )
    + ")"
)


@dataclass(slots=True)
class Aside:
    """A row that goes no further: not data, or not readable as a row at all."""

    line: int
    cells: list[str]
    remark: Remark


@dataclass(slots=True)
class RawBlock:
    """Rows as columns of the sheet, the line number of each row, what was already remarked, and rows set aside."""

    columns: list[pa.Array | list[Cell]]
    lines: np.ndarray
    said: list[Said] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def cells(self, row: int) -> list[str]:
        return [text_of(column, row) for column in self.columns]

    def filled(self, column: int) -> int:
        """How many cells of a column hold anything."""
        if column >= len(self.columns):
            return 0
        cells = self.columns[column]
        if isinstance(cells, list):
            return sum(1 for cell in cells if cell is not None and str(cell).strip())
        return int(pc.sum(pc.not_equal(pc.utf8_trim_whitespace(cells), "")).as_py() or 0)


class Source(Protocol):
    """Where blocks come from."""

    @property
    def name(self) -> str: ...

    @property
    def said(self) -> list[str]:
        """How the source was read, where that had to be found out."""
        ...

    def raw_blocks(self, heading: Heading) -> Iterator[RawBlock]: ...


@dataclass(slots=True)
class GridSource:
    """A sheet of a workbook."""

    grid: Grid

    @property
    def name(self) -> str:
        return self.grid.name

    @property
    def said(self) -> list[str]:
        return []

    def raw_blocks(self, heading: Heading) -> Iterator[RawBlock]:
        rows, first = self.grid.rows, heading.data_from
        filled = self._fill_merged(first)
        width = max(len(heading.names), 1)
        if heading.above:
            above = [
                (self.grid.first_row + at, [text_of(rows[at], column) for column in range(len(rows[at]))])
                for at in heading.above
            ]
            yield _above(above)
        for start in range(first, len(rows), GRID_ROWS):
            yield self._block(heading, start, min(start + GRID_ROWS, len(rows)), width, filled)

    def _block(
        self, heading: Heading, start: int, end: int, width: int, filled: dict[tuple[int, int], None]
    ) -> RawBlock:
        kept: list[list[Cell]] = []
        lines: list[int] = []
        block = RawBlock([], np.array([]))
        for index in range(start, end):
            row, line = self.grid.rows[index], self.grid.first_row + index
            if len(row) != width:
                row = (row + [""] * (width - len(row)))[:width] if len(row) < width else row[:width]
            remark = _no_data(row, heading)
            if remark is not None:
                block.asides += [Aside(line, [text_of(row, at) for at in range(width)], remark)] if remark.zh else []
                continue
            if line in self.grid.hidden_rows:
                block.said.append(Said(len(kept), -1, "", "", _HIDDEN_ROW))
            kept.append(row)
            lines.append(line)
        self._about_cells(block, lines, filled, kept, heading)
        block.columns = [_column(list(column)) for column in zip(*kept, strict=True)] if kept else []
        block.lines = np.array(lines, dtype=np.int64)
        return block

    def _about_cells(
        self,
        block: RawBlock,
        lines: list[int],
        filled: dict[tuple[int, int], None],
        kept: list[list[Cell]],
        heading: Heading,
    ) -> None:
        """Error values, uncalculated formulas, codes shown with leading zeros, filled merges: said at their rows."""
        if not self.grid.errors and not self.grid.shown and not filled:
            return
        place = {line: at for at, line in enumerate(lines)}
        read = {target.index: target.header for target in heading.targets}
        for (line, column), value in self.grid.errors.items():
            if line in place and column in read and (value != NOT_CALCULATED or kept[place[line]][column] == ""):
                block.said.append(Said(place[line], column, read[column], value, _error(value)))
        named = {target.index for target in heading.targets if names_something(target, heading.layout.table)}
        for (line, column), text in self.grid.shown.items():
            if line in place and column in named:
                kept[place[line]][column] = text
                block.said.append(Said(place[line], column, read[column], text, _SHOWN))
        adding = {target.index for target in heading.targets if sums_up(target, heading.layout.table)}
        for line, column in filled:
            if line in place and column in read:
                shown = str(kept[place[line]][column])
                remark = _MERGED_AMOUNT if column in adding else _FILLED
                block.said.append(Said(place[line], column, read[column], shown, remark))

    def _fill_merged(self, first: int) -> dict[tuple[int, int], None]:
        """Copy the value of a vertical merge down its range, and only there."""
        filled: dict[tuple[int, int], None] = {}
        for (top, left), (bottom, _) in self.grid.merged:
            offset = self.grid.first_row - 1
            if bottom == top or top - offset < first or bottom - offset >= len(self.grid.rows):
                continue
            value = self.grid.rows[top - offset][left]
            for row in range(top - offset + 1, bottom - offset + 1):
                cells = self.grid.rows[row]
                if left < len(cells) and cells[left] == "" and value != "":
                    cells[left] = value
                    filled[row + self.grid.first_row, left] = None
        return filled


_HIDDEN_ROW = quarantined(
    "这一行在表中是隐藏的，不知是否应当报送；请取消隐藏后重报，或删除。",
    "the row is hidden in the sheet; show it and send it again, or delete it.",
)
_FILLED = warned("取合并单元格的值。", "the value of the merged cell is taken.")


_MERGED_AMOUNT = quarantined(
    "金额或数量写在合并单元格里，不知道是几行合计还是每行都有；请拆开，每行写自己的数。",
    "an amount in a merged cell: of all rows together, or of each? Unmerge it and give each row its own.",
)
_SHOWN = warned(
    "编号存为数字，按单元格显示的样子（含前面的 0）读取；请把该列改为文本。",
    "a number standing for a name; read as shown, with its leading zeros. Make the column text.",
)


def _error(value: str) -> Remark:
    if value == NOT_CALCULATED:
        return quarantined(
            "公式没有计算结果；请复制该列后“选择性粘贴→数值”再报。",
            "the formula was never calculated; copy the column and paste it as values.",
        )
    return quarantined(
        f"单元格是错误值 {value}；请改正公式，或粘贴为数值。", f"the cell holds the error {value}; mend the formula."
    )


def _column(cells: list[Cell]) -> pa.Array | list[Cell]:
    """A string array where all cells are text; a plain list otherwise."""
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return cells


_NOTHING = ignored("", "")


def _no_data(row: list[Cell], heading: Heading) -> Remark | None:
    """Why a row is no data: blank (not even listed), total, note, signature, header repeated. None for data."""
    first = next(
        (cell for cell in row if cell not in ("", None) and not (isinstance(cell, str) and not cell.strip())), None
    )
    if first is None:
        return _NOTHING
    if not isinstance(first, str):
        return None
    return _named(first, row, heading)


def _named(first: str, row: list[Cell], heading: Heading) -> Remark | None:
    key = header_key(first)
    if _TOTAL.match(key) and _lacks_required(row, heading):
        return ignored(f"“{first.strip()}”行，不是一条记录。", f"a line of totals ({first.strip()}), not a record.")
    if _NOTE.match(key) and _lacks_required(row, heading):
        return ignored("注释、签名或制表说明行，不是一条记录。", "a note or signature, not a record.")
    if key in heading.keys and _repeats(row, heading):
        return ignored("重复的表头行。", "the header repeated.")
    return None


def total_label(aside: Aside) -> str:
    """The words with which a line of totals begins; empty for any other row that was set aside."""
    first = next((cell for cell in aside.cells if cell.strip()), "")
    found = _TOTAL.match(header_key(first)) if aside.remark.outcome == "ignored" else None
    return found[1] if found else ""


def _filled(row: list[Cell]) -> int:
    return sum(1 for cell in row if cell not in ("", None))


def _repeats(row: list[Cell], heading: Heading) -> bool:
    pairs = [
        (header_key(cell), header_key(name))
        for cell, name in zip(row, heading.names, strict=False)
        if cell not in ("", None)
    ]
    return bool(pairs) and sum(cell == name for cell, name in pairs) * 2 > len(pairs)


def _lacks_required(row: list[Cell], heading: Heading) -> bool:
    required = [target for target in heading.targets if target.column.required and not target.column.region]
    blank = [target for target in required if target.index >= len(row) or row[target.index] in ("", None)]
    return not required or bool(blank)


@dataclass(slots=True)
class TextSource:
    """A CSV or other text table."""

    path: Path
    form: TextForm
    limits: Limits
    name: str = TEXT_SHEET
    _head: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [self.form.said]

    def head(self) -> list[list[Cell]]:
        """The first lines as rows, for finding the header."""
        block = next(blocks(self.path, self.form), None)
        if block is None:
            return []
        top = b"\n".join(block.data.split(b"\n", HEAD_LINES)[:HEAD_LINES])
        widest = max(line.count(self.form.delimiter.encode()) for line in top.split(b"\n")) + 1
        if widest > 4 * self.limits.columns:
            raise _too_wide(widest, self.limits)
        if top.count(b'"') % 2:
            top += b'"'
        self._head = [(line, row) for line, row in split_rows(Block(top, 1, True), self.form.delimiter, self.limits)]
        rows: list[list[Cell]] = [list(row) for _, row in self._head]
        if max(map(len, rows), default=0) > self.limits.columns:
            raise _too_wide(max(map(len, rows)), self.limits)
        return rows

    def raw_blocks(self, heading: Heading) -> Iterator[RawBlock]:
        width, skip = len(heading.names), heading.data_from
        if heading.above:
            yield _above([self._head[at] for at in heading.above])
        for block in blocks(self.path, self.form):
            skipped = skip if block.first_line == 1 else 0
            if block.plain and self.form.delimiter.isascii():
                rest = block.data.split(b"\n", skipped)[skipped:] if skipped else [block.data]
                if rest and rest[0]:
                    yield self._fast(Block(rest[0], block.first_line + skipped, False), width, heading)
            else:
                yield from self._careful(block, width, skipped, heading)

    def _careful(self, block: Block, width: int, skip: int, heading: Heading) -> Iterator[RawBlock]:
        """Quotes or NUL bytes: row by row, physical lines kept, in parts that do not fill the memory with cells."""
        rows = itertools.islice(split_rows(block, self.form.delimiter, self.limits), skip, None)
        physical = _Lines(block)
        while part := list(itertools.islice(rows, CAREFUL_ROWS)):
            yield self._part(physical, part, width, heading)

    def _part(self, physical: _Lines, rows: list[tuple[int, list[str]]], width: int, heading: Heading) -> RawBlock:
        kept: list[list[str]] = []
        lines: list[int] = []
        raw = RawBlock([], np.array([]))
        for line, row in rows:
            if not any(row):
                continue
            if any("\x00" in cell for cell in row):
                raw.asides.append(Aside(line, row, _NUL))
                continue
            if _swallowed(row, width, self.form.delimiter):
                raw.asides += [Aside(at, [text], _SWALLOWED) for at, text in physical.of(line, row)]
                continue
            cells: list[Cell] = list(row)
            if len(row) != width:
                remark = (_no_data(cells, heading) if len(row) < width else None) or ragged(len(row), width)
                raw.asides.append(Aside(line, row, remark))
                continue
            remark_ = _no_data(cells, heading)
            if remark_ is not None:
                raw.asides += [Aside(line, row, remark_)] if remark_.zh else []
                continue
            kept.append(row)
            lines.append(line)
        raw.columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)] if kept else []
        raw.lines = np.array(lines, dtype=np.int64)
        return raw

    def _fast(self, block: Block, width: int, heading: Heading) -> RawBlock:
        """No quotes anywhere: a line is a row, so the block can be split in one go."""
        raw = RawBlock([], np.array([]))
        bad: list[tuple[int, str]] = []

        def keep(row: Any) -> str:
            bad.append((row.number, row.text))
            return "skip"

        names = [f"c{number}" for number in range(width)]
        parsed = pacsv.read_csv(
            pa.BufferReader(block.data),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=len(block.data) + 1024),
            parse_options=pacsv.ParseOptions(
                delimiter=self.form.delimiter,
                quote_char=False,
                double_quote=False,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
        total = parsed.num_rows + len(bad)
        skipped = np.array([number - 1 for number, _ in bad], dtype=np.int64)
        lines = np.delete(np.arange(total, dtype=np.int64), skipped) + block.first_line
        for number, text in bad:
            cells = text.split(self.form.delimiter)
            if any(cell.strip() for cell in cells):
                remark = (_no_data(list(cells), heading) if len(cells) < width else None) or ragged(len(cells), width)
                raw.asides.append(Aside(block.first_line + number - 1, cells, remark))
        self._set_special_aside(raw, parsed, lines, heading)
        return raw

    def _set_special_aside(self, raw: RawBlock, parsed: pa.Table, lines: np.ndarray, heading: Heading) -> None:
        columns = [column.combine_chunks() for column in parsed.columns]
        if not columns or not len(lines):
            raw.lines = lines[:0]
            return
        looks = pc.or_(
            pc.match_substring_regex(columns[0], _SPECIAL), pc.is_in(columns[0], pa.array(["", *heading.names[:1]]))
        )
        suspects = np.flatnonzero(looks.to_numpy(zero_copy_only=False))
        drop = []
        for at in suspects:
            row: list[Cell] = [column[int(at)].as_py() for column in columns]
            remark = _no_data(row, heading)
            if remark is None:
                continue
            drop.append(at)
            if remark.zh:
                raw.asides.append(Aside(int(lines[at]), [str(cell) for cell in row], remark))
        if drop:
            keep = np.ones(len(lines), dtype=bool)
            keep[drop] = False
            mask = pa.array(keep)
            columns = [column.filter(mask) for column in columns]
            lines = lines[keep]
        raw.columns, raw.lines = list(columns), lines


def _above(rows: list[tuple[int, list[str]]]) -> RawBlock:
    """Records that stand above the header: not read, because a table begins at its header, but never lost."""
    return RawBlock([], np.array([], dtype=np.int64), asides=[Aside(line, row, _ABOVE) for line, row in rows])


_ABOVE = quarantined(
    "这一行在表头的上面，看上去是一条记录，没有读取；请把它移到表头下面再报。",
    "the row stands above the header and looks like a record; it was not read. Move it below the header.",
)


def _too_wide(found: int, limits: Limits) -> Refused:
    return Refused(
        f"有一行分出 {found:,} 列，超过 {limits.columns} 列；请检查分隔符，删除多余的列。",
        f"a line has {found:,} columns, more than {limits.columns}; check the separators, delete the surplus.",
    )


_NUL = rejected("这一行含空字符（NUL），无法保存；请重新录入这一行。", "the row holds a NUL character; type it anew.")
_SWALLOWED = quarantined(
    "引号可能不成对，照读会把这一行与相邻的行并成一行；请检查附近几行的引号。",
    "a quote may not close here: read on, this line would be merged with its neighbours; check the quotes nearby.",
)


def _swallowed(row: list[str], width: int, delimiter: str) -> bool:
    """Whether a cell with line ends in it has eaten other rows: the row is ragged, or the cell holds a row's worth."""
    long = [cell for cell in row if "\n" in cell]
    return bool(long) and (len(row) != width or any(cell.count(delimiter) >= max(2, width - 2) for cell in long))


class _Lines:
    """Where the physical lines of a block begin; found out when they are first asked for."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._ends: np.ndarray | None = None

    def of(self, line: int, row: list[str]) -> list[tuple[int, str]]:
        """The physical lines that a row was read from, each with its number."""
        if self._ends is None:
            ends = np.flatnonzero(np.frombuffer(self._block.data, np.uint8) == _LINE_END)
            self._ends = np.concatenate([[-1], ends, [len(self._block.data)]])
        count = sum(cell.count("\n") for cell in row) + 1
        first = line - self._block.first_line
        start, end = self._ends[first] + 1, self._ends[min(first + count, len(self._ends) - 1)]
        lines = self._block.data[start:end].decode().split("\n")
        return [(line + at, text) for at, text in enumerate(lines) if text]


_LINE_END = ord("\n")


def ragged(found: int, width: int) -> Remark:
    return quarantined(
        f"这一行有 {found} 个单元格，表头有 {width} 个；可能多了或少了分隔符，请检查，未移位读取。",
        f"the row has {found} cells, the header {width}; check the separators. Nothing was shifted.",
    )
