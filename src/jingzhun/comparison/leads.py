"""From pairs to leads: every check of the pack on the pairs, people and records that it speaks of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa

from jingzhun.comparison.people import PERSON, RECORD, key_text, rows_of
from jingzhun.comparison.plan import Plan
from jingzhun.comparison.sources import REACH
from jingzhun.engine import Engine, Step, StepFailed, quoted
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding
from jingzhun.policy.comparison import MAYBE, NUMBER_LENGTH, Check, Source, check_names, shown_as
from jingzhun.policy.linkage import Degree

PAIR, TWICE = "comparison_pair", "comparison_twice"
BORROWED = "comparison_borrowed"
"""Pairs of a person with a record that runs under their number and is about somebody else."""
DOUBTFUL = "comparison_doubtful"
"""Pairs that are likely one person and not certain: they settle no claim that somebody is missing on the other side."""
AGREEMENT = "agreement"


@dataclass(frozen=True)
class Leads:
    """The checks of a pack on a day; ``used`` are the sources that may be asked.

    From the likelihood ``certain`` on somebody is held to be on the other side. Below it a claim that they are missing
    is a lead still, which says who they may be and how likely.
    """

    pack: Pack
    as_of: date
    region: str
    used: Sequence[Source]
    certain: float = 1.0

    @cached_property
    def binding(self) -> Binding:
        return Binding(self.pack, self.as_of, self.as_of)

    @cached_property
    def checks(self) -> list[Check]:
        """Checks in force whose source may be used."""
        usable = {source.id for source in self.used} | {""}
        return [
            check
            for check in self.pack.comparison_checks.values()
            if check.source in usable
            and (check.valid_from is None or check.valid_from <= self.as_of)
            and (check.valid_to is None or self.as_of < check.valid_to)
        ]

    def steps(self) -> list[Step]:
        """``lead``: a row for each check and what it speaks of.

        Each check is a step of its own: one query holds what every check looks up until the last is done, and for a
        prefecture that is more than a disk.
        """
        each = [Step(_leads_of(check), self._select(check), f"{check.zh} / {check.en}") for check in self.checks]
        together = " UNION ALL ".join(f"SELECT * FROM {step.name}" for step in each)
        about = "比对线索：只是线索，不是结论 / leads of the comparison, no verdicts"
        several = [_several(check) for check in self.checks if check.finds == "again"]
        return [*several, *each, Step("lead", together or _nothing(), about)]

    def _select(self, check: Check) -> str:
        match check.finds:
            case "pair":
                rows = self._pairs(check)
            case "person":
                rows = self._people_alone(check)
            case "record":
                rows = self._records_alone(check)
            case "twice":
                rows = (
                    f"{TWICE} m JOIN {PERSON} l ON l.row_no = m.left_no JOIN {PERSON} r ON r.row_no = m.right_no "
                    f"LEFT JOIN {AGREEMENT}_twice a ON a.pattern = m.pattern WHERE NOT l.tie AND NOT r.tie"
                )
            case "again":
                return self._again(check)
        return f"SELECT {_named(self._columns(check))} FROM {rows} AND {self.condition(check)}"

    def _again(self, check: Check) -> str:
        """Every further record of a person once, beside the first of those before it that makes it a lead."""
        columns, source = self._columns(check), self.pack.sources_compared[check.source]
        rows = (
            f"{_several_of(check)} m JOIN {PERSON} l ON l.row_no = m.left_no JOIN {RECORD} x ON x.row_no = m.right_no "
            f"JOIN {self._records(source)} ON r.record_key = m.record_key "
            f"JOIN {_several_of(check)} n ON n.left_no = m.left_no "
            f"JOIN {self._records(source, 'o')} ON o.record_key = n.record_key "
            f"LEFT JOIN {AGREEMENT}_pair a ON a.pattern = m.pattern WHERE n.right_no < m.right_no AND NOT l.tie"
        )
        place = "row_number() OVER (PARTITION BY m.left_no, m.right_no ORDER BY n.right_no) AS place"
        found = f"SELECT {_named(columns)}, {place} FROM {rows} AND {self.condition(check)}"
        return f"SELECT {', '.join(columns)} FROM ({found}) WHERE place = 1"

    def _pairs(self, check: Check) -> str:
        source = self.pack.sources_compared[check.source]
        elsewhere = "" if check.family else " AND NOT l.tie"
        asked = f"SELECT *, false AS borrowed FROM {PAIR}"
        if check.borrowed:
            asked += f" UNION ALL SELECT *, true AS borrowed FROM {BORROWED}"
        return (
            f"({asked}) m JOIN {PERSON} l ON l.row_no = m.left_no JOIN {RECORD} x ON x.row_no = m.right_no "
            f"JOIN {self._records(source)} ON r.record_key = x.record_key "
            f"LEFT JOIN {AGREEMENT}_pair a ON a.pattern = m.pattern WHERE x.source = {quoted(source.id)}{elsewhere}"
        )

    def _people_alone(self, check: Check) -> str:
        theirs = f"JOIN {RECORD} x ON x.row_no = m.right_no AND x.source = {quoted(check.source)}"
        found = f"SELECT 1 FROM {PAIR} m {theirs} WHERE m.left_no = l.row_no AND {self._certainly}"
        reached = f"SELECT 1 FROM {REACH} g WHERE g.source = {quoted(check.source)} AND g.region_code = l.region_code"
        doubt = _doubt("left_no", "right_no", "x.name || '（' || x.record_key || '）'", theirs, "max")
        return (
            f"{PERSON} l LEFT JOIN ({doubt}) d ON d.left_no = l.row_no "
            f"WHERE NOT l.tie AND EXISTS ({reached}) AND NOT EXISTS ({found})"
        )

    def _records_alone(self, check: Check) -> str:
        source = self.pack.sources_compared[check.source]
        here = (
            f"SELECT c.region_code FROM region_closure c JOIN {REACH} g ON g.region_code = c.region_code "
            f"WHERE c.ancestor_code = {quoted(self.region)} AND g.source = {quoted(source.id)}"
        )
        # Family who live elsewhere are compared with a household and are not in the register.
        members = f"JOIN {PERSON} k ON k.row_no = m.left_no AND NOT k.tie"
        found = f"SELECT 1 FROM {PAIR} m {members} WHERE m.right_no = x.row_no AND {self._certainly}"
        doubt = _doubt("right_no", "left_no", "k.name || '（' || k.household_code || '）'", members, "sum")
        return (
            f"{RECORD} x JOIN {self._records(source)} ON r.record_key = x.record_key "
            f"LEFT JOIN ({doubt}) d ON d.right_no = x.row_no "
            f"WHERE x.source = {quoted(source.id)} AND x.region_code IN ({here}) AND NOT EXISTS ({found}) "
            f"AND coalesce(d.likely, 0) < {self.certain!r}"
        )

    @property
    def _certainly(self) -> str:
        return f"m.probability >= {self.certain!r}"

    def _records(self, source: Source, side: str = "r") -> str:
        key = key_text(TABLES[source.table])
        return f"(SELECT *, {key} AS record_key FROM {rows_of(source)}) {side}"

    def _columns(self, check: Check) -> dict[str, str]:
        person, record = check.finds != "record", check.finds in ("pair", "record", "again")
        who = "coalesce(l.person_code, l.household_code || '|' || l.name)" if person else "''"
        key = "r.record_key" if record else "r.person_code" if check.finds == "twice" else "CAST(NULL AS VARCHAR)"
        pair = check.finds in ("pair", "twice", "again")
        origin = "x" if record else "r" if check.finds == "twice" else "l"
        alone = check.finds in ("person", "record")
        # Two records are of one person where both are.
        paired = "least(m.probability, n.probability)" if check.finds == "again" else "m.probability"
        values = {
            "lead_no": f"{quoted(check.id + '-')} || left(md5({who} || '|' || coalesce({key}, '')), {NUMBER_LENGTH})",
            "check_id": quoted(check.id),
            "check_version": quoted(check_version(self.pack, check)),
            "severity": quoted(check.severity),
            "source": quoted(check.source),
            "region_code": "l.region_code" if person else "x.region_code",
            "household_code": "l.household_code" if person else "CAST(NULL AS VARCHAR)",
            "person_code": "l.person_code" if person else "CAST(NULL AS VARCHAR)",
            "name": "l.name" if person else "x.name",
            "record_key": key,
            "found_by": "a.found_by" if pair else "CAST(NULL AS VARCHAR)",
            "probability": f"CAST({'d.likely' if alone else paired} AS DECIMAL(18, 3))",
            "candidates": f"CAST({'d.candidates' if alone else 'm.candidates'} AS BIGINT)",
            "agreement": "a.degrees" if pair else "CAST(NULL AS VARCHAR)",
            "seen": self._seen(check),
            "suggested": self._suggested(check),
            **{name: f"{origin}.{name}" for name in ("origin_file", "origin_sheet", "origin_row")},
        }
        if pair:
            values["found_by"] = f"list_extract({self._passes()}, m.pass + 1)"
        return values

    def _passes(self) -> str:
        return "[" + ", ".join(quoted(one.id) for one in self.pack.linkages["people"].passes) + "]"

    def _seen(self, check: Check) -> str:
        shown = {shown_as(name): name for name in check.shows}
        shown |= {MAYBE: "d.who"} if check.finds in ("person", "record") else {}
        packed = ", ".join(f"{name} := CAST({value} AS VARCHAR)" for name, value in shown.items())
        return f"CAST(to_json(struct_pack({packed})) AS VARCHAR)"

    def condition(self, check: Check) -> str:
        """When there is a lead, as SQL over ``l`` and ``r``."""
        return self._sql(check, check.lead)

    def suggestion(self, check: Check) -> str:
        """The verdict that a lead suggests, as SQL over ``l`` and ``r``; nothing where the dates are silent."""
        whens = " ".join(f"WHEN {self._sql(check, one.when)} THEN {quoted(one.verdict)}" for one in check.suggests)
        return f"CASE {whens} END" if whens else "CAST(NULL AS VARCHAR)"

    def _suggested(self, check: Check) -> str:
        """The same for a lead; a number that was borrowed says more than the dates."""
        by_dates = self.suggestion(check)
        if check.borrowed is None:
            return by_dates
        return f"CASE WHEN m.borrowed THEN {quoted(check.borrowed.verdict)} ELSE {by_dates} END"

    def _sql(self, check: Check, text: str) -> str:
        names = check_names(check, self.pack.sources_compared, self.binding.parameter_names)
        return f"({self.binding.bind_names(text, names, 'boolean', '', {}).sql})"


def _doubt(of: str, other: str, who: str, joined: str, how: str) -> str:
    """By each row of one side: how likely it is on the other all the same, how many it might be, the likeliest."""
    place = f"row_number() OVER (PARTITION BY m.{of} ORDER BY m.probability DESC, m.{other}) AS place"
    pairs = f"SELECT m.{of}, m.probability, {who} AS who, {place} FROM {DOUBTFUL} m {joined}"
    return (
        f"SELECT {of}, {how}(probability) AS likely, count(*) AS candidates, "
        f"max(CASE WHEN place = 1 THEN who END) AS who FROM ({pairs}) GROUP BY {of}"
    )


def failing(pack: Pack, error: StepFailed) -> Iterator[tuple[str, str]]:
    """The check whose step it is that failed, with the engine's words."""
    for check in pack.comparison_checks.values():
        if _leads_of(check) == error.step.name:
            yield check.id, error.reason


def _several(check: Check) -> Step:
    """The records of people who have more than one in the check's source, few of all.

    Of all pairs joined with all pairs an engine does not see how few have a second: it holds the lists of a whole
    prefecture against each other.
    """
    rows = (
        f"SELECT m.*, x.record_key, count(*) OVER (PARTITION BY m.left_no) AS records FROM {PAIR} m "
        f"JOIN {RECORD} x ON x.row_no = m.right_no WHERE x.source = {quoted(check.source)}"
    )
    return Step(
        _several_of(check),
        f"SELECT * FROM ({rows}) WHERE records > 1",
        "同一来源有几条记录的人 / people with several records",
    )


def _several_of(check: Check) -> str:
    return f"several_{check.id.lower()}"


def _leads_of(check: Check) -> str:
    return f"lead_{check.id.lower()}"


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{value} AS {name}" for name, value in columns.items())


def check_version(pack: Pack, check: Check) -> str:
    """The pack's version and a hash of the check's text without its cases."""
    digest = hashlib.sha256(check.model_dump_json(exclude={"cases"}).encode()).hexdigest()
    return f"{pack.version} {check.id}@{digest[:8]}"


def load_agreement(engine: Engine, plan: Plan, name: str) -> None:
    """``agreement_<name>``: each pattern that was met, in the words of the linkage, as JSON."""
    met = engine.arrow(f"SELECT DISTINCT pattern FROM {plan.table('matched')}")["pattern"].combine_chunks()
    degrees = plan.shape.unpack(met.to_numpy())
    said = [
        json.dumps({one.id: _degree(one.degrees, int(degrees[at][row])) for at, one in enumerate(plan.linkage.compare)})
        for row in range(len(met))
    ]
    engine.load(f"{AGREEMENT}_{name}", pa.table({"pattern": met, "degrees": pa.array(said, pa.string())}))


def _degree(degrees: Sequence[Degree], number: int) -> str:
    if number == 0:
        return "missing"
    return degrees[number - 1].id if number <= len(degrees) else "different"


def _nothing() -> str:
    columns = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {column.name}" for column in TABLES["lead"].all_columns)
    return f"SELECT {columns} LIMIT 0"
