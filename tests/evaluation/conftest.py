"""A county of invented people, small enough to draw from in a second, and a sample of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from jingzhun.policy import Pack, load_pack
from jingzhun.population import generate
from jingzhun.snapshot import seal
from tests.command_line.asking import in_process
from tests.command_line.conftest import Command

COUNTY = "141130000000"
YEAR_END = date(2018, 12, 31)
SEED = 7


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("luliang_2018")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> Path:
    """A sealed snapshot of the county with a tenth of its people; nobody may change it."""
    folder = tmp_path_factory.mktemp("county") / "snapshot"
    generate(pack, folder, region=COUNTY, as_of=YEAR_END, persons=12_000, form="snapshot")
    seal(folder, pack, YEAR_END, region=COUNTY, synthetic=True, source="synthetic")
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    for name in ("JINGZHUN_LANG", "JINGZHUN_PACK", "JINGZHUN_SNAPSHOT"):
        monkeypatch.delenv(name, raising=False)
    return in_process(monkeypatch, capsys)


@pytest.fixture(scope="session")
def sampled(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample of the county, drawn by the command as a person would; nobody may change it."""
    folder = tmp_path_factory.mktemp("sampled") / "sample"
    words = ("sample", county, "--out", folder, "--seed", SEED)
    subprocess.run([sys.executable, "-m", "jingzhun_cli.main", *map(str, words)], check=True, capture_output=True)
    return folder


@pytest.fixture
def drawn(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample for one test."""
    return Path(shutil.copytree(sampled, tmp_path_factory.mktemp("drawn") / "sample"))
