"""The same seed gives the same bytes; a county made alone is the county within the area."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jingzhun.policy import Pack
from jingzhun.population import UnknownPlace, generate
from jingzhun.population.calibration import NoCalibration, read_calibration
from tests.population.conftest import AREA, COUNTY, YEAR_END, Made

SCALE = 50


def hashes(folder: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def small(pack: Pack, out: Path, region: str, seed: int = 7) -> dict[str, str]:
    calibration = read_calibration(pack)
    whole = calibration.residents if region == AREA else calibration.counties[region].residents
    generate(pack, out, region=region, as_of=YEAR_END, seed=seed, persons=whole // SCALE)
    return hashes(out)


def test_the_same_seed_gives_the_same_bytes(pack: Pack, tmp_path: Path) -> None:
    assert small(pack, tmp_path / "a", COUNTY) == small(pack, tmp_path / "b", COUNTY)


def test_another_seed_gives_other_people(pack: Pack, tmp_path: Path) -> None:
    one, other = small(pack, tmp_path / "a", COUNTY), small(pack, tmp_path / "b", COUNTY, seed=8)
    assert one["truth/resident.parquet"] != other["truth/resident.parquet"]


def test_a_county_alone_is_the_county_within_the_area(pack: Pack, area: Made, tmp_path: Path) -> None:
    people = read_calibration(pack).counties[COUNTY].residents // 100
    generate(pack, tmp_path, region=COUNTY, as_of=YEAR_END, persons=people, form="snapshot")
    for name in sorted(path.stem for path in tmp_path.glob("*.parquet")):
        alone = f"SELECT * FROM '{tmp_path}/{name}.parquet'"
        within = f"SELECT * FROM {name} WHERE region_code LIKE '{COUNTY[:6]}%'"
        assert area.value(f"SELECT count(*) FROM ({alone})") == area.value(f"SELECT count(*) FROM ({within})"), name
        assert area.value(f"SELECT count(*) FROM ({alone} EXCEPT {within})") == 0, name


@pytest.mark.slow
def test_a_countys_files_are_the_same_within_the_area(pack: Pack, tmp_path: Path) -> None:
    alone, within = small(pack, tmp_path / "a", COUNTY), small(pack, tmp_path / "b", AREA)
    files = {name: value for name, value in alone.items() if name.startswith("files/")}
    assert files
    assert files == {name: value for name, value in within.items() if name in files}
    assert not [name for name in within if "交口县" in name and name not in files]


def test_a_place_without_calibration_is_refused_in_words(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(UnknownPlace, match="999999000000"):
        generate(pack, tmp_path, region="999999000000", as_of=date(2018, 12, 31))


def test_a_pack_without_calibration_is_refused_in_words(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(NoCalibration, match="population"):
        generate(replace(pack, root=tmp_path), tmp_path, region=COUNTY, as_of=YEAR_END)
