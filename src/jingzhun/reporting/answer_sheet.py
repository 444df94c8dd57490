"""Write an answer sheet to files: one page file per language, one workbook, one JSON list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jingzhun.model.answers import AnswerSheet
from jingzhun.model.message import Language
from jingzhun.reporting.formats import FORMATS, LANGUAGES, Format, Makers, place_in_a_name, write_formats
from jingzhun.reporting.html import html_page
from jingzhun.reporting.page import build_page
from jingzhun.reporting.pdf import pdf_page
from jingzhun.reporting.workbook import workbook


def write_answer_sheet(
    sheet: AnswerSheet,
    out: Path,
    *,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    font_paths: Sequence[Path] = (),
) -> dict[str, Path]:
    """Write ``sheet`` into the folder ``out`` and return what was written: ``html_zh``, ``pdf_en``, ``xlsx`` … → file.

    The same sheet gives the same bytes. ``font_paths`` are folders with more fonts than the system's. Raises
    ``MissingFont`` when a PDF is wanted and no Chinese font is installed; all other formats are written before.
    """
    makers = Makers(
        data=sheet.entries,
        workbook=lambda wanted: workbook(sheet, wanted),
        page=lambda language: build_page(sheet, language),
        html=html_page,
        pdf=lambda page: pdf_page(page, sheet.as_of, font_paths),
    )
    return write_formats(file_stem(sheet), makers, out, languages, formats)


def file_stem(sheet: AnswerSheet) -> str:
    """Name of the files without ending, such as ``脱贫答卷_某县_2018-12-31``."""
    return f"脱贫答卷_{place_in_a_name(sheet.region_name, sheet.region)}_{sheet.as_of.isoformat()}"
