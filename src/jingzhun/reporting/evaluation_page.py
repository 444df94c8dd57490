"""What a reader sees of an evaluation report, as plain text in one language: shared by the web page and the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jingzhun.model.evaluation_report import (
    Area,
    CaseLine,
    EvaluationReport,
    OfficialRate,
    RateResult,
    VillagePoint,
)
from jingzhun.model.message import Language
from jingzhun.reporting.evaluation_map import Map, village_map
from jingzhun.reporting.evaluation_words import (
    WORDS,
    Mark,
    amount,
    bound_mark,
    bound_text,
    findings,
    joined,
    label,
    limit_text,
    percent,
    point_mark,
    word,
)
from jingzhun.reporting.wording import date_text

JUDGED = 4
"""Rates on the front: the first ones that the pack limits."""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One rate against its limit."""

    name: str
    anchor: str
    official: str
    made_of: str
    limit: str
    by_point: Mark
    design: str
    interval: str
    bound: str
    by_bound: Mark
    if_upheld: str
    says: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One definition of a rate with its figures."""

    whose: str
    above: str
    above_says: str
    below: str
    below_says: str
    value: str
    details: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    anchor: str
    readings: tuple[Reading, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings, rows, and from which column on there are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int


@dataclass(frozen=True, slots=True)
class CountyRow:
    place: str
    cells: tuple[tuple[str, str, Mark, str, Mark], ...]
    """Name of the rate; the official figure and how it is judged; ours with its interval, and how its bound is."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_no: str
    place: str
    head: str
    doubt: str
    persons: str
    days: str
    verdict: Mark
    reason: str


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """The whole report in one language."""

    language: Language
    title: str
    place: str
    as_of: str
    banner: str
    meta: tuple[tuple[str, str], ...]
    verdicts: tuple[VerdictRow, ...]
    attention: tuple[tuple[str, str], ...]
    definitions: tuple[Definition, ...]
    counties: tuple[CountyRow, ...]
    sampled: Grid
    cases: tuple[CaseRow, ...]
    map: Map
    found: Grid
    methods: tuple[str, ...]
    grids: tuple[tuple[str, Grid], ...]
    words: dict[str, str]


def evaluation_page(report: EvaluationReport, language: Language) -> EvaluationPage:
    return EvaluationPage(
        language=language,
        title=word("title", language),
        place=report.region_name,
        as_of=date_text(report.as_of, language),
        banner=word("synthetic", language) if report.synthetic else "",
        meta=tuple(_meta(report, language)),
        verdicts=tuple(_verdict(one, report.level, language) for one in report.whole.results if one.verdict),
        attention=tuple(_attention(report, language)),
        definitions=tuple(_definition(one, report.level, language) for one in report.whole.results),
        counties=tuple(_county(area, language) for area in report.areas[1:]),
        sampled=_sampled(report, language),
        cases=tuple(_case(line, language) for line in report.cases),
        map=village_map(report.villages, language),
        found=_found(report.villages, language),
        methods=tuple(message.say(language) for message in report.methods),
        grids=tuple(_grids(report, language)),
        words={key: word(key, language) for key in WORDS},
    )


def _meta(report: EvaluationReport, language: Language) -> Iterator[tuple[str, str]]:
    yield word("as_of", language), date_text(report.as_of, language)
    yield word("region", language), report.region
    yield word("pack", language), f"{report.pack_title.say(language)} · {report.pack}"
    yield word("snapshot", language), report.snapshot[:16]
    yield word("sample", language), report.sample[:16]
    yield word("survey", language), report.survey[:16]
    yield word("seed", language), report.seed


def _verdict(result: RateResult, level: float, language: Language) -> VerdictRow:
    verdict, official, design = result.verdict, result.official[0], result.design
    assert verdict is not None
    return VerdictRow(
        name=result.name.say(language),
        anchor=result.rate,
        official=percent(official.rate),
        made_of=_made_of(official),
        limit=limit_text(verdict.limit),
        by_point=point_mark(verdict.by_point, language),
        design="" if design is None else percent(design.rate),
        interval=_interval(result),
        bound=bound_text(result),
        by_bound=bound_mark(verdict.by_bound, language),
        if_upheld=_if_upheld(result, language),
        says=verdict.says.say(language),
    )


def _made_of(official: OfficialRate) -> str:
    if official.above is None or official.below is None:
        return ""
    return f"{amount(official.above)} ÷ {amount(official.below)}"


def _interval(result: RateResult) -> str:
    design = result.design
    if design is None or design.low is None or design.high is None:
        return ""
    return f"{percent(design.low)} – {percent(design.high)}"


def _if_upheld(result: RateResult, language: Language) -> str:
    if result.verdict is None or result.official_if_upheld is None:
        return ""
    return f"{percent(result.official_if_upheld)} {point_mark(result.verdict.by_point_if_upheld, language).text}"


def _attention(report: EvaluationReport, language: Language) -> Iterator[tuple[str, str]]:
    """Rates that do not keep their limit, remarks on each, and what could not be used."""
    between = "" if language == "zh" else " "
    for result in report.whole.results:
        said = [_off(result, language), *(remark.say(language) for remark in result.remarks)]
        if text := between.join(part for part in said if part):
            yield result.name.say(language), _sentence(text)
    for remark in report.remarks:
        yield word("survey", language), _sentence(remark.say(language))


def _sentence(text: str) -> str:
    """A remark that follows a name elsewhere, as a sentence of its own."""
    return text[:1].upper() + text[1:]


def _off(result: RateResult, language: Language) -> str:
    """Which of both judgements a rate does not keep, in a few words; the figures stand in the table above."""
    verdict = result.verdict
    if verdict is None or (verdict.by_point and verdict.by_bound):
        return ""
    colon, stop = ("：", "。") if language == "zh" else (": ", ".")
    point, bound = point_mark(verdict.by_point, language), bound_mark(verdict.by_bound, language)
    said = [(word("by_point", language), point), (word("by_bound", language), bound)]
    between = "；" if language == "zh" else "; "
    return between.join(f"{name}{colon}{mark.text}" for name, mark in said if mark.tone != "passed") + stop


def _definition(result: RateResult, level: float, language: Language) -> Definition:
    official = tuple(_official(at, one, language) for at, one in enumerate(result.official))
    return Definition(
        result.name.say(language),
        result.rate,
        (*official, _ours(result, level, language)),
        tuple(remark.say(language) for remark in result.remarks),
    )


def _official(at: int, official: OfficialRate, language: Language) -> Reading:
    return Reading(
        word("official_other" if at else "official_n", language),
        amount(official.above),
        official.above_says.say(language),
        amount(official.below),
        official.below_says.say(language),
        percent(official.rate),
        (),
        official.source,
    )


def _ours(result: RateResult, level: float, language: Language) -> Reading:
    design = result.design
    details: list[tuple[str, str]] = []
    if design is not None:
        details = [
            (f"{level:.0%} {word('interval', language)}", _interval(result)),
            (word("se", language), percent(design.se)),
            (word("df", language), f"{design.df}"),
            (word("deff", language), "" if design.deff is None else f"{design.deff:.2f}"),
            (f"{level:.0%} {word('bound', language)}", bound_text(result)),
            (word("answered_by", language), _answered_by(design.households, design.persons)),
            (word("left_out", language), f"{design.missing:,}"),
        ]
    return Reading(
        word("design", language),
        "",
        result.above_says.say(language),
        "",
        result.below_says.say(language),
        "" if design is None else percent(design.rate),
        tuple((name, value) for name, value in details if value),
        result.source,
    )


def _answered_by(households: int, persons: int) -> str:
    """Households and their persons; of a rate of households these only."""
    return f"{households:,}" if households == persons else f"{households:,} · {persons:,}"


def _county(area: Area, language: Language) -> CountyRow:
    cells = tuple(
        (
            result.name.say(language),
            percent(result.official[0].rate) or word("no_value", language),
            point_mark(result.verdict.by_point, language),
            _ours_with_interval(result) or word("no_value", language),
            bound_mark(result.verdict.by_bound, language),
        )
        for result in area.results
        if result.verdict
    )
    return CountyRow(area.name, cells[:JUDGED])


def _ours_with_interval(result: RateResult) -> str:
    if result.design is None:
        return ""
    interval = _interval(result)
    return percent(result.design.rate) + (f" ({interval})" if interval else "")


def _sampled(report: EvaluationReport, language: Language) -> Grid:
    names = ("stratum", "subject", "villages", "drawn", "answered", "replaced", "gone", "lacking", "response_rate")
    rows = tuple(
        (
            line.stratum,
            label(line.subject, language),
            *map(amount, (line.villages, line.drawn, line.answered, line.replaced, line.gone, line.lacking)),
            percent(line.answered / (line.drawn - line.gone) if line.drawn > line.gone else None),
            amount(line.persons),
        )
        for line in report.strata
    )
    return Grid((*(word(name, language) for name in names), word("persons", language)), rows, 2)


def _case(line: CaseLine, language: Language) -> CaseRow:
    if not line.verdict:
        mark = Mark("flagged", word("no_verdict", language))
    else:
        mark = Mark("failed" if line.counted else "not_computable", label(line.verdict, language))
    days = ((word("raised", language), line.raised_on), (word("appealed", language), line.appealed_on))
    decided = (word("verdict", language), line.decided_on)
    return CaseRow(
        case_no=line.case_no,
        place=line.place,
        head=line.head,
        doubt=label(line.doubt, language),
        persons="" if line.persons is None else f"{line.persons}",
        days=" · ".join(f"{name} {_day(day)}" for name, day in (*days, decided) if day),
        verdict=mark,
        reason=_told(line, language),
    )


def _told(line: CaseLine, language: Language) -> str:
    """Grounds, appeal and reasons, each by its name."""
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    parts = (("grounds", line.grounds), ("appeal", line.appeal), ("why", line.reason))
    return stop.join(f"{word(name, language)}{colon}{text}" for name, text in parts if text)


def _day(day: date) -> str:
    return day.isoformat()


def _found(villages: tuple[VillagePoint, ...], language: Language) -> Grid:
    names = ("number", "place", "township", "county", "households", "wrong", "omitted", "pending")
    shown = [village for village in villages if findings(village) or village.pending]
    rows = tuple(
        (
            f"{number}",
            village.name,
            village.township,
            village.county,
            *map(amount, (village.households, village.wrong, village.omitted, village.pending)),
        )
        for number, village in enumerate(shown, start=1)
    )
    return Grid(tuple(word(name, language) for name in names), rows, 4)


def _grids(report: EvaluationReport, language: Language) -> Iterator[tuple[str, Grid]]:
    """Tables of the methods page: known totals, response cells, calibration, weights."""
    yield (
        word("known", language),
        Grid(
            (word("margin", language), word("persons", language)),
            tuple((name.say(language), amount(value) or word("no_value", language)) for name, value in report.known),
            1,
        ),
    )
    heads: tuple[str, ...] = ("stratum", "subject", "asked", "answered", "response_rate", "factor")
    cells = tuple(
        (
            "、".join(line.strata) if language == "zh" else ", ".join(line.strata),
            label(line.subject, language),
            amount(line.asked),
            amount(line.answered),
            percent(line.rate),
            "" if line.factor is None else f"{line.factor:.3f}",
        )
        for line in report.responses
    )
    yield word("cells", language), Grid(tuple(word(name, language) for name in heads), cells, 2)
    heads = ("margin", "value", "before", "after")
    margins = tuple(
        (joined(line.names, language), *map(amount, (line.known, line.before, line.after))) for line in report.margins
    )
    yield word("calibration", language), Grid(tuple(word(name, language) for name in heads), margins, 1)
    heads = ("subject", "households", "smallest", "median", "largest", "kish", "moved")
    weights = tuple(
        (
            label(line.subject, language),
            amount(line.households),
            *(f"{value:,.2f}" for value in (line.smallest, line.median, line.largest, line.kish)),
            f"{line.ratio_low:.2f} – {line.ratio_high:.2f}",
        )
        for line in report.weights
    )
    yield word("weights", language), Grid(tuple(word(name, language) for name in heads), weights, 1)
