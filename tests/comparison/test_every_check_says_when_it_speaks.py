"""Each check of the pack has cases in its own words: when there is a lead, when not, and what the dates suggest."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from jingzhun.comparison.leads import Leads
from jingzhun.engine import Names
from jingzhun.policy.binding import Binding
from jingzhun.policy.comparison import Check, CheckCase, check_names
from tests.comparison.people import AS_OF, COUNTY, PACK

LEADS = Leads(PACK, AS_OF, COUNTY, tuple(PACK.sources_compared.values()))
CASES = [(check, case) for check in PACK.comparison_checks.values() for case in check.cases]
NAMES = Binding(PACK, AS_OF, AS_OF).parameter_names


def row(types: Mapping[str, str], given: Mapping[str, Any]) -> str:
    """A sub-query of one row: the given values, everything else unknown."""
    assert set(given) <= set(types), set(given) - set(types)
    values = (f"CAST({literal(given.get(name))} AS {sql_type}) AS {name}" for name, sql_type in types.items())
    return f"(SELECT {', '.join(values)})"


def literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int() | float() | Decimal():
            return str(value)
        case _:
            return f"'{value}'"


def asked(check: Check, case: CheckCase) -> tuple[bool, str | None]:
    names: Names = check_names(check, PACK.sources_compared, NAMES)
    sides = [
        f"{row(names.spaces[side], given)} {side}"
        for side, given in (("l", case.person), ("r", case.record), ("o", case.other))
        if side in names.spaces
    ]
    sql = f"SELECT {LEADS.condition(check)}, {LEADS.suggestion(check)} FROM {' CROSS JOIN '.join(sides)}"
    [(lead, suggested)] = duckdb.connect().execute(sql).fetchall()
    return bool(lead), suggested


@pytest.mark.parametrize(("check", "case"), CASES, ids=[f"{check.id}-{at}" for at, (check, _) in enumerate(CASES)])
def test_the_check_speaks_where_it_should_and_only_there(check: Check, case: CheckCase) -> None:
    lead, suggested = asked(check, case)
    assert lead is case.lead
    assert (suggested or "") == (case.suggests if lead else suggested or "")


def test_an_asset_acquired_later_suggests_a_normal_exit() -> None:
    later = next(case for case in PACK.comparison_checks["X08"].cases if case.suggests == "属实-正常脱贫")
    assert asked(PACK.comparison_checks["X08"], later) == (True, "属实-正常脱贫")
