"""How a delivered row is pointed at, everywhere the same: ``file:sheet:row``, or ``file:row`` in a text table."""

from typing import Any

TEXT_SHEET = "csv"
"""The name under which the only sheet of a text table is kept; no reader has ever seen it on a tab."""


def origin_text(file: Any, sheet: Any, row: Any) -> str:
    """Where a row came from, as ``explain`` takes it back. Empty when its file is not known."""
    if not file:
        return ""
    return f"{sheet_text(file, sheet)}:{row}"


def sheet_text(file: Any, sheet: Any) -> str:
    """The file, and its sheet where it has one."""
    return str(file) if sheet == TEXT_SHEET else f"{file}:{sheet}"
