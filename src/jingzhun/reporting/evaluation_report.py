"""Write an evaluation report to files: one page file per language, one workbook, one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from jingzhun.model.evaluation_report import EvaluationReport
from jingzhun.model.message import Language
from jingzhun.reporting.evaluation_page import EvaluationPage, evaluation_page
from jingzhun.reporting.evaluation_paper import evaluation_paper
from jingzhun.reporting.evaluation_workbook import evaluation_workbook
from jingzhun.reporting.formats import FORMATS, LANGUAGES, Format, Makers, place_in_a_name, write_formats
from jingzhun.reporting.html import environment


def write_evaluation(
    report: EvaluationReport,
    out: Path,
    *,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    font_paths: Sequence[Path] = (),
) -> dict[str, Path]:
    """Write ``report`` into the folder ``out`` and return what was written: ``html_zh``, ``pdf_en``, ``xlsx`` … → file.

    The same report gives the same bytes. Raises ``MissingFont`` when a PDF is wanted and no Chinese font is installed;
    all other formats are written before.
    """
    makers = Makers(
        data=report.to_json,
        workbook=lambda wanted: evaluation_workbook(report, wanted),
        page=lambda language: evaluation_page(report, language),
        html=_html,
        pdf=lambda page: evaluation_paper(page, report.as_of, font_paths),
    )
    stem = f"第三方评估_{place_in_a_name(report.region_name, report.region)}_{report.as_of.isoformat()}"
    return write_formats(stem, makers, out, languages, formats)


def _html(page: EvaluationPage, others: Mapping[str, str]) -> bytes:
    drawing = Markup(page.map.svg)  # noqa: S704 - made by this room, its texts escaped
    template = environment().get_template("evaluation.html")
    return template.render(page=page, w=page.words, others=others, drawing=drawing).encode()
