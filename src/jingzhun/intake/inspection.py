"""Walk an xlsx package once before it is read: refuse what must not be read, note what its reader will not tell."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Refused

CHUNK = 1 << 20
NOT_CALCULATED = "公式未计算"
_OVERLAP = 4096
_ROW = re.compile(rb"<row\b[^>]*>")
_CELL_ERROR = re.compile(
    rb'<c\b[^>]*\br="([A-Z]{1,3})([0-9]+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>'
)
_FORMULA = re.compile(
    rb'<c\b[^>]*\br="([A-Z]{1,3})([0-9]+)"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_NUMBER = re.compile(rb'\br="([0-9]+)"')
_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\br="([0-9]+)"')
_HIDDEN_COLUMNS = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="([0-9]+)")[^>]*\bmax="([0-9]+)"')
_PREFIX = re.compile(rb"<(\w+):worksheet\b")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDEST = 26 * len(_ALPHABET)
_CARRIED = {
    "宏": ("vbaproject.bin",),
    "外部链接": ("xl/externallinks/",),
    "嵌入对象": ("xl/embeddings/", "xl/activex/"),
    "批注": ("xl/comments", "xl/threadedcomments"),
    "图片": ("xl/media/",),
}


@dataclass(slots=True)
class SheetFacts:
    """What the XML of a sheet says beyond its values. Rows are counted from 1, columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose number format shows leading zeros: the text a person sees there."""
    last_row: int = 0
    columns: int = 26
    """At least the number of columns, in steps of 26."""


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
    zeros: dict[bytes, int]
    total: int = 0


def inspect(path: Path, limits: Limits) -> Inspection:
    """Count while unpacking, look for what must not be there, note hidden rows, errors, formulas without a value.

    Raises ``Refused`` for bombs, document type declarations, impossible extents, encrypted or damaged packages.
    """
    found = Inspection()
    try:
        with zipfile.ZipFile(path) as archive:
            found.carried = _carried(archive)
            order = _sheet_order(archive, limits)
            walk = _Walk(path.stat().st_size, limits, _leading_zeros(archive, limits))
            for info in archive.infolist():
                if info.flag_bits & 0x1:
                    raise encrypted()
                wanted = None
                if info.filename in order:
                    wanted = found.sheets.setdefault(order[info.filename], SheetFacts())
                _member(archive, info, walk, wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
        raise Refused(
            "文件不完整或已损坏（压缩包校验失败）；请重新导出或重新传送。",
            "the file is cut short or damaged; export or send it again.",
        ) from error
    return found


def encrypted() -> Refused:
    return Refused(
        "文件已加密，请在表格软件中取消打开密码后再上传（工作表保护不必取消）。",
        "the file is encrypted; remove its password and send it again (sheet protection may stay).",
    )


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, walk: _Walk, facts: SheetFacts | None) -> None:
    is_xml = info.filename.lower().endswith((".xml", ".rels", ".vml"))
    before, prefix = b"", b""
    with archive.open(info) as member:
        while chunk := member.read(CHUNK):
            walk.total += len(chunk)
            if walk.total > min(walk.limits.unpacked_bytes, max(walk.packed, 10_000) * walk.limits.ratio):
                raise Refused(
                    "文件解压后异常巨大，疑似压缩炸弹，未读取；请只上传表格本身。",
                    "the file unpacks to an abnormal size (a zip bomb?) and was not read; send the table only.",
                )
            seen = before + chunk
            if is_xml:
                _refuse_declarations(seen)
            if facts is None:
                before = seen[-64:]
                continue
            prefix = prefix or (found[1] if (found := _PREFIX.search(seen)) else b"")
            plain = seen.replace(b"<" + prefix + b":", b"<").replace(b"</" + prefix + b":", b"</") if prefix else seen
            _note(plain, facts, walk)
            cut = max(plain.rfind(b"</c>"), plain.rfind(b"</row>"))
            before = plain[cut:] if cut > 0 and len(plain) - cut < CHUNK else plain[-_OVERLAP:]


def _refuse_declarations(xml: bytes) -> None:
    """Document types and entities, in UTF-8 or UTF-16."""
    if b"!" not in xml:
        return
    plain = xml.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused(
            "文件里有不允许的 XML 声明（DOCTYPE/ENTITY），可能被篡改；请用表格软件另存后再报。",
            "the file holds an XML declaration that is not allowed; save it anew and send that.",
        )


def _note(xml: bytes, facts: SheetFacts, walk: _Walk) -> None:
    """Cheap looks first: most sheets have none of these."""
    if b'hidden="1"' in xml or b'hidden="true"' in xml:
        _note_hidden(xml, facts)
    if b't="e"' in xml:
        for letters, row_number, value in _CELL_ERROR.findall(xml):
            facts.errors[int(row_number), column_index(letters.decode())] = value.decode("utf-8", "replace")
    if b"<f" in xml:
        for letters, row_number in _FORMULA.findall(xml):
            facts.errors.setdefault((int(row_number), column_index(letters.decode())), NOT_CALCULATED)
    if walk.zeros:
        for letters, row_number, style, value in _numbers_in_style(walk.zeros).findall(xml):
            place = int(row_number), column_index(letters.decode())
            facts.shown[place] = value.decode().zfill(walk.zeros[style])
    _measure(xml, facts, walk.limits)


def _note_hidden(xml: bytes, facts: SheetFacts) -> None:
    for row in _ROW.findall(xml):
        number = _NUMBER.search(row)
        if number and (b'hidden="1"' in row or b'hidden="true"' in row):
            facts.hidden_rows.add(int(number[1]))
    for first, last in _HIDDEN_COLUMNS.findall(xml):
        facts.hidden_columns.update(range(int(first) - 1, min(int(last), _WIDEST)))


def _measure(xml: bytes, facts: SheetFacts, limits: Limits) -> None:
    """One stray cell in the far corner would make a reader fill in billions of empty ones."""
    facts.last_row = max(facts.last_row, max(map(int, _ROW_NUMBER.findall(xml)), default=0))
    stray = None
    while facts.columns <= _WIDEST and (outside := _outside(facts).search(xml)):
        if outside["row"]:
            stray = outside
            break
        facts.columns += 26
    if facts.columns > limits.columns + 26 or stray or facts.last_row * facts.columns > limits.cells:
        raise Refused(
            f"工作表的使用区域异常（到第 {facts.last_row:,} 行、约 {facts.columns} 列），右下角可能误填了一格，"
            f"或超过 {limits.columns} 列；请删除多余的行列后另存再报。",
            f"the used area of a sheet is abnormal (row {facts.last_row:,}, about {facts.columns} columns): a stray "
            f"cell in the far corner, or more than {limits.columns} columns; delete the surplus and save again.",
        )


def _outside(facts: SheetFacts) -> re.Pattern[bytes]:
    """A cell below the last row, or right of the columns known so far; one search for both."""
    return _outside_of(facts.columns // 26 - 1, len(str(facts.last_row)) + 1 if facts.last_row else 0)


@cache
def _outside_of(known: int, digits: int) -> re.Pattern[bytes]:
    beyond = rb"(?:[A-Z]{3}|[%c-Z][A-Z])[0-9]" % _ALPHABET[known].encode()
    below = rb'(?P<row>[A-Z]{1,3}[0-9]{%d,}")' % digits if digits else rb"(?P<row>(?!))"
    return re.compile(rb' r="(?:' + below + b"|" + beyond + b")")


def _numbers_in_style(zeros: dict[bytes, int]) -> re.Pattern[bytes]:
    styles = b"|".join(sorted(zeros))
    return re.compile(
        rb'<c\b(?![^>]*\bt="[^n])[^>]*\br="([A-Z]{1,3})([0-9]+)"[^>]*\bs="(' + styles + rb')"[^>]*><v>([0-9]+)</v>'
    )


def _leading_zeros(archive: zipfile.ZipFile, limits: Limits) -> dict[bytes, int]:
    """Cell styles whose format is only zeros (0000): style number → width that is shown."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    xml = _small(archive, "xl/styles.xml", limits)
    formats = {
        number: len(code)
        for tag in re.findall(rb"<numFmt\b[^>]*>", xml)
        if (number := _attribute(tag, b"numFmtId")) and re.fullmatch(rb"0{2,}", code := _attribute(tag, b"formatCode"))
    }
    cells = re.search(rb"<cellXfs\b.*?</cellXfs>", xml, re.DOTALL)
    if not formats or not cells:
        return {}
    used = [_attribute(tag, b"numFmtId") for tag in re.findall(rb"<xf\b[^>]*>", cells[0])]
    return {str(style).encode(): formats[number] for style, number in enumerate(used) if number in formats}


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1] if found else b""


def _small(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """A part that describes the package; never more of it than a workbook's own limit."""
    with archive.open(name) as member:
        return member.read(limits.workbook_bytes)


def _sheet_order(archive: zipfile.ZipFile, limits: Limits) -> dict[str, int]:
    """Member name → number of the sheet, following workbook.xml and its relations."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    book = _small(archive, "xl/workbook.xml", limits)
    targets: dict[bytes, str] = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", _small(archive, "xl/_rels/workbook.xml.rels", limits)):
        key, target = _attribute(tag, b"Id"), _attribute(tag, b"Target").decode("utf-8", "replace").lstrip("/")
        targets[key] = target if target.startswith("xl/") else f"xl/{target}"
    keys = re.findall(rb'<(?:\w+:)?sheet\b[^>]*\b\w+:id="([^"]+)"', book)
    return {targets[key]: number for number, key in enumerate(keys) if key in targets}


def _carried(archive: zipfile.ZipFile) -> tuple[str, ...]:
    names = [name.lower() for name in archive.namelist()]
    return tuple(said for said, marks in _CARRIED.items() if any(mark in name for name in names for mark in marks))


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
