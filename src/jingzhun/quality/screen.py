"""All rules of a subject in one scan: a bit for each rule, and only rows with a bit set become findings.

Rules that look at a row alone are screened without gathering anything for it; the others in a second scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jingzhun.engine import Engine, Step, StepFailed, quoted
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.rules import NUMBER_LENGTH, Rule
from jingzhun.quality.subject import Asked, asked_subjects, key_text, number_text

MASK = 15
"""Rules in one small integer without its sign: the narrower they are, the more rows a processor takes at once."""
WORD = 4 * MASK
"""Rules in one large integer."""


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
    found = " UNION ALL ".join(f"SELECT * FROM {_found_by(screening)}" for screening in plan)
    about = "问题数据：每条规则、每个违反它的行 / findings: every rule and row that breaks it"
    return [*(_scan(pack, screening) for screening in plan), Step("finding", found or _nothing(), about, view=True)]


def failing(engine: Engine, plan: Sequence[Screening]) -> Iterator[tuple[str, str]]:
    """Rules that cannot be worked out on some row, each with the engine's words: looked for once a scan has failed."""
    for screening in plan:
        for planned in screening.rules:
            try:
                engine.value(f"SELECT count(*) FROM ({screening.asked.rows(planned.names)}) WHERE {planned.sql}")
            except StepFailed as error:
                yield planned.rule.id, error.reason


def _found_by(screening: Screening) -> str:
    return f"finding_{screening.name}"


def _scan(pack: Pack, screening: Screening) -> Step:
    """The findings of one scan: a row that breaks rules comes once for each of them."""
    table, rules = screening.asked.table, screening.rules
    shapes = {shows: number for number, shows in enumerate(dict.fromkeys(_shows(planned.rule) for planned in rules))}
    listed = ", ".join(
        f"({shapes[_shows(rule)]}, {place // WORD}, {1 << place % WORD}::BIGINT, {quoted(rule.id)}, "
        f"{quoted(rule_version(pack, rule))}, {quoted(rule.severity)})"
        for place, rule in enumerate(planned.rule for planned in rules)
    )
    seen = " ".join(f"WHEN {number} THEN {_seen(shows)}" for shows, number in shapes.items())
    words = " ".join(f"WHEN {number} THEN w{number}" for number in range(len(_words(rules))))
    return Step(
        _found_by(screening),
        f"SELECT rule || '-' || left(md5({number_text(table)}), {NUMBER_LENGTH}) AS finding_no, rule, rule_version, "
        f"severity, {quoted(table.name)} AS table_name, {key_text(table)} AS row_key, region_code, "
        f"CASE shape {seen} END AS seen, origin_file, origin_sheet, origin_row "
        f"FROM ({_broken(screening)}) JOIN (VALUES {listed}) AS r(shape, word, bit, rule, rule_version, severity) "
        f"ON CASE word {words} END & bit <> 0",
        f"{screening.asked.subject.zh}：一次扫描筛查 {len(rules)} 条规则 / one scan, {len(rules)} rules",
    )


def _broken(screening: Screening) -> str:
    """The rows that break a rule, with their keys, the values that findings show, and the bits of the rules."""
    asked, rules = screening.asked, screening.rules
    shown = sorted({name for planned in rules for name in planned.rule.shows} - {*asked.table.key, "region_code"})
    kept = [*asked.table.key, *(() if "region_code" in asked.table.key else ("region_code",)), *shown]
    kept += ["origin_file", "origin_sheet", "origin_row"]
    masks = _masks(rules)
    named = ", ".join(f"{mask} AS m{number}" for number, mask in enumerate(masks))
    words = ", ".join(f"{word} AS w{number}" for number, word in enumerate(_words(rules)))
    names = {name for planned in rules for name in planned.names}
    return (
        f"SELECT {', '.join(kept)}, {words} FROM (SELECT {', '.join(kept)}, {named} FROM ({asked.rows(names)})) "
        f"WHERE {' | '.join(f'm{number}' for number in range(len(masks)))} <> 0"
    )


def _masks(rules: Sequence[Planned]) -> list[str]:
    return [
        " | ".join(
            f"CASE WHEN {planned.sql} THEN {1 << bit}::SMALLINT ELSE 0::SMALLINT END"
            for bit, planned in enumerate(rules[start : start + MASK])
        )
        for start in range(0, len(rules), MASK)
    ]


def _words(rules: Sequence[Planned]) -> list[str]:
    """The masks put together, as few integers as there can be."""
    numbers = [start // MASK for start in range(0, len(rules), MASK)]
    together = WORD // MASK
    return [
        " | ".join(f"(m{number}::BIGINT << {number % together * MASK})" for number in numbers[start : start + together])
        for start in range(0, len(numbers), together)
    ]


def _shows(rule: Rule) -> tuple[str, ...]:
    """What a finding of the rule shows; rules that show the same have it written out together."""
    return tuple(rule.shows)


def _seen(shows: Sequence[str]) -> str:
    packed = ", ".join(f"{name} := CAST({name} AS VARCHAR)" for name in shows)
    return f"CAST(to_json(struct_pack({packed})) AS VARCHAR)"


def _nothing() -> str:
    columns = ", ".join(f"NULL::{column.sql_type} AS {column.name}" for column in TABLES["finding"].all_columns)
    return f"SELECT {columns} LIMIT 0"
