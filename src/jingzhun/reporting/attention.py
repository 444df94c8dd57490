"""What a person has to look at before the sheet is signed: nothing that failed, differs or is missing goes unsaid."""

from __future__ import annotations

from collections.abc import Iterator

from jingzhun.model.answers import AnswerSheet
from jingzhun.model.message import Language
from jingzhun.reporting.figures import agrees, figure_row
from jingzhun.reporting.tables import CountyTable, ExitRow, FlowTable
from jingzhun.reporting.wording import joined, outcome_word, undelivered_text, word

Item = tuple[str, str, str]
"""Anchor on the page, heading, sentence."""
_LISTED = 12
RETURNED = "_退回"
"""In the name of a workbook that went back and came in again: its rows were counted with the file they are from."""


def attention(
    sheet: AnswerSheet,
    flows: FlowTable | None,
    counties: CountyTable | None,
    exits: tuple[ExitRow, ...],
    language: Language,
) -> Iterator[Item]:
    """Everything on the sheet that needs a person, in the order in which the sheet shows it."""
    yield from _differing(sheet, language)
    yield from _without_value(sheet, language)
    if undelivered := sheet.undelivered:
        yield "s1", word("undelivered", language), undelivered_text(undelivered, language)
    for verdict in sheet.verdicts:
        if verdict.outcome in ("failed", "flagged"):
            label = outcome_word(verdict.outcome, language)
            yield verdict.check, f"{verdict.check} {label}", verdict.message.say(language)
    if flows and not flows.closed:
        yield "flows", word("flows", language), _said("difference", joined(flows.difference, language), language)
    yield from _exits(counties, exits, language)
    yield from _files_without_a_row(sheet, language)
    yield from _refused_rows(sheet, language)


def _differing(sheet: AnswerSheet, language: Language) -> Iterator[Item]:
    for answer in sheet.answers:
        if answer.value is not None and agrees(answer) is False:
            row = figure_row(answer, language, sheet.region)
            printed = f"{word('printed', language)} {row.qualifier}{row.printed}"
            seen = f"{row.value} {row.unit}".strip()
            said = f"{seen}（{printed}）" if language == "zh" else f"{seen} ({printed})"
            yield row.anchor, f"{row.id} {row.name}", _said("differ", said, language)


def _without_value(sheet: AnswerSheet, language: Language) -> Iterator[Item]:
    rows = [figure_row(answer, language) for answer in sheet.answers if answer.value is None and answer.figure]
    if rows:
        names = [f"{row.id} {row.name}" for row in rows]
        yield "s1", word("without_value", language), _listed(names, language)
    unsure = [answer for answer in sheet.answers if answer.unknown or answer.denominator_unknown]
    if unsure:
        names = [figure_row(answer, language).name for answer in unsure]
        yield "s1", word("rows_lack_data", language), _listed(names, language)


def _exits(counties: CountyTable | None, exits: tuple[ExitRow, ...], language: Language) -> Iterator[Item]:
    for row in counties.rows if counties else ():
        if row.passed is True:
            continue
        stopped = [f"{cell.criterion} {cell.seen}".strip() for cell in row.cells if cell.passed is not True]
        yield "exits", f"{word('exits', language)} {row.place}", _said("not_met", joined(stopped, language), language)
    for line in exits:
        if not line.passed:
            comma = "，" if language == "zh" else ", "
            parts = {"vetoed": line.vetoes, "lacking_facts": line.lacking}
            why = [f"{word(name, language)} {count}" for name, count in parts.items() if count and count != "0"]
            said = comma.join([line.seen, *why])
            yield "exits", f"{word('exits', language)} {line.subject} {line.criterion}", said


def _files_without_a_row(sheet: AnswerSheet, language: Language) -> Iterator[Item]:
    """A file that could not be used leaves no row to count, so that no other count would speak of it."""
    names = [source.file for source in sheet.sources if source.rows == 0]
    if names:
        yield "sources", word("sources", language), f"{word('files_without_a_row', language)}{_listed(names, language)}"


def _refused_rows(sheet: AnswerSheet, language: Language) -> Iterator[Item]:
    first = [source for source in sheet.sources if RETURNED not in source.file]
    refused = sum(source.quarantined + source.rejected for source in first)
    if refused:
        yield "sources", word("sources", language), f"{refused:,} {word('rows_refused', language)}"


def _said(key: str, what: str, language: Language) -> str:
    return f"{word(key, language)}{'：' if language == 'zh' else ': '}{what}"


def _listed(names: list[str], language: Language) -> str:
    more = f" … ({len(names)})" if len(names) > _LISTED else ""
    return joined(names[:_LISTED], language) + more
