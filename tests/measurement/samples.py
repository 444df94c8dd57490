"""Small samples that hypothesis draws: incomes with ties, weights that are whole numbers, and groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingzhun.measurement.measured import Floats, Measured

Measure = Callable[[Floats, Floats], Measured]
quick = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
"""The same cases in every run: a twin that is caught is caught always."""


@st.composite
def samples(draw: st.DrawFn, *, least: int = 5, most: int = 20) -> tuple[Floats, Floats]:
    """Incomes between 1 and 400, some of them the same, and how many each row stands for."""
    rows = draw(st.integers(least, most))
    incomes = draw(st.lists(st.integers(1, 400), min_size=rows, max_size=rows))
    weights = draw(st.lists(st.integers(1, 9), min_size=rows, max_size=rows))
    return np.array(incomes, np.float64), np.array(weights, np.float64)


def for_any(check: Callable[[Floats, Floats], None], *, least: int = 5) -> None:
    """Hold a check against many samples."""

    @quick
    @given(samples(least=least))
    def held(drawn: tuple[Floats, Floats]) -> None:
        check(*drawn)

    held()
