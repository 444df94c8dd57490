"""Text tables: encoding and delimiter found out strictly, then blocks of whole lines that never mix people up."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Refused

BLOCK = 8 << 20
"""Bytes read at once. Twice as many take half as much memory again and no less time."""
LONGEST_LINE = 16 << 20
LONGEST_CELL = 1 << 20
"""Characters between quotes: a quote that is open for longer is a mistake, not a cell."""
LONGEST_OPEN = 1 << 20
"""Bytes that are held back for a quote to close: many times what the longest cell that is taken may have."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = (",", "\t", ";", "|", "、")
GB18030_2022 = str.maketrans(
    {
        0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15,
        0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F, 0xE81E: 0x9FB4,
        0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE832: 0x9FB8, 0xE843: 0x9FB9, 0xE854: 0x9FBA,
        0xE864: 0x9FBB,
    }
)  # fmt: skip
"""Private-use points of the codec's 2000 mapping and where GB 18030-2022 puts them."""


_MOVED = re.compile("[\ue78d-\ue864]")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How the file is written; said in the receipt."""

    encoding: str
    delimiter: str
    skip: int
    alike: int = 0
    """Lines of the file's beginning that the delimiter divides into equally many cells."""

    @property
    def said(self) -> str:
        names = {"\t": "制表符", ",": "逗号", ";": "分号", "|": "竖线", "、": "顿号"}
        return f"编码 {self.encoding.upper()}，{names[self.delimiter]}分隔"


@dataclass(slots=True)
class Block:
    """Whole lines as UTF-8. ``first_line`` is the physical line number of the first; quotes need the careful reader."""

    data: bytes
    first_line: int
    quoted: bool

    @property
    def plain(self) -> bool:
        """Whether every line is a row: no quotes, no NUL bytes."""
        return not self.quoted and b"\x00" not in self.data


def text_forms(path: Path) -> list[TextForm]:
    """Find the encoding: byte order mark, strict UTF-8 of the whole file, strict GB18030, else ``Refused``.

    There is a form for every delimiter that may be meant, the likeliest first; whose header is known decides.
    """
    with path.open("rb") as handle:
        head = handle.read(1 << 16)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            if not _decodes(path, encoding, len(bom)):
                raise _broken(encoding)
            return _with_delimiters(path, encoding, len(bom))
    if head[1:400:2].count(0) > 100:
        if not _decodes(path, "utf-16-le", 0):
            raise _broken("utf-16-le")
        return _with_delimiters(path, "utf-16-le", 0)
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding, 0):
            return _with_delimiters(path, encoding, 0)
    raise Refused(
        "文件编码既不是 UTF-8 也不是 GB18030，或中间有坏字节；请用表格软件另存为“CSV UTF-8”。",
        "the file is neither UTF-8 nor GB18030, or holds broken bytes; save it as CSV UTF-8.",
    )


def _broken(encoding: str) -> Refused:
    return Refused(
        f"文件开头标明编码是 {encoding.upper()}，但中间有坏字节或结尾缺一截；可能传送中断，"
        "请重新传送，或用表格软件另存为“CSV UTF-8”。",
        f"the file begins as {encoding.upper()} but holds broken bytes or is cut short; send it again, "
        "or save it as CSV UTF-8.",
    )


def _decodes(path: Path, encoding: str, skip: int) -> bool:
    """Whether the whole file is text in an encoding, without halves of characters that UTF-8 cannot hold."""
    with path.open("rb") as handle:
        handle.seek(skip)
        if encoding == "utf-8":
            return all(_is_utf8(data) for data in _whole_lines(handle))
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            while chunk := handle.read(BLOCK):
                if _HALVES.search(decoder.decode(chunk)):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


_HALVES = re.compile("[\ud800-\udfff]")


def _is_utf8(data: bytes) -> bool:
    """Whether all bytes are UTF-8, looked at in one go."""
    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _whole_lines(handle: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file in pieces that end at line ends; no character is cut."""
    rest = b""
    while chunk := handle.read(BLOCK):
        data = rest + chunk
        cut = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1
        rest = data[cut:]
        if len(rest) > LONGEST_LINE:
            raise _no_line_end()
        yield data[:cut]
    if rest:
        yield rest


def _with_delimiters(path: Path, encoding: str, skip: int) -> list[TextForm]:
    """The delimiters that occur: first those that divide most lines into equally many cells, then by number."""
    with path.open("rb") as handle:
        handle.seek(skip)
        sample = handle.read(1 << 16).decode(encoding, "ignore")
    lines = [_QUOTED.sub("", line) for line in sample.splitlines()[:20] if line.strip()]
    alike: dict[str, tuple[int, int]] = {}
    for delimiter in _DELIMITERS:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        if counts:
            alike[delimiter] = (counts.most_common(1)[0][1], counts.total() and sum(counts.elements()))
    ranked = sorted(alike, key=lambda delimiter: alike[delimiter], reverse=True)
    return [TextForm(encoding, delimiter, skip, alike[delimiter][0]) for delimiter in ranked] or [
        TextForm(encoding, ",", skip)
    ]


_QUOTED = re.compile('"[^"]*"')


def blocks(path: Path, form: TextForm) -> Iterator[Block]:
    """The file in blocks of whole rows: lines from a quote on that is still open go with the block after.

    A quote that is open for longer than any cell is a mistake; its block is given whole, and whoever splits it into
    rows finds the line. So a quote that never closes costs no more memory than any other.
    """
    line, held = 1, b""
    for piece in _utf8(path, form):
        data = held + (piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in piece else piece)
        quotes = data.count(b'"')
        held = b""
        if quotes % 2:
            closed = _closed(data) if len(data) > BLOCK // 2 else 0
            data, held = data[:closed], data[closed:]
        if not data:
            continue
        yield Block(data, line, quotes > 0)
        line += data.count(b"\n")
    if held:
        yield Block(held, line, True)


def _closed(data: bytes) -> int:
    """The end of the last line after which no quote is open; the end of all where one is open for too long."""
    cut, is_open = len(data), True
    while is_open and len(data) - cut <= LONGEST_OPEN:
        start = data.rfind(b"\n", 0, data.rfind(b'"', 0, cut)) + 1
        is_open = data.count(b'"', start, cut) % 2 == 0
        cut = start
    return cut if not is_open and len(data) - cut <= LONGEST_OPEN else len(data)


def _utf8(path: Path, form: TextForm) -> Iterator[bytes]:
    with path.open("rb") as handle:
        handle.seek(form.skip)
        if form.encoding == "utf-8":
            yield from _whole_lines(handle)
            return
        decoder = codecs.getincrementaldecoder(form.encoding)("strict")
        rest = ""
        while chunk := handle.read(BLOCK):
            text = rest + decoder.decode(chunk)
            cut = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
            rest = text[cut:]
            if len(rest) > LONGEST_LINE:
                raise _no_line_end()
            yield _mapped(text[:cut], form).encode()
        rest += decoder.decode(b"", final=True)
        if rest:
            yield _mapped(rest, form).encode()


def _no_line_end() -> Refused:
    megabytes = LONGEST_LINE // 2**20
    return Refused(
        f"有一行超过 {megabytes} MB，不像表格；请用表格软件打开后另存为 CSV。",
        f"a line is longer than {megabytes} MB; this is hardly a table. Open it and save it as CSV.",
    )


def _mapped(text: str, form: TextForm) -> str:
    """GB18030 text with the characters that moved in the 2022 edition."""
    moved = form.encoding == "gb18030" and _MOVED.search(text)
    return text.translate(GB18030_2022) if moved else text


def split_rows(block: Block, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows of a block with the physical line each starts at. Raises ``Refused`` at a quote that does not close.

    The block is decoded line by line: as one text it would take four times its bytes.
    """
    text = io.TextIOWrapper(io.BytesIO(block.data), "utf-8", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    csv.field_size_limit(max(limits.cell_characters * 8, LONGEST_CELL))
    while True:
        start = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = block.first_line + start
            raise Refused(
                f"第 {line} 行起引号不成对或单元格过长，若照读会把几个人并成一行；请检查该行的引号。",
                f"from line {line} on a quote does not close or a cell is too long; reading on would merge people.",
            ) from error
        yield block.first_line + start, row
