"""What screening and comparison find of the problems and leads that were planted in an invented county, kind by kind.

The county is made as its departments' files, with their dirt, and goes the whole way: intake, freeze, screening,
comparison. Recall is the share of the planted that is found; precision the share of what the same rules and checks
find that was planted.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from benchmarks.measure import arguments, report
from jingzhun.engine import Engine
from jingzhun.intake import take_in
from jingzhun.pipeline import compared, screened
from jingzhun.policy import load_pack
from jingzhun.population import generate
from jingzhun.population.departments import MENDED
from jingzhun.snapshot import freeze

Found = dict[str, tuple[int, int, int]]
"""Kind → planted, of these found, found by the same rules or checks altogether (0 where it cannot be told apart)."""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--region", default="141130000000")
    chosen = parser.parse_args()
    pack = load_pack("luliang_2018")
    day = date(pack.meta.printed_year or 2018, 12, 31)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(pack, folder / "made", region=chosen.region, as_of=day)
        files = sorted(path for path in (folder / "made" / "files").rglob("*") if path.is_file())
        first = [path for path in files if MENDED not in path.parts]
        for snapshot, sent in (("before", first), ("after", files)):
            take_in(sent, folder / f"store-{snapshot}", pack, received_on=day)
            freeze(folder / f"store-{snapshot}", folder / snapshot, pack, day)
        with screened(folder / "before", pack) as (engine, _):
            engine.read_parquet("ledger", [folder / "after" / "problem_record.parquet"])
            problems = problems_found(engine)
        with compared(folder / "after", pack) as (engine, _):
            leads = leads_found(engine)
    report(
        "python -m benchmarks.truth",
        [*told("planted problems", problems, "1.000 / 1.000"), *told("planted leads", leads, "≥ 0.99 / ≥ 0.95")],
        chosen.record,
    )


def problems_found(engine: Engine) -> Found:
    """By rule: the ledger's problems that a screening of the register before its correction finds."""
    rows = engine.rows(
        "SELECT coalesce(l.rule, f.rule) AS rule, count(l.problem_no) AS planted, "
        "count(CASE WHEN l.problem_no IS NOT NULL THEN f.finding_no END) AS hit, count(f.finding_no) AS found "
        "FROM (SELECT problem_no, rule FROM ledger) l "
        "FULL JOIN (SELECT finding_no, rule FROM finding WHERE rule IN (SELECT rule FROM ledger)) f "
        "ON f.finding_no = l.problem_no GROUP BY 1 ORDER BY 1"
    )
    return {row["rule"]: (row["planted"], row["hit"], row["found"]) for row in rows}


def leads_found(engine: Engine) -> Found:
    """By kind: the planted leads that the comparison gives. Precision is that of all checks with planted leads."""
    planted = engine.rows("SELECT note, lead_no FROM lead_verdict")
    checks = {row["lead_no"].partition("-")[0] for row in planted}
    given = {row["lead_no"] for row in engine.rows("SELECT lead_no FROM lead")}
    of_checks = {lead for lead in given if lead.partition("-")[0] in checks}
    wanted = Counter(row["note"] for row in planted)
    hit = Counter(row["note"] for row in planted if row["lead_no"] in given)
    found = {kind: (wanted[kind], hit[kind], 0) for kind in sorted(wanted)}
    return {"all kinds": (sum(wanted.values()), sum(hit.values()), len(of_checks)), **found}


def told(what: str, found: Found, target: str) -> Iterable[dict[str, object]]:
    whole = found.pop("all kinds", None) or tuple(map(sum, zip(*found.values(), strict=True)))
    yield figure(f"{what}: precision / recall", whole, target)
    for kind, counts in found.items():
        yield figure(f"{what}, {kind}", counts, "")


def figure(name: str, counts: tuple[int, ...], target: str) -> dict[str, object]:
    planted, hit, found = counts
    recall = f"{hit / planted:.3f} ({hit:,} of {planted:,})"
    return {
        "name": name,
        "measured": f"{hit / found:.3f} / {recall}" if found else f"recall {recall}",
        "target": target,
    }


if __name__ == "__main__":
    main()
