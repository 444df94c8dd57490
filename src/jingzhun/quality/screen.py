"""All rules of a subject in one scan: a bit for each rule, and only rows with a bit set go further.

Rules that look at a row alone are screened without gathering anything for it; the others in a second scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jingzhun.engine import Step, quoted
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.rules import NUMBER_LENGTH, Rule
from jingzhun.quality.subject import Asked, asked_subjects, key_text, number_text

BITS = 60
"""Rules in one integer; the sign bit and a few more stay free."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A rule with its condition bound."""

    rule: Rule
    sql: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Screening:
    """Rules of one subject that are screened in one scan."""

    name: str
    asked: Asked
    rules: tuple[Planned, ...]

    @property
    def tables(self) -> frozenset[str]:
        """Every table that the scan reads."""
        return self.asked.tables({name for planned in self.rules for name in planned.names})


def plan_screening(pack: Pack, as_of: date) -> list[Screening]:
    """The scans that a screening takes: per subject, rules of the row alone and rules that gather."""
    found: list[Screening] = []
    for subject, asked in asked_subjects(pack, as_of).items():
        groups: dict[str, list[Planned]] = {"row": [], "wide": []}
        for rule in pack.rules.values():
            if rule.subject != subject or not rule.in_force(as_of):
                continue
            sql, columns = asked.bind(rule.broken)
            names = columns | set(rule.shows)
            groups["wide" if asked.needs_gathering(names) else "row"].append(Planned(rule, sql, names))
        found += [Screening(f"{subject}_{kind}", asked, tuple(rules)) for kind, rules in groups.items() if rules]
    return found


def rule_version(pack: Pack, rule: Rule) -> str:
    """The pack's version and a hash of the rule's text without its cases."""
    digest = hashlib.sha256(rule.model_dump_json(exclude={"cases"}).encode()).hexdigest()
    return f"{pack.version} {rule.id}@{digest[:8]}"


def screen_steps(pack: Pack, as_of: date) -> list[Step]:
    """Steps that make ``finding``: a row for each row of the register and rule that it breaks."""
    return steps_of(pack, plan_screening(pack, as_of))


def steps_of(pack: Pack, plan: Sequence[Screening]) -> list[Step]:
    """The same for some of the scans."""
    steps = [_scan(screening) for screening in plan]
    selects = [select for screening in plan for select in _findings(pack, screening)]
    about = "问题数据：每条规则、每个违反它的行 / findings: every rule and row that breaks it"
    return [*steps, Step("finding", " UNION ALL ".join(selects) if selects else _nothing(), about)]


def _scan(screening: Screening) -> Step:
    asked, rules = screening.asked, screening.rules
    shown = sorted({name for planned in rules for name in planned.rule.shows} - {*asked.table.key, "region_code"})
    kept = [*asked.table.key, *(() if "region_code" in asked.table.key else ("region_code",)), *shown]
    masks = ", ".join(
        f"{_mask(rules[start : start + BITS])} AS m{start // BITS}" for start in range(0, len(rules), BITS)
    )
    any_bit = " OR ".join(f"m{number} <> 0" for number in range(len(range(0, len(rules), BITS))))
    names = {name for planned in rules for name in planned.names}
    return Step(
        f"broken_{screening.name}",
        f"SELECT * FROM (SELECT {', '.join(kept)}, origin_file, origin_sheet, origin_row, {masks} "
        f"FROM ({asked.rows(names)})) WHERE {any_bit}",
        f"{asked.subject.zh}：一次扫描筛查 {len(rules)} 条规则 / one scan, {len(rules)} rules",
    )


def _mask(rules: tuple[Planned, ...]) -> str:
    return " | ".join(
        f"CASE WHEN {planned.sql} THEN {1 << bit} ELSE 0 END::BIGINT" for bit, planned in enumerate(rules)
    )


def _findings(pack: Pack, screening: Screening) -> list[str]:
    table = screening.asked.table
    return [
        f"SELECT {quoted(planned.rule.id + '-')} || left(md5({number_text(table)}), {NUMBER_LENGTH}) AS finding_no, "
        f"{quoted(planned.rule.id)} AS rule, {quoted(rule_version(pack, planned.rule))} AS rule_version, "
        f"{quoted(planned.rule.severity)} AS severity, {quoted(table.name)} AS table_name, "
        f"{key_text(table)} AS row_key, region_code, {_seen(planned.rule)} AS seen, "
        "origin_file, origin_sheet, origin_row "
        f"FROM broken_{screening.name} WHERE m{number // BITS} & {1 << number % BITS} <> 0"
        for number, planned in enumerate(screening.rules)
    ]


def _seen(rule: Rule) -> str:
    packed = ", ".join(f"{name} := CAST({name} AS VARCHAR)" for name in rule.shows)
    return f"CAST(to_json(struct_pack({packed})) AS VARCHAR)"


def _nothing() -> str:
    columns = ", ".join(f"NULL::{column.sql_type} AS {column.name}" for column in TABLES["finding"].all_columns)
    return f"SELECT {columns} LIMIT 0"
