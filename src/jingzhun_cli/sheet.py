"""``answers``: the figures of a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jingzhun.model.answers import Answer, AnswerSheet, Outcome
from jingzhun.pipeline import answer
from jingzhun.reporting import figure_row, outcome_word, undelivered_text, word, write_answer_sheet
from jingzhun.snapshot import read_manifest
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

HEADINGS = (
    ("编号", "figure", "left"),
    ("指标", "name", "left"),
    ("地区", "division", "left"),
    ("数值", "value", "right"),
    ("单位", "unit", "left"),
    ("分子", "numerator", "right"),
    ("分母", "denominator", "right"),
    ("行数", "rows", "right"),
)
FORMATS = ("html", "pdf", "xlsx", "json")


def answers(
    snapshot: Annotated[Path, typer.Argument(help="快照目录 / snapshot folder")],
    region: RegionName = "",
    pack: PackName = DEFAULT_PACK,
    out: Annotated[Path | None, typer.Option("--out", help="答卷输出目录 / folder for the printed sheet")] = None,
    formats: Annotated[str, typer.Option("--format", help="html,pdf,xlsx,json")] = ",".join(FORMATS),
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """脱贫答卷：每个数都有分子、分母、时点和行数 / A snapshot's figures."""
    chosen = pack_of(pack)
    wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
    if unknown := set(wanted) - set(FORMATS):
        raise UsageProblem(
            f"不支持的格式：{'、'.join(sorted(unknown))}。", f"unknown format: {', '.join(sorted(unknown))}."
        )
    if out is None and formats != ",".join(FORMATS):
        raise UsageProblem("--format 要和 --out 一起用。", "--format needs --out.")
    manifest = read_manifest(snapshot)
    code = region_of(chosen, region, manifest.as_of) if region else ""
    within(chosen, manifest, code)
    with console.progress(json_) as progress:
        sheet = answer(snapshot, chosen, region=code, engine_name=engine, progress=progress)
    outputs = write_answer_sheet(sheet, out, formats=wanted) if out else {}  # type: ignore[arg-type]
    if json_:
        console.print_json(sheet.entries())
        return
    print_headline(sheet)
    for name, path in outputs.items():
        console.show(f"答卷 {name}: {path}", f"answer sheet {name}: {path}")


def print_headline(sheet: AnswerSheet) -> None:
    """The figures that answer the source, and the verdicts that need a person."""
    answered = [entry for entry in sheet.answers if entry.figure] or list(sheet.answers)
    invented = say("【合成数据】", " [synthetic data]") if sheet.synthetic else ""
    title = say(f"{sheet.region_name} 脱贫答卷", f"{sheet.region_name} answer sheet")
    console.table(
        f"{title} {sheet.as_of} ({sheet.pack}){invented}",
        [(say(zh, en), justify) for zh, en, justify in HEADINGS],
        [_line(entry) for entry in answered],
    )
    counts: dict[Outcome, int] = {}
    for verdict in sheet.verdicts:
        counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
        if verdict.outcome in ("flagged", "failed"):
            console.show(
                f"{verdict.check} {outcome_word(verdict.outcome, 'zh')}：{verdict.message.zh}",
                f"{verdict.check} {outcome_word(verdict.outcome, 'en')}: {verdict.message.en}",
            )
    if counts:
        listed = [f"{outcome_word(outcome, console.settings.language)} {count}" for outcome, count in counts.items()]
        console.show(f"互检：{'，'.join(listed)}", f"mutual checks: {', '.join(listed)}")
    if undelivered := sheet.undelivered:
        console.show(
            f"{word('undelivered', 'zh')}：{undelivered_text(undelivered, 'zh')}。",
            f"{word('undelivered', 'en')}: {undelivered_text(undelivered, 'en')}.",
        )


def _line(entry: Answer) -> list[str]:
    row = figure_row(entry, console.settings.language)
    value = f"{row.qualifier}{row.value}" if row.value else "—"
    return [
        row.id,
        row.name,
        entry.region_name,
        value,
        row.unit,
        row.numerator or "—",
        row.denominator or "—",
        row.rows,
    ]
