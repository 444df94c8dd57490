"""``synth``, ``intake`` and ``run``: make deliveries, take them in, and do the whole main job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jingzhun.indicators.plan import plan_indicators
from jingzhun.intake import receipt_json, take_in, to_read_again
from jingzhun.model.answers import AnswerSheet
from jingzhun.model.receipt import FileReceipt
from jingzhun.model.shown import masked
from jingzhun.pipeline import answer
from jingzhun.population import NumbersUsedUp, WrongSize, generate
from jingzhun.reporting import write_answer_sheet
from jingzhun.snapshot import Manifest, held, seal
from jingzhun_cli import console
from jingzhun_cli.choices import (
    DEFAULT_PACK,
    AsJson,
    AsOf,
    EngineName,
    PackName,
    RegionName,
    UsageProblem,
    day_of,
    pack_of,
    region_of,
)
from jingzhun_cli.console import ExitCode
from jingzhun_cli.frozen import frozen
from jingzhun_cli.given import (
    earlier_files,
    files_of,
    is_synthetic,
    lies_inside,
    refuse_nothing,
    say_again,
)
from jingzhun_cli.receipts import print_receipts, totals
from jingzhun_cli.sheet import print_headline


def synth(
    out: Annotated[Path, typer.Option("--out", help="输出目录 / output folder")],
    region: RegionName,
    pack: PackName = DEFAULT_PACK,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option(help="随机种子：同一种子结果相同 / same seed, same result")] = 2018,
    persons: Annotated[
        int | None, typer.Option(min=1, help="人口数，每个县至少十人，默认为实际规模 / residents; default: true size")
    ] = None,
    form: Annotated[
        Literal["files", "snapshot"], typer.Option(help="files：部门文件；snapshot：直接生成快照 / files or snapshot")
    ] = "files",
    json_: AsJson = False,
) -> None:
    """生成合成的部门报送文件，附真值 / Make synthetic deliveries in the departments' own layouts, with the truth."""
    chosen = pack_of(pack)
    day = day_of(as_of, chosen)
    code = region_of(chosen, region, day)
    if out.exists() and any(out.iterdir()):
        raise UsageProblem(
            f"目录 {out} 里已有内容；合成数据不与其他数据混放，请换一个目录，或先删除它。",
            f"the folder {out} is not empty; synthetic data are not mixed with others: name another, or delete it.",
        )
    try:
        with console.progress(json_) as progress:
            report = generate(
                chosen,
                out,
                region=code,
                as_of=day,
                seed=seed,
                persons=persons,
                form=form,
                progress=progress,
            )
    except (WrongSize, NumbersUsedUp) as error:
        raise UsageProblem(error.zh, error.en) from error
    if form == "snapshot":
        seal(out, chosen, day, region=code, synthetic=True, source=f"synthetic seed {seed}")
    if json_:
        console.print_json({"folder": str(out), "tables": report.tables, "files": report.files})
        return
    console.show(
        f"已生成 {sum(report.tables.values()):,} 行合成数据，{len(report.files)} 个文件：{out}",
        f"{sum(report.tables.values()):,} synthetic rows in {len(report.files)} files: {out}",
    )


def intake(
    files: Annotated[list[Path], typer.Argument(help="xlsx、xls、csv、zip 文件或目录 / files or folders")],
    store: Annotated[Path, typer.Option("--store", help="接收库目录 / store folder")] = Path("store"),
    pack: PackName = DEFAULT_PACK,
    as_of: AsOf = None,
    json_: AsJson = False,
) -> None:
    """接收部门文件，逐行说明去向 / Take department files in and account for every row."""
    chosen = pack_of(pack)
    if lies_inside(store, files):
        raise UsageProblem(
            f"接收库 {store} 在要接收的目录里面，会把自己的文件当作报送；请用 --store 指到外面。",
            f"the store {store} lies inside the folder to be taken in and would be taken in itself; "
            "name another with --store.",
        )
    day = day_of(as_of, chosen)
    found, left_out = files_of(files)
    say_again(to_read_again(store, chosen, day))
    with console.progress(json_) as progress:
        receipts = take_in(found, store, chosen, received_on=day, progress=progress) + left_out
    if json_:
        console.print_json(receipt_json(receipts))
    else:
        print_receipts(receipts, store, chosen)
    if any(receipt.refused for receipt in receipts):
        raise typer.Exit(ExitCode.REFUSED)


def run(
    folders: Annotated[
        list[Path], typer.Argument(help="部门文件所在目录，可给几个，先后有序 / folders of department files, in order")
    ],
    out: Annotated[Path, typer.Option("--out", help="输出目录 / output folder")] = Path("out"),
    pack: PackName = DEFAULT_PACK,
    as_of: AsOf = None,
    region: RegionName = "",
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """从部门文件到脱贫答卷 / The main job: from the departments' files to the answer sheet."""
    chosen = pack_of(pack)
    day = day_of(as_of, chosen)
    code = region_of(chosen, region, day) if region else ""
    if lies_inside(out, folders):
        raise UsageProblem(
            f"输出目录 {out} 在部门文件的目录里面，下次会把自己的结果当作报送；请用 --out 指到外面。",
            f"the output folder {out} lies inside the folder of deliveries and would be taken in next time; "
            "name another with --out.",
        )
    (files, left_out), store = files_of(folders), out / "store"
    plan_indicators(chosen, day)  # a pack that cannot answer is said so before the long work
    with held(out), console.progress(json_) as progress:
        again = to_read_again(store, chosen, day)
        say_again(again)
        receipts = take_in(files, store, chosen, received_on=day, progress=progress) + left_out
        _write(out / "receipts.json", receipt_json(receipts))
        if not json_:
            print_receipts(receipts, store, chosen)
        earlier = earlier_files(store, receipts)
        refuse_nothing([*receipts, *earlier], store)
        synthetic = is_synthetic(folders, store)
        snapshot, manifest = frozen(out, chosen, day, region=code, synthetic=synthetic, progress=progress)
        sheet = answer(snapshot, chosen, region=code, engine_name=engine, progress=progress)
        outputs = write_answer_sheet(sheet, out / "answers")
    if json_:
        console.print_json(
            {
                "snapshot": str(snapshot),
                "fingerprint": manifest.fingerprint,
                "synthetic": manifest.synthetic,
                "accounting": totals(receipts),
                "refused": [masked(receipt.file) for receipt in receipts if receipt.refused],
                "earlier_files": [masked(receipt.file) for receipt in earlier],
                "read_again": [masked(receipt.file) for receipt in again],
                "outputs": {name: str(path) for name, path in outputs.items()},
                "answers": sheet.entries(),
                "checks": [verdict.to_json() for verdict in sheet.verdicts],
            }
        )
    else:
        _print_sheet(sheet, snapshot, manifest, earlier, outputs)
    if any(receipt.refused for receipt in receipts):
        raise typer.Exit(ExitCode.REFUSED)


def _print_sheet(
    sheet: AnswerSheet, snapshot: Path, manifest: Manifest, earlier: list[FileReceipt], outputs: dict[str, Path]
) -> None:
    print_headline(sheet)
    replaced = manifest.tables["superseded"].rows if "superseded" in manifest.tables else 0
    if replaced:
        console.show(
            f"有 {replaced:,} 行被后来的报送取代或与之相同（快照的 superseded 表逐行列出）。",
            f"{replaced:,} rows gave way to later deliveries or equal them (listed in the snapshot, table superseded).",
        )
    if earlier:
        names = "、".join(masked(receipt.file) for receipt in earlier[:5])
        console.show(
            f"接收库里另有 {len(earlier)} 个先前接收的文件仍然计入：{names}；不要它们，请换一个 --out 目录重新运行。",
            f"{len(earlier)} files taken in earlier still count: {names}; to leave them out, run into another --out.",
        )
    console.show(
        f"快照 {snapshot}（指纹 {manifest.fingerprint[:12]}）", f"snapshot {snapshot} ({manifest.fingerprint[:12]})"
    )
    for name, path in outputs.items():
        console.show(f"答卷 {name}: {path}", f"answer sheet {name}: {path}")


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
