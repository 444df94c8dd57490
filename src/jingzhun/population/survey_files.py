"""An invented survey as evaluators would send it: cells as people write them, a form's export, a ledger of cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from jingzhun.model import TABLES, Column, Kind
from jingzhun.policy.schema import Layout
from jingzhun.population.seeding import stream
from jingzhun.population.writing import Page, write_workbook

Row = dict[str, Any]
Texts = dict[str, str]
VISIT, CASE = "survey_visit", "doubtful_case"
EVERY = 140
"""One cell in so many is written in another way than the list asks for."""
NO_DAY = "02-30"


def written(table: str, row: Mapping[str, Any]) -> Texts:
    """The cells of a row as text; what is not known stays out."""
    columns = TABLES[table].columns
    return {one.name: _text(one, row[one.name]) for one in columns if row.get(one.name) is not None}


def _text(column: Column, value: Any) -> str:
    if column.kind is Kind.FLAG:
        return "是" if value else "否"
    if column.kind is Kind.CENTS:
        return f"{Decimal(value) / 100:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def soil(county: str, rows: Sequence[Texts], seed: int) -> list[Row]:
    """Write some cells as evaluators do, one of them so that its row must go back. Returns what was changed.

    The row that must go back is the last one, which nobody needs for a check of their own.
    """
    rng, marks = stream(seed, "survey", county, "dirt"), []
    for row in rows:
        for name, kind, other in (
            ("visited_on", "date_notation", _other_day(row.get("visited_on", ""))),
            ("food", "flag_notation", {"是": "√", "否": "×"}.get(row.get("food", ""), "")),
        ):
            if other and rng.integers(EVERY) == 0:
                marks.append(_mark(row, name, kind, other))
    for row in rows[-1:]:
        marks.append(_mark(row, "visited_on", "impossible_date", f"{row['visited_on'][:4]}-{NO_DAY}"))
    return marks


def _other_day(day: str) -> str:
    parts = day.split("-")
    return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日" if len(parts) == 3 and parts[0].isdigit() else ""


def _mark(row: Texts, name: str, kind: str, put: str) -> Row:
    mark = {"household_key": row["household_key"], "field": name, "kind": kind, "original": row[name], "written": put}
    row[name] = put
    return mark


def write_export(path: Path, fields: Sequence[str], rows: Iterable[Texts]) -> Path:
    """The export of the form: a column for each of its questions, by name."""
    return _write_csv(path, fields, rows, "utf-8")


def write_cases(path: Path, layout: Layout, title: str, rows: Sequence[Texts], places: Sequence[Texts]) -> Path:
    """The ledger of doubtful cases as a workbook; ``places`` are the names of each row's divisions by level."""
    pairs = list(zip(rows, places, strict=True))
    used = [one for one in layout.columns if not one.ignore and one.region != "code"]
    columns = [
        pa.array([(place if one.region else row).get(one.region or one.field, "") for row, place in pairs])
        for one in used
    ]
    page = Page("疑似问题", [one.header for one in used], columns, [False] * len(used), above=[[title]])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(path, page)
    return path


def write_table(path: Path, rows: Sequence[Row]) -> Path:
    """A table of the truth; nothing but a header where there is no row."""
    fields = list(dict.fromkeys(name for row in rows for name in row))
    return _write_csv(path, fields, rows, "utf-8")


def _write_csv(path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, Any]], encoding: str) -> Path:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, fields, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding)
    return path
