"""The answer sheet (脱贫答卷) on paper, on screen, in a workbook and for machines."""

from jingzhun.reporting.answer_sheet import Format, write_answer_sheet
from jingzhun.reporting.figures import FigureRow, figure_row
from jingzhun.reporting.pdf import MissingFont
from jingzhun.reporting.wording import outcome_word, seen_text, unit_word

__all__ = [
    "FigureRow",
    "Format",
    "MissingFont",
    "figure_row",
    "outcome_word",
    "seen_text",
    "unit_word",
    "write_answer_sheet",
]
