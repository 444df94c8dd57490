"""A check that asks about borrowed numbers says a known verdict, in words that it can fill, about a record."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jingzhun.policy import find_pack
from jingzhun.policy.check import check_pack

ASSETS = "comparison/checks/b_assets.yaml"


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("verdict: 不属实-挂名", "verdict: 不属实-借名", "there is no verdict '不属实-借名'"),
        ("登记的姓名是{record_name}：", "登记的姓名是{record_person}：", "{record_person}"),
        ("finds: pair\n", "finds: record\n", "only a check with 'finds: pair'"),
    ],
)
def test_a_mistake_about_borrowed_numbers_is_reported(tmp_path: Path, find: str, put: str, said: str) -> None:
    root = tmp_path / "pack"
    shutil.copytree(find_pack("luliang_2018"), root)
    text = (root / ASSETS).read_text("utf-8")
    assert find in text
    (root / ASSETS).write_text(text.replace(find, put, 1), "utf-8")
    assert any(fault.file == ASSETS and said in fault.en for fault in check_pack(root))
