"""Multidimensional poverty written by hand in SQL and polars, and means of domains by ``svy``.

Runs in an environment of its own (``peers/measurement.txt``) and knows nothing of our code. ``NAME FOLDER …`` writes
what it found to ``NAME.parquet`` in the folder and prints its seconds, and the processors', as JSON. Counting is
written as one thinks of it first, every sum with its condition (in SQL that takes ten times as long and is left out),
and as an expert would: grouped by the cut-offs that a row reaches as well, with sums over these afterwards.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import polars as pl
import svy as survey

Settings = dict[str, list[int]]
Piece = Callable[[Path, Settings, bool], pl.DataFrame]


def duckdb_cells(folder: Path, told: Settings, weighted: bool) -> pl.DataFrame:
    reached = " + ".join(f"(score >= {cut})::TINYINT" for cut in told["cuts"])
    w = "sum(weight)" if weighted else "count(*)"
    sums = [
        f"sum(weight * d{at}::TINYINT) AS raw_{at}" if weighted else f"sum(d{at}::INTEGER) AS raw_{at}"
        for at in range(len(told["weights"]))
    ]
    rows = f"(SELECT *, {reached} AS reached FROM {_scored(folder, told)})"
    return _from_cells(_sql(f"SELECT area, reached, {w} AS people, {', '.join(sums)} FROM {rows} GROUP BY ALL"), told)


def polars_plain(folder: Path, told: Settings, weighted: bool) -> pl.DataFrame:
    rows, d = _lazy(folder, told), len(told["weights"])
    rows = rows.with_columns((pl.col("score") >= cut).alias(f"p{c}") for c, cut in enumerate(told["cuts"]))
    added = [(pl.col("weight").sum() if weighted else pl.len()).alias("people")]
    added += [_sum(pl.col(f"d{at}"), weighted).alias(f"raw_{at}") for at in range(d)]
    for c in range(len(told["cuts"])):
        added.append(_sum(pl.col(f"p{c}"), weighted).alias(f"poor_{c}"))
        added += [_sum(pl.col(f"d{at}") & pl.col(f"p{c}"), weighted).alias(f"censored_{c}_{at}") for at in range(d)]
    return rows.group_by("area").agg(added).collect(engine="streaming")


def polars_cells(folder: Path, told: Settings, weighted: bool) -> pl.DataFrame:
    reached = pl.sum_horizontal((pl.col("score") >= cut).cast(pl.Int8) for cut in told["cuts"])
    added = [(pl.col("weight").sum() if weighted else pl.len()).alias("people")]
    added += [_sum(pl.col(f"d{at}"), weighted).alias(f"raw_{at}") for at in range(len(told["weights"]))]
    rows = _lazy(folder, told).with_columns(reached.alias("reached"))
    return _from_cells(rows.group_by("area", "reached").agg(added).collect(engine="streaming"), told)


def svy(rows: pl.DataFrame) -> pl.DataFrame:
    sample = survey.Sample(rows, survey.Design(stratum="stratum", psu="psu", wgt="weight"))
    names = [name for name in rows.columns if name.startswith("y")]
    found = [sample.estimation.mean(name, by="domain").to_polars() for name in names]
    return pl.concat(
        one.select(pl.lit(name).alias("variable"), "domain", "est", "se", "df", "n")
        for name, one in zip(names, found, strict=True)
    )


def _scored(folder: Path, told: Settings) -> str:
    score = " + ".join(f"{weight} * d{at}::INTEGER" for at, weight in enumerate(told["weights"]))
    return f"(SELECT *, {score} AS score FROM '{folder / 'people.parquet'}')"


def _lazy(folder: Path, told: Settings) -> pl.LazyFrame:
    score = [pl.col(f"d{at}").cast(pl.Int16) * weight for at, weight in enumerate(told["weights"])]
    return pl.scan_parquet(folder / "people.parquet").with_columns(pl.sum_horizontal(score).alias("score"))


def _sum(holds: pl.Expr, weighted: bool) -> pl.Expr:
    return (pl.col("weight") * holds).sum() if weighted else holds.sum()


def _sql(sql: str) -> pl.DataFrame:
    return pl.DataFrame(duckdb.connect().sql(sql).to_arrow_table())


def _from_cells(cells: pl.DataFrame, told: Settings) -> pl.DataFrame:
    d = range(len(told["weights"]))
    added = [pl.col("people").sum(), *(pl.col(f"raw_{at}").sum() for at in d)]
    for c in range(len(told["cuts"])):
        inside = pl.col("reached") > c
        added.append(pl.col("people").filter(inside).sum().alias(f"poor_{c}"))
        added += [pl.col(f"raw_{at}").filter(inside).sum().alias(f"censored_{c}_{at}") for at in d]
    return cells.group_by("area").agg(added)


COUNTING: dict[str, Piece] = {
    "duckdb_cells": duckdb_cells,
    "polars_plain": polars_plain,
    "polars_cells": polars_cells,
}


def main(arguments: Sequence[str]) -> None:
    name, folder = arguments[0], Path(arguments[1])
    rows = pl.read_parquet(folder / "sample.parquet") if name == "svy" else None
    began, busy = time.perf_counter(), time.process_time()
    if rows is not None:
        found = svy(rows)
    else:
        told = json.loads((folder / "told.json").read_text("utf-8"))
        found = COUNTING[name](folder, told, arguments[2] == "weighted")
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    found.write_parquet(folder / f"{name}.parquet")
    print(json.dumps({"seconds": seconds, "busy": busy}))


if __name__ == "__main__":
    main(sys.argv[1:])
