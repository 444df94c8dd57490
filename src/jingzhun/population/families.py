"""Who lives in a household: templates of composition, then sexes and ages that fit together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
HEAD, SPOUSE, SON, DAUGHTER, SON_WIFE, GRANDSON, GRANDDAUGHTER, FATHER, MOTHER = range(9)
RELATIONS = ("户主", "配偶", "之子", "之女", "之儿媳", "之孙子", "之孙女", "之父", "之母")
"""Relation to the head by role, in the words of the national list."""

LARGEST = 8
YEAR = 365.25
_LETTERS = "HSCBLGFM"
"""Head, spouse, child, adult son, his wife, grandchild, father, mother."""

TEMPLATES: tuple[tuple[str, float, int, int], ...] = (
    ("H", 6, 58, 84),
    ("H", 3, 38, 60),
    ("HS", 7, 52, 80),
    ("HC", 2, 40, 66),
    ("HM", 1, 40, 62),
    ("HSC", 6, 28, 58),
    ("HSM", 1, 40, 62),
    ("HSB", 2, 54, 74),
    ("HSCC", 6, 30, 54),
    ("HSBL", 2, 52, 72),
    ("HSCM", 2, 34, 56),
    ("HSCCM", 3, 32, 54),
    ("HSBLG", 3, 50, 70),
    ("HSCCF", 1, 32, 54),
    ("HSBLGG", 3, 52, 72),
    ("HSCCFM", 2, 32, 52),
    ("HSBLGGM", 2, 52, 66),
    ("HSCCCFM", 1, 32, 50),
    ("HSBLGGCM", 2, 52, 66),
    ("HSBLGGGM", 1, 54, 66),
)
"""Composition, weight among households of its size, youngest and oldest age of the head in years."""


@dataclass(slots=True)
class People:
    """The members of many households, one row each, ordered by household."""

    household: Ints
    role: Ints
    female: Bools
    age: npt.NDArray[np.float64]
    """Years, fractional."""
    order: Ints
    """Number within the household, from 0."""


def settle(sizes: Ints, rng: np.random.Generator, youngest: npt.NDArray[np.float64]) -> People:
    """Fill households of the given sizes (1 to 8). ``youngest`` is the least age a member may have, per household."""
    template = _choose(sizes, rng)
    household = np.repeat(np.arange(len(sizes)), sizes)
    order = np.arange(len(household)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    letter = _MEMBERS[template[household], order]
    low, high = _AGES[template, 0], _AGES[template, 1]
    head = low + rng.random(len(sizes)) * (high - low)
    woman_head = rng.random(len(sizes)) < np.where(np.isin(template, _LONE), 0.36, 0.06)
    son = head - 21 - rng.random(len(sizes)) * 6
    age = _ages(letter, head[household], son[household], order, rng)
    female = _sexes(letter, woman_head[household], rng)
    role = _roles(letter, female)
    least = youngest[household]
    age = np.where(age < least, least + rng.random(len(age)) * 1.5, age)
    return People(household, role, female, age, order)


def _matrix() -> tuple[Ints, npt.NDArray[np.float64]]:
    members = np.zeros((len(TEMPLATES), LARGEST), np.int64)
    for index, (text, *_) in enumerate(TEMPLATES):
        members[index, : len(text)] = [_LETTERS.index(letter) for letter in text]
    return members, np.array([(low, high) for _, _, low, high in TEMPLATES], float)


_MEMBERS, _AGES = _matrix()
_LONE = np.array([index for index, (text, *_) in enumerate(TEMPLATES) if "S" not in text])


def _choose(sizes: Ints, rng: np.random.Generator) -> Ints:
    template = np.zeros(len(sizes), np.int64)
    for size in range(1, LARGEST + 1):
        here = np.flatnonzero(sizes == size)
        fits = [index for index, (text, *_) in enumerate(TEMPLATES) if len(text) == size]
        odds = np.array([TEMPLATES[index][1] for index in fits])
        template[here] = rng.choice(fits, len(here), p=odds / odds.sum())
    return template


def _ages(
    letter: Ints, head: npt.NDArray[np.float64], son: npt.NDArray[np.float64], order: Ints, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    n, u = len(letter), rng.random(len(letter))
    child = head - 21 - u * 12 - (order > 2) * 2.5
    return np.select(
        [letter == 0, letter == 1, letter == 2, letter == 3, letter == 4, letter == 5],
        [
            head,
            np.maximum(head + rng.normal(-1.6, 1.8, n).clip(-5, 3), 22.0 + u),
            np.maximum(child, u * 2.5),
            son,
            np.maximum(son + (u - 0.6) * 3, 20.5),
            np.maximum(son - 20 - u * 8, u * 1.8),
        ],
        np.minimum(head + 20.5 + u * 9, 98.0 + u),
    )


def _sexes(letter: Ints, woman_head: Bools, rng: np.random.Generator) -> Bools:
    drawn = rng.random(len(letter)) < 0.485
    fixed = [letter == 0, letter == 1, letter == 3, letter == 4, letter == 6, letter == 7]
    return np.select(fixed, [woman_head, ~woman_head, False, True, False, True], drawn).astype(bool)


def _roles(letter: Ints, female: Bools) -> Ints:
    return np.select(
        [letter == 0, letter == 1, letter == 4, letter == 6, letter == 7, letter == 5],
        [HEAD, SPOUSE, SON_WIFE, FATHER, MOTHER, np.where(female, GRANDDAUGHTER, GRANDSON)],
        np.where(female, DAUGHTER, SON),
    ).astype(np.int64)
