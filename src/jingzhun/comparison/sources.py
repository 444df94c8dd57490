"""By what right each source is used: without a document in force, its records are not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from jingzhun.comparison.people import RECORD, rows_of
from jingzhun.engine import Engine, Step, quoted
from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.comparison import Source

USED, REFUSED, ABSENT = "used", "refused", "absent"
STATE, REACH = "comparison_source", "source_reach"


@dataclass(frozen=True, slots=True)
class Standing:
    """A source on a day: its state, the document it is used by, how many records and how old."""

    source: Source
    state: str
    document: str
    until: date | None
    records: int
    roster_on: date | None


def standings(engine: Engine, pack: Pack) -> list[Standing]:
    """The state of every source of the pack, also loaded as ``comparison_source``. Needs ``source_reach``."""
    found = [_standing(engine, source) for source in pack.sources_compared.values()]
    columns = {
        "source": [one.source.id for one in found],
        "state": [one.state for one in found],
        "document": [one.document or None for one in found],
        "until": [one.until for one in found],
        "records": [one.records for one in found],
        "roster_on": [one.roster_on for one in found],
    }
    engine.load(STATE, pa.table(columns, schema=TABLES[STATE].arrow_schema()))
    return found


def refusals(engine: Engine, pack: Pack, as_of: date) -> dict[str, tuple[str, str]]:
    """Why each source that was delivered and is refused may not be used, in Chinese and English."""
    refused = engine.rows(f"SELECT source FROM {STATE} WHERE state = {quoted(REFUSED)} ORDER BY source")
    return {row["source"]: _why(engine, pack.sources_compared[row["source"]], as_of) for row in refused}


def beyond(engine: Engine, region: str) -> dict[str, int]:
    """Of each source in use, its records of divisions below ``region`` for which no document speaks: not looked at."""
    rows = engine.rows(
        f"SELECT x.source, count(*) AS records FROM {RECORD} x "
        f"JOIN region_closure c ON c.region_code = x.region_code AND c.ancestor_code = {quoted(region)} "
        f"WHERE NOT EXISTS (SELECT 1 FROM {REACH} g WHERE g.source = x.source AND g.region_code = x.region_code) "
        f"AND x.source IN (SELECT source FROM {STATE} WHERE state = {quoted(USED)}) GROUP BY x.source ORDER BY x.source"
    )
    return {row["source"]: row["records"] for row in rows}


def _why(engine: Engine, source: Source, as_of: date) -> tuple[str, str]:
    """The document that comes nearest decides: one for another place, one that has run out, one not yet in force."""
    documents = engine.rows(
        "SELECT document, starts_on, ends_on FROM source_authority "
        f"WHERE source = {quoted(source.label)} ORDER BY ends_on DESC, document"
    )
    if not documents:
        return "没有报送授权文件", "no document was delivered"
    if elsewhere := [one for one in documents if one["starts_on"] <= as_of <= one["ends_on"]]:
        name = elsewhere[0]["document"]
        return f"“{name}”是给别的地区的", f"{name!r} is for another division"
    if over := [one for one in documents if one["ends_on"] < as_of]:
        name, day = over[0]["document"], over[0]["ends_on"]
        return f"“{name}”已于 {day} 到期", f"{name!r} ran out on {day}"
    name, day = documents[0]["document"], documents[0]["starts_on"]
    return f"“{name}”自 {day} 起才有效", f"{name!r} is in force from {day} only"


def reach_step(pack: Pack, as_of: date) -> Step:
    """``source_reach``: the divisions in which each source may be used on the day, and by which document."""
    none = "('', '')"
    labels = ", ".join(f"({quoted(one.id)}, {quoted(one.label)})" for one in pack.sources_compared.values())
    return Step(
        REACH,
        "SELECT s.source, c.region_code, min(a.document) AS document, max(a.ends_on) AS ends_on "
        f"FROM (VALUES {labels or none}) AS s(source, label) "
        "JOIN source_authority a ON a.source = s.label JOIN region_closure c ON c.ancestor_code = a.region_code "
        f"WHERE a.starts_on <= DATE '{as_of}' AND a.ends_on >= DATE '{as_of}' GROUP BY s.source, c.region_code",
        "每个来源在哪里可以使用 / where each source may be used",
    )


def _standing(engine: Engine, source: Source) -> Standing:
    dated = "max(roster_on)" if "roster_on" in TABLES[source.table].column_names else "CAST(NULL AS DATE)"
    row = engine.rows(f"SELECT count(*) AS records, {dated} AS roster_on FROM {rows_of(source, 's')}")[0]
    reach = engine.rows(
        f"SELECT min(document) AS document, max(ends_on) AS ends_on FROM {REACH} WHERE source = {quoted(source.id)}"
    )[0]
    state = ABSENT if not row["records"] else USED if reach["document"] else REFUSED
    return Standing(source, state, reach["document"] or "", reach["ends_on"], row["records"], row["roster_on"])
