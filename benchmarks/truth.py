"""What screening and comparison find of what was planted in an invented county or the whole prefecture, kind by kind.

It is made as its departments' files, with their dirt, and goes the whole way: intake, freeze, screening, comparison.
Recall is the share of the planted that is found; precision the share of what the same rules and checks find that was
planted. The departments' records are labelled with the person that they are about: what is wrong with how they say so
are the kinds of linking. People who stand in a register twice are not delivered: they are added to a register of their
own, all kinds together. Alone, without others who stand twice, those with two well-formed numbers pass for namesakes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv

from benchmarks.measure import arguments, report
from jingzhun.comparison import compare
from jingzhun.comparison.leads import PAIR
from jingzhun.comparison.people import PERSON, RECORD
from jingzhun.engine import DUCKDB, Engine, open_engine
from jingzhun.intake import take_in
from jingzhun.model import TABLES
from jingzhun.pipeline import compared, screened
from jingzhun.policy import Pack, load_pack
from jingzhun.population import generate
from jingzhun.population.department_rows import LABELS
from jingzhun.population.departments import MENDED
from jingzhun.population.generate import EXPECTED, RECORDS, TWICE
from jingzhun.population.split_rows import FINDINGS
from jingzhun.population.twice_rows import ROWS
from jingzhun.snapshot import freeze, open_snapshot

Found = dict[str, tuple[int, int, int]]
"""Kind → planted, of these found, found by the same rules or checks altogether (0 where it cannot be told apart)."""
COUNTY = "141130000000"
BOTH = "precision / recall"
TARGET = "≥ 0.99 / ≥ 0.95"
NOTHING = "nothing wrong"
SECOND = {"person_code": "t.twice_code"} | {name: f"t.{name}" for name in ("household_code", "name", "id_number")}
"""What the second row of somebody who stands in the register twice says; all else is as in the first."""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--region", default=COUNTY)
    parser.add_argument("--persons", type=int, help="scale residents and register to that many residents")
    chosen = parser.parse_args()
    pack = load_pack("luliang_2018")
    day = date(pack.meta.printed_year or 2018, 12, 31)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(pack, folder / "made", region=chosen.region, as_of=day, persons=chosen.persons)
        files = sorted(path for path in (folder / "made" / "files").rglob("*") if path.is_file())
        first = [path for path in files if MENDED not in path.parts]
        for snapshot, sent in (("before", first), ("after", files)):
            take_in(sent, folder / f"store-{snapshot}", pack, received_on=day)
            freeze(folder / f"store-{snapshot}", folder / snapshot, pack, day)
            shutil.rmtree(folder / f"store-{snapshot}")
        with screened(folder / "before", pack) as (engine, _):
            engine.read_parquet("ledger", [folder / "after" / "problem_record.parquet"])
            problems = problems_found(engine)
            engine.load("finding_truth", labels(folder / "made" / "truth" / EXPECTED, FINDINGS))
            amid = findings_found(engine)
        with screened(folder / "after", pack) as (engine, _):
            engine.load("finding_truth", labels(folder / "made" / "truth" / EXPECTED, FINDINGS))
            alone = findings_found(engine)
        with compared(folder / "after", pack) as (engine, _):
            leads, suggested = leads_found(engine), suggestions_found(engine)
            engine.load("record_truth", labels(folder / "made" / "truth" / RECORDS, LABELS))
            links = links_found(engine)
            twice = labels(folder / "made" / "truth" / TWICE, ROWS)
        with with_people_twice(folder / "after", pack, twice) as engine:
            doubled = twice_found(engine)
    report(
        " ".join(["python -m benchmarks.truth", *asked(chosen.region, chosen.persons)]),
        [
            *told("planted problems", BOTH, problems, "1.000 / 1.000"),
            *told("planted findings beyond the ledger, amid its problems", BOTH, amid, ""),
            *told("planted findings beyond the ledger, these corrected", BOTH, alone, TARGET),
            *told("planted leads", BOTH, leads, TARGET),
            *told("verdicts suggested for planted leads", "as found on the spot", suggested, "1.000"),
            *told("people who stand in a register twice", BOTH, doubled, TARGET),
            *told("departments' records linked to the register", BOTH, links, TARGET),
        ],
        chosen.record,
    )


def asked(region: str, persons: int | None) -> Iterable[str]:
    """What was asked for beside the county: figures of another place are recorded beside the county's."""
    if region != COUNTY:
        yield f"--region {region}"
    if persons:
        yield f"--persons {persons}"


def labels(path: Path, schema: pa.Schema) -> pa.Table:
    """What is true, as it was written beside the files; all text, for a record's number may begin with a zero."""
    return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=schema))


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


def findings_found(engine: Engine) -> Found:
    """By kind: what was planted beside the ledger, such as families split in two, and all that its rule finds.

    A tie goes by number: where the ledger has the son's number wrong, his family is found once it is put right.
    """
    rows = engine.rows(
        "SELECT t.kind, count(*) AS planted, count(f.finding_no) AS hit, max(w.found) AS found FROM finding_truth t "
        "LEFT JOIN finding f ON f.finding_no = t.finding_no "
        "LEFT JOIN (SELECT rule, count(*) AS found FROM finding GROUP BY rule) w ON w.rule = t.rule "
        "GROUP BY t.kind ORDER BY t.kind"
    )
    return {row["kind"]: (row["planted"], row["hit"], row["found"] or 0) for row in rows}


def leads_found(engine: Engine) -> Found:
    """By kind: the planted leads that the comparison gives, and with them all that look like them and were not planted.

    Alike are leads of the same check that suggest the same and are about a member, or all about family elsewhere.
    """
    alike = "check_id, coalesce(suggested, '') AS suggested, person_code IS NULL AS nobody"
    rows = engine.rows(
        f"WITH given AS (SELECT lead_no, {alike} FROM lead), "
        "planted AS (SELECT v.note, g.* FROM lead_verdict v LEFT JOIN given g ON g.lead_no = v.lead_no), "
        "others AS (SELECT check_id, suggested, nobody, count(*) AS leads FROM given "
        "WHERE lead_no NOT IN (SELECT lead_no FROM lead_verdict) GROUP BY ALL), "
        "kinds AS (SELECT DISTINCT note, check_id, suggested, nobody FROM planted) "
        "SELECT p.note, count(*) AS planted, count(p.lead_no) AS hit, count(p.lead_no) + max(k.others) AS found "
        "FROM planted p JOIN (SELECT note, coalesce(sum(leads), 0) AS others FROM kinds "
        "LEFT JOIN others USING (check_id, suggested, nobody) GROUP BY 1) k ON k.note = p.note GROUP BY 1 ORDER BY 1"
    )
    checks = "SELECT DISTINCT split_part(lead_no, '-', 1) FROM lead_verdict"
    given = engine.rows(f"SELECT count(*) AS leads FROM lead WHERE check_id IN ({checks})")[0]["leads"]
    whole = (sum(row["planted"] for row in rows), sum(row["hit"] for row in rows), given)
    return {"all kinds": whole, **{row["note"]: (row["planted"], row["hit"], int(row["found"])) for row in rows}}


@contextmanager
def with_people_twice(snapshot: Path, pack: Pack, twice: pa.Table) -> Iterator[Engine]:
    """The comparison of a register to which the people who stand in it twice are added."""
    with open_engine(DUCKDB, memory_limit="1500MB") as engine:
        manifest = open_snapshot(snapshot, engine)
        engine.load("twice_truth", twice)
        columns = TABLES["person"].arrow_schema().names
        again = ", ".join(SECOND.get(name, f"p.{name}") for name in columns)
        rows = engine.arrow(
            f"SELECT {', '.join(columns)} FROM person UNION ALL SELECT {again} FROM person p "
            f"JOIN twice_truth t ON t.person_code = p.person_code WHERE p.data_year = {manifest.as_of.year}"
        )
        engine.load("person", rows)
        compare(engine, pack, manifest.as_of, manifest.region)
        yield engine


def twice_found(engine: Engine) -> Found:
    """By what is wrong with the second row: people who stand twice, those found, and all leads of the check."""
    check = "SELECT DISTINCT split_part(lead_no, '-', 1) FROM twice_truth"
    rows = engine.rows(
        "SELECT coalesce(t.kind, '') AS kind, count(*) AS planted, count(n.lead_no) AS hit FROM twice_truth t "
        "LEFT JOIN lead n ON n.lead_no = t.lead_no GROUP BY 1 ORDER BY 1"
    )
    given = engine.rows(f"SELECT count(*) AS leads FROM lead WHERE check_id IN ({check})")[0]["leads"]
    kinds = {row["kind"].replace("_", " ") or NOTHING: (row["planted"], row["hit"], 0) for row in rows}
    whole = (sum(row["planted"] for row in rows), sum(row["hit"] for row in rows), given)
    return {"all kinds": whole, **kinds}


def suggestions_found(engine: Engine) -> Found:
    """By kind: leads that suggest a verdict, and of these how many suggest what was found on the spot."""
    rows = engine.rows(
        "SELECT v.note, count(*) AS suggested, count(CASE WHEN n.suggested = v.verdict THEN 1 END) AS hit "
        "FROM lead_verdict v JOIN lead n ON n.lead_no = v.lead_no AND n.suggested IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return {row["note"]: (row["suggested"], row["hit"], 0) for row in rows}


def links_found(engine: Engine) -> Found:
    """By what is wrong with a record: records about somebody of the register, those linked to them, all pairs."""
    rows = engine.rows(
        "SELECT coalesce(t.kind, '') AS kind, "
        "count(DISTINCT CASE WHEN t.about <> '' THEN t.record END) AS planted, "
        "count(CASE WHEN t.about = m.who THEN 1 END) AS hit, count(m.record_key) AS found "
        "FROM (SELECT *, source || '|' || record_no AS record FROM record_truth) t LEFT JOIN ("
        "SELECT x.record_key, coalesce(l.person_code, l.household_code || '|' || l.name) AS who "
        f"FROM {PAIR} p JOIN {RECORD} x ON x.row_no = p.right_no JOIN {PERSON} l ON l.row_no = p.left_no) m "
        "ON m.record_key = t.record GROUP BY 1 ORDER BY 1"
    )
    kinds = {row["kind"].replace("_", " ") or NOTHING: (row["planted"], row["hit"], row["found"]) for row in rows}
    planted, hit, found = (sum(numbers) for numbers in zip(*kinds.values(), strict=True))
    return {"all kinds": (planted, hit, found), **kinds}


def told(what: str, measure: str, found: Found, target: str) -> Iterable[dict[str, object]]:
    whole = found.pop("all kinds", None) or tuple(map(sum, zip(*found.values(), strict=True)))
    yield figure(f"{what}: {measure}", whole, target)
    for kind, counts in found.items():
        yield figure(f"{what}, {kind}", counts, "")


def figure(name: str, counts: tuple[int, ...], target: str) -> dict[str, object]:
    planted, hit, found = counts
    recall = f"{hit / planted:.3f} ({hit:,} of {planted:,})" if planted else f"{found:,} found, none to be found"
    return {
        "name": name,
        "measured": f"{hit / found:.3f} / {recall}" if found and planted else recall,
        "target": target,
    }


if __name__ == "__main__":
    main()
