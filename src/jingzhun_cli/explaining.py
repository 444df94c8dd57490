"""``explain``: what stands behind a figure, a household or a delivered row, in the words of its reader."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

import typer

from jingzhun.engine import readable_sql
from jingzhun.explain import Explanation, Rows
from jingzhun.explain import explain as explain_it
from jingzhun.model import TABLES, Kind
from jingzhun.policy import Pack
from jingzhun.reporting import FigureRow, figure_row, outcome_word, seen_text, unit_word, word
from jingzhun.snapshot import read_manifest
from jingzhun_cli import console
from jingzhun_cli.choices import (
    DEFAULT_PACK,
    MOST_LISTED,
    AsJson,
    EngineName,
    PackName,
    RegionName,
    Snapshot,
    pack_of,
    region_of,
    snapshot_of,
    within,
)
from jingzhun_cli.console import say

MARKS = {
    "verified": "已核对原文",
    "partly verified": "部分核对",
    "from memory": "凭记忆，待核对原文",
    "unverified": "未核对",
    "synthetic": "本产品设定",
}
"""How sure the pack is of a value, in Chinese."""
SOURCE_KEY = re.compile(r"\b[A-Z][0-9]{1,2}\b")
COLUMNS_OF_A_TABLE = 8
"""Rows with more filled columns than this are told one after the other; a table of them would not fit a screen."""
PARTS = {
    "numerator": ("分子", "numerator"),
    "numerator_unknown": ("缺数据、未计入分子", "lacking data, not in the numerator"),
    "denominator": ("分母", "denominator"),
    "denominator_unknown": ("缺数据、未计入分母", "lacking data, not in the denominator"),
}


def explain(
    what: Annotated[
        str,
        typer.Argument(
            help="指标编号 F010、指标名、户编号、人口姓名、文件:工作表:行号 或 文件:行号"
            " / figure, indicator, household, a person's name, FILE:SHEET:ROW or FILE:ROW"
        ),
    ],
    snapshot: Snapshot = None,
    region: RegionName = "",
    pack: PackName = DEFAULT_PACK,
    limit: Annotated[int, typer.Option(min=0, max=MOST_LISTED, help="每部分列出的行数 / rows shown of each part")] = 5,
    engine: EngineName = "duckdb",
    sql: Annotated[bool, typer.Option("--sql", help="也列出 SQL / show the SQL too")] = False,
    json_: AsJson = False,
) -> None:
    """为什么是这个数、这一户、这一行 / Rule, parameter, rows, file and row of origin."""
    chosen = pack_of(pack)
    folder = snapshot_of(snapshot)
    manifest = read_manifest(folder)
    code = region_of(chosen, region, manifest.as_of) if region else ""
    within(chosen, manifest, code)
    found = explain_it(folder, chosen, what, region=code, limit=limit, engine_name=engine)
    if json_:
        console.print_json(found.to_json())
        return
    _print_explanation(found)
    _print_sources(chosen, found)
    if sql:
        _print_sql(found)
    elif found.steps:
        console.aside("要看 SQL，加 --sql。", "add --sql to see the SQL.")


def _print_explanation(found: Explanation) -> None:
    match found.kind:
        case "figure":
            _print_figure(found)
        case "household":
            _print_household(found)
        case "persons":
            _print_persons(found)
        case _:
            _print_row(found)
    for rows in found.rows:
        _print_rows(rows)


def _print_figure(found: Explanation) -> None:
    facts = found.facts
    if found.answer is None:
        console.heading(found.title)
        console.show("快照里没有可以算出它的数据。", "the snapshot holds no data from which it could be computed.")
    else:
        _print_answer(figure_row(found.answer, console.settings.language), str(found.answer.as_of))
    console.show(f"规则文件 {facts['rule_file']}", f"rule in {facts['rule_file']}")
    for part, measure in facts["definition"].items():
        conditions = "；".join(str(measure[key]) for key in ("where", "value", "distinct") if key in measure)
        console.show(
            f"{PARTS[part][0]}条件 {measure['table']}：{conditions}",
            f"{PARTS[part][1]} of {measure['table']}: {conditions}",
        )
    _print_parameters(found)
    for verdict in found.answer.check if found.answer else ():
        language = console.settings.language
        outcome, message = outcome_word(verdict.outcome, language), verdict.message.say(language)
        console.show(f"互检 {verdict.check}（{outcome}）{message}", f"check {verdict.check} ({outcome}) {message}")


def _print_answer(row: FigureRow, as_of: str) -> None:
    console.heading(" ".join(part for part in (row.id, row.name, row.place, as_of) if part))
    value = f"{row.qualifier}{row.value} {row.unit}".strip() if row.value else say("（没有数值）", "(no value)")
    printed = say(f"，原文 {row.printed}", f", printed {row.printed}") if row.printed else ""
    console.show(value + printed, value + printed)
    numerator = row.numerator or say("（未知）", "(unknown)")
    console.show(f"分子 {numerator} {row.numerator_says}", f"numerator {numerator} {row.numerator_says}")
    if row.denominator:
        console.show(
            f"分母 {row.denominator} {row.denominator_says}", f"denominator {row.denominator} {row.denominator_says}"
        )
    console.show(
        f"时点 {row.vintage}，{row.rows} 行，规则 {row.rule}",
        f"vintage {row.vintage}, {row.rows} {word('row' if row.rows == '1' else 'rows', 'en')}, rule {row.rule}",
    )


def _print_household(found: Explanation) -> None:
    console.heading(found.title)
    console.show(found.facts["region"], found.facts["region"])
    for episode in found.facts["history"]:
        since, until = episode["valid_from"] or say("起初", "the start"), episode["valid_to"] or say("今", "now")
        console.show(
            f"{since} 至 {until}：{episode['status']}（{episode['basis']}）",
            f"{since} to {until}: {episode['status']} ({episode['basis']})",
        )
    _print_parameters(found)
    if found.tests:
        headings = (
            ("退出标准", "criterion"),
            ("结果", "result"),
            ("看到", "seen"),
            ("要求", "wanted"),
            ("来源", "source"),
        )
        console.table(
            say("退出检验", "exit tests"),
            [(say(*heading), "left") for heading in headings],
            [_test(test) for test in found.tests],
        )


def _print_persons(found: Explanation) -> None:
    total, people = found.facts["total"], found.facts["persons"]
    columns = [TABLES["person"].column(name) for name in ("name", "id_number", "household_code", "relation")]
    headings = [say("村", "village"), *(say(column.zh, column.en) for column in columns), say("出处", "origin")]
    cells = [
        [str(person.get(name) or "") for name in ("place", *(column.name for column in columns), "origin")]
        for person in people
    ]
    shown = say(f"，列出 {len(people)} 人", f", {len(people)} shown") if len(people) < total else ""
    title = say(f"在册人口“{found.title}” {total:,} 人", f"registered people called {found.title}: {total:,}") + shown
    console.table(title, [(heading, "left") for heading in headings], cells)
    console.show(
        "要看某人所在户的登记和退出检验，写户编号：jingzhun explain 户编号。",
        "for the rows and exit tests of a person's household give its number: jingzhun explain HOUSEHOLD.",
    )


def _test(test: dict[str, Any]) -> list[str]:
    results = {
        True: say("达标", "passes"),
        False: say("不达标", "fails"),
        None: say("缺数据，不算达标", "unknown: no pass"),
    }
    seen, wanted = (seen_text(str(test[name] or ""), console.settings.language) for name in ("seen", "wanted"))
    return [say(test["what"], test["what_en"]), results[test["passed"]], seen or "—", wanted, test["source"]]


def _print_row(found: Explanation) -> None:
    console.heading(found.title)
    for file in found.facts["files"]:
        console.show(f"文件 {file['file']} SHA-256 {file['sha256']}", f"file {file['file']} SHA-256 {file['sha256']}")
    for problem in found.facts["problems"]:
        message = say(problem["message"], problem["message_en"])
        console.show(f"收数时：{problem['cell']} {message}", f"at intake: {problem['cell']} {message}")
    if found.facts["refused"]:
        _print_refused(found.facts["files"])
    for replaced in found.facts["superseded"]:
        at = f"{replaced['by_name']}:{replaced['by_row']}"
        console.show(f"已被后来的报送取代：{at}", f"replaced by a later delivery: {at}")
    for part in found.facts["merged"]:
        gave = "、".join(TABLES[part["table_name"]].column(name).zh for name in part["gave"].split(",") if name)
        gave_en = ", ".join(TABLES[part["table_name"]].column(name).en for name in part["gave"].split(",") if name)
        console.show(
            f"与其他文件的行合成登记表的一行；这一行提供了：{gave or '没有（各列都以后来的为准）'}。",
            f"is part of a row of the register beside rows of other files; it gave: {gave_en or 'nothing, others do'}.",
        )
    for counted in found.tests:
        console.show(
            f"计入 {counted['name']}（{counted['indicator']}）的{PARTS[counted['part']][0]}",
            f"counted in the {counted['part']} of {counted['name_en']} ({counted['indicator']})",
        )


def _print_refused(files: list[dict[str, Any]]) -> None:
    console.show(
        "这一行已退回，没有进入登记表，不计入任何数字。",
        "this row went back to its sender: it is in no table and counts in no figure.",
    )
    for file in files:
        if file["returned"]:
            console.show(
                f"退回的行在接收库的 {file['returned']}；改正后作为后来的文件再报，即可计入。",
                f"it is in {file['returned']} of the store; put right and sent again as a later file it counts.",
            )


def _print_parameters(found: Explanation) -> None:
    for used in found.parameters:
        value = f"{used['value']} {unit_word(used['unit'], console.settings.language)}".strip()
        console.show(
            f"参数 {used['name']} = {value}，自 {used['from']} 起，来源 {used['source']}（{MARKS[used['mark']]}），"
            f"见 {used['file']}",
            f"parameter {used['name_en']} = {value} from {used['from']}, source {used['source']} ({used['mark']}), "
            f"in {used['file']}",
        )


def _print_sources(pack: Pack, found: Explanation) -> None:
    """What the letters beside parameters and criteria stand for."""
    said = " ".join(one["source"] for one in (*found.parameters, *found.tests) if "source" in one)
    keys = set(SOURCE_KEY.findall(said))
    for note in pack.sources:
        if note.key in keys:
            console.show(f"{note.key}：{note.title}", f"{note.key}: {note.title}")


def _print_rows(rows: Rows) -> None:
    table = say(rows.table.zh, rows.table.en)
    part = say(*PARTS[rows.part]) + " · " if rows.part in PARTS else ""
    shown = say(f"，列出 {len(rows.shown)} 行", f", {len(rows.shown)} shown") if len(rows.shown) < rows.total else ""
    title = part + say(f"{table} {rows.total:,} 行", f"{table}, {_rows(rows.total)}") + shown
    names = list(dict.fromkeys(name for row in rows.shown for name in row if name != "origins"))
    if not names:
        console.heading(title)
        return
    labels = [_label(rows, name) for name in names]
    if len(names) <= COLUMNS_OF_A_TABLE:
        cells = [[_cell(rows, name, row) for name in names] for row in rows.shown]
        console.table(title, [(label, "left") for label in labels], cells)
        return
    console.heading(title)
    for row in rows.shown:
        told = [f"{label} {_cell(rows, name, row)}" for name, label in zip(names, labels, strict=True) if name in row]
        console.show("· " + say("，", ", ").join(told), "· " + say("，", ", ").join(told))


def _rows(count: int) -> str:
    return f"{count:,} {word('row' if count == 1 else 'rows', 'en')}"


def _label(rows: Rows, name: str) -> str:
    if name == "origin":
        return say("出处", "origin")
    column = rows.table.column(name)
    return say(column.zh, column.en)


def _cell(rows: Rows, name: str, row: dict[str, Any]) -> str:
    """A value; where it came from, file by file, if several files made the row up."""
    if name != "origin" or not row.get("origins"):
        return _text(rows, name, row.get(name))
    given: dict[str, list[str]] = {}
    for column, origin in row["origins"].items():
        given.setdefault(origin, []).append(_label(rows, column))
    if len(given) == 1:
        return next(iter(given))
    return say("；", "; ").join(
        say(f"{origin}（{'、'.join(labels)}）", f"{origin} ({', '.join(labels)})") for origin, labels in given.items()
    )


def _text(rows: Rows, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if name == "origin":
        return str(value)
    column = rows.table.column(name)
    is_money = column.kind is Kind.CENTS
    text = f"{Decimal(value) / 100:,.2f}" if is_money else str(value)
    unit = unit_word("yuan" if is_money else column.unit, console.settings.language)
    says_its_unit = _label(rows, name).endswith(("）", ")"))
    return text if says_its_unit else f"{text} {unit}".strip()


def _print_sql(found: Explanation) -> None:
    for rows in found.rows:
        if rows.sql:
            console.heading(say(f"取这些行的 SQL · {rows.table.zh}", f"SQL of these rows · {rows.table.en}"))
            console.faint(readable_sql(rows.sql))
    for step in found.steps:
        console.heading(say(f"步骤 {step['name']}", f"step {step['name']}") + f" · {_one_language(step['about'])}")
        console.faint(readable_sql(step["sql"]))


def _one_language(about: str) -> str:
    zh, _, en = about.partition(" / ")
    return say(zh, en or zh)
