"""A small register, records of departments and the right to use them; everything in one village of the shipped pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from jingzhun.comparison import compare, outcomes
from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES
from jingzhun.policy import load_pack
from jingzhun.population.identity import CHECK, WEIGHTS
from jingzhun.snapshot import derived
from tests.small import Row, table_of

PACK = load_pack("luliang_2018")
AS_OF = date(2018, 12, 31)
COUNTY, VILLAGE, NEXT_VILLAGE = "141130000000", "141130100200", "141130100201"


def number(born: str, order: int = 1, place: str = "141130") -> str:
    """A well-formed number: born as eight digits, ``order`` odd for men."""
    digits = f"{place}{born}{order:03d}"
    total = sum(int(digit) * int(weight) for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + chr(CHECK[total % 11])


def day(born: str) -> date:
    return date(int(born[:4]), int(born[4:6]), int(born[6:]))


def member(code: str, name: str, born: str, order: int = 1, home: str = "", **facts: Any) -> Row:
    known = {"data_year": 2018, "person_code": code, "household_code": home or f"H{code}", "region_code": VILLAGE}
    sex = "男" if order % 2 else "女"
    own = {"name": name, "id_number": number(born, order), "sex": sex, "birth_date": day(born), "identified": "2015-06"}
    return known | own | facts


def record(source: str, no: str, name: str, born: str, order: int = 1, **facts: Any) -> Row:
    known = {"source": source, "record_no": no, "name": name, "id_number": number(born, order), "birth_date": day(born)}
    return known | {"sex": "男" if order % 2 else "女", "region_code": VILLAGE} | facts


def authority(*sources: str, until: date = date(2019, 12, 31), region: str = COUNTY) -> list[Row]:
    known = {"basis": "数据共享协议", "region_code": region, "starts_on": date(2018, 1, 1), "ends_on": until}
    return [{"source": source, "document": f"{source}协议"} | known for source in sources]


@contextmanager
def held(tables: Mapping[str, Iterable[Row]], as_of: date = AS_OF) -> Iterator[DuckDBEngine]:
    """An engine that holds the tables, the divisions and nothing else."""
    with DuckDBEngine(threads=1) as engine:
        for name in TABLES:
            rows = [{"origin_row": at} | dict(row) for at, row in enumerate(tables.get(name, ()))]
            engine.load(name, table_of(name, rows) if rows else TABLES[name].arrow_schema().empty_table())
        engine.load("region_closure", derived.closure_table(PACK.divisions.on(as_of)))
        yield engine


@contextmanager
def compared(tables: Mapping[str, Iterable[Row]], as_of: date = AS_OF) -> Iterator[DuckDBEngine]:
    """The same after the comparison."""
    with held(tables, as_of) as engine:
        compare(engine, PACK, as_of, COUNTY)
        for step in outcomes(PACK, as_of):
            engine.run(step)
        yield engine


def leads(engine: DuckDBEngine, check: str) -> list[dict[str, Any]]:
    return engine.rows(f"SELECT * FROM lead_outcome WHERE check_id = '{check}' ORDER BY person_code, record_key")
