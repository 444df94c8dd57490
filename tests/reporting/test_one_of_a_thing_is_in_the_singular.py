"""An English sheet says 1 county and 2 counties; Chinese knows no plural, and a measure such as yuan has none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jingzhun.reporting.wording import UNITS, counted_unit


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "counties", "county"),
        (2, "counties", "counties"),
        (0, "villages", "villages"),
        (1, "villages (at least)", "village"),
        (1, "industries", "industry"),
        (1, "bases", "base"),
        (1, "yuan", "yuan"),
        (1, "10k persons", "10k persons"),
        (None, "persons", "persons"),
    ],
)
def test_the_unit_fits_its_number(value: int | None, unit: str, said: str) -> None:
    number = None if value is None else Decimal(value)
    assert counted_unit(unit, number, "en") == said
    assert counted_unit(unit, number, "zh") == counted_unit(unit, Decimal(7), "zh")


def test_every_unit_in_the_plural_has_a_singular() -> None:
    plural = [unit for unit, (_, en) in UNITS.items() if en.endswith("s") and not en.startswith(("10k", "100m"))]
    assert plural
    assert [unit for unit in plural if counted_unit(unit, Decimal(1), "en").endswith("s")] == []
