"""What reading a cell gives: a value and remarks for a person, in Chinese and English."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["warned", "quarantined", "rejected", "ignored"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a cell or row, and what becomes of the row because of it."""

    outcome: Outcome
    zh: str
    en: str


Cell = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
"""What a spreadsheet reader gives for a cell."""


@dataclass(frozen=True, slots=True)
class Read:
    """A cell read: ``value`` is None for a blank; ``remarks`` are empty for a clean one."""

    value: Any
    remarks: tuple[Remark, ...] = ()


BLANK = Read(None)
RANK: dict[str, int] = {"accepted": 0, "warned": 1, "quarantined": 2, "rejected": 3, "ignored": 4}


def warned(zh: str, en: str) -> Remark:
    return Remark("warned", zh, en)


def quarantined(zh: str, en: str) -> Remark:
    return Remark("quarantined", zh, en)


def rejected(zh: str, en: str) -> Remark:
    return Remark("rejected", zh, en)


def ignored(zh: str, en: str) -> Remark:
    return Remark("ignored", zh, en)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a whole sheet, in Chinese and English."""

    zh: str
    en: str


class Refused(Exception):
    """The file or sheet cannot be used at all."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en
