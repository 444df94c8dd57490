"""Two lists of people held against each other, or one against itself: pairs, each with a probability.

Records whose number and name are the same are settled at the price of a join; only the others are looked for in the
error-tolerant passes. Of the candidates of one record each takes its part of the probability, so that two twins or
namesakes who fit equally well are each no more than half likely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from jingzhun.comparison.plan import Plan, drawn
from jingzhun.comparison.spelling import spell
from jingzhun.comparison.weights import Weights, learn
from jingzhun.engine import Engine, Step

RANDOM = 1_000
"""Records of each side that form the random pairs."""
SAMPLED = 120_000
"""Records whose candidates the weights are learned from."""
SETTLED = 0.99
"""Least probability of a settled pair. A list that settles nearly whole leaves little to learn from, and what is
learned from its few odd records must not make its plain ones doubtful."""
LEAST = 0.05
"""Probability below which a pair is not kept, unless the record runs under the person's number."""

Progress = Callable[[str, int, int], None]


def link(engine: Engine, plan: Plan, left: str, right: str, shapes: Mapping[str, str]) -> Weights:
    """Link ``right`` to ``left``.

    Leaves ``<name>_matched``: left_no, right_no, pass, pattern, probability, candidates, and whether the record
    ``borrows``: it runs under the person's number and would, by itself, sooner be about somebody else.
    """
    every = _one_in(_count(engine, f"({right})"))
    for step in plan.settle_steps(left, right, every):
        engine.run(step)
    _spell(engine, plan, f"SELECT name FROM ({left}) UNION ALL SELECT name FROM {plan.table('open')}", shapes)
    for step in plan.search_steps(left, within=False):
        engine.run(step)
    weights = learned(engine, plan, every, within=False)
    _score(engine, plan, weights)
    engine.run(_matched(plan, weights, within=False))
    return weights


def link_within(engine: Engine, plan: Plan, rows: str, shapes: Mapping[str, str]) -> Weights:
    """Find who stands twice in one list; leaves ``<name>_matched``, each pair once."""
    _spell(engine, plan, f"SELECT name FROM ({rows})", shapes)
    for step in plan.search_steps(rows, within=True):
        engine.run(step)
    weights = learned(engine, plan, _one_in(_count(engine, plan.table("left"))), within=True)
    _score(engine, plan, weights)
    engine.run(_matched(plan, weights, within=True))
    return weights


def _spell(engine: Engine, plan: Plan, names: str, shapes: Mapping[str, str]) -> None:
    if plan.linkage.spellings:
        spell(engine, plan.table("spelling"), names, shapes)


def _one_in(rows: int) -> int:
    return max(1, rows // SAMPLED)


def learned(engine: Engine, plan: Plan, every: int, *, within: bool) -> Weights:
    """What the degrees are worth between these two lists, by one in ``every`` record. Needs the search's tables."""
    left, right = plan.table("left"), plan.table("right")
    ours, theirs = (_count(engine, table) for table in (left, right))
    one, other = _some(left, ours, 0), _some(right, theirs, 8)
    random = engine.arrow(
        f"SELECT {plan.pattern()} AS pattern, count(*) AS pairs FROM {one} l CROSS JOIN {other} r "
        f"{'WHERE l.row_no <> r.row_no ' if within else ''}GROUP BY 1 ORDER BY 1"
    )
    # In order: sums of many small shares depend on it, and weights are to be the same wherever they are learned.
    sample = engine.arrow(
        f"SELECT right_no, pattern FROM {plan.table('pattern')} WHERE {drawn(every)} ORDER BY right_no, left_no"
    )
    asked = _count(engine, f"{right} WHERE {drawn(every)}")
    return learn(
        plan.shape,
        (random["pattern"].to_numpy(), random["pairs"].to_numpy()),
        (sample["right_no"].to_numpy(), sample["pattern"].to_numpy()),
        ours,
        asked,
        single=not within,
    )


def _some(table: str, rows: int, first: int) -> str:
    return f"(SELECT * FROM {table} WHERE {drawn(rows // RANDOM, first)})"


def _score(engine: Engine, plan: Plan, weights: Weights) -> None:
    met = engine.arrow(f"SELECT DISTINCT pattern FROM {plan.table('pattern')}")["pattern"].combine_chunks()
    odds = weights.odds(met.to_numpy())
    borrows = plan.claimed(met.to_numpy()) & (odds < 1)
    engine.load(plan.table("odds"), pa.table({"pattern": met, "odds": odds, "borrows": borrows}))


def _matched(plan: Plan, weights: Weights, *, within: bool) -> Step:
    all_of_them = (
        "OVER (PARTITION BY p.right_no ORDER BY p.left_no ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    )
    total = "o.odds" if within else f"sum(o.odds) {all_of_them}"
    candidates = "1" if within else f"count(*) {all_of_them}"
    found = (
        f"SELECT left_no, right_no, pass, pattern, odds / (1 + total) AS probability, candidates, borrows FROM ("
        f"SELECT p.*, o.odds, o.borrows, {total} AS total, {candidates} AS candidates "
        f"FROM {plan.table('pattern')} p JOIN {plan.table('odds')} o ON o.pattern = p.pattern{_open(plan, within)}) t "
        f"WHERE odds / (1 + total) >= {LEAST}{'' if within else ' OR borrows'}"
    )
    odds = float(weights.odds(np.array([plan.settled_pattern()]))[0])
    settled = (
        f"SELECT left_no, right_no, pass, {plan.settled_pattern()} AS pattern, "
        f"CAST({max(SETTLED, odds / (1 + odds))!r} AS DOUBLE) AS probability, 1 AS candidates, "
        f"false AS borrows "
        f"FROM {plan.table('settled')} UNION ALL "
    )
    about = "每一对是同一个人的可能 / how likely each pair is one person"
    return Step(plan.table("matched"), found if within else settled + found, about)


def _open(plan: Plan, within: bool) -> str:
    """Records that were looked for only to learn from are settled already."""
    settled = f"SELECT 1 FROM {plan.table('settled')} s WHERE s.right_no = p.right_no"
    return "" if within else f" WHERE NOT EXISTS ({settled})"


def _count(engine: Engine, table: str) -> int:
    return int(engine.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])
