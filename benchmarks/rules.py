"""Rules held against a soiled register, beside one scan of the same columns and beside other validators.

The register is an invented one of a year with one million people in it, and the same ten times over. The validators
run in an environment of their own (``peers/rules.txt``) on fifty of the rules, written by hand in
``peers/rules_by_hand.py``; what each says broke is held against ours, rule by rule.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.measure import Run, arguments, median, paired, peak, report, run, run_command
from benchmarks.peer import PEERS, environment

PIECES = "benchmarks.rules_pieces"
BY_HAND = str(PEERS / "rules_by_hand.py")
PREFECTURE = "141100000000"
REGISTERED = 6.5
"""People of the invented prefecture for one who is registered, and a little more."""
ALONGSIDE = ("polars", "dataframely", "pandera", "pointblank", "great_expectations")
Figures = list[dict[str, object]]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--persons", type=int, default=1_000_000)
    chosen = parser.parse_args()
    persons, times = chosen.persons, chosen.times
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("benchmarks.pieces", "snapshot", str(folder / "made"), PREFECTURE, str(int(persons * REGISTERED)))
        for copies, where in ((1, "once"), (10, "ten")):
            run(PIECES, "make", str(folder / "made"), str(folder / where), str(persons), str(copies))
        once, figures = _all_rules(folder / "once", persons, times)
        ten, more = _all_rules(folder / "ten", persons * 10, times)
        figures += more
        figures.append(
            _figure("all those rules, ten times the persons / once", f"{ten / once:.1f} ×", "linear: ≤ 11 ×")
        )
        figures += _fifty(folder / "once", persons, times)
    report("python -m benchmarks.rules", figures, chosen.record)


def _all_rules(folder: Path, persons: int, times: int) -> tuple[float, Figures]:
    ours, scan = paired((PIECES, "ours", str(folder)), (PIECES, "scan", str(folder)), times)
    failed = json.loads(ours[0].said)["failed"]
    name = f"all {len(failed)} rules of the row, {persons:,} persons"
    found = f"{sum(failed.values()):,} findings written"
    return median(ours), [
        _figure(f"{name} / one scan of the same columns", f"{_ratio(ours, scan)}, {found}", "≤ 5 ×"),
        _figure(f"{name}: peak memory", f"{peak(ours):.0f} MB", "< 1,024 MB"),
    ]


def _fifty(folder: Path, persons: int, times: int) -> Figures:
    """Fifty rules beside the scan and beside every other validator on those of them that it can say."""
    python = environment("rules")
    theirs: dict[str, list[Run]] = {peer: [] for peer in ALONGSIDE}
    for _ in range(times):
        for peer in ALONGSIDE:
            theirs[peer].append(run_command(python, BY_HAND, peer, str(folder)))
    asked = {peer: ",".join(json.loads(runs[0].said)["failed"]) for peer, runs in theirs.items()}
    fifty = asked["polars"]
    ours = {rules: _both(folder, rules, times) for rules in sorted(set(asked.values()))}
    counted, written = ours[fifty]
    scan = [run(PIECES, "scan", str(folder), fifty) for _ in range(times)]
    name = f"{len(fifty.split(','))} rules, {persons:,} persons"
    return [
        _figure(f"{name}, failures counted / one scan of the same columns", _ratio(counted, scan), "≤ 3 ×"),
        _figure(f"{name}, findings written / one scan of the same columns", _ratio(written, scan), "≤ 3 ×"),
        *(_beside(peer, runs, *ours[asked[peer]], persons) for peer, runs in theirs.items()),
    ]


def _both(folder: Path, rules: str, times: int) -> tuple[list[Run], list[Run]]:
    """Ours, only counting what breaks each rule, and writing every finding with its values."""
    return paired((PIECES, "counted", str(folder), rules), (PIECES, "ours", str(folder), rules), times)


def _beside(peer: str, theirs: list[Run], counted: list[Run], written: list[Run], persons: int) -> dict[str, object]:
    """What a validator took for telling which rows broke which rule, beside ours for counting and for findings."""
    one, other = json.loads(written[0].said)["failed"], json.loads(theirs[0].said)["failed"]
    differing = sorted(rule for rule in other if one.get(rule) != other[rule])
    same = f"counts differ for {', '.join(differing)}" if differing else "all counts equal"
    memory = f"{peak(theirs):,.0f} MB / {peak(written):,.0f} MB"
    return _figure(
        f"{len(other)} rules, {persons:,} persons: {peer} / ours counting, / ours with findings written",
        f"{_ratio(theirs, counted)}, {_ratio(theirs, written)}; {memory}; {same}",
        "> 1 ×, all counts equal",
    )


def _ratio(one: list[Run], other: list[Run]) -> str:
    return f"{median(one) / median(other):.2f} × ({median(one):.2f} s / {median(other):.2f} s)"


def _figure(name: str, measured: str, target: str) -> dict[str, object]:
    return {"name": name, "measured": measured, "target": target}


if __name__ == "__main__":
    main()
