"""Drawing a sample: units with chances in proportion to their size, or all with the same, in many strata at once.

A draw depends on the seed, the units' keys and what is given of them, never on the order of rows or the machine: units
are brought into the order of their keys, and random numbers are the raw words of a counter-based generator (Philox;
Salmon et al. 2011), whose stream numpy promises to keep. Chances are exact fractions of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jingzhun.measurement.cells import Codes
from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.usable_rows import numbers_of

Words = NDArray[np.uint64]
Draws = int | Mapping[Any, int]
"""How many units are drawn of every stratum: one number for all of them, or one for each by its value."""
LARGEST = 2**62
"""Draws times the sizes of a stratum stay below this, so that 64 bits hold them."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which units were drawn, and the chance of every unit to be drawn; all arrays (units,) in the order given.

    The chance is ``numerator / denominator``, whole numbers; in every stratum chances add up to the number drawn, as
    fractions without rounding. ``certain`` units are drawn whatever the random numbers.
    """

    drawn: Flags
    certain: Flags
    numerator: Codes
    denominator: Codes

    @property
    def probabilities(self) -> Floats:
        return np.asarray(self.numerator / self.denominator, np.float64)

    @property
    def weights(self) -> Floats:
        """One over the chance, 0 for units that were not drawn."""
        return np.where(self.drawn, self.denominator / np.maximum(self.numerator, 1), 0.0)


Starts = Callable[[Codes], Codes]
"""Where the pointer of each stratum starts: a whole number from 0 on below each of the totals given, equally likely."""


def systematic_pps(
    sizes: ArrayLike, strata: ArrayLike, draws: Draws, seed: int | Starts, *, key: ArrayLike
) -> Selection:
    """Draw units with chances in proportion to ``sizes`` (units,), systematically in the order of ``key`` (units,).

    ``sizes`` are whole numbers from 0 on (people, households); a size of 0 is never drawn. ``strata`` (units,) are
    drawn from apart; ``draws`` says how many of each. ``key`` tells units of a stratum apart; its order spreads the
    sample, as codes of places do over an area. Units whose expected count exceeds 1 are drawn with certainty, the
    others' chances worked out anew without them, until no count exceeds 1 (Särndal, Swensson and Wretman 1992, 3.6).
    A random start among the whole numbers of a step makes every chance exact; two neighbours may never be drawn
    together, so variances are approximate (see ``Unequal``). ``seed`` may also be the starts, by a source of luck of
    one's own: strata in the order of their values. Raises ``NotMeasurable``.
    """
    given = _sizes(sizes)
    layers = _layers(strata, draws, key, given.shape, given > 0)
    size = given[layers.order]
    largest = int(layers.number.max(initial=0)) * int(layers.sums(size).max(initial=0))
    if largest >= LARGEST:
        raise NotMeasurable(
            "sizes：规模乘以抽取数超过 64 位整数的范围；请改用较大的单位（如户而不是元）。",
            "sizes: sizes times draws do not fit in 64 bits; give them in a larger unit.",
        )
    certain, left, total = _certain(size, layers)
    steps = np.where(certain, 0, size)
    reached = left[layers.of] * (np.cumsum(steps) - np.repeat(layers.sums_before(steps), layers.units))
    below = seed if callable(seed) else lambda limits: _below(limits, _words(seed))
    start = below(np.maximum(total, 1))[layers.of]
    step = np.maximum(total, 1)[layers.of]
    points = -((start - reached) // step)  # how many of start, start + step, … lie below
    before = -((start - (reached - left[layers.of] * steps)) // step)
    drawn = certain | (points > before)
    numerator = np.where(certain, 1, left[layers.of] * size)
    denominator = np.where(certain, 1, step)
    return layers.selection(drawn, numerator == denominator, numerator, denominator)


def simple_random(strata: ArrayLike, draws: Draws, seed: int, *, key: ArrayLike) -> Selection:
    """Draw ``draws`` units of each of ``strata`` (units,) without replacement, all with the same chance.

    ``key`` (units,) tells the units of a stratum apart. Raises ``NotMeasurable``.
    """
    labels = np.asarray(strata)
    layers = _layers(labels, draws, key, labels.shape, np.ones(labels.shape, np.bool_))
    rank = np.empty(len(layers.of), np.int64)
    by_word = np.lexsort((_words(seed).random_raw(len(layers.of)), layers.of))
    rank[by_word] = np.arange(len(layers.of)) - np.repeat(layers.starts, layers.units)
    number, units = layers.number[layers.of], layers.units[layers.of]
    return layers.selection(rank < number, number == units, number, units)


@dataclass(frozen=True, slots=True, eq=False)
class _Layers:
    """Units by stratum and key: ``order`` (units,) brings rows there, ``of`` (units,) is each one's stratum there.

    By stratum: where it ``starts``, how many ``units`` it has and what ``number`` of them is drawn.
    """

    order: Codes
    of: Codes
    starts: Codes
    units: Codes
    number: Codes

    def sums(self, values: Codes) -> Codes:
        return np.add.reduceat(values, self.starts)

    def sums_before(self, values: Codes) -> Codes:
        """The running sum up to where each stratum starts."""
        sums = self.sums(values)
        return np.cumsum(sums) - sums

    def selection(self, drawn: Flags, certain: Flags, numerator: Codes, denominator: Codes) -> Selection:
        back = np.empty_like(self.order)
        back[self.order] = np.arange(len(back))
        return Selection(drawn[back], certain[back], numerator[back], denominator[back])


def _layers(strata: ArrayLike, draws: Draws, key: ArrayLike, shape: tuple[int, ...], able: Flags) -> _Layers:
    """Units in order, after all that is wrong with them was refused; only units that are ``able`` can be drawn."""
    labels, keys = _labels("strata", strata, shape), _labels("key", key, shape)
    if not len(labels):
        raise NotMeasurable("strata：没有任何单元可抽。", "strata: there is no unit to draw from.")
    values, of = np.unique(labels, return_inverse=True)
    told, rank = np.unique(keys, return_inverse=True)
    place = of * len(told) + rank
    order = np.argsort(place, kind="stable")
    twice = np.zeros(len(place), np.bool_)
    twice[order[1:]] = place[order[1:]] == place[order[:-1]]
    refuse(
        twice,
        "key",
        ("与同层的另一单元编号相同", "请更正，或去掉重复的行"),
        ("stand twice in their stratum", "correct"),
    )
    units = np.bincount(of)
    number = _numbers(values, draws)
    _enough(values, number, np.bincount(of, able, len(values)).astype(np.int64))
    return _Layers(order, of[order], np.cumsum(units) - units, units, number)


def _sizes(sizes: ArrayLike) -> Codes:
    given = numbers_of("sizes", sizes)
    if given.ndim != 1:
        raise NotMeasurable("sizes：应为一列数，每个单元一个。", "sizes: give one number for each unit.")
    refuse(~np.isfinite(given), "sizes", ("没有规模", "请补上，确实没有的写 0"), ("have no size", "give 0 where none"))
    refuse(given < 0, "sizes", ("规模为负", "请更正"), ("have a negative size", "correct them"))
    refuse(
        (given != np.floor(given)) | (given >= 2**53),
        "sizes",
        ("规模不是整数，或过大", "请给出人数、户数一类的整数"),
        ("have a size that is no whole number below 2^53", "give whole numbers, as of people or households"),
    )
    return given.astype(np.int64)


def _labels(argument: str, column: ArrayLike, shape: tuple[int, ...]) -> NDArray[Any]:
    values = np.asarray(column)
    if values.shape != shape or values.ndim != 1:
        raise NotMeasurable(
            f"{argument}：有 {values.size:,} 个值，单元有 {int(np.prod(shape)):,} 个；每个单元应有一个。",
            f"{argument}: {values.size:,} values for {int(np.prod(shape)):,} units; there must be one for each.",
        )
    if values.dtype.kind in "Of":
        empty = np.array([value is None or value != value for value in values], np.bool_)
        refuse(empty, argument, ("没有值", "请补上"), ("are empty", "fill them in"))
        return values.astype(str) if values.dtype.kind == "O" else values
    return values


def _numbers(values: NDArray[Any], draws: Draws) -> Codes:
    """How many are drawn of each stratum, in the order of ``values``."""
    if not isinstance(draws, Mapping):
        wanted = {str(value): draws for value in values.tolist()}
    else:
        wanted = {str(value): number for value, number in draws.items()}
    told = [str(value) for value in values.tolist()]
    if empty := [name for name in wanted if name not in set(told)]:
        raise NotMeasurable(
            f"draws：{len(empty)} 层没有任何单元（{'、'.join(empty[:5])}）；请核对层名，或去掉这些层。",
            f"draws: {len(empty)} strata have no unit ({', '.join(empty[:5])}); check their names, or leave them out.",
        )
    if absent := [name for name in told if name not in wanted]:
        raise NotMeasurable(
            f"draws：{len(absent)} 层没有写抽几个（{'、'.join(absent[:5])}）；不抽的请写 0。",
            f"draws: {len(absent)} strata have no number to draw ({', '.join(absent[:5])}); give 0 for none.",
        )
    if wrong := [name for name in told if not _is_count(wanted[name])]:
        raise NotMeasurable(
            f"draws：{'、'.join(wrong[:5])} 的抽取数应为不小于 0 的整数。",
            f"draws: the numbers to draw of {', '.join(wrong[:5])} must be whole and not below 0.",
        )
    return np.array([int(wanted[name]) for name in told], np.int64)


def _is_count(number: object) -> bool:
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool) and int(number) >= 0


def _enough(values: NDArray[Any], number: Codes, able: Codes) -> None:
    short = np.flatnonzero(number > able)
    if not len(short):
        return
    listed = [f"{values[at]} {int(number[at])}/{int(able[at])}" for at in short[:5]]
    raise NotMeasurable(
        f"draws：{len(short)} 层要抽的多于可抽的单元（层 要抽/可抽：{'、'.join(listed)}）；规模为 0 的不可抽。"
        "请减少抽取数或合并层。",
        f"draws: {len(short)} strata have too few units to draw from (stratum wanted/there: {', '.join(listed)}); "
        "those of size 0 cannot be. Draw fewer, or join strata.",
    )


def _certain(size: Codes, layers: _Layers) -> tuple[Flags, Codes, Codes]:
    """The certainty units, and by stratum how many are left to draw and the size of what they are drawn from."""
    certain = np.zeros(len(size), np.bool_)
    while True:
        total = layers.sums(np.where(certain, 0, size))
        left = layers.number - layers.sums(certain.astype(np.int64))
        more = ~certain & (left[layers.of] * size > total[layers.of])
        if not more.any():
            return certain, left, total
        certain |= more


def _words(seed: int) -> np.random.Philox:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**64:
        raise NotMeasurable(
            f"seed：“{seed}”应为 0 到 2^64-1 的整数，并写入抽样记录。",
            f"seed: {seed!r} must be a whole number from 0 to 2^64-1; keep it with the sample.",
        )
    return np.random.Philox(key=int(seed))


def _below(limits: Codes, words: np.random.Philox) -> Codes:
    """A whole number from 0 on below each limit, all equally likely: words beyond the last whole multiple are drawn
    again."""
    bound = limits.astype(np.uint64)
    highest = np.uint64(2**64 - 1)
    over = (highest % bound + np.uint64(1)) % bound
    found = np.zeros(len(bound), np.int64)
    open_ = np.arange(len(bound))
    while len(open_):
        word: Words = words.random_raw(len(open_))
        fits = word <= highest - over[open_]
        found[open_[fits]] = (word[fits] % bound[open_[fits]]).astype(np.int64)
        open_ = open_[~fits]
    return found
