"""The answer sheet as a workbook: numbers that calculate, codes that stay text, nothing that runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from jingzhun.model.answers import Answer, AnswerSheet, FlowLine, SourceLine, Undelivered
from jingzhun.model.message import Language
from jingzhun.reporting.figures import agrees
from jingzhun.reporting.sheets import Cell, SheetWriter, book_of
from jingzhun.reporting.wording import WORDS, bare_unit, counted, outcome_word, unit_word, word

_NAMES = ("year", "name")


def workbook(sheet: AnswerSheet, languages: Sequence[Language]) -> bytes:
    """Five sheets: 答卷, 互检, 进出平衡, 退出检验, 来源文件; a sixth, 没有报送的表, where a figure waits for one.

    Headers are in the given languages.
    """
    title = f"{sheet.region_name} {WORDS['title'][0]}"
    return book_of(title, sheet.as_of, lambda book: _Tables(book, sheet, languages).write())


class _Tables:
    def __init__(self, book: Any, sheet: AnswerSheet, languages: Sequence[Language]) -> None:
        self.sheet, self.languages = sheet, languages
        title = f"{sheet.region_name} {self._words('title', ' ')} {sheet.as_of.isoformat()}"
        remark = self._words("synthetic", " ") if sheet.synthetic else sheet.pack
        self.writer = SheetWriter(book, title, remark, WORDS["synthetic_short"][0] if sheet.synthetic else "")

    def write(self) -> None:
        self.figures()
        self.checks()
        self.flows()
        self.exits()
        self.sources()
        if self.sheet.undelivered:
            self.undelivered()

    def figures(self) -> None:
        names = ["id", "name", "place", "value", "unit", "qualifier", "printed", "agree", "numerator", "numerator_says"]
        names += ["denominator", "denominator_says", "vintage", "period", "row_count", "region", "indicator"]
        names += ["rule_version", "checks"]
        widths = [7, 30, 9, 12, 9, 6, 12, 8, 18, 34, 18, 34, 12, 12, 10, 14, 26, 44, 26]
        self.writer.table("答卷", self._heads(names), widths, (self._figure(answer) for answer in self.sheet.answers))

    def _figure(self, answer: Answer) -> list[Cell]:
        numerator, says, says_en = counted(answer, "numerator")
        denominator, of, of_en = counted(answer, "denominator")
        agreed = {True: "✓", False: "✗", None: ""}[agrees(answer)]
        return [
            answer.figure,
            self._both(answer.name, answer.name_en),
            answer.region_name,
            _value(answer, answer.value),
            self._both(unit_word(answer.unit, "zh"), unit_word(answer.unit, "en")),
            answer.qualifier,
            _value(answer, answer.printed),
            agreed,
            numerator,
            self._both(says, says_en),
            denominator,
            self._both(of, of_en),
            answer.vintage,
            None if answer.period_from == date.min else answer.period_from.isoformat(),
            answer.row_count,
            answer.region,
            answer.indicator,
            answer.rule_version,
            "\n".join(f"{verdict.check} {self._outcome(verdict.outcome)}" for verdict in answer.check),
        ]

    def checks(self) -> None:
        rows = (
            [
                verdict.check,
                self._outcome(verdict.outcome),
                self._both(verdict.what.zh, verdict.what.en),
                self._both(verdict.message.zh, verdict.message.en),
                ", ".join(verdict.figures),
            ]
            for verdict in self.sheet.verdicts
        )
        self.writer.table("互检", self._heads(["check", "verdict", "what", "says", "about"]), [7, 14, 44, 90, 22], rows)

    def flows(self) -> None:
        lines = self.sheet.flows
        flow_names = [self._both(zh, en) for zh, en, _ in lines[0].flows] if lines else []
        heads = [*map(self._words, ("stock", "counted", "opening"))]
        heads += [*flow_names, *map(self._words, ("closing", "difference"))]
        widths = [14, 14, *[13] * (len(heads) - 2)]
        self.writer.table("进出平衡", heads, widths, map(self._flow, lines))

    def _flow(self, line: FlowLine) -> list[Cell]:
        amounts = [amount for _, _, amount in line.flows]
        words: list[Cell] = [self._words(line.stock), self._words(line.counted)]
        return [*words, line.opening, *amounts, line.closing, line.difference]

    def exits(self) -> None:
        rows = (
            [
                self._words(line.subject_kind),
                line.region,
                line.region_name,
                line.criterion,
                self._both(line.zh, line.en),
                self._words({True: "yes", False: "no", None: "unknown"}[line.passed]),
                line.seen,
                line.wanted,
            ]
            for line in self.sheet.exits
        )
        names = ["subject", "region", "place", "indicator", "criterion", "verdict", "seen", "wanted"]
        self.writer.table("退出检验", self._heads(names), [10, 15, 12, 18, 40, 14, 26, 16], rows)

    def sources(self) -> None:
        names = ["file", "sha256", "data_rows", "accepted", "warned", "quarantined", "rejected", "ignored"]
        self.writer.table(
            "来源文件", self._heads(names), [48, 68, 10, 10, 10, 12, 10, 10], map(_source, self.sheet.sources)
        )

    def undelivered(self) -> None:
        names = ["table", "figure_count", "waiting"]
        self.writer.table(
            WORDS["undelivered"][0], self._heads(names), [36, 12, 90], map(self._gap, self.sheet.undelivered)
        )

    def _gap(self, gap: Undelivered) -> list[Cell]:
        figures = "\n".join(map(self._waiting, gap.answers))
        return [self._both(gap.table.zh, gap.table.en), len(gap.answers), figures]

    def _waiting(self, answer: Answer) -> str:
        names = " / ".join(answer.name if language == "zh" else answer.name_en for language in self.languages)
        return f"{answer.figure or ''} {names}".strip()

    def _heads(self, names: Sequence[str]) -> list[str]:
        return [self._words(name) for name in names]

    def _words(self, key: str, between: str = "\n") -> str:
        return between.join(word(key, language) for language in self.languages)

    def _outcome(self, outcome: Any) -> str:
        return " ".join(outcome_word(outcome, language) for language in self.languages)

    def _both(self, zh: str, en: str) -> str:
        chosen = [zh if language == "zh" else en for language in self.languages]
        return "\n".join(dict.fromkeys(text for text in chosen if text))


def _source(line: SourceLine) -> list[Cell]:
    counts = (line.rows, line.accepted, line.warned, line.quarantined, line.rejected, line.ignored)
    return [line.file, line.sha256, *counts]


def _value(answer: Answer, value: Decimal | str | None) -> Cell:
    """Numbers as numbers; numbers that are names (a plan called 3545, a year) as text."""
    if isinstance(value, Decimal) and bare_unit(answer.unit) in _NAMES:
        return f"{value:f}"
    return value
