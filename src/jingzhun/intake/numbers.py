"""Numbers as people send them: identity numbers, household numbers, counts, areas, money."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from jingzhun.intake.characters import BLANK_MARKS, DITTO, folded
from jingzhun.intake.reading import Cell, Read, Remark, quarantined, rejected, warned

EXACT_DIGITS = 10**15
"""A spreadsheet number keeps 15 digits; what was longer has lost its end and cannot be restored."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
_EIGHTEEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CARD = re.compile(r"[1-9][0-9]{16}[0-9X][1-7][1-4]([0-9A-Z]{2})?")
_FIFTEEN = re.compile(r"[1-9][0-9]{14}")
_PLACEHOLDER = re.compile(r"999999[0-9]{12}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
FEN = {"fen": 1, "yuan": 100, "qian_yuan": 100_000, "wan_yuan": 1_000_000, "yi_yuan": 10_000_000_000}
_UNITS = (("亿元", "yi_yuan"), ("万元", "wan_yuan"), ("千元", "qian_yuan"), ("元", "yuan"))
NOISE = Decimal("0.000001")
LARGEST = 10**13
"""Nothing counted, measured or paid here comes near it: so many digits are a number in the wrong column."""
_WITH_DECIMALS = re.compile(r"([0-9]+)\.0+")
"""Digits that went through a column of numbers and were written out again."""
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度?")


def _read(value: Any, *remarks: Remark) -> Read:
    return Read(value, remarks)


def damaged() -> Read:
    return _read(
        None,
        quarantined(
            "此格被表格软件按数字保存，末几位已丢失，无法恢复；请把该列设为文本格式后重新导出。",
            "the cell was stored as a number and has lost its last digits; export the column again as text.",
        ),
    )


def check_digit(first_seventeen: str) -> str:
    """The 18th character of an identity number (GB 11643-1999)."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True)) % 11]


def lost_end() -> Remark:
    return quarantined(
        "号码末三位是 000，像是被表格软件按数字保存后又粘成文本，末几位已丢失；请把该列设为文本格式后从原件重新填报。",
        "the number ends in 000: it seems to have been stored as a number and pasted as text, its last digits are "
        "lost. Fill the column in again as text, from the documents.",
    )


def identity(cell: Cell) -> Read:
    """A citizen identity number (18, historically 15 digits) or a disability card number (20 or 22)."""
    if not isinstance(cell, str):
        return damaged()
    text = re.sub(r"[\s\-]", "", folded(cell)).upper().replace("Х", "X").replace("×", "X")
    folding = (
        ()
        if text == cell
        else (warned("证件号码已去掉空格、全角或小写等写法差异。", "width, spaces or case of the number folded."),)
    )
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", text):
        return damaged()
    if _PLACEHOLDER.fullmatch(text):
        return _read(
            text,
            *folding,
            warned("是 999999 开头的占位号，不是身份证号。", "a placeholder number, not an identity number."),
        )
    if _EIGHTEEN.fullmatch(text) or _CARD.fullmatch(text):
        return _read(text, *folding, *_about_eighteen(text))
    if _FIFTEEN.fullmatch(text):
        zh = f"15 位旧号码，出生年按 19{text[6:8]} 年；已照原样保存，请核对 18 位号码。"
        return _read(text, *folding, warned(zh, f"an old 15-digit number, born 19{text[6:8]}; kept as written."))
    zh = f"证件号码应为 18 位（残疾人证 20 或 22 位），这里是 {len(text)} 位或含其他字符；请对照证件更正。"
    return _read(None, quarantined(zh, f"an identity number has 18 digits; this has {len(text)} characters or others."))


def _about_eighteen(text: str) -> tuple[Remark, ...]:
    found = []
    if check_digit(text[:17]) != text[17]:
        found.append(
            warned("身份证号校验码不对，请对照证件核对。", "the check digit does not fit; compare with the document.")
        )
    if not is_day(int(text[6:10]), int(text[10:12]), int(text[12:14])):
        found.append(warned("身份证号里的出生日期不是有效日期。", "the birth date in the number is not a date."))
    return tuple(found)


def is_day(year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= 31 and year >= 1):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def number_text(cell: Cell, name: str) -> Read:
    """Digits that are a name: household numbers, telephones, bank accounts."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return _read(None, quarantined("此格应为编号。", "a number written as text is expected here."))
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell) or abs(cell) >= EXACT_DIGITS or cell != int(cell):
            return damaged()
        return _read(
            str(int(cell)),
            warned("编号被存为数字，前面的 0 可能已丢失；请核对。", "stored as a number; leading zeros may be lost."),
        )
    text = re.sub(r"\s", "", folded(cell))
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", text.upper()):
        return damaged()
    if text in BLANK_MARKS:
        return _read(None, warned(f"“{cell}”按未填写处理。", f"{cell!r} is taken as not filled in."))
    if text in DITTO:
        return _read(
            None, quarantined(f"“{cell}”不是编号；请填写实际的编号。", f"{cell!r} is no number; write it out.")
        )
    if stored := _WITH_DECIMALS.fullmatch(text):
        return _without_decimals(cell, stored[1], name)
    first, rest = _several_numbers(text, name)
    remarks = [] if first == cell else [warned("编号已去掉空格或全角。", "spaces or width of the number folded.")]
    if rest:
        remarks = [
            warned(
                f"一格有几个号码，取第一个，其余为 {rest}。",
                f"several numbers in a cell; the first is taken, others: {rest}.",
            )
        ]
    return _read(first or None, *remarks, *_about_account(first, name))


def _without_decimals(cell: str, digits: str, name: str) -> Read:
    """14.0 is the number 14 as a program of numbers writes it; where digits may be lost on that way it goes back."""
    if int(digits) >= EXACT_DIGITS:
        zh = f"“{cell}”按数字保存过，超过 15 位的末几位可能已丢失；请把该列设为文本格式后从原件重新导出。"
        en = f"{cell!r} was stored as a number, digits beyond the 15th may be lost; export the column again as text."
        return _read(None, quarantined(zh, en))
    zh = f"“{cell}”按数字保存过，读作 {digits}；前面的 0 可能已丢失，请核对。"
    en = f"{cell!r} was stored as a number and is read as {digits}; leading zeros may be lost."
    return _read(digits, warned(zh, en), *_about_account(digits, name))


def _several_numbers(text: str, name: str) -> tuple[str, str]:
    if "phone" not in name:
        return text, ""
    parts = [part for part in re.split(r"[/、,;]", text) if part]
    return (parts[0], "/".join(parts[1:])) if parts else ("", "")


def _about_account(text: str, name: str) -> tuple[Remark, ...]:
    if name == "bank_account" and text.isascii() and text.isdigit() and not _luhn(text):
        return (warned("银行卡号校验不通过，请核对。", "the bank account fails its check (Luhn)."),)
    return ()


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def integer(cell: Cell) -> Read:
    """A whole number. A year written with its word (2018年度) is read with a remark."""
    year = _YEAR.fullmatch(folded(cell)) if isinstance(cell, str) else None
    if year:
        return _read(int(year[1]), warned(f"“{cell}”读作 {year[1]}。", f"{cell!r} is read as {year[1]}."))
    found, remarks = _decimal(cell)
    if found is None:
        return _read(None, *remarks)
    if found != found.to_integral_value():
        return _read(None, quarantined(f"“{cell}”应为整数。", f"{cell!r} should be a whole number."))
    return _read(int(found), *remarks)


def quantity(cell: Cell) -> Read:
    """An area, a length or a capacity with at most three decimals."""
    found, remarks = _decimal(cell)
    if found is None:
        return _read(None, *remarks)
    rounded = found.quantize(Decimal("0.001"), ROUND_HALF_UP)
    if abs(rounded) >= LARGEST:
        return _read(None, _too_large(cell))
    if rounded < 0:
        return _read(None, quarantined(f"“{cell}”是负数；请核对。", f"{cell!r} is below zero; check it."))
    if rounded != found and abs(rounded - found) > NOISE:
        remarks = (
            *remarks,
            warned(f"“{cell}”按三位小数保存为 {rounded}。", f"{cell!r} is kept with three decimals: {rounded}."),
        )
    return _read(rounded, *remarks)


def cents(cell: Cell, unit: str) -> Read:
    """Money in fen. A unit written in the cell wins over the unit of the column, with a remark."""
    remarks: tuple[Remark, ...] = ()
    if isinstance(cell, str):
        text = folded(cell).lstrip("¥￥").strip()
        for suffix, named in _UNITS:
            if text.endswith(suffix) and text != suffix:
                text, unit = text[: -len(suffix)], named
                remarks = (warned(f"按格内单位“{suffix}”换算。", f"converted from the unit in the cell, {suffix}."),)
                break
        signed = text != folded(cell) and not remarks
        found, more = _decimal(text if remarks or signed else cell)
        if signed and found is not None and not more:
            more = (warned(f"“{cell}”读作 {found}。", f"{cell!r} is read as {found}."),)
    else:
        found, more = _decimal(cell)
    remarks += more
    if found is None:
        return _read(None, *remarks)
    fen = found * FEN[unit]
    if abs(fen) >= LARGEST * 100:
        return _read(None, _too_large(cell))
    rounded = fen.quantize(Decimal(1), ROUND_HALF_UP)
    if abs(fen - rounded) > NOISE * 100:
        zh = f"“{cell}”折算到分后仍有小数；请核对金额。"
        return _read(None, quarantined(zh, f"{cell!r} does not come out in whole fen; check the amount."))
    return _read(int(rounded), *remarks)


def _too_large(cell: Cell) -> Remark:
    zh = f"“{cell}”大得不可能，像是号码填错了栏；请核对。"
    return quarantined(zh, f"{cell!r} is impossibly large, perhaps a number in the wrong column.")


def _decimal(cell: Cell) -> tuple[Decimal | None, tuple[Remark, ...]]:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None, (quarantined(f"“{cell}”应为数字。", f"{cell!r} should be a number."),)
    if not isinstance(cell, str):
        return _bounded(Decimal(repr(cell)), cell, ())
    text = folded(cell)
    if text in BLANK_MARKS:
        return None, (warned(f"“{cell}”按未填写处理，不当作 0。", f"{cell!r} is taken as not filled in, not as 0."),)
    negative = re.fullmatch(r"\((.+)\)", text)
    plain = "-" + negative[1] if negative else text
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        zh = f"“{cell}”不是确切的数字；请填数字，不清楚的留空。"
        return None, (quarantined(zh, f"{cell!r} is not an exact number; write a number or leave it empty."),)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None, (rejected(f"“{cell}”不是数字。", f"{cell!r} is not a number."),)
    changed = plain != cell
    remarks = (warned(f"“{cell}”读作 {value}。", f"{cell!r} is read as {value}."),) if changed else ()
    return _bounded(value, cell, remarks)


def _bounded(value: Decimal, cell: Cell, remarks: tuple[Remark, ...]) -> tuple[Decimal | None, tuple[Remark, ...]]:
    if value.is_finite() and abs(value) < LARGEST:
        return value, remarks
    return None, (_too_large(cell),)
