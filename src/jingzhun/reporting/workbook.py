"""The answer sheet as a workbook: numbers that calculate, codes that stay text, nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jingzhun.model.answers import Answer, AnswerSheet, FlowLine, SourceLine, Undelivered
from jingzhun.model.message import Language
from jingzhun.reporting.figures import agrees
from jingzhun.reporting.wording import WORDS, bare_unit, counted, outcome_word, unit_word, word

Cell = str | int | Decimal | None
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_NAMES = ("year", "name")
_HEAD = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#9C1C1C",
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
}


def workbook(sheet: AnswerSheet, languages: Sequence[Language]) -> bytes:
    """Five sheets: 答卷, 互检, 进出平衡, 退出检验, 来源文件; a sixth, 没有报送的表, where a figure waits for one.

    Headers are in the given languages.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _PLAIN) as book:
        stamp = datetime(sheet.as_of.year, sheet.as_of.month, sheet.as_of.day)
        book.set_properties({"title": f"{sheet.region_name} {WORDS['title'][0]}", "created": stamp})
        writer = _Writer(book, sheet, languages)
        writer.figures()
        writer.checks()
        writer.flows()
        writer.exits()
        writer.sources()
        if sheet.undelivered:
            writer.undelivered()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, sheet: AnswerSheet, languages: Sequence[Language]) -> None:
        self.book, self.sheet, self.languages = book, sheet, languages
        wrap = {"text_wrap": True, "valign": "top"}
        self.text: Format = book.add_format(wrap)
        self.head: Format = book.add_format(_HEAD)
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.warning: Format = book.add_format({"bold": True, "font_color": "#8A5300"})
        self._numbers: dict[str, Format] = {}

    def figures(self) -> None:
        names = ["id", "name", "place", "value", "unit", "qualifier", "printed", "agree", "numerator", "numerator_says"]
        names += ["denominator", "denominator_says", "vintage", "period", "row_count", "region", "indicator"]
        names += ["rule_version", "checks"]
        widths = [7, 30, 9, 12, 9, 6, 12, 8, 18, 34, 18, 34, 12, 12, 10, 14, 26, 44, 26]
        self._table("答卷", names, widths, (self._figure(answer) for answer in self.sheet.answers))

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
        self._table("互检", ["check", "verdict", "what", "says", "about"], [7, 14, 44, 90, 22], rows)

    def flows(self) -> None:
        lines = self.sheet.flows
        flow_names = [self._both(zh, en) for zh, en, _ in lines[0].flows] if lines else []
        heads = [*map(self._words, ("stock", "counted", "opening"))]
        heads += [*flow_names, *map(self._words, ("closing", "difference"))]
        widths = [14, 14, *[13] * (len(heads) - 2)]
        self._table("进出平衡", heads, widths, map(self._flow, lines), worded=True)

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
        self._table("退出检验", names, [10, 15, 12, 18, 40, 14, 26, 16], rows)

    def sources(self) -> None:
        names = ["file", "sha256", "data_rows", "accepted", "warned", "quarantined", "rejected", "ignored"]
        self._table("来源文件", names, [48, 68, 10, 10, 10, 12, 10, 10], map(_source, self.sheet.sources))

    def undelivered(self) -> None:
        names = ["table", "figure_count", "waiting"]
        self._table(WORDS["undelivered"][0], names, [36, 12, 90], map(self._gap, self.sheet.undelivered))

    def _gap(self, gap: Undelivered) -> list[Cell]:
        figures = "\n".join(map(self._waiting, gap.answers))
        return [self._both(gap.table.zh, gap.table.en), len(gap.answers), figures]

    def _waiting(self, answer: Answer) -> str:
        names = " / ".join(answer.name if language == "zh" else answer.name_en for language in self.languages)
        return f"{answer.figure or ''} {names}".strip()

    def _table(
        self, name: str, heads: list[str], widths: list[int], rows: Iterable[Sequence[Cell]], *, worded: bool = False
    ) -> None:
        page = self.book.add_worksheet(name)
        place = f"{self.sheet.region_name} {self._words('title', ' ')} {self.sheet.as_of.isoformat()} · {name}"
        page.write_string(0, 0, place, self.title)
        page.write_string(
            1, 0, self._words("synthetic", " ") if self.sheet.synthetic else self.sheet.pack, self.warning
        )
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            page.write_string(2, column, head if worded else self._words(head), self.head)
            page.set_column(column, column, width, self.text)
        last = 2
        for last, row in enumerate(rows, start=3):
            for column, cell in enumerate(row):
                self._cell(page, last, column, cell)
        self._printing(page, last, len(heads))

    def _cell(self, page: Worksheet, row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            page.write_string(row, column, cell, self.text)
            return
        page.write_number(row, column, cell, self._number(cell))

    def _number(self, value: int | Decimal) -> Format:
        exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 and value != int(value) else 0
        picture = "#,##0" + ("." + "0" * decimals if decimals else "")
        if picture not in self._numbers:
            self._numbers[picture] = self.book.add_format({"num_format": picture, "valign": "top"})
        return self._numbers[picture]

    def _printing(self, page: Worksheet, last: int, columns: int) -> None:
        page.freeze_panes(3, 2)
        page.autofilter(2, 0, max(last, 3), columns - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&L&A&C&P / &N" + (f"&R{WORDS['synthetic_short'][0]}" if self.sheet.synthetic else ""))

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
