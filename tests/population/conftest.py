"""A small area for quick invariants, and the one county whose figures are printed, at full size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from jingzhun.policy import Pack, load_pack
from jingzhun.population import GenerationReport, generate
from jingzhun.population.calibration import read_calibration
from jingzhun.population.names import read_names
from jingzhun.population.plan import Plan, make_plan

COUNTY = "141130000000"
AREA = "141100000000"
YEAR_END = date(2018, 12, 31)


@dataclass(frozen=True)
class Made:
    """A generated folder, its report, and its true tables open for questions."""

    folder: Path
    report: GenerationReport
    tables: duckdb.DuckDBPyConnection

    def value(self, question: str) -> object:
        return self.tables.execute(question).fetchall()[0][0]

    def row(self, question: str) -> tuple[object, ...]:
        return tuple(self.tables.execute(question).fetchall()[0])

    def rows(self, question: str) -> list[tuple[object, ...]]:
        return self.tables.execute(question).fetchall()


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """Every Parquet file of a folder as a view of its name."""
    tables = duckdb.connect()
    for path in sorted(folder.glob("*.parquet")):
        tables.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
    return tables


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("luliang_2018")


@pytest.fixture(scope="session")
def county(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The county at full size, as files with the truth beside them."""
    folder = tmp_path_factory.mktemp("county")
    report = generate(pack, folder, region=COUNTY, as_of=YEAR_END)
    return Made(folder, report, opened(folder / "truth"))


@pytest.fixture(scope="session")
def area(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The whole area at a hundredth of its people, as a snapshot's tables."""
    folder = tmp_path_factory.mktemp("area")
    report = generate(pack, folder, region=AREA, as_of=YEAR_END, persons=38_000, form="snapshot")
    return Made(folder, report, opened(folder))


def plan_of(pack: Pack, seed: int = 2018, scale: float = 1.0) -> Plan:
    return make_plan(pack, read_calibration(pack), read_names(pack.root / "population"), YEAR_END, seed, scale)
