"""The exit tests: each criterion of the pack judged on each household, village and county."""

from __future__ import annotations

from datetime import date

from jingzhun.engine import Step, quoted
from jingzhun.model import TABLES, labels
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding
from jingzhun.policy.schema import ExitCriterion, ExitStandard

_OFFICIAL = {
    "household": f"exit_status NOT IN {labels.POOR}",
    "village": f"CASE WHEN attribute IN {labels.POOR_VILLAGE} THEN exited END",
    "county": "NULL::BOOLEAN",
}
_CODE = {"household": "household_code", "village": "region_code", "county": "region_code"}


def exit_steps(pack: Pack, as_of: date) -> list[Step]:
    """One step, ``exit_test``: a row per subject and criterion in force. Needs the facts."""
    binding = Binding(pack, as_of, date(as_of.year, 1, 1))
    selects = [
        _criterion(binding, standard, criterion)
        for standard in pack.exits.values()
        if standard.valid_from <= as_of and (standard.valid_to is None or as_of < standard.valid_to)
        for criterion in standard.criteria
    ]
    if not selects:
        return [Step("exit_test", _nothing(), "没有适用的退出标准 / no exit standard in force")]
    return [
        Step("exit_test", " UNION ALL ".join(selects), "退出检验：每项标准一票否决 / each criterion of each exit test")
    ]


def _criterion(binding: Binding, standard: ExitStandard, criterion: ExitCriterion) -> str:
    facts = TABLES[f"{standard.subject}_facts"]
    target = "target_year" if standard.subject == "county" else "NULL::BIGINT"
    passed = binding.bind(criterion.passed, facts, "boolean").sql
    seen = binding.bind(criterion.seen, facts).sql
    wanted = binding.bind(criterion.wanted, facts).sql
    return (
        f"SELECT {quoted(standard.subject)} AS subject_kind, {_CODE[standard.subject]} AS subject_code, region_code, "
        f"{quoted(criterion.id)} AS criterion, ({passed}) AS passed, CAST({seen} AS VARCHAR) AS seen, "
        f"CAST({wanted} AS VARCHAR) AS wanted, {_OFFICIAL[standard.subject]} AS officially_exited, "
        f"{target} AS target_year FROM {facts.name}"
    )


def _nothing() -> str:
    columns = ", ".join(f"NULL::{column.sql_type} AS {column.name}" for column in TABLES["exit_test"].all_columns)
    return f"SELECT {columns} LIMIT 0"
