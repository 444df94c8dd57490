"""Taking in a 100,000 × 40 workbook, against python-calamine only reading it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.made_files import person_workbook
from benchmarks.measure import arguments, median, paired, peak, report


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, default=100_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = str(person_workbook(Path(folder) / "人员信息核查表_2018年.xlsx", chosen.rows))
        ours, limit = paired(
            ("benchmarks.pieces", "intake", path), ("benchmarks.pieces", "calamine", path), chosen.times
        )
    figures: list[dict[str, object]] = [
        {
            "name": f"intake of {chosen.rows:,} × 40 xlsx / calamine reading it",
            "measured": f"{median(ours) / median(limit):.2f} × ({median(ours):.2f} s / {median(limit):.2f} s)",
            "target": "≤ 2.5 ×",
        },
        {"name": "peak memory of that intake", "measured": f"{peak(ours):.0f} MB", "target": "≤ 1,024 MB"},
    ]
    report("python -m benchmarks.intake_xlsx", figures, chosen.record)


if __name__ == "__main__":
    main()
