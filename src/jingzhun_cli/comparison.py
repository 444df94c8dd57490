"""``compare`` and ``leads``: what other departments' data says about the register, and what became of each lead."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jingzhun.comparison import ABSENT, REFUSED, USED, OutcomeTally, beyond, refusals, tallies
from jingzhun.engine import quoted
from jingzhun.model.shown import brief
from jingzhun.pipeline import compared
from jingzhun.policy import Pack
from jingzhun.worklists import OPEN_LEAD, SEVERITIES, lead_worklists, leads_count, leads_in_words, verdicts_not_used
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
from jingzhun_cli.quality import TheSnapshot, Worklists, say_more, say_not_used, say_written

STATES = {
    USED: ("已使用", "used"),
    REFUSED: ("拒用：没有有效授权", "refused: no authority in force"),
    ABSENT: ("未报送", "absent"),
}
SOURCE_HEADINGS = (
    ("来源", "source", "left"),
    ("部门", "department", "left"),
    ("状态", "state", "left"),
    ("记录", "records", "right"),
    ("数据截止", "file date", "left"),
    ("依据", "authority", "left"),
)
HEADINGS = (
    ("规则", "check", "left"),
    ("程度", "severity", "left"),
    ("线索", "lead", "left"),
    ("发现", "found", "right"),
    ("已核查", "decided", "right"),
    ("到期", "run out", "right"),
    ("待核查", "open", "right"),
    ("办结率", "closed", "right"),
)


def compare(
    snapshot: TheSnapshot,
    region: RegionName = "",
    worklists: Worklists = None,
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """与部门数据比对并在册内查重：凭什么使用，多少线索、核查多少 / Compare with other departments' data."""
    chosen = pack_of(pack)
    with (
        console.progress(json_) as progress,
        compared(snapshot, chosen, engine_name=engine, progress=progress) as (running, manifest),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        sources = running.rows("SELECT * FROM comparison_source ORDER BY state DESC, source")
        refused = refusals(running, chosen, manifest.as_of)
        uncovered = beyond(running, code)
        found = tallies(running, chosen, code)
        unused = verdicts_not_used(running, code)
        written = lead_worklists(running, chosen, manifest, code, worklists) if worklists else []
    if json_:
        console.print_json(
            {
                "sources": [
                    row | _reason(refused.get(row["source"])) | {"not_covered": uncovered.get(row["source"], 0)}
                    for row in sources
                ],
                "checks": [tally.to_json() for tally in found],
                "verdicts_not_used": unused,
                "worklists": [str(path) for path in written],
            }
        )
        return
    place = chosen.divisions.on(manifest.as_of).get(code).name
    delivered = [row for row in sources if row["state"] != ABSENT]
    _print_sources(chosen, f"{place} {manifest.as_of}", delivered, refused)
    console.table(
        say(f"{place} 比对线索", f"{place} leads"),
        [(say(zh, en), justify) for zh, en, justify in HEADINGS],
        [_line(tally) for tally in found],
    )
    total, open_ = sum(tally.found for tally in found), sum(tally.open for tally in found)
    console.show(
        f"{total:,} 条线索，{open_:,} 条待核查；线索不是结论，逐条入户核实后填报核查结论。逐条查看：jingzhun leads。",
        f"{total:,} leads, {open_:,} open; a lead is no verdict: look into each and report a verdict. "
        "List them with jingzhun leads.",
    )
    if claimed := sum(tally.claimed for tally in found):
        console.show(
            f"有 {claimed:,} 条报了属实-已更正，登记信息仍未变，不计为已核查；请更正后重新报送登记信息。",
            f"{claimed:,} were reported as corrected, but the register still says the same: not counted as decided. "
            "Correct the register and deliver it again.",
        )
    _say_uncovered(chosen, uncovered)
    say_not_used(unused)
    say_written(written)
    _say_refused(chosen, refused)


def _print_sources(pack: Pack, where: str, rows: list[dict[str, Any]], refused: dict[str, tuple[str, str]]) -> None:
    console.table(
        say(f"{where} 比对来源", f"{where} sources"),
        [(say(zh, en), justify) for zh, en, justify in SOURCE_HEADINGS],
        [_source_line(pack, row, refused.get(row["source"])) for row in rows],
    )


def _say_refused(pack: Pack, refused: dict[str, tuple[str, str]]) -> None:
    """Why a source that was delivered is not used, and what to deliver."""
    if refused:
        told = [(pack.sources_compared[name].label, *why) for name, why in refused.items()]
        console.show(
            f"没有有效的比对授权，未使用：{'；'.join(f'{label}（{zh}）' for label, zh, _ in told)}。"
            "补报“比对授权”台账（source_authority）后再运行一次 jingzhun run。",
            f"no authority in force, not used: {'; '.join(f'{label} ({en})' for label, _, en in told)}. "
            "Deliver the ledger source_authority and do jingzhun run again.",
        )


def _say_uncovered(pack: Pack, uncovered: dict[str, int]) -> None:
    """Records of a source that is used elsewhere: their own county has no document."""
    if not uncovered:
        return
    sources = [(pack.sources_compared[name], count) for name, count in uncovered.items()]
    zh, en = ("、".join(f"{one.zh} {n:,}" for one, n in sources), ", ".join(f"{one.en} {n:,}" for one, n in sources))
    console.show(
        f"所在县没有有效授权、未使用的记录：{zh}。请这些县补报授权。",
        f"records of counties without a document in force, not used: {en}. Those counties must deliver one.",
    )


def leads(
    snapshot: TheSnapshot,
    check: Annotated[str, typer.Option("--check", help="只列这条规则 / one check only")] = "",
    region: RegionName = "",
    open_only: Annotated[bool, typer.Option("--open", help="只列待核查的 / open leads only")] = False,
    pack: PackName = DEFAULT_PACK,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="最多列出多少条 / most leads listed")] = 50,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """逐条列出比对线索：证据、可能性、建议和核查结论 / List leads with their evidence, probability and verdict."""
    chosen = pack_of(pack)
    if check and check not in chosen.comparison_checks:
        raise UsageProblem(
            f"没有比对规则 {brief(check)}；见 docs/reference/comparison.md。",
            f"no check {brief(check)}; see docs/reference/comparison.md.",
        )
    with (
        console.progress(json_) as progress,
        compared(snapshot, chosen, engine_name=engine, progress=progress) as (running, manifest),
    ):
        code = region_of(chosen, region, manifest.as_of) if region else manifest.region
        within(chosen, manifest, code)
        only = [f"check_id = {quoted(check)}"] if check else []
        only += [OPEN_LEAD] if open_only else []
        rows = leads_in_words(running, chosen, code, " AND ".join(only), limit)
        total = leads_count(running, code, " AND ".join(only))
    say_more(len(rows), total)
    if json_:
        console.print_json(rows)
        return
    headings = (
        ("线索", "lead"),
        ("内容", "what"),
        ("可能性", "likely"),
        ("建议", "suggested"),
        ("结论", "verdict"),
        ("出处", "origin"),
    )
    console.table(
        say("比对线索", "leads"), [(say(zh, en), "left") for zh, en in headings], [_told(row) for row in rows]
    )


def _reason(why: tuple[str, str] | None) -> dict[str, str]:
    """Why a source is refused, for programs; nothing for the others."""
    return {"why": why[0], "why_en": why[1]} if why else {}


def _source_line(pack: Pack, row: dict[str, Any], why: tuple[str, str] | None) -> list[str]:
    source = pack.sources_compared[row["source"]]
    authority = say(*why) if why else f"{row['document']}（{row['until']}）" if row["document"] else "—"
    return [
        say(source.zh, source.en),
        source.department,
        say(*STATES[row["state"]]),
        f"{row['records']:,}",
        str(row["roster_on"] or "—"),
        authority,
    ]


def _line(tally: OutcomeTally) -> list[str]:
    rate = tally.closing_rate
    return [
        tally.check.id,
        say(*SEVERITIES[tally.check.severity]),
        say(tally.check.zh, tally.check.en),
        f"{tally.found:,}",
        f"{tally.decided:,}",
        f"{tally.run_out:,}",
        f"{tally.open:,}",
        "—" if rate is None else f"{rate:.1%}",
    ]


def _told(row: dict[str, Any]) -> list[str]:
    likely = "—" if row["probability"] is None else f"{row['probability']:.3f}"
    return [
        row["lead_no"],
        say(row["message"], row["message_en"]),
        likely,
        row["suggested"] or "—",
        row["verdict"] or "—",
        row["origin"],
    ]
