"""Dated values: which one holds on a day, in which scope, and what is said when there is none."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.policy import NoValue, Pack


@pytest.mark.parametrize(
    ("year", "scope", "yuan"),
    [
        (2014, "national", 2800),
        (2015, "national", 2855),
        (2016, "national", 2952),
        (2018, "national", 2995),
        (2020, "national", 4000),
        (2018, "hunan", 3200),
        (2016, "xinjiang", 2855),
        (2018, "shanxi", 3500),
    ],
)
def test_the_line_of_an_income_year_and_scope(pack: Pack, year: int, scope: str, yuan: int) -> None:
    assert pack.number("exit_line", date(year, 12, 31), scope) == yuan


def test_without_a_scope_the_pack_says_which_one_it_uses(pack: Pack) -> None:
    value = pack.parameter_value("exit_line", date(2018, 12, 31))
    assert (value.scope, value.value) == (pack.meta.scopes[0], Decimal(2995))


def test_the_line_of_the_province_stays_marked_unverified(pack: Pack) -> None:
    own = [value for value in pack.parameters["exit_line"].values if value.scope == "shanxi"]
    assert {value.mark for value in own} == {"unverified", "from memory"}
    assert own[4].valid_from == date(2018, 1, 1) and own[4].mark == "unverified"


def test_a_scope_without_its_own_value_falls_back_to_the_general_one(pack: Pack) -> None:
    day = date(2018, 12, 31)
    assert pack.number("village_headcount_rate_max", day) == 2
    assert pack.number("village_headcount_rate_max", day, "west") == 3
    assert pack.number("wrong_exit_rate_max", day, "west") == 2


def test_a_value_holds_from_its_first_day(pack: Pack) -> None:
    first = date(2018, 1, 1)
    assert pack.number("exit_line", first) == 2995
    assert pack.number("exit_line", first - timedelta(days=1)) == 2952


def test_before_the_first_value_the_message_names_parameter_day_and_remedy(pack: Pack) -> None:
    with pytest.raises(NoValue) as caught:
        pack.parameter_value("clue_days", date(2018, 12, 31))
    assert "参数 clue_days 在 2018-12-31 没有取值" in caught.value.zh
    assert "请在政策包 parameters/ 中补上" in caught.value.zh
    assert caught.value.en == "parameter clue_days has no value on 2018-12-31; add one to the pack's parameters/."


def test_a_missing_scope_is_named_in_the_message(pack: Pack) -> None:
    with pytest.raises(NoValue, match="范围：hebei"):
        pack.parameter_value("clue_days", date(2018, 12, 31), "hebei")


def test_a_value_that_was_ended_no_longer_holds(pack: Pack) -> None:
    assert pack.number("monitor_scale_share", date(2020, 6, 1)) == 5
    with pytest.raises(NoValue):
        pack.number("monitor_scale_share", date(2021, 6, 1))


def test_an_unknown_parameter_is_an_error_of_the_caller(pack: Pack) -> None:
    with pytest.raises(KeyError):
        pack.number("no_such_parameter", date(2018, 12, 31))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("county_headcount_rate_max", 2),
        ("omission_rate_max", 2),
        ("approval_rate_min", 90),
        ("county_poor_village_exit_share_min", 90),
        ("notice_days", 7),
        ("microcredit_cap", 50000),
        ("pension_min_age", 16),
        ("team_members_min", 3),
        ("township_recheck_share", 20),
        ("county_recheck_share", 10),
        ("village_rate_ratio", 2),
    ],
)
def test_the_thresholds_of_2018(pack: Pack, name: str, value: int) -> None:
    assert pack.number(name, date(2018, 12, 31)) == value


@given(st.dates(date(2014, 1, 1), date(2030, 1, 1)), st.data())
def test_the_value_in_force_is_the_latest_that_has_begun(pack: Pack, day: date, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(pack.parameters)))
    try:
        found = pack.parameter_value(name, day)
    except NoValue:
        return
    begun = [v for v in pack.parameters[name].values if v.scope == found.scope and v.valid_from <= day]
    assert found.valid_from == max(value.valid_from for value in begun)
