"""What is typical of pairs of people, counted on the hard pair of lists where the truth is known.

Prints for every degree how often it is met among pairs of one person, of each close kind and at random; ``--write``
puts the figures into the pack's ``comparison/linkage/people.yaml``. Pairs of one person are counted, as are random
pairs. The close kinds are told apart by expectation and maximisation over all other pairs that the passes find; it
begins with what the kinds are called after (the number is the same; name and birth date differ in nothing but …).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.linkage_pieces import PACK, PEOPLE
from benchmarks.linkage_set import write
from benchmarks.measure import arguments
from jingzhun.comparison import Plan
from jingzhun.comparison.plan import drawn
from jingzhun.comparison.spelling import shapes_of, spell
from jingzhun.comparison.weights import Ints, Shape, Weights
from jingzhun.engine import DuckDBEngine
from jingzhun.policy import load_pack

LEAST = 1e-7
"""Nothing is believed to be rarer than this."""
UNSEEN = 0.5
"""Added to every count: what was never met among a few thousand pairs may still be met."""
ROUNDS = 200
RANDOM = 4_000
BEGIN = {
    "borrowed": "l.number = r.number",
    "twin": "l.born = r.born AND l.surname = r.surname AND l.sound <> r.sound",
    "namesake": "l.sound = r.sound",
}
"""What pairs of each close kind are taken for at first; the first that holds counts."""

Floats = npt.NDArray[np.float64]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="put the figures into the pack")
    chosen = parser.parse_args()
    pack = load_pack(PACK)
    plan = Plan(pack.linkages["people"], {})
    shapes = shapes_of(row.characters for row in pack.look_alikes)
    with tempfile.TemporaryDirectory() as folder, DuckDBEngine(memory_limit="4GB") as engine:
        write(Path(folder), chosen.persons)
        _search(engine, plan, Path(folder), shapes)
        found = estimated(engine, plan)
    for line in described(plan, found):
        print(line)
    if chosen.write:
        path = pack.root / "comparison/linkage/people.yaml"
        path.write_text(rewritten(path.read_text("utf-8"), plan, found), "utf-8")


def _search(engine: DuckDBEngine, plan: Plan, folder: Path, shapes: dict[str, str]) -> None:
    """Everything that the passes find, for every record."""
    for name in ("register", "department"):
        engine.read_parquet(name, [folder / f"{name}.parquet"])
    left, right = (f"SELECT {PEOPLE} FROM {name}" for name in ("register", "department"))
    for step in plan.settle_steps(left, right, every=1):
        engine.run(step)
    spell(engine, plan.table("spelling"), f"SELECT name FROM ({left}) UNION ALL SELECT name FROM ({right})", shapes)
    for step in plan.search_steps(left, within=False):
        engine.run(step)


def estimated(engine: DuckDBEngine, plan: Plan) -> Weights:
    """Shares of every degree by kind of pair, from the truth."""
    left, right, pattern = plan.table("left"), plan.table("right"), plan.pattern()
    records = int(engine.value("SELECT count(*) FROM department"))
    same = _counted(
        engine,
        f"SELECT {pattern} AS pattern FROM department d JOIN {right} r ON r.row_no = d.row_no "
        f"JOIN {left} l ON l.row_no = d.truth",
    )
    some = [
        f"(SELECT * FROM {table} WHERE {drawn(records // RANDOM, first)})" for table, first in ((left, 0), (right, 8))
    ]
    random = _counted(engine, f"SELECT {pattern} AS pattern FROM {some[0]} l CROSS JOIN {some[1]} r")
    begin = " ".join(f"WHEN {when} THEN {kind}" for kind, when in enumerate(BEGIN.values()))
    other = engine.arrow(
        f"SELECT p.pattern, CASE {begin} ELSE {len(BEGIN)} END AS kind, count(*) AS pairs "
        f"FROM {plan.table('pattern')} p JOIN department d ON d.row_no = p.right_no AND d.truth <> p.left_no "
        f"JOIN {left} l ON l.row_no = p.left_no JOIN {right} r ON r.row_no = p.right_no "
        f"GROUP BY ALL ORDER BY ALL"
    )
    patterns, kinds, pairs = (other[name].to_numpy() for name in ("pattern", "kind", "pairs"))
    shape, all_pairs = plan.shape, records * int(engine.value("SELECT count(*) FROM register"))
    ends = _met(shape, *same), _met(shape, *random)
    parts = [np.where(kinds == kind, pairs, 0.0) for kind in range(len(BEGIN))]
    share = same[1].sum() / all_pairs
    for _ in range(ROUNDS):
        close = [_met(shape, patterns, part) for part in parts]
        weights = Weights(
            shape, (ends[0], *close, ends[1]), (float(share), *(float(part.sum()) / all_pairs for part in parts))
        )
        parts = [pairs * of for of in weights.kinds(patterns)[:-1]]
    return Weights(shape, weights.met, tuple(share * all_pairs / records for share in weights.shares))


def _counted(engine: DuckDBEngine, pairs: str) -> tuple[Ints, Floats]:
    found = engine.arrow(f"SELECT pattern, CAST(count(*) AS DOUBLE) AS pairs FROM ({pairs}) GROUP BY 1 ORDER BY 1")
    return found["pattern"].to_numpy(), found["pairs"].to_numpy()


def _met(shape: Shape, patterns: Ints, counts: Floats) -> tuple[Floats, ...]:
    """How often each degree is met, by comparison; pairs that are missing it are not asked."""
    found = []
    for degrees, size in zip(shape.unpack(patterns), shape.sizes, strict=True):
        met = np.bincount(degrees, counts, size)
        met[1:] += UNSEEN
        met[0] = 0.0
        found.append(np.maximum(met / met.sum(), LEAST))
    return tuple(found)


def described(plan: Plan, found: Weights) -> Iterator[str]:
    names = ["same", *BEGIN, "random"]
    yield f"{'pairs of a record':36}" + "".join(f"{name:>12}" for name in names)
    yield f"{'':36}" + "".join(f"{rate:12.3g}" for rate in found.shares)
    for at, one in enumerate(plan.linkage.compare):
        for number, degree in enumerate([*(degree.id for degree in one.degrees), "different"], start=1):
            yield f"{one.id + ' ' + degree:36}" + "".join(f"{met[at][number]:12.2g}" for met in found.met)


def rewritten(text: str, plan: Plan, found: Weights) -> str:
    """The linkage's file with the figures found, in the order in which it names its degrees."""
    typical, otherwise, rates = [], [], iter(f"{rate:.2g}" for rate in found.shares[1:])
    for at, one in enumerate(plan.linkage.compare):
        rows = [
            "[" + ", ".join(f"{met[at][number]:.2g}" for met in found.met) + "]"
            for number in range(1, len(one.degrees) + 2)
        ]
        typical += rows[:-1]
        otherwise += rows[-1:]
    text = re.sub(r"per_record: [0-9.e+-]+", lambda _: f"per_record: {next(rates)}", text)
    for word, values in (("typical", iter(typical)), ("otherwise", iter(otherwise))):
        text = re.sub(word + r": \[[^]]*\]", lambda _, word=word, values=values: f"{word}: {next(values)}", text)
    return text


if __name__ == "__main__":
    main()
