"""Two lists are linked in spite of mistyped numbers, homophones, lost characters, twins, relatives and namesakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.linkage_set import write

from jingzhun.comparison import Plan, link
from jingzhun.comparison.plan import spread_of
from jingzhun.comparison.spelling import shapes_of
from jingzhun.engine import DuckDBEngine
from jingzhun.policy.linkage import Linkage, Typical
from tests.comparison.people import PACK, held, member, number
from tests.small import Row

PEOPLE = PACK.linkages["people"]
SHAPES = shapes_of(row.characters for row in PACK.look_alikes)
COLUMNS = f"row_no, {spread_of('CAST(row_no AS VARCHAR)')} AS spread, name, id_number, birth_date, sex, region_code"
LIKELY, LEAST = 0.6, 0.05


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    write(folder, 6000, seed=11)
    return folder


def linked(folder: Path, linkage: Linkage = PEOPLE) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name in ("register", "department"):
            engine.read_parquet(name, [folder / f"{name}.parquet"])
        link(
            engine,
            Plan(linkage, {}),
            f"SELECT {COLUMNS} FROM register",
            f"SELECT {COLUMNS} FROM department",
            SHAPES,
        )
        yield engine


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[DuckDBEngine]:
    yield from linked(folder)


def scores(engine: DuckDBEngine) -> tuple[float, float]:
    """Precision and recall of the pairs that are likely enough to make a lead."""
    row = engine.rows(
        f"SELECT count(m.left_no) AS found, sum(CASE WHEN d.truth = m.left_no THEN 1 ELSE 0 END) AS right_ones, "
        f"(SELECT count(*) FROM department WHERE truth >= 0) AS there FROM link_matched m "
        f"JOIN department d ON d.row_no = m.right_no WHERE m.probability >= {LIKELY}"
    )[0]
    return row["right_ones"] / row["found"], row["right_ones"] / row["there"]


def test_precision_and_recall_are_high_on_dirty_lists(engine: DuckDBEngine) -> None:
    precision, recall = scores(engine)
    assert precision >= 0.99
    assert recall >= 0.97


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("", 1.0), ("15 digits", 0.97), ("disability card", 0.97), ("digit mistyped", 0.97), ("digits swapped", 0.97),
        ("number missing", 0.9), ("homophone", 0.97), ("look-alike", 0.97), ("swapped characters", 0.97),
        ("character lost", 0.9), ("number of a relative", 0.7),
    ],
)  # fmt: skip
def test_people_are_found_whatever_is_wrong(engine: DuckDBEngine, kind: str, least: float) -> None:
    row = engine.rows(
        f"SELECT count(*) AS there, count(m.left_no) AS found FROM department d LEFT JOIN link_matched m "
        f"ON m.right_no = d.row_no AND m.left_no = d.truth AND m.probability >= {LIKELY} "
        f"WHERE d.truth >= 0 AND d.kind = '{kind}'"
    )[0]
    assert row["there"] >= 10
    assert row["found"] >= least * row["there"] - 1


def test_lists_in_another_order_give_the_same_pairs_and_likelihoods(engine: DuckDBEngine, folder: Path) -> None:
    everything = "SELECT left_no, right_no, pass, pattern, probability, candidates FROM link_matched ORDER BY ALL"
    with DuckDBEngine(threads=1) as other:
        for name in ("register", "department"):
            other.read_parquet(f"{name}_file", [folder / f"{name}.parquet"])
            other.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_file ORDER BY md5(row_no || name)")
        sides = (f"SELECT {COLUMNS} FROM {name}" for name in ("register", "department"))
        link(other, Plan(PEOPLE, {}), *sides, SHAPES)
        assert other.rows(everything) == engine.rows(everything)


def test_one_kind_for_all_who_are_close_takes_the_wrong_namesake() -> None:
    """The twin that proves that the kinds are needed: borrowed numbers alone make a number that agrees suspicious."""

    def cut(typical: Typical | None) -> Typical | None:
        return (*typical[:2], typical[-1]) if typical else None

    compare = [
        one.model_copy(
            update={
                "degrees": tuple(degree.model_copy(update={"typical": cut(degree.typical)}) for degree in one.degrees),
                "otherwise": cut(one.otherwise),
            }
        )
        for one in PEOPLE.compare
    ]
    alone = PEOPLE.model_copy(update={"compare": tuple(compare), "close": PEOPLE.close[:1]})
    likely = found([*NAMESAKES, *OTHERS], [member("Q1", "李建君", "19700301", 3)], alone)["Q1"]
    assert likely.get("P4", 0.0) < LIKELY


def test_a_linkage_that_forgets_numbers_and_names_is_caught(folder: Path) -> None:
    """The twin that proves the figures above can fail."""
    compare = tuple(one for one in PEOPLE.compare if one.id not in ("number", "name"))
    passes = tuple(one for one in PEOPLE.passes if not one.settles)
    blind = PEOPLE.model_copy(update={"compare": compare, "passes": passes})
    for engine in linked(folder, blind):
        assert min(scores(engine)) < 0.97


def people(rows: list[Row]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def found(register: list[Row], asked: list[Row], linkage: Linkage = PEOPLE) -> dict[str, dict[str, float]]:
    """For each asked person (by household) the register's people and how likely each is them."""
    with held({"person": people([*register, *asked])}) as engine:
        sides = [
            f"SELECT row_number() OVER (ORDER BY person_code) AS row_no, {spread_of('person_code')} AS spread, * "
            "EXCLUDE (origin_row) FROM person "
            f"WHERE person_code {'NOT ' if side == 'l' else ''}LIKE 'Q%'"
            for side in ("l", "r")
        ]
        link(engine, Plan(linkage, {}), *sides, SHAPES)
        pairs = engine.rows(
            f"SELECT r.person_code AS asked, l.person_code AS listed, m.probability FROM link_matched m "
            f"JOIN ({sides[0]}) l ON l.row_no = m.left_no JOIN ({sides[1]}) r ON r.row_no = m.right_no"
        )
    result: dict[str, dict[str, float]] = {}
    for pair in pairs:
        result.setdefault(pair["asked"], {})[pair["listed"]] = pair["probability"]
    return result


TWINS = [member("P1", "张大宝", "20050601", 1, home="H1"), member("P2", "张小宝", "20050601", 3, home="H1")]
NAMESAKES = [member("P3", "李建军", "19700301", 1), member("P4", "李建军", "19700301", 3)]
OTHERS = [member(f"X{at}", name, f"19{60 + at}0101", 1) for at, name in enumerate(("王平", "刘海", "陈志", "赵云"))]


def test_a_twin_is_not_taken_for_the_other() -> None:
    asked = member("Q1", "张大宝", "20050601", 1, id_number=None)
    likely = found([*TWINS, *OTHERS], [asked])["Q1"]
    assert likely["P1"] > LIKELY
    assert likely.get("P2", 0.0) < 0.1


def test_two_namesakes_of_one_day_are_each_at_most_half_likely() -> None:
    likely = found([*NAMESAKES, *OTHERS], [member("Q1", "李建军", "19700301", 1, id_number=None)])["Q1"]
    assert set(likely) == {"P3", "P4"}
    assert all(one <= 0.5 for one in likely.values())


def test_a_number_settles_which_namesake_is_meant() -> None:
    likely = found([*NAMESAKES, *OTHERS], [member("Q1", "李建军", "19700301", 3)])["Q1"]
    assert likely == {"P4": pytest.approx(1.0, abs=0.01)}


def test_a_number_settles_which_namesake_is_meant_though_the_name_is_a_homophone() -> None:
    likely = found([*NAMESAKES, *OTHERS], [member("Q1", "李建君", "19700301", 3)])["Q1"]
    assert likely["P4"] > 0.95
    assert likely.get("P3", 0.0) < LEAST


def test_a_number_settles_which_twin_is_meant_though_the_name_is_a_homophone() -> None:
    likely = found([*TWINS, *OTHERS], [member("Q1", "张小保", "20050601", 3)])["Q1"]
    assert likely["P2"] > 0.95
    assert likely.get("P1", 0.0) < LEAST


def test_a_twin_under_the_number_of_the_other_is_the_one_who_is_named() -> None:
    likely = found([*TWINS, *OTHERS], [member("Q1", "张大宝", "20050601", 3)])["Q1"]
    assert likely["P1"] > LIKELY
    assert likely["P1"] > likely.get("P2", 0.0)


def test_who_gave_the_number_of_a_relative_is_found_by_name_and_birth_date() -> None:
    family = [member("P5", "赵春梅", "19620412", 2, home="H5"), member("P6", "李志强", "19860920", 1, home="H5")]
    asked = member("Q1", "李志强", "19860920", 1, id_number=number("19620412", 2))
    likely = found([*family, *OTHERS], [asked])["Q1"]
    assert likely["P6"] > LIKELY
    assert likely.get("P5", 0.0) < 0.1


def test_who_gave_the_number_of_a_relative_and_no_birth_date_is_found_all_the_same() -> None:
    family = [member("P5", "赵春梅", "19620412", 2, home="H5"), member("P6", "李志强", "19860920", 1, home="H5")]
    asked = member("Q1", "李志强", "19860920", 1, id_number=number("19620412", 2), birth_date=None)
    likely = found([*family, *OTHERS], [asked])["Q1"]
    assert likely["P6"] > LIKELY
    assert likely.get("P5", 0.0) < 0.1


def test_a_birth_date_counted_twice_loses_who_gave_the_number_of_a_relative() -> None:
    """The twin that proves that a date read off the number must not speak again of what the number has said."""
    compare = [
        one.model_copy(update={"missing": "l.born IS NULL OR r.born IS NULL"}) if one.id == "birth" else one
        for one in PEOPLE.compare
    ]
    twice = PEOPLE.model_copy(update={"compare": tuple(compare)})
    asked = member("Q1", "李志强", "19860920", 1, id_number=number("19620412", 2), birth_date=None)
    listed = member("P6", "李志强", "19860920", 1)
    assert found([listed, *OTHERS], [asked], twice).get("Q1", {}).get("P6", 0.0) < LIKELY


def test_a_birth_date_of_its_own_that_differs_speaks_against_a_namesake() -> None:
    asked = member("Q1", "李志强", "19620412", 1)
    assert found([member("P6", "李志强", "19860920", 1), *OTHERS], [asked]).get("Q1", {}).get("P6", 0.0) < LIKELY


def test_a_birth_date_read_off_another_number_still_speaks_for_who_was_born_that_day() -> None:
    listed = [member("P6", "李志强", "19860920", 1), member("P7", "李志强", "19620412", 1)]
    asked = member("Q1", "李志强", "19860920", 5, birth_date=None)
    likely = found([*listed, *OTHERS], [asked])["Q1"]
    assert likely["P6"] > LIKELY
    assert likely.get("P7", 0.0) < 0.1


def test_the_number_of_another_alone_does_not_make_a_person() -> None:
    asked = member("Q1", "孙秀兰", "19880808", 2, id_number=number("20050601", 1))
    assert found([*TWINS, *OTHERS], [asked]).get("Q1", {}).get("P1", 0.0) < LIKELY
    assert found([*TWINS, *OTHERS], [{**asked, "birth_date": None}]).get("Q1", {}).get("P1", 0.0) < LIKELY


def test_a_name_that_lost_a_character_is_found() -> None:
    likely = found([*TWINS, *OTHERS], [member("Q1", "张宝", "20050601", 1)])["Q1"]
    assert likely["P1"] > 0.95


def test_a_list_that_settles_whole_is_believed_whole() -> None:
    listed = [member(f"P{at}", name, f"19{50 + at}0{at % 9 + 1}11", 1) for at, name in enumerate(["王平", "刘海"] * 20)]
    asked = [{**row, "person_code": f"Q{at}", "birth_date": None, "sex": None} for at, row in enumerate(listed)]
    likely = found(listed, asked)
    assert {asked: max(pairs.values()) >= 0.99 for asked, pairs in likely.items()} == {
        f"Q{at}": True for at in range(40)
    }


def test_who_is_not_listed_is_not_found() -> None:
    assert found([*TWINS, *OTHERS], [member("Q1", "孙秀兰", "19880808", 2)]) == {}


def test_the_order_of_the_rows_does_not_matter() -> None:
    asked = [member("Q1", "李建军", "19700301", 3), member("Q2", "张大宝", "20050601", 1, id_number=None)]
    listed = [*TWINS, *NAMESAKES, *OTHERS]
    one, other = found(listed, asked), found(listed[::-1], asked[::-1])
    assert {key: set(value) for key, value in one.items()} == {key: set(value) for key, value in other.items()}
    assert np.allclose([one["Q2"]["P1"]], [other["Q2"]["P1"]], atol=1e-6)
