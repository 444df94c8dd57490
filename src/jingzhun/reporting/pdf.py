"""A4 PDFs, set by Typst from a template; data travels as JSON, never as markup."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typst

from jingzhun.reporting.page import Page

SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")


class MissingFont(LookupError):
    """No Chinese font is installed: better no PDF than one full of empty boxes."""

    def __init__(self) -> None:
        self.zh = (
            "没有找到中文字体，PDF 答卷没有生成（其他格式不受影响）。请安装思源黑体或 Noto Sans CJK 后重试："
            "Debian/Ubuntu 运行 sudo apt install fonts-noto-cjk；"
            "Fedora 运行 sudo dnf install google-noto-sans-cjk-fonts。"
        )
        self.en = (
            "No Chinese font was found, so no PDF was made (other formats are not affected). Install Noto Sans CJK and "
            "try again: sudo apt install fonts-noto-cjk (Debian, Ubuntu) "
            "or sudo dnf install google-noto-sans-cjk-fonts (Fedora)."
        )
        super().__init__(f"{self.zh} {self.en}")


def pdf_page(page: Page, as_of: date, font_paths: Sequence[Path] = ()) -> bytes:
    """The answer sheet as PDF bytes; see ``compile_pdf``."""
    return compile_pdf("answer_sheet.typ", _data(page), as_of, font_paths)


def compile_pdf(
    template: str,
    data: Mapping[str, Any],
    as_of: date,
    font_paths: Sequence[Path] = (),
    files: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A template of this room set with ``data`` and the texts of the ``files`` that it names.

    Dated ``as_of``, so that the same data gives the same bytes. Raises ``MissingFont``.
    """
    folders = [str(folder) for folder in font_paths]
    sans, serif = choose_fonts(installed_fonts(folders))
    stamp = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    source = resources.files("jingzhun.reporting") / "templates" / template
    told = json.dumps({**data, "sans": sans, "serif": serif}, ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="jingzhun-pdf-") as folder:
        root = Path(folder)
        for name, text in {**files, template: source.read_text("utf-8"), "data.json": told}.items():
            (root / name).write_text(text, "utf-8")
        compiled = typst.compile(str(root / template), root=str(root), font_paths=folders, timestamp=stamp)
    return bytes(compiled)


def _data(page: Page) -> dict[str, Any]:
    data = asdict(page)
    if page.flows:
        data["flows"]["closed"] = page.flows.closed
    return data


def installed_fonts(folders: Sequence[str] = ()) -> frozenset[str]:
    """Families that Typst can set with: the system's and those in ``folders``."""
    return frozenset(typst.Fonts(font_paths=list(folders)).families())


def choose_fonts(families: frozenset[str]) -> tuple[str, str]:
    """Sans and serif family; one stands in for the other. Raises ``MissingFont`` where neither is there."""
    sans = next((name for name in SANS if name in families), None)
    serif = next((name for name in SERIF if name in families), None)
    either = sans or serif
    if either is None:
        raise MissingFont
    return sans or either, serif or either
