"""All indicators for all five levels, against one scan of the same columns; and ten times the persons."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import Run, arguments, median, paired, peak, report, run

PREFECTURE = "141100000000"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--persons", type=int, default=3_800_000)
    parser.add_argument("--without-ten", action="store_true", help="leave out the run with ten times the persons")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, limit = _at(Path(folder) / "one", chosen.persons, chosen.times)
        figures: list[dict[str, object]] = [
            {
                "name": f"all indicators × 5 levels, {chosen.persons:,} persons / one scan of the same columns",
                "measured": f"{median(ours) / median(limit):.2f} × ({median(ours):.2f} s / {median(limit):.2f} s)",
                "target": "≤ 4 ×",
            }
        ]
        if not chosen.without_ten:
            many, _ = _at(Path(folder) / "ten", chosen.persons * 10, chosen.times)
            figures += [
                {
                    "name": "ten times the persons / once",
                    "measured": f"{median(many) / median(ours):.2f} ×",
                    "target": "≤ 11 ×",
                },
                {
                    "name": f"peak memory at {chosen.persons * 10:,} persons",
                    "measured": f"{peak(many):.0f} MB",
                    "target": "< 2,048 MB",
                },
            ]
    report("python -m benchmarks.indicators", figures, chosen.record)


def _at(folder: Path, persons: int, times: int) -> tuple[list[Run], list[Run]]:
    run("benchmarks.pieces", "snapshot", str(folder), PREFECTURE, str(persons))
    sealed = str(next(folder.rglob("manifest.json")).parent)
    return paired(("benchmarks.pieces", "figures", sealed), ("benchmarks.pieces", "scan", sealed), times)


if __name__ == "__main__":
    main()
