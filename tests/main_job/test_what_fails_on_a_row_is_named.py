"""An expression that is sound by itself and fails on somebody's row is told by its name, and shows nobody's number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jingzhun.pipeline import compared, computed, screened
from jingzhun.policy import load_pack
from jingzhun.policy.binding import FailsOnData
from tests.main_job.conftest import Done

PACK = load_pack("luliang_2018")
FAILS = "CAST(id_number AS DATE) IS NULL"
NUMBER = re.compile(r"[0-9]{15}")


def told(error: FailsOnData, name: str) -> None:
    assert name in error.zh and name in error.en
    assert "TRY_CAST" in error.zh and "TRY_CAST" in error.en
    assert not NUMBER.search(error.zh + error.en)


def test_a_rule(county: Done) -> None:
    rule = PACK.rules["A11"].model_copy(update={"broken": FAILS})
    with (
        pytest.raises(FailsOnData) as failed,
        screened(county.snapshot, replace(PACK, rules=PACK.rules | {"A11": rule})),
    ):
        pass
    told(failed.value, "A11")


def test_a_check(county: Done) -> None:
    check = PACK.comparison_checks["X01"].model_copy(update={"lead": "CAST(l.id_number AS DATE) IS NULL"})
    pack = replace(PACK, comparison_checks=PACK.comparison_checks | {"X01": check})
    with pytest.raises(FailsOnData) as failed, compared(county.snapshot, pack):
        pass
    told(failed.value, "X01")


def test_an_indicator(county: Done) -> None:
    indicator = next(one for one in PACK.indicators.values() if one.numerator.table == "person")
    numerator = indicator.numerator.model_copy(update={"where": FAILS})
    mistaken = indicator.model_copy(update={"numerator": numerator})
    pack = replace(PACK, indicators=PACK.indicators | {indicator.id: mistaken})
    with pytest.raises(FailsOnData) as failed, computed(county.snapshot, pack):
        pass
    told(failed.value, indicator.id)
