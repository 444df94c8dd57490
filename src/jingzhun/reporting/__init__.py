"""The answer sheet (脱贫答卷) on paper, on screen, in a workbook and for machines; worklists that go out and return."""

from jingzhun.reporting.answer_sheet import write_answer_sheet
from jingzhun.reporting.evaluation_report import write_evaluation
from jingzhun.reporting.figures import FigureRow, figure_row
from jingzhun.reporting.formats import Format
from jingzhun.reporting.pdf import MissingFont
from jingzhun.reporting.survey_form import write_survey_form
from jingzhun.reporting.wording import outcome_word, seen_text, undelivered_text, unit_word, word
from jingzhun.reporting.worklist import Item, Page, write_pages, write_worklist

__all__ = [
    "FigureRow",
    "Format",
    "Item",
    "MissingFont",
    "Page",
    "figure_row",
    "outcome_word",
    "seen_text",
    "undelivered_text",
    "unit_word",
    "word",
    "write_answer_sheet",
    "write_evaluation",
    "write_pages",
    "write_survey_form",
    "write_worklist",
]
