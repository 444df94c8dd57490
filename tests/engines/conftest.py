"""Every engine there is. Spark is started once, when a test first asks for it, small and closed to the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from jingzhun.engine import ENGINES, DuckDBEngine, Engine
from jingzhun.engine.spark_engine import SparkEngine
from tests.engines.both import Both

SMALL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.log.level": "OFF",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Hundreds of small queries: compiling each, or planning it anew half-way, would take longer than running it.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    builder = SparkSession.builder.master("local[2]").appName("tests")
    builder = builder.config("spark.sql.warehouse.dir", tmp_path_factory.mktemp("warehouse").as_uri())
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The test runs once on every engine."""
    if request.param == "spark":
        request.getfixturevalue("spark")
    with DuckDBEngine(threads=1) if request.param == "duckdb" else SparkEngine() as one:
        yield one


@pytest.fixture
def both(spark: SparkSession) -> Iterator[Both]:
    """Two engines that are given the same and have to hold the same."""
    with DuckDBEngine(threads=1) as duckdb, SparkEngine() as other:
        yield Both(duckdb, other)
