"""What a table contract is: columns with type, unit, code list, key and two labels.

Every room of the house passes tables on by these contracts and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """The type of a column, in the words of the field rather than of a database."""

    TEXT = "text"
    CODE = "code"
    """A label of a code list; the list is named in ``Column.codes`` and lives in the pack."""
    REGION = "region"
    """A 12-digit division code."""
    IDENTITY = "identity"
    """A citizen identity number or disability card number, always text."""
    NUMBER_TEXT = "number_text"
    """Digits that are a name and not a quantity: household number, phone, bank account."""
    INTEGER = "integer"
    QUANTITY = "quantity"
    """A measured amount with three decimals, exact: areas, kilowatts, kilometres."""
    CENTS = "cents"
    """Money in integer cents (fen). Files usually give yuan."""
    DATE = "date"
    MONTH = "month"
    """A month as ``YYYY-MM``: sources that give no day are not given one."""
    FLAG = "flag"
    """True, false or unknown. Unknown is never false."""


_ARROW: dict[Kind, pa.DataType] = {
    Kind.INTEGER: pa.int64(),
    Kind.QUANTITY: pa.decimal128(18, 3),
    Kind.CENTS: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.FLAG: pa.bool_(),
}
_SQL: dict[Kind, str] = {
    Kind.INTEGER: "BIGINT",
    Kind.QUANTITY: "DECIMAL(18, 3)",
    Kind.CENTS: "BIGINT",
    Kind.DATE: "DATE",
    Kind.FLAG: "BOOLEAN",
}


_SENSITIVE = frozenset({"phone", "bank_account", "collector_phone"})


def mask(value: str) -> str:
    """Only the last two characters: enough to tell rows apart on a screen."""
    return "*" * max(len(value) - 2, 0) + value[-2:]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table contract.

    ``unit`` is the unit the *stored* value has (``fen``, ``mu``, ``kW`` …), empty where none applies.
    ``required`` means a row without the value is quarantined when it is taken in.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    codes: str = ""
    required: bool = False

    @property
    def sensitive(self) -> bool:
        """Whether the value identifies a person elsewhere or leads to them; it is masked unless a purpose is given."""
        return self.kind is Kind.IDENTITY or self.name in _SENSITIVE

    @property
    def arrow_type(self) -> pa.DataType:
        return _ARROW.get(self.kind, pa.string())

    @property
    def sql_type(self) -> str:
        return _SQL.get(self.kind, "VARCHAR")


ORIGIN = (
    Column("origin_file", Kind.INTEGER, "来源文件", "Source file (row of source_file)"),
    Column("origin_sheet", Kind.TEXT, "来源工作表", "Source sheet"),
    Column("origin_row", Kind.INTEGER, "来源行号", "Source row, counted as the spreadsheet program shows it"),
)
"""Where a row came from; every delivered table carries these three columns last."""


@dataclass(frozen=True, slots=True)
class Need:
    """A row with ``label`` in ``column`` is quarantined unless it has values in ``columns`` too."""

    column: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table contract.

    ``place`` is the finest division level its rows are expected to name: ``village``, ``township``, ``county``,
    ``prefecture`` or empty when the table has no ``region_code``.
    ``delivered`` is false for tables that the product computes itself; those have no origin columns.
    """

    name: str
    chapter: str
    zh: str
    en: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    place: str = ""
    delivered: bool = True
    inherited: bool = False
    """Its rows hold for their division and everything below it, as policy does, instead of adding up from below."""
    needs: tuple[Need, ...] = ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return self.columns + ORIGIN if self.delivered else self.columns

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.all_columns)

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` names the table, so a wrong reference is found quickly."""
        for column in self.all_columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    def arrow_schema(self) -> pa.Schema:
        return pa.schema([pa.field(column.name, column.arrow_type) for column in self.all_columns])


def text(name: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, zh, en, required=required)


def code(name: str, zh: str, en: str, codes: str, *, required: bool = False) -> Column:
    return Column(name, Kind.CODE, zh, en, codes=codes, required=required)


def region(name: str = "region_code", zh: str = "行政区划代码", en: str = "Division code") -> Column:
    return Column(name, Kind.REGION, zh, en, required=name == "region_code")


def identity(name: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, Kind.IDENTITY, zh, en, required=required)


def number_text(name: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, Kind.NUMBER_TEXT, zh, en, required=required)


def integer(name: str, zh: str, en: str, unit: str = "", *, required: bool = False) -> Column:
    return Column(name, Kind.INTEGER, zh, en, unit=unit, required=required)


def quantity(name: str, zh: str, en: str, unit: str, *, required: bool = False) -> Column:
    return Column(name, Kind.QUANTITY, zh, en, unit=unit, required=required)


def cents(name: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, Kind.CENTS, zh, en, unit="fen", required=required)


def date(name: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, zh, en, required=required)


def month(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.MONTH, zh, en)


def flag(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.FLAG, zh, en, codes="yes_no")
