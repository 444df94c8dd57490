"""The survey as an XLSForm, which ODK Collect, KoboToolbox and SurveyCTO put on a phone, with or without a signal.

Questions come from the pack's form, choices from its code lists by their labels, so that what the phones send back is
read like any other file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.evaluation import Question, SurveyForm
from jingzhun.reporting.sheets import book_of
from jingzhun.reporting.whole import write_whole

VISIT = "survey_visit"
ZH, EN = "中文 (zh)", "English (en)"
SURVEY = (
    "type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}", f"hint::{EN}", "required", "relevant", "constraint",
    f"constraint_message::{ZH}", f"constraint_message::{EN}", "calculation", "appearance",
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{ZH}", f"label::{EN}")
SETTINGS = ("form_title", "form_id", "version", "default_language")
_HEAD = {"bold": True, "bg_color": "#E2E8F0"}
_WIDTH = 26


def write_survey_form(path: Path, pack: Pack, form: SurveyForm, day: date) -> Path:
    """Write the form with its sheets survey, choices and settings; the same form gives the same bytes."""

    def fill(book: Any) -> None:
        head = book.add_format(_HEAD)
        _sheet(book, head, "survey", SURVEY, (_question(one) for one in form.questions))
        _sheet(book, head, "choices", CHOICES, _choices(pack, form))
        _sheet(book, head, "settings", SETTINGS, [_settings(form)])

    return write_whole(path, book_of(form.zh, day, fill))


def _sheet(book: Any, head: Any, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    sheet.freeze_panes(1, 2)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column, head)
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            if text := row.get(column, ""):
                sheet.write_string(number, at, text)


def _question(one: Question) -> dict[str, str]:
    return {
        "type": f"select_one {_list_of(one)}" if one.kind == "select_one" else one.kind,
        "name": one.field,
        f"label::{ZH}": one.zh,
        f"label::{EN}": one.en,
        f"hint::{ZH}": one.hint_zh,
        f"hint::{EN}": one.hint_en,
        "required": "yes" if one.required else "",
        "relevant": one.relevant,
        "constraint": one.constraint,
        f"constraint_message::{ZH}": one.says_zh,
        f"constraint_message::{EN}": one.says_en,
        "calculation": one.calculation,
        "appearance": one.appearance,
    }


def _list_of(one: Question) -> str:
    return TABLES[VISIT].column(one.field).codes


def _choices(pack: Pack, form: SurveyForm) -> Iterator[dict[str, str]]:
    lists = dict.fromkeys(_list_of(one) for one in form.questions if one.kind == "select_one")
    for name in lists:
        for item in pack.codes[name].items:
            yield {
                "list_name": name,
                "name": item.label,
                f"label::{ZH}": item.label,
                f"label::{EN}": item.en or item.label,
            }


def _settings(form: SurveyForm) -> dict[str, str]:
    return {"form_title": f"{form.zh} {form.en}", "form_id": form.id, "version": form.version, "default_language": ZH}
