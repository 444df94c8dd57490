"""Commands asked in this process, and a county small enough that every answer is known beforehand.

Starting an interpreter for each question would take longer than the question; the entry point is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from jingzhun.snapshot import freeze
from jingzhun_cli.main import run
from tests.command_line.conftest import Command, Ended
from tests.small import AS_OF, SOUTH, WEST, Store, household, person, resident, small_pack

PACK = Path(__file__).parents[1] / "fixtures" / "small_pack"
CODES = {"done": 0, "usage": 2, "refused": 3, "pack": 4, "not found": 5, "font": 6}
"""The exit codes that the tests rely on; that they are those of the reference is tested with the documents."""

Asking = Callable[[pytest.MonkeyPatch, pytest.CaptureFixture[str]], Command]


def in_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def ask(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["jingzhun", *map(str, words)])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the entry point sets its own
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return ask


def small_snapshot(folder: Path, as_of: date = AS_OF) -> Path:
    """山前县 with two villages and a village of 山后县: three poor of six persons, twelve residents."""
    year = as_of.year
    store = Store(folder / "store")
    people = [
        person("P1", "H1", year=year, exit_status="未脱贫", phone="13800000001"),
        person("P2", "H1", year=year, exit_status="返贫"),
        person("P3", "H2", WEST, year=year),
        person("P4", "H2", WEST, year=year),
        person("P5", "H3", SOUTH, year=year, exit_status="未脱贫"),
        person("P6", "H3", SOUTH, year=year),
    ]
    homes = [
        household("H1", year=year, exit_status="未脱贫", head_name="张三", net_income_per_head=300_000),
        household("H2", WEST, year=year, head_name="李四", net_income_per_head=400_000, water_safe=True),
        household("H3", SOUTH, year=year, head_name="王五"),
    ]
    store.deliver("扶贫办/人员_甲.xlsx", {("person", "人员"): people})
    store.deliver("扶贫办/户.xlsx", {("household", "户"): homes})
    roster = [resident(f"R{n}", village) for n, village in enumerate([WEST] * 8 + [SOUTH] * 4)]
    store.deliver("公安/人口.csv", {("resident", "人口"): roster})
    freeze(store.folder, folder / "snapshot", small_pack(), as_of)
    return folder / "snapshot"
