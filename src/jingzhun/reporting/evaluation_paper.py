"""The evaluation report as an A4 PDF: the page as data, the map as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from jingzhun.reporting.evaluation_page import EvaluationPage
from jingzhun.reporting.pdf import compile_pdf


def evaluation_paper(page: EvaluationPage, as_of: date, font_paths: Sequence[Path] = ()) -> bytes:
    """The page as PDF bytes; see ``compile_pdf``."""
    return compile_pdf("evaluation.typ", asdict(page), as_of, font_paths, {"map.svg": page.map.svg})
