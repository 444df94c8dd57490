"""``evaluate``: weights, rates and verdicts of a third-party evaluation, and its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from jingzhun.engine import open_engine
from jingzhun.evaluation import (
    About,
    Evidence,
    SampleManifest,
    build_frame,
    open_sample,
    read_register,
    read_sample,
)
from jingzhun.evaluation import (
    evaluate as evaluated,
)
from jingzhun.model.evaluation_report import EvaluationReport, RateResult
from jingzhun.model.message import Message
from jingzhun.policy import Pack
from jingzhun.reporting import Format, write_evaluation
from jingzhun.reporting.evaluation_words import bound_mark, bound_text, limit_text, percent, point_mark
from jingzhun.snapshot import Manifest, NotASnapshot, open_snapshot, read_manifest
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, EngineName, PackName, UsageProblem, pack_of, within
from jingzhun_cli.console import say

ACCOUNT = "survey.json"
FORMATS: tuple[Format, ...] = ("html", "pdf", "xlsx", "json")
HEADINGS = (
    ("指标", "rate", "left"),
    ("官方口径", "official", "right"),
    ("限值", "limit", "right"),
    ("按点估计", "by the point", "left"),
    ("按抽样设计估计", "from the design", "right"),
    ("区间", "interval", "right"),
    ("单侧界", "bound", "right"),
    ("按单侧界", "by the bound", "left"),
)


def evaluate(
    snapshot: Annotated[Path, typer.Argument(help="抽样所用的快照目录 / the snapshot that was drawn from")],
    sample: Annotated[Path, typer.Argument(help="样本目录 / folder of the sample")],
    survey: Annotated[Path, typer.Argument(help="jingzhun survey 的输出目录 / output folder of jingzhun survey")],
    out: Annotated[Path | None, typer.Option("--out", help="评估报告输出目录 / folder for the report")] = None,
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """第三方评估：权重、四率、区间和判定 / Weights, the four rates, intervals and verdicts of an evaluation."""
    chosen, drawn = pack_of(pack), read_sample(sample)
    answers, account = _survey_of(survey, drawn)
    with console.progress(json_) as progress:
        if progress:
            progress(say("抽样框", "frame"), 0, 3)
        report = _report(chosen, engine, snapshot, sample, answers, drawn, _beforehand(account))
        if progress:
            progress(say("报告", "report"), 2, 3)
        outputs = write_evaluation(report, out, formats=FORMATS) if out else {}
    if json_:
        console.print_json(report.to_json() | {"survey_findings": account})
        return
    print_report(report)
    for name, path in outputs.items():
        console.show(f"评估报告 {name}: {path}", f"report {name}: {path}")


def _survey_of(folder: Path, drawn: SampleManifest) -> tuple[Path, dict[str, int]]:
    """The frozen answers of a survey, and what its check against the sample found, by kind."""
    path = folder / ACCOUNT
    if not path.is_file():
        raise NotASnapshot(
            folder,
            f"不是调查目录：缺少 {ACCOUNT}。请指向 jingzhun survey 写出的目录。",
            f"not a survey: {ACCOUNT} is missing. Point to the folder that jingzhun survey wrote.",
        )
    try:
        account = json.loads(path.read_text("utf-8"))
        of, frozen, found = account["sample"], account["snapshot"], dict(account["findings"])
    except (ValueError, KeyError, TypeError) as error:
        raise _changed(folder) from error
    if of != drawn.fingerprint:
        raise UsageProblem(
            f"{folder} 是另一个样本的调查；请换成这个样本的调查目录，或指定那个样本。",
            f"{folder} is the survey of another sample; name the survey of this one, or that sample.",
        )
    if read_manifest(folder / "snapshot").fingerprint != frozen:
        raise _changed(folder)
    return folder / "snapshot", found


def _changed(folder: Path) -> NotASnapshot:
    return NotASnapshot(
        folder,
        f"{ACCOUNT} 与其中的快照不符，或已损坏、被改动过；请用收回的文件重新运行 jingzhun survey。",
        f"{ACCOUNT} does not fit the snapshot beside it, is damaged or was changed; run jingzhun survey again on what "
        "came back.",
    )


def _beforehand(account: dict[str, int]) -> tuple[Message, ...]:
    """That the survey contradicts its sample: the figures count rows as they were sent."""
    count = sum(account.values())
    if not count:
        return ()
    return (
        Message(
            "survey_findings",
            f"调查对照样本有 {count:,} 条问题，逐条见调查目录的 findings.csv；各率按报来的计，请先处理再定论。",
            f"findings of the survey held against its sample: {count:,}, each in findings.csv of its folder; the rates "
            "count what was sent, so settle them before the verdict.",
        ),
    )


def _report(
    pack: Pack,
    engine: str,
    snapshot: Path,
    sample: Path,
    answers: Path,
    drawn: SampleManifest,
    beforehand: tuple[Message, ...],
) -> EvaluationReport:
    with open_engine(engine) as running:
        frozen = open_snapshot(answers, running)
        visits, cases = (running.arrow(f"SELECT * FROM {name}") for name in ("survey_visit", "doubtful_case"))
    with open_engine(engine) as running:
        source = open_snapshot(snapshot, running)
        _refuse_other(pack, source, drawn)
        open_sample(sample, running)
        villages, households = (running.arrow(f"SELECT * FROM {name}") for name in drawn.tables)
        build_frame(running, pack, pack.designs[drawn.design], source.as_of, drawn.region)
        register = read_register(running, pack.designs[drawn.design], source.as_of)
    about = About(
        region=drawn.region,
        region_name=pack.divisions.on(source.as_of).get(drawn.region).name,
        as_of=source.as_of,
        snapshot=source.fingerprint,
        sample=drawn.fingerprint,
        survey=frozen.fingerprint,
        seed=f"{drawn.seed}",
        synthetic=source.synthetic or drawn.synthetic or frozen.synthetic,
    )
    return evaluated(register, Evidence(villages, households, visits, cases), pack, about, beforehand)


def _refuse_other(pack: Pack, source: Manifest, drawn: SampleManifest) -> None:
    """The sample must be of this snapshot, and of the design as the pack has it: else its frame would be another."""
    if source.fingerprint != drawn.snapshot:
        raise UsageProblem(
            f"样本不是从这个快照抽的（样本记的快照是 {drawn.snapshot[:12]}，这个是 {source.fingerprint[:12]}）；"
            "请指定抽样所用的快照。",
            f"the sample was not drawn from this snapshot (it says {drawn.snapshot[:12]}, this one is "
            f"{source.fingerprint[:12]}); name the snapshot that it was drawn from.",
        )
    within(pack, source, drawn.region)
    design = pack.designs.get(drawn.design)
    if design is None or design.fingerprint != drawn.design_sha256:
        raise UsageProblem(
            f"样本是按政策包 {drawn.pack} {drawn.pack_version} 的设计 {drawn.design} 抽的，现在的政策包没有它或已改动；"
            "请用 --pack 指定抽样时的政策包。",
            f"the sample was drawn by the design {drawn.design} of the pack {drawn.pack} {drawn.pack_version}, which "
            "this pack lacks or has changed; name the pack that it was drawn with, with --pack.",
        )


def print_report(report: EvaluationReport) -> None:
    """The verdicts, and every remark that needs a person."""
    language = console.settings.language
    invented = say("【合成数据】", " [synthetic data]") if report.synthetic else ""
    for area in report.areas:
        console.table(
            say(f"{area.name} 第三方评估", f"{area.name}: third-party evaluation") + f" {report.as_of}{invented}",
            [(say(zh, en), justify) for zh, en, justify in HEADINGS],
            [_line(result) for result in area.results],
        )
    for result in report.whole.results:
        for remark in result.remarks:
            console.show(f"{result.name.zh}：{remark.zh}", f"{result.name.en}: {remark.en}")
    for remark in report.remarks:
        console.show(remark.say(language), remark.say(language))


def _line(result: RateResult) -> list[str]:
    language, verdict, design = console.settings.language, result.verdict, result.design
    official = percent(result.official[0].rate) if result.official else ""
    interval = ""
    if design is not None and design.low is not None and design.high is not None:
        interval = f"{percent(design.low)} – {percent(design.high)}"
    return [
        result.name.say(language),
        official or "—",
        limit_text(verdict.limit) if verdict else "—",
        point_mark(verdict.by_point, language).text if verdict else "—",
        percent(design.rate) if design else "—",
        interval or "—",
        bound_text(result) or "—",
        bound_mark(verdict.by_bound, language).text if verdict else "—",
    ]
