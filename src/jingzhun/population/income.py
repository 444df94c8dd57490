"""Income accounts that add up to the fen: leaves to parents, T − E = N, N ÷ members = P without a remainder."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jingzhun.population.attributes import RETIREMENT_AGE
from jingzhun.population.blueprint import POOR_AT_END, Path
from jingzhun.population.columns import Bools, pick, rows
from jingzhun.population.living import land_of
from jingzhun.population.register_rows import Scene
from jingzhun.population.shares import Ints
from jingzhun.population.township import closing

LEAVES: tuple[tuple[str, str, float, float], ...] = (
    ("A1", "A", 0.62, 46.0),
    ("A3", "A", 0.14, 9.0),
    ("A4", "A", 0.10, 6.0),
    ("B1", "B", 0.93, 26.0),
    ("B2", "B", 0.34, 12.0),
    ("B3", "B", 0.28, 8.0),
    ("C1", "C", 0.45, 4.0),
    ("C2", "C", 0.20, 3.0),
    ("D2", "D", 0.26, 14.0),
    ("D4", "D", 0.52, 9.0),
    ("D5a", "D5", 0.40, 5.0),
    ("D6b", "D6", 0.88, 3.0),
)
"""Item, parent, share of households that have it, its usual part of the income."""
JUST_EXITED_MOST = 1.4
"""Times the line that a household earns in the year it has left poverty: no income jumps by half in two years."""
EXPENSES = (("E1", "B1", 0.34), ("E2", "B2", 0.42), ("E3", "B3", 0.22))
"""Expense, the income it belongs to, its part of that income."""


def income_per_head(scene: Scene) -> Ints:
    """Net income per head in fen, for households of the closing register (0 elsewhere)."""
    rng, income = scene.rng("income"), scene.county.plan.calibration.income
    n, line = len(scene.homes.path), income.line_yuan * 100
    poor = np.isin(scene.homes.path, POOR_AT_END)
    above = line * (income.exited_above + rng.gamma(1.6, 0.42, n))
    just = line * (income.exited_above + (JUST_EXITED_MOST - income.exited_above) * rng.random(n))
    above = np.where(scene.homes.path == Path.EXITED, just, above)
    below = line * (income.poor_from + (income.poor_to - income.poor_from) * rng.random(n))
    return np.where(closing(scene.homes), np.where(poor, below, above), 0).astype(np.int64)


def income_rows(scene: Scene) -> pa.Table:
    """The account of the data year: leaves that are not zero, their parents, and the totals T, N, P."""
    here = np.flatnonzero(closing(scene.homes))
    net = scene.income[here] * scene.homes.size[here]
    leaves = _leaves(scene, here, net)
    items = {**leaves, **_totals(leaves, net, scene.income[here])}
    labels = _labels(scene)
    codes, regions = scene.codes.take(pa.array(here)), scene.region(here)
    amounts = np.stack(list(items.values()), axis=1)
    always = np.array([len(item) == 1 for item in items])
    household, item = np.nonzero((amounts != 0) | always)
    return rows(
        "income_item",
        len(household),
        {
            "data_year": scene.as_of.year,
            "household_code": codes.take(pa.array(household)),
            "region_code": regions.take(pa.array(household)),
            "item": pick([labels[name] for name in items], item),
            "amount": amounts[household, item],
        },
    )


def _labels(scene: Scene) -> dict[str, str]:
    """Item code → the label that the pack's code list stores."""
    return {item.code: item.label for item in scene.county.plan.pack.codes["income_item"].items}


def _leaves(scene: Scene, here: Ints, net: Ints) -> dict[str, Ints]:
    """Draw parts of the income; the largest of a household takes the difference, so the net is exact.

    Wages are earned where somebody works; crops, pensions, allowances and subsidies come where they are due.
    """
    rng, n = scene.rng("income parts"), len(net)
    land, working = land_of(scene), _with_workers(scene)[here]
    due = {
        "B1": land.arable[here] > 0,
        "D2": scene.allowance[here],
        "D4": _with_elders(scene)[here],
        "D5a": land.returned[here] > 0,
    }
    drawn = [(rng.random(n), usual * rng.uniform(0.5, 1.5, n)) for _, _, _, usual in LEAVES]
    part = np.stack(
        [
            amount * (due[name] if name in due else (luck < odds) & (working if parent == "A" else True))
            for (name, parent, odds, _), (luck, amount) in zip(LEAVES, drawn, strict=True)
        ],
        axis=1,
    )
    part[part.sum(axis=1) == 0, 3] = 1.0
    names = [name for name, *_ in LEAVES]
    cost_part = sum(part[:, names.index(of)] * rate for _, of, rate in EXPENSES)
    gross = net / (1 - cost_part / part.sum(axis=1))
    amounts = _rounded(part / part.sum(axis=1, keepdims=True) * gross[:, None])
    leaves = {name: amounts[:, index] for index, name in enumerate(names)}
    leaves |= {name: _rounded(leaves[of] * rate) for name, of, rate in EXPENSES}
    missing = net - _gross(leaves) + sum(leaves[name] for name, *_ in EXPENSES)
    largest = amounts.argmax(axis=1)
    for index, name in enumerate(names):
        leaves[name] = leaves[name] + np.where(largest == index, missing, 0)
    return leaves


def _with_workers(scene: Scene) -> Bools:
    """Households of which somebody worked for wages in the year."""
    folk = scene.folk
    working = folk.resident & (scene.now.months > 0)
    return np.asarray(np.bincount(folk.home[working], minlength=len(scene.homes.path)) > 0)


def _with_elders(scene: Scene) -> Bools:
    """Households with somebody of the age at which pensions are paid."""
    folk = scene.folk
    old = folk.resident & (scene.now.age >= RETIREMENT_AGE)
    return np.asarray(np.bincount(folk.home[old], minlength=len(scene.homes.path)) > 0)


def _rounded(amounts: npt.NDArray[np.floating[Any]]) -> Ints:
    """Whole yuan in fen, as account books have them."""
    return (np.round(amounts / 100) * 100).astype(np.int64)


def _gross(leaves: dict[str, Ints]) -> Ints:
    return np.asarray(np.sum([leaves[name] for name, *_ in LEAVES], axis=0), np.int64)


def _totals(leaves: dict[str, Ints], net: Ints, per_head: Ints) -> dict[str, Ints]:
    sums = {
        parent: np.sum([leaves[name] for name, of, *_ in LEAVES if of == parent], axis=0)
        for parent in ("A", "B", "C", "D5", "D6")
    }
    sums["D"] = np.sum([leaves[name] for name, of, *_ in LEAVES if of in ("D", "D5", "D6")], axis=0)
    expense = np.sum([leaves[name] for name, *_ in EXPENSES], axis=0)
    return {**sums, "E": expense, "T": _gross(leaves), "N": net, "P": per_head}
