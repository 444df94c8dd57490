"""A reader of a finding or lead sees yuan, whatever rule or check it is; fen are for the tables."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from jingzhun.model import TABLES, Kind
from jingzhun.policy import Pack, load_pack
from jingzhun.policy.wording import filled
from jingzhun.quality import told

PACK: Pack = load_pack("luliang_2018")
CENTS = {
    (table.name, column.name) for table in TABLES.values() for column in table.columns if column.kind is Kind.CENTS
}
SAID = {
    **{rule.id: (rule.message_zh, rule.message_en) for rule in PACK.rules.values()},
    **{check.id: (check.message_zh, check.message_en) for check in PACK.comparison_checks.values()},
}


def money_of_rule(name: str) -> set[str]:
    rule = PACK.rules[name]
    subject = PACK.subjects[rule.subject]
    gathered = {
        one.name
        for one in subject.gathered
        if one.pick in ("sum", "min", "max", "any") and (one.table, one.value) in CENTS
    }
    return {shown for shown in rule.shows if shown in gathered or (subject.table, shown) in CENTS}


def money_of_check(name: str) -> set[str]:
    check = PACK.comparison_checks[name]
    table = PACK.sources_compared[check.source].table if check.source else "person"
    return {f"record_{shown[2:]}" for shown in check.shows if shown[0] == "r" and (table, shown[2:]) in CENTS}


@pytest.mark.parametrize("name", sorted(SAID))
def test_no_message_speaks_of_fen(name: str) -> None:
    zh, en = SAID[name]
    assert not re.search(r"\}[”\s]*分|（分）", zh) and not re.search(r"\bfen\b", en)
    money = money_of_rule(name) if name in PACK.rules else money_of_check(name)
    for message in (zh, en):
        how = {field: spec for _, field, spec, _ in Formatter().parse(message) if field}
        assert all(how[field] == "yuan" for field in money & set(how)), message


def test_there_is_money_in_rules_and_in_checks() -> None:
    assert set().union(*map(money_of_rule, PACK.rules))
    assert set().union(*map(money_of_check, PACK.comparison_checks))


def test_an_amount_is_told_with_two_decimals_and_an_unknown_one_as_unknown() -> None:
    zh, en = told(PACK.rules["E18"], {"household_code": "H1", "business": "1205251", "expenses": None})
    assert "12,052.51 元" in zh and "空" in zh
    assert "12,052.51 yuan" in en and "nothing" in en


@pytest.mark.parametrize(("fen", "yuan"), [("5", "0.05"), ("-150", "-1.50"), ("100.0", "1.00"), ("无", "无")])
def test_fen_become_yuan(fen: str, yuan: str) -> None:
    assert filled("{x:yuan}|{x}", {"x": fen}, "空") == f"{yuan}|{fen}"


@pytest.mark.parametrize("odd", ["{name:>2000000000}", "{name.__class__}", "{name!r}", "{}", "{name", "{nosuch}"])
def test_a_message_shows_values_and_does_nothing_else(odd: str) -> None:
    assert filled(f"{odd}：{{born}}", {"name": "甲", "born": "1960"}, "空") == f"{odd}：1960"
