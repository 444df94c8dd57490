"""What became of the leads: the latest verdict of each, which verdicts have run out, how many are still open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from jingzhun.engine import Engine, Step, quoted
from jingzhun.model import TABLES, labels, mask
from jingzhun.model.regions import AREAS, elsewhere
from jingzhun.model.standing import (
    CONTRADICTED,
    ELSEWHERE,
    IMPLAUSIBLE,
    INCOMPLETE,
    LATER,
    NOWHERE,
    UNKNOWN,
    USED,
    could_be_number,
    says_another,
)
from jingzhun.policy import Pack
from jingzhun.policy.comparison import MAYBE, NUMBER_LENGTH, Check, column_of
from jingzhun.policy.exemption import ends_too_late
from jingzhun.policy.wording import filled

OUTCOME = "lead_outcome"
_WHERE = {"record": ("在册", "of the register"), "person": ("名单上", "on the list")}
"""Where somebody may be after all whom a record or a person of the register has nobody to go with."""
_PERSONAL = {"id_number", "phone", "bank_account"}


@dataclass(frozen=True, slots=True)
class OutcomeTally:
    """Leads of one check in a division, and what was found of them."""

    check: Check
    found: int
    decided: int
    run_out: int
    claimed: int
    """Of those open: said to be corrected in the register, which says the same as before."""

    @property
    def open(self) -> int:
        return self.found - self.decided

    @property
    def closing_rate(self) -> float | None:
        return self.decided / self.found if self.found else None

    def to_json(self) -> dict[str, Any]:
        return {
            "check": self.check.id,
            "name": self.check.zh,
            "name_en": self.check.en,
            "kind": self.check.kind,
            "severity": self.check.severity,
            "mark": self.check.mark,
            "found": self.found,
            "decided": self.decided,
            "run_out": self.run_out,
            "claimed": self.claimed,
            "open": self.open,
            "closing_rate": self.closing_rate,
        }


def outcomes(pack: Pack, as_of: date) -> list[Step]:
    """``lead_outcome``: every lead with its latest verdict by the day; ``verdict_standing``: which verdicts are used.

    That the register was corrected counts once the lead is gone, whatever was reported. A verdict that has run out no
    longer holds, and an exemption without a last day never did. One that came for another township than the lead's is
    not used, nor one whose row speaks of another lead, nor one whose date cannot be meant.
    """
    latest = (
        "SELECT v.*, row_number() OVER (PARTITION BY lead_no ORDER BY decided_on DESC, verdict) AS place "
        f"FROM verdict_standing v WHERE standing IN ('{USED}', '{INCOMPLETE}')"
    )
    endless = f"v.ends_on IS NULL AND v.verdict <> {quoted(labels.EXEMPT_UNTIL)}"
    corrected = f"v.verdict = {quoted(labels.LEAD_CORRECTED)}"
    held = f"(({endless}) OR v.ends_on >= DATE '{as_of}') AND NOT ({corrected})"
    return [
        Step("verdict_standing", _standing(pack, as_of), "报来的核查结论采用与否 / which verdicts are used"),
        Step(
            OUTCOME,
            f"SELECT n.*, CASE WHEN {held} THEN v.verdict END AS verdict, v.decided_by, v.decided_on, v.ends_on, "
            f"v.note, v.evidence, v.verdict IS NOT NULL AND v.ends_on < DATE '{as_of}' AS run_out, "
            f"coalesce({corrected}, false) AS claimed FROM lead n "
            f"LEFT JOIN ({latest}) v ON v.lead_no = n.lead_no AND v.place = 1",
            "每条线索的核查结论 / what became of each lead",
        ),
    ]


def _standing(pack: Pack, as_of: date) -> str:
    exempt = f"v.verdict = {quoted(labels.EXEMPT_UNTIL)}"
    too_long = f"{exempt} AND {ends_too_late(pack, 'v.ends_on', as_of)}"
    another = "coalesce(v.person_code <> n.person_code, v.household_code <> n.household_code, false)"
    cases = {
        f"n.lead_no IS NULL AND {could_be_number('v.lead_no', pack.comparison_checks, NUMBER_LENGTH)}": UNKNOWN,
        "n.lead_no IS NULL": NOWHERE,
        elsewhere("ours", "theirs"): ELSEWHERE,
        f"{says_another('v.rule', 'n.check_id', pack.comparison_checks)} OR {another}": CONTRADICTED,
        f"v.decided_on > DATE '{as_of}'": LATER,
        f"v.decided_on < DATE '{pack.meta.valid_from}' OR v.ends_on < v.decided_on OR {too_long}": IMPLAUSIBLE,
        f"{exempt} AND v.ends_on IS NULL": INCOMPLETE,
    }
    standing = " ".join(f"WHEN {when} THEN '{standing}'" for when, standing in cases.items())
    return (
        f"SELECT v.*, CASE {standing} ELSE '{USED}' END AS standing "
        "FROM lead_verdict v LEFT JOIN lead n ON n.lead_no = v.lead_no "
        f"LEFT JOIN ({AREAS}) ours ON ours.region_code = n.region_code "
        f"LEFT JOIN ({AREAS}) theirs ON theirs.region_code = v.region_code"
    )


def tallies(engine: Engine, pack: Pack, region: str) -> list[OutcomeTally]:
    """Counts by check for a division and everything below it."""
    rows = engine.rows(
        "SELECT check_id, count(*) AS found, count(verdict) AS decided, "
        f"sum(CASE WHEN run_out THEN 1 ELSE 0 END) AS run_out, "
        f"sum(CASE WHEN claimed THEN 1 ELSE 0 END) AS claimed FROM {OUTCOME} WHERE region_code IN "
        f"(SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)}) GROUP BY check_id"
    )
    counted = {row["check_id"]: row for row in rows}
    return [
        OutcomeTally(check, row["found"], row["decided"], int(row["run_out"]), int(row["claimed"]))
        for check in pack.comparison_checks.values()
        if (row := counted.get(check.id))
    ]


def told(
    check: Check, seen: str, suggested: str | None = None, likely: object = None
) -> tuple[dict[str, str | None], str, str]:
    """The values of a lead, masked, and its message with them in Chinese and English.

    ``suggested`` and ``likely`` are the lead's: where it is that the number was borrowed, the message says so; where
    somebody missing may be on the other side after all, it says who and how likely.
    """
    values: dict[str, str | None] = json.loads(seen)
    sensitive = {column.name for table in TABLES.values() for column in table.columns if column.sensitive} | _PERSONAL
    shown = {name: mask(value) if value and column_of(name) in sensitive else value for name, value in values.items()}
    said = check.borrowed if check.borrowed and check.borrowed.verdict == suggested else check
    zh, en = filled(said.message_zh, shown, "空"), filled(said.message_en, shown, "nothing")
    if maybe := shown.get(MAYBE):
        where, there = _WHERE[check.finds]
        zh += f"但可能就是{where}的{maybe}（可能性 {likely}）：先核实是否同一人。"
        en += f" It may yet be {maybe} {there} (likelihood {likely}): find out first whether both are one."
    return shown, zh, en
