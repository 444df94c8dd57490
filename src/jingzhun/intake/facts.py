"""What the inside of a workbook says beyond the values of its cells, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field

from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Refused

NOT_CALCULATED = "公式未计算"
WIDEST = 16_384
SLACK = 26
"""Columns beyond the limit that are still opened: the reader then says exactly how many there are."""


@dataclass(slots=True)
class SheetFacts:
    """What a sheet says beyond its values. Rows are counted from 1, columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose number format shows leading zeros: the text a person sees there."""
    last_row: int = 0
    columns: int = 0
    """At least the number of columns that hold a cell."""

    def reach(self, row: int, column: int, limits: Limits) -> None:
        """A cell stands there. One stray cell in the far corner would make a reader fill in billions of empty ones."""
        if row <= self.last_row and column < self.columns:
            return
        self.last_row, self.columns = max(self.last_row, row), max(self.columns, column + 1)
        self.check(limits)

    def check(self, limits: Limits) -> None:
        """Raises ``Refused`` when the rectangle of all cells is more than a table can be."""
        if (
            self.columns > limits.columns + SLACK
            or self.last_row > limits.rows
            or self.last_row * self.columns > limits.cells
        ):
            raise Refused(
                f"工作表的使用区域异常（到第 {self.last_row:,} 行、约 {self.columns:,} 列），右下角可能误填了一格，"
                f"或超过 {limits.columns} 列；请删除多余的行列后另存再报。",
                f"the used area of a sheet is abnormal (row {self.last_row:,}, about {self.columns:,} columns): a "
                f"stray cell in the far corner, or more than {limits.columns} columns; delete the surplus and save "
                "again.",
            )


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
