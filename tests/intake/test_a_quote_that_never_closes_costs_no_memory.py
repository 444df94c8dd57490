"""However long a text table is, an open quote in it is refused with its line, and one that closes is one cell."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from jingzhun.intake import textfile
from jingzhun.intake.limits import LIMITS
from jingzhun.intake.reading import Refused
from jingzhun.intake.textfile import BLOCK, TextForm, blocks, split_rows
from tests.intake.making import HEADERS, counts, person, sheet_of, taken, text

FORM = TextForm("utf-8", ",", 0)


def long_table(path: Path, megabytes: int, opened_at: int) -> Path:
    """Lines of a table; from line ``opened_at`` on a quote is open."""
    line = ",".join(map(str, person())) + "\n"
    with path.open("w", encoding="utf-8") as handle:
        handle.write(",".join(HEADERS) + "\n")
        for number in range(2, megabytes * 2**20 // len(line.encode())):
            handle.write(line.replace("张合成", '"张合成') if number == opened_at else line)
    return path


@pytest.mark.parametrize("opened_at", [2, 300_000])
def test_a_quote_that_never_closes_is_refused_with_its_line_and_little_memory(tmp_path: Path, opened_at: int) -> None:
    path = long_table(tmp_path / "人员.csv", 64, opened_at)
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as refused:
            for block in blocks(path, FORM):
                for _ in split_rows(block, ",", LIMITS) if block.quoted else ():
                    pass
        assert tracemalloc.get_traced_memory()[1] < 6 * BLOCK
    finally:
        tracemalloc.stop()
    assert f"第 {opened_at} 行" in refused.value.zh


def test_such_a_file_is_refused_by_intake(tmp_path: Path) -> None:
    assert "第 2 行" in str(taken(long_table(tmp_path / "人员.csv", 24, 2)).refused)


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    for block in blocks(path, FORM):
        yield from split_rows(block, ",", LIMITS)


@pytest.mark.parametrize("size", [128, 200, 257])
def test_cells_of_several_lines_are_whole_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(textfile, "BLOCK", size)
    monkeypatch.setattr(textfile, "LONGEST_OPEN", 40)
    cells = ["a", '"b\nb"', '"c,\n\nc"', '"d""d"', "e"]
    path = tmp_path / "t.csv"
    chosen = [",".join(row) for row in itertools.islice(itertools.product(cells, repeat=3), 120)]
    path.write_text("\n".join(chosen) + "\n", "utf-8")
    plain = {"a": "a", '"b\nb"': "b\nb", '"c,\n\nc"': "c,\n\nc", '"d""d"': 'd"d', "e": "e"}
    wanted = [[plain[cell] for cell in row] for row in itertools.islice(itertools.product(cells, repeat=3), 120)]
    found = list(rows_of(path))
    assert [row for _, row in found] == wanted
    lines = list(itertools.accumulate([1, *(row.count("\n") + 1 for row in chosen)]))[:-1]
    assert [line for line, _ in found] == lines


def test_every_row_of_a_long_quoted_table_is_accounted_for_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jingzhun.intake.sources.CAREFUL_ROWS", 7)
    rows = [person(number, 民族='"汉族"') for number in range(1, 60)]
    rows[40] = person(41, 民族='"火星\n族"')
    sheet = sheet_of(text(tmp_path / "人员.csv", rows))
    assert (sheet.rows, sum(counts(sheet))) == (59, 59)
    assert {problem.row for problem in sheet.problems} == {42}


def test_rows_that_a_quote_swallowed_are_listed_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingzhun.intake.sources.CAREFUL_ROWS", 3)
    rows = [person(number) for number in range(1, 12)]
    rows[6][6], rows[8][6] = '"张三', '李四"'
    sheet = sheet_of(text(tmp_path / "人员.csv", rows))
    assert sorted(problem.row for problem in sheet.problems) == [8, 9, 10]
    assert (sheet.rows, sheet.quarantined) == (11, 3)
