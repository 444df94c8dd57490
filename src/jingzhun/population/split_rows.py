"""Families that stand in the register as two poor households: old people alone, a son beside them in the village."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from jingzhun.population.blueprint import CLOSING
from jingzhun.population.columns import Bools
from jingzhun.population.register_rows import Scene
from jingzhun.population.shares import Ints

FINDING_TRUTH = "finding_truth"
"""What a screening must find beyond the ledger of problems: labels, never delivered."""
FINDINGS = pa.schema([pa.field(name, pa.string()) for name in ("rule", "finding_no", "kind", "household_code")])
YOUNGEST, APART = 25, 18
"""Least age of a son with a household of his own, and least years between him and the head of the old household."""


def split_families(scene: Scene, per_mille: float, able: Bools, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Old household and son: as many as ``per_mille`` of the registered households where everybody is of pension age.

    The son is one of ``able``, head of a registered household of the same village and of the family's name.
    """
    rng, folk, homes = scene.rng("split families"), scene.folk, scene.homes
    elderly = _elderly(scene)
    able = able & (folk.order == 0) & ~folk.female & ~elderly[folk.home]
    for old in elderly.nonzero()[0][rng.random(int(elderly.sum())) < per_mille / 1000].tolist():
        head = scene.head[old]
        fits = able & (homes.place[folk.home] == homes.place[old]) & (scene.now.age >= YOUNGEST)
        fits &= scene.now.age <= scene.now.age[head] - APART
        sons = [son for son in np.flatnonzero(fits).tolist() if names[son][0] == names[head][0]]
        if sons:
            son = sons[int(rng.integers(len(sons)))]
            able[son] = False
            yield old, son


def _elderly(scene: Scene) -> Bools:
    """Households of the closing register in which everybody is of the age at which pensions are paid."""
    folk, plan = scene.folk, scene.county.plan
    from_age = int(plan.pack.number("pension_pay_age", plan.as_of))
    younger: Ints = folk.home[folk.resident & (scene.now.age < from_age)]
    found = np.isin(scene.homes.path, [int(path) for path in CLOSING])
    found[younger] = False
    return np.asarray(found)
