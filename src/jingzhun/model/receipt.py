"""The receipt of a delivered file: what became of every one of its rows.

A receipt is written last and atomically; a file without one was not taken in. The freeze reads receipts only.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell or row that was not simply accepted. ``row`` is the row number the spreadsheet program shows."""

    row: int
    cell: str
    field: str
    value: str
    message: str
    message_en: str
    outcome: str
    """warned, quarantined, rejected or ignored."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Typed rows waiting for the freeze: a Parquet file relative to the store, for one table contract."""

    table: str
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class SheetReceipt:
    """The account of one sheet: rows = accepted + warned + quarantined + rejected + ignored, or it is not written."""

    sheet: str
    layout: str
    rows: int
    accepted: int
    warned: int
    quarantined: int
    rejected: int
    ignored: int
    problems: tuple[Problem, ...] = ()
    problems_total: int = 0
    """Problems found; the list itself may be cut for very long files, the workbook of refused rows is complete."""
    staged: tuple[Staged, ...] = ()
    note: str = ""
    attention: str = ""
    """What to look at before trusting the counts: columns not used, sheets not read, totals that differ."""
    attention_en: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Fields (``table.column``) and the column of the sheet that held each."""

    def __post_init__(self) -> None:
        parts = self.accepted + self.warned + self.quarantined + self.rejected + self.ignored
        if parts != self.rows:
            raise AccountingError(self.sheet, self.rows, parts)


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """The account of one delivered file. ``refused`` says why it could not be used at all."""

    file: str
    sha256: str
    bytes: int
    delivery: int
    refused: str | None
    sheets: tuple[SheetReceipt, ...] = ()
    refused_en: str | None = None
    returned: str | None = None
    """Workbook of refused rows for the sender, relative to the store."""
    pack: str = ""
    """Fingerprint of the policy pack by which the file was read."""
    received_on: str = ""
    """The day (ISO) whose divisions and code lists the rows were held against."""
    already: bool = field(default=False, compare=False)
    """The same bytes had been taken in before; nothing changed."""
    year_from_name: int | None = None
    """Data year that stands in the file's name and not in its bytes: under another year they are another delivery."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FileReceipt:
        sheets = tuple(
            SheetReceipt(
                **{
                    **sheet,
                    "problems": tuple(Problem(**problem) for problem in sheet["problems"]),
                    "staged": tuple(Staged(**staged) for staged in sheet["staged"]),
                    "columns": tuple((field, letters) for field, letters in sheet.get("columns", ())),
                }
            )
            for sheet in data["sheets"]
        )
        return cls(**{**data, "sheets": sheets})


class AccountingError(AssertionError):
    """Rows of a sheet do not add up. A bug of ours, never of the sender: nothing of the file is kept."""

    def __init__(self, sheet: str, rows: int, parts: int) -> None:
        super().__init__(f"sheet {sheet!r}: {rows} data rows, but {parts} accounted for")


class DamagedStore(ValueError):
    """Something in a store is not what intake left there."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"{path}: {zh} {en}")
        self.path, self.zh, self.en = path, zh, en


def read_receipts(store: Path) -> list[FileReceipt]:
    """All receipts of a store in the order of delivery. Raises ``DamagedStore`` for one that cannot be read."""
    receipts = [_read(path) for path in (store / "receipts").glob("*.json")]
    return sorted(receipts, key=lambda receipt: receipt.delivery)


def _read(path: Path) -> FileReceipt:
    try:
        return FileReceipt.from_json(json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, RecursionError) as error:
        raise DamagedStore(
            path,
            "回执无法读取，被改动过或已损坏。删除这个回执，再把原文件报送一次，就会重新接收。",
            "the receipt cannot be read: it was changed or is damaged. Delete it and deliver its file once more.",
        ) from error
