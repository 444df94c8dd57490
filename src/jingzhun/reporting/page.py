"""What a reader sees of an answer sheet, as plain text in one language: shared by the web page and the printed page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from jingzhun.model.answers import Answer, AnswerSheet, Verdict
from jingzhun.model.message import Language
from jingzhun.reporting.attention import attention
from jingzhun.reporting.figures import FigureRow, agrees, figure_row
from jingzhun.reporting.tables import CountyTable, ExitRow, FlowTable, SourceTable
from jingzhun.reporting.tables import county_table as _county_table
from jingzhun.reporting.tables import exit_rows as _exit_rows
from jingzhun.reporting.tables import flow_table as _flow_table
from jingzhun.reporting.tables import source_table as _source_table
from jingzhun.reporting.wording import (
    WORDS,
    date_text,
    outcome_word,
    section_text,
    word,
)

KEY_FIGURES = 8


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    anchor: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    check: str
    outcome: str
    label: str
    what: str
    message: str
    figures: tuple[tuple[str, bool], ...]
    """Figure id, and whether this sheet has it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the headline block. ``good`` is false where a person should look."""

    title: str
    number: str
    of: str
    note: str
    good: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole answer sheet in one language."""

    language: Language
    title: str
    place: str
    as_of: str
    banner: str
    meta: tuple[tuple[str, str], ...]
    tiles: tuple[Tile, ...]
    key_figures: tuple[FigureRow, ...]
    attention: tuple[tuple[str, str, str], ...]
    """Anchor, heading and sentence of everything that needs a person."""
    sections: tuple[Section, ...]
    checks: tuple[CheckRow, ...]
    flows: FlowTable | None
    counties: CountyTable | None
    exits: tuple[ExitRow, ...]
    sources: SourceTable | None
    words: dict[str, str]


def build_page(sheet: AnswerSheet, language: Language) -> Page:
    """Turn a sheet into the texts of its page; nothing is computed here but sums and comparisons for display."""
    sections = tuple(_sections(sheet, language))
    checks = tuple(_check(sheet, verdict, language) for verdict in sheet.verdicts)
    flows = _flow_table(sheet.flows, language)
    counties = _county_table(sheet.exits, language)
    sources = _source_table(sheet.sources)
    exits = _exit_rows(sheet.exits, language)
    return Page(
        language=language,
        title=word("title", language),
        place=sheet.region_name,
        as_of=date_text(sheet.as_of, language),
        banner=word("synthetic", language) if sheet.synthetic else "",
        meta=_meta(sheet, language),
        tiles=tuple(_tiles(sheet, checks, flows, counties, sources, language)),
        key_figures=_key_figures(sections),
        attention=tuple(attention(sheet, flows, counties, exits, language)),
        sections=sections,
        checks=checks,
        flows=flows,
        counties=counties,
        exits=exits,
        sources=sources,
        words={key: word(key, language) for key in WORDS},
    )


def _meta(sheet: AnswerSheet, language: Language) -> tuple[tuple[str, str], ...]:
    lines = (
        (word("as_of", language), date_text(sheet.as_of, language)),
        (word("region", language), sheet.region),
        (word("pack", language), f"{sheet.pack_title.say(language)} · {sheet.pack}"),
        (word("snapshot", language), sheet.snapshot[:16]),
        (word("printed", language), sheet.printed_source),
    )
    return tuple(line for line in lines if line[1])


def _sections(sheet: AnswerSheet, language: Language) -> Iterator[Section]:
    by_section: dict[str, list[Answer]] = {}
    for answer in sheet.answers:
        by_section.setdefault(answer.section, []).append(answer)
    for number, (section, answers) in enumerate(by_section.items(), start=1):
        rows = tuple(figure_row(answer, language, sheet.region) for answer in answers)
        yield Section(section_text(section, language), f"s{number}", rows)


def _check(sheet: AnswerSheet, verdict: Verdict, language: Language) -> CheckRow:
    here = {answer.figure for answer in sheet.answers}
    return CheckRow(
        check=verdict.check,
        outcome=verdict.outcome,
        label=outcome_word(verdict.outcome, language),
        what=verdict.what.say(language),
        message=verdict.message.say(language),
        figures=tuple((figure, figure in here) for figure in verdict.figures),
    )


def _key_figures(sections: tuple[Section, ...]) -> tuple[FigureRow, ...]:
    """Rates and means, the first of each section before any second one: what a reader looks for, whatever the pack."""
    rates = [
        (place, row)
        for section in sections
        for place, row in enumerate(row for row in section.rows if row.denominator and row.value)
    ]
    chosen = sorted(rates, key=lambda rate: rate[0])[:KEY_FIGURES]
    return tuple(rate[1] for rate in rates if rate in chosen)


def _tiles(
    sheet: AnswerSheet,
    checks: tuple[CheckRow, ...],
    flows: FlowTable | None,
    counties: CountyTable | None,
    sources: SourceTable | None,
    language: Language,
) -> Iterator[Tile]:
    yield _figures_tile(sheet, language)
    if checks:
        yield _checks_tile(checks, language)
    if flows:
        closed = sum(zero for zero in flows.zero)
        note = word("closed", language)
        yield Tile(word("flows", language), f"{closed}", f"/ {len(flows.zero)}", note, flows.closed, "flows")
    if counties:
        passed = sum(row.passed is True for row in counties.rows)
        note = word("counties_pass", language)
        every = passed == len(counties.rows)
        yield Tile(word("exits", language), f"{passed}", f"/ {len(counties.rows)}", note, every, "exits")
    if sources:
        note = f"{sources.total[0]} {word('rows_accounted', language)}"
        good = sources.accounted and all(source.rows for source in sheet.sources)
        yield Tile(word("sources", language), f"{len(sources.rows):,}", "", note, good, "sources")


def _figures_tile(sheet: AnswerSheet, language: Language) -> Tile:
    judged = [agrees(answer) for answer in sheet.answers if answer.printed is not None]
    title = word("figures", language)
    if not judged:
        answered = sum(answer.value is not None for answer in sheet.answers)
        asked = len(sheet.answers) + len(sheet.absent)
        return Tile(title, f"{answered}", f"/ {asked}", word("answered", language), answered == asked, "s1")
    return Tile(title, f"{sum(map(bool, judged))}", f"/ {len(judged)}", word("agree", language), all(judged), "s1")


def _checks_tile(checks: tuple[CheckRow, ...], language: Language) -> Tile:
    counts = Counter(check.outcome for check in checks)
    labels = {check.outcome: check.label for check in checks}
    rest = [f"{labels[name]} {counts[name]}" for name in ("flagged", "failed", "not_computable") if counts[name]]
    note = " · ".join([word("passed_count", language), *rest])
    good = not (counts["failed"] or counts["flagged"])
    return Tile(word("checks", language), f"{counts['passed']}", f"/ {len(checks)}", note, good, "checks")
