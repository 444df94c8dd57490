"""The rows behind a figure: the same condition that counted them, asked for as rows with their origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jingzhun.engine import quoted
from jingzhun.indicators.plan import PlannedMeasure, plan_indicators
from jingzhun.model import Table
from jingzhun.policy import Pack


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """SQL that gives the rows counted into one part of a figure, ordered by key; ``table`` says their contract."""

    part: str
    table: Table
    sql: str
    measure: PlannedMeasure


def rows_behind(pack: Pack, as_of: date, indicator: str, region: str) -> list[MeasureRows]:
    """Numerator and denominator rows of an indicator for a division and everything below it.

    After each come the rows of which it is unknown whether, or with how much, they count (``numerator_unknown``).
    """
    planned = plan_indicators(pack, as_of).indicators[indicator]
    parts = [("numerator", planned.numerator), ("denominator", planned.denominator)]
    return [
        MeasureRows(f"{part}{ending}", measure.table, _rows(measure, condition, region), measure)
        for part, measure in parts
        if measure
        for ending, condition in (("", measure.where.sql), ("_unknown", _unknown(measure)))
    ]


def _unknown(measure: PlannedMeasure) -> str:
    undecided = f"({measure.where.sql}) IS NULL"
    wanted = measure.value or measure.distinct
    if wanted is None:
        return undecided
    return f"{undecided} OR (({measure.where.sql}) AND ({wanted.sql}) IS NULL)"


def _rows(measure: PlannedMeasure, condition: str, region: str) -> str:
    table = measure.table
    here, up = ("ancestor_code", "region_code") if table.inherited else ("region_code", "ancestor_code")
    shown = ", ".join(f"t.{name}" for name in table.column_names)
    return (
        f"SELECT {shown} FROM (SELECT * FROM {table.name} WHERE {condition}) t "
        f"JOIN region_closure c ON c.{here} = t.region_code AND c.{up} = {quoted(region)} "
        f"ORDER BY {', '.join(f't.{name}' for name in table.key)}"
    )
