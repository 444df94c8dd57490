"""What a pack says of the people to invent is judged like the rest of it: with file and line, never by a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jingzhun.policy import PackFaults, find_pack, load_pack
from jingzhun.population import generate, population_faults
from tests.population.conftest import COUNTY, YEAR_END

FOLDER = "population"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_pack("luliang_2018"), tmp_path / "pack"))


def put(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def cut(path: Path) -> None:
    path.write_text("[", "utf-8")


def only_the_header(path: Path) -> None:
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


SPOILT: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "a number that is none": ("calibration.yaml", put("{residents: 335000", "{residents: many"), "residents"),
    "a field that is none": ("problems.yaml", put("rule: A03", "rulle: A03"), "problems.0.rule"),
    "no YAML": ("deliveries.yaml", cut, "YAML"),
    "a weight that is none": ("surnames.csv", put("王,7.2", "王,much"), "weight"),
    "a weight of nought": ("surnames.csv", put("王,7.2", "王,0"), "weight"),
    "no surname at all": ("surnames.csv", only_the_header, "一个姓也没有"),
    "no given name at all": ("given_names.csv", only_the_header, "各要有用字"),
}


def test_the_shipped_pack_has_none() -> None:
    assert population_faults(find_pack("luliang_2018")) == []


def test_a_pack_that_invents_nobody_has_none(tmp_path: Path) -> None:
    assert population_faults(tmp_path) == []


@pytest.mark.parametrize(("file", "spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_it_is_told_with_its_file_and_nobody_is_invented(
    root: Path, tmp_path: Path, file: str, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(root / FOLDER / file)
    [fault] = population_faults(root)[:1]
    assert (fault.file, said in fault.zh) == (f"{FOLDER}/{file}", True), fault
    with pytest.raises(PackFaults, match=file):
        generate(load_pack(root), tmp_path / "out", region=COUNTY, as_of=YEAR_END, persons=1000)
    assert not (tmp_path / "out").exists()
