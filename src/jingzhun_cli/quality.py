"""``check`` and ``findings``: what in the register breaks which rule, and what became of it since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jingzhun.engine import quoted
from jingzhun.pipeline import screened
from jingzhun.quality import Tally, masked, tallies, told
from jingzhun_cli import console
from jingzhun_cli.choices import (
    DEFAULT_PACK,
    AsJson,
    EngineName,
    PackName,
    RegionName,
    UsageProblem,
    pack_of,
    region_of,
    within,
)
from jingzhun_cli.console import say

SEVERITIES = {"E": ("错误", "error"), "S": ("疑点", "suspicion"), "T": ("提示", "hint")}
HEADINGS = (
    ("规则", "rule", "left"),
    ("程度", "severity", "left"),
    ("问题", "problem", "left"),
    ("发现", "found", "right"),
    ("新增", "new", "right"),
    ("仍在", "persisting", "right"),
    ("已整改", "corrected", "right"),
    ("整改率", "closed", "right"),
)
Since = Annotated[Path | None, typer.Option("--since", help="与之比较的较早快照 / an earlier snapshot to compare with")]
TheSnapshot = Annotated[Path, typer.Argument(help="快照目录 / snapshot folder")]


def check(
    snapshot: TheSnapshot,
    since: Since = None,
    region: RegionName = "",
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """筛查问题数据：每条规则发现多少、整改多少 / Screen the register: findings by rule, new, persisting, corrected."""
    chosen = pack_of(pack)
    with (
        console.progress(json_) as progress,
        screened(snapshot, chosen, since=since, engine_name=engine, progress=progress) as (
            running,
            manifest,
        ),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        found = tallies(running, chosen, code)
    if json_:
        console.print_json([tally.to_json() for tally in found])
        return
    place = chosen.divisions.on(manifest.as_of).get(code).name
    title = say(f"{place} 问题数据筛查 {manifest.as_of}", f"{place} findings {manifest.as_of}")
    shown = [tally for tally in found if tally.found or tally.corrected]
    console.table(title, [(say(zh, en), justify) for zh, en, justify in HEADINGS], [_line(tally) for tally in shown])
    total = sum(tally.found for tally in found)
    console.show(
        f"筛查 {len(chosen.rules)} 条规则，发现 {total:,} 处；疑点要入户核实，不是结论。逐条查看：jingzhun findings。",
        f"{len(chosen.rules)} rules, {total:,} findings; suspicions are to be looked into, they are no verdicts. "
        "List them with jingzhun findings.",
    )


def _line(tally: Tally) -> list[str]:
    rate = tally.closing_rate
    return [
        tally.rule.id,
        say(*SEVERITIES[tally.rule.severity]),
        say(tally.rule.zh, tally.rule.en),
        f"{tally.found:,}",
        f"{tally.new:,}",
        f"{tally.persisting:,}",
        f"{tally.corrected:,}",
        "—" if rate is None else f"{rate:.1%}",
    ]


def findings(
    snapshot: TheSnapshot,
    rule: Annotated[str, typer.Option("--rule", help="只列这条规则 / one rule only")] = "",
    region: RegionName = "",
    pack: PackName = DEFAULT_PACK,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条 / most findings listed")] = 50,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """逐条列出问题数据：所见的值和来源行 / List findings with the values seen and the row of origin."""
    chosen = pack_of(pack)
    if rule and rule not in chosen.rules:
        raise UsageProblem(
            f"没有规则 {rule}；见 docs/reference/rules.md。", f"no rule {rule}; see docs/reference/rules.md."
        )
    with (
        console.progress(json_) as progress,
        screened(snapshot, chosen, engine_name=engine, progress=progress) as (running, manifest),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        only = f" AND rule = {quoted(rule)}" if rule else ""
        rows = running.rows(
            "SELECT n.*, f.file AS origin_name FROM finding n LEFT JOIN source_file f ON f.file_no = n.origin_file "
            f"WHERE region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(code)}){only} "
            f"ORDER BY rule, region_code, row_key LIMIT {limit}"
        )
    for row in rows:
        row["seen"] = masked(row["table_name"], row["seen"])
        row["message"], row["message_en"] = told(chosen.rules[row["rule"]], row["seen"])
        place = f"{row['origin_name']}:{row['origin_sheet']}:{row['origin_row']}"
        row["origin"] = place if row["origin_name"] else ""
    if json_:
        console.print_json(rows)
        return
    headings = [(say("规则", "rule"), "left"), (say("问题", "finding"), "left"), (say("出处", "origin"), "left")]
    lines = [[row["rule"], say(row["message"], row["message_en"]), row["origin"]] for row in rows]
    console.table(say("问题数据", "findings"), headings, lines)
