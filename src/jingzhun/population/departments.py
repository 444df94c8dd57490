"""What a county's departments send: their files in their folders, some rows soiled, and those rows once more, clean."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import TABLES
from jingzhun.population.calibration import Delivery
from jingzhun.population.dirt import Mark, apply, damaged_rows, soil
from jingzhun.population.plan import Plan
from jingzhun.population.problems import Planted
from jingzhun.population.scene import Tables
from jingzhun.population.seeding import stream
from jingzhun.population.shares import Ints
from jingzhun.population.sheets import Field, filtered, lay_out, with_rows
from jingzhun.population.writing import Page, text_bytes, write_archive, write_workbook

FIRST, AGAIN, MENDED = "1_首次报送", "2_补报", "3_整改"
"""Folders of the deliveries; walked by name, each comes after the one before.

The first has the register with its problem data; the second what could not be read of the first; the third the rows
that were put right after a screening, and the ledger of problems.
"""
LEDGER = "problem_record"
HEADER_REPEATED, TOTAL, NOTE = "repeated_header", "total_row", "note_row"
TRUTH_HEADER = ("file", "sheet", "row", "column", "kind", "original", "written", "expected")


@dataclass(slots=True)
class Sent:
    """Files written so far and every line of the truth about their dirt."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    truth: list[tuple[str, ...]] = field(default_factory=list)
    archives: dict[Path, dict[str, bytes]] = field(default_factory=dict)


def send(plan: Plan, code: str, tables: Tables, sent: Sent) -> None:
    """Write every delivery of one county, or of the whole area, for which there are rows."""
    place, planted = plan.tree.get(code).name, Planted(plan, tables)
    for delivery in plan.calibration.deliveries:
        if delivery.table not in tables:
            continue
        mended = _files(plan, delivery, planted.last)
        for part, ((file, fields), (_, last)) in enumerate(
            zip(_files(plan, delivery, planted.first), mended, strict=True), start=1
        ):
            _send_one(plan, code, place, delivery, file, fields, part, sent)
            _send_mended(delivery, place, file, fields, last, plan, sent)
    for path, members in sent.archives.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_archive(path, members)
        sent.files.append(path)
    sent.archives = {}


def _files(plan: Plan, delivery: Delivery, tables: Tables) -> Iterator[tuple[str, list[Field]]]:
    """File names and contents of a delivery; long tables are sent in several files."""
    wanted = {name: _value(plan, delivery.table, name, text) for name, text in delivery.where.items()}
    rows = len(filtered(tables[delivery.table], wanted))
    if rows == 0:
        return
    fields = lay_out(delivery, plan.pack.layouts[delivery.layout], tables, plan.tree, wanted)
    file, size = _named(plan, delivery.file), delivery.rows_per_file or rows
    for start in range(0, rows, size):
        stem, dot, ending = file.rpartition(".")
        name = file if rows <= size else f"{stem}_{start // size + 1}{dot}{ending}"
        yield name, [Field(one.header, one.cells.slice(start, size), one.column, one.required) for one in fields]


def _named(plan: Plan, text: str, place: str = "") -> str:
    return text.format(year=plan.as_of.year, opening=plan.calibration.opening_year, place=place)


def _value(plan: Plan, table: str, name: str, text: str) -> Any:
    filled = _named(plan, text)
    return int(filled) if pa.types.is_integer(TABLES[table].column(name).arrow_type) else filled


def _send_one(
    plan: Plan, code: str, place: str, delivery: Delivery, file: str, fields: list[Field], part: int, sent: Sent
) -> None:
    rng = stream(plan.seed, code, "dirt", delivery.file, part)
    marks = soil(fields, delivery.dirt, plan.calibration.dirt.rates, plan.pack, delivery.form, rng)
    page, lines = _page(delivery, apply(fields, marks), place, plan)
    page.stored_as_number = {
        (int(lines[mark.row]) - page.first_row, mark.field) for mark in marks if mark.kind == "number_as_number"
    } if delivery.form == "xlsx" else set()  # fmt: skip
    folder = MENDED if delivery.table == LEDGER else FIRST
    shown = _write(sent, delivery, Path(folder, place, delivery.folder, file), page)
    sent.truth += _truth(plan, shown, page, fields, marks, lines)
    again = damaged_rows(marks)
    if len(again):
        _send_again(delivery, place, file, fields, again, plan, sent)


def _send_again(
    delivery: Delivery, place: str, file: str, fields: list[Field], rows: Ints, plan: Plan, sent: Sent
) -> None:
    folder = MENDED if delivery.table == LEDGER else AGAIN
    _send_rows(delivery, place, Path(folder, place, delivery.folder), file, "补报", fields, rows, plan, sent)


def _send_mended(
    delivery: Delivery, place: str, file: str, first: list[Field], last: list[Field], plan: Plan, sent: Sent
) -> None:
    """The rows that a screening had put right, whole, as the last word on them."""
    changed = np.zeros(len(first[0].cells), bool)
    for before, after in zip(first, last, strict=True):
        changed |= pc.not_equal(before.cells, after.cells).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(changed)
    if len(rows):
        _send_rows(delivery, place, Path(MENDED, place, delivery.folder), file, "整改", last, rows, plan, sent)


def _send_rows(
    delivery: Delivery,
    place: str,
    folder: Path,
    file: str,
    why: str,
    fields: list[Field],
    rows: Ints,
    plan: Plan,
    sent: Sent,
) -> None:
    clean = [Field(one.header, one.cells.take(pa.array(rows)), one.column, one.required) for one in fields]
    plain = delivery.model_copy(update={"repeat_header_every": 0, "total_row": False, "note": "", "zip": ""})
    page, _ = _page(plain, clean, place, plan)
    stem, dot, ending = file.rpartition(".")
    _write(sent, plain, folder / f"{stem}_{why}{dot}{ending}", page)


def _page(delivery: Delivery, fields: list[Field], place: str, plan: Plan) -> tuple[Page, Ints]:
    """The sheet, and the row number of every data row as the spreadsheet program shows it."""
    count, step = len(fields[0].cells), delivery.repeat_header_every
    header = [one.header for one in fields]
    at = np.arange(step, count, step, dtype=np.int64) if step else np.zeros(0, np.int64)
    full = with_rows(fields, at, [header] * len(at))
    above = [[_named(plan, line, place)] for line in (delivery.title, delivery.unit_row) if line]
    below = [["合计", *[""] * (len(fields) - 1)]] if delivery.total_row else []
    below += [[_named(plan, delivery.note, place)]] if delivery.note else []
    numeric = [one.numeric and not delivery.text_cells for one in full]
    page = Page(_sheet_name(delivery), header, [one.cells for one in full], numeric, above, below)
    lines = np.arange(count) + np.searchsorted(at, np.arange(count), side="right") + page.first_row
    return page, lines


def _sheet_name(delivery: Delivery) -> str:
    return TABLES[delivery.table].zh if delivery.form == "xlsx" else "csv"


def _write(sent: Sent, delivery: Delivery, relative: Path, page: Page) -> str:
    """Write one file and return the name under which a receiver sees it."""
    path = sent.folder / relative
    if delivery.zip:
        archive = path.with_name(delivery.zip)
        sent.archives.setdefault(archive, {})[relative.name] = text_bytes(page, delivery.encoding)
        return str(relative.with_name(delivery.zip) / relative.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if delivery.form == "csv":
        path.write_bytes(text_bytes(page, delivery.encoding))
    else:
        write_workbook(path, page)
    sent.files.append(path)
    return str(relative)


def _truth(
    plan: Plan, file: str, page: Page, fields: list[Field], marks: list[Mark], lines: Ints
) -> Iterator[tuple[str, ...]]:
    outcomes = plan.calibration.dirt.outcomes
    for mark in marks:
        place, header = str(int(lines[mark.row])), fields[mark.field].header
        yield (file, page.name, place, header, mark.kind, mark.original, mark.written, outcomes[mark.kind])
    between = (
        np.setdiff1d(np.arange(page.first_row, int(lines[-1]) + 1), lines) if len(lines) else np.zeros(0, np.int64)
    )
    for line in between:
        yield (file, page.name, str(int(line)), "", HEADER_REPEATED, "", page.header[0], outcomes[HEADER_REPEATED])
    after = page.first_row + (len(page.columns[0]) if page.columns else 0)
    for number, below in enumerate(page.below):
        kind = TOTAL if below[0] == "合计" else NOTE
        yield (file, page.name, str(after + number), "", kind, "", below[0], outcomes[kind])


def write_truth(sent: Sent, path: Path) -> dict[str, int]:
    """``dirt.csv``: every soiled cell and every row that is no data. Returns how many there are of each kind."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(TRUTH_HEADER)
        writer.writerows(sent.truth)
    kinds: dict[str, int] = {}
    for line in sent.truth:
        kinds[line[4]] = kinds.get(line[4], 0) + 1
    return dict(sorted(kinds.items()))
