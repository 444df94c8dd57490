"""Each rule of the sources is a rule of the pack, a comparison check, or listed with the reason why it is neither."""

from __future__ import annotations

from pathlib import Path

from jingzhun.policy import load_pack

PACK = load_pack("luliang_2018")
SOURCE_RULES = frozenset((Path(__file__).parent.parent / "fixtures" / "source_rules.txt").read_text("utf-8").split())
EXPRESSED = frozenset(PACK.rules) | frozenset(PACK.comparison_checks)
LISTED = frozenset(one.id for one in PACK.not_expressed)


def test_the_sources_know_355_rules() -> None:
    assert len(SOURCE_RULES) == 355


def test_every_rule_of_the_sources_is_expressed_or_listed_with_its_reason() -> None:
    assert SOURCE_RULES <= EXPRESSED | LISTED


def test_nothing_is_listed_that_the_sources_do_not_know() -> None:
    assert LISTED <= SOURCE_RULES


def test_no_rule_is_both_expressed_and_listed() -> None:
    assert not LISTED & EXPRESSED


def test_every_reason_is_told_in_both_languages_with_what_it_would_take() -> None:
    for one in PACK.not_expressed:
        assert one.rule_zh and one.reason_zh and one.reason_en and one.needed, one.id


def test_chinese_titles_have_chinese_signs() -> None:
    titles = [rule.zh for rule in PACK.rules.values()] + [check.zh for check in PACK.comparison_checks.values()]
    assert [title for title in titles if any(sign in title for sign in ("; ", ": ", ", "))] == []
