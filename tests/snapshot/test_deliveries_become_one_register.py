"""Which rows of which deliveries count: the later one of a layout, layouts side by side, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingzhun.engine import DuckDBEngine, quoted
from jingzhun.snapshot import Manifest, freeze
from tests.small import AS_OF, COUNTY, EAST, OLD, SOUTH, WEST, Row, Store, household, person, resident, small_pack

PERSONS = ("person", "person_export")
HOUSEHOLDS = ("household", "household_export")
SHEETS = ("household", "household_sheet")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def frozen(store: Store, tmp_path: Path) -> Callable[[], tuple[Manifest, Path]]:
    def freeze_now() -> tuple[Manifest, Path]:
        out = tmp_path / f"snapshot{len(list(tmp_path.iterdir()))}"
        return freeze(store.folder, out, small_pack(), AS_OF), out

    return freeze_now


Freeze = Callable[[], tuple[Manifest, Path]]


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    with DuckDBEngine(threads=1) as engine:
        return engine.rows(f"SELECT * FROM read_parquet({quoted(str(folder / f'{table}.parquet'))}) ORDER BY ALL")


def test_a_later_delivery_of_the_same_row_takes_its_place(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲"), household("H2", head_name="乙")]})
    store.deliver("二.xlsx", {HOUSEHOLDS: [household("H1", head_name="丙")]})
    manifest, out = frozen()
    assert {row["household_code"]: row["head_name"] for row in rows(out, "household")} == {"H1": "丙", "H2": "乙"}
    count = manifest.tables["household"]
    assert (count.staged, count.rows, count.superseded, count.identical, count.merged) == (3, 2, 1, 0, 0)


def test_a_correction_can_blank_a_value(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", relapse_cause="因病")]})
    store.deliver("二.xlsx", {HOUSEHOLDS: [household("H1")]})
    assert rows(frozen()[1], "household")[0]["relapse_cause"] is None


def test_what_was_replaced_is_listed_with_what_replaced_it(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲")]})
    store.deliver("二.xlsx", {HOUSEHOLDS: [household("H9"), household("H1", head_name="丙")]})
    [lost] = rows(frozen()[1], "superseded")
    assert (lost["table_name"], lost["row_key"], lost["origin_file"], lost["origin_row"]) == (
        "household", "2018|H1", 1, 2,
    )  # fmt: skip
    assert (lost["by_file"], lost["by_row"], lost["identical"]) == (2, 3, False)


def test_the_same_row_twice_is_counted_as_identical(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲")]})
    store.deliver("二.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲")]})
    count = frozen()[0].tables["household"]
    assert (count.staged, count.rows, count.identical, count.superseded) == (2, 1, 1, 0)


def test_the_order_of_delivery_decides_not_the_name_of_the_file(store: Store, frozen: Freeze) -> None:
    first = store.deliver("乙.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲")]})
    store.deliver("甲.xlsx", {HOUSEHOLDS: [household("H1", head_name="丙")]})
    store.renumbered(first, 7)
    assert rows(frozen()[1], "household")[0]["head_name"] == "甲"


def test_a_row_further_down_a_sheet_takes_the_place_of_one_above(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲"), household("H1", head_name="丙")]})
    assert rows(frozen()[1], "household")[0]["head_name"] == "丙"


def test_two_layouts_describe_one_household_side_by_side(store: Store, frozen: Freeze) -> None:
    store.deliver("户.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲", cause_main="缺资金")]})
    store.deliver("情况.xlsx", {SHEETS: [household("H1", water_safe=True)]})
    manifest, out = frozen()
    [row] = rows(out, "household")
    assert (row["head_name"], row["cause_main"], row["water_safe"]) == ("甲", "缺资金", True)
    count = manifest.tables["household"]
    assert (count.staged, count.rows, count.merged, count.superseded, count.identical) == (2, 1, 1, 0, 0)
    assert not (out / "superseded.parquet").exists() or rows(out, "superseded") == []


def test_where_two_layouts_disagree_the_later_known_value_counts(store: Store, frozen: Freeze) -> None:
    store.deliver("户.xlsx", {HOUSEHOLDS: [household("H1", head_name="甲", phone="1")]})
    store.deliver("情况.xlsx", {SHEETS: [household("H1", head_name="丙")]})
    [row] = rows(frozen()[1], "household")
    assert (row["head_name"], row["phone"]) == ("丙", "1")


def test_a_row_keeps_the_file_sheet_and_line_it_came_from(store: Store, frozen: Freeze) -> None:
    store.deliver("空.xlsx", {HOUSEHOLDS: []})
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1"), household("H2")]})
    _, out = frozen()
    origins = {row["household_code"]: (row["origin_file"], row["origin_sheet"], row["origin_row"])
               for row in rows(out, "household")}  # fmt: skip
    assert origins == {"H1": (2, "household_export", 2), "H2": (2, "household_export", 3)}
    assert [row["file"] for row in rows(out, "source_file")] == ["空.xlsx", "一.xlsx"]


def test_rows_of_a_division_that_is_gone_are_counted_apart(store: Store, frozen: Freeze) -> None:
    store.deliver(
        "一.xlsx", {HOUSEHOLDS: [household("H1"), household("H2", village=OLD), household("H3", village=OLD)]}
    )
    manifest, out = frozen()
    assert manifest.tables["household"].outside_divisions == 2
    assert len(rows(out, "household")) == 3


def test_the_snapshot_is_about_the_county_that_holds_all_villages(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household("H1", EAST), household("H2", WEST)]})
    assert frozen()[0].region == COUNTY


def test_insurance_lists_fill_the_schemes_of_register_and_roster(store: Store, frozen: Freeze) -> None:
    enrolled = [
        {"insurance": "基本医疗保险", "id_number": "990101200001010011", "scheme": "城乡居民", "region_code": COUNTY},
        {"insurance": "基本养老保险", "id_number": "990101200001010011", "scheme": "城镇职工", "region_code": COUNTY},
        {"insurance": "基本医疗保险", "id_number": "990101200001010022", "scheme": "城镇职工", "region_code": COUNTY},
    ]
    store.deliver("参保.csv", {("insurance_enrolment", "insurer"): enrolled})
    store.deliver(
        "人口.csv", {("resident", "roster"): [resident("990101200001010011"), resident("990101200001010033")]}
    )
    store.deliver("人员.xlsx", {PERSONS: [person("P2", id_number="99010120000101002243")]})
    _, out = frozen()
    found = {row["id_number"]: (row["medical_scheme"], row["pension_scheme"]) for row in rows(out, "resident")}
    assert found == {"990101200001010011": ("城乡居民", "城镇职工"), "990101200001010033": ("未参保", "未参保")}
    [card] = rows(out, "person")
    assert (card["medical_scheme"], card["pension_scheme"]) == ("城镇职工", "未参保")


def test_where_no_insurance_list_was_delivered_the_scheme_stays_unknown(store: Store, frozen: Freeze) -> None:
    listed = {"insurance": "基本医疗保险", "id_number": "990101200001010022", "scheme": "城镇职工"}
    store.deliver("参保.csv", {("insurance_enrolment", "insurer"): [{**listed, "region_code": COUNTY}]})
    elsewhere = resident("990101200001010033", SOUTH)
    store.deliver("人口.csv", {("resident", "roster"): [resident("990101200001010011"), elsewhere]})
    _, out = frozen()
    found = {row["id_number"]: (row["medical_scheme"], row["pension_scheme"]) for row in rows(out, "resident")}
    assert found == {"990101200001010011": ("未参保", None), "990101200001010033": (None, None)}


def test_the_same_deliveries_give_the_same_fingerprint(store: Store, frozen: Freeze) -> None:
    store.deliver("一.xlsx", {HOUSEHOLDS: [household(f"H{n}") for n in range(50)]})
    store.deliver("二.xlsx", {HOUSEHOLDS: [household(f"H{n}", head_name="乙") for n in range(0, 50, 3)]})
    (first, _), (second, _) = frozen(), frozen()
    assert first.fingerprint == second.fingerprint


DELIVERIES = st.lists(
    st.tuples(
        st.sampled_from(["household_export", "household_sheet"]),
        st.lists(st.tuples(st.sampled_from(["H1", "H2", "H3"]), st.sampled_from([None, "甲", "乙"])), max_size=5),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DELIVERIES)
def test_every_staged_row_is_a_row_or_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[tuple[str, list[tuple[str, str | None]]]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    store = Store(folder / "store")
    for number, (layout, given_rows) in enumerate(deliveries):
        named: list[Row] = [household(code, head_name=name) for code, name in given_rows]
        store.deliver(f"{number}.xlsx", {("household", layout): named})
    manifest = freeze(store.folder, folder / "out", small_pack(), AS_OF)
    count = manifest.tables["household"]
    assert count.staged == sum(len(given_rows) for _, given_rows in deliveries)
    assert count.staged == count.rows + count.identical + count.superseded + count.merged
    codes = [code for _, given_rows in deliveries for code, _ in given_rows]
    assert count.rows == len(set(codes)) == len(rows(folder / "out", "household"))
    described = {(layout, code) for layout, given_rows in deliveries for code, _ in given_rows}
    assert count.merged == len(described) - len(set(codes))
    aside = folder / "out" / "superseded.parquet"
    assert count.identical + count.superseded == (len(rows(folder / "out", "superseded")) if aside.exists() else 0)
