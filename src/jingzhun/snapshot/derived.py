"""Tables that the freeze itself makes: divisions, policy as rows, status episodes, links to other offices' lists."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from jingzhun.engine import Step, quoted
from jingzhun.model import TABLES, labels
from jingzhun.model.receipt import FileReceipt
from jingzhun.model.shown import masked
from jingzhun.policy import DivisionTree, Pack


def region_table(pack: Pack) -> pa.Table:
    """All divisions of the pack in all periods."""
    return _table(
        "region",
        [
            {
                **row.model_dump(),
                "parent_code": row.parent_code or None,
                "successor_code": row.successor_code or None,
            }
            for row in pack.divisions.rows
        ],
    )


def closure_table(tree: DivisionTree) -> pa.Table:
    """Every division in force with each of its ancestors, itself included."""
    return _table(
        "region_closure",
        [
            {"region_code": code, "ancestor_code": ancestor, "ancestor_level": tree.get(ancestor).level}
            for code in sorted(tree.rows)
            for ancestor in tree.ancestors(code)
        ],
    )


def policy_item_table(pack: Pack, as_of: date) -> pa.Table:
    """The items of every scheme and procedure in force, so that published counts of policy trace to rows too."""
    items: list[dict[str, object]] = [
        {
            "scheme": scheme.id,
            "item": item.id,
            "kind": item.kind or None,
            "ordinal": ordinal,
            "zh": item.zh,
            "en": item.en,
            "source": scheme.source,
            "file": _pack_file(pack, f"scheme:{scheme.id}"),
            "region_code": scheme.region or pack.meta.root_region,
        }
        for scheme in pack.schemes.values()
        if _in_force(scheme.valid_from, scheme.valid_to, as_of)
        for ordinal, item in enumerate(scheme.items, start=1)
    ]
    steps: list[dict[str, object]] = [
        {
            "scheme": procedure.id,
            "item": step.id,
            "kind": step.kind,
            "ordinal": ordinal,
            "zh": step.zh,
            "en": step.en,
            "source": procedure.source,
            "file": _pack_file(pack, f"procedure:{procedure.id}"),
            "region_code": pack.meta.root_region,
        }
        for procedure in pack.procedures.values()
        if _in_force(procedure.valid_from, procedure.valid_to, as_of)
        for ordinal, step in enumerate(procedure.steps, start=1)
    ]
    return _table("policy_item", items + steps)


def source_file_table(receipts: list[FileReceipt]) -> pa.Table:
    """One row per delivered file; ``file_no`` is its place in the order of delivery."""

    def total(receipt: FileReceipt, part: str) -> int:
        return sum(getattr(sheet, part) for sheet in receipt.sheets)

    return _table(
        "source_file",
        [
            {
                "file_no": number,
                "file": masked(receipt.file),
                "sha256": receipt.sha256,
                "bytes": receipt.bytes,
                "returned": receipt.returned,
                "layouts": ",".join(dict.fromkeys(sheet.layout for sheet in receipt.sheets if sheet.layout)),
                **{
                    part: total(receipt, part)
                    for part in ("rows", "accepted", "warned", "quarantined", "rejected", "ignored")
                },
            }
            for number, receipt in enumerate(receipts, start=1)
        ],
    )


def source_column_table(receipts: list[FileReceipt]) -> pa.Table:
    """Where each field stood in each sheet, so that a finding can name its cell."""
    return _table(
        "source_column",
        [
            {"file_no": number, "sheet": sheet.sheet, "field": field, "letters": letters}
            for number, receipt in enumerate(receipts, start=1)
            for sheet in receipt.sheets
            for field, letters in sheet.columns
        ],
    )


def intake_problem_table(receipts: list[FileReceipt]) -> pa.Table:
    """What was not simply accepted, so that a refused row can be explained as well as a counted one."""
    return _table(
        "intake_problem",
        [
            {
                "file_no": number,
                "sheet": sheet.sheet,
                "row": problem.row,
                "cell": problem.cell,
                "field": problem.field,
                "value": masked(problem.value),
                "outcome": problem.outcome,
                "message": masked(problem.message),
                "message_en": masked(problem.message_en),
            }
            for number, receipt in enumerate(receipts, start=1)
            for sheet in receipt.sheets
            for problem in sheet.problems
        ],
    )


def linked(table: str) -> str:
    """``resident`` or ``person`` with the schemes found in the insurers' lists.

    The identity number decides; a disability card number is matched by its first 18 digits. Error-tolerant matching
    is the comparison room's work, not done here. A person in two schemes of one insurance gets the first by name;
    one in no list is not enrolled where the list of that insurance was delivered, and unknown elsewhere.
    """
    scheme = "coalesce({0}.scheme, CASE WHEN {0}_listed.region_code IS NOT NULL THEN " + quoted(labels.NOT_ENROLLED)
    filled = {f"{name}_scheme": f"{scheme.format(name)} END) AS {name}_scheme" for name in SCHEMES}
    columns = ", ".join(filled.get(name, f"t.{name}") for name in TABLES[table].column_names)
    joins = " ".join(_enrolled(name, insurance) for name, insurance in SCHEMES.items())
    return f"SELECT {columns} FROM {table} t {joins}"


SCHEMES = {"medical": labels.MEDICAL, "pension": labels.PENSION}


def _enrolled(name: str, insurance: str) -> str:
    """The scheme of each number on the lists of an insurance, and the divisions for which a list was delivered."""
    rows = f"FROM insurance_enrolment WHERE insurance = {quoted(insurance)}"
    return (
        f"LEFT JOIN (SELECT id_number, min(scheme) AS scheme {rows} GROUP BY id_number) {name} "
        f"ON {name}.id_number = left(t.id_number, 18) "
        f"LEFT JOIN (SELECT DISTINCT c.region_code FROM (SELECT DISTINCT region_code {rows}) e "
        f"JOIN region_closure c ON c.ancestor_code = e.region_code) {name}_listed "
        f"ON {name}_listed.region_code = t.region_code"
    )


def status_episodes() -> Step:
    """Poverty status of every household as dated episodes.

    The first register that holds the household opens its history; household events change it on their day.
    """
    return Step(
        "status_episode",
        f"""
        WITH first_seen AS (
            SELECT household_code, min_by(region_code, data_year) AS region_code, min(data_year) AS data_year,
                   CASE WHEN min_by(exit_status, data_year) IN {labels.POOR} THEN {quoted(labels.STOCK_POOR)}
                        WHEN min_by(exit_status, data_year) IS NOT NULL THEN {quoted(labels.STOCK_EXITED)} END AS status
            FROM household GROUP BY household_code
        ),
        event AS (
            SELECT household_code, region_code, occurred_on, kind AS basis,
                   CASE WHEN kind IN ({quoted(labels.NEW)}, {quoted(labels.FELL_BACK)}) THEN {quoted(labels.STOCK_POOR)}
                        WHEN kind = {quoted(labels.EXITED)} THEN {quoted(labels.STOCK_EXITED)}
                        WHEN kind = {quoted(labels.SPLIT)} THEN stock
                        ELSE '不在册' END AS status
            FROM adjustment_event
            WHERE household_event AND kind NOT IN ({quoted(labels.NATURAL_IN)}, {quoted(labels.NATURAL_OUT)})
        ),
        point AS (
            SELECT f.household_code, f.region_code, NULL::DATE AS day, '首次在册 ' || f.data_year AS basis, f.status
            FROM first_seen f
            WHERE f.status IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM event e WHERE e.household_code = f.household_code
                AND year(e.occurred_on) <= f.data_year AND e.basis IN ({quoted(labels.NEW)}, {quoted(labels.SPLIT)})
            )
            UNION ALL
            SELECT household_code, region_code, occurred_on, basis, status FROM event
        )
        SELECT 'household' AS subject_kind, household_code AS subject_code, 'poverty_status' AS axis, status,
               day AS valid_from,
               lead(day) OVER (PARTITION BY household_code ORDER BY day NULLS FIRST, basis) AS valid_to,
               region_code, basis
        FROM point
        ORDER BY household_code, day NULLS FIRST
        """,
        "贫困状态期间：由首个在册年度和户级调整事件得出 / poverty status as episodes",
    )


def common_region(engine_codes: list[str], tree: DivisionTree) -> str:
    """The deepest division, at county level or above, that holds all the given ones."""
    lines = [list(tree.ancestors(code))[::-1] for code in engine_codes if code in tree]
    if not lines:
        return ""
    shared = [codes[0] for codes in zip(*lines, strict=False) if len(set(codes)) == 1]
    counties = [code for code in shared if tree.get(code).level <= 3]
    return counties[-1] if counties else ""


def _table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TABLES[name].arrow_schema())


def _pack_file(pack: Pack, part: str) -> str:
    return str(pack.files[part].relative_to(pack.root))


def _in_force(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day < end)
