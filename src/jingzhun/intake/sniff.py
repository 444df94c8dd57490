"""What a delivered file really is. Its first bytes decide, never its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from jingzhun.intake.inspection import encrypted
from jingzhun.intake.limits import Limits
from jingzhun.intake.reading import Note, Refused

Form = Literal["xlsx", "xls", "csv", "zip"]
_BOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_SAID = {
    "xlsx": ("新版工作簿（.xlsx）", "a workbook (.xlsx)"),
    "xls": ("旧版工作簿（.xls）", "an old workbook (.xls)"),
    "csv": ("文本", "text"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def said_form(form: Form, name: str) -> list[Note]:
    """A note for the receipt where a file's name says something else than its content."""
    ending = Path(name).suffix.lower().lstrip(".")
    expected = {"xlsm": "xlsx", "ods": "xlsx", "et": "xls", "txt": "csv", "tsv": "csv", "": form}.get(ending, ending)
    if expected == form or form == "zip":
        return []
    zh, en = _SAID[form]
    return [
        Note(
            f"文件名以 .{ending} 结尾，内容是{zh}，已按内容读取",
            f"the name ends in .{ending}, the content is {en}; read as that",
        )
    ]


def sniff(path: Path, limits: Limits) -> Form:
    """Whether a file is a workbook, a zip set or text. Raises ``Refused`` with a plain sentence for all else."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        head = handle.read(4096)
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Refused(
            "文件是空的，没有任何数据；请检查是否传错了文件。", "the file is empty; check that it is the right one."
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)) and size > limits.workbook_bytes:
        megabytes = limits.workbook_bytes // 2**20
        raise Refused(
            f"文件有 {size / 2**20:.0f} MB，超过 {megabytes} MB；请拆成几个文件，或另存为 CSV。",
            f"the file has {size / 2**20:.0f} MB, more than {megabytes}; split it or save it as CSV.",
        )
    if head.startswith(b"PK"):
        return _zip(path)
    if head.startswith(_OLE):
        return _ole(path)
    lowered = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if lowered.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Refused(
            "这是网页（HTML/XML），不是表格文件；请在表格软件中打开后另存为 .xlsx。",
            "this is a web page (HTML/XML) named as a table; open it and save it as .xlsx.",
        )
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Refused(
            "这不是表格文件；请报送 .xlsx、.xls、.csv 或 .zip。", "this is no table; send .xlsx, .xls, .csv or .zip."
        )
    return "csv"


def _zip(path: Path) -> Form:
    if not zipfile.is_zipfile(path):
        raise Refused(
            "文件不完整（压缩包没有结尾）；可能传送中断，请重新传送。",
            "the file is cut short (no end of the archive); send it again.",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise Refused(
            "文件损坏（压缩包目录读不出来）；请重新导出或重新传送。",
            "the file is damaged (its directory cannot be read); export or send it again.",
        ) from error
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused(
            "这是文字文档或演示文稿，不是表格文件（xlsx、xls、csv、zip）；请把表格另存为 .xlsx 再报。",
            "this is a document or presentation, no table (xlsx, xls, csv, zip); save the table as .xlsx.",
        )
    return "xlsx" if any(name in ("[Content_Types].xml", "mimetype") for name in names) else "zip"


def _ole(path: Path) -> Form:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        raise encrypted()
    if not any(stream in content for stream in _BOOK_STREAMS):
        raise Refused(
            "文件里没有工作簿内容（可能是 WPS 的 .et 或文字文档）；请用 WPS 或 Excel 打开后另存为 .xlsx。",
            "there is no workbook in this file (a WPS .et or a document?); open it and save it as .xlsx.",
        )
    return "xls"
