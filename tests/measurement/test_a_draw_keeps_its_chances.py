"""Drawn units have exactly the chances that are told of them, whatever the order of rows; a biased draw is caught."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.measurement import selection
from jingzhun.measurement.cells import Codes
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.selection import Selection, simple_random, systematic_pps
from tests.measurement.samples import quick


class Frame:
    """A made-up frame of villages: townships, sizes with zeros and giants, how many are drawn of each township."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        n = int(draw.integers(12, 60))
        self.strata = np.array([f"镇{at}" for at in draw.integers(0, 4, n)])
        self.sizes = draw.integers(0, 30, n) * draw.choice([0, 1, 1, 1, 20], n)
        self.key = draw.permutation(10 * n)[:n]
        able = {name: int(((self.strata == name) & (self.sizes > 0)).sum()) for name in set(self.strata)}
        self.draws = {name: int(draw.integers(0, number + 1)) for name, number in able.items()}

    def drawn(self, seed: int, order: Codes | None = None) -> Selection:
        at = np.arange(len(self.sizes)) if order is None else order
        return systematic_pps(self.sizes[at], self.strata[at], self.draws, seed, key=self.key[at])


def holds(found: Selection, frame: Frame) -> None:
    """The totals of a draw: as many as asked for, chances that add up to it, no zero drawn, every certainty drawn."""
    for name, number in frame.draws.items():
        inside = np.flatnonzero(frame.strata == name)
        assert found.drawn[inside].sum() == number
        chances = [Fraction(int(found.numerator[at]), int(found.denominator[at])) for at in inside]
        assert sum(chances, Fraction(0)) == number
        assert all(0 <= chance <= 1 for chance in chances)
        uncertain = [at for at in inside if not found.certain[at]]
        left = number - int(found.certain[inside].sum())
        everything = int(frame.sizes[uncertain].sum())
        for at, chance in zip(inside, chances, strict=True):
            assert chance == (1 if found.certain[at] else Fraction(left * int(frame.sizes[at]), everything or 1))
    assert not found.drawn[frame.sizes == 0].any()
    assert found.drawn[found.certain].all()


@quick
@given(seed=st.integers(0, 100_000))
def test_every_stratum_gets_its_number_and_chances_add_up_to_it_exactly(seed: int) -> None:
    frame = Frame(seed)
    holds(frame.drawn(seed + 1), frame)


@quick
@given(seed=st.integers(0, 100_000))
def test_the_order_of_rows_does_not_matter_and_the_seed_does(seed: int) -> None:
    frame = Frame(seed)
    order = np.random.default_rng(seed).permutation(len(frame.sizes))
    one, other = frame.drawn(5), frame.drawn(5, order)
    assert (one.drawn[order] == other.drawn).all()
    assert (one.numerator[order] == other.numerator).all()
    simple = {name: int((frame.strata == name).sum()) // 2 for name in set(frame.strata)}
    first = simple_random(frame.strata, simple, 5, key=frame.key)
    again = simple_random(frame.strata[order], simple, 5, key=frame.key[order])
    assert (first.drawn[order] == again.drawn).all()


def test_a_seed_draws_the_same_units_for_ever() -> None:
    """Figures of this draw were told to the people who visit the villages: they must not change with a version."""
    sizes, strata, key = np.arange(1, 41), np.arange(40) % 2, np.arange(40)
    assert np.flatnonzero(systematic_pps(sizes, strata, 4, 2018, key=key).drawn).tolist() == [
        9,
        16,
        21,
        26,
        29,
        32,
        35,
        38,
    ]
    assert np.flatnonzero(simple_random(strata, 4, 2018, key=key).drawn).tolist() == [0, 3, 11, 12, 13, 14, 28, 33]


def every_start(frame: Frame, monkeypatch: pytest.MonkeyPatch) -> tuple[Codes, Codes]:
    """How often each unit is drawn over all starts there are, and how many these are, by unit."""
    chances = frame.drawn(0)
    often, steps = np.zeros(len(frame.sizes), np.int64), chances.denominator
    for start in range(int(steps.max())):
        monkeypatch.setattr(selection, "_below", lambda limits, _words, start=start: np.minimum(start, limits - 1))
        often += np.where(start < steps, frame.drawn(0).drawn, 0)
    return often, steps


@pytest.mark.parametrize("seed", range(6))
def test_over_all_starts_each_unit_is_drawn_as_often_as_its_chance_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = Frame(seed)
    chances = frame.drawn(0)
    often, steps = every_start(frame, monkeypatch)
    assert (often * chances.denominator == chances.numerator * steps).all()


def far_from(chance: Any, often: Any, times: int) -> float:
    """The largest distance of frequencies from chances, in standard errors; endless where what is certain is missed."""
    spread = np.sqrt(chance * (1 - chance) / times)
    apart = np.abs(often / times - chance)
    return float(np.max(np.where(spread > 0, apart / np.where(spread > 0, spread, 1), np.where(apart > 0, np.inf, 0))))


def often_drawn(draw: Callable[[int], Selection], times: int = 1500) -> tuple[Any, Any]:
    first = draw(0)
    return first.probabilities, np.sum([draw(seed).drawn for seed in range(times)], axis=0)


FRAME = Frame(11)
SOME = dict.fromkeys(sorted(set(FRAME.strata)), 2)
DRAWS: dict[str, Callable[[int], Selection]] = {
    "pps": FRAME.drawn,
    "simple": lambda seed: simple_random(FRAME.strata, SOME, seed, key=FRAME.key),
}


@pytest.mark.parametrize("way", DRAWS)
def test_many_draws_come_near_the_chances(way: str) -> None:
    chance, often = often_drawn(DRAWS[way])
    assert far_from(chance, often, 1500) < 4.5


def _first_half(limits: Codes, words: np.random.Philox) -> Codes:
    return selection_below(limits, words) // 2


selection_below = selection._below


def test_starts_from_half_of_the_step_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_below", _first_half)
    chance, often = often_drawn(FRAME.drawn)
    assert far_from(chance, often, 1500) > 4.5


def test_certainties_found_only_once_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking out a giant may make the next one certain: who looks once gives a chance above 1."""

    def once(size: Codes, layers: Any) -> tuple[Any, Codes, Codes]:
        certain = layers.number[layers.of] * size > layers.sums(size)[layers.of]
        return certain, layers.number - layers.sums(certain.astype(np.int64)), layers.sums(np.where(certain, 0, size))

    frame = Frame(0)
    frame.strata, frame.key, frame.draws = np.array(["镇"] * 5), np.arange(5), {"镇": 3}
    frame.sizes = np.array([100, 9, 3, 3, 2])
    holds(frame.drawn(1), frame)
    assert frame.drawn(1).certain.tolist() == [True, True, False, False, False]
    monkeypatch.setattr(selection, "_certain", once)
    with pytest.raises(AssertionError):
        holds(frame.drawn(1), frame)


KEYS = ["a", "b", "c", "d"]
REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "negative sizes": (
        lambda: systematic_pps([1, -2, -3, 1], [1] * 4, 1, 0, key=KEYS),
        "sizes：2 行规模为负（行 1、2，",
        "sizes: 2 rows have a negative size (rows 1, 2,",
    ),
    "a missing size": (
        lambda: systematic_pps([1, np.nan, 3, 1], [1] * 4, 1, 0, key=KEYS),
        "sizes：1 行没有规模（行 1，",
        "sizes: 1 rows have no size",
    ),
    "a broken size": (
        lambda: systematic_pps([1, 2.5, 3, 1], [1] * 4, 1, 0, key=KEYS),
        "规模不是整数",
        "no whole number",
    ),
    "sizes that are too large": (
        lambda: systematic_pps([2**52] * 1024, [1] * 1024, 2, 0, key=range(1024)),
        "sizes：规模乘以抽取数超过 64 位",
        "sizes: sizes times draws do not fit in 64 bits",
    ),
    "strata of other units": (
        lambda: systematic_pps([1, 2, 3, 1], [1], 1, 0, key=KEYS),
        "strata：有 1 个值，单元有 4 个",
        "strata: 1 values for 4 units",
    ),
    "more draws than units of a size": (
        lambda: systematic_pps([1, 0, 3, 1], [1, 1, 2, 2], 2, 0, key=KEYS),
        "draws：1 层要抽的多于可抽的单元（层 要抽/可抽：1 2/1）",
        "1 strata have too few units to draw from (stratum wanted/there: 1 2/1)",
    ),
    "an empty stratum": (
        lambda: systematic_pps([1, 2, 3, 1], ["x"] * 4, {"x": 1, "y": 1}, 0, key=KEYS),
        "draws：1 层没有任何单元（y）",
        "draws: 1 strata have no unit (y)",
    ),
    "a stratum without a number": (
        lambda: simple_random(["x", "x", "y", "y"], {"x": 1}, 0, key=KEYS),
        "draws：1 层没有写抽几个（y）",
        "draws: 1 strata have no number to draw (y)",
    ),
    "half a unit": (
        lambda: simple_random(["x"] * 4, 0.5, 0, key=KEYS),  # type: ignore[arg-type]
        "应为不小于 0 的整数",
        "must be whole and not below 0",
    ),
    "a key that stands twice": (
        lambda: simple_random(["x"] * 4, 1, 0, key=["a", "b", "a", "a"]),
        "key：2 行与同层的另一单元编号相同（行 2、3，",
        "key: 2 rows stand twice in their stratum (rows 2, 3,",
    ),
    "a key that is missing": (
        lambda: simple_random(["x"] * 4, 1, 0, key=["a", None, "c", "d"]),
        "key：1 行没有值（行 1，",
        "key: 1 rows are empty (rows 1,",
    ),
    "a seed below zero": (lambda: simple_random(["x"] * 4, 1, -1, key=KEYS), "seed：“-1”", "seed: -1 must be"),
    "nothing to draw from": (lambda: simple_random([], 1, 0, key=[]), "没有任何单元可抽", "no unit to draw from"),
}


@pytest.mark.parametrize(("ask", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused(ask: Callable[[], object], zh: str, en: str) -> None:
    with pytest.raises(NotMeasurable) as refused:
        ask()
    assert zh in refused.value.zh
    assert en in refused.value.en
