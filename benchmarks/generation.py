"""Generating the whole prefecture and one county as the departments' files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import arguments, inner_seconds, report, run


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--county-only", action="store_true")
    chosen = parser.parse_args()
    figures: list[dict[str, object]] = []
    places = [("141130000000", "one county (123,900 persons)", "< 20 s", "")]
    if not chosen.county_only:
        places.append(("141100000000", "the prefecture (3.8 million persons)", "< 360 s", "< 6,144 MB"))
    for code, name, seconds, memory in places:
        with tempfile.TemporaryDirectory() as folder:
            done = run("benchmarks.pieces", "files", str(Path(folder) / "out"), code)
        figures.append({"name": f"generating {name}", "measured": f"{inner_seconds(done):.1f} s", "target": seconds})
        if memory:
            figures.append({"name": "peak memory of that", "measured": f"{done.peak_mb:.0f} MB", "target": memory})
    report("python -m benchmarks.generation", figures, chosen.record)


if __name__ == "__main__":
    main()
