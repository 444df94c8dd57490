"""What the register and the roster know of everybody: persons by village, and where the villages lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from jingzhun.engine import Engine, quoted
from jingzhun.evaluation.frame import HOUSEHOLD, VILLAGE
from jingzhun.evaluation.places import SUBJECTS, Place
from jingzhun.evaluation.rates import EXITED, OUTSIDE, POOR, Known
from jingzhun.evaluation.weights import Margins
from jingzhun.model import labels
from jingzhun.model.message import Message
from jingzhun.model.regions import AREAS
from jingzhun.policy.evaluation import SampleDesign

UNSAID = 0
"""Stands for a year of exit that the register does not say."""


@dataclass(frozen=True, slots=True)
class Village:
    """An administrative village; ``kind`` is its class by the first axis of the design, as poor or not.

    The place is the village's own, as it was delivered.
    """

    name: str
    township: str
    county: str
    county_code: str
    kind: Message
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """Persons of one village, subject and year of exit (``UNSAID`` for all but the exited)."""

    village: str
    county: str
    subject: int
    year: int
    persons: int


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody of the frame by village. ``rural`` is the rural population of each county that the roster tells of."""

    villages: Mapping[str, Village]
    groups: tuple[Group, ...]
    rural: Mapping[str, int]


def read_register(engine: Engine, design: SampleDesign, as_of: date) -> Register:
    """Read it from an opened snapshot in which the frame of ``design`` was built (``build_frame``)."""
    villages = engine.rows(_villages(as_of.year))
    counties = {row["region_code"]: row["county_code"] for row in villages}
    kinds = _kinds(design)
    return Register(
        {row["region_code"]: _village(row, kinds) for row in villages},
        tuple(_group(row, counties) for row in engine.rows(_groups())),
        {row["county_code"]: row["persons"] for row in engine.rows(_rural())},
    )


def _group(row: Mapping[str, Any], counties: Mapping[str, str]) -> Group:
    village = row["region_code"]
    return Group(village, counties[village], SUBJECTS[row["subject"]], row["year"], row["persons"])


def _kinds(design: SampleDesign) -> dict[str, Message]:
    """The classes of the first axis in both languages, by the word that the frame has for them."""
    axis = design.axes[0] if design.axes else None
    if axis is None:
        return {}
    known = {one.zh: Message("kind", one.zh, one.en) for one in axis.classes}
    return known | {axis.unknown_zh: Message("kind", axis.unknown_zh, axis.unknown_en)}


def _villages(year: int) -> str:
    latest = "SELECT region_code, max_by(name, valid_from) AS name FROM region GROUP BY region_code"
    return f"""WITH named AS ({latest})
    SELECT f.region_code, f.county_code, f.axis_0 AS kind, n.name, t.name AS township, c.name AS county,
        v.longitude, v.latitude
    FROM {VILLAGE} f
    JOIN ({AREAS}) a ON a.region_code = f.region_code
    LEFT JOIN named n ON n.region_code = f.region_code
    LEFT JOIN named t ON t.region_code = a.township
    LEFT JOIN named c ON c.region_code = f.county_code
    LEFT JOIN (SELECT * FROM village WHERE data_year = {year}) v ON v.region_code = f.region_code
    ORDER BY f.region_code"""


def _groups() -> str:
    exited = f"h.subject = {quoted(labels.ASKED_EXITED)}"
    return f"""SELECT h.region_code, h.subject,
        CASE WHEN {exited} THEN coalesce(h.exit_year, {UNSAID}) ELSE {UNSAID} END AS year,
        CAST(coalesce(sum(h.members), 0) AS BIGINT) AS persons
    FROM {HOUSEHOLD} h JOIN {VILLAGE} f ON f.region_code = h.region_code GROUP BY ALL ORDER BY ALL"""


def _rural() -> str:
    """Persons with agricultural registration, the denominator of the headcount rate, by county."""
    return f"""SELECT s.county_code, count(*) AS persons FROM resident r
    JOIN frame_scope s ON s.region_code = r.region_code
    WHERE r.hukou = {quoted(labels.AGRICULTURAL)} GROUP BY s.county_code ORDER BY s.county_code"""


def _village(row: Mapping[str, Any], kinds: Mapping[str, Message]) -> Village:
    kind = row["kind"] or ""
    return Village(
        row["name"] or row["region_code"],
        row["township"] or "",
        row["county"] or row["county_code"],
        row["county_code"],
        kinds.get(kind, Message("kind", kind, kind)),
        _degrees(row["longitude"], 180),
        _degrees(row["latitude"], 90),
    )


def _degrees(text: str | None, most: float) -> float | None:
    """A coordinate as it was delivered, or ``None`` where it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < abs(value) <= most else None


def known(register: Register, counties: frozenset[str], asked: frozenset[str]) -> Known:
    """Persons of the counties by subject; ``asked`` are the villages that were drawn and asked."""
    count = dict.fromkeys((EXITED, POOR, OUTSIDE), 0.0)
    there = 0.0
    for group in register.groups:
        if group.county in counties:
            count[group.subject] += group.persons
            there += group.persons if group.subject == OUTSIDE and group.village in asked else 0.0
    if not counties <= set(register.rural):
        return Known(count[EXITED], count[POOR], float("nan"), float("nan"), float("nan"))
    rural = sum(register.rural[county] for county in counties)
    return Known(count[EXITED], count[POOR], count[OUTSIDE], float(rural), there)


@dataclass(frozen=True, slots=True)
class Cell:
    """One known total of the calibration: exited persons of a year, or persons of a subject by kind of village."""

    county: str
    subject: int
    year: int | None
    kind: Message | None

    def says(self, register: Register) -> Message:
        subject = next(label for label, code in SUBJECTS.items() if code == self.subject)
        place = next((one.county for one in register.villages.values() if one.county_code == self.county), self.county)
        subjects_en = ("persons who left", "persons still poor", "persons outside the register")
        if self.year is not None:
            year_zh, year_en = (f"{self.year}年", f"in {self.year}") if self.year else ("年度不详", "year not known")
            return Message("margin", f"{place} {subject}人口 {year_zh}脱贫", f"{place}: persons who left {year_en}")
        assert self.kind is not None
        subject_en = subjects_en[self.subject]
        return Message("margin", f"{place} {subject}人口 {self.kind.zh}", f"{place}: {subject_en}, {self.kind.en}")


def margins(register: Register, places: Sequence[Place], counties: frozenset[str]) -> tuple[list[Cell], Margins]:
    """The known totals of the counties drawn, and to which of them each place belongs."""
    totals: dict[Cell, float] = {}
    for group in register.groups:
        if group.county not in counties:
            continue
        for cell in _cells(register, group.village, group.county, group.subject, group.year):
            totals[cell] = totals.get(cell, 0.0) + group.persons
    cells = sorted(totals, key=_order)
    at = {cell: number for number, cell in enumerate(cells)}
    columns = np.full((2, len(places)), -1, np.int64)
    for row, place in enumerate(places):
        subject = SUBJECTS[place.drawn["subject"]]
        year = (place.answering or place.drawn)["exit_year"] or UNSAID
        found = _cells(register, place.asked_in, place.village["county_code"], subject, year)
        for dimension, cell in zip((1, 0), found, strict=False):
            columns[dimension, row] = at.get(cell, -1)
    families = {key: number for number, key in enumerate(dict.fromkeys(map(_family, cells)))}
    family = np.array([families[_family(cell)] for cell in cells], np.int64)
    return cells, Margins(columns, np.array([totals[cell] for cell in cells]), family)


def _cells(register: Register, village: str, county: str, subject: int, year: int) -> list[Cell]:
    """The cell by kind of village, and for the exited the one by year."""
    known_village = register.villages.get(village)
    by_kind = Cell(county, subject, None, known_village.kind if known_village else Message("kind", "", ""))
    return [by_kind, Cell(county, subject, year, None)] if subject == EXITED else [by_kind]


def _order(cell: Cell) -> tuple[str, int, bool, int, str]:
    return cell.county, cell.subject, cell.year is None, cell.year or 0, cell.kind.zh if cell.kind else ""


def _family(cell: Cell) -> tuple[str, int, bool]:
    return cell.county, cell.subject, cell.year is None
