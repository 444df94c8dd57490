"""The account of one sheet while it is read: counts, the problems to list, the rows to send back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jingzhun.intake.block import Rows, Said
from jingzhun.intake.facts import column_letters
from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import RANK, Note, Remark
from jingzhun.intake.returned import Returned
from jingzhun.intake.sources import Aside, RawBlock
from jingzhun.model.receipt import Problem, SheetReceipt, Staged
from jingzhun.model.shown import masked

OUTCOMES = ("accepted", "warned", "quarantined", "rejected", "ignored")


@dataclass(slots=True)
class Account:
    """Every row is counted exactly once, under the worst thing that was said about it."""

    sheet: str
    layout: str
    limits: Limits
    returned: Returned
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    rows: int = 0
    problems_total: int = 0
    _refused: list[Problem] = field(default_factory=list)
    _others: list[Problem] = field(default_factory=list)

    def count_block(self, raw: RawBlock, rows: Rows) -> None:
        """Count the rows of a block, list what was said, and send the refused ones back."""
        self.rows += len(rows.fate)
        for name in OUTCOMES:
            self.counts[name] += int((rows.fate == RANK[name]).sum())
        faults: dict[int, list[Said]] = {}
        for said in rows.said:
            self._list(self._problem(said, int(raw.lines[said.row])))
            if RANK[said.remark.outcome] > RANK["warned"]:
                faults.setdefault(said.row, []).append(said)
        for row, said_of_row in sorted(faults.items()):
            reasons, wrong = [_reason(said) for said in said_of_row], {said.column for said in said_of_row}
            self.returned.add(int(raw.lines[row]), raw.cells(row), reasons, wrong)

    def count_asides(self, asides: Iterable[Aside]) -> None:
        """Count rows that are no data, or that could not be read as a row."""
        for aside in asides:
            line, remark = aside.line, aside.remark
            self.rows += 1
            self.counts[remark.outcome] += 1
            shown = " ".join(masked(cell) for cell in aside.cells if cell)[:80]
            self._list(Problem(line, f"A{line}", "", shown, remark.zh, remark.en, remark.outcome))
            if remark.outcome in ("quarantined", "rejected"):
                self.returned.add(line, aside.cells, [remark.zh])

    def move(self, line: int, before: str, remark: Remark, shown: str) -> None:
        """A row counted as ``before`` turns out to be something else once the whole sheet is known."""
        self.counts[before] -= 1
        self.counts[remark.outcome] += 1
        self._list(Problem(line, f"A{line}", "", shown, remark.zh, remark.en, remark.outcome))

    def mark(self, line: int, was_accepted: bool, remark: Remark) -> None:
        """A warning about a row that only the whole sheet could show; refused and ignored rows stay what they are."""
        if was_accepted:
            self.counts["accepted"] -= 1
            self.counts["warned"] += 1
        self._list(Problem(line, f"A{line}", "", "", remark.zh, remark.en, remark.outcome))

    def receipt(
        self, staged: list[Staged], routine: list[str], notes: list[Note], columns: tuple[tuple[str, str], ...]
    ) -> SheetReceipt:
        """The finished account; raises ``AccountingError`` when it does not add up."""
        problems = sorted(self._refused + self._others, key=lambda problem: problem.row)
        return SheetReceipt(
            sheet=self.sheet,
            layout=self.layout,
            rows=self.rows,
            **self.counts,
            problems=tuple(problems),
            problems_total=self.problems_total,
            staged=tuple(staged),
            note="；".join([*routine, *(note.zh for note in notes)]),
            attention="；".join(note.zh for note in notes),
            attention_en="; ".join(note.en for note in notes),
            columns=columns,
        )

    def _problem(self, said: Said, line: int) -> Problem:
        cell = f"{column_letters(said.column)}{line}" if said.column >= 0 else f"A{line}"
        return Problem(line, cell, said.field, said.value[:200], said.remark.zh, said.remark.en, said.remark.outcome)

    def _list(self, problem: Problem) -> None:
        self.problems_total += 1
        kept = self._refused if problem.outcome in ("quarantined", "rejected") else self._others
        if len(kept) < self.limits.listed_problems:
            kept.append(problem)


def _reason(said: Said) -> str:
    return f"{said.field}：{said.remark.zh}" if said.field else said.remark.zh
