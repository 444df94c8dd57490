"""A regular expression of a pack is written out, one that the engine knows, and quick on any delivered text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jingzhun.engine import ExpressionError, Names, parse_expression
from jingzhun.engine.pattern import explodes

NAMES = Names({"name": "VARCHAR", "address": "VARCHAR"}, {"p": {"kind": "VARCHAR"}})

QUICK = [
    r"^1[3-9][0-9]{9}$",
    r"^(其他|其它|技能培训|[ ,，、;；])+$",
    r"(?:[0-9]{2},)*",
    r"(ab|ac)*",
    r"([a-z]|1)+",
    r"(\d|a)+",
    r"(a{3})+",
    r"\Q(a+)+\E",
    r"[(a+)+]+",
    r"\(a+\)+",
    "a{,3}",
    "(a+)?",
    "(a+|b)",
    "缴费|参保",
]
SLOW = [
    "(a+)+$",
    "(a|a)*",
    "(a|ab)*",
    "(a?)+",
    "(a{1,2})+",
    "(|a)+",
    "(a*){2}",
    "((a|ab)(c|bcd))+",
    "([a-z]|b)+",
    r"(\d|1)+",
    "(?:甲(?:,甲)*)*",
    "(?i)(a|A)+",
    "(.|a)*",
    "x(?P<n>a+)*",
    "(?i:a+)*",
    "[]a]+([[:alpha:]]+)*",
]


@pytest.mark.parametrize("pattern", QUICK)
def test_a_pattern_that_reads_a_text_in_one_way_only_is_taken(pattern: str) -> None:
    parse_expression(f"regexp_matches(name, '{pattern}')", NAMES)


@pytest.mark.parametrize("pattern", SLOW)
def test_one_that_may_never_end_is_refused_in_both_languages(pattern: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(f"regexp_matches(name, '{pattern}')", NAMES)
    assert "永远算不完" in refused.value.zh and "may never end" in refused.value.en


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2000}", "(?=a)", r"(a)\1", "*"])
def test_one_that_the_engine_cannot_read_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(f"regexp_matches(name, '{pattern}')", NAMES)
    assert "写法有误" in refused.value.zh and "RE2" in refused.value.en


@pytest.mark.parametrize("given_as", ["address", "p.kind", "concat('a', name)", "NULL", "'a' || 'b'"])
def test_delivered_text_is_never_a_pattern(given_as: str) -> None:
    with pytest.raises(ExpressionError, match="written out"):
        parse_expression(f"regexp_matches(name, {given_as})", NAMES)


ATOMS = st.sampled_from(["a", "b", "[ab]", "a*", "b+", "a?", "a{2}", "a{1,3}", "."])
GROUPS = st.lists(st.lists(ATOMS, min_size=1, max_size=3).map("".join), min_size=1, max_size=3).map("|".join)
PATTERNS = st.tuples(GROUPS, st.sampled_from(["*", "+", "{2,}"])).map(lambda parts: f"^({parts[0]}){parts[1]}$")


@settings(max_examples=200, deadline=None)
@given(pattern=PATTERNS)
@example(pattern="^(a|b)*$")
def test_what_is_taken_ends_soon_in_a_matcher_that_goes_back(pattern: str) -> None:
    if explodes(pattern):
        return
    begun = time.perf_counter()
    for text in ("a" * 26 + "!", "ab" * 13 + "!", "b" * 26 + "!"):
        re.search(pattern, text)
    assert time.perf_counter() - begun < 1, pattern
