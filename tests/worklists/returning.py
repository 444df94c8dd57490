"""A worklist as it goes out, is filled in and comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from jingzhun.intake import take_in
from jingzhun.pipeline import screened
from jingzhun.quality import Tally, tallies
from jingzhun.snapshot import freeze
from jingzhun.worklists import problem_answers_not_used, problem_worklists
from tests.intake.making import RECEIVED, pack

COUNTY = "141130000000"
EXEMPT = {"整改状态": "已豁免", "佐证": "户口簿复印件", "填报人": "核查人甲", "豁免到期日": "2019-06-30"}


def frozen(folder: Path, files: list[Path], as_of: date = RECEIVED) -> Path:
    take_in(files, folder / "store", pack(), received_on=as_of)
    number = len(list(folder.glob("snapshot-*")))
    freeze(folder / "store", folder / f"snapshot-{number}", pack(), as_of)
    return folder / f"snapshot-{number}"


def sent_out(snapshot: Path, folder: Path) -> list[Path]:
    with screened(snapshot, pack()) as (engine, manifest):
        return problem_worklists(engine, pack(), manifest, COUNTY, folder)


def tally(snapshot: Path, rule: str, since: list[Path] | None = None) -> Tally:
    with screened(snapshot, pack(), since=since or []) as (engine, _):
        return next(one for one in tallies(engine, pack(), [COUNTY]) if one.rule.id == rule)


def filled_in(path: Path, fill: Callable[[dict[str, Any]], dict[str, Any]]) -> Path:
    """The worklist after somebody wrote into its red columns."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header_row = next(row for row in range(1, 10) if sheet.cell(row, 1).value == "问题编号")
    names = {str(cell.value): cell.column for cell in sheet[header_row]}
    for row in range(header_row + 1, sheet.max_row + 1):
        known = {name: sheet.cell(row, column).value for name, column in names.items()}
        for name, value in fill(known).items():
            sheet.cell(row, names[name], value)
    book.save(path)
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a worklist under its headers."""
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]
    header = next(row for row in rows if row[0] == "问题编号")
    return [dict(zip(map(str, header), row, strict=True)) for row in rows[rows.index(header) + 1 :]]


def not_used(snapshot: Path) -> dict[str, str]:
    """Answers that count for nothing, and why."""
    with screened(snapshot, pack()) as (engine, _):
        return {one["number"]: one["why"] for one in problem_answers_not_used(engine, COUNTY)}
