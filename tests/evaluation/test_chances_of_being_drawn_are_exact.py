"""A chance is two whole numbers, and a draw is the same in whatever order its rows come."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.evaluation.draw import (
    apportioned,
    below,
    draw_alike,
    draw_by_size,
    reserve_of,
)
from jingzhun.measurement import NotMeasurable

villages = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), st.integers(1, 400), min_size=1, max_size=30)


@given(sizes=villages, units=st.integers(0, 35), seed=st.integers(0, 2**31))
def test_chances_add_up_to_the_number_drawn(sizes: dict[str, int], units: int, seed: int) -> None:
    drawn = draw_by_size(sizes, units, 3, seed, "s")
    taken = [one for one in drawn if not one.reserve]
    assert len(taken) == len({one.code for one in taken}) == min(units, len(sizes))
    certain = [one.code for one in taken if one.certain]
    left = len(taken) - len(certain)
    rest = sum(size for code, size in sizes.items() if code not in certain)
    for one in drawn:
        if not one.certain:
            assert Fraction(one.part, one.whole) == Fraction(left * sizes[one.code], rest) < 1
    assert all(one.whole == 1 for one in taken if one.certain)


@given(sizes=villages, units=st.integers(0, 20), seed=st.integers(0, 2**31))
def test_the_draw_does_not_depend_on_the_order_of_rows(sizes: dict[str, int], units: int, seed: int) -> None:
    backwards = dict(reversed(list(sizes.items())))
    assert draw_by_size(sizes, units, 2, seed, "s") == draw_by_size(backwards, units, 2, seed, "s")
    assert draw_alike(list(sizes), units, 2, seed) == draw_alike(list(backwards), units, 2, seed)


def test_a_village_too_large_for_chance_is_taken_for_certain_and_the_others_by_what_is_left() -> None:
    drawn = draw_by_size({"big": 60, "a": 10, "b": 20, "c": 10}, 2, 0, 1, "s")
    assert next((one.code, one.certain) for one in drawn) == ("big", True)
    assert {(one.part, one.whole) for one in drawn[1:]} <= {(1, 4), (1, 2)}


def test_removing_a_certain_village_may_make_the_next_one_certain() -> None:
    drawn = draw_by_size({"a": 100, "b": 30, "c": 10, "d": 10}, 2, 0, 1, "s")
    assert [one.code for one in drawn if one.certain] == ["a"]
    drawn = draw_by_size({"a": 100, "b": 30, "c": 10, "d": 10}, 3, 0, 1, "s")
    assert [one.code for one in drawn if one.certain] == ["a", "b"]


def test_reserves_are_others_in_an_order_and_keep_the_chance_of_their_stratum() -> None:
    drawn = draw_alike([f"h{n}" for n in range(20)], 6, 4, 11, "s")
    waiting = [one for one in drawn if one.reserve]
    assert [one.place for one in waiting] == [1, 2, 3, 4]
    assert {one.code for one in waiting}.isdisjoint({one.code for one in drawn if not one.reserve})
    assert {(one.part, one.whole) for one in drawn} == {(3, 10)}


def test_households_are_as_often_drawn_as_their_chance_says() -> None:
    codes = [f"h{n}" for n in range(8)]
    often = Counter(one.code for seed in range(4000) for one in draw_alike(codes, 2, 0, seed, "s") if not one.reserve)
    assert set(often) == set(codes)
    # 4,000 draws of 2 in 8: 1,000 each, standard deviation 27.
    assert all(abs(times - 1000) < 5 * 28 for times in often.values())


def test_a_lot_is_below_its_limit_and_every_number_comes() -> None:
    assert {below(5, seed, "x") for seed in range(200)} == {0, 1, 2, 3, 4}


@given(
    total=st.integers(0, 200),
    parts=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 60)), min_size=1, max_size=8),
)
def test_a_number_shared_out_is_whole_and_within_its_limits(total: int, parts: list[tuple[int, int]]) -> None:
    weights, most = [one for one, _ in parts], [one for _, one in parts]
    shares = apportioned(total, weights, most)
    assert sum(shares) == min(total, sum(most))
    assert all(0 <= share <= limit for share, limit in zip(shares, most, strict=True))


def test_numbers_are_shared_by_largest_remainders() -> None:
    assert apportioned(19, [9, 20], [99, 99]) == [6, 13]
    assert apportioned(10, [9, 20], [99, 99]) == [3, 7]
    assert apportioned(675, [1] * 29, [99] * 29) == [24] * 8 + [23] * 21


def test_what_does_not_fit_goes_to_the_others() -> None:
    assert apportioned(19, [9, 20], [2, 99]) == [2, 17]
    assert apportioned(10, [1, 1, 1], [2, 20, 20]) == [2, 4, 4]


def test_a_reserve_is_rounded_up_and_never_more_than_there_are() -> None:
    assert reserve_of(3, Fraction(30), 10) == 1
    assert reserve_of(10, Fraction(30), 2) == 2
    assert reserve_of(0, Fraction(30), 5) == 0


def test_sizes_beyond_whole_numbers_are_refused_in_a_sentence() -> None:
    with pytest.raises(NotMeasurable, match="do not fit in 64 bits"):
        draw_by_size({"a": 2**52, "b": 2**52} | {f"v{n}": 2**52 for n in range(2000)}, 20, 0, 1, "s")
