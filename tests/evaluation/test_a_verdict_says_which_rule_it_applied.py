"""Each rate is held against the limit in force: by the official figure, as the rule has it, and by our bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jingzhun.evaluation.verdict import keeps, limit_of
from jingzhun.model.evaluation_report import Limit
from jingzhun.policy import NoValue
from tests.evaluation.invented import AS_OF, case, evidence, pack, report, result, visits


def limit(rate: str) -> Limit:
    found = limit_of(pack(), pack().rates[rate], AS_OF)
    assert found is not None
    return found


def test_a_rate_on_its_limit_does_not_keep_it() -> None:
    assert keeps(limit("wrong_exit"), 0.0199) is True
    assert keeps(limit("wrong_exit"), 0.02) is False
    assert keeps(limit("approval"), 0.9) is False
    assert keeps(limit("approval"), 0.9001) is True
    assert keeps(limit("approval"), None) is None


def test_the_limit_names_its_parameter_day_and_source() -> None:
    found = limit("omission")
    assert (found.parameter, found.percent, found.since, found.source) == (
        "omission_rate_max",
        Decimal(2),
        date(2016, 4, 23),
        "P8b, P9, P12",
    )
    verdict = result(report(), "omission").verdict
    assert verdict is not None
    assert all(part in verdict.says.zh for part in ("omission_rate_max", "2016-04-23", "P8b, P9, P12", "0 / 288"))


def test_the_limit_of_the_west_holds_where_the_pack_says_so() -> None:
    western = replace(pack(), meta=pack().meta.model_copy(update={"scopes": ("west",)}))
    assert limit("composite").percent == 2
    found = limit_of(western, western.rates["composite"], AS_OF)
    assert found is not None and (found.percent, found.scope) == (3, "west")


def test_a_day_without_a_limit_is_refused() -> None:
    with pytest.raises(NoValue, match="wrong_exit_rate_max"):
        limit_of(pack(), pack().rates["wrong_exit"], date(2010, 1, 1))


def test_a_small_sample_keeps_the_official_rule_and_not_the_bound() -> None:
    verdict = result(report(), "wrong_exit").verdict
    assert verdict is not None
    assert (verdict.by_point, verdict.by_bound) == (True, False)
    assert "样本不能排除" in verdict.says.zh and "draw a larger one" in verdict.says.en


def test_approval_is_held_against_its_lower_bound() -> None:
    found = result(report(evidence(visits({"0E00": {"acknowledged": False}}))), "approval")
    assert found.verdict is not None and found.design is not None and found.design.least is not None
    assert found.verdict.by_point is True
    assert found.verdict.by_bound is (found.design.least > 0.9)
    assert "下界" in found.verdict.says.zh and "lower bound" in found.verdict.says.en


def test_too_many_wrong_exits_are_a_veto_under_both() -> None:
    verdict = result(report(evidence(cases=[case(1, "0E00", "疑似错退")])), "wrong_exit").verdict
    assert verdict is not None and (verdict.by_point, verdict.by_bound) == (False, False)
    assert "3 / 72 = 4.17%，未达标" in verdict.says.zh


def test_what_open_cases_could_change_is_part_of_the_verdict() -> None:
    verdict = result(report(evidence(cases=[case(1, "0E00", "疑似错退", None)])), "wrong_exit").verdict
    assert verdict is not None
    assert (verdict.by_point, verdict.by_point_if_upheld) == (True, False)


def test_the_errors_of_the_register_are_told_and_not_judged() -> None:
    found = report()
    assert result(found, "inclusion_error").verdict is None
    assert result(found, "exclusion_error").verdict is None
