"""Staged rows are read back from their own file, whatever the folder of the store is called."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jingzhun.intake import take_in
from jingzhun.policy import load_pack
from tests.intake.making import person, workbook


@pytest.mark.parametrize("name", ["person.sex=男", "origin_row=7", "[ab]", "甲*"])
def test_a_sheet_of_two_tables_is_staged_as_it_was_delivered(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "人员_2018年.xlsx", [person(1), person(2, 民族="火星族"), person(3), person(3)])
    [plain], [odd] = (
        take_in([path], tmp_path / folder / "store", load_pack("luliang_2018"), received_on=date(2018, 12, 31))
        for folder in ("plain", name)
    )
    assert plain.sheets[0].accepted == odd.sheets[0].accepted == 2
    for one, other in zip(plain.sheets[0].staged, odd.sheets[0].staged, strict=True):
        rows = [pq.read_table(tmp_path / folder / "store" / at.path, partitioning=None).to_pylist()
                for folder, at in (("plain", one), (name, other))]  # fmt: skip
        assert rows[0] == rows[1] and rows[0]
