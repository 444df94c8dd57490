"""A report in files: one page per language as HTML and PDF, one workbook, one JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from jingzhun.model.message import Language
from jingzhun.reporting.whole import write_whole

Format = Literal["html", "pdf", "xlsx", "json"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FORMATS: tuple[Format, ...] = ("html", "pdf", "xlsx", "json")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Makers(Generic[Shown]):
    """What makes each format. ``page`` is what a reader of a language sees, ``html`` and ``pdf`` show it.

    ``html`` is also given the files of the other languages, beside its own.
    """

    data: Callable[[], Any]
    workbook: Callable[[Sequence[Language]], bytes]
    page: Callable[[Language], Shown]
    html: Callable[[Shown, Mapping[str, str]], bytes]
    pdf: Callable[[Shown], bytes]


def write_formats(
    stem: str, makers: Makers[Shown], out: Path, languages: Sequence[Language], formats: Sequence[Format]
) -> dict[str, Path]:
    """Write into the folder ``out`` and return what was written: ``html_zh``, ``pdf_en``, ``xlsx`` … → file.

    PDFs come last: where one cannot be made, all other formats are there.
    """
    out.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    if "json" in formats:
        text = json.dumps(makers.data(), ensure_ascii=False, indent=1) + "\n"
        written["json"] = write_whole(out / f"{stem}.json", text.encode())
    if "xlsx" in formats:
        written["xlsx"] = write_whole(out / f"{stem}.xlsx", makers.workbook(languages))
    pages = {language: makers.page(language) for language in languages}
    if "html" in formats:
        for language, page in pages.items():
            others: dict[str, str] = {other: f"{stem}.{other}.html" for other in languages if other != language}
            path = out / f"{stem}.{language}.html"
            written[f"html_{language}"] = write_whole(path, makers.html(page, others))
    if "pdf" in formats:
        for language, page in pages.items():
            written[f"pdf_{language}"] = write_whole(out / f"{stem}.{language}.pdf", makers.pdf(page))
    return written


def place_in_a_name(name: str, code: str) -> str:
    """The name of a place as part of a file's name, its code where nothing of the name can be."""
    return _UNSAFE.sub("-", name).strip(" .") or code
