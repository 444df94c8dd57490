"""The truth about dirt: every soiled cell stands where the truth says, and every damaged row is sent again clean."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from pathlib import Path

import python_calamine

from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.population.calibration import read_calibration
from jingzhun.population.departments import AGAIN, FIRST, MENDED
from jingzhun.population.dirt import DAMAGING
from tests.population.conftest import Made

Rows = list[list[object]]


def sheet(files: Path, name: str) -> Rows:
    """All rows of a delivered file, as a spreadsheet program numbers them."""
    path = files / name
    if path.suffix == ".xlsx":
        return (
            python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        )
    content = path.read_bytes() if path.is_file() else zipfile.ZipFile(path.parent).read(path.name)
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else _codec(content))
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def _codec(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def truth(county: Made) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (county.folder / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as handle:
        for line in csv.DictReader(handle, strict=True):
            found[line["file"]].append(line)
    return found


def cell(rows: Rows, line: dict[str, str]) -> object:
    header = next(row for row in rows[:4] if line["column"] in row)
    return rows[int(line["row"]) - 1][header.index(line["column"])]


def test_every_soiled_cell_stands_where_the_truth_says(county: Made) -> None:
    checked = 0
    for name, lines in truth(county).items():
        rows = sheet(county.folder / "files", name)
        for line in lines:
            if not line["column"]:
                assert rows[int(line["row"]) - 1][0] == line["written"], (name, line)
                continue
            found = cell(rows, line)
            if line["kind"] == "number_as_number" and name.endswith(".xlsx"):
                assert isinstance(found, (int, float)), (name, line)
            else:
                assert found == line["written"], (name, line)
            checked += 1
    assert checked > 500


def test_every_damaged_row_is_sent_again_clean(county: Made) -> None:
    for name, lines in truth(county).items():
        damaged = [line for line in lines if line["kind"] in DAMAGING]
        if not damaged:
            continue
        first = Path(name)
        sent_in = first.parts[0]
        again = county.folder / "files" / (AGAIN if sent_in == FIRST else sent_in)
        folder = again / first.relative_to(sent_in).parent
        folder = folder.parent if folder.suffix == ".zip" else folder
        rows = sheet(folder, f"{first.stem}_补报{first.suffix}")
        assert len(rows) - 1 - sum(1 for row in rows[:3] if len([value for value in row if value]) == 1) == len(
            damaged
        ), name
        for line in damaged:
            header = next(row for row in rows[:4] if line["column"] in row)
            place = header.index(line["column"])
            assert line["original"] in [row[place] for row in rows], (name, line)


def test_all_kinds_of_dirt_occur_with_an_expected_outcome(county: Made, pack: Pack) -> None:
    outcomes = read_calibration(pack).dirt.outcomes
    found = {line["kind"]: line["expected"] for lines in truth(county).values() for line in lines}
    assert found == outcomes
    assert county.report.dirt == {
        kind: sum(line["kind"] == kind for lines in truth(county).values() for line in lines)
        for kind in sorted(outcomes)
    }


def test_a_row_carries_at_most_one_soiled_cell(county: Made) -> None:
    for name, lines in truth(county).items():
        places = [line["row"] for line in lines]
        assert len(places) == len(set(places)), name


def test_every_delivered_table_has_a_file(pack: Pack) -> None:
    calibration = read_calibration(pack)
    sent = {delivery.table for delivery in calibration.deliveries}
    later = {"monitored_household", "work_spell"}
    later |= {"household_consent"}
    later |= {"survey_visit", "doubtful_case"}  # an evaluation's, invented once its sample is drawn
    assert {name for name, table in TABLES.items() if table.delivered} - sent == later
    assert {delivery.layout for delivery in calibration.deliveries} <= set(pack.layouts)


def test_each_delivery_comes_after_the_one_before(county: Made) -> None:
    order = [path.relative_to(county.folder / "files").parts[0] for path in county.report.files]
    assert order == sorted(order)
    assert set(order) == {FIRST, AGAIN, MENDED}
    assert all(path.is_file() for path in county.report.files)


def test_files_come_in_several_encodings(county: Made) -> None:
    begins = {path.read_bytes()[:3] == b"\xef\xbb\xbf" for path in county.report.files if path.suffix == ".csv"}
    assert begins == {True, False}
    roster = next(path for path in county.report.files if path.name == "全员人口台账.csv")
    assert _codec(roster.read_bytes()) == "gb18030"


def test_truth_tables_hold_every_contract_column(county: Made) -> None:
    for name in county.report.tables:
        columns = [str(row[0]) for row in county.rows(f"DESCRIBE {name}")]
        assert tuple(columns) == TABLES[name].column_names
        assert county.value(f"SELECT count(*) FROM {name}") == county.report.tables[name]
