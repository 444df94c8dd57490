"""The indicators of the shipped pack in the village that can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from jingzhun.indicators import figure_steps
from jingzhun.policy import Pack, load_pack
from jingzhun.policy.schema import Indicator
from tests.small import AS_OF, Row, registry, run

Figures = dict[tuple[str, str], dict[str, Any]]


@cache
def shipped_pack() -> Pack:
    return load_pack("luliang_2018")


def tables_of(indicator: Indicator) -> set[str]:
    return {part.table for part in (indicator.numerator, indicator.denominator) if part}


@cache
def pack_of_tables(*tables: str) -> Pack:
    """The shipped pack with only those indicators that are counted from these tables."""
    chosen = {
        name: indicator for name, indicator in shipped_pack().indicators.items() if tables_of(indicator) <= set(tables)
    }
    return replace(shipped_pack(), indicators=chosen)


def shipped_figures(tables: Mapping[str, Iterable[Row]]) -> Figures:
    """Figures of the shipped indicators that the delivered tables suffice for, by indicator and division."""
    with registry(tables) as engine:
        run(engine, figure_steps(pack_of_tables(*tables), AS_OF))
        return {(row["indicator"], row["region_code"]): row for row in engine.rows("SELECT * FROM figure")}
