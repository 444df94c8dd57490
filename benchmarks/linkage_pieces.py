"""Pieces of the linkage benchmarks, each in a process of its own; each prints its own seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from benchmarks.linkage_set import write
from jingzhun.comparison import Plan, link, link_within
from jingzhun.comparison.link import LEAST
from jingzhun.comparison.plan import spread_of
from jingzhun.comparison.spelling import shapes_of
from jingzhun.engine import DuckDBEngine, Step
from jingzhun.policy import load_pack
from jingzhun.policy.linkage import Linkage

PACK = "luliang_2018"
SPREAD = f"{spread_of('CAST(row_no AS VARCHAR)')} AS spread"
PEOPLE = f"row_no, {SPREAD}, name, id_number, birth_date, sex, region_code"
RECORDS = "row_no, spread, name, id_number, birth_date, sex, region_code"
BEST = (
    f"SELECT left_no, right_no, probability FROM link_matched WHERE probability >= {LEAST} "
    "QUALIFY row_number() OVER (PARTITION BY right_no ORDER BY probability DESC, left_no) = 1"
)


def make(folder: str, size: str) -> None:
    """The hard pair of lists."""
    write(Path(folder), int(size))


def ours(which: str, folder: str) -> None:
    """Link the two lists and write the best pair of each record to ``ours.parquet``."""
    pack = load_pack(PACK)
    linkage = pack.linkages["people"] if which == "people" else _febrl4()
    # As beside us, where the settings stand ready before the clock is started.
    began = time.perf_counter()
    columns = PEOPLE if which == "people" else f"row_no, {SPREAD}, {', '.join(linkage.columns)}"
    shapes = shapes_of(row.characters for row in pack.look_alikes)
    with DuckDBEngine(memory_limit="4GB") as engine:
        for name in ("register", "department"):
            engine.read_parquet(f"{name}_file", [Path(folder) / f"{name}.parquet"])
            engine.run(Step(name, f"SELECT {columns} FROM {name}_file", "名单 / list"))
        link(engine, Plan(linkage, {}), "SELECT * FROM register", "SELECT * FROM department", shapes)
        engine.copy_to_parquet(BEST, Path(folder) / "ours.parquet")
    _say(time.perf_counter() - began)


def _febrl4() -> Linkage:
    return Linkage.model_validate(yaml.safe_load(Path(__file__).with_name("febrl4.yaml").read_text("utf-8")))


def residents(folder: str) -> None:
    """The residents of a generated snapshot, with one in a hundred once more under a mistyped number."""
    source = next(Path(folder).rglob("resident.parquet"))
    wrong = "substr(id_number, 1, 15) || CAST((CAST(substr(id_number, 16, 1) AS INTEGER) + 3) % 10 AS VARCHAR)"
    with DuckDBEngine(memory_limit="4GB") as engine:
        engine.read_parquet("resident", [source])
        columns = "name, id_number, birth_date, sex, region_code"
        spread = f"{spread_of('id_number')} AS spread"
        numbered = f"SELECT row_number() OVER () AS of_row, {columns} FROM resident"
        engine.run(Step("numbered", numbered, "居民 / residents"))
        engine.copy_to_parquet(
            f"SELECT row_number() OVER () AS row_no, * FROM (SELECT of_row, {columns}, false AS again FROM numbered "
            f"UNION ALL SELECT of_row, name, {wrong} || substr(id_number, 17), birth_date, sex, region_code, true "
            "FROM numbered WHERE of_row % 100 = 7)",
            Path(folder) / "people.parquet",
        )
        engine.copy_to_parquet(
            f"SELECT row_number() OVER () AS row_no, {spread}, {columns} FROM "
            "(SELECT * FROM resident UNION ALL SELECT * FROM resident)",
            Path(folder) / "records.parquet",
        )
        print(json.dumps({"people": engine.value("SELECT count(*) FROM resident")}))


def within(folder: str) -> None:
    """Who stands twice in the list of ten million."""
    pack = load_pack(PACK)
    shapes = shapes_of(row.characters for row in pack.look_alikes)
    began = time.perf_counter()
    with DuckDBEngine(memory_limit="5GB") as engine:
        engine.read_parquet("people", [Path(folder) / "people.parquet"])
        link_within(engine, Plan(pack.linkages["people"], {}), f"SELECT {PEOPLE} FROM people", shapes)
        planted = engine.value("SELECT count(*) FROM people WHERE again")
        found = engine.rows(
            "SELECT count(*) AS pairs, count(CASE WHEN l.of_row = r.of_row THEN 1 END) AS right_ones "
            "FROM link_matched m JOIN people l ON l.row_no = m.left_no JOIN people r ON r.row_no = m.right_no "
            "WHERE m.probability >= 0.6"
        )[0]
    precision = found["right_ones"] / max(found["pairs"], 1)
    _say(time.perf_counter() - began, planted=planted, found=found["right_ones"], precision=precision)


def bare_join(folder: str) -> None:
    """DuckDB's own join on the number: people with the department's table."""
    with DuckDBEngine(memory_limit="6GB") as engine:
        _exact_sides(engine, folder)
        began = time.perf_counter()
        engine.execute(
            "CREATE TABLE found AS SELECT l.row_no AS left_no, r.row_no AS right_no "
            "FROM records r JOIN people l ON l.id_number = r.id_number"
        )
        _say(time.perf_counter() - began, pairs=engine.value("SELECT count(*) FROM found"))


def exact(folder: str) -> None:
    """The exact comparison: number and name, and the records that are still open."""
    plan = Plan(load_pack(PACK).linkages["people"], {})
    with DuckDBEngine(memory_limit="6GB") as engine:
        _exact_sides(engine, folder)
        began = time.perf_counter()
        for step in plan.settle_steps(f"SELECT {PEOPLE} FROM people", f"SELECT {RECORDS} FROM records", 1_000_003):
            engine.run(step)
        _say(time.perf_counter() - began, pairs=engine.value("SELECT count(*) FROM link_settled"))


def _exact_sides(engine: DuckDBEngine, folder: str) -> None:
    engine.read_parquet("everybody", [Path(folder) / "people.parquet"])
    engine.execute("CREATE VIEW people AS SELECT * FROM everybody WHERE NOT again")
    engine.read_parquet("records", [Path(folder) / "records.parquet"])


def _say(seconds: float, **more: object) -> None:
    print(json.dumps({"seconds": seconds, **more}))


PIECES: dict[str, Callable[..., None]] = {
    piece.__name__: piece for piece in (make, ours, residents, within, bare_join, exact)
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    PIECES[name](*arguments)
