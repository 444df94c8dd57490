"""A person who asks on Spark is told the same as one who asks on DuckDB."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import SparkSession

from tests.command_line.asking import small_snapshot
from tests.command_line.conftest import Command, asked

__all__ = ["asked"]
PACK = str(Path(__file__).parents[1] / "fixtures" / "small_pack")


def test_the_answer_sheet(spark: SparkSession, asked: Command, tmp_path: Path) -> None:
    words = ("answers", small_snapshot(tmp_path / "small"), "--pack", PACK, "--json", "--engine")
    on_duckdb, on_spark = (asked(*words, name) for name in ("duckdb", "spark"))
    assert on_spark.code == 0, on_spark.err
    assert on_spark.json == on_duckdb.json
    assert SparkSession.getActiveSession() is not None, "a session that was lent is left running"
