"""The answer sheet (脱贫答卷) as data: what indicators hand to reporting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from jingzhun.model.message import Message

Outcome = Literal["passed", "flagged", "failed", "not_computable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One mutual check of the pack, judged on the computed figures."""

    check: str
    outcome: Outcome
    figures: tuple[str, ...]
    what: Message
    message: Message

    def to_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "verdict": self.outcome,
            "figures": list(self.figures),
            "what": self.what.zh,
            "what_en": self.what.en,
            "message": self.message.zh,
            "message_en": self.message.en,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure for one division. ``value`` is rounded to ``decimals``; numerator and denominator are exact."""

    figure: str | None
    indicator: str
    name: str
    name_en: str
    value: Decimal | str | None
    unit: str
    qualifier: str
    decimals: int
    numerator: Decimal | None
    denominator: Decimal | None
    region: str
    region_name: str
    as_of: date
    period_from: date
    rule_version: str
    row_count: int
    printed: Decimal | str | None
    section: str
    vintage: str
    """Date of the rows that the denominator (or the numerator where there is none) counts."""
    numerator_says: str
    numerator_says_en: str
    denominator_says: str
    denominator_says_en: str
    numerator_unit: str = ""
    """Unit of the exact numerator as stored: ``fen`` for money; empty where rows are counted."""
    denominator_unit: str = ""
    unknown: int = 0
    """Rows that lack what decides whether they count in the numerator, or how much. They are not counted."""
    denominator_unknown: int = 0
    check: tuple[Verdict, ...] = ()
    lacking: tuple[Message, ...] = ()
    """The tables of which the division has no row in the year: as long as they are missing the figure stays empty."""

    def to_json(self) -> dict[str, Any]:
        def number(value: Decimal | str | None) -> int | float | str | None:
            if value is None or isinstance(value, str):
                return value
            return int(value) if value == value.to_integral_value() else float(value)

        return {
            "figure": self.figure,
            "indicator": self.indicator,
            "name": self.name,
            "name_en": self.name_en,
            "value": number(self.value),
            "unit": self.unit,
            "qualifier": self.qualifier,
            "numerator": number(self.numerator),
            "numerator_unit": self.numerator_unit,
            "numerator_says": self.numerator_says,
            "numerator_says_en": self.numerator_says_en,
            "denominator": number(self.denominator),
            "denominator_unit": self.denominator_unit,
            "denominator_says": self.denominator_says,
            "denominator_says_en": self.denominator_says_en,
            "region": self.region,
            "region_name": self.region_name,
            "as_of": self.as_of.isoformat(),
            "period_from": None if self.period_from == date.min else self.period_from.isoformat(),
            "vintage": self.vintage,
            "rule_version": self.rule_version,
            "row_count": self.row_count,
            "unknown": self.unknown,
            "denominator_unknown": self.denominator_unknown,
            "lacking": [table.id for table in self.lacking],
            "printed": number(self.printed),
            "section": self.section,
            "check": [verdict.to_json() for verdict in self.check],
        }


@dataclass(frozen=True, slots=True)
class FlowLine:
    """Stocks and flows of one division, stock and unit, as shown in the answer sheet."""

    region: str
    region_name: str
    stock: str
    counted: str
    opening: int
    flows: tuple[tuple[str, str, int], ...]
    """Chinese name, English name, signed amount."""
    closing: int
    difference: int


@dataclass(frozen=True, slots=True)
class ExitLine:
    """One criterion of one division's exit test."""

    subject_kind: str
    region: str
    region_name: str
    criterion: str
    zh: str
    en: str
    passed: bool | None
    seen: str
    wanted: str
    lacking: int = 0
    """Of villages or households judged together: those of which the facts are missing. They do not pass."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One delivered file and the account of its rows."""

    file: str
    sha256: str
    rows: int
    accepted: int
    warned: int
    quarantined: int
    rejected: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A table that nobody delivered, and the figures that stay empty for want of it."""

    table: Message
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """Everything the printed answer sheet shows."""

    region: str
    region_name: str
    as_of: date
    pack: str
    pack_title: Message
    snapshot: str
    """Fingerprint of the snapshot that the figures were computed from."""
    answers: tuple[Answer, ...]
    verdicts: tuple[Verdict, ...]
    flows: tuple[FlowLine, ...]
    exits: tuple[ExitLine, ...]
    sources: tuple[SourceLine, ...]
    synthetic: bool
    """The data are invented; every page must say so."""
    printed_source: str = ""
    """What the printed figures on this sheet were taken from."""

    absent: tuple[Answer, ...] = ()
    """Figures of the pack of which nothing is known here, because a table they count was not delivered."""

    @property
    def undelivered(self) -> tuple[Undelivered, ...]:
        """Every table that was not delivered with the figures that wait for it, in the order of the sheet."""
        waiting: dict[Message, list[Answer]] = {}
        for answer in (*self.answers, *self.absent):
            for table in answer.lacking:
                waiting.setdefault(table, []).append(answer)
        return tuple(Undelivered(table, tuple(answers)) for table, answers in waiting.items())

    def entries(self) -> list[dict[str, Any]]:
        """The figures for machines, each with the snapshot it came from and whether its people are invented.

        Those that cannot be computed for want of a table stand last, without a value and with that table's name.
        """
        about = {"snapshot": self.snapshot, "synthetic": self.synthetic}
        return [answer.to_json() | about for answer in (*self.answers, *self.absent)]
