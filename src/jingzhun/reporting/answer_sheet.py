"""Write an answer sheet to files: one page file per language, one workbook, one JSON list."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from jingzhun.model.answers import AnswerSheet
from jingzhun.model.message import Language
from jingzhun.reporting.html import html_page
from jingzhun.reporting.page import build_page
from jingzhun.reporting.pdf import pdf_page
from jingzhun.reporting.whole import write_whole
from jingzhun.reporting.workbook import workbook

Format = Literal["html", "pdf", "xlsx", "json"]
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def write_answer_sheet(
    sheet: AnswerSheet,
    out: Path,
    *,
    languages: Sequence[Language] = ("zh", "en"),
    formats: Sequence[Format] = ("html", "pdf", "xlsx", "json"),
    font_paths: Sequence[Path] = (),
) -> dict[str, Path]:
    """Write ``sheet`` into the folder ``out`` and return what was written: ``html_zh``, ``pdf_en``, ``xlsx`` … → file.

    The same sheet gives the same bytes. ``font_paths`` are folders with more fonts than the system's. Raises
    ``MissingFont`` when a PDF is wanted and no Chinese font is installed; all other formats are written before.
    """
    out.mkdir(parents=True, exist_ok=True)
    stem = file_stem(sheet)
    written: dict[str, Path] = {}
    if "json" in formats:
        written["json"] = write_whole(out / f"{stem}.json", _json(sheet))
    if "xlsx" in formats:
        written["xlsx"] = write_whole(out / f"{stem}.xlsx", workbook(sheet, languages))
    pages = {language: build_page(sheet, language) for language in languages}
    if "html" in formats:
        siblings = {language: f"{stem}.{language}.html" for language in languages}
        for language, page in pages.items():
            others: dict[str, str] = {other: file for other, file in siblings.items() if other != language}
            written[f"html_{language}"] = write_whole(out / siblings[language], html_page(page, others))
    if "pdf" in formats:
        for language, page in pages.items():
            path = out / f"{stem}.{language}.pdf"
            written[f"pdf_{language}"] = write_whole(path, pdf_page(page, sheet.as_of, font_paths))
    return written


def file_stem(sheet: AnswerSheet) -> str:
    """Name of the files without ending, such as ``脱贫答卷_某县_2018-12-31``."""
    place = _UNSAFE.sub("-", sheet.region_name).strip(" .") or sheet.region
    return f"脱贫答卷_{place}_{sheet.as_of.isoformat()}"


def _json(sheet: AnswerSheet) -> bytes:
    return (json.dumps(sheet.entries(), ensure_ascii=False, indent=1) + "\n").encode()
