"""One cell, one kind of column: the typed value, and what has to be said about it.

This is the only definition of what a clean value is. The fast lane asks it too, once per distinct value.
Nothing is repaired by guessing: a value is taken as it stands, taken with a remark, set aside, or refused.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from jingzhun.intake import dates, numbers
from jingzhun.intake.characters import (
    BIDI,
    BLANK_MARKS,
    CONTROL,
    DITTO,
    EDGES,
    ERRORS,
    INVISIBLE,
    ODD_DIGIT,
    SUBSTITUTE,
    folded,
)
from jingzhun.intake.reading import BLANK, Cell, Read, Remark, quarantined, rejected, warned
from jingzhun.model import Column, Kind
from jingzhun.policy.schema import CodeList

NAMES = frozenset({"name", "head_name", "student"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
LABELS_SHOWN = 30
SEVERAL_PEOPLE = ("、", "，", ",", ";", "；")


class Reader:
    """Reads the cells of one column. ``money`` is the unit the file states, ``codes`` the column's code list."""

    def __init__(self, column: Column, codes: CodeList | None = None, money: str = "", limit: int = 32 * 1024) -> None:
        self.column, self.codes, self.money, self.limit = column, codes, money or "yuan", limit
        self._read: Callable[[Cell], Read] = {
            Kind.TEXT: self._text,
            Kind.REGION: self._text,
            Kind.CODE: self._code,
            Kind.IDENTITY: numbers.identity,
            Kind.NUMBER_TEXT: self._number_text,
            Kind.INTEGER: self._integer,
            Kind.QUANTITY: numbers.quantity,
            Kind.CENTS: self._cents,
            Kind.DATE: dates.day,
            Kind.MONTH: dates.month,
            Kind.FLAG: self._flag,
        }[column.kind]

    def read(self, cell: Cell) -> Read:
        """Read one cell. Never raises: what cannot be read is remarked on."""
        if cell is None or cell == "":
            return BLANK
        if isinstance(cell, str):
            stopped = self._stopped(cell)
            if stopped is not None:
                return stopped
            if not cell.strip(EDGES):
                return BLANK
        return self._read(cell)

    def _stopped(self, cell: str) -> Read | None:
        if "\x00" in cell:
            return Read(
                None,
                (
                    rejected(
                        "单元格含空字符（NUL），无法保存；请重新录入这一格。",
                        "the cell holds a NUL character; type it anew.",
                    ),
                ),
            )
        if len(cell) > self.limit:
            zh = f"单元格超过 {self.limit:,} 个字符，可能误贴了整段内容；请改正后重报。"
            return Read(None, (rejected(zh, f"the cell has more than {self.limit:,} characters; correct it."),))
        if cell.strip(EDGES) in ERRORS:
            zh = f"单元格是错误值 {cell.strip(EDGES)}；请改正公式，或复制后“选择性粘贴→数值”。"
            return Read(
                None,
                (quarantined(zh, f"the cell holds the error {cell.strip(EDGES)}; mend the formula or paste values."),),
            )
        if self.column.kind not in (Kind.TEXT, Kind.REGION) and (odd := ODD_DIGIT.search(cell)):
            zh = f"“{cell}”里的“{odd[0]}”不是普通数字，不能当数字读；请改写为 0 到 9 的数字。"
            return Read(None, (quarantined(zh, f"{odd[0]!r} in {cell!r} is no plain digit; write digits 0 to 9."),))
        return None

    def _text(self, cell: Cell) -> Read:
        if not isinstance(cell, str):
            return self._from_number(cell)
        remarks: list[Remark] = []
        if BIDI.search(cell):
            zh = "文字中有改变显示方向的控制字符，看到的与保存的不同；请重新录入。"
            return Read(None, (rejected(zh, "the text holds characters that change its direction; type it anew."),))
        value = CONTROL.sub("", INVISIBLE.sub("", cell)).strip(EDGES)
        if value != cell:
            remarks.append(
                warned("已去掉首尾空格或看不见的字符。", "spaces at the ends or invisible characters removed.")
            )
        if self.column.name in NAMES:
            remarks += _about_a_name(value)
        return Read(value or None, tuple(remarks))

    def _from_number(self, cell: Cell) -> Read:
        """A text column whose cell is a number, a date or a yes/no: the text is what a person would read there."""
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
            return Read(str(int(cell)), (warned("此栏应为文本，表中存为数字。", "a text column, stored as a number."),))
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 10**15:
            return numbers.damaged()
        return Read(str(cell), (warned("此栏应为文本，表中存为其他类型。", "a text column, stored as another type."),))

    def _cents(self, cell: Cell) -> Read:
        """Money. Only an income can be below zero; elsewhere it is taken as written and marked."""
        read = numbers.cents(cell, self.money)
        if read.value is None or read.value >= 0 or "income" in self.column.name:
            return read
        zh = f"“{cell}”是负数；已照收，是冲销还是写错，请核对。"
        return Read(read.value, (*read.remarks, warned(zh, f"{cell!r} is below zero; taken as written, check it.")))

    def _integer(self, cell: Cell) -> Read:
        """A whole number that can be: a year of our times where a year is meant, no fewer than none of anything."""
        read = numbers.integer(cell)
        if read.value is None:
            return read
        name = self.column.name
        if (name == "year" or name.endswith("_year")) and not FIRST_YEAR <= read.value <= LAST_YEAR:
            zh = f"“{cell}”不是年份；请写四位年份，如 2018。"
            return Read(None, (quarantined(zh, f"{cell!r} is no year; write four digits, as 2018."),))
        if read.value < 0:
            zh = f"“{cell}”是负数，此栏不可能少于零；请核对。"
            return Read(None, (quarantined(zh, f"{cell!r} is below zero, which cannot be here; check it."),))
        return read

    def _number_text(self, cell: Cell) -> Read:
        return numbers.number_text(cell, self.column.name)

    def _code(self, cell: Cell) -> Read:
        text = _plain(cell)
        if text is None:
            return Read(
                None, (quarantined(f"“{cell}”不是代码表里的值。", f"{cell!r} is not a value of the code list."),)
            )
        if self.codes is None:
            return Read(text)
        label = self.codes.canonical(text)
        if label is not None:
            same = label == cell
            return Read(
                label, () if same else (warned(f"“{cell}”按代码表读作“{label}”。", f"{cell!r} is read as {label!r}."),)
            )
        if text in BLANK_MARKS:
            return Read(None, (warned(f"“{cell}”按未填写处理。", f"{cell!r} is taken as not filled in."),))
        zh = f"“{cell}”不在代码表“{self.codes.zh}”中；请改为：{_some(self.codes)}。"
        en = f"{cell!r} is not in the code list {self.codes.en!r}; use one of: {_some(self.codes)}."
        return Read(None, (quarantined(zh, en),))

    def _flag(self, cell: Cell) -> Read:
        if isinstance(cell, bool):
            return Read(cell)
        text = _plain(cell)
        if text is not None and text.upper() in FLAGS:
            value = FLAGS[text.upper()]
            clean = cell in ("是", "否")
            said = "是" if value else "否"
            return Read(
                value,
                ()
                if clean
                else (warned(f"“{cell}”读作“{said}”。", f"{cell!r} is read as {'yes' if value else 'no'}."),),
            )
        if text in BLANK_MARKS:
            return Read(None, (warned(f"“{cell}”按未填写处理。", f"{cell!r} is taken as not filled in."),))
        zh = f"“{cell}”看不出是“是”还是“否”；请填“是”或“否”。"
        return Read(None, (quarantined(zh, f"{cell!r} is neither yes nor no; write 是 or 否."),))


FLAGS = {
    **dict.fromkeys(("是", "有", "√", "✓", "✔", "Y", "YES", "TRUE", "1", "对", "达标", "已", "通"), True),
    **dict.fromkeys(("否", "无", "×", "✗", "✘", "X", "N", "NO", "FALSE", "0", "没有", "未达标", "未", "不通"), False),
}


def _about_a_name(value: str) -> list[Remark]:
    if value in DITTO:
        zh = f"姓名写作“{value}”；请写出姓名。"
        return [quarantined(zh, f"the name is written as {value!r}; write it out.")]
    if any(mark in value for mark in SEVERAL_PEOPLE):
        parts = "、".join(part for part in value.replace("，", "、").replace(",", "、").split("、") if part)
        zh = f"一格里像有几个人（{parts}）；请每人一行。"
        return [quarantined(zh, f"several people in one cell ({parts}); give each a row.")]
    if SUBSTITUTE.search(value) or (value.isascii() and value.isalpha()):
        zh = "姓名中疑似用符号或拼音代替生僻字；已照原样保存，请对照户口簿更正。"
        return [
            warned(zh, "a symbol or pinyin seems to stand for a rare character; kept as written, please correct it.")
        ]
    return []


def _plain(cell: Cell) -> str | None:
    if isinstance(cell, str):
        return folded(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        return format(Decimal(str(cell)).normalize(), "f")
    return None


def _some(codes: CodeList) -> str:
    """The labels to choose from: all of a short list, the beginning of a long one and where the rest stands."""
    shown = "、".join(item.label for item in codes.items[:LABELS_SHOWN])
    return shown + (f" … ({len(codes.items)}, docs/reference/code-lists.md)" if len(codes.items) > LABELS_SHOWN else "")
