"""A remark in brackets of which nothing is known is no remark: 郭某（空） says less than 郭某."""

from __future__ import annotations

import json

import pytest

from jingzhun.comparison import told
from jingzhun.policy.wording import filled
from tests.comparison.people import PACK

NAMELESS = {"record_name": "测试", "record_address": None, "record_starts_on": "2017-01-01"}


def test_a_lead_without_an_address_has_no_empty_brackets() -> None:
    _, chinese, english = told(PACK.comparison_checks["X24"], json.dumps(NAMELESS))
    assert chinese == "测试自 2017-01-01 起享受低保，不在册。"
    assert english == "测试 has been on the allowance since 2017-01-01 and is not in the register."


def test_a_known_address_stays_in_its_brackets() -> None:
    _, chinese, _ = told(PACK.comparison_checks["X24"], json.dumps(NAMELESS | {"record_address": "腰庄村"}))
    assert chinese.startswith("测试（腰庄村）自")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{name}（{code}）：没有填写。", "甲：没有填写。"),
        ("{name} ({code:yuan}): missing", "甲: missing"),
        ("{name}（约 {code} 元）", "甲（约 空 元）"),
        ("{name}{code}", "甲空"),
    ],
)
def test_only_brackets_around_the_value_alone_go(message: str, said: str) -> None:
    assert filled(message, {"name": "甲", "code": None}, "空") == said
