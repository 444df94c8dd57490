"""People who stand in the register twice: rows that are made beside it and never delivered.

Delivered, they would move the printed counts, or break the rules about numbers whose findings are printed too. So they
are labels with a row each: who wants to know what a comparison finds adds them to a register of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from jingzhun.policy.comparison import lead_number
from jingzhun.population.blueprint import CLOSING
from jingzhun.population.calibration import ANOTHER_NUMBER, PlantedTwice, Wrong
from jingzhun.population.columns import Bools
from jingzhun.population.identity import CHECK, WEIGHTS
from jingzhun.population.register_rows import Scene

TWICE_TRUTH = "twice_truth"
ROWS = pa.schema([
    pa.field(name, pa.string())
    for name in ("person_code", "twice_code", "household_code", "name", "id_number", "kind", "lead_no")
])  # fmt: skip
"""Whose row it is, its own person number, the household it stands in, who it says it is, what is wrong with that, and
the number of the lead."""
LAST = 99
"""Number of the row within its household, above those of the members."""
Known = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""Person number, name and identity number of everybody."""
Soil = Callable[[Wrong, int, str, str], tuple[str, str | None]]


def twice_rows(scene: Scene, planted: PlantedTwice, able: Bools, known: Known, soil: Soil) -> pa.Table:
    """Rows for ``planted.per_mille`` of the ``able``, each in another registered household of the village."""
    rng, (codes, names, numbers) = scene.rng("registered twice"), known
    people, found = np.flatnonzero(able), []
    chosen = people[rng.random(len(people)) < planted.per_mille / 1000].tolist()
    for person, home in _placed(scene, chosen, rng):
        kind = planted.kinds[int(rng.integers(len(planted.kinds)))]
        name, number = names[person], numbers[person]
        said = (name, another_number(number)) if kind == ANOTHER_NUMBER else soil(kind, person, name, number)
        household = scene.codes[home].as_py()
        code = f"{household[:6]}{int(household[6:]) * 100 + LAST:010d}"
        lead = lead_number(planted.check, *sorted((codes[person], code)))
        found.append((codes[person], code, household, *said, "" if said == (name, number) else kind, lead))
    columns = zip(*found, strict=True) if found else [[] for _ in ROWS.names]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=ROWS)


def _placed(scene: Scene, people: list[int], rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Each person with another registered household of their village, no household twice."""
    home, place = scene.folk.home, scene.homes.place
    free = np.isin(scene.homes.path, [int(path) for path in CLOSING])
    for person in people:
        others = np.flatnonzero(free & (place == place[home[person]]))
        others = others[others != home[person]]
        if len(others):
            other = int(others[int(rng.integers(len(others)))])
            free[other] = False
            yield person, other


def another_number(number: str) -> str:
    """A number as well formed, of the same division, birth date and sex: another file of the same person."""
    digits = number[:14] + f"{(int(number[14:17]) + 2) % 1000:03d}"
    total = sum(int(digit) * int(weight) for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + chr(CHECK[total % len(CHECK)])
