"""The totals that a sheet states (合计, 小计) held against the sums of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow.compute as pc

from jingzhun.intake.block import Amount, Rows
from jingzhun.intake.characters import folded
from jingzhun.intake.reading import Note, Remark, ignored
from jingzhun.intake.sources import Aside, RawBlock, total_label

Sums = dict[int, Decimal]


@dataclass(slots=True)
class Totals:
    """Runs along with the rows. A total may stand below its rows, above all rows, or below each group of them.

    A stated total agrees when it is the sum of all rows so far, of those since the last line of totals, or of those
    since the last line with the same words. Rows that are refused count too: the sender summed them.
    """

    amounts: tuple[Amount, ...]
    differing: int = 0
    _sums: Sums = field(default_factory=dict)
    _rows: int = 0
    _last: dict[str, Sums] = field(default_factory=dict)
    """Where the sums stood at the last line of totals with these words, and (under no words) at the last of any."""
    _above: list[Aside] = field(default_factory=list)

    def judged(self, raw: RawBlock, rows: Rows | None) -> Iterator[Aside]:
        """The rows set aside of a block, totals with what became of the comparison. Totals above all rows wait."""
        at = 0
        for aside in sorted(raw.asides, key=lambda one: one.line):
            label = total_label(aside)
            if not label or not self.amounts:
                yield aside
                continue
            to = int(raw.lines.searchsorted(aside.line))
            self._add(rows, at, to)
            at = to
            if self._rows:
                yield self._judged(aside, label)
            else:
                self._above.append(aside)
        self._add(rows, at, len(raw.lines))

    def at_the_end(self) -> Iterator[Aside]:
        """The totals that stood above all rows."""
        for aside in self._above:
            yield self._judged(aside, "")

    @property
    def notes(self) -> list[Note]:
        if not self.differing:
            return []
        return [
            Note(
                f"有 {self.differing} 行合计与各行之和不一致，请核对",
                f"{self.differing} stated totals differ from the sums of their rows, please check",
            )
        ]

    def _add(self, rows: Rows | None, start: int, end: int) -> None:
        if rows is None or end <= start:
            return
        self._rows += end - start
        for amount in self.amounts:
            found = pc.sum(rows.wide[amount.wide].slice(start, end - start)).as_py()
            self._sums[amount.index] = self._sums.get(amount.index, Decimal(0)) + Decimal(found or 0)

    def _judged(self, aside: Aside, label: str) -> Aside:
        starts = [self._last[words] for words in ("", label) if words in self._last]
        differences, compared = [], 0
        for amount in self.amounts:
            stated = amount.reader.read(aside.cells[amount.index]).value if amount.index < len(aside.cells) else None
            if stated is None:
                continue
            compared += 1
            now = self._sums.get(amount.index, Decimal(0))
            sums = [now, *(now - start.get(amount.index, Decimal(0)) for start in starts)]
            if Decimal(stated) not in sums:
                nearest = min(sums, key=lambda one: abs(one - Decimal(stated)))
                differences.append((amount, Decimal(stated), nearest))
        if label:
            self._last[""] = self._last[label] = dict(self._sums)
        self.differing += bool(differences)
        return Aside(aside.line, aside.cells, _said(aside, differences) if compared else aside.remark)


def _said(aside: Aside, differences: list[tuple[Amount, Decimal, Decimal]]) -> Remark:
    name = folded(next(cell for cell in aside.cells if cell.strip()))
    if not differences:
        return ignored(
            f"“{name}”行，不是一条记录；与各行之和一致。",
            f"a line of totals ({name}), not a record; it is the sum of the rows.",
        )
    zh = "；".join(
        f"{amount.header} 写 {amount.shown(stated)}，各行之和 {amount.shown(summed)}，"
        f"相差 {amount.shown(stated - summed)}"
        for amount, stated, summed in differences
    )
    en = "; ".join(
        f"{amount.header} says {amount.shown(stated)}, the rows add up to {amount.shown(summed)}"
        for amount, stated, summed in differences
    )
    return ignored(
        f"“{name}”行，不是一条记录，但{zh}；请核对是否漏报、重报或填错。",
        f"a line of totals ({name}), not a record, but {en}; check for rows left out, doubled or mistyped.",
    )
