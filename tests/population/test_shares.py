"""Totals split without losing or gaining a unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.population.shares import amounts, residual_sizes, share, sizes, spread


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 100), min_size=1, max_size=40))
def test_shares_add_up_and_are_close_to_their_weights(total: int, weights: list[float]) -> None:
    parts = share(total, weights)
    assert parts.sum() == total
    assert (abs(parts - total * np.array(weights) / sum(weights)) < 1 + 1e-6).all()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.data())
def test_shares_keep_within_their_limits(limits: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(limits)))
    parts = share(total, [1.0] * len(limits), limits)
    assert parts.sum() == total
    assert (parts <= np.array(limits)).all()


def test_shares_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        share(10, [1.0, 1.0], [4, 5])


@given(st.integers(1, 300), st.data(), st.integers(0, 2**32 - 1))
def test_household_sizes_add_up_to_the_persons(households: int, data: st.DataObject, seed: int) -> None:
    persons = data.draw(st.integers(households, households * 8))
    drawn = sizes(households, persons, np.random.default_rng(seed))
    assert len(drawn) == households
    assert drawn.sum() == persons
    assert 1 <= drawn.min() <= drawn.max() <= 8


@given(st.integers(1, 200), st.integers(1, 10**9), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_amounts_add_up(count: int, total: int, seed: int) -> None:
    assert amounts(count, total, np.random.default_rng(seed), step=100).sum() == total


@given(st.integers(0, 5_000), st.integers(0, 2**32 - 1))
def test_everyone_left_over_is_housed(persons: int, seed: int) -> None:
    drawn = residual_sizes(persons, np.random.default_rng(seed), (1, 2, 3, 2, 1))
    assert drawn.sum() == persons
    assert (drawn >= 1).all()


@given(st.integers(0, 500), st.integers(0, 2**32 - 1))
def test_spreading_follows_the_weights(count: int, seed: int) -> None:
    weights = np.array([1.0, 2.0, 5.0])
    found = np.bincount(spread(count, weights, np.random.default_rng(seed)), minlength=3)
    assert (abs(found - count * weights / 8) < 2).all()
