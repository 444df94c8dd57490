"""Run a piece of work in a process of its own and read its wall time and peak memory from the operating system."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FIGURES = Path(__file__).with_name("figures.json")


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds and peak memory (MB) of one process, and the last line it printed."""

    seconds: float
    peak_mb: float
    said: str


def run(module: str, *arguments: str) -> Run:
    """Run ``python -m module arguments…`` and measure it."""
    return run_command(sys.executable, "-m", module, *arguments)


def run_command(*command: str) -> Run:
    """Run a command and measure it. A failing piece stops the benchmark with its own words."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {process.returncode}")
    lines = said.strip().splitlines()
    return Run(time.perf_counter() - started, usage.ru_maxrss / 1024, lines[-1] if lines else "")


def inner_seconds(measured: Run) -> float:
    """Seconds that the piece itself reports, without the start of the interpreter."""
    return float(json.loads(measured.said)["seconds"])


def paired(ours: tuple[str, ...], theirs: tuple[str, ...], times: int) -> tuple[list[Run], list[Run]]:
    """Both pieces in turn, ``times`` each, so that a drift of the machine meets both."""
    mine, other = [], []
    for _ in range(times):
        mine.append(run(*ours))
        other.append(run(*theirs))
    return mine, other


def median(runs: list[Run]) -> float:
    return statistics.median(inner_seconds(one) for one in runs)


def peak(runs: list[Run]) -> float:
    return max(one.peak_mb for one in runs)


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def arguments(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--record", action="store_true", help="keep the figures for docs/numbers.md")
    parser.add_argument("--times", type=int, default=3)
    return parser


def report(command: str, figures: list[dict[str, object]], record: bool) -> None:
    """Print the figures; with ``record`` also keep them, with the day and the size of the machine."""
    for figure in figures:
        print(f"{figure['name']}: {figure['measured']} (target {figure['target']})")
    if not record:
        return
    kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    kept[command] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {_memory_gib():.0f} GiB",
        "figures": figures,
    }
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
