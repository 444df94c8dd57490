"""Statistics beside what one would write by hand: deprivations counted, means of domains, a draw.

Counting is held against DuckDB and polars written by hand, of which the fastest way counts; means of domains with
their standard errors against ``svy``. Peers run in an environment of their own (``peers/measurement.txt``), and what
they found must be what we did.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.measure import Run, arguments, median, paired, peak, report, run, run_command
from benchmarks.peer import PEERS, environment

PIECES = "benchmarks.measurement_pieces"
BY_HAND = str(PEERS / "measurement_by_hand.py")
WAYS = ("duckdb_cells", "polars_plain", "polars_cells")
Figures = list[dict[str, object]]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--persons", type=int, default=10_000_000)
    parser.add_argument("--rows", type=int, default=200_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(PIECES, "make_people", name, str(chosen.persons))
        run(PIECES, "make_sample", name, str(chosen.rows))
        figures = _counting(folder, chosen.persons, "plain", chosen.times)
        figures += _counting(folder, chosen.persons, "weighted", chosen.times)
        figures += _domains(folder, chosen.rows, chosen.times)
        figures += _draw(600_000, chosen.times)
    report("python -m benchmarks.measurement", figures, chosen.record)


def _counting(folder: Path, persons: int, kind: str, times: int) -> Figures:
    python = environment("measurement")
    ours: list[Run] = []
    theirs: dict[str, list[Run]] = {way: [] for way in WAYS}
    for _ in range(times):
        ours.append(run(PIECES, "counting", str(folder), kind))
        for way in WAYS:
            theirs[way].append(run_command(python, BY_HAND, way, str(folder), kind))
    same = all(_same_counts(folder, way) for way in WAYS)
    best = min(theirs.values(), key=median)
    of = "weighted people" if kind == "weighted" else "people"
    name = f"Alkire-Foster, {persons:,} {of} × 20 indicators × 3,000 areas × 3 cut-offs"
    ratio = f"{median(ours) / median(best):.2f} × ({median(ours):.2f} s / {median(best):.2f} s)"
    least = min(map(_busy, theirs.values()))
    ratio += f", processors {_busy(ours) / least:.2f} × ({_busy(ours):.2f} s / {least:.2f} s)"
    each = ", ".join(f"{way} {median(runs):.2f} s" for way, runs in theirs.items())
    said = "counts equal" if same else "COUNTS DIFFER"
    return [
        _figure(f"{name} / the best by hand", f"{ratio}; {said}; {each}", "≤ 1.3 ×, counts equal"),
        _figure(f"{name}: peak memory", f"{peak(ours):,.0f} MB", "< 2,048 MB"),
    ]


def _busy(runs: list[Run]) -> float:
    """Seconds of all processors, which say more than the clock where others use the machine as well."""
    return statistics.median(float(json.loads(one.said)["busy"]) for one in runs)


def _same_counts(folder: Path, way: str) -> bool:
    """Whether every count is the same: exactly, or, where weights were added in another order, but for rounding."""
    one, other = (pq.read_table(folder / f"{name}.parquet").sort_by("area") for name in ("ours", way))
    return one.num_rows == other.num_rows and all(
        np.allclose(one.column(name).to_numpy(), other.column(name).to_numpy().astype(np.float64), rtol=1e-12, atol=0)
        for name in one.column_names
    )


def _domains(folder: Path, rows: int, times: int) -> Figures:
    python, ours, theirs = environment("measurement"), [], []
    for _ in range(times):
        ours.append(run(PIECES, "domains", str(folder)))
        theirs.append(run_command(python, BY_HAND, "svy", str(folder)))
    apart = _distance(folder)
    name = f"means with errors, {rows:,} rows × 500 domains × 5 variables: svy / ours"
    faster = f"{median(theirs) / median(ours):,.0f} × ({median(theirs):.1f} s / {median(ours):.3f} s)"
    faster += f", processors {_busy(theirs) / _busy(ours):,.0f} × ({_busy(theirs):.1f} s / {_busy(ours):.3f} s)"
    memory = f"{peak(theirs):,.0f} MB / {peak(ours):,.0f} MB"
    said = f"{faster}; {memory}; largest relative difference {apart:.0e}"
    return [_figure(name, said, "≥ 100 ×, the same to 1e-9")]


def _draw(villages: int, times: int) -> Figures:
    ours, sort = paired((PIECES, "draw", str(villages)), (PIECES, "sort_keys", str(villages)), times)
    said = f"{median(ours) / median(sort):.1f} × ({median(ours):.2f} s / {median(sort):.2f} s)"
    name = f"systematic PPS draw from {villages:,} villages in 3,000 strata / sorting their codes"
    return [_figure(name, said, "< 2 s")]


def _distance(folder: Path) -> float:
    """The largest relative difference between the means, errors, degrees of freedom and sizes of the two."""
    ours, theirs = np.load(folder / "ours.npz"), pq.read_table(folder / "svy.parquet")
    theirs = theirs.sort_by([("variable", "ascending"), ("domain", "ascending")])
    both = []
    for name in ("est", "se", "df", "n"):
        mine = ours[name] if ours[name].ndim == 2 else np.repeat(ours[name][:, None], ours["est"].shape[1], axis=1)
        other = theirs.column(name).to_numpy().reshape(mine.T.shape)
        both.append(float(np.max(np.abs(mine.T - other) / np.abs(other))))
    return max(both)


def _figure(name: str, measured: str, target: str) -> dict[str, object]:
    return {"name": name, "measured": measured, "target": target}


if __name__ == "__main__":
    main()
