"""Pieces of the benchmark of rules, each in a process of its own; each prints its own seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES, Column, Table
from jingzhun.policy import Pack, load_pack
from jingzhun.quality import Screening, plan_screening, steps_of

PACK = "luliang_2018"
DAY = date(2018, 12, 31)
LISTS = ("relation", "education", "in_school", "labour", "political", "ethnic_gb3304")
MEMORY = "600MB"
NOT_IN_ANY_LIST = "不明"
PER_MILLE = 3
"""Cells of a column that are emptied, and as many that are spoiled."""


def make(snapshot: str, folder: str, persons: str, copies: str) -> None:
    """The tables that rules of the row read, as one register of a year: soiled, and ``copies`` times over."""
    source, target = next(Path(snapshot).rglob("manifest.json")).parent, Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    pack = load_pack(PACK)
    with DuckDBEngine(memory_limit="4GB") as engine:
        for name in sorted({screening.asked.table.name for screening in rules_of_the_row(pack)}):
            if not (source / f"{name}.parquet").exists():
                continue
            table = TABLES[name]
            engine.read_parquet(f"{name}_file", [source / f"{name}.parquet"])
            engine.copy_to_parquet(_rows(pack, table, int(persons), int(copies)), target / f"{name}.parquet")
    labels = {name: [item.label for item in pack.codes[name].items] for name in LISTS}
    told = {**labels, "day": DAY.year * 10000 + DAY.month * 100 + DAY.day}
    (target / "lists.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _rows(pack: Pack, table: Table, persons: int, copies: int) -> str:
    year = f" WHERE data_year = {DAY.year}" if "data_year" in table.column_names else ""
    limit = f" LIMIT {persons}" if table.name == "person" else ""
    last = table.key[-1]
    numbered = f" REPLACE ({last} || '/' || copy AS {last})" if copies > 1 else ""
    rows = (
        f"SELECT {', '.join(_soiled(pack, table))} FROM {table.name}_file{year} ORDER BY {', '.join(table.key)}{limit}"
    )
    return f"SELECT * EXCLUDE (copy){numbered} FROM ({rows}), range({copies}) AS copies(copy)"


def _soiled(pack: Pack, table: Table) -> Iterable[str]:
    """Every column of a table; what is no key is emptied or spoiled here and there, always in the same rows."""
    for column in table.all_columns:
        if column not in table.columns or column.name in {*table.key, "region_code"}:
            yield column.name
            continue
        chance = f"hash({', '.join(table.key)}, '{column.name}')"
        yield (
            f"CASE WHEN {chance} % 1000 < {PER_MILLE} THEN NULL WHEN {chance} % 1000 < {2 * PER_MILLE} "
            f"THEN {_spoiled(pack, column, f'{chance} // 1000')} ELSE {column.name} END AS {column.name}"
        )


def _spoiled(pack: Pack, column: Column, drawn: str) -> str:
    """Another value than the column's, wrong in itself or beside the others."""
    name = column.name
    if name == "id_number":
        wrong_digit = f"left({name}, 16) || {drawn} % 10 || right({name}, 1)"
        spoiled = (wrong_digit, f"left({name}, 17)", f"{name} || '44'", f"'99' || substr({name}, 3)", f"'X' || {name}")
        return f"list_extract([{', '.join(spoiled)}], ({drawn} % {len(spoiled)})::INTEGER + 1)"
    match column.sql_type:
        case "VARCHAR":
            labels = [NOT_IN_ANY_LIST, *(item.label for item in pack.codes[column.codes].items)] if column.codes else []
            listed = ", ".join(f"'{label}'" for label in labels or [NOT_IN_ANY_LIST])
            return f"list_extract([{listed}], ({drawn} % {len(labels) or 1})::INTEGER + 1)"
        case "BOOLEAN":
            return f"NOT coalesce({name}, false)"
        case "DATE":
            return f"CAST({name} - INTERVAL (({drawn} % 90)::INTEGER) YEAR AS DATE)"
        case _:
            return f"list_extract([-coalesce({name}, 0) - 1, coalesce({name}, 0) + 13], ({drawn} % 2)::INTEGER + 1)"


def rules_of_the_row(pack: Pack) -> list[Screening]:
    """The scans of the rules that look at one row of a delivered table alone."""
    plan = plan_screening(pack, DAY)
    return [one for one in plan if one.name.endswith("_row") and one.asked.table.delivered]


def chosen_rules(folder: Path, only: str) -> tuple[Pack, list[Screening]]:
    """The scans whose tables lie in the folder; of the rules those that ``only`` lists, or all."""
    pack = load_pack(PACK)
    wanted = set(only.split(",")) if only else set(pack.rules)
    there = [one for one in rules_of_the_row(pack) if (folder / f"{one.asked.table.name}.parquet").exists()]
    kept = [replace(one, rules=tuple(rule for rule in one.rules if rule.rule.id in wanted)) for one in there]
    return pack, [one for one in kept if one.rules]


def ours(folder: str, only: str = "") -> None:
    """Hold every row against the rules and write a finding, with its values, for each that it breaks."""
    pack, plan = chosen_rules(Path(folder), only)
    began = time.perf_counter()
    with DuckDBEngine(memory_limit=MEMORY) as engine:
        _open(engine, Path(folder), plan)
        for step in steps_of(pack, plan):
            engine.run(step)
        seconds = time.perf_counter() - began
        _say(seconds, plan, engine.rows("SELECT rule, count(*) AS n FROM finding GROUP BY rule"))


def counted(folder: str, only: str = "") -> None:
    """The same, but only how many rows break each rule."""
    pack, plan = chosen_rules(Path(folder), only)
    began = time.perf_counter()
    with DuckDBEngine(memory_limit=MEMORY) as engine:
        _open(engine, Path(folder), plan)
        *scans, _ = steps_of(pack, plan)
        rows = [
            row for step in scans for row in engine.rows(f"SELECT rule, count(*) AS n FROM ({step.sql}) GROUP BY 1")
        ]
        _say(time.perf_counter() - began, plan, rows)


def _say(seconds: float, plan: Sequence[Screening], rows: Sequence[dict[str, Any]]) -> None:
    found = {row["rule"]: row["n"] for row in rows}
    asked = [rule.rule.id for screening in plan for rule in screening.rules]
    print(json.dumps({"seconds": seconds, "failed": {rule: found.get(rule, 0) for rule in asked}}))


def scan(folder: str, only: str = "") -> None:
    """Only the smallest and the largest value of every column that those rules read."""
    _, plan = chosen_rules(Path(folder), only)
    queries = [
        f"SELECT {', '.join(f'min({name}), max({name})' for name in sorted(columns))} FROM {table}"
        for table, columns in columns_read(plan).items()
    ]
    began = time.perf_counter()
    with DuckDBEngine(memory_limit=MEMORY) as engine:
        _open(engine, Path(folder), plan)
        for query in queries:
            engine.arrow(query)
    print(json.dumps({"seconds": time.perf_counter() - began}))


def columns_read(plan: Sequence[Screening]) -> dict[str, set[str]]:
    """Per table, what the scans take from Parquet."""
    found: dict[str, set[str]] = {}
    for screening in plan:
        names = {name for rule in screening.rules for name in rule.names}
        found.setdefault(screening.asked.table.name, set()).update(screening.asked.columns(names))
    return found


def _open(engine: DuckDBEngine, folder: Path, plan: Sequence[Screening]) -> None:
    for name in {screening.asked.table.name for screening in plan}:
        engine.read_parquet(name, [folder / f"{name}.parquet"])


PIECES: dict[str, Callable[..., None]] = {piece.__name__: piece for piece in (make, ours, counted, scan)}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    PIECES[name](*arguments)
