"""Walk a workbook once before it is read: refuse what must not be read, note what its reader will not tell."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from jingzhun.intake.facts import SheetFacts
from jingzhun.intake.limits import Limits
from jingzhun.intake.opendocument import TableWalk
from jingzhun.intake.package import CHUNK, Damaged, declaration, elements, inside, pieces
from jingzhun.intake.reading import Refused
from jingzhun.intake.sheet_xml import END, SheetWalk, is_usual_start, note, usual

_WHOLE_ROW = b"</row>"
_LONGEST_ROW = 8 * CHUNK
_CARRIED = {
    "宏": ("vbaproject.bin",),
    "外部链接": ("xl/externallinks/",),
    "嵌入对象": ("xl/embeddings/", "xl/activex/"),
    "批注": ("xl/comments", "xl/threadedcomments"),
    "图片": ("xl/media/",),
}


@dataclass(slots=True)
class Inspection:
    """A package inspected: facts by number of the sheet, and what else it carries that is not read."""

    sheets: dict[int, SheetFacts] = field(default_factory=dict)
    carried: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    """The count of bytes so far and what the sheets' cells need to be understood."""

    packed: int
    limits: Limits
    zeros: dict[str, int]
    total: int = 0

    def count(self, piece: bytes) -> None:
        self.total += len(piece)
        if self.total > min(self.limits.unpacked_bytes, max(self.packed, 10_000) * self.limits.ratio):
            raise Refused(
                "文件解压后异常巨大，疑似压缩炸弹，未读取；请只上传表格本身。",
                "the file unpacks to an abnormal size (a zip bomb?) and was not read; send the table only.",
            )


class _Unusual(Exception):
    """A sheet is not written as programs write it: the parser must walk it."""


def inspect(path: Path, limits: Limits) -> Inspection:
    """Count while unpacking, look for what must not be there, note hidden rows, errors, formulas without a value.

    Raises ``Refused`` for bombs, document type declarations, impossible extents, encrypted or damaged packages.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if any(info.flag_bits & 0x1 for info in archive.infolist()):
                raise encrypted()
            names = set(archive.namelist())
            if len({name.lower() for name in names}) < len(archive.infolist()):
                raise Damaged("two members of one name, of which a reader might take the other")
            if "content.xml" in names and "xl/workbook.xml" not in names:
                return _open_document(archive, _Walk(path.stat().st_size, limits, {}))
            return _office(archive, _Walk(path.stat().st_size, limits, _leading_zeros(archive, limits)))
    except (zipfile.BadZipFile, Damaged, KeyError, ValueError) as error:
        raise Refused(
            "文件不完整或已损坏（压缩包校验失败）；请重新导出或重新传送。",
            "the file is cut short or damaged; export or send it again.",
        ) from error


def encrypted() -> Refused:
    return Refused(
        "文件已加密，请在表格软件中取消打开密码后再上传（工作表保护不必取消）。",
        "the file is encrypted; remove its password and send it again (sheet protection may stay).",
    )


def _office(archive: zipfile.ZipFile, walk: _Walk) -> Inspection:
    order = _sheet_order(archive, walk.limits)
    found = Inspection(carried=_carried(archive))
    for info in archive.infolist():
        number = order.get(info.filename)
        if number is None:
            _pass(archive, info, walk)
            continue
        try:
            found.sheets[number] = _quickly(archive, info, walk)
        except _Unusual:
            found.sheets[number] = _parsed(archive, info, walk)
    return found


def _open_document(archive: zipfile.ZipFile, walk: _Walk) -> Inspection:
    found = Inspection()
    for info in archive.infolist():
        if info.filename != "content.xml":
            _pass(archive, info, walk)
            continue
        tables = TableWalk(walk.limits)
        for piece in pieces(archive, info):
            walk.count(piece)
            tables.feed(piece)
        tables.close()
        found.sheets = dict(enumerate(tables.sheets))
    return found


def _pass(archive: zipfile.ZipFile, info: zipfile.ZipInfo, walk: _Walk) -> None:
    """A part that is not looked into, but counted, and must not declare anything."""
    is_xml = info.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    for piece in pieces(archive, info):
        walk.count(piece)
        if is_xml:
            _refuse_declarations(before + piece)
            before = piece[-64:]


def _quickly(archive: zipfile.ZipFile, info: zipfile.ZipInfo, walk: _Walk) -> SheetFacts:
    """A sheet by its bytes, in pieces of whole rows. Raises ``_Unusual`` where they are not what programs write."""
    facts, held, started, ended, before, counted = SheetFacts(), b"", False, False, b"", walk.total
    for piece in pieces(archive, info):
        walk.count(piece)
        _refuse_declarations(before + piece)
        before = piece[-64:]
        if ended:
            continue
        held += piece
        started = started or is_usual_start(held)
        end = held.find(END)
        ended = end >= 0
        cut = end + len(END) if ended else held.rfind(_WHOLE_ROW) + len(_WHOLE_ROW)
        whole = cut >= len(_WHOLE_ROW)
        if not started or (not whole and len(held) > _LONGEST_ROW):
            walk.total = counted
            raise _Unusual
        if whole:
            _note_usual(held[:cut], facts, walk, counted)
            held = held[cut:]
    if not ended:
        walk.total = counted
        raise _Unusual
    return facts


def _note_usual(rows: bytes, facts: SheetFacts, walk: _Walk, counted: int) -> None:
    seen = usual(rows)
    if seen is None or not note(rows, seen, facts, walk.zeros, walk.limits):
        walk.total = counted
        raise _Unusual


def _parsed(archive: zipfile.ZipFile, info: zipfile.ZipInfo, walk: _Walk) -> SheetFacts:
    facts = SheetFacts()
    sheet = SheetWalk(facts, walk.zeros, walk.limits)
    for piece in pieces(archive, info):
        walk.count(piece)
        sheet.feed(piece)
    sheet.close()
    return facts


def _refuse_declarations(xml: bytes) -> None:
    """Document types and entities, in UTF-8 or UTF-16."""
    if b"!" not in xml:
        return
    plain = xml.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise declaration()


def _leading_zeros(archive: zipfile.ZipFile, limits: Limits) -> dict[str, int]:
    """Cell styles whose format is only zeros (0000): style number → width that is shown."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    formats: dict[str, int] = {}
    used: list[str] = []
    in_cells = False
    for name, attributes in elements(archive, "xl/styles.xml", limits.workbook_bytes):
        if name == "numFmt" and re.fullmatch("0{2,}", attributes.get("formatCode", "")):
            formats[attributes.get("numFmtId", "")] = len(attributes["formatCode"])
        if name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            in_cells = name == "cellXfs"
        elif name == "xf" and in_cells:
            used.append(attributes.get("numFmtId", ""))
    return {str(style): formats[number] for style, number in enumerate(used) if number in formats}


def _sheet_order(archive: zipfile.ZipFile, limits: Limits) -> dict[str, int]:
    """Member name → number of the sheet, following workbook.xml and its relations."""
    names = {name.lower(): name for name in archive.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(names):
        return {}
    targets = {
        attributes.get("Id", ""): inside("xl", attributes.get("Target", ""))
        for name, attributes in elements(archive, names["xl/_rels/workbook.xml.rels"], limits.workbook_bytes)
        if name == "Relationship"
    }
    sheets = [
        targets.get(_relation(attributes), "")
        for name, attributes in elements(archive, names["xl/workbook.xml"], limits.workbook_bytes)
        if name == "sheet"
    ]
    return {names.get(member.lower(), member): number for number, member in enumerate(sheets) if member}


def _relation(attributes: dict[str, str]) -> str:
    """The relation of a sheet, whatever its prefix; with two of them a reader might follow the other one."""
    found = [value for name, value in attributes.items() if name.endswith(":id")]
    if len(found) != 1:
        raise Damaged("a sheet without its one relation")
    return found[0]


def _carried(archive: zipfile.ZipFile) -> tuple[str, ...]:
    names = [name.lower() for name in archive.namelist()]
    return tuple(said for said, marks in _CARRIED.items() if any(mark in name for name in names for mark in marks))
