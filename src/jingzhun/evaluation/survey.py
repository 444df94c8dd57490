"""What came back from the villages, held against the sample: who was asked, who was replaced, who was left out.

Nothing is put right here: every row counts as it was sent, and what contradicts the sample is named with file, sheet
and row. T05 to T08 are rules of the sources; the others are what the draw itself asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from jingzhun.engine import Engine, Step, quoted
from jingzhun.evaluation.sample import SampleManifest
from jingzhun.model import TABLES, labels
from jingzhun.policy import Pack

VISIT, CASE = "survey_visit", "doubtful_case"
TAKEN = quoted(labels.DRAWN)
DONE = quoted(labels.COMPLETED)
WAITING = quoted(labels.RESERVE)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must not be. ``sql`` gives a row for each time it is: place, household, questionnaire, value
    and origin; messages call them by name."""

    id: str
    rule: str
    """Rule of the sources, where it is one."""
    severity: Literal["E", "S"]
    sql: str
    zh: str
    en: str


_OF_VISIT = "v.region_code, v.household_key, v.visit_no, {value} AS value, v.origin_file, v.origin_sheet, v.origin_row"
_OF_CASE = (
    "c.region_code, c.household_key, c.case_no AS visit_no, {value} AS value, c.origin_file, c.origin_sheet, "
    "c.origin_row"
)
_OF_SAMPLE = (
    "h.region_code, h.household_key, CAST(NULL AS VARCHAR) AS visit_no, {value} AS value, "
    "CAST(NULL AS BIGINT) AS origin_file, CAST(NULL AS VARCHAR) AS origin_sheet, CAST(NULL AS BIGINT) AS origin_row"
)
_OF_COUNTY = _OF_SAMPLE.replace(
    "h.region_code, h.household_key", "{place} AS region_code, CAST(NULL AS VARCHAR) AS household_key"
)


def _visits(value: str, rest: str) -> str:
    return f"SELECT {_OF_VISIT.format(value=value)} FROM {VISIT} v {rest}"


def _cases(value: str, rest: str) -> str:
    return f"SELECT {_OF_CASE.format(value=value)} FROM {CASE} c {rest}"


_IN_SAMPLE = "JOIN sampled_household h ON h.household_key = v.household_key"
_REPLACED = "JOIN sampled_household o ON o.household_key = v.replaces"
_HOMES = f"{_IN_SAMPLE} {_REPLACED} JOIN sampled_village hv ON hv.region_code = h.region_code"


def checks_of(manifest: SampleManifest, pack: Pack) -> tuple[Check, ...]:
    """All checks of a sample's survey, with the pack's parameters of the sample's day filled in."""
    return (
        *_of_households(manifest.drawn_on),
        *_of_replacements(),
        *_of_counted_twice(),
        *_of_standing_in(),
        _too_many_replaced(Fraction(manifest.parameters[_share_parameter(pack, manifest)])),
        *_of_coverage(),
        *_of_answers(pack),
        *_of_cases(),
    )


def _share_parameter(pack: Pack, manifest: SampleManifest) -> str:
    return pack.designs[manifest.design].replaced_most


def _of_households(drawn_on: date) -> Iterator[Check]:
    yield Check(
        "not_in_sample",
        "",
        "E",
        _visits("v.subject", "WHERE v.household_key NOT IN (SELECT household_key FROM sampled_household)"),
        "样本里没有户 {household_key}，不计入；请核对名单上的样本户编号。",
        "the sample holds no household {household_key}, so the row does not count; check the number on the list.",
    )
    yield Check(
        "not_as_drawn",
        "",
        "E",
        _visits("h.subject", f"{_IN_SAMPLE} WHERE v.region_code <> h.region_code OR v.subject <> h.subject"),
        "户 {household_key} 的村或调查对象与样本（{value}）不符，可能填错了行；请核对。",
        "village or subject of {household_key} is not that of the sample ({value}): was it written on another row?",
    )
    twice = f"SELECT household_key FROM {VISIT} WHERE outcome = {DONE} GROUP BY household_key HAVING count(*) > 1"
    yield Check(
        "visited_twice",
        "",
        "E",
        _visits("v.outcome", f"WHERE v.outcome = {DONE} AND v.household_key IN ({twice})"),
        "户 {household_key} 有几份完成的问卷（这是 {visit_no}）；只能留一份，请确认哪一份有效并删去其余。",
        "{household_key} has several completed questionnaires (this is {visit_no}); decide which one holds and remove "
        "the others.",
    )
    yield Check(
        "before_the_draw",
        "",
        "E",
        _visits("CAST(v.visited_on AS VARCHAR)", f"WHERE v.visited_on < DATE '{drawn_on}'"),
        f"户 {{household_key}} 的调查日期 {{value}} 早于抽样日期 {drawn_on}；请核对日期。",
        f"{{household_key}} was visited on {{value}}, before the draw of {drawn_on}; check the date.",
    )


def _of_replacements() -> Iterator[Check]:
    yield Check(
        "replaced_without_reason",
        "T06",
        "E",
        _visits("v.replaces", "WHERE v.replaces IS NOT NULL AND v.replace_reason IS NULL"),
        "户 {household_key} 替换了 {value}，没有写替换原因；请补填。",
        "{household_key} stands in for {value} without a reason; give it.",
    )
    yield Check(
        "replaces_nobody",
        "T06",
        "E",
        _visits(
            "v.replaces",
            "WHERE v.replaces IS NOT NULL AND v.replaces NOT IN "
            f"(SELECT household_key FROM sampled_household WHERE role = {TAKEN})",
        ),
        "户 {household_key} 替换的 {value} 不是抽中的样本户；请核对编号。",
        "{household_key} stands in for {value}, which was not drawn; check the number.",
    )
    yield Check(
        "reserve_for_nobody",
        "T06",
        "E",
        _visits("v.outcome", f"{_IN_SAMPLE} WHERE h.role = {WAITING} AND v.outcome = {DONE} AND v.replaces IS NULL"),
        "户 {household_key} 是备用户，没有写替换谁，不计入；请补填替换的样本户和原因。",
        "{household_key} is in reserve and does not say for whom it stands in, so it does not count; say so.",
    )


def _of_counted_twice() -> Iterator[Check]:
    yield Check(
        "replaced_though_answered",
        "T06",
        "E",
        _visits(
            "v.replaces",
            f"WHERE v.outcome = {DONE} AND v.replaces IN (SELECT household_key FROM {VISIT} WHERE outcome = {DONE})",
        ),
        "户 {household_key} 替换了 {value}，而 {value} 自己完成了问卷；只能留一份，请核对。",
        "{household_key} stands in for {value}, which answered itself; only one may count, check which.",
    )
    doubled = (
        f"SELECT replaces FROM {VISIT} WHERE outcome = {DONE} AND replaces IS NOT NULL "
        "GROUP BY replaces HAVING count(*) > 1"
    )
    yield Check(
        "replaced_twice",
        "T06",
        "E",
        _visits("v.replaces", f"WHERE v.outcome = {DONE} AND v.replaces IN ({doubled})"),
        "样本户 {value} 被几户同时替换（这是 {household_key}）；一户只能由一户替换，请核对。",
        "several households stand in for {value} (this is {household_key}); one may, check which.",
    )


def _of_standing_in() -> Iterator[Check]:
    elsewhere = (
        "o.subject <> h.subject OR (o.region_code = h.region_code AND o.stratum <> h.stratum) OR (o.region_code <> "
        f"h.region_code AND (hv.role <> {WAITING} OR hv.stratum <> (SELECT max(x.stratum) FROM sampled_village x "
        "WHERE x.region_code = o.region_code)))"
    )
    yield Check(
        "replaced_from_elsewhere",
        "T06",
        "E",
        _visits("v.replaces", f"{_HOMES} WHERE {elsewhere}"),
        "户 {household_key} 与被替换的 {value} 不在同一村、同一调查对象、同一户层"
        "（整村替换时：同一村层的备用村）；请改用同层备用户。",
        "{household_key} is not of the same village, subject and stratum as {value}, nor of a reserve village of its "
        "stratum; take a reserve of the same stratum.",
    )
    yield Check(
        "mandatory_replaced",
        "T06",
        "E",
        _visits(
            "o.groups", f"{_IN_SAMPLE} {_REPLACED} WHERE o.groups IS NOT NULL AND o.certain AND v.outcome = {DONE}"
        ),
        "户 {household_key} 替换了必查户（{value}）；必查群体不得替换，请回访原户。",
        "{household_key} stands in for a household that must be visited ({value}); go back to that one.",
    )
    skipped = (
        "SELECT 1 FROM sampled_household e WHERE e.region_code = h.region_code AND e.subject = h.subject "
        f"AND e.stratum = h.stratum AND e.role = {WAITING} AND e.place < h.place "
        f"AND e.household_key NOT IN (SELECT household_key FROM {VISIT})"
    )
    yield Check(
        "out_of_order",
        "T06",
        "S",
        _visits("CAST(h.place AS VARCHAR)", f"{_IN_SAMPLE} WHERE h.role = {WAITING} AND EXISTS ({skipped})"),
        "备用户 {household_key} 的替换顺序是 {value}，前面的备用户没有去过；请说明为什么跳过。",
        "{household_key} is number {value} in reserve, and earlier ones were not visited; say why.",
    )


def _too_many_replaced(percent: Fraction) -> Check:
    replaced = (
        f"SELECT hv.county_code, count(DISTINCT v.replaces) AS many FROM {VISIT} v {_HOMES} "
        f"WHERE v.outcome = {DONE} GROUP BY hv.county_code"
    )
    drawn = (
        "SELECT hv.county_code, count(*) AS many FROM sampled_household h "
        "JOIN sampled_village hv ON hv.region_code = h.region_code "
        f"WHERE h.role = {TAKEN} GROUP BY hv.county_code"
    )
    shown = "CAST(r.many AS VARCHAR) || ' / ' || CAST(d.many AS VARCHAR)"
    most = f"{float(percent):g}%"
    return Check(
        "too_many_replaced",
        "T06",
        "E",
        f"SELECT {_OF_COUNTY.format(place='r.county_code', value=shown)} FROM ({replaced}) r JOIN ({drawn}) d "
        f"ON d.county_code = r.county_code "
        f"WHERE r.many * {100 * percent.denominator} > d.many * {percent.numerator}",
        f"替换的样本户 {{value}}，超过 {most}；请说明原因，并核对无人在家的户是否按要求回访过。",
        f"{{value}} households were replaced, more than {most}; say why, and whether those not at home were called on "
        "again.",
    )


def _of_coverage() -> Iterator[Check]:
    yield Check(
        "mandatory_not_visited",
        "T07",
        "E",
        f"SELECT {_OF_SAMPLE.format(value='h.groups')} FROM sampled_household h WHERE h.role = {TAKEN} "
        f"AND h.groups IS NOT NULL AND h.household_key NOT IN (SELECT household_key FROM {VISIT})",
        "必查户 {household_key}（{value}）没有入户；必查群体应全部覆盖，请补查。",
        "{household_key} must be visited ({value}) and was not; visit it.",
    )
    seen = f"SELECT DISTINCT h.region_code FROM {VISIT} v {_IN_SAMPLE} WHERE v.outcome = {DONE}"
    short = (
        "hv.stratum || ' ' || CAST(count(s.region_code) AS VARCHAR) || ' / ' || CAST(max(hv.stratum_drawn) AS VARCHAR)"
    )
    yield Check(
        "villages_short",
        "T05",
        "S",
        f"SELECT {_OF_COUNTY.format(place='hv.county_code', value=short)} "
        f"FROM sampled_village hv LEFT JOIN ({seen}) s ON s.region_code = hv.region_code "
        "GROUP BY hv.county_code, hv.stratum HAVING count(s.region_code) < max(hv.stratum_drawn)",
        "{value} 个村有完成的问卷，没有达到设计；请补查，或启用备用村。",
        "completed questionnaires from {value} villages, short of the design; visit the others or use the reserve.",
    )
    done = (
        f"SELECT hv.county_code, h.subject, count(DISTINCT v.household_key) AS many FROM {VISIT} v {_IN_SAMPLE} "
        f"JOIN sampled_village hv ON hv.region_code = h.region_code WHERE v.outcome = {DONE} "
        "GROUP BY hv.county_code, h.subject"
    )
    drawn = (
        "SELECT hv.county_code, h.subject, count(*) AS many FROM sampled_household h "
        f"JOIN sampled_village hv ON hv.region_code = h.region_code WHERE h.role = {TAKEN} "
        "GROUP BY hv.county_code, h.subject"
    )
    shown = "d.subject || ' ' || CAST(coalesce(a.many, 0) AS VARCHAR) || ' / ' || CAST(d.many AS VARCHAR)"
    yield Check(
        "questionnaires_short",
        "T05",
        "S",
        f"SELECT {_OF_COUNTY.format(place='d.county_code', value=shown)} FROM ({drawn}) d LEFT JOIN ({done}) a "
        "ON a.county_code = d.county_code AND a.subject = d.subject WHERE coalesce(a.many, 0) < d.many",
        "{value} 份问卷，少于抽中的户数；请补查，或按顺序启用备用户。",
        "{value} questionnaires, fewer than were drawn; visit the others or take those in reserve in their order.",
    )


def _of_answers(pack: Pack) -> Iterator[Check]:
    table = TABLES[VISIT]
    needed = dict.fromkeys(
        question.field
        for form in pack.forms.values()
        for question in form.questions
        if question.needed and question.field in table.column_names
    )
    if not needed:
        return
    missing = ", ".join(f"CASE WHEN v.{name} IS NULL THEN {quoted(table.column(name).zh)} END" for name in needed)
    none = " OR ".join(f"v.{name} IS NULL" for name in needed)
    yield Check(
        "answers_missing",
        "",
        "S",
        _visits(f"concat_ws('、', {missing})", f"WHERE v.outcome = {DONE} AND ({none})"),
        "户 {household_key} 的问卷完成了，缺 {value}；不明的不当作否，请补填。",
        "the questionnaire of {household_key} is completed but lacks {value}; what is not known is not taken for no: "
        "fill it in.",
    )


def _of_cases() -> Iterator[Check]:
    same = f"SELECT 1 FROM {CASE} c WHERE c.household_key = v.household_key AND c.doubt = v.doubt"
    yield Check(
        "doubt_without_case",
        "T08",
        "E",
        _visits("v.doubt", f"WHERE v.doubt IS NOT NULL AND NOT EXISTS ({same})"),
        "户 {household_key} 的问卷写了{value}，疑似问题台账里没有；请补记并反馈地方。",
        "{household_key} raised a doubt ({value}) that the ledger of doubtful cases lacks; enter it and send it out.",
    )
    visited = f"SELECT household_key FROM {VISIT} WHERE outcome = {DONE}"
    yield Check(
        "case_of_nobody_asked",
        "T08",
        "E",
        _cases("c.doubt", f"WHERE c.household_key NOT IN ({visited})"),
        "疑点 {visit_no}（{value}）所指的户 {household_key} 没有完成的问卷；请核对样本户编号。",
        "case {visit_no} ({value}) is about {household_key}, which has no completed questionnaire; check the number.",
    )
    unheard = (
        "c.sent_on IS NULL OR c.decided_on < c.sent_on OR (c.decided_on = c.sent_on AND c.appealed_on IS NULL) "
        "OR c.decided_on < c.appealed_on"
    )
    yield Check(
        "decided_unheard",
        "T08",
        "E",
        _cases(
            "coalesce(c.verdict, CAST(c.decided_on AS VARCHAR))",
            f"WHERE (c.verdict IS NOT NULL OR c.decided_on IS NOT NULL) AND ({unheard})",
        ),
        "疑点 {visit_no}（户 {household_key}）没有给地方申诉举证的机会就认定为{value}；请先反馈，听取申诉后再认定。",
        "case {visit_no} ({household_key}) was decided ({value}) before the locality could be heard; send it out, hear "
        "the appeal, then decide.",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: the check, where, in which words and, of delivered rows, the place they came from."""

    check: Check
    region_code: str
    household_key: str
    visit_no: str
    zh: str
    en: str
    file: str
    sheet: str
    row: int | None


def findings(engine: Engine, manifest: SampleManifest, pack: Pack) -> list[Found]:
    """Everything about the survey that contradicts the sample or falls short of it, check by check.

    Needs the survey's snapshot and the sample's tables in the engine.
    """
    return [found for check in checks_of(manifest, pack) for found in _found(engine, check)]


def _found(engine: Engine, check: Check) -> Iterator[Found]:
    rows = engine.rows(
        f"SELECT x.*, s.file AS origin_name FROM ({check.sql}) x LEFT JOIN source_file s ON s.file_no = x.origin_file "
        "ORDER BY x.region_code, x.household_key, x.visit_no, x.value"
    )
    for row in rows:
        words: dict[str, Any] = {name: row[name] or "" for name in ("household_key", "visit_no", "value")}
        yield Found(
            check,
            row["region_code"] or "",
            words["household_key"],
            words["visit_no"],
            check.zh.format(**words),
            check.en.format(**words),
            row["origin_name"] or "",
            row["origin_sheet"] or "",
            row["origin_row"],
        )


NOT_VISITED = ""
"""In ``survey_progress``, the outcome of a household that nobody has been to."""


def progress_step() -> Step:
    """``survey_progress``: by county, stratum of villages, subject and outcome, how many of the households drawn.

    A household counts once, by its completed questionnaire or else by its last visit; ``replaced`` are those for which
    another one answered.
    """
    last = (
        f"SELECT household_key, CASE WHEN bool_or(outcome = {DONE}) THEN {DONE} "
        "ELSE max_by(outcome, coalesce(CAST(visited_on AS VARCHAR), '') || '|' || visit_no) END AS outcome "
        f"FROM {VISIT} GROUP BY household_key"
    )
    stood_in = f"SELECT DISTINCT replaces AS household_key FROM {VISIT} WHERE outcome = {DONE} AND replaces IS NOT NULL"
    return Step(
        "survey_progress",
        f"SELECT hv.county_code, hv.stratum, h.subject, coalesce(l.outcome, {quoted(NOT_VISITED)}) AS outcome, "
        "count(*) AS households, count(r.household_key) AS replaced "
        "FROM sampled_household h JOIN sampled_village hv ON hv.region_code = h.region_code "
        f"LEFT JOIN ({last}) l ON l.household_key = h.household_key "
        f"LEFT JOIN ({stood_in}) r ON r.household_key = h.household_key AND l.outcome IS DISTINCT FROM {DONE} "
        f"WHERE h.role = {TAKEN} GROUP BY hv.county_code, hv.stratum, h.subject, l.outcome "
        "ORDER BY hv.county_code, hv.stratum, h.subject, l.outcome",
        "各县、村层、调查对象的完成情况 / what became of the households drawn",
    )
