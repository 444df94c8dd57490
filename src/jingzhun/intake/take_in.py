"""Take delivered files in: sniff, read, account for every row, stage what is accepted, write the receipt last."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jingzhun.intake.account import Account
from jingzhun.intake.block import Sheet
from jingzhun.intake.header import Catalogue, Heading, find_heading
from jingzhun.intake.limits import LIMITS, Limits
from jingzhun.intake.reading import Note, Refused, ignored, quarantined, warned
from jingzhun.intake.returned import Returned
from jingzhun.intake.sniff import Form, said_form, sniff
from jingzhun.intake.sources import GridSource, RawBlock, Source, TextSource
from jingzhun.intake.staging import Differing, Double, Staging
from jingzhun.intake.store import Store, sha256_of
from jingzhun.intake.textfile import text_form
from jingzhun.intake.totals import Totals
from jingzhun.intake.workbook import Grid, read_workbook
from jingzhun.model import TABLES
from jingzhun.model.receipt import FileReceipt, SheetReceipt, read_receipts
from jingzhun.policy import Pack

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Task:
    """What taking one file in needs to know."""

    store: Store
    pack: Pack
    catalogue: Catalogue
    received_on: date
    limits: Limits
    again: dict[str, int] = field(default_factory=dict)
    """Files of the store that are read anew, by hash, with the place in the order of delivery that they keep."""

    @property
    def reading(self) -> tuple[str, str]:
        return self.pack.fingerprint, self.received_on.isoformat()

    @property
    def mark(self) -> str:
        """Keeps what is read anew apart from what counts until the new receipt is written."""
        return hashlib.sha256("".join(self.reading).encode()).hexdigest()[:12]


def take_in(
    files: Sequence[Path] | Mapping[Path, str],
    store: Path,
    pack: Pack,
    *,
    received_on: date,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> list[FileReceipt]:
    """Take ``files`` in, in this order, and return a receipt for each (for each member of a zip).

    A mapping gives each file the name it is known by, such as its path below the folder of the delivery.
    ``received_on`` decides which divisions are in force. A file whose bytes are in the store already changes nothing.
    Every accepted row keeps its file, sheet and row; the rows of a sheet always add up, or the file is not taken in.
    """
    task = _Task(Store(store), pack, Catalogue.of(pack), received_on, limits)
    named = files if isinstance(files, Mapping) else {path: shown_path(Path(path.name)) for path in files}
    receipts: list[FileReceipt] = []
    with task.store.locked():
        _read_again(task, store, progress)
        for done, (path, name) in enumerate(named.items()):
            if progress:
                progress(name, done, len(named))
            receipts += _file(task, path, name)
        if progress:
            progress("", len(named), len(named))
    return receipts


def to_read_again(store: Path, pack: Pack, received_on: date) -> list[FileReceipt]:
    """Receipts whose files the next ``take_in`` reads anew from their kept bytes, because they were read by another
    pack or day, or their staged rows are gone."""
    now = (pack.fingerprint, received_on.isoformat())
    return [
        receipt
        for receipt in read_receipts(store)
        if (receipt.pack, receipt.received_on) != now
        or any(not (store / staged.path).is_file() for sheet in receipt.sheets for staged in sheet.staged)
    ]


def _read_again(task: _Task, store: Path, progress: Progress | None) -> None:
    listed = to_read_again(store, task.pack, task.received_on)
    for receipt in listed:
        if not (path := store / "originals" / receipt.sha256).is_file():
            raise Refused(
                f"{receipt.file} 是按另一个政策包或时点接收的（或其暂存数据已缺失），要重新读取，但接收库里没有它的原件"
                f" {path}；请换一个新的接收库（--out 或 --store），从原文件重新接收。",
                f"{receipt.file} was taken in by another pack or day (or its staged rows are gone) and must be read "
                f"again, but its original {path} is not there; take the files into a new store (--out or --store).",
            )
    task.again.update({receipt.sha256: receipt.delivery for receipt in listed})
    for done, receipt in enumerate(listed):
        if progress:
            progress(receipt.file, done, len(listed))
        for _ in _anew(task, store / "originals" / receipt.sha256, receipt.file, receipt.sha256):
            pass


def _delivery(task: _Task, sha256: str) -> int:
    """The place in the order of delivery: the next one, or the one that a file read anew has had all along."""
    return task.again.get(sha256) or task.store.next_delivery()


def receipt_json(receipts: Sequence[FileReceipt]) -> dict[str, Any]:
    """The receipts as ``jingzhun intake --json`` prints them."""
    return {"files": [_plain(receipt) for receipt in receipts]}


def _plain(receipt: FileReceipt) -> dict[str, Any]:
    plain = receipt.to_json()
    for sheet in plain["sheets"]:
        sheet.pop("columns")
        sheet["problems"] = list(sheet["problems"])
    return {**plain, "already": receipt.already, "sheets": list(plain["sheets"])}


def _file(task: _Task, path: Path, name: str) -> Iterator[FileReceipt]:
    sha256 = sha256_of(path)
    known = task.store.receipt(sha256)
    if known is not None and known.refused is None:
        task.store.keep_original(path, sha256)
        yield replace(known, already=sha256 not in task.again)
        return
    task.store.keep_original(path, sha256)
    yield from _anew(task, path, name, sha256)


def _anew(task: _Task, path: Path, name: str, sha256: str) -> Iterator[FileReceipt]:
    try:
        form = sniff(path, task.limits)
    except Refused as refused:
        yield _refused(task, path, name, sha256, refused)
        return
    if form == "zip":
        yield from _members(task, path, name, sha256)
        return
    yield _table(task, path, name, sha256, form)


def _members(task: _Task, path: Path, name: str, sha256: str) -> Iterator[FileReceipt]:
    """Each member under a name of ours; the delivered name is for showing only."""
    try:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
            unpacked = 0
            members = [info for info in archive.infolist() if _is_table(info)]
            if len(members) > task.limits.members:
                raise Refused(
                    f"压缩包里有 {len(members):,} 个文件，超过 {task.limits.members:,} 个；请分几次报送。",
                    f"the archive holds {len(members):,} files, more than {task.limits.members:,}; send it in parts.",
                )
            if not members:
                raise Refused("压缩包里没有表格文件。", "the archive holds no table.")
            for number, info in enumerate(members):
                target = Path(folder) / f"member-{number}"
                unpacked += _extract(archive, info, target, task.limits, path.stat().st_size, unpacked)
                member = f"{name}/{shown_name(info)}"
                if _is_archive(target, task.limits):
                    nested = Refused(
                        "压缩包里还有压缩包；请展开后重报。", "an archive within the archive; unpack it and send again."
                    )
                    yield _refused(task, target, member, sha256_of(target), nested)
                    continue
                yield from _file(task, target, member)
    except Refused as refused:
        yield _refused(task, path, name, sha256, refused)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        reason = Refused(
            "压缩包损坏、加密或不完整；请重新打包。", f"the archive is damaged, encrypted or cut short ({error})."
        )
        yield _refused(task, path, name, sha256, reason)


def _is_archive(path: Path, limits: Limits) -> bool:
    """Whether a member is a zip set itself; one that is no table at all is refused by itself, in its turn."""
    try:
        return zipfile.is_zipfile(path) and sniff(path, limits) == "zip"
    except Refused:
        return False


def shown_path(path: Path) -> str:
    """A path for showing, whatever bytes the file system holds."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def plain_stem(name: str) -> str:
    """The last part of a delivered name without what file systems refuse or we once added, and never too long."""
    stem = re.sub(r"^[0-9]{6}-|_退回$", "", Path(name.replace("\\", "/")).stem)
    plain = "".join("_" if letter in '<>:"|?*' or ord(letter) < 32 else letter for letter in stem)
    return plain.encode()[:150].decode("utf-8", "ignore") or "file"


def _is_table(info: zipfile.ZipInfo) -> bool:
    is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
    last = shown_name(info).rsplit("/", 1)[-1]
    return (
        not info.is_dir()
        and not is_link
        and not last.startswith((".", "~$", "__MACOSX"))
        and "__MACOSX" not in info.filename
    )


def shown_name(info: zipfile.ZipInfo) -> str:
    """The member's name for showing: names without the UTF-8 mark are GB18030 on Chinese machines."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "file"


def _extract(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limits: Limits, packed: int, before: int
) -> int:
    size = 0
    with archive.open(info) as member, target.open("wb") as handle:
        while chunk := member.read(1 << 20):
            size += len(chunk)
            if before + size > max(limits.unpacked_bytes, packed) or before + size > max(packed, 10_000) * limits.ratio:
                raise Refused(
                    "压缩包解压后异常巨大，疑似压缩炸弹，未读取。",
                    "the archive unpacks to an abnormal size (a zip bomb?) and was not read.",
                )
            handle.write(chunk)
    return size


def _refused(task: _Task, path: Path, name: str, sha256: str, refused: Refused) -> FileReceipt:
    """A refusal is written down too, but does not stand in the way: named better or read better, the file may pass."""
    known = task.store.receipt(sha256)
    if known is not None and known.refused == refused.zh and (known.pack, known.received_on) == task.reading:
        return replace(known, already=sha256 not in task.again)
    size, delivery = path.stat().st_size, _delivery(task, sha256)
    receipt = FileReceipt(name, sha256, size, delivery, refused.zh, (), refused.en, None, *task.reading)
    task.store.commit(receipt)
    return receipt


def _table(task: _Task, path: Path, name: str, sha256: str, form: Form) -> FileReceipt:
    temporary = task.store.folder / "refused" / f"{sha256}.tmp"
    returned = Returned(temporary)
    try:
        sheets = tuple(_sheets(task, path, name, sha256, form, returned))
    except Refused as refused:
        returned.close()
        temporary.unlink(missing_ok=True)
        notes = said_form(form, name)
        whole = Refused(
            "。".join([*(note.zh for note in notes), refused.zh]), "; ".join([*(note.en for note in notes), refused.en])
        )
        receipt = _refused(task, path, name, sha256, whole)
        task.store.drop_staged(sha256)
        return receipt
    delivery = _delivery(task, sha256)
    back = None
    if returned.close():
        target = task.store.folder / "refused" / f"{delivery:06d}-{plain_stem(name)}_退回.xlsx"
        task.store.publish(temporary, target)
        back = str(target.relative_to(task.store.folder))
    receipt = FileReceipt(name, sha256, path.stat().st_size, delivery, None, sheets, None, back, *task.reading)
    task.store.commit(receipt)
    return receipt


def _sheets(task: _Task, path: Path, name: str, sha256: str, form: Form, returned: Returned) -> Iterator[SheetReceipt]:
    other_form = said_form(form, name)
    if form == "csv":
        source = TextSource(path, text_form(path), task.limits)
        heading = find_heading(source.head(), (), task.catalogue, _last(name), "")
        yield _sheet(task, source, heading, sha256, 0, returned, other_form)
        return
    grids = read_workbook(path, task.limits)
    if not any(grid.rows for grid in grids):
        raise Refused("工作簿里没有数据。", "the workbook holds no data.")
    yield from _workbook(task, grids, name, sha256, returned, other_form)


def _workbook(
    task: _Task, grids: list[Grid], name: str, sha256: str, returned: Returned, other_form: list[Note]
) -> Iterator[SheetReceipt]:
    """Known sheets are read, hidden and unknown ones listed. Refused when no sheet is known."""
    unknown: list[Refused] = []
    ready: list[tuple[int, Grid, Heading]] = []
    listed: list[SheetReceipt] = []
    for number, grid in enumerate(grids):
        if not grid.rows:
            continue
        if grid.hidden:
            listed.append(_listed(grid, _HIDDEN_SHEET))
            continue
        try:
            ready.append((number, grid, find_heading(grid.rows, _merged(grid), task.catalogue, _last(name), grid.name)))
        except Refused as refused:
            unknown.append(refused)
            listed.append(_listed(grid, Note(f"未读取：{refused.zh}", f"not read: {refused.en}")))
    if not ready:
        raise unknown[0] if unknown else Refused("只有隐藏的工作表，没有可读的数据。", "all sheets are hidden.")
    for number, grid, heading in ready:
        notes = [*grid.notes, *_hidden_columns(grid, heading), *other_form]
        yield _sheet(task, GridSource(grid), heading, sha256, number, returned, notes)
    yield from listed


def _last(name: str) -> str:
    """The file's own name: a folder's name says nothing of the table in it."""
    return name.rsplit("/", 1)[-1]


def _hidden_columns(grid: Grid, heading: Heading) -> list[Note]:
    hidden = [target.header for target in heading.targets if target.index in grid.hidden_columns]
    if not hidden:
        return []
    listed = "、".join(hidden)
    return [Note(f"表中隐藏的列也已读取：{listed}", f"hidden columns were read too: {listed}")]


def _merged(grid: Grid) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Merged ranges counted from the first row that the grid holds."""
    offset = grid.first_row - 1
    return [
        ((top - offset, left), (bottom - offset, right))
        for (top, left), (bottom, right) in grid.merged
        if top >= offset
    ]


_HIDDEN_SHEET = Note(
    "隐藏的工作表，未读取；如应报送请取消隐藏", "hidden sheet, not read; show it if it is meant to be delivered"
)


def _listed(grid: Grid, note: Note) -> SheetReceipt:
    count = sum(1 for row in grid.rows if any(cell != "" for cell in row))
    return SheetReceipt(grid.name, "", count, 0, 0, 0, 0, count, note=note.zh, attention=note.zh, attention_en=note.en)


def _sheet(
    task: _Task, source: Source, heading: Heading, sha256: str, number: int, returned: Returned, notes: list[Note]
) -> SheetReceipt:
    account = Account(source.name, heading.layout.id, task.limits, returned)
    returned.start(source.name, heading.names)
    staging = Staging(task.store, f"{sha256}.{task.mark}", number, source.name, TABLES[heading.layout.table])
    sheet = Sheet(heading, task.pack, task.received_on, task.limits)
    totals = Totals(sheet.amounts())
    remarked: set[int] = set()
    try:
        for raw in _ahead(source.raw_blocks(heading)):
            rows = sheet.read(raw.columns, len(raw.lines), raw.said) if len(raw.lines) else None
            account.count_asides(totals.judged(raw, rows))
            if rows is None:
                continue
            account.count_block(raw, rows)
            remarked.update(raw.lines[rows.fate == 1].tolist())
            accepted = pa.array(rows.fate <= 1)
            staging.add(rows.wide.filter(accepted), pa.array(raw.lines[rows.fate <= 1]))
    finally:
        sheet.close()
    account.count_asides(totals.at_the_end())
    without = _set_doubles_aside(staging.doubles(), account, remarked)
    _say_what_differs(staging.differing(), account, remarked | set(without))
    notes += [*totals.notes, *_surplus(heading)]
    return account.receipt(staging.finish(without), [*_routine(heading), *source.said], notes, sheet.columns())


def _ahead(blocks: Iterator[RawBlock]) -> Iterator[RawBlock]:
    """The blocks, each read while the one before it is being worked on."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block


def _set_doubles_aside(doubles: list[Double], account: Account, remarked: set[int]) -> list[int]:
    for double in doubles:
        if double.fields:
            listed = "、".join(_zh(name) for name in double.fields)
            remark = quarantined(
                f"与第 {double.first_line} 行同一编号（{double.key}），但这些栏不同：{listed}；请核对后只留一行。",
                f"the key of row {double.first_line} ({double.key}), but different in: {', '.join(double.fields)}.",
            )
        else:
            remark = ignored(
                f"与第 {double.first_line} 行完全相同，只计一次。",
                f"the same as row {double.first_line}, counted once.",
            )
        account.move(double.line, "warned" if double.line in remarked else "accepted", remark, double.key)
        if double.fields:
            account.returned.add(double.line, [double.key], [remark.zh])
    return [double.line for double in doubles]


def _say_what_differs(differing: list[Differing], account: Account, not_accepted: set[int]) -> None:
    for one in differing:
        listed = "、".join(_zh(name) for name in one.fields)
        remark = warned(
            f"这些栏与同户的第 {one.taken_line} 行不同：{listed}；取第 {one.taken_line} 行的，请核对。",
            f"differs from row {one.taken_line} of the same household in: {', '.join(one.fields)}; "
            f"row {one.taken_line} is taken, please check.",
        )
        account.mark(one.line, one.line not in not_accepted, remark)


def _zh(name: str) -> str:
    table, _, column = name.partition(".")
    return TABLES[table].column(column).zh if table in TABLES else name


def _surplus(heading: Heading) -> list[Note]:
    if not heading.surplus:
        return []
    listed = "、".join(heading.surplus[:20])
    return [Note(f"未使用的列：{listed}", f"columns not used: {listed}")]


def _routine(heading: Heading) -> list[str]:
    """What is said of every sheet: how it was recognised."""
    year = [f"数据年度 {heading.data_year}（取自表题或文件名）"] if heading.data_year is not None else []
    return [f"版式 {heading.layout.zh}", *year]
