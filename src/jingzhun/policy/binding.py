"""Policy text bound to a day: parameters and moments filled in, ready for an engine, with a note of what was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from jingzhun.engine.expression import Names, Value, Want, bind, parse_expression, to_sql, used_columns, used_names
from jingzhun.model import Table
from jingzhun.policy.pack import NoValue, Pack
from jingzhun.policy.schema import DatedValue

SHOWN = 5
"""Rules that a message names."""
PARAMETER_TYPE = "DECIMAL(18, 4)"


class FailsOnData(RuntimeError):
    """Text of a pack that is sound by itself and cannot be worked out on some row of the data. ``zh`` and ``en``."""

    def __init__(self, kind_zh: str, kind_en: str, failing: Sequence[tuple[str, str]]) -> None:
        named, reason = [name for name, _ in failing], failing[0][1]
        listed = "、".join(named[:SHOWN]) + (f" 等 {len(named)} 条" if len(named) > SHOWN else "")
        listed_en = ", ".join(named[:SHOWN]) + (f" and {len(named) - SHOWN} more" if len(named) > SHOWN else "")
        self.zh = (
            f"{kind_zh} {listed}：数据中有的行算不出来（{reason.strip()}）。表达式要顾到每一行：文字转数用 TRY_CAST，"
            "除数可能为 0 的用 NULLIF，再运行。"
        )
        self.en = (
            f"{kind_en} {listed_en}: cannot be worked out on some row of the data ({reason.strip()}). An expression "
            "must hold for every row: read text as a number with TRY_CAST, divide by NULLIF(…, 0); then run again."
        )
        super().__init__(f"{self.zh} {self.en}")


@dataclass(frozen=True, slots=True)
class BoundText:
    """SQL with nothing left to look up, the columns it reads and the parameters that were put in."""

    text: str
    sql: str
    columns: frozenset[str]
    parameters: Mapping[str, DatedValue]


@dataclass(frozen=True)
class Binding:
    """A pack on a day. ``period_from`` opens the period that flow figures are counted over."""

    pack: Pack
    as_of: date
    period_from: date
    _bound: dict[tuple[str, str, Want, str], BoundText] = field(default_factory=dict, repr=False, compare=False)
    """What was bound already: indicators share most of their conditions."""

    @cached_property
    def parameter_names(self) -> dict[str, str]:
        """Every parameter with its SQL type: text parameters are text, all others exact numbers."""
        return {
            name: "VARCHAR" if any(isinstance(value.value, str) for value in parameter.values) else PARAMETER_TYPE
            for name, parameter in self.pack.parameters.items()
        }

    def bind(self, text: str, table: Table, want: Want = "any", prefix: str = "") -> BoundText:
        """Bind one expression over ``table``.

        Raises ``ExpressionError`` for text that may not be used and ``NoValue`` for a parameter without a value
        on the day.
        """
        key = (text, table.name, want, prefix)
        if key not in self._bound:
            names = Names.of(table, {"p": self.parameter_names})
            self._bound[key] = self.bind_names(text, names, want, prefix, {})
        return self._bound[key]

    def bind_names(self, text: str, names: Names, want: Want, prefix: str, values: Mapping[str, Value]) -> BoundText:
        """Bind one expression over any names; ``values`` fills names beyond parameters and moments."""
        tree = parse_expression(text, names, want)
        parameters = {name: self._value(name) for name in used_names(tree, "p")}
        known: dict[str, Value] = {
            "as_of": self.as_of,
            "period_to": self.as_of,
            "period_from": self.period_from,
            **{f"p.{name}": value.value for name, value in parameters.items()},
            **values,
        }
        bound = bind(tree, known, prefix)
        return BoundText(text, to_sql(bound), frozenset(used_columns(tree)), parameters)

    def _value(self, name: str) -> DatedValue:
        value = self.pack.parameter_value(name, self.as_of)
        if value.value is None:
            raise NoValue(name, self.as_of, "")
        return value


def number(value: DatedValue) -> Decimal:
    """A dated value as a number in its parameter's unit."""
    return Decimal(value.value or 0)
