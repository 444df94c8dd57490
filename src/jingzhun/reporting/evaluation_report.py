"""Write an evaluation report to files: one page file per language, one workbook, one JSON object."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jingzhun.model.evaluation_report import EvaluationReport
from jingzhun.model.message import Language
from jingzhun.reporting.answer_sheet import Format
from jingzhun.reporting.evaluation_page import EvaluationPage, evaluation_page
from jingzhun.reporting.evaluation_paper import evaluation_paper
from jingzhun.reporting.evaluation_workbook import evaluation_workbook
from jingzhun.reporting.whole import write_whole

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def write_evaluation(
    report: EvaluationReport,
    out: Path,
    *,
    languages: Sequence[Language] = ("zh", "en"),
    formats: Sequence[Format] = ("html", "pdf", "xlsx", "json"),
    font_paths: Sequence[Path] = (),
) -> dict[str, Path]:
    """Write ``report`` into the folder ``out`` and return what was written: ``html_zh``, ``pdf_en``, ``xlsx`` … → file.

    The same report gives the same bytes. Raises ``MissingFont`` when a PDF is wanted and no Chinese font is installed;
    all other formats are written before.
    """
    out.mkdir(parents=True, exist_ok=True)
    place = _UNSAFE.sub("-", report.region_name).strip(" .") or report.region
    stem = f"第三方评估_{place}_{report.as_of.isoformat()}"
    written: dict[str, Path] = {}
    if "json" in formats:
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
        written["json"] = write_whole(out / f"{stem}.json", text.encode())
    if "xlsx" in formats:
        written["xlsx"] = write_whole(out / f"{stem}.xlsx", evaluation_workbook(report, languages))
    pages = {language: evaluation_page(report, language) for language in languages}
    if "html" in formats:
        for language, page in pages.items():
            others: dict[str, str] = {other: f"{stem}.{other}.html" for other in languages if other != language}
            written[f"html_{language}"] = write_whole(out / f"{stem}.{language}.html", _html(page, others))
    if "pdf" in formats:
        for language, page in pages.items():
            content = evaluation_paper(page, report.as_of, font_paths)
            written[f"pdf_{language}"] = write_whole(out / f"{stem}.{language}.pdf", content)
    return written


def _html(page: EvaluationPage, others: Mapping[str, str]) -> bytes:
    drawing = Markup(page.map.svg)  # noqa: S704 - made by this room, its texts escaped
    text = (
        _environment().get_template("evaluation.html").render(page=page, w=page.words, others=others, drawing=drawing)
    )
    return text.encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("jingzhun.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
