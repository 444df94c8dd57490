"""``check`` and ``findings``: what in the register breaks which rule, and what became of it since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun.model.shown import brief
from jingzhun.pipeline import screened
from jingzhun.policy import Pack
from jingzhun.quality import Tally, tallies
from jingzhun.snapshot import Manifest, read_manifest
from jingzhun.worklists import (
    OPEN_PROBLEM,
    SEVERITIES,
    STATES,
    findings_by_state,
    findings_in_words,
    problem_answers_not_used,
    problem_worklists,
)
from jingzhun_cli import console
from jingzhun_cli.choices import (
    DEFAULT_PACK,
    MOST_LISTED,
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

COUNTS = (
    ("发现", "found", "right"),
    ("已整改", "corrected", "right"),
    ("豁免", "exempt", "right"),
    ("待整改", "open", "right"),
    ("办结率", "closed", "right"),
)
HEADINGS = (
    ("规则", "rule", "left"),
    ("程度", "severity", "left"),
    ("问题", "problem", "left"),
    *COUNTS,
    ("其中新增", "new", "right"),
    ("再现", "back", "right"),
)
PLACES = (("地区", "division", "left"), *COUNTS)
ASKED: dict[str, tuple[str, str]] = {
    "all": ("全部", ""),
    "open": ("待整改", OPEN_PROBLEM),
    "exempt": ("豁免", "exempt"),
    "run_out": ("豁免到期", "run_out"),
    "claimed": ("报称已整改", "claimed"),
    **{state: (zh, f"state = '{state}'") for state, (zh, _) in STATES.items()},
}
"""What ``--state`` takes: its English word, the word of the tables, and the condition on a finding."""
SHOWN = 5
"""Answers not used that are named on a screen."""
Since = Annotated[
    list[Path] | None,
    typer.Option(
        "--since", help="较早的快照，可给几个，先旧后新 / earlier snapshots, the oldest first; may be repeated"
    ),
]
TheSnapshot = Annotated[Path, typer.Argument(help="快照目录 / snapshot folder")]
Worklists = Annotated[
    Path | None,
    typer.Option("--worklists", help="按乡镇写出核查表的目录 / folder for one worklist per township"),
]


def check(
    snapshot: TheSnapshot,
    since: Since = None,
    region: RegionName = "",
    worklists: Worklists = None,
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """筛查问题数据：每条规则发现、整改、豁免、待整改多少 / Screen the register: found, corrected, exempt, open."""
    chosen, earlier = pack_of(pack), _in_order(snapshot, since)
    with (
        console.progress(json_) as progress,
        screened(snapshot, chosen, since=earlier, engine_name=engine, progress=progress) as (running, manifest),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        tree = chosen.divisions.on(manifest.as_of)
        found = tallies(running, chosen, [code, *tree.children(code)])
        unused = problem_answers_not_used(running, code)
        written = problem_worklists(running, chosen, manifest, code, worklists) if worklists else []
    whole = [tally for tally in found if tally.region == code]
    below = [tally for tally in found if tally.region != code]
    if json_:
        console.print_json(
            {
                "region": code,
                "as_of": manifest.as_of,
                "since": [str(path) for path in earlier],
                "rules_asked": len(chosen.rules),
                "rules": [tally.to_json() for tally in whole],
                "divisions": [{"region": tally.region, **tally.to_json()} for tally in below],
                "answers_not_used": unused,
                "worklists": [str(path) for path in written],
            }
        )
        return
    _print(chosen, manifest, code, whole, below)
    say_not_used(unused)
    say_written(written)


def _print(pack: Pack, manifest: Manifest, code: str, whole: list[Tally], below: list[Tally]) -> None:
    tree = pack.divisions.on(manifest.as_of)
    place = tree.get(code).name
    console.table(
        say(f"{place} 问题数据筛查 {manifest.as_of}", f"{place} findings {manifest.as_of}"),
        [(say(zh, en), justify) for zh, en, justify in HEADINGS],
        [_line(tally) for tally in sorted(whole, key=_most_pressing)],
    )
    if below:
        console.table(
            say(f"{place} 各地", f"{place}, by division"),
            [(say(zh, en), justify) for zh, en, justify in PLACES],
            [
                [tree.get(region).name, *_counts([tally for tally in below if tally.region == region])]
                for region in dict.fromkeys(tally.region for tally in below)
            ],
        )
    found, left = sum(tally.found for tally in whole), sum(tally.open for tally in whole)
    console.show(
        f"筛查 {len(pack.rules)} 条规则，发现 {found:,} 处，待整改 {left:,} 处；疑点要入户核实，不是结论。"
        "逐条查看：jingzhun findings。",
        f"{len(pack.rules)} rules, {found:,} findings, {left:,} open; suspicions are to be looked into, they are no "
        "verdicts. List them with jingzhun findings.",
    )
    if claimed := sum(tally.claimed for tally in whole):
        console.show(
            f"有 {claimed:,} 处报了已整改，登记信息仍然违反规则，不计为整改；"
            "逐条查看：jingzhun findings --state claimed。",
            f"{claimed:,} were reported as corrected, but the register still breaks the rule: not counted. "
            "List them with jingzhun findings --state claimed.",
        )


def say_more(listed: int, total: int) -> None:
    """That a list was cut, beside it, so that a program reads the list alone."""
    if listed < total:
        console.aside(
            f"共 {total:,} 条，列出 {listed:,} 条；要看更多，加 --limit。",
            f"{listed:,} of {total:,} are listed; see more with --limit.",
        )


def say_not_used(unused: list[dict[str, Any]]) -> None:
    """Answers that count for nothing are named, so that who gave them can be asked."""
    if not unused:
        return
    first = unused[:SHOWN]
    console.show(
        f"报回的 {len(unused):,} 条处理结果没有采用，请按括号里的原因核对后重报："
        + "；".join(f"{one['number']}（{one['zh']}，{one['origin']}）" for one in first)
        + ("等（--json 列出全部）。" if len(unused) > SHOWN else "。"),
        f"{len(unused):,} answers that came back are not used; look into the reason given and send them again: "
        + "; ".join(f"{one['number']} ({one['en']}, {one['origin']})" for one in first)
        + (" and others (all with --json)." if len(unused) > SHOWN else "."),
    )


def say_written(written: list[Path]) -> None:
    if written:
        console.show(
            f"核查表 {len(written)} 个，在 {written[0].parent}；填好后用 jingzhun intake 或放进报送目录收回。",
            f"{len(written)} worklists in {written[0].parent}; when filled in, take them in with jingzhun intake.",
        )


def _in_order(snapshot: Path, since: list[Path] | None) -> list[Path]:
    """Earlier snapshots from the oldest on. Refuses one of another division or later than the snapshot itself."""
    manifests = {path: read_manifest(path) for path in since or []}
    days = {path: manifest.as_of for path, manifest in manifests.items()}
    own = read_manifest(snapshot)
    day = own.as_of
    if foreign := [path for path, manifest in manifests.items() if manifest.region != own.region]:
        # What is not in the other division's register would pass for corrected.
        theirs = manifests[foreign[0]].region
        raise UsageProblem(
            f"--since 的快照 {foreign[0]} 是 {theirs} 的，{snapshot} 是 {own.region} 的，不能比较；请用同一区划的。",
            f"the --since snapshot {foreign[0]} is of {theirs}, {snapshot} of {own.region}: they cannot be compared; "
            "name one of the same division.",
        )
    if late := [path for path, other in days.items() if other > day]:
        raise UsageProblem(
            f"--since 的快照 {late[0]}（{days[late[0]]}）比 {snapshot}（{day}）还晚；请对调。",
            f"the --since snapshot {late[0]} ({days[late[0]]}) is later than {snapshot} ({day}); swap them.",
        )
    return sorted(days, key=lambda path: days[path])


def _most_pressing(tally: Tally) -> tuple[int, int, str]:
    """Errors before suspicions before hints, and of each what is open most."""
    return list(SEVERITIES).index(tally.rule.severity), -tally.open, tally.rule.id


def _line(tally: Tally) -> list[str]:
    return [
        tally.rule.id,
        say(*SEVERITIES[tally.rule.severity]),
        say(tally.rule.zh, tally.rule.en),
        *_counts([tally]),
        f"{tally.new:,}",
        f"{tally.reappeared:,}",
    ]


def _counts(some: list[Tally]) -> list[str]:
    found, corrected, exempt = (sum(getattr(one, name) for one in some) for name in ("found", "corrected", "exempt"))
    left = sum(one.open for one in some)
    rate = f"{(corrected + exempt) / found:.1%}" if found else "—"
    return [f"{found:,}", f"{corrected:,}", f"{exempt:,}", f"{left:,}", rate]


def findings(
    snapshot: TheSnapshot,
    since: Since = None,
    rule: Annotated[str, typer.Option("--rule", help="只列这条规则 / one rule only")] = "",
    state: Annotated[
        str,
        typer.Option(
            "--state",
            help="只列这种情况的 / only those in this state: "
            + ", ".join(f"{zh}={en}" for en, (zh, _) in ASKED.items()),
        ),
    ] = "open",
    region: RegionName = "",
    pack: PackName = DEFAULT_PACK,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="最多列出多少条 / most findings listed")] = 50,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """逐条列出问题数据：所见的值、来源单元格和来龙去脉 / List findings with values, cells of origin and their life."""
    chosen, earlier = pack_of(pack), _in_order(snapshot, since)
    if rule and rule not in chosen.rules:
        raise UsageProblem(
            f"没有规则 {brief(rule)}；见 docs/reference/rules.md。",
            f"no rule {brief(rule)}; see docs/reference/rules.md.",
        )
    asked = _state(state)
    with (
        console.progress(json_) as progress,
        screened(snapshot, chosen, since=earlier, engine_name=engine, progress=progress) as (running, manifest),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        of_rule = [f"rule = '{rule}'"] if rule else []
        condition = ASKED[asked][1]
        only = [condition] if condition else []
        rows = findings_in_words(running, chosen, code, " AND ".join(only + of_rule), limit)
        others = {} if rows else findings_by_state(running, code, " AND ".join(of_rule))
        total = sum(findings_by_state(running, code, " AND ".join(only + of_rule)).values())
    say_more(len(rows), total)
    if json_:
        console.print_json(rows)
        return
    if not rows:
        _print_none(rule, asked, others)
        return
    headings = (("规则", "rule"), ("问题", "finding"), ("情况", "state"), ("单元格", "cells"), ("出处", "origin"))
    lines = [
        [
            row["rule"],
            say(row["message"], row["message_en"]),
            say(*STATES[row["state"]]),
            " ".join(row["cells"]),
            row["origin"],
        ]
        for row in rows
    ]
    console.table(say("问题数据", "findings"), [(say(zh, en), "left") for zh, en in headings], lines)


def _state(given: str) -> str:
    """The state that is meant by its Chinese or its English word. Refuses other words and lists those there are."""
    for state, (zh, _) in ASKED.items():
        if given in (state, zh):
            return state
    listed = "、".join(f"{zh}（{state}）" for state, (zh, _) in ASKED.items())
    raise UsageProblem(
        f"--state 没有“{brief(given)}”；可以写：{listed}。", f"--state knows no {brief(given)!r}; use one of {listed}."
    )


def _print_none(rule: str, state: str, others: dict[str, int]) -> None:
    """That nothing is in the state that was asked for, what is in others, and how to see it."""
    zh, en = ("", "") if state == "all" else (f"“{ASKED[state][0]}”的", f" in state {state!r}")
    of_zh, of_en = (f"规则 {rule} ", f" of rule {rule}") if rule else ("", "")
    console.show(f"{of_zh}没有{zh}问题。", f"no finding{of_en}{en}.")
    if others:
        told = [say(*STATES[name]) + f" {count:,}" for name, count in others.items()]
        first = next(iter(others))
        console.show(
            f"其他情况的有：{'、'.join(told)}；要看，加 --state 全部，或只看一种，如 --state {STATES[first][0]}。",
            f"in other states: {', '.join(told)}; see them with --state all, or one of them, as --state {first}.",
        )
    elif state != "all":
        console.show(
            "其他情况的也没有；已整改的要给出较早的快照（--since）才看得到。",
            "none in other states either; what was corrected is seen only with an earlier snapshot (--since).",
        )
