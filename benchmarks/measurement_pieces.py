"""Pieces of the benchmarks of measurement, each in a process of its own; each prints its own seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jingzhun.engine import DuckDBEngine, Names, parse_expression
from jingzhun.measurement.deprivation_counts import DeprivationCounts, count_deprivations
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.distributions import student_quantile
from jingzhun.measurement.domains import domain_estimates
from jingzhun.measurement.selection import systematic_pps

WEIGHTS = [3] * 8 + [1] * 12
"""Two dimensions of four indicators and one of twelve, each dimension a third: whole weights of 36."""
UNIT = sum(WEIGHTS)
KS = ("2/9", "1/3", "1/2")
CUTS = [8, 12, 18]
AREAS = 3_000


def make_people(folder: str, persons: str) -> None:
    """People with their area, a weight of two decimals and twenty true or false, some more deprived than others."""
    draw, n = np.random.default_rng(20181231), int(persons)
    depth = draw.beta(2, 5, n)
    columns: dict[str, object] = {
        "area": draw.integers(0, AREAS, n).astype(np.int32),
        "weight": draw.integers(1, 400, n) / 100,
    }
    columns |= {f"d{at}": draw.random(n) < depth * (0.5 + at / 20) for at in range(len(WEIGHTS))}
    pq.write_table(pa.table(columns), Path(folder) / "people.parquet", row_group_size=1_000_000)
    (Path(folder) / "told.json").write_text(json.dumps({"weights": WEIGHTS, "cuts": CUTS}), "utf-8")


def make_sample(folder: str, rows: str) -> None:
    """A sample of households in 20 clusters in each of 50 strata, with 500 domains across them and five variables."""
    draw, n = np.random.default_rng(20181231), int(rows)
    stratum = draw.integers(0, 50, n)
    columns: dict[str, object] = {
        "stratum": stratum,
        "psu": stratum * 20 + draw.integers(0, 20, n),
        "weight": draw.uniform(1, 30, n),
        "domain": draw.integers(0, 500, n),
    }
    columns |= {f"y{at}": draw.lognormal(8, 0.5, n) for at in range(5)}
    pq.write_table(pa.table(columns), Path(folder) / "sample.parquet")


def counting(folder: str, weighted: str) -> None:
    """Counts and all measures of every area; the counts are written as those by hand are."""
    indicators = {f"d{at}": f"d{at}" for at in range(len(WEIGHTS))}
    weights = {f"d{at}": f"{weight}/{UNIT}" for at, weight in enumerate(WEIGHTS)}
    parse_expression("d0", Names({"d0": "BOOLEAN"}))  # imports sqlglot, as the peers' imports stand before their clock
    began, busy = time.perf_counter(), time.process_time()
    with DuckDBEngine() as engine:
        engine.read_parquet("people", [Path(folder) / "people.parquet"])
        weight = "weight" if weighted == "weighted" else None
        found = count_deprivations(engine, "people", indicators, weights, KS, by=["area"], weight=weight)
    measures = found.table().num_rows
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    pq.write_table(_as_by_hand(found), Path(folder) / "ours.parquet")
    print(json.dumps({"seconds": seconds, "busy": busy, "measures": measures}))


def _as_by_hand(found: DeprivationCounts) -> pa.Table:
    d, columns = range(len(WEIGHTS)), {"area": found.groups.column("area"), "people": found.people}
    columns |= {f"raw_{at}": found.raw[:, at] for at in d}
    for c in range(len(KS)):
        columns[f"poor_{c}"] = found.poor[:, c]
        columns |= {f"censored_{c}_{at}": found.censored[:, c, at] for at in d}
    return pa.table(columns)


def domains(folder: str) -> None:
    """Means of five variables in every domain with their errors, from columns in memory, as the peer's are."""
    student_quantile(0.975, 10.0)  # imports scipy, as the peer's imports stand before its clock
    rows = pq.ParquetFile(Path(folder) / "sample.parquet").read()
    given = {name: rows.column(name).to_numpy() for name in rows.column_names}
    began, busy = time.perf_counter(), time.process_time()
    design = survey_design(given["weight"], strata=given["stratum"], psu=given["psu"])
    y = np.array([values for name, values in given.items() if name.startswith("y")]).T
    found = domain_estimates(y, given["domain"], 500, design)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    np.savez(Path(folder) / "ours.npz", est=found.estimate, se=found.se, df=found.df, n=found.n)
    print(json.dumps({"seconds": seconds, "busy": busy}))


def _villages(count: int) -> tuple[NDArray[np.str_], NDArray[np.int64], NDArray[np.int64]]:
    """Codes of villages in no order, their townships of which there are 3,000, and how many people live there."""
    draw = np.random.default_rng(20181231)
    code = draw.permutation(count)
    return (141_100_000_000 + code).astype(str), code * 3_000 // count, draw.integers(0, 4_000, count)


def draw(count: str) -> None:
    """Ten villages of every township with chances in proportion to their people."""
    code, township, people = _villages(int(count))
    began = time.perf_counter()
    found = systematic_pps(people, township, 10, 20181231, key=code)
    print(json.dumps({"seconds": time.perf_counter() - began, "drawn": int(found.drawn.sum())}))


def sort_keys(count: str) -> None:
    """Only bring the villages into the order of their codes."""
    code, _, _ = _villages(int(count))
    began = time.perf_counter()
    np.sort(code)
    print(json.dumps({"seconds": time.perf_counter() - began}))


PIECES: dict[str, Callable[..., None]] = {
    "make_people": make_people,
    "make_sample": make_sample,
    "counting": counting,
    "domains": domains,
    "draw": draw,
    "sort_keys": sort_keys,
}

if __name__ == "__main__":
    PIECES[sys.argv[1]](*sys.argv[2:])
