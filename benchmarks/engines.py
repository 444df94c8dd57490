"""All indicators for all five levels on Spark in local mode against DuckDB, and how each grows with the register."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import Run, arguments, median, paired, report, run

PREFECTURE = "141100000000"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--persons", type=int, nargs="+", default=[3_800_000, 38_000_000])
    chosen = parser.parse_args()
    figures: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for persons in chosen.persons:
            spark, duckdb = _at(Path(folder) / str(persons), persons, chosen.times)
            theirs, ours = median(spark), median(duckdb)
            figures.append(
                {
                    "name": f"all indicators × 5 levels, {persons:,} persons, Spark local / DuckDB",
                    "measured": f"{theirs / ours:.1f} × ({theirs:.1f} s / {ours:.1f} s)",
                    "target": "none: it says where one machine is enough",
                }
            )
    report("python -m benchmarks.engines", figures, chosen.record)


def _at(folder: Path, persons: int, times: int) -> tuple[list[Run], list[Run]]:
    run("benchmarks.pieces", "snapshot", str(folder), PREFECTURE, str(persons))
    sealed = str(next(folder.rglob("manifest.json")).parent)
    return paired(
        ("benchmarks.pieces", "figures", sealed, "spark"), ("benchmarks.pieces", "figures", sealed, "duckdb"), times
    )


if __name__ == "__main__":
    main()
