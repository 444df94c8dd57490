"""Findings and leads in words, and the worklists that carry the open ones to those who must look into them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jingzhun.comparison import told as lead_told
from jingzhun.engine import Engine, quoted
from jingzhun.model import TABLES
from jingzhun.model.labels import EXEMPT
from jingzhun.model.origin import origin_text, sheet_text
from jingzhun.model.regions import AREAS
from jingzhun.model.standing import (
    CONTRADICTED,
    ELSEWHERE,
    IMPLAUSIBLE,
    INCOMPLETE,
    LATER,
    NOWHERE,
    UNKNOWN,
)
from jingzhun.policy import Pack
from jingzhun.policy.rules import Rule
from jingzhun.quality import OPEN, masked, told
from jingzhun.reporting import Item, write_worklist
from jingzhun.snapshot import Manifest

SEVERITIES = {"E": ("错误", "error"), "S": ("疑点", "suspicion"), "T": ("提示", "hint")}
STATES = {
    "new": ("新发现", "new"),
    "persisting": ("仍存在", "still there"),
    "reappeared": ("再次出现", "reappeared"),
    "corrected": ("已整改", "corrected"),
    "lapsed": ("规则已失效", "rule no longer in force"),
}
NOT_USED = {
    UNKNOWN: ("没有这个编号的问题", "no problem of this number"),
    ELSEWHERE: ("是别的乡镇的", "it is another township's"),
    INCOMPLETE: ("豁免缺少佐证、填报人或到期日", "an exemption without evidence, person or last day"),
    LATER: ("结论日期晚于时点", "given after the as-of date"),
    NOWHERE: ("编号从未发出过", "a number that was never given out"),
    CONTRADICTED: (
        "这一行的规则、户或人与编号不是同一条，可能单独排序或粘贴过某一列",
        "the rule, household or person of the row is not that of the number: was a column sorted or pasted by itself?",
    ),
    IMPLAUSIBLE: (
        "日期不可信：早于发现或政策起始日、远在将来，或豁免期过长",
        "a date that cannot be meant: before the finding or the programme, in a far future, or an exemption too long",
    ),
}
"""Why an answer that came back counts for nothing."""
OPEN_PROBLEM = f"state IN {OPEN} AND NOT exempt"
OPEN_LEAD = "verdict IS NULL"
HOW_PROBLEMS = (
    "填写红色表头各栏后原样报回：已更正的选“已整改”并写整改日期；情况属实、不需更正的选“已豁免”，写明佐证、填报人和豁免到期日。",
    "是否整改以下一次快照为准；没有填写的行按未处理计。不要改动问题编号，不要增删列。",
)
HOW_LEADS = (
    "线索不是结论。逐条入户核实后填写红色表头各栏：核查结论、说明、佐证、核查人、核查日期；暂缓的选“豁免”并写到期日。",
    "没有填写的行按未核查计。不要改动线索编号，不要增删列。",
)


def findings_in_words(engine: Engine, pack: Pack, region: str, only: str = "", limit: int = 0) -> list[dict[str, Any]]:
    """Rows of ``finding_life`` of a division, with message, file, sheet, row and cells; numbers are masked.

    ``only`` is a condition over ``finding_life``; ``limit`` 0 lists all.
    """
    inside = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    asked = (
        f"SELECT * FROM finding_life WHERE {inside}{f' AND {only}' if only else ''} ORDER BY rule, region_code, row_key"
        + (f" LIMIT {limit}" if limit else "")
    )
    rows = engine.rows(
        f"SELECT f.*, s.file AS origin_name FROM ({asked}) f LEFT JOIN source_file s ON s.file_no = f.origin_file "
        "ORDER BY f.rule, f.region_code, f.row_key"
    )
    letters, givers = _letters(engine), _givers(engine, asked)
    return [
        _finding(pack.rules[row["rule"]], row, letters, givers.get((row["table_name"], row["row_key"]), {}))
        for row in rows
    ]


def findings_by_state(engine: Engine, region: str, only: str = "") -> dict[str, int]:
    """How many findings of a division are in each state; ``only`` is a condition over ``finding_life``."""
    inside = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    rows = engine.rows(
        f"SELECT state, count(*) AS many FROM finding_life WHERE {inside}{f' AND {only}' if only else ''} "
        "GROUP BY state ORDER BY state"
    )
    return {row["state"]: int(row["many"]) for row in rows}


def leads_count(engine: Engine, region: str, only: str = "") -> int:
    """How many rows ``leads_in_words`` lists without a limit."""
    inside = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    return int(engine.value(f"SELECT count(*) FROM lead_outcome WHERE {inside}{f' AND {only}' if only else ''}"))


def leads_in_words(engine: Engine, pack: Pack, region: str, only: str = "", limit: int = 0) -> list[dict[str, Any]]:
    """Rows of ``lead_outcome`` of a division with their message and origin; numbers are masked."""
    inside = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    rows = engine.rows(
        "SELECT n.*, f.file AS origin_name FROM lead_outcome n LEFT JOIN source_file f ON f.file_no = n.origin_file "
        f"WHERE n.{inside}{f' AND {only}' if only else ''} ORDER BY n.check_id, n.region_code, n.lead_no"
        + (f" LIMIT {limit}" if limit else "")
    )
    for row in rows:
        check = pack.comparison_checks[row["check_id"]]
        told_of = lead_told(check, row["seen"], row["suggested"], row["probability"])
        row["seen"], row["message"], row["message_en"] = told_of
        row["origin"] = _origin(row)
    return rows


def problem_answers_not_used(engine: Engine, region: str) -> list[dict[str, Any]]:
    """Answers to problems of a division that count for nothing: number, why, and where they were written.

    A correction of a problem that is gone is no matter; nor are problems that a ledger numbers in its own way.
    """
    ours = f"f.layouts LIKE '%problem_worklist%' AND (standing = '{NOWHERE}' OR state = {quoted(EXEMPT)})"
    told = f"standing NOT IN ('{UNKNOWN}', '{NOWHERE}') OR ({ours})"
    return _not_used(engine, "problem_answer", "problem_no", region, told)


def verdicts_not_used(engine: Engine, region: str) -> list[dict[str, Any]]:
    """Verdicts on leads of a division that count for nothing. That a lead is gone is what a correction is for."""
    return _not_used(engine, "verdict_standing", "lead_no", region, f"standing <> '{UNKNOWN}'")


def _not_used(engine: Engine, table: str, number: str, region: str, told: str) -> list[dict[str, Any]]:
    inside = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    rows = engine.rows(
        f"SELECT a.{number} AS number, a.standing, f.file AS origin_name, a.origin_sheet, a.origin_row FROM {table} a "
        f"LEFT JOIN source_file f ON f.file_no = a.origin_file WHERE a.standing <> 'used' AND ({told}) AND a.{inside} "
        "ORDER BY a.origin_file, a.origin_row, 1"
    )
    return [
        {"number": row["number"], "why": row["standing"], "zh": zh, "en": en, "origin": _origin(row)}
        for row in rows
        for zh, en in [NOT_USED[row["standing"]]]
    ]


def problem_worklists(engine: Engine, pack: Pack, manifest: Manifest, region: str, folder: Path) -> list[Path]:
    """One workbook per township with its open problems: neither corrected nor exempt."""
    return [
        path
        for place, inside in _places(engine, "finding_life", OPEN_PROBLEM, region)
        for rows in [findings_in_words(engine, pack, region, f"{OPEN_PROBLEM} AND {inside}")]
        for items in [[_problem_item(pack.rules[row["rule"]], row) for row in rows]]
        for path in write_worklist(folder, pack, "problem_worklist", manifest.as_of, place, items, HOW_PROBLEMS)
    ]


def lead_worklists(engine: Engine, pack: Pack, manifest: Manifest, region: str, folder: Path) -> list[Path]:
    """One workbook per township with the leads that nobody has decided."""
    return [
        path
        for place, inside in _places(engine, "lead_outcome", OPEN_LEAD, region)
        for rows in [leads_in_words(engine, pack, region, f"{OPEN_LEAD} AND {inside}")]
        for items in [[_lead_item(pack, row) for row in rows]]
        for path in write_worklist(folder, pack, "lead_worklist", manifest.as_of, place, items, HOW_LEADS)
    ]


def _places(engine: Engine, table: str, only: str, region: str) -> Iterator[tuple[str, str]]:
    """The townships that have such rows, and the divisions above them; with a condition for the rows of each."""
    inside = f"SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)}"
    rows = engine.rows(
        f"SELECT DISTINCT coalesce(t.township, f.region_code) AS place, t.township IS NULL AS alone FROM {table} f "
        f"JOIN ({AREAS}) t ON t.region_code = f.region_code WHERE {only} AND f.region_code IN ({inside}) ORDER BY 1"
    )
    for row in rows:
        place = quoted(row["place"])
        below = f"IN (SELECT region_code FROM region_closure WHERE ancestor_code = {place})"
        yield row["place"], f"region_code = {place}" if row["alone"] else f"region_code {below}"


def _letters(engine: Engine) -> dict[tuple[int, str, str], str]:
    rows = engine.rows("SELECT file_no, sheet, field, letters FROM source_column")
    return {(row["file_no"], row["sheet"], row["field"]): row["letters"] for row in rows}


def _givers(engine: Engine, findings: str) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Of rows that several files make up, by table and key: the delivered row that gave the value of each column."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for part in engine.rows(
        f"SELECT m.*, s.file AS origin_name FROM merged_row m JOIN (SELECT DISTINCT table_name, row_key "
        f"FROM ({findings})) f ON f.table_name = m.table_name AND f.row_key = m.row_key "
        "LEFT JOIN source_file s ON s.file_no = m.origin_file ORDER BY m.origin_file, m.origin_row"
    ):
        gave = dict.fromkeys(filter(None, part["gave"].split(",")), part)
        found.setdefault((part["table_name"], part["row_key"]), {}).update(gave)
    return found


def _finding(
    rule: Rule,
    row: dict[str, Any],
    letters: Mapping[tuple[int, str, str], str],
    givers: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """A finding with its message and the cells to look at: of the file that gave most of them first."""
    seen = masked(row["table_name"], row["seen"])
    message, message_en = told(rule, seen)
    found: dict[str, list[str]] = {}
    rows: dict[str, Mapping[str, Any]] = {}
    for name in rule.shows:
        given = givers.get(name, row)
        column = letters.get((given["origin_file"], given["origin_sheet"], f"{row['table_name']}.{name}"))
        if column:
            found.setdefault(_origin(given), []).append(f"{column}{given['origin_row']}")
            rows[_origin(given)] = given
    first = max(found, key=lambda origin: len(found[origin]), default=None)
    source = row if first is None else rows[first]
    return {
        **row,
        **{name: source[name] for name in ("origin_file", "origin_sheet", "origin_row", "origin_name")},
        "seen": seen,
        "message": message,
        "message_en": message_en,
        "cells": list(dict.fromkeys(found.get(first or "", []))),
        "cells_elsewhere": [
            f"{sheet_text(rows[origin]['origin_name'], rows[origin]['origin_sheet'])} {cell}"
            for origin, cells in found.items()
            if origin != first
            for cell in dict.fromkeys(cells)
        ],
        "origin": _origin(source),
    }


def _origin(row: Mapping[str, Any]) -> str:
    return origin_text(row["origin_name"], row["origin_sheet"], row["origin_row"])


def _problem_item(rule: Rule, row: dict[str, Any]) -> Item:
    keys = TABLES[row["table_name"]].key
    parts = row["row_key"].split("|")
    known = dict(zip(keys, parts, strict=True)) if len(parts) == len(keys) else {}
    return Item(
        row["region_code"],
        {
            "问题编号": row["finding_no"],
            "规则": f"{rule.id} {rule.zh}",
            "程度": SEVERITIES[rule.severity][0],
            "户编号": known.get("household_code") or row["seen"].get("household_code") or "",
            "人编号": known.get("person_code") or row["seen"].get("person_code") or "",
            "问题": row["message"],
            "建议": rule.advice_zh,
            "来源文件": row["origin_name"] or "",
            "来源工作表": row["origin_sheet"] or "",
            "来源单元格": "、".join(row["cells"] + row["cells_elsewhere"]) or _row_only(row),
            "首次发现": str(row["first_seen"]),
            "历次情况": "；".join(_said_before(row)),
        },
    )


def _row_only(row: Mapping[str, Any]) -> str:
    return f"第 {row['origin_row']} 行" if row["origin_name"] else ""


def _said_before(row: Mapping[str, Any]) -> Iterator[str]:
    yield STATES[row["state"]][0]
    if row["claimed"]:
        yield "上次报已整改，但登记信息仍有问题"
    if row["run_out"]:
        yield f"豁免已于 {row['exempt_until']} 到期"


def _lead_item(pack: Pack, row: dict[str, Any]) -> Item:
    check = pack.comparison_checks[row["check_id"]]
    source = pack.sources_compared[row["source"]].zh if row["source"] else "建档立卡信息（册内查重）"
    linkage = pack.linkages["people"]
    found_by = next((one.zh for one in linkage.passes if one.id == row["found_by"]), "")
    likely = "" if row["probability"] is None else f"{row['probability']:.3f}"
    before = f"豁免已于 {row['ends_on']} 到期" if row["run_out"] else ""
    before = "上次报已更正，但登记信息仍未变" if row["claimed"] else before
    return Item(
        row["region_code"],
        {
            "线索编号": row["lead_no"],
            "规则": f"{check.id} {check.zh}",
            "程度": SEVERITIES[check.severity][0],
            "比对来源": source,
            "户编号": row["household_code"] or "",
            "人编号": row["person_code"] or "",
            "姓名": row["name"] or "",
            "线索": row["message"],
            "同一人的可能性": likely,
            "匹配轮次": found_by,
            "各项相符": _agreement(pack, row["agreement"]),
            "建议": check.advice_zh,
            "建议结论": row["suggested"] or "",
            "来源文件": row["origin_name"] or "",
            "来源工作表": row["origin_sheet"] or "",
            "来源行号": str(row["origin_row"]) if row["origin_name"] else "",
            "历次情况": before,
        },
    )


def _agreement(pack: Pack, agreement: str | None) -> str:
    """Field by field, in the linkage's words: 证件号码相同且校验通过、姓名同音 …"""
    if not agreement:
        return ""
    degrees: dict[str, str] = json.loads(agreement)
    words = []
    for one in pack.linkages["people"].compare:
        degree = degrees.get(one.id, "missing")
        named = next((known.zh for known in one.degrees if known.id == degree), "不同")
        words += [f"{one.zh}{named}"] if degree != "missing" else []
    return "、".join(words)
