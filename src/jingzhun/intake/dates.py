"""Dates and months in the notations that departments use. A day that is not given is not invented."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from jingzhun.intake.characters import BLANK_MARKS, folded
from jingzhun.intake.numbers import is_day
from jingzhun.intake.reading import Cell, Read, Remark, quarantined, rejected, warned

_DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?(?:[ T]00:00(:00)?)?")
_DAY_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})(?:[-./]|年)([0-9]{1,2})月?")
CLEARLY_OF_THE_LAST_CENTURY = 1930
"""A year of two digits from here on is of the last century; before, it may be of this one."""
_SHORT_MONTH = re.compile(r"([0-9]{2})[-./年]([0-9]{1,2})月?")
_MONTH_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})")
_OTHER_CALENDAR = re.compile(r"民国|农历|阴历|腊月|正月|冬月|闰|初[一二三四五六七八九十]|廿")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0+)?")
_DAY_NOUGHT = dt.date(1899, 12, 30)
"""Serial numbers of spreadsheet programs count from here, from March 1900 on."""
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
FIRST_YEAR, LAST_YEAR = 1880, 2100


def _read(value: Any, *remarks: Remark) -> Read:
    return Read(value, remarks)


def day(cell: Cell) -> Read:
    """A calendar day."""
    if isinstance(cell, dt.date):
        if not FIRST_YEAR <= cell.year <= LAST_YEAR:
            return _impossible(cell)
        if not isinstance(cell, dt.datetime):
            return _read(cell)
        return _read(cell.date()) if cell.time() == dt.time() else _read(cell.date(), _time_dropped())
    if not isinstance(cell, str):
        return _number_for_a_date(cell)
    text = _arabic(folded(cell))
    if text in BLANK_MARKS:
        return _read(None, warned(f"“{cell}”按未填写处理。", f"{cell!r} is taken as not filled in."))
    if _OTHER_CALENDAR.search(text):
        return _other_calendar(cell)
    match = _DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text)
    if match:
        return _day(cell, int(match[1]), int(match[2]), int(match[3]))
    if _cannot_be(text):
        return _impossible(cell)
    if _month_of(text):
        zh = f"“{cell}”只有年月没有日；此栏要到日，请补全。"
        return _read(None, quarantined(zh, f"{cell!r} has no day; this column needs one."))
    if likely := _serial(text):
        return _a_serial(cell, likely)
    zh = f"“{cell}”不是日期；请写成 2018-12-31。"
    return _read(None, quarantined(zh, f"{cell!r} is not a date; write 2018-12-31."))


def month(cell: Cell) -> Read:
    """A month as ``YYYY-MM``."""
    if isinstance(cell, dt.date):
        return _month_of_day(cell)
    if isinstance(cell, float):
        if repr(cell).endswith(".1"):
            return _ambiguous_decimal(cell)
        cell = str(int(cell)) if cell.is_integer() else repr(cell)
    if not isinstance(cell, (str, int)) or isinstance(cell, bool):
        return _number_for_a_date(cell)
    text = _arabic(folded(str(cell)))
    if text in BLANK_MARKS:
        return _read(None, warned(f"“{cell}”按未填写处理。", f"{cell!r} is taken as not filled in."))
    if _OTHER_CALENDAR.search(text):
        return _other_calendar(cell)
    return _month(cell, text)


def _month(cell: Cell, text: str) -> Read:
    whole = _DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text)
    if _cannot_be(text) or (whole and not is_day(int(whole[1]), int(whole[2]), int(whole[3]))):
        return _impossible(cell)
    if whole:
        return _month_of_day(dt.date(int(whole[1]), int(whole[2]), int(whole[3])))
    found = _month_of(text)
    if found is None and (likely := _serial(text)):
        return _a_serial(cell, likely)
    if found is None:
        zh = f"“{cell}”不是年月；请写成 2018-12 或 2018年12月。"
        return _read(None, quarantined(zh, f"{cell!r} is not a month; write 2018-12."))
    year, number, short = found
    if short and year < CLEARLY_OF_THE_LAST_CENTURY:
        zh = f"“{cell}”看不出是哪个世纪；请写四位年份，如 2016-03。"
        return _read(None, quarantined(zh, f"the century of {cell!r} cannot be told; write four digits, as 2016-03."))
    if not (1 <= number <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return _impossible(cell)
    written = f"{year:04d}-{number:02d}"
    if short:
        return _read(written, warned(f"两位年份“{cell}”读作 {written}。", f"the two-digit year is read as {written}."))
    return _read(
        written, *(() if written == cell else (warned(f"“{cell}”读作 {written}。", f"{cell!r} is read as {written}."),))
    )


def _month_of_day(day_: dt.date) -> Read:
    if not FIRST_YEAR <= day_.year <= LAST_YEAR:
        return _impossible(day_)
    return _read(
        f"{day_.year:04d}-{day_.month:02d}", warned("此栏只要年月，已略去日。", "only the month is kept here.")
    )


def _day(cell: Cell, year: int, number: int, day_: int) -> Read:
    if not is_day(year, number, day_) or not FIRST_YEAR <= year <= LAST_YEAR:
        return _impossible(cell)
    value = dt.date(year, number, day_)
    clean = cell == value.isoformat()
    return _read(value, *(() if clean else (warned(f"“{cell}”读作 {value}。", f"{cell!r} is read as {value}."),)))


def _month_of(text: str) -> tuple[int, int, bool] | None:
    match = _MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text)
    if match:
        return int(match[1]), int(match[2]), False
    match = _SHORT_MONTH.fullmatch(text)
    return (1900 + int(match[1]), int(match[2]), True) if match else None


def _arabic(text: str) -> str:
    """二〇一六年三月 → 2016年3月; 十 is a place value there, not a digit."""
    if not re.search("[〇零○一二三四五六七八九十]", text) or not re.search("[年月]", text):
        return text
    parts = re.split("(年|月|日|号)", text)
    return "".join(part if part in "年月日号" else _han_number(part) for part in parts).replace("号", "日")


def _han_number(part: str) -> str:
    if "十" not in part:
        return part.translate(_HAN_DIGITS)
    tens, _, ones = part.partition("十")
    return (
        str(int(tens.translate(_HAN_DIGITS) or 1) * 10 + int(ones.translate(_HAN_DIGITS) or 0))
        if (not set(tens + ones) - set("一二三四五六七八九"))
        else part
    )


def _cannot_be(text: str) -> bool:
    """Fillers such as 9999, and days that no year has (2月30日, 1900-13)."""
    if re.fullmatch(r"9{4,}|0{4,}|(9999|0000)([-./年].*)?", text):
        return True
    match = re.fullmatch(r"([0-9]{1,2})月([0-9]{1,2})日?", text)
    return match is not None and not is_day(2000, int(match[1]), int(match[2]))


def _impossible(cell: Cell) -> Read:
    return _read(None, rejected(f"“{cell}”不是真实存在的日期；请更正。", f"{cell!r} is not a real date; correct it."))


def _other_calendar(cell: Cell) -> Read:
    zh = f"“{cell}”像是农历或民国纪年；请换算成公历。"
    return _read(None, quarantined(zh, f"{cell!r} seems to be of another calendar; convert it."))


def _number_for_a_date(cell: Cell) -> Read:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell).is_integer():
        digits = str(int(cell))
        if len(digits) == 8:
            return day(digits)
    if isinstance(cell, float) and repr(cell).endswith(".1"):
        return _ambiguous_decimal(cell)
    if not isinstance(cell, bool) and (likely := _serial(str(cell))):
        return _a_serial(cell, likely)
    zh = f"“{cell}”是数字不是日期；请把该列设为日期或文本后重新导出。"
    return _read(None, quarantined(zh, f"{cell!r} is a number, not a date; export the column as dates or text."))


def _serial(text: str) -> dt.date | None:
    """The day that a spreadsheet program means by a bare number of days since 1900, where it is a day of our times."""
    found = _SERIAL.fullmatch(text)
    likely = _DAY_NOUGHT + dt.timedelta(days=int(found[1])) if found else None
    return likely if likely and likely.year <= LAST_YEAR else None


def _a_serial(cell: Cell, likely: dt.date) -> Read:
    zh = f"“{cell}”是数字不是日期，像是日期序号，对应 {likely}；请把该列设为日期，或写成 {likely} 后重报。"
    en = f"{cell!r} is probably a spreadsheet's serial number for {likely}; export the column as dates or write that."
    return _read(None, quarantined(zh, en))


def _ambiguous_decimal(cell: float) -> Read:
    zh = f"“{cell}”存为小数，1 月与 10 月分不清；请按文本（如 1958-10）重报。"
    return _read(None, quarantined(zh, f"{cell!r} is a decimal: January and October look alike; send it as text."))


def _time_dropped() -> Remark:
    return warned("此栏只要日期，已略去时刻。", "only the date is kept.")
