"""Taking in a CSV of 5 million rows, against DuckDB's own ``read_csv`` of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.made_files import roster_csv
from benchmarks.measure import arguments, median, paired, peak, report


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, default=5_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = str(roster_csv(Path(folder) / "全员人口台账_2018.csv", chosen.rows))
        ours, limit = paired(
            ("benchmarks.pieces", "intake", path), ("benchmarks.pieces", "read_csv", path), chosen.times
        )
    figures: list[dict[str, object]] = [
        {
            "name": f"intake of a CSV of {chosen.rows:,} rows / DuckDB read_csv to Parquet",
            "measured": f"{median(ours) / median(limit):.2f} × ({median(ours):.2f} s / {median(limit):.2f} s)",
            "target": "≤ 3 ×",
        },
        {"name": "peak memory of that intake", "measured": f"{peak(ours):.0f} MB", "target": "streams"},
    ]
    report("python -m benchmarks.intake_csv", figures, chosen.record)


if __name__ == "__main__":
    main()
