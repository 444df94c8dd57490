"""What the rules of a subject may speak of: its columns, what is gathered for it, its facts, each with a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jingzhun.engine import Names, parse_expression, result_type, used_columns
from jingzhun.engine.expression import Want
from jingzhun.model import TABLES, Table
from jingzhun.policy.identity import COLUMNS
from jingzhun.policy.rules import ROW_KEY, Fact, Gathered, Subject

IDENTITY = "id_number"
COUNTY = "county_code"
"""The code of the county that the row lies in, known from its division code."""
COUNTED = ("count", "distinct")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a subject, and for each fact the names that it is made from."""

    names: Names
    made_from: Mapping[str, frozenset[str]]


def vocabulary(subject: Subject, parameters: Mapping[str, str]) -> Vocabulary:
    """Work the types out in the order in which the names are defined.

    Raises ``ExpressionError`` for a gathered value or fact that may not be used as it stands.
    """
    table = TABLES[subject.table]
    spaces = {"p": parameters}
    columns = {ROW_KEY: "VARCHAR"} | dict(Names.of(table, spaces).columns)
    if IDENTITY in table.column_names:
        columns |= COLUMNS
    if "region_code" in table.column_names:
        columns[COUNTY] = "VARCHAR"
    for one in subject.gathered:
        columns[one.name] = gathered_type(one, names_of(TABLES[one.table], parameters))
    made_from: dict[str, frozenset[str]] = {}
    for fact in subject.facts:
        names = Names(dict(columns), spaces)
        made_from[fact.name] = frozenset(used_columns(parse_expression(fact.expression, names, fact_want(fact))))
        columns[fact.name] = "BOOLEAN" if fact.listed_in else result_type(fact.expression, names)
    return Vocabulary(Names(columns, spaces), made_from)


def fact_want(fact: Fact) -> Want:
    return "text" if fact.listed_in else "any"


def names_of(table: Table, parameters: Mapping[str, str]) -> Names:
    return Names.of(table, {"p": parameters})


def gathered_type(one: Gathered, names: Names) -> str:
    if one.pick in COUNTED and one.pick == "count":
        return "BIGINT"
    found = result_type(one.value, names)
    return {"distinct": "BIGINT", "sum": "DECIMAL(38, 3)"}.get(one.pick, found)
