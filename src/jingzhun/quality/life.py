"""What became of findings from snapshot to snapshot. Only a later snapshot that is clean makes a correction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from jingzhun.engine import Engine, Step, quoted
from jingzhun.model import TABLES, labels, mask, shown
from jingzhun.model.regions import AREAS, elsewhere
from jingzhun.model.standing import (
    CONTRADICTED,
    ELSEWHERE,
    IMPLAUSIBLE,
    INCOMPLETE,
    NOWHERE,
    SLACK,
    UNKNOWN,
    USED,
    could_be_number,
    says_another,
    years_after,
)
from jingzhun.policy import Pack
from jingzhun.policy.exemption import ends_too_late
from jingzhun.policy.rules import NUMBER_LENGTH, Rule
from jingzhun.policy.wording import filled

NEW, PERSISTING, REAPPEARED = "new", "persisting", "reappeared"
CORRECTED, LAPSED = "corrected", "lapsed"
OPEN = (NEW, PERSISTING, REAPPEARED)


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems of one rule in a division over the screened snapshots: found = corrected + exempt + open.

    ``claimed`` and ``run_out`` are open problems that were reported as corrected, or whose exemption has run out.
    """

    region: str
    rule: Rule
    new: int
    persisting: int
    reappeared: int
    corrected: int
    exempt: int
    claimed: int
    run_out: int

    @property
    def open(self) -> int:
        return self.new + self.persisting + self.reappeared - self.exempt

    @property
    def found(self) -> int:
        return self.open + self.exempt + self.corrected

    @property
    def closing_rate(self) -> float | None:
        """Corrected and exempt problems of all that were found; None where there were none."""
        return (self.corrected + self.exempt) / self.found if self.found else None

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "name": self.rule.zh,
            "name_en": self.rule.en,
            "severity": self.rule.severity,
            "mark": self.rule.mark,
            **{name: getattr(self, name) for name in ("found", "open", "closing_rate", *COUNTED)},
        }


COUNTED = tuple(one.name for one in fields(Tally) if one.type == "int")


def keep_step(ordinal: int, as_of: date) -> Step:
    """Keep the findings of the snapshot that was just screened, the first of all being 0."""
    return Step(
        _kept(ordinal),
        f"SELECT {ordinal} AS ordinal, DATE '{as_of}' AS seen_on, f.* FROM finding f",
        "较早快照的问题数据 / findings of an earlier snapshot",
    )


def life_steps(pack: Pack, as_of: date, earlier: int) -> list[Step]:
    """``finding_life``: every problem of the snapshots screened so far; ``earlier`` of them were kept before this one.

    What senders answered is read from ``problem_record``: a correction is their claim, counted when the register says
    so too; an exemption holds with a person, evidence and a last day, and is over when that day has passed.
    ``problem_answer`` says of each answer whether it is used (``model.standing``). One for another township's problem
    is not, nor one whose row speaks of another problem than its number, nor one whose date cannot be meant.
    """
    now = earlier
    columns = ", ".join(name for name in TABLES["finding"].column_names)
    seen = " UNION ALL ".join(
        [
            *(f"SELECT ordinal, seen_on, {columns} FROM {_kept(ordinal)}" for ordinal in range(earlier)),
            f"SELECT {now} AS ordinal, DATE '{as_of}' AS seen_on, {columns} FROM finding",
        ]
    )
    spell = (
        "SELECT finding_no, min(ordinal) AS first_no, max(ordinal) AS last_no, count(*) AS times, "
        f"min(seen_on) AS first_seen, max(seen_on) AS last_seen, "
        f"max(CASE WHEN ordinal = {now - 1} THEN 1 ELSE 0 END) AS just_before FROM finding_seen GROUP BY finding_no"
    )
    asked = ", ".join(quoted(rule.id) for rule in pack.rules.values() if rule.in_force(as_of)) or "''"
    there = f"p.last_no = {now}"
    holds = (
        f"{there} AND coalesce(a.state = {quoted(labels.EXEMPT)} AND a.evidence IS NOT NULL "
        f"AND a.answered_by IS NOT NULL AND a.exempt_until >= DATE '{as_of}', false)"
    )
    ended = f"{there} AND coalesce(a.state = {quoted(labels.EXEMPT)} AND a.exempt_until < DATE '{as_of}', false)"
    return [
        Step("finding_seen", seen, "各个快照的问题数据 / findings of all snapshots", view=True),
        Step("finding_spell", spell, "每个问题何时出现过 / when each problem was there"),
        Step("problem_answer", _answers(pack, as_of), "报来的处理结果采用与否 / which answers are used"),
        Step(
            "finding_life",
            f"SELECT {', '.join(f's.{name}' for name in TABLES['finding'].column_names)}, "
            f"CASE WHEN {there} THEN CASE WHEN p.first_no = {now} THEN '{NEW}' WHEN p.just_before = 1 "
            f"THEN '{PERSISTING}' ELSE '{REAPPEARED}' END WHEN s.rule IN ({asked}) THEN '{CORRECTED}' "
            f"ELSE '{LAPSED}' END AS state, p.first_seen, p.last_seen, p.times, "
            f"{holds} AS exempt, {ended} AS run_out, "
            f"{there} AND coalesce(a.state = {quoted(labels.CORRECTED)}, false) AS claimed, "
            "a.note, a.evidence, a.answered_by, a.exempt_until "
            "FROM finding_seen s JOIN finding_spell p ON p.finding_no = s.finding_no AND p.last_no = s.ordinal "
            "LEFT JOIN problem_answer a ON a.problem_no = s.finding_no "
            f"AND a.standing IN ('{USED}', '{INCOMPLETE}')",
            "每个问题的来龙去脉 / what became of every problem",
        ),
    ]


def _answers(pack: Pack, as_of: date) -> str:
    exempt = f"a.state = {quoted(labels.EXEMPT)}"
    lacking = "a.evidence IS NULL OR a.answered_by IS NULL OR a.exempt_until IS NULL"
    numbered = could_be_number("a.problem_no", pack.rules, NUMBER_LENGTH)
    cases = {
        f"s.finding_no IS NULL AND {numbered}": UNKNOWN,
        "s.finding_no IS NULL": NOWHERE,
        elsewhere("ours", "theirs"): ELSEWHERE,
        _speaks_of_another(pack): CONTRADICTED,
        _cannot_be_meant(pack, as_of): IMPLAUSIBLE,
        f"{exempt} AND ({lacking})": INCOMPLETE,
    }
    standing = " ".join(f"WHEN {when} THEN '{standing}'" for when, standing in cases.items())
    return (
        f"SELECT a.*, CASE {standing} ELSE '{USED}' END AS standing "
        "FROM problem_record a LEFT JOIN finding_spell p ON p.finding_no = a.problem_no "
        "LEFT JOIN finding_seen s ON s.finding_no = p.finding_no AND s.ordinal = p.last_no "
        f"LEFT JOIN ({AREAS}) ours ON ours.region_code = s.region_code "
        f"LEFT JOIN ({AREAS}) theirs ON theirs.region_code = a.region_code"
    )


def _speaks_of_another(pack: Pack) -> str:
    """The rule, person or household that a worklist shows beside the number is not the finding's.

    A person who moved is still that person, so the household is asked about only where no person is named.
    """
    code = "coalesce(a.person_code, a.household_code)"
    key, value = f"contains('|' || s.row_key || '|', '|' || {code} || '|')", f"contains(s.seen, '\"' || {code} || '\"')"
    nobodys = [name for name, table in TABLES.items() if not {"person_code", "household_code"} & {*table.column_names}]
    place = f"s.table_name IN ({', '.join(map(quoted, nobodys))}) AND a.region_code <> s.region_code"
    return f"{says_another('a.rule', 's.rule', pack.rules)} OR coalesce(NOT ({key} OR {value}), false) OR ({place})"


def _cannot_be_meant(pack: Pack, as_of: date) -> str:
    """The day that the answer rests on lies before the programme or the finding, or in a far future."""
    first = pack.meta.valid_from
    found = "CASE WHEN a.found_on < p.first_seen THEN a.found_on ELSE p.first_seen END"
    done = (
        f"a.corrected_on < DATE '{first}' OR a.corrected_on > DATE '{years_after(as_of, SLACK)}' "
        f"OR date_diff('day', a.corrected_on, {found}) > {366 * SLACK}"
    )
    until = (
        f"a.exempt_until < DATE '{first}' OR a.exempt_until < a.found_on "
        f"OR {ends_too_late(pack, 'a.exempt_until', as_of)}"
    )
    return (
        f"coalesce(a.state = {quoted(labels.CORRECTED)} AND ({done}) "
        f"OR a.state = {quoted(labels.EXEMPT)} AND ({until}), false)"
    )


def _kept(ordinal: int) -> str:
    return f"finding_seen_{ordinal}"


def tallies(engine: Engine, pack: Pack, regions: Sequence[str]) -> list[Tally]:
    """Counts by division and rule, each division with everything below it. Needs ``finding_life`` and the closure."""
    listed = ", ".join(quoted(region) for region in regions)
    is_open = f"state IN {OPEN}"
    conditions = {
        **{name: f"state = '{name}'" for name in (*OPEN, CORRECTED)},
        **{name: f"{is_open} AND {name}" for name in ("exempt", "claimed", "run_out")},
    }
    counts = ", ".join(f"sum(CASE WHEN {when} THEN 1 ELSE 0 END) AS {name}" for name, when in conditions.items())
    rows = engine.rows(
        f"SELECT c.ancestor_code AS region, rule, {counts} FROM finding_life f "
        f"JOIN region_closure c ON c.region_code = f.region_code WHERE c.ancestor_code IN ({listed}) GROUP BY 1, 2"
    )
    counted = {(row["region"], row["rule"]): {name: int(row[name]) for name in COUNTED} for row in rows}
    return [
        Tally(region, rule, **counted[region, rule.id])
        for region in regions
        for rule in pack.rules.values()
        if (region, rule.id) in counted
    ]


def masked(table: str, seen: str) -> dict[str, str | None]:
    """The values of a finding, those that identify a person elsewhere down to their last two characters."""
    values: dict[str, str | None] = json.loads(seen)
    sensitive = {column.name for column in TABLES[table].columns if column.sensitive} | {"id_18"}
    return {name: _masked(value, name in sensitive) if value else value for name, value in values.items()}


def _masked(value: str, is_sensitive: bool) -> str:
    """A number that stands where none belongs, as in a name, is no less somebody's."""
    return mask(value) if is_sensitive else shown.masked(value)


def told(rule: Rule, values: Mapping[str, str | None]) -> tuple[str, str]:
    """The rule's message with the values of a finding, in Chinese and English. What was empty is said to be."""
    return filled(rule.message_zh, values, "空"), filled(rule.message_en, values, "nothing")
