"""A ledger calls the identity number what its keeper is used to; the column is found all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.intake.making import HEADERS, counts, identity, person, sheet_of, workbook

HOUSEHOLDS = ["县", "乡镇", "行政村", "数据年度", "户编号", "户主姓名"]
HOUSEHOLD = ["交口县", "水头镇", "腰庄村", "2018", "H0001", "张合成"]


def stored(store: Path, table: str, column: str) -> list[Any]:
    path = next((store / "staged" / table).glob("*.parquet"))
    found: list[Any] = pq.read_table(path)[column].to_pylist()
    return found


@pytest.mark.parametrize(
    "written", ["身份证号码", "身份证号", "居民身份证号码", "居民身份证号", "公民身份号码", "公民身份证号码", "证件号"]
)
def test_the_number_of_a_person_goes_by_many_headers(tmp_path: Path, written: str) -> None:
    headers = [written if header == "证件号码" else header for header in HEADERS]
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", [person()], headers))) == (1, 0, 0, 0, 0)
    assert stored(tmp_path / "store", "person", "id_number") == [identity(serial=3)]


@pytest.mark.parametrize(
    "written", ["户主身份证号码", "户主身份证号", "户主居民身份证号码", "户主公民身份号码", "户主证件号"]
)
def test_the_number_of_a_head_goes_by_many_headers(tmp_path: Path, written: str) -> None:
    path = workbook(tmp_path / "户.xlsx", [[*HOUSEHOLD, identity()]], [*HOUSEHOLDS, written])
    assert counts(sheet_of(path)) == (1, 0, 0, 0, 0)
    assert stored(tmp_path / "store", "household", "head_id_number") == [identity()]


def test_the_number_in_an_export_of_households_is_the_heads(tmp_path: Path) -> None:
    headers = ["家庭编号", "旗区", "苏木乡", "噶查村", "户主姓名", "身份证号", "识别标准", "其他致贫原因"]
    row = ["H0001", "交口县", "水头镇", "腰庄村", "张合成", identity(), "", ""]
    assert counts(sheet_of(workbook(tmp_path / "2018年贫困户.xlsx", [row], headers))) == (1, 0, 0, 0, 0)
    assert stored(tmp_path / "store", "household", "head_id_number") == [identity()]
