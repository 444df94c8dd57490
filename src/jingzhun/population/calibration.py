"""What a pack says about the population to invent: totals of every county, programme totals, labels and rates."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jingzhun.policy import Pack, PackFaults
from jingzhun.policy.reader import Reader

Region = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Weighted = dict[str, float]
"""Label → weight; weights need not add up to one."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Count(Part):
    """Households and the persons in them."""

    households: int
    persons: int


class County(Part):
    """The truth about one county. The register's numbers are those of its closing year."""

    residents: int
    rural: int
    register_: Count = Field(alias="register")
    poor: Count
    """Still poor at the end, those who fell back and the newly identified included."""
    exited: Count
    """Left poverty within the period, the newly identified who left again not included."""
    new: Count
    fell_back: Count
    cleared: Count
    natural_in: int
    natural_out: int
    splits: int
    mergers: int
    dissolved: int
    poor_villages: int
    deep_villages: int
    exited_villages: int
    equipped: bool
    """Every village has road, bus, broadband and clinic."""
    pension_rate: float
    medical_rate: float
    problems: int
    problems_open: int
    leaders: int
    relocated_all: bool
    pioneer: bool = False
    """Among the counties whose teams, sites and shares are drawn first."""


class Identity(Part):
    guests: tuple[str, ...]
    """Six-digit codes of counties that people marry or move in from."""
    overflow: tuple[str, ...]
    """Six-digit codes used when a county's own numbers run out; shared out among the counties."""


class Income(Part):
    line_yuan: int
    exited_above: float
    """Smallest income of an exited household, as a multiple of the line."""
    poor_from: float
    poor_to: float


class Labels(Part):
    """Labels of the pack's code lists with the weights they are drawn with."""

    exited_status: Weighted
    poor_status: str
    fell_back_status: str
    identify_standard: Weighted
    attribute: tuple[str, str]
    """Of households without and with the minimum living allowance."""
    cause: Weighted
    ethnicity: Weighted
    political: Weighted
    clear_reason: Weighted
    new_reason: Weighted
    relapse_reason: Weighted
    measures: dict[str, tuple[str, ...]]
    """Class of measure → what is done."""
    banks: tuple[str, ...]
    hospitals: tuple[str, ...]
    cities: tuple[str, ...]
    offices: tuple[str, ...]
    """Offices that send work teams and helpers."""
    crops: tuple[str, ...]


class Target(Part):
    label: str
    total: str
    unit: str


class Fund(Part):
    """A kind of money: the total in yuan it is shared out from, the level that gives it, its number of documents."""

    total: str
    level: str
    label: str
    documents: int


class Cooperatives(Part):
    """Labels of afforestation and other co-operatives, and how their names end."""

    forest: str
    other: str
    forest_name: str
    other_name: str


class Counted(Part):
    """A kind that comes as a number of things and a total of money or capacity."""

    label: str
    count: str
    total: str


class Loans(Part):
    """Labels of the kinds of loans; a micro-credit loan is at most ``cap_yuan``, first loans average ``first_yuan``."""

    micro: str
    model: str
    industry: str
    cap_yuan: int
    first_yuan: int


class Stage(Part):
    share: float
    yuan: int


class Kinds(Part):
    """Labels of programmes in the pack's own words, and which totals they are made from."""

    targets: tuple[Target, ...]
    funds: tuple[Fund, ...]
    projects: dict[str, str]
    """What is built → kind of project."""
    planting: dict[str, str]
    """Kind of afforestation → total in mu."""
    cooperatives: Cooperatives
    agreements: tuple[Counted, ...]
    stations: tuple[Counted, ...]
    loans: Loans
    working_groups: tuple[str, ...]
    posts: tuple[str, ...]
    """Posts of county leaders, the highest first."""
    trade: str
    illness: Weighted
    stages: dict[str, Stage]
    works: tuple[str, ...]


class Shape(Part):
    """How the invented people are distributed where no total says so."""

    eligible_from: int
    """Age from which people are asked to join a pension scheme."""
    poor_in_exited_villages: float
    """Persons still poor in villages that have exited stay below this part of their rural people."""


class Row(Part):
    """A row of a table given in full: the calibration names its values, the rest stays empty."""

    table: str
    region: Region
    values: dict[str, str | int | float | bool | date]


class Programme(Part):
    """Totals of the whole area; how they are shared out among counties is decided by ``weights``."""

    totals: dict[str, float]
    weights: dict[str, dict[Region, float]]
    """Programme → county → weight. Programmes not named here follow the registered households."""


class Pairing(Part):
    helper: Region
    helped: Region
    enterprises: int
    villages: int


class Delivery(Part):
    """One file that a county (or the area itself) sends: where it lies, which table and layout, how it is written."""

    folder: str
    file: str
    table: str
    layout: str
    where: dict[str, str] = Field(default_factory=dict)
    """Only rows with these values; ``{year}`` and ``{opening}`` stand for the two data years, also in names."""
    places: Literal["both", "names", "code"] = "both"
    form: Literal["xlsx", "csv"] = "xlsx"
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "gb18030-bom"] = "gb18030"
    columns: tuple[str, ...] = ()
    """Contract columns to write; empty means all that the layout knows and that have a value."""
    title: str = ""
    unit_row: str = ""
    note: str = ""
    total_row: bool = False
    repeat_header_every: int = 0
    text_cells: bool = False
    """Numbers are written as text, as the national exports do."""
    rows_per_file: int = 0
    """Longer tables are sent in several files."""
    zip: str = ""
    """Name of the archive that the file is sent in."""
    dirt: tuple[str, ...] = ()
    """Kinds of dirt this file may carry."""


class Dirt(Part):
    """Rows hit per hundred thousand, by kind; at least one of a kind where a file carries it and has rows."""

    rates: dict[str, float]
    outcomes: dict[str, str]


class ProblemKind(Part):
    """``population/problems.yaml``: how one field of the register was wrong before it was screened."""

    rule: str
    """The rule that a row with it breaks, and the only one."""
    table: str
    field: str
    how: Literal["missing", "last_digit", "other_day", "months_15"]
    share: float
    where: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Only rows with these values can have it."""


Group = Literal[
    "registered", "unregistered", "urban", "dead", "allowance", "disabled", "pupils", "vocational", "ill", "severe",
    "tie",
]  # fmt: skip
"""Whose records a list holds."""


class DepartmentList(Part):
    """What a department has on record about people who have nothing to answer for."""

    source: str
    of: Group
    per_mille: float
    categories: tuple[str, ...]
    amount_yuan: tuple[int, int] | None = None
    object: str = ""
    """What the records are about; ``{no}`` stands for the record's number, ``{township}`` for the township's name."""
    card: bool = False
    """Whether numbers are those of disability cards."""


Wrong = Literal[
    "number_missing", "digit_mistyped", "fifteen_digits", "homophone", "digits_swapped", "character_lost",
    "number_of_a_relative",
]  # fmt: skip
"""What may be wrong with how a department's record says whom it is about."""


ANOTHER_NUMBER: Literal["another_number"] = "another_number"
"""A second number that is as well formed as the first."""


class PlantedTwice(Part):
    """People who stand in two households of the register, in rows that are kept beside it."""

    check: str
    per_mille: float
    """Of the healthy grown members without the minimum living allowance."""
    kinds: tuple[Wrong | Literal["another_number"], ...]
    """What may be wrong with how the second row says who it is."""


class PlantedLead(Part):
    """Records that a comparison must find: the check, whose they are, and the verdict of those who looked."""

    kind: str
    check: str
    source: str
    of: Group
    per_mille: float
    category: str
    starts: Literal["before", "after"]
    """Before or after the household was identified."""
    verdict: str
    amount_yuan: int | None = None
    object: str = ""
    borrowed: bool = False
    """The record has the person's number, but another's name and birth date."""
    namesake: bool = False
    """Somebody of the register in the same village has the person's name, and the record gives no birth date."""


class PlantedSplit(Part):
    """Old people on record alone while their son is registered in the same village: one family that draws twice."""

    rule: str
    """The data-quality rule that must find it."""
    kind: str
    per_mille: float
    """Of the registered households in which everybody is of pension age."""


class Authority(Part):
    document: str
    basis: str
    granted_by: str


class Comparison(Part):
    """``population/comparison.yaml``: the departments' lists, their dirt per hundred thousand, and planted leads."""

    dirt: dict[Wrong, float]
    authority: Authority
    also_allowed: tuple[str, ...]
    """Sources that come in files of their own and may be used."""
    ties_per_mille: float
    splits: PlantedSplit
    twice: PlantedTwice
    lists: tuple[DepartmentList, ...]
    planted: tuple[PlantedLead, ...]


class Calibration(Part):
    """``population/calibration.yaml``."""

    title: str
    year: int
    opening_year: int
    roster_on: date
    counties: dict[Region, County]
    identity: Identity
    income: Income
    labels: Labels
    kinds: Kinds
    shape: Shape
    programme: Programme
    pairings: tuple[Pairing, ...]
    rows: tuple[Row, ...]
    deliveries: tuple[Delivery, ...] = ()
    dirt: Dirt = Dirt(rates={}, outcomes={})
    problems: tuple[ProblemKind, ...] = ()
    comparison: Comparison | None = None

    @cached_property
    def residents(self) -> int:
        return sum(county.residents for county in self.counties.values())


FILES = tuple(f"population/{name}.yaml" for name in ("calibration", "deliveries", "problems", "comparison"))
"""Files of a pack that together say what population to invent; only the first must be there."""


class NoCalibration(ValueError):
    """The pack does not say what population to invent."""

    def __init__(self, path: Path) -> None:
        self.zh = f"{path} 不存在：此政策包没有合成人口的标定数据。请换用带 population/ 目录的政策包。"
        self.en = f"{path} does not exist: this pack has no calibration for invented people; use one with population/."
        super().__init__(f"{self.zh} {self.en}")


def read_calibration(pack: Pack) -> Calibration:
    """The calibration of a pack. Raises ``NoCalibration`` where there is none, ``PackFaults`` where it is not sound."""
    if not (pack.root / FILES[0]).is_file():
        raise NoCalibration(pack.root / FILES[0])
    reader = Reader(pack.root)
    calibration = reader.merged(FILES, Calibration)
    if calibration is None:
        raise PackFaults(pack.root, reader.faults)
    return calibration
