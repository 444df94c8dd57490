"""The evaluation report as an A4 PDF, set by Typst from a template; data travels as JSON, the map as a drawing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import typst

from jingzhun.reporting.evaluation_page import EvaluationPage
from jingzhun.reporting.pdf import choose_fonts, installed_fonts

TEMPLATE = "evaluation.typ"


def evaluation_paper(page: EvaluationPage, as_of: date, font_paths: Sequence[Path] = ()) -> bytes:
    """The page as PDF bytes, dated ``as_of`` so that the same report gives the same bytes. Raises ``MissingFont``."""
    folders = [str(folder) for folder in font_paths]
    sans, serif = choose_fonts(installed_fonts(folders))
    stamp = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="jingzhun-pdf-") as folder:
        root = Path(folder)
        template = resources.files("jingzhun.reporting") / "templates" / TEMPLATE
        (root / TEMPLATE).write_text(template.read_text("utf-8"), "utf-8")
        (root / "map.svg").write_text(page.map.svg, "utf-8")
        data = asdict(page) | {"sans": sans, "serif": serif}
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        compiled = typst.compile(str(root / TEMPLATE), root=str(root), font_paths=folders, timestamp=stamp)
    return bytes(compiled)
