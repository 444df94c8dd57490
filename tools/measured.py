"""Write docs/numbers.md from the figures that the benchmarks recorded. Nothing in that page is typed by hand."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "intake_xlsx",
    "intake_csv",
    "indicators",
    "generation",
    "truth",
    "rules",
    "linkage",
    "measurement",
    "engines",
    "evaluation_coverage",
)


def main() -> None:
    path = ROOT / "benchmarks" / "figures.json"
    recorded = json.loads(path.read_text("utf-8")) if path.exists() else {}
    lines = [
        "# Measured figures",
        "",
        "Written by `make numbers` from what `make bench` recorded; ratios, because machines differ and are shared.",
        "",
        "| figure | measured | target | command | date | machine |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in COMMANDS:
        command = f"python -m benchmarks.{name}"
        if command not in recorded:
            lines.append(f"| {name} | not measured yet | | `{command}` | | |")
            continue
        for asked in sorted(one for one in recorded if one == command or one.startswith(f"{command} ")):
            run = recorded[asked]
            where = f"`{asked}` | {run['date']} | {run['machine']}"
            lines += [f"| {one['name']} | {one['measured']} | {one['target']} | {where} |" for one in run["figures"]]
    (ROOT / "docs" / "numbers.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
