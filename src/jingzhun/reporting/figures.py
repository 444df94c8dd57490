"""A figure in the words of one language, as every form of the answer sheet shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jingzhun.model.answers import Answer
from jingzhun.model.message import Language
from jingzhun.reporting.wording import (
    counted,
    counted_unit,
    exact_text,
    figure_text,
    outcome_word,
    readable,
    vintage_text,
)


@dataclass(frozen=True, slots=True)
class Badge:
    """A check's verdict beside a figure."""

    check: str
    outcome: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure with everything that stands behind it, as text. ``agrees`` compares with the source's print."""

    anchor: str
    id: str
    name: str
    place: str
    value: str
    qualifier: str
    unit: str
    printed: str
    agrees: bool | None
    numerator: str
    numerator_says: str
    denominator: str
    denominator_says: str
    vintage: str
    rows: str
    rule: str
    badges: tuple[Badge, ...]


def figure_row(answer: Answer, language: Language, region: str = "") -> FigureRow:
    """A figure in the words of one language. Its place is named where it is not ``region``."""
    zh = language == "zh"
    value, unit, decimals = readable(answer)
    numerator, says, says_en = counted(answer, "numerator")
    denominator, of, of_en = counted(answer, "denominator")
    return FigureRow(
        anchor=answer.figure or f"i-{answer.indicator}",
        id=answer.figure or "",
        name=answer.name if zh else answer.name_en,
        place="" if answer.region == region else answer.region_name,
        value=figure_text(value, unit, decimals),
        qualifier="" if answer.qualifier == "=" else answer.qualifier,
        unit=counted_unit(unit, value, language),
        printed=printed_text(answer),
        agrees=agrees(answer),
        numerator=exact_text(numerator),
        numerator_says=says if zh else says_en,
        denominator=exact_text(denominator),
        denominator_says=of if zh else of_en,
        vintage=vintage_text(vintage_of(answer), language),
        rows=f"{answer.row_count:,}",
        rule=answer.rule_version.rpartition(" ")[2],
        badges=tuple(
            Badge(
                verdict.check, verdict.outcome, outcome_word(verdict.outcome, language), verdict.message.say(language)
            )
            for verdict in answer.check
        ),
    )


def vintage_of(answer: Answer) -> str:
    """The day or year of what was counted; for events and flows the whole period, so that two years read as two."""
    if answer.period_from in (date.min, date(answer.as_of.year, 1, 1)) or "年度" in answer.vintage:
        return answer.vintage
    return f"{answer.period_from} — {answer.as_of}"


def printed_text(answer: Answer) -> str:
    """The printed value with the decimals that were printed, which may be fewer than are computed."""
    exponent = answer.printed.as_tuple().exponent if isinstance(answer.printed, Decimal) else 0
    return figure_text(answer.printed, answer.unit, max(0, -exponent) if isinstance(exponent, int) else 0)


def agrees(answer: Answer) -> bool | None:
    """Whether the computed value is what the source printed, by its qualifier. None where there is no such pair."""
    if answer.printed is None or answer.value is None:
        return None
    if not isinstance(answer.value, Decimal) or not isinstance(answer.printed, Decimal):
        return str(answer.value) == str(answer.printed)
    match answer.qualifier:
        case "≥":
            return answer.value >= answer.printed
        case "≤":
            return answer.value <= answer.printed
        case _:
            return answer.value == answer.printed
