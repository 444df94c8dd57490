"""The eleven export formats, the national fields and the income account of the shipped pack."""

import subprocess
import sys
import time
from collections import Counter

import pytest

from jingzhun.model import TABLES
from jingzhun.policy import Pack, find_pack, load_pack

HEADERS = {
    "persons_2016": 26,
    "exited_persons_2022": 31,
    "person_check_2021": 47,
    "monitored_2023": 97,
    "work_done_2023": 19,
    "work_planned_2023": 10,
    "rural_household_2023": 7,
    "village_info_2023": 23,
    "household_2016": 19,
    "living_conditions_2016": 31,
    "household_jiangsu_2017": 22,
}

OUR_OWN = "synthetic"
"""The mark of worklists, visit lists and forms."""


def real_layouts(pack: Pack) -> list[str]:
    """Formats that others made: neither the ledgers that follow from the contracts nor what goes out from here."""
    return [name for name, layout in pack.layouts.items() if f"layout:{name}" in pack.files and layout.mark != OUR_OWN]


def test_all_headers_of_all_real_formats_are_mapped(pack: Pack) -> None:
    counted = {name: len(pack.layouts[name].columns) for name in real_layouts(pack)}
    assert counted == HEADERS
    assert sum(counted.values()) == 332


def test_only_the_running_number_is_left_out(pack: Pack) -> None:
    ignored = [column.header for name in real_layouts(pack) for column in pack.layouts[name].columns if column.ignore]
    assert ignored == ["序号"]


def test_every_row_of_a_real_format_can_have_its_key_and_place(pack: Pack) -> None:
    for name in real_layouts(pack):
        layout = pack.layouts[name]
        fields = {column.field for column in layout.columns} | set(layout.constants)
        regions = {column.region for column in layout.columns}
        for key in TABLES[layout.table].key:
            if key == "data_year":
                assert key in fields or layout.data_year == "title_or_filename", name
            elif key == "region_code":
                assert "village" in regions, name
            elif key != "starts":
                assert key in fields, (name, key)


def test_the_exports_of_2023_have_their_header_on_row_three(pack: Pack) -> None:
    assert {name for name in real_layouts(pack) if pack.layouts[name].header_row == 3} == {
        name for name in HEADERS if name.endswith("2023")
    }


def test_the_same_header_twice_is_told_apart_by_its_place(pack: Pack) -> None:
    others = [column for column in pack.layouts["living_conditions_2016"].columns if column.header == "其他"]
    assert [(column.occurrence, column.field) for column in others] == [(1, "other_land"), (2, "other_stock")]


def test_collective_income_is_given_in_ten_thousand_yuan(pack: Pack) -> None:
    units = {column.header: column.money for column in pack.layouts["village_info_2023"].columns if column.money}
    assert units == {"农民人均纯收入（元）": "yuan", "村级集体经济收入（万元）": "wan_yuan"}


def test_the_exit_status_of_a_person_row_is_also_the_households(pack: Pack) -> None:
    column = next(column for column in pack.layouts["persons_2016"].columns if column.header == "脱贫属性")
    assert (column.field, column.also) == ("exit_status", ("household.exit_status",))


def test_every_national_field_has_a_column_or_a_reason(pack: Pack) -> None:
    assert len(pack.national_fields) == 168
    assert all(row.contract or row.reason for row in pack.national_fields)
    assert sum(bool(row.contract) for row in pack.national_fields) >= 140


def test_the_income_account_adds_up_by_its_parents(pack: Pack) -> None:
    items = {item.item: item for item in pack.income_items}
    assert items["T"].formula == "A+B+C+D" and items["N"].formula == "T-E"
    assert {item for item in items if items[item].parent == "T"} == {"A", "B", "C", "D"}
    assert all(items[item].sign == items[items[item].parent].sign for item in items if item[0] in "ABCD" and item[1:])
    assert Counter(item.sign for item in pack.income_items)["-"] == 5


def test_every_table_that_departments_deliver_has_a_ledger(pack: Pack) -> None:
    delivered = {table.name for table in TABLES.values() if table.delivered}
    assert {layout.table for layout in pack.layouts.values()} >= delivered
    assert all(f"ledger_{name}" in pack.layouts for name in delivered)


def test_the_licence_of_the_division_data_stands_beside_it() -> None:
    text = (find_pack("luliang_2018") / "regions" / "LICENSE-divisions.txt").read_text("utf-8")
    assert "Copyright (C) 2004 Sam Hocevar" in text and "china-division 2.7.0" in text


def test_the_pack_loads_in_less_than_a_second_and_a_half_of_computing() -> None:
    started = time.process_time()
    load_pack("luliang_2018")
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize("module", ["jingzhun.policy", "jingzhun.policy.check"])
def test_the_room_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
