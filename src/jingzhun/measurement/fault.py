"""What is wrong with a request for a statistic, in words that name the argument, the rows and what to do."""

from __future__ import annotations

import numpy as np

from jingzhun.measurement.measured import Flags

NAMED = 5
"""Rows that a message names; their number is always given."""


class NotMeasurable(ValueError):
    """The data or the arguments do not allow what was asked for."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def refuse(wrong: Flags, argument: str, zh: tuple[str, str], en: tuple[str, str]) -> None:
    """Raise ``NotMeasurable`` where ``wrong`` (one flag a row) holds anywhere: what is wrong there and what to do.

    Rows are counted from 0, as in the arrays.
    """
    if not wrong.any():
        return
    rows = np.flatnonzero(wrong)
    more = len(rows) > NAMED
    listed_zh, listed_en = "、".join(map(str, rows[:NAMED])), ", ".join(map(str, rows[:NAMED]))
    raise NotMeasurable(
        f"{argument}：{len(rows):,} 行{zh[0]}（行 {listed_zh}{'……' if more else ''}，从 0 数起）；{zh[1]}。",
        f"{argument}: {len(rows):,} rows {en[0]} (rows {listed_en}{' …' if more else ''}, from 0); {en[1]}.",
    )
