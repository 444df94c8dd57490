"""A sample drawn on Spark is, to the byte, the one that is drawn on DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from jingzhun.policy import load_pack
from jingzhun.population import generate
from jingzhun.snapshot import seal
from tests.command_line.conftest import Command, asked

__all__ = ["asked"]
COUNTY, DAY = "141130000000", date(2018, 12, 31)


def test_the_tables_of_a_sample(spark: SparkSession, asked: Command, tmp_path: Path) -> None:
    pack, snapshot = load_pack("luliang_2018"), tmp_path / "snapshot"
    generate(pack, snapshot, region=COUNTY, as_of=DAY, persons=3_000, form="snapshot")
    seal(snapshot, pack, DAY, region=COUNTY, synthetic=True)
    for name in ("duckdb", "spark"):
        ended = asked("sample", snapshot, "--out", tmp_path / name, "--seed", 5, "--engine", name)
        assert ended.code == 0, ended.err
    for file in ("sample.json", "sampled_village.parquet", "sampled_household.parquet", "form/households.csv"):
        assert (tmp_path / "duckdb" / file).read_bytes() == (tmp_path / "spark" / file).read_bytes(), file
