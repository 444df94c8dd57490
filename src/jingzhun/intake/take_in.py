"""Take delivered files in: sniff, read, account for every row, stage what is accepted, write the receipt last."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jingzhun.intake.account import Account
from jingzhun.intake.block import Sheet
from jingzhun.intake.header import Catalogue, Heading, NoHeader, find_heading, years_in
from jingzhun.intake.limits import LIMITS, Limits
from jingzhun.intake.package import Damaged, pieces
from jingzhun.intake.reading import Note, Refused, ignored, quarantined, warned
from jingzhun.intake.returned import Returned
from jingzhun.intake.sniff import Form, said_form, sniff
from jingzhun.intake.sources import GridSource, RawBlock, Source, TextSource
from jingzhun.intake.staging import Differing, Double, Staging
from jingzhun.intake.store import Store, sha256_of
from jingzhun.intake.textfile import text_forms
from jingzhun.intake.totals import Totals
from jingzhun.intake.workbook import Grid, read_workbook
from jingzhun.model import TABLES
from jingzhun.model.receipt import FileReceipt, SheetReceipt, read_receipts
from jingzhun.model.shown import masked, visible
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
    """Files of the store that are read anew, by hash and year of the name, and the place in the order of delivery that
    they keep."""

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
    task.again.update({_stem(receipt.sha256, receipt.file): receipt.delivery for receipt in listed})
    for done, receipt in enumerate(listed):
        if progress:
            progress(receipt.file, done, len(listed))
        for _ in _anew(task, store / "originals" / receipt.sha256, receipt.file, receipt.sha256):
            pass


def _delivery(task: _Task, stem: str) -> int:
    """The place in the order of delivery: the next one, or the one that a file read anew has had all along."""
    return task.again.get(stem) or task.store.next_delivery()


def receipt_json(receipts: Sequence[FileReceipt]) -> dict[str, Any]:
    """The receipts as ``jingzhun intake --json`` prints them: whole identity numbers stay in the store."""
    return {"files": [_plain(receipt) for receipt in receipts]}


def _plain(receipt: FileReceipt) -> dict[str, Any]:
    plain = receipt.to_json()
    for kept in ("year_from_name", "pack", "received_on"):
        plain.pop(kept)
    for sheet in plain["sheets"]:
        sheet.pop("columns")
        for name in ("sheet", "note", "attention", "attention_en"):
            sheet[name] = masked(sheet[name])
        sheet["problems"] = [
            {key: masked(value) if isinstance(value, str) else value for key, value in problem.items()}
            for problem in sheet["problems"]
        ]
    for name in ("file", "refused", "refused_en", "returned"):
        plain[name] = plain[name] and masked(plain[name])
    return {**plain, "already": receipt.already, "sheets": list(plain["sheets"])}


def not_read(name: str, zh: str, en: str) -> FileReceipt:
    """The receipt of a file whose bytes nobody could or should look at. It is shown and not kept in the store."""
    return FileReceipt(name, "", 0, 0, zh, (), en)


def _file(task: _Task, path: Path, name: str) -> Iterator[FileReceipt]:
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        yield not_read(
            name,
            f"读不了这个文件（{error.strerror}）；请检查权限和磁盘，或重新传送。",
            f"the file cannot be read ({error.strerror}); check its permissions and the disk, or send it again.",
        )
        return
    task.store.keep_original(path, sha256)
    known = _same(task, sha256, name)
    if known is not None:
        yield replace(known, file=name, already=_stem(sha256, known.file) not in task.again)
        return
    yield from _anew(task, path, name, sha256)


def _anew(task: _Task, path: Path, name: str, sha256: str) -> Iterator[FileReceipt]:
    """Read a file that is not in the store, or not by this pack and day."""
    try:
        form = sniff(path, task.limits)
    except Refused as refused:
        yield _refused(task, path, name, sha256, refused)
        return
    if form == "zip":
        yield from _members(task, path, name, sha256)
        return
    yield _table(task, path, name, sha256, form)


def _same(task: _Task, sha256: str, name: str) -> FileReceipt | None:
    """The receipt of these bytes, if they were taken in: for the same year, where only the name says the year."""
    claimed = {int(year) for year in years_in(_last(name))}
    for known in task.store.receipts(sha256):
        if known.refused is None and (known.year_from_name is None or claimed <= {known.year_from_name}):
            return known
    return None


def _members(task: _Task, path: Path, name: str, sha256: str) -> Iterator[FileReceipt]:
    """Each member under a name of ours; the delivered name is for showing only."""
    try:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
            unpacked = 0
            members = [info for info in archive.infolist() if _is_table(info)]
            links = [info for info in members if _is_link(info)]
            for info in links:
                yield not_read(f"{name}/{shown_name(info)}", *A_LINK)
            members = [info for info in members if info not in links]
            if len(members) > task.limits.members:
                raise Refused(
                    f"压缩包里有 {len(members):,} 个文件，超过 {task.limits.members:,} 个；请分几次报送。",
                    f"the archive holds {len(members):,} files, more than {task.limits.members:,}; send it in parts.",
                )
            if not members and not links:
                raise Refused("压缩包里没有表格文件。", "the archive holds no table.")
            for number, info in enumerate(members):
                target = Path(folder) / f"member-{number}"
                member = f"{name}/{shown_name(info)}"
                try:
                    unpacked += _extract(archive, info, target, task.limits, path.stat().st_size, unpacked)
                except Damaged as error:
                    unpacked += target.stat().st_size
                    yield not_read(member, *_damaged_member(error))
                    continue
                if _is_archive(target, task.limits):
                    nested = Refused(
                        "压缩包里还有压缩包；请展开后重报。", "an archive within the archive; unpack it and send again."
                    )
                    yield _refused(task, target, member, sha256_of(target), nested)
                    continue
                yield from _file(task, target, member)
    except Refused as refused:
        yield _refused(task, path, name, sha256, refused)
    except (zipfile.BadZipFile, Damaged) as error:
        yield _refused(task, path, name, sha256, Refused(*_damaged_member(error)))


def _damaged_member(error: Exception) -> tuple[str, str]:
    """A member that does not unpack is refused by itself; the rest of the archive is read."""
    return "压缩包损坏、加密或不完整；请重新打包。", f"the archive is damaged, encrypted or cut short ({error})."


A_LINK = (
    "是指向别处的链接，不是文件本身，没有读取；请报送文件本身。",
    "a link to somewhere else, not the file itself, and was not read; send the file itself.",
)


def _is_archive(path: Path, limits: Limits) -> bool:
    """Whether a member is a zip set itself; one that is no table at all is refused by itself, in its turn."""
    try:
        return zipfile.is_zipfile(path) and sniff(path, limits) == "zip"
    except Refused:
        return False


def shown_path(path: Path) -> str:
    """A path for showing, whatever bytes the file system holds; control characters are written out."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return visible(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return visible(raw.decode("utf-8", "replace"))


def plain_stem(name: str) -> str:
    """The last part of a delivered name without what file systems refuse or we once added, and never too long."""
    stem = re.sub(r"^[0-9]{6}-|_退回$", "", Path(name.replace("\\", "/")).stem)
    plain = "".join("_" if letter in '<>:"|?*' or ord(letter) < 32 else letter for letter in stem)
    return plain.encode()[:150].decode("utf-8", "ignore") or "file"


def _is_table(info: zipfile.ZipInfo) -> bool:
    last = shown_name(info).rsplit("/", 1)[-1]
    return not info.is_dir() and not passed_over(last) and "__MACOSX" not in info.filename


def passed_over(name: str) -> bool:
    """Whether a file is no delivery by its name: the lock of an open workbook, a hidden file, a file manager's own."""
    return name.startswith((".", "~$")) or name.lower() in _FILE_MANAGERS


_FILE_MANAGERS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def shown_name(info: zipfile.ZipInfo) -> str:
    """The member's name for showing: names without the UTF-8 mark are GB18030 on Chinese machines."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return visible("/".join(parts)) or "file"


def _extract(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limits: Limits, packed: int, before: int
) -> int:
    size = 0
    with target.open("wb") as handle:
        for chunk in pieces(archive, info):
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
    stem = _stem(sha256, name)
    for known in task.store.receipts(sha256):
        if known.refused == refused.zh and (known.pack, known.received_on) == task.reading:
            return replace(known, file=name, already=stem not in task.again)
    size, delivery = path.stat().st_size, _delivery(task, stem)
    receipt = FileReceipt(name, sha256, size, delivery, refused.zh, (), refused.en, None, *task.reading)
    task.store.commit(receipt)
    return receipt


def _table(task: _Task, path: Path, name: str, sha256: str, form: Form) -> FileReceipt:
    stem = _stem(sha256, name)
    temporary = task.store.folder / "refused" / f"{stem}.tmp"
    returned = Returned(temporary, _last(name))
    years: set[int] = set()
    try:
        sheets = tuple(_sheets(task, path, name, stem, form, returned, years))
        if not any(sheet.rows for sheet in sheets if sheet.layout):
            raise Refused(
                "只有表头，没有数据；如本期没有数据，请不要报送空表，否则请补上数据再报。",
                "only a header and no data; if there is nothing to report send no table, else fill it in.",
            )
    except Refused as refused:
        returned.close()
        temporary.unlink(missing_ok=True)
        task.store.drop_staged(f"{stem}.{task.mark}")
        notes = [] if isinstance(refused, NoTable) else said_form(form, name)
        whole = Refused(
            "。".join([*(note.zh for note in notes), refused.zh]), "; ".join([*(note.en for note in notes), refused.en])
        )
        return _refused(task, path, name, sha256, whole)
    delivery = _delivery(task, stem)
    back = None
    if returned.close():
        target = task.store.folder / "refused" / f"{delivery:06d}-{plain_stem(masked(name))}_退回.xlsx"
        task.store.publish(temporary, target)
        back = str(target.relative_to(task.store.folder))
    year = years.pop() if years else None
    size = path.stat().st_size
    receipt = FileReceipt(name, sha256, size, delivery, None, sheets, None, back, *task.reading, year_from_name=year)
    task.store.commit(receipt)
    return receipt


def _stem(sha256: str, name: str) -> str:
    """The beginning of the names of what is staged: the same bytes may come once more for another year."""
    years = years_in(_last(name))
    return f"{sha256}-{years.pop()}" if len(years) == 1 else sha256


def _sheets(
    task: _Task, path: Path, name: str, stem: str, form: Form, returned: Returned, years: set[int]
) -> Iterator[SheetReceipt]:
    """The account of each sheet; ``years`` gathers the year that only the file's name says."""
    other_form = said_form(form, name)
    if form == "csv":
        source, heading = _text(task, path, name)
        years.update(_year_outside(heading))
        yield _sheet(task, source, heading, stem, 0, returned, other_form)
        return
    grids = read_workbook(path, task.limits)
    if not any(grid.rows for grid in grids):
        raise Refused("工作簿里没有数据。", "the workbook holds no data.")
    yield from _workbook(task, grids, name, stem, returned, other_form, years)


def _year_outside(heading: Heading) -> list[int]:
    return [heading.data_year] if heading.year_from_file and heading.data_year is not None else []


def _text(task: _Task, path: Path, name: str) -> tuple[TextSource, Heading]:
    """The text table with the delimiter under which its header is known."""
    refusals: list[Refused] = []
    forms = text_forms(path)
    for form in forms:
        source = TextSource(path, form, task.limits)
        try:
            return source, find_heading(source.head(), (), task.catalogue, _last(name), "")
        except Refused as refused:
            refusals.append(refused)
    told = next((refused for refused in refusals if not isinstance(refused, NoHeader)), refusals[0])
    if isinstance(told, NoHeader) and forms[0].alike < _FEWEST_LINES:
        raise NoTable(
            "这不是表格文件（xlsx、xls、csv、zip）；说明材料不必报送，表格请另存为 .xlsx。",
            "this is no table (xlsx, xls, csv, zip); leave texts out, and save tables as .xlsx.",
        )
    raise told


class NoTable(Refused):
    """The content is no table of any form, so nothing was read as one whatever the file is called."""


_FEWEST_LINES = 2
"""Lines that must divide into equally many cells before a text can be meant as a table."""


def _workbook(
    task: _Task,
    grids: list[Grid],
    name: str,
    stem: str,
    returned: Returned,
    other_form: list[Note],
    years: set[int],
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
        years.update(_year_outside(heading))
        yield _sheet(task, GridSource(grid), heading, stem, number, returned, notes)
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
    task: _Task, source: Source, heading: Heading, stem: str, number: int, returned: Returned, notes: list[Note]
) -> SheetReceipt:
    account = Account(source.name, heading.layout.id, task.limits, returned)
    returned.start(source.name, heading.names, heading.data_year)
    staging = Staging(task.store, f"{stem}.{task.mark}", number, source.name, TABLES[heading.layout.table])
    unnamed = dict.fromkeys(heading.unnamed, 0)
    sheet = Sheet(heading, task.pack, task.received_on, task.limits)
    totals = Totals(sheet.amounts())
    remarked: set[int] = set()
    try:
        for raw in _ahead(source.raw_blocks(heading)):
            for column in unnamed:
                unnamed[column] += raw.filled(column)
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
    notes = [*notes, *totals.notes, *_surplus(heading), *_unnamed(unnamed), *_empty(account)]
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


def _unnamed(filled: dict[int, int]) -> list[Note]:
    return [
        Note(
            f"第 {column + 1} 列没有表头，有 {cells:,} 格内容，未读取",
            f"column {column + 1} has no header; its {cells:,} filled cells were not read",
        )
        for column, cells in filled.items()
        if cells
    ]


def _empty(account: Account) -> list[Note]:
    return [] if account.rows else [Note("只有表头，没有数据", "only a header and no data")]


def _routine(heading: Heading) -> list[str]:
    """What is said of every sheet: how it was recognised."""
    year = [f"数据年度 {heading.data_year}（取自表题或文件名）"] if heading.data_year is not None else []
    return [f"版式 {heading.layout.zh}", *year]
