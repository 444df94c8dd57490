"""The shape of every file of a policy pack.

Policy is data: a number, a form, a procedure or a rule that a law could change lives in a pack, dated and sourced.
These models only say what a well-formed file looks like; ``load`` reads them and ``check`` judges them together.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jingzhun.policy.spelling import Spellings

Mark = Literal["verified", "partly verified", "from memory", "unverified", "synthetic"]
"""How sure we are of a fact. ``from memory`` marks stay until a domain user confirms them."""

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FigureId = Annotated[str, Field(pattern=r"^F[0-9]{3}$")]
RegionCode = Annotated[str, Field(pattern=r"^[0-9]{12}$")]


class Part(BaseModel):
    """Common strictness: unknown fields are faults, values are not coerced across kinds, loaded parts do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Labelled(Part):
    id: Identifier
    zh: str
    en: str


class PackMeta(Part):
    """``pack.yaml``."""

    id: Identifier
    zh: str
    en: str
    version: str
    legal_basis: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    printed_year: int | None = Field(default=None, ge=1949, le=2099)
    """Year of the page whose printed figures are in ``answers/figures.yaml``; sheets of other years leave them out."""
    printed_source: str = ""
    """Key in ``sources.csv`` of that page; the answer sheet says what it is."""
    scopes: tuple[str, ...] = ()
    """Scopes whose parameter values hold here, the preferred first; a value without scope comes last."""
    root_region: RegionCode
    """The division that the pack is written for; figures are computed for it and everything below it."""


class CodeItem(Part):
    label: str
    code: str = ""
    en: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""
    mark: Mark = "verified"


class CodeList(Labelled):
    """``catalogue/codes/*.yaml``: the canonical label of each value; codes and aliases are ways to write it."""

    national_field: str = ""
    multiple: bool = False
    source: str
    items: tuple[CodeItem, ...]

    @cached_property
    def spellings(self) -> Spellings:
        return Spellings(self.items)

    def canonical(self, text: str) -> str | None:
        """The canonical label that ``text`` means, or None where it is unknown or could mean two values.

        Labels and aliases come before codes; ``2-一般贫困户`` is read by its label. A list with ``multiple`` reads
        several values from one cell and joins their labels with a comma.
        """
        return self.spellings.several(text) if self.multiple else self.spellings.one(text)


class DatedValue(Part):
    """A parameter's value from a day on. ``value: null`` ends it. ``scope`` narrows it to a named area."""

    valid_from: date = Field(alias="from")
    value: Decimal | str | None
    scope: str = ""
    source: str
    mark: Mark = "unverified"
    """Who has checked the value against its source? Unless it is said, nobody."""


class Parameter(Labelled):
    """``parameters/**/*.yaml``: one dated, sourced number per file."""

    unit: str
    note: str = ""
    values: tuple[DatedValue, ...]


class LayoutColumn(Part):
    """One header of a layout and where its cells go.

    ``field`` is a column of the layout's table, ``table.column`` of another table that the same row also feeds,
    or ``income_item[A1]`` for one item of the income account. ``region`` names the division level that the cell holds.
    Exactly one of ``field``, ``region`` and ``ignore`` is given.
    """

    header: str
    aliases: tuple[str, ...] = ()
    occurrence: int = 1
    """Which of several columns of this same header is meant, counted from the left."""
    field: str = ""
    also: tuple[str, ...] = ()
    """Further ``table.column`` fields that the same cell feeds."""
    region: Literal["", "province", "prefecture", "county", "township", "village", "code"] = ""
    ignore: bool = False
    required: bool = False
    money: Literal["", "yuan", "wan_yuan", "yi_yuan", "fen"] = ""
    """Unit in which the file states money; the contract stores fen. Empty means yuan."""


class Layout(Labelled):
    """``catalogue/layouts/*.yaml``: one real file format and how it maps to the table contracts."""

    department: str
    table: str
    source: str
    mark: Mark = "verified"
    header_row: int | None = None
    """Row of the header where the source is known to have title rows above it (1-based); detection does not need it."""
    data_year: Literal["column", "title_or_filename", "none"] = "title_or_filename"
    constants: dict[str, str] = Field(default_factory=dict)
    """Fields that the layout itself implies, such as insurance: 基本医疗保险."""
    answers: tuple[Identifier, ...] = ()
    """Fields that the receiver of a worklist fills in. A row in which all are blank was not dealt with: it is ignored
    and listed when the worklist comes back."""
    columns: tuple[LayoutColumn, ...]


class Alias(Part):
    """A header variant that any layout may meet, and the header it stands for."""

    header: str
    means: str


class IncomeItem(Part):
    item: str
    zh: str
    en: str
    sign: Literal["+", "-", "=", "memo"]
    parent: str = ""
    formula: str = ""
    national_field: str = ""
    note: str = ""


class Scheme(Labelled):
    """``schemes/*.yaml``: a named list of items that policy documents count, such as 两不愁 or 五有."""

    source: str
    items: tuple[SchemeItem, ...]
    region: RegionCode | Literal[""] = ""
    valid_from: date | None = None
    valid_to: date | None = None


class SchemeItem(Part):
    id: Identifier
    zh: str
    en: str
    kind: str = ""


class ProcedureStep(Part):
    id: Identifier
    zh: str
    en: str
    kind: Literal["application", "appraisal", "notice", "comparison", "announcement", "review", "approval", "check"]
    actor: str
    days_min: str = ""
    """Name of the parameter that holds the number of days."""


class Procedure(Labelled):
    """``procedures/*.yaml``: ordered steps; who acts, what kind of act, how long."""

    source: str
    mark: Mark = "verified"
    valid_from: date
    valid_to: date | None = None
    steps: tuple[ProcedureStep, ...]


class Measure(Part):
    """Something counted or summed over the rows of one table contract.

    ``where`` and ``value`` are SQL scalar expressions over the table's columns, ``p.<parameter>``, ``as_of``,
    ``period_from`` and ``period_to``. Without ``value`` rows are counted; with ``distinct`` distinct values are.
    ``additive`` says that counts of villages may be added up to counts of counties.
    """

    table: str
    where: str = "true"
    value: str = ""
    distinct: str = ""
    zh: str = ""
    en: str = ""
    """What is counted, in words, for the line under the figure."""


class Indicator(Labelled):
    """``indicators/*.yaml``: one published figure's definition.

    value = numerator x ``times`` / ``per`` (/ denominator). ``kind: label`` publishes a date or a name instead.
    """

    kind: Literal["count", "sum", "ratio", "mean", "label"]
    unit: str
    decimals: int = Field(default=0, ge=0, le=10)
    times: int = 1
    per: int = 1
    numerator: Measure
    denominator: Measure | None = None
    label: str = ""
    """For ``kind: label``: the SQL expression whose smallest value over the rows is published."""
    period: Literal["year", "two_years", "cumulative"] = "year"
    levels: tuple[int, ...] = (1, 2, 3, 4, 5)
    note_zh: str = ""
    note_en: str = ""
    source: str = ""


class PrintedFigure(Part):
    """``answers/figures.yaml``: what a source printed, how it was qualified, which indicator and division answer it."""

    id: FigureId
    indicator: Identifier
    region: RegionCode
    printed: Decimal | str
    unit: str
    qualifier: Literal["=", ">=", "<=", "~"] = "="
    decimals: int = Field(default=0, ge=0, le=10)
    zh: str
    en: str
    section: str


class MutualCheck(Part):
    """``answers/checks.yaml``: a sentence that must hold between figures.

    ``holds`` and the ``values`` shown in the message are SQL expressions over ``F010.value``, ``F010.numerator``,
    ``F010.denominator``, ``F010.printed``, ``F010.pairs`` and parameters. When it does not hold, ``otherwise`` is the
    verdict.
    """

    id: Annotated[str, Field(pattern=r"^C[0-9]{2}$")]
    figures: tuple[FigureId, ...]
    zh: str
    en: str
    holds: str
    otherwise: Literal["flagged", "failed"] = "failed"
    values: dict[str, str] = Field(default_factory=dict)
    pass_zh: str
    pass_en: str
    fail_zh: str
    fail_en: str
    source: str = ""


class ExitCriterion(Part):
    """A threshold that is a veto. ``passed`` is NULL where facts are missing: unknown is not passed."""

    id: Identifier
    zh: str
    en: str
    passed: str
    seen: str
    wanted: str
    source: str
    mark: Mark = "verified"


class ExitStandard(Labelled):
    """``exits/*.yaml``: all criteria of one level."""

    subject: Literal["household", "village", "county"]
    valid_from: date
    valid_to: date | None = None
    criteria: tuple[ExitCriterion, ...]


class DivisionRow(Part):
    """One line of ``regions/divisions.csv``."""

    region_code: RegionCode
    name: str
    level: int
    kind: str
    valid_from: date
    parent_code: RegionCode | Literal[""] = ""
    valid_to: date | None = None
    successor_code: RegionCode | Literal[""] = ""
    synthetic: bool = False
    source: str


class NationalField(Part):
    """One line of ``catalogue/national_fields.csv``: a field of the national schema and the column that holds it.

    A field that no column holds says why in ``reason``.
    """

    table: str
    field: str
    zh: str
    contract: str = ""
    reason: str = ""
    source: str


class SourceNote(Part):
    """One line of ``sources.csv``: what a source key such as P30 stands for."""

    key: str
    title: str
    kind: Literal["original", "mirror", "code", "explainer"]
    """``original``: the issuing body's page; ``mirror``: a copy of it; ``code``: read off software that uses it."""
    published: str = ""


Scheme.model_rebuild()
