"""Whatever is sent, every row ends in exactly one place; both lanes agree; the form of the file does not matter."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jingzhun.intake.cells import Reader
from jingzhun.intake.lanes import read_column
from jingzhun.model import Kind
from jingzhun.model.contract import Column
from jingzhun.model.receipt import AccountingError, SheetReceipt
from tests.intake.making import HEADERS, counts, identity, pack, person, sheet_of, text, workbook

ODD_CELLS = [
    "", " ", "无", "/", "合计", "注：", "是", "√", "2018-02-30", "1.41130E+17", "甲、乙", "#N/A", "水头镇",
    "临县", "１２", "=1+1", "约3千", "yan", "火星族", "2018", "P0001",
    identity(), identity()[:17] + "x", "张\u202e三", "\u200b",
]  # fmt: skip
ODD = st.sampled_from(ODD_CELLS)
CELLS = st.one_of(
    st.none(),
    ODD,
    st.text(
        st.characters(codec="utf-8", exclude_characters='\x00\r\n",\t;|、', exclude_categories=("Cs", "Cc")),
        max_size=12,
    ),
)
GRIDS = st.lists(
    st.dictionaries(st.sampled_from(HEADERS), CELLS, max_size=6).map(lambda changes: person(1, **changes)),
    min_size=1,
    max_size=8,
)
CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@CALM
@given(GRIDS)
def test_the_rows_of_any_sheet_add_up(grid: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet = sheet_of(
            text(Path(folder) / "人员.csv", [["" if cell is None else cell for cell in row] for row in grid])
        )
    assert sum(counts(sheet)) == sheet.rows <= len(grid)


@settings(CALM, max_examples=25)
@given(GRIDS)
def test_a_workbook_and_a_text_file_of_the_same_cells_fare_alike(grid: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        in_text = sheet_of(
            text(
                Path(folder) / "a" / "人员.csv" if (Path(folder) / "a").mkdir() is None else Path(),
                [["" if c is None else c for c in row] for row in grid],
            )
        )
        (Path(folder) / "b").mkdir()
        in_book = sheet_of(
            workbook(Path(folder) / "b" / "人员.xlsx", [[None if c in (None, "") else c for c in row] for row in grid])
        )
    plain = [row for row in grid if any(cell not in (None, "") and "=" not in str(cell) for cell in row)]
    if all("=" not in str(cell) and str(cell) not in ("#N/A",) for row in grid for cell in row) and len(plain) == len(
        grid
    ):
        assert counts(in_text) == counts(in_book)


KINDS = list(Kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(CALM, max_examples=80)
@given(
    cells=st.lists(
        st.one_of(ODD, st.text(max_size=20), st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)), min_size=1, max_size=20
    )
)
@example(cells=["", " ", "1", "是"])
def test_the_fast_lane_reads_as_the_careful_lane(kind: Kind, cells: list[str]) -> None:
    for name in ("name", "remark", "bank_account", "phone"):
        reader = Reader(
            Column(name, kind, "栏", "column", codes="sex"), pack().codes["sex"] if kind is Kind.CODE else None
        )
        fast = read_column(reader, pa.array(cells, pa.string()), {})
        for row, cell in enumerate(cells):
            careful = reader.read(cell)
            value = fast.values[row].as_py()
            assert value == careful.value, (kind, name, cell)
            assert (row in fast.odd) == bool(careful.remarks), (kind, name, cell)


def test_an_account_that_does_not_add_up_cannot_be_written() -> None:
    with pytest.raises(AccountingError):
        SheetReceipt("人员", "ledger_person", rows=3, accepted=1, warned=1, quarantined=0, rejected=0, ignored=0)
