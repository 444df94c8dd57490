"""The commands as a user meets them: what is printed, what is in the JSON, and how the command ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.intake.making import person, workbook


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Ended]


@pytest.fixture
def jingzhun(tmp_path: Path) -> Command:
    def run(*words: object) -> Ended:
        line = [sys.executable, "-m", "jingzhun_cli.main", *map(str, words)]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A folder with one ledger: three people, one of an ethnic group that does not exist."""
    folder = tmp_path / "报送" / "扶贫办"
    folder.mkdir(parents=True)
    workbook(folder / "人员_2018年.xlsx", [person(1), person(2, 民族="火星族"), person(3)])
    return folder.parent


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """The command, asked in this process: quick, for what reads and does not write."""
    from tests.command_line.asking import in_process

    monkeypatch.chdir(tmp_path)
    for name in ("JINGZHUN_LANG", "JINGZHUN_PACK", "JINGZHUN_SNAPSHOT"):
        monkeypatch.delenv(name, raising=False)
    return in_process(monkeypatch, capsys)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the county that can be counted by hand; nobody may change it."""
    from tests.command_line.asking import small_snapshot

    return small_snapshot(tmp_path_factory.mktemp("small"))
