"""``survey``: take what the evaluators sent back in, and hold it against the sample."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun.engine import Engine, open_engine
from jingzhun.evaluation import (
    NOT_VISITED,
    Found,
    SampleManifest,
    findings,
    open_sample,
    progress_step,
    read_sample,
)
from jingzhun.intake import take_in, to_read_again
from jingzhun.model.labels import COMPLETED
from jingzhun.model.origin import origin_text
from jingzhun.model.receipt import FileReceipt
from jingzhun.model.shown import masked
from jingzhun.policy import Pack
from jingzhun.snapshot import Manifest, held, open_snapshot
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, EngineName, PackName, UsageProblem, pack_of
from jingzhun_cli.console import ExitCode, say
from jingzhun_cli.frozen import frozen
from jingzhun_cli.given import files_of, is_synthetic, lies_inside, refuse_nothing, say_again
from jingzhun_cli.receipts import print_receipts, totals

REPORT, LISTED = "survey.json", "findings.csv"
COLUMNS = ("check", "rule", "severity", "region_code", "household_key", "visit_no", "zh", "en", "file", "sheet", "row")
SEVERITIES = {"E": ("错误", "error"), "S": ("疑点", "suspicion")}


def survey(
    sample: Annotated[Path, typer.Argument(help="样本目录 / folder of the sample")],
    files: Annotated[
        list[Path], typer.Argument(help="填好的名单、表单导出、疑似问题台账，文件或目录 / what came back")
    ],
    out: Annotated[Path, typer.Option("--out", help="输出目录 / output folder")] = Path("survey"),
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """接收入户调查结果，对照样本核查 / Take survey rows in and hold them against the sample."""
    chosen, drawn = pack_of(pack), read_sample(sample)
    _refuse_other_pack(chosen, drawn)
    if lies_inside(out, files) or lies_inside(out, [sample]):
        raise UsageProblem(
            f"输出目录 {out} 在样本目录或要接收的目录里面，会把自己的文件当作报送；请用 --out 指到外面。",
            f"the output folder {out} lies inside the sample or a folder to be taken in; name another with --out.",
        )
    _refuse_other_sample(out, drawn)
    (found, left_out), store = files_of(files), out / "store"
    with held(out), console.progress(json_) as progress:
        say_again(to_read_again(store, chosen, drawn.as_of))
        receipts = take_in(found, store, chosen, received_on=drawn.as_of, progress=progress) + left_out
        if not json_:
            print_receipts(receipts, store, chosen)
        refuse_nothing(receipts, store, ("没有调查可核", "there is no survey to look into"))
        invented = is_synthetic(files, store) or drawn.synthetic
        snapshot, manifest = frozen(
            out, chosen, drawn.as_of, region=drawn.region, synthetic=invented, progress=progress
        )
        with open_engine(engine) as running:
            told = _held_against(running, snapshot, sample, chosen)
        _write(out, drawn, manifest, *told)
    _tell(chosen, drawn, manifest, out, receipts, *told, json_=json_)
    if any(receipt.refused for receipt in receipts):
        raise typer.Exit(ExitCode.REFUSED)


def _refuse_other_pack(pack: Pack, drawn: SampleManifest) -> None:
    if drawn.design not in pack.designs:
        raise UsageProblem(
            f"样本是按政策包 {drawn.pack} {drawn.pack_version} 的设计 {drawn.design} 抽的，现在的政策包没有它；"
            "请用 --pack 指定。",
            f"the sample was drawn by the design {drawn.design} of the pack {drawn.pack} {drawn.pack_version}, which "
            "this pack lacks; name that pack with --pack.",
        )


def _refuse_other_sample(out: Path, drawn: SampleManifest) -> None:
    report = out / REPORT
    if not report.is_file():
        return
    try:
        before = json.loads(report.read_text("utf-8"))["sample"]
    except (ValueError, KeyError, TypeError):
        before = ""
    if before != drawn.fingerprint:
        raise UsageProblem(
            f"目录 {out} 里是另一个样本的调查；不同样本不混放，请换一个 --out 目录。",
            f"the folder {out} holds the survey of another sample; name another with --out.",
        )


Progress = list[dict[str, Any]]


def _held_against(engine: Engine, snapshot: Path, sample: Path, pack: Pack) -> tuple[list[Found], Progress]:
    open_snapshot(snapshot, engine)
    drawn = open_sample(sample, engine)
    engine.run(progress_step())
    return findings(engine, drawn, pack), engine.rows(
        "SELECT * FROM survey_progress ORDER BY county_code, stratum, subject, outcome"
    )


def _write(out: Path, drawn: SampleManifest, manifest: Manifest, found: list[Found], progress: Progress) -> None:
    """The findings as a table that spreadsheet programs open, and the account for other programs."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_plain(one) for one in found)
    (out / LISTED).write_text(text.getvalue(), "utf-8-sig")
    account = {
        "sample": drawn.fingerprint,
        "snapshot": manifest.fingerprint,
        "synthetic": manifest.synthetic,
        "progress": progress,
        "findings": _counted(found),
    }
    (out / REPORT).write_text(json.dumps(account, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _plain(one: Found) -> dict[str, Any]:
    return {
        "check": one.check.id,
        "rule": one.check.rule,
        "severity": one.check.severity,
        "region_code": one.region_code,
        "household_key": one.household_key,
        "visit_no": one.visit_no,
        "zh": one.zh,
        "en": one.en,
        "file": masked(one.file),
        "sheet": masked(one.sheet),
        "row": one.row,
    }


def _counted(found: Sequence[Found]) -> dict[str, int]:
    return dict(Counter(one.check.id for one in found))


def _tell(
    pack: Pack,
    drawn: SampleManifest,
    manifest: Manifest,
    out: Path,
    receipts: list[FileReceipt],
    found: list[Found],
    progress: Progress,
    *,
    json_: bool,
) -> None:
    if json_:
        console.print_json(
            {
                "folder": str(out),
                "snapshot": manifest.fingerprint,
                "accounting": totals(receipts),
                "progress": progress,
                "counts": _counted(found),
                "findings": [_plain(one) for one in found],
            }
        )
        return
    _print_progress(pack, drawn, progress)
    _print_findings(found)
    console.show(
        f"调查快照 {out / 'snapshot'}；{len(found):,} 条问题，逐条见 {out / LISTED}。",
        f"survey snapshot {out / 'snapshot'}; {len(found):,} findings, all in {out / LISTED}.",
    )


def _print_progress(pack: Pack, drawn: SampleManifest, progress: Progress) -> None:
    """A line for each stratum and subject; a column for each outcome that was met."""
    tree = pack.divisions.on(drawn.as_of)
    items = {item.label: item.en for item in pack.codes["visit_outcome"].items}
    met = [label for label in items if label == COMPLETED or any(row["outcome"] == label for row in progress)]
    lines: dict[tuple[str, str, str], dict[str, int]] = defaultdict(Counter)
    for row in progress:
        line = lines[row["county_code"], row["stratum"], row["subject"]]
        line[row["outcome"]] += row["households"]
        line["drawn"] += row["households"]
        line["replaced"] += row["replaced"]
    headings = [(say("县", "county"), "left"), (say("村层", "stratum"), "left"), (say("调查对象", "asked"), "left")]
    headings += [(say("抽中", "drawn"), "right"), *((say(label, items[label]), "right") for label in met)]
    headings += [(say("未访问", "not visited"), "right"), (say("已替换", "replaced"), "right")]
    console.table(
        say("完成情况", "what became of the households drawn"),
        headings,
        [
            [
                tree.get(county).name,
                stratum,
                subject,
                *(f"{line[name]:,}" for name in ("drawn", *met, NOT_VISITED, "replaced")),
            ]
            for (county, stratum, subject), line in lines.items()
        ],
    )


def _print_findings(found: list[Found]) -> None:
    counts = Counter(one.check for one in found)
    first = {check: next(one for one in found if one.check == check) for check in counts}
    headings = (("规则", "rule"), ("程度", "severity"), ("条数", "many"), ("例", "such as"))
    if not found:
        return
    console.table(
        say("对照样本", "held against the sample"),
        [(say(zh, en), "right" if zh == "条数" else "left") for zh, en in headings],
        [
            [
                check.rule or "—",
                say(*SEVERITIES[check.severity]),
                f"{many:,}",
                f"{say(first[check].zh, first[check].en)}{_where(first[check])}",
            ]
            for check, many in counts.items()
        ],
    )


def _where(one: Found) -> str:
    at = masked(origin_text(one.file, one.sheet, one.row))
    return say(f"（{at}）", f" ({at})") if at else ""
