"""What became of findings from one snapshot to a later one. Only a later snapshot that is clean makes a correction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jingzhun.engine import Engine, quoted
from jingzhun.model import TABLES, mask
from jingzhun.policy import Pack
from jingzhun.policy.rules import Rule

BEFORE = "finding_before"


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings of one rule in a division. Without an earlier snapshot everything found is new."""

    rule: Rule
    found: int
    new: int
    persisting: int
    corrected: int

    @property
    def closing_rate(self) -> float | None:
        """Corrected findings of those that were there before; None where there were none."""
        before = self.persisting + self.corrected
        return self.corrected / before if before else None

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "name": self.rule.zh,
            "name_en": self.rule.en,
            "severity": self.rule.severity,
            "mark": self.rule.mark,
            "found": self.found,
            "new": self.new,
            "persisting": self.persisting,
            "corrected": self.corrected,
            "closing_rate": self.closing_rate,
        }


def tallies(engine: Engine, pack: Pack, region: str) -> list[Tally]:
    """Counts by rule for a division and everything below it. Needs ``finding``, ``finding_before``, the closure."""
    here = f"region_code IN (SELECT region_code FROM region_closure WHERE ancestor_code = {quoted(region)})"
    key = "rule, table_name, regexp_replace(row_key, '^[0-9]{4}[|]', '') AS row_key"
    rows = engine.rows(
        f"WITH now AS (SELECT DISTINCT {key} FROM finding WHERE {here}), "
        f"before AS (SELECT DISTINCT {key} FROM {BEFORE} WHERE {here}) "
        "SELECT rule, count(n.row_key) AS found, count(n.row_key) FILTER (WHERE b.row_key IS NULL) AS new, "
        "count(n.row_key) FILTER (WHERE b.row_key IS NOT NULL) AS persisting, "
        "count(b.row_key) FILTER (WHERE n.row_key IS NULL) AS corrected "
        "FROM now n FULL JOIN before b USING (rule, table_name, row_key) GROUP BY rule"
    )
    counted = {row["rule"]: row for row in rows}
    return [
        Tally(rule, row["found"], row["new"], row["persisting"], row["corrected"])
        for rule in pack.rules.values()
        if (row := counted.get(rule.id))
    ]


def masked(table: str, seen: str) -> dict[str, str | None]:
    """The values of a finding, those that identify a person elsewhere down to their last two characters."""
    values: dict[str, str | None] = json.loads(seen)
    sensitive = {column.name for column in TABLES[table].columns if column.sensitive} | {"id_18"}
    return {name: mask(value) if value and name in sensitive else value for name, value in values.items()}


def told(rule: Rule, values: Mapping[str, str | None]) -> tuple[str, str]:
    """The rule's message with the values of a finding, in Chinese and English. What was empty is said to be."""
    zh = rule.message_zh.format_map({name: "空" if value is None else value for name, value in values.items()})
    en = rule.message_en.format_map({name: "nothing" if value is None else value for name, value in values.items()})
    return zh, en
