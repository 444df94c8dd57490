"""Exit tests, flows and figures: each step leaves the same rows on Spark as on DuckDB, and a wrong one is noticed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jingzhun.adjustment import flow_steps
from jingzhun.engine import spark_engine
from jingzhun.engine.spark_dialect import SparkSQL, to_spark
from jingzhun.pipeline import STEPS, Situation
from jingzhun.policy import load_pack
from jingzhun.population import generate
from jingzhun.snapshot import derived, open_snapshot, seal
from tests.engines.both import Both

PACK = load_pack("luliang_2018")
AS_OF = date(2018, 12, 31)
COUNTY = "141130000000"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    generate(PACK, folder, region=COUNTY, as_of=AS_OF, persons=1500, form="snapshot")
    seal(folder, PACK, AS_OF, region=COUNTY, synthetic=True)
    return folder


def test_exit_tests_flows_and_figures(both: Both, snapshot: Path) -> None:
    for engine in (both.duckdb, both.spark):
        open_snapshot(snapshot, engine)
    situation = Situation(PACK, AS_OF, COUNTY)
    both.run(step for build in STEPS for step in build(situation))
    assert len(both.same("figure")) > 10_000
    assert [traced.rows for traced in both.spark.trace] == [traced.rows for traced in both.duckdb.trace]


def test_a_step_that_is_translated_wrongly_is_noticed(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [{"data_year": 2018, "household_code": f"H{n}", "exit_status": "未脱贫"} for n in range(3)]
    before = [home | {"data_year": 2017} for home in homes[:2]]
    both.hold({"household": [one | {"region_code": "141130100200"} for one in homes + before]})
    both.load("region_closure", derived.closure_table(PACK.divisions.on(AS_OF)))

    def careless(sql: str, *more: Any) -> SparkSQL:
        return SparkSQL(to_spark(sql, *more).sql.replace("SUM(", "MAX("))

    steps = flow_steps(AS_OF)
    both.run(steps)
    monkeypatch.setattr(spark_engine, "to_spark", careless)
    with pytest.raises(AssertionError, match="flow_village: only DuckDB"):
        both.run(steps)
