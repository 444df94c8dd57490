"""Each rule of the sources is a rule of the pack, a comparison check, or listed with the reason why it is neither."""

from __future__ import annotations

from pathlib import Path

from jingzhun.policy import load_pack

PACK = load_pack("luliang_2018")
SOURCE_RULES = frozenset((Path(__file__).parent.parent / "fixtures" / "source_rules.txt").read_text("utf-8").split())
EXPRESSED = frozenset(PACK.rules) | frozenset(PACK.comparison_checks)
LISTED = frozenset(one.id for one in PACK.not_expressed)
NOT_REACHED = """
    A09 A13 A15 B05 B15 B17 B18 B19 B20 B21 B24 B25 C10 C11 C12 C13 C14 C30 D10 D11 D14
    E02 E05 E12 E13 E15 E16 E17 E19 E20 E21 E22 E23 F11 F21 G08 H04 H06 H07 H08
    I01 I02 I03 I04 I05 I06 I07 I08 I09 I10 I11 I12 I13 I19 I21 I22
    L01 L02 L03 L04 L05 L06 L07 L08 L09 L10 L11 L12 L13 L14 L15 L16 L17 L18 L19 L20 L21 L22 L23 L24
    M02 M03 M04 M05 M06 M07 M08 M11 M12 M13 M14 M15 M16 X08 X10 X30 X32 X37 X44
"""
"""Still to be written; the list may only become shorter."""


def test_the_sources_know_355_rules() -> None:
    assert len(SOURCE_RULES) == 355


def test_every_rule_of_the_sources_is_expressed_or_listed_with_its_reason() -> None:
    assert frozenset(NOT_REACHED.split()) >= SOURCE_RULES - EXPRESSED - LISTED


def test_nothing_is_listed_that_the_sources_do_not_know() -> None:
    assert LISTED <= SOURCE_RULES
    assert frozenset(NOT_REACHED.split()) <= SOURCE_RULES


def test_no_rule_is_both_expressed_and_listed() -> None:
    assert not LISTED & EXPRESSED


def test_every_reason_is_told_in_both_languages_with_what_it_would_take() -> None:
    for one in PACK.not_expressed:
        assert one.rule_zh and one.reason_zh and one.reason_en and one.needed, one.id
