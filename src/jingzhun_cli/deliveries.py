"""``synth``, ``intake`` and ``run``: make deliveries, take them in, and do the whole main job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jingzhun.indicators.plan import plan_indicators
from jingzhun.intake import A_LINK, not_read, passed_over, receipt_json, shown_path, take_in, to_read_again
from jingzhun.model.answers import AnswerSheet
from jingzhun.model.receipt import FileReceipt, read_receipts
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
from jingzhun_cli.receipts import print_receipts, totals
from jingzhun_cli.sheet import print_headline

SYNTHETIC = "SYNTHETIC.txt"
"""A file of this name in a folder of deliveries says that its people are invented; the answer sheet repeats it."""
MARKED_ABOVE = 2
"""Levels above a delivery's folder at which the mark is looked for."""
RETURNED = "_退回"
"""In the name of every workbook that goes back to its sender."""


class NothingTaken(Exception):
    """No row of any file could be used: there is nothing to answer from."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


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
    if _lies_inside(store, files):
        raise UsageProblem(
            f"接收库 {store} 在要接收的目录里面，会把自己的文件当作报送；请用 --store 指到外面。",
            f"the store {store} lies inside the folder to be taken in and would be taken in itself; "
            "name another with --store.",
        )
    day = day_of(as_of, chosen)
    found, left_out = _files(files)
    _say_again(to_read_again(store, chosen, day))
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
    if _lies_inside(out, folders):
        raise UsageProblem(
            f"输出目录 {out} 在部门文件的目录里面，下次会把自己的结果当作报送；请用 --out 指到外面。",
            f"the output folder {out} lies inside the folder of deliveries and would be taken in next time; "
            "name another with --out.",
        )
    (files, left_out), store = _files(folders), out / "store"
    plan_indicators(chosen, day)  # a pack that cannot answer is said so before the long work
    with held(out), console.progress(json_) as progress:
        again = to_read_again(store, chosen, day)
        _say_again(again)
        receipts = take_in(files, store, chosen, received_on=day, progress=progress) + left_out
        _write(out / "receipts.json", receipt_json(receipts))
        if not json_:
            print_receipts(receipts, store, chosen)
        earlier = _earlier(store, receipts)
        _refuse_nothing([*receipts, *earlier], store)
        is_synthetic = _is_synthetic(folders, store)
        snapshot, manifest = frozen(out, chosen, day, region=code, synthetic=is_synthetic, progress=progress)
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


def _say_again(receipts: list[FileReceipt]) -> None:
    if receipts:
        names = "、".join(masked(receipt.file) for receipt in receipts[:5])
        console.aside(
            f"接收库里有 {len(receipts)} 个文件（{names}）是按另一个政策包或时点接收的，或暂存数据已缺失，"
            "现从原件重新读取。",
            f"{len(receipts)} files of the store ({names}) were taken in by another pack or day, or their staged rows "
            "are gone; their originals are read again.",
        )


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


def _earlier(store: Path, receipts: list[FileReceipt]) -> list[FileReceipt]:
    """Files of the store that this run was not given; they count all the same."""
    now = {receipt.delivery for receipt in receipts}
    return [receipt for receipt in read_receipts(store) if receipt.delivery not in now and not receipt.refused]


def _refuse_nothing(receipts: list[FileReceipt], store: Path) -> None:
    if any(sheet.accepted or sheet.warned for receipt in receipts for sheet in receipt.sheets):
        return
    raise NothingTaken(
        f"没有接收到任何一行数据，不生成答卷。原因见上表和 {store}；请按说明改正后再运行。",
        f"not a single row was taken in, so there is no answer sheet. The reasons are above and in {store}.",
    )


def _is_synthetic(folders: list[Path], store: Path) -> bool:
    """Whether the mark of invented people lies in a folder, below it or just above it, or came into the store before.

    Once invented people are in a store they are counted in every later answer, so the mark stays with the store.
    """
    whole = [folder.resolve() for folder in folders]
    near = [above for folder in whole for above in (folder, *folder.parents[:MARKED_ABOVE])]
    marked = any((place / SYNTHETIC).is_file() for place in (*near, store)) or any(
        any(folder.rglob(SYNTHETIC)) for folder in whole
    )
    if marked:
        (store / SYNTHETIC).write_text("本接收库中有合成数据。 This store holds invented people.\n", "utf-8")
    return marked


def _lies_inside(made: Path, given: list[Path]) -> bool:
    return any(made.resolve().is_relative_to(folder.resolve()) for folder in given)


def _files(paths: list[Path]) -> tuple[dict[Path, str], list[FileReceipt]]:
    """The files and the names they are known by: folders walked in the order of names, returned workbooks last.

    A later file takes the place of an earlier one, so a workbook that was sent back must follow what it corrects.
    Links that lead out of their folder or nowhere are not followed; each has a receipt that says so.
    """
    found: dict[Path, str] = {}
    left_out: list[FileReceipt] = []
    for path in paths:
        if not path.exists():
            raise UsageProblem(f"没有这个文件或目录：{path}", f"no such file or folder: {path}")
        inside = sorted(path.rglob("*"), key=lambda file: (RETURNED in file.stem, file)) if path.is_dir() else [path]
        for file in inside:
            name = shown_path(file.relative_to(path)) if path.is_dir() else shown_path(Path(file.name))
            if _passed_over(file):
                continue
            if _leads_away(file, path):
                left_out.append(not_read(name, *A_LINK))
            elif file.is_file():
                found[file] = name
    if not found and not left_out:
        raise UsageProblem("没有可接收的文件。", "there is no file to take in.")
    return found, left_out


def _passed_over(file: Path) -> bool:
    """What no department sends: locks of open workbooks, hidden files, a file manager's own, and our own mark."""
    return passed_over(file.name) or file.name == SYNTHETIC


def _leads_away(file: Path, folder: Path) -> bool:
    """A link below a folder that leads out of it, to nothing, or round in a circle."""
    if not file.is_symlink() or file == folder:
        return False
    try:
        return not file.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return True


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
