"""Counting in a table, several indicators to a sum, gives what the arrays give, row by row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.engine import DuckDBEngine
from jingzhun.measurement import deprivation_counts
from jingzhun.measurement.deprivation import alkire_foster, profile
from jingzhun.measurement.deprivation_counts import DeprivationCounts, count_deprivations
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Floats
from tests.measurement.published import FOLDER, columns, numbers
from tests.measurement.samples import quick
from tests.measurement.test_published_deprivation import GLOBAL_MPI, MATRIX, of_areas

INDICATORS = tuple("abcdefg")
WEIGHTS = {"a": "1/3", "b": "1/6", "c": "1/6", "d": "1/12", "e": "1/12", "f": "1/12", "g": "1/12"}
KS = ("1/2", "1/3", 0, 1, "1/12")
KINDS = ("none", "whole", "huge", "broken")


class People:
    """A made-up table: what people lack, some of it not known, their groups and weights of a kind."""

    def __init__(self, seed: int, kind: str, unknown: float = 0.03) -> None:
        draw = np.random.default_rng(seed)
        n = int(draw.integers(40, 200))
        self.lacks = (draw.random((n, 7)) < draw.random(7)).astype(np.float64)
        self.lacks[draw.random((n, 7)) < unknown] = np.nan
        self.area = draw.integers(0, 4, n)
        self.sex = np.where(draw.random(n) < 0.5, "女", "男")
        whole = draw.integers(1, 900, n).astype(np.float64)
        self.weight = {"none": np.ones(n), "whole": whole, "huge": whole * 2.0**45, "broken": draw.uniform(0.1, 9, n)}[
            kind
        ]
        self.weighted = None if kind == "none" else "w"

    def table(self) -> pa.Table:
        lacks = {name: pa.array(self.lacks[:, at], from_pandas=True) for at, name in enumerate(INDICATORS)}
        return pa.table({"area": self.area, "sex": self.sex, "w": self.weight, **lacks})

    def counted(self, **asked: Any) -> DeprivationCounts:
        with DuckDBEngine() as engine:
            engine.load("people", self.table())
            conditions = {name: f"{name} = 1" for name in INDICATORS}
            return count_deprivations(engine, "people", conditions, WEIGHTS, KS, weight=self.weighted, **asked)


def check(people: People, found: DeprivationCounts, inside: Floats, row: int) -> None:
    """One group of the counts against the measures worked out from arrays."""
    of = profile({name: people.lacks[:, at] for at, name in enumerate(INDICATORS)}, WEIGHTS)
    unknown = np.isnan(people.lacks).any(axis=1)
    assert found.left_out[row] == (inside & unknown).sum()
    assert found.people[row] == pytest.approx(people.weight[inside & ~unknown].sum(), rel=1e-12)
    for at, k in enumerate(KS):
        wanted = alkire_foster(of, people.weight, k, inside)
        assert found.incidence[row, at] == pytest.approx(wanted["H"].value, rel=1e-12)
        assert found.adjusted[row, at] == pytest.approx(wanted["M0"].value, rel=1e-12, abs=1e-15)
        if "A" in wanted:
            assert found.intensity[row, at] == pytest.approx(wanted["A"].value, rel=1e-12)
        for place, name in enumerate(INDICATORS):
            raw, censored = wanted[f"headcount.{name}"].value, wanted[f"censored.{name}"].value
            # The arrays count an indicator's raw headcount over the same rows: those of which all is known.
            assert found.headcounts[row, place] == pytest.approx(raw, rel=1e-12)
            assert found.censored_headcounts[row, at, place] == pytest.approx(censored, rel=1e-12, abs=1e-15)
            if f"contribution.{name}" in wanted:
                part = wanted[f"contribution.{name}"].value
                assert found.contributions[row, at, place] == pytest.approx(part, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(seed=st.integers(0, 10_000))
def test_every_group_and_cut_off_is_as_the_arrays_have_it(kind: str, seed: int) -> None:
    people = People(seed, kind)
    found = people.counted(by=["area"])
    for row, area in enumerate(found.groups.column("area").to_pylist()):
        check(people, found, people.area == area, row)


def test_several_columns_tell_groups_apart_and_none_is_everybody() -> None:
    people = People(5, "whole")
    found = people.counted(by=["sex", "area % 2"])
    told = list(zip(*(column.to_pylist() for column in found.groups.columns), strict=True))
    assert told == sorted({(sex, area % 2) for sex, area in zip(people.sex, people.area.tolist(), strict=True)})
    for row, (sex, area) in enumerate(told):
        check(people, found, (people.sex == sex) & (people.area % 2 == area), row)
    check(people, people.counted(), np.ones(len(people.area), np.bool_), 0)


def test_counts_of_whole_weights_are_whole_and_those_too_big_to_share_a_sum_stand_alone() -> None:
    """A group's weights above 2^26 leave no room for a second count in a double; they are summed one by one."""
    people = People(9, "huge")
    known = ~np.isnan(people.lacks).any(axis=1)
    exact = [sum(Fraction(w) for w in people.weight[known & (people.lacks[:, at] == 1)]) for at in range(7)]
    assert people.counted().raw[0] == pytest.approx([float(one) for one in exact], rel=1e-15)


def test_bands_that_are_too_narrow_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness's twin: with a bit less than the largest group needs, counts run over into their neighbours."""
    people = People(3, "none", unknown=0.0)
    width = deprivation_counts._Rows.width
    monkeypatch.setattr(deprivation_counts._Rows, "width", lambda rows: width(rows) - 3)
    with pytest.raises(AssertionError):
        check(people, people.counted(), np.ones(len(people.area), np.bool_), 0)


def test_a_published_index_comes_out_of_a_file() -> None:
    ks = ["1/5", "1/3", "1/2"]
    with DuckDBEngine() as engine:
        engine.execute(f"CREATE TABLE matrix AS SELECT * FROM read_csv('{FOLDER / 'data' / MATRIX}')")
        found = count_deprivations(
            engine, "matrix", {name: f"{name} = 1" for name in GLOBAL_MPI}, GLOBAL_MPI, ks, by=["cls"]
        )
    of, everybody = of_areas(), np.ones(len(numbers(MATRIX, "assets")))
    rows = found.table().to_pylist()
    assert [(row["cls"], row["k"]) for row in rows] == [
        (cls, k) for cls in sorted({*columns(MATRIX)["cls"]}) for k in ks
    ]
    for row in rows:
        wanted = alkire_foster(of, everybody, row["k"], columns(MATRIX)["cls"] == row["cls"])
        assert row["people"] == (columns(MATRIX)["cls"] == row["cls"]).sum()
        assert {name: row[name] for name in wanted} == pytest.approx(
            {name: one.value for name, one in wanted.items()}, rel=1e-12
        )


def test_a_group_of_which_nobody_is_known_has_no_measures() -> None:
    with DuckDBEngine() as engine:
        engine.load("people", pa.table({"area": [1, 1, 2], "a": [True, False, None]}))
        found = count_deprivations(engine, "people", {"a": "a"}, by=["area"])
    assert [(row["area"], row["H"], row["people"], row["left_out"]) for row in found.table().to_pylist()] == [
        (1, 0.5, 2, 0),
        (2, None, 0, 1),
    ]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown column": ({"indicators": {"water": "lack"}}, "indicators.water：没有“lack”", "lacks"),
    "an indicator that is no condition": ({"indicators": {"water": "w"}}, "indicators.water：", "indicators.water: "),
    "no indicator": ({"indicators": {}}, "indicators：一项也没有", "indicators: there is none"),
    "a cut-off out of reach": ({"ks": [1, 2]}, "k：2 应在 0 和权重之和 1 之间", "k: 2 must lie between 0 and"),
    "no cut-off": ({"ks": []}, "k：没有给出临界值", "k: there is no cut-off"),
    "an unknown group": ({"by": ["village"]}, "by.village：", "by.village: "),
    "a negative weight": (
        {"weight": "w"},
        "weight：2 行缺权重或权重为负（行 1、2，",
        "2 rows have no weight or a negative one",
    ),
    "rows that reweight": ({"missing": "reweight"}, "missing：大表计数只支持 drop", "for reweight use profile"),
    "no row": ({"relation": "nobody"}, "nobody：表中没有一行", "nobody: the table has no row"),
}


@pytest.mark.parametrize(("asked", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_counted_is_refused(asked: dict[str, Any], zh: str, en: str) -> None:
    with DuckDBEngine() as engine:
        engine.load("people", pa.table({"lacks": [True, False, True], "w": [1.0, -1.0, None]}))
        engine.execute("CREATE TABLE nobody AS SELECT * FROM people WHERE false")
        plain: dict[str, Any] = {"relation": "people", "indicators": {"water": "lacks"}}
        with pytest.raises(NotMeasurable) as refused:
            count_deprivations(engine, **{**plain, **asked})
    assert zh in refused.value.zh
    assert en in refused.value.en
