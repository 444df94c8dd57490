"""What the register and the roster know of everybody: persons by village, and where the villages lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from jingzhun.engine import Engine, quoted
from jingzhun.evaluation.places import SUBJECTS, Place
from jingzhun.evaluation.rates import EXITED, OUTSIDE, POOR, Known
from jingzhun.evaluation.weights import Margins
from jingzhun.model import labels
from jingzhun.model.message import Message

UNSAID = 0
"""Stands for a year of exit that the register does not say."""


@dataclass(frozen=True, slots=True)
class Village:
    """An administrative village; the place is the village's own, as it was delivered."""

    name: str
    township: str
    county: str
    county_code: str
    poor: bool | None
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
    """Everybody by village. ``complete`` is false where no roster tells who lives outside the register."""

    villages: Mapping[str, Village]
    groups: tuple[Group, ...]
    complete: bool


def read_register(engine: Engine, as_of: date) -> Register:
    """Read it from an opened snapshot."""
    year = as_of.year
    villages = {row.pop("region_code"): row for row in engine.rows(_villages(year))}
    counties = {code: row["county_code"] for code, row in villages.items()}
    rows = engine.rows(_groups(year))
    return Register(
        {code: _village(row) for code, row in villages.items()},
        tuple(
            Group(row["region_code"], counties[row["region_code"]], row["subject"], row["year"], row["persons"])
            for row in rows
            if row["region_code"] in counties
        ),
        bool(engine.value("SELECT count(*) FROM resident")),
    )


def _villages(year: int) -> str:
    return f"""SELECT r.region_code, r.name, t.name AS township, c.name AS county, c.region_code AS county_code,
        v.attribute, v.longitude, v.latitude
    FROM region_closure k
    JOIN region r ON r.region_code = k.region_code AND r.level = 5
    JOIN region c ON c.region_code = k.ancestor_code AND c.level = 3
    LEFT JOIN region_closure kt ON kt.region_code = r.region_code
    JOIN region t ON t.region_code = kt.ancestor_code AND t.level = 4
    LEFT JOIN (SELECT * FROM village WHERE data_year = {year}) v ON v.region_code = r.region_code
    ORDER BY r.region_code"""


def _groups(year: int) -> str:
    """Exited and poor persons by the register, everybody else of the roster with agricultural registration."""
    return f"""SELECT region_code, subject, year, count(*) AS persons FROM (
        SELECT p.region_code,
            CASE WHEN p.exit_status IN {labels.POOR} THEN {POOR} ELSE {EXITED} END AS subject,
            CASE WHEN p.exit_status IN {labels.POOR} THEN {UNSAID} ELSE coalesce(h.exit_year, {UNSAID}) END AS year
        FROM person p LEFT JOIN household h ON h.data_year = {year} AND h.household_code = p.household_code
        WHERE p.data_year = {year} AND p.exit_status IS NOT NULL
        UNION ALL
        SELECT r.region_code, {OUTSIDE}, {UNSAID} FROM resident r
        WHERE r.hukou = {quoted(labels.AGRICULTURAL)} AND r.id_number NOT IN
            (SELECT id_number FROM person WHERE data_year = {year} AND id_number IS NOT NULL)
    ) GROUP BY ALL ORDER BY ALL"""


def _village(row: Mapping[str, Any]) -> Village:
    attribute = row["attribute"]
    return Village(
        row["name"],
        row["township"],
        row["county"],
        row["county_code"],
        None if attribute is None else attribute in labels.POOR_VILLAGE,
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
    if not register.complete:
        return Known(count[EXITED], count[POOR], float("nan"), float("nan"), float("nan"))
    return Known(count[EXITED], count[POOR], count[OUTSIDE], sum(count.values()), there)


@dataclass(frozen=True, slots=True)
class Cell:
    """One known total of the calibration: exited persons of a year, or persons of a subject by kind of village."""

    county: str
    subject: int
    year: int | None
    poor_village: bool | None

    def says(self, register: Register) -> Message:
        subject = next(label for label, code in SUBJECTS.items() if code == self.subject)
        place = next((one.county for one in register.villages.values() if one.county_code == self.county), self.county)
        subjects_en = ("persons who left", "persons still poor", "persons outside the register")
        if self.year is not None:
            year_zh, year_en = (f"{self.year}年", f"in {self.year}") if self.year else ("年度不详", "year not known")
            return Message("margin", f"{place} {subject}人口 {year_zh}脱贫", f"{place}: persons who left {year_en}")
        kind_zh, kind_en = {
            True: ("贫困村", "poor villages"),
            False: ("非贫困村", "other villages"),
            None: ("村属性不详", "villages of unknown kind"),
        }[self.poor_village]
        return Message("margin", f"{place} {subject}人口 {kind_zh}", f"{place}: {subjects_en[self.subject]}, {kind_en}")


def margins(register: Register, places: Sequence[Place], counties: frozenset[str]) -> tuple[list[Cell], Margins]:
    """The known totals of the counties drawn, and to which of them each place belongs."""
    totals: dict[Cell, float] = {}
    for group in register.groups:
        if group.county not in counties or (group.subject == OUTSIDE and not register.complete):
            continue
        for cell in _cells(register, group.village, group.county, group.subject, group.year):
            totals[cell] = totals.get(cell, 0.0) + group.persons
    cells = sorted(totals, key=_order)
    at = {cell: number for number, cell in enumerate(cells)}
    columns = np.full((2, len(places)), -1, np.int64)
    for row, place in enumerate(places):
        subject = SUBJECTS[place.drawn["subject"]]
        year = (place.answering or place.drawn)["exit_year"] or UNSAID
        found = _cells(register, place.village["region_code"], place.village["county_code"], subject, year)
        for dimension, cell in zip((1, 0), found, strict=False):
            columns[dimension, row] = at.get(cell, -1)
    families = {key: number for number, key in enumerate(dict.fromkeys(map(_family, cells)))}
    family = np.array([families[_family(cell)] for cell in cells], np.int64)
    return cells, Margins(columns, np.array([totals[cell] for cell in cells]), family)


def _cells(register: Register, village: str, county: str, subject: int, year: int) -> list[Cell]:
    """The cell by kind of village, and for the exited the one by year."""
    known_village = register.villages.get(village)
    by_kind = Cell(county, subject, None, known_village.poor if known_village else None)
    return [by_kind, Cell(county, subject, year, None)] if subject == EXITED else [by_kind]


def _order(cell: Cell) -> tuple[str, int, bool, int, int]:
    kind = {None: 2, False: 1, True: 0}[cell.poor_village]
    return cell.county, cell.subject, cell.year is None, cell.year or 0, kind


def _family(cell: Cell) -> tuple[str, int, bool]:
    return cell.county, cell.subject, cell.year is None
