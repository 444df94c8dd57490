"""The evaluation report as a workbook: numbers that calculate, nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jingzhun.model.evaluation_report import Area, EvaluationReport, RateResult
from jingzhun.model.message import Language, Message
from jingzhun.reporting.evaluation_words import joined, label, word
from jingzhun.reporting.sheets import Cell, Share, SheetWriter, book_of


def evaluation_workbook(report: EvaluationReport, languages: Sequence[Language]) -> bytes:
    """Seven sheets: 判定, 抽样与应答, 疑点, 按村, 无应答调整, 校准, 权重. Headers are in the given languages."""
    title = f"{report.region_name} {word('title', 'zh')}"
    return book_of(title, report.as_of, lambda book: _Tables(book, report, languages).write())


class _Tables:
    def __init__(self, book: Any, report: EvaluationReport, languages: Sequence[Language]) -> None:
        self.report, self.languages = report, languages
        named, invented = (" ".join(word(key, language) for language in languages) for key in ("title", "synthetic"))
        title = f"{report.region_name} {named} {report.as_of.isoformat()}"
        remark = invented if report.synthetic else report.pack
        self.writer = SheetWriter(book, title, remark, word("synthetic_short", "zh") if report.synthetic else "")

    def write(self) -> None:
        self.rates()
        self.sampled()
        self.cases()
        self.villages()
        self.responses()
        self.margins()
        self.weights()

    def rates(self) -> None:
        names = ["county", "rate", "reading", "numerator", "denominator", "value"]
        names += ["numerator_says", "denominator_says", "source"]
        names += ["limit", "by_point", "se", "low", "high", "bound", "by_bound", "df", "deff", "households"]
        names += ["persons", "left_out", "pending", "if_upheld"]
        widths = [14, 22, 20, 14, 16, 11, 36, 36, 14, 11, 14, 10, 10, 10, 10, 18, 9, 9, 10, 10, 10, 9, 14]
        rows = (row for area in self.report.areas for one in area.results for row in self._rate(area, one))
        self._table("判定", names, widths, rows)

    def _rate(self, area: Area, result: RateResult) -> Iterator[list[Cell]]:
        verdict = result.verdict
        for at, one in enumerate(result.official):
            judged = verdict if at == 0 else None
            row: list[Cell] = [area.name, self._say(result.name)]
            row += [self._word("official_other" if at else "official_n"), one.above, one.below, _share(one.rate)]
            row += [self._say(one.above_says), self._say(one.below_says), one.source]
            row += [f"{judged.limit.sign} {judged.limit.percent}%" if judged else None]
            row += [self._passed(judged.by_point, "not_kept") if judged else None, *([None] * 10)]
            yield [*row, result.pending if at == 0 else None, _share(result.official_if_upheld) if at == 0 else None]
        yield self._ours(area, result)

    def _ours(self, area: Area, result: RateResult) -> list[Cell]:
        verdict, design = result.verdict, result.design
        row: list[Cell] = [area.name, self._say(result.name), self._word("design"), None, None]
        row += [_share(design.rate) if design else None, self._say(result.above_says), self._say(result.below_says)]
        row += [result.source, f"{verdict.limit.sign} {verdict.limit.percent}%" if verdict else None, None]
        if design is None:
            return [*row, *([None] * 12)]
        row += map(_share, (design.se, design.low, design.high, result.bound))
        row += [self._passed(verdict.by_bound, "not_excluded") if verdict else None]
        upheld = result.design_if_upheld
        row += [design.df, design.deff, design.households, design.persons, design.missing]
        return [*row, result.pending, _share(upheld.rate) if upheld else None]

    def _passed(self, passed: bool | None, otherwise: str) -> str:
        return self._word({True: "kept", False: otherwise, None: "unknown"}[passed])

    def sampled(self) -> None:
        names = ["stratum", "subject", "villages", "drawn", "answered", "replaced", "gone", "lacking", "persons"]
        rows: Iterable[list[Cell]] = (
            [one.stratum, self._label(one.subject), one.villages, one.drawn, one.answered, one.replaced, one.gone,
             one.lacking, one.persons]
            for one in self.report.strata
        )  # fmt: skip
        self._table("抽样与应答", names, [22, 20, *[11] * 7], rows)

    def cases(self) -> None:
        names = ["case_no", "place", "head", "doubt", "persons", "raised", "appealed", "verdict", "decided"]
        names += ["grounds", "appeal", "why"]
        rows: Iterable[list[Cell]] = (
            [one.case_no, one.place, one.head, self._label(one.doubt), one.persons, one.raised_on, one.appealed_on,
             self._label(one.verdict) if one.verdict else self._word("no_verdict"), one.decided_on,
             one.grounds, one.appeal, one.reason]
            for one in self.report.cases
        )  # fmt: skip
        self._table("疑点", names, [16, 26, 9, 20, 8, 12, 12, 14, 12, 36, 36, 36], rows)

    def villages(self) -> None:
        names = ["county", "township", "place", "households", "wrong", "omitted", "pending"]
        rows: Iterable[list[Cell]] = (
            [one.county, one.township, one.name, one.households, one.wrong, one.omitted, one.pending]
            for one in self.report.villages
        )
        self._table("按村", names, [14, 16, 20, 10, 10, 10, 10], rows)

    def responses(self) -> None:
        names = ["stratum", "subject", "asked", "answered", "response_rate", "factor"]
        rows: Iterable[list[Cell]] = (
            ["、".join(one.strata), self._label(one.subject), one.asked, one.answered, _share(one.rate), one.factor]
            for one in self.report.responses
        )
        self._table("无应答调整", names, [44, 20, 11, 11, 11, 11], rows)

    def margins(self) -> None:
        rows: Iterable[list[Cell]] = (
            ["\n".join(joined(one.names, language) for language in self.languages), one.known, one.before, one.after]
            for one in self.report.margins
        )
        self._table("校准", ["margin", "value", "before", "after"], [60, 14, 14, 14], rows)

    def weights(self) -> None:
        names = ["subject", "households", "smallest", "median", "largest", "kish", "moved_least", "moved_most"]
        rows: Iterable[list[Cell]] = (
            [self._label(one.subject), one.households, one.smallest, one.median, one.largest, one.kish, one.ratio_low,
             one.ratio_high]
            for one in self.report.weights
        )  # fmt: skip
        self._table("权重", names, [24, *[12] * 7], rows)

    def _table(self, name: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[list[Cell]]) -> None:
        self.writer.table(name, [self._word(head) for head in heads], widths, rows)

    def _word(self, key: str) -> str:
        return "\n".join(dict.fromkeys(word(key, language) for language in self.languages))

    def _label(self, text: str) -> str:
        return "\n".join(dict.fromkeys(label(text, language) for language in self.languages))

    def _say(self, message: Message) -> str:
        return "\n".join(dict.fromkeys(message.say(language) for language in self.languages))


def _share(value: float | None) -> Cell:
    return None if value is None else Share(value)
