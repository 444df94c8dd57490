"""Which measures the pack's indicators need, bound to the day: the same measure is computed once however often used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from jingzhun.model import TABLES, Table
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding, BoundText
from jingzhun.policy.schema import Indicator, Measure


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """One measure with everything bound. Exactly one of counting, ``value``, ``distinct`` and ``label`` is meant."""

    id: str
    table: Table
    where: BoundText
    value: BoundText | None = None
    distinct: BoundText | None = None
    label: BoundText | None = None

    @property
    def parts(self) -> tuple[BoundText, ...]:
        return tuple(part for part in (self.where, self.value, self.distinct, self.label) if part is not None)


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    indicator: Indicator
    period_from: date
    numerator: PlannedMeasure
    denominator: PlannedMeasure | None


@dataclass(slots=True)
class Plan:
    """All indicators of a pack on a day."""

    pack: Pack
    as_of: date
    indicators: dict[str, PlannedIndicator] = field(default_factory=dict)
    measures: dict[tuple[str, ...], PlannedMeasure] = field(default_factory=dict)

    def by_table(self) -> Iterator[tuple[Table, list[PlannedMeasure]]]:
        """The measures of each table, in the order the tables are defined."""
        for table in TABLES.values():
            mine = [measure for measure in self.measures.values() if measure.table.name == table.name]
            if mine:
                yield table, mine


def plan_indicators(pack: Pack, as_of: date) -> Plan:
    """Bind every indicator of the pack to ``as_of``. Raises ``ExpressionError`` or ``NoValue`` for unusable text."""
    plan = Plan(pack, as_of)
    bindings: dict[date, Binding] = {}
    for indicator in pack.indicators.values():
        start = period_from(indicator, as_of)
        binding = bindings.setdefault(start, Binding(pack, as_of, start))
        denominator = indicator.denominator
        plan.indicators[indicator.id] = PlannedIndicator(
            indicator,
            start,
            _measure(plan, binding, indicator.numerator, indicator.label),
            None if denominator is None else _measure(plan, binding, denominator, ""),
        )
    return plan


def period_from(indicator: Indicator, as_of: date) -> date:
    """First day of the period that the indicator counts over."""
    match indicator.period:
        case "year":
            return date(as_of.year, 1, 1)
        case "two_years":
            return date(as_of.year - 1, 1, 1)
        case "cumulative":
            return date.min


def _measure(plan: Plan, binding: Binding, measure: Measure, label: str) -> PlannedMeasure:
    table = TABLES[measure.table]
    where = binding.bind(measure.where, table, "boolean")
    value = binding.bind(measure.value, table, "number") if measure.value else None
    distinct = binding.bind(measure.distinct, table) if measure.distinct else None
    text = binding.bind(label, table, "text") if label else None
    key = (table.name, where.sql, *(part.sql if part else "" for part in (value, distinct, text)))
    if key not in plan.measures:
        plan.measures[key] = PlannedMeasure(f"m{len(plan.measures)}", table, where, value, distinct, text)
    return plan.measures[key]
