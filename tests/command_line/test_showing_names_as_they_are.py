"""Names of files and people are shown as they are written, whatever signs are in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jingzhun.snapshot import freeze
from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command
from tests.intake.making import person as ledger_person
from tests.intake.making import workbook
from tests.small import AS_OF, Store, household, person, small_pack

STRANGE = ["人员[final]_2018年.xlsx", "人员[bold]改_2018年.xlsx", "人员:smile:_2018年.xlsx", "人员[red_2018年.xlsx"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_is_shown_under_its_own_name(asked: Command, tmp_path: Path, name: str) -> None:
    workbook(tmp_path / name, [ledger_person(1)])
    ended = asked("intake", name)
    assert ended.code == CODES["done"]
    assert name in "".join(ended.out.split())


@pytest.mark.parametrize("name", ["张[b]三", "张[/]三", "[/red]", "[link=x]李四"])
def test_a_person_is_shown_under_his_own_name(asked: Command, tmp_path: Path, name: str) -> None:
    store = Store(tmp_path / "store")
    store.deliver("户.xlsx", {("household", "户"): [household("H1", head_name=name)]})
    store.deliver("人.xlsx", {("person", "人"): [person("P1", name=name)]})
    freeze(store.folder, tmp_path / "snapshot", small_pack(), AS_OF)
    ended = asked("explain", "H1", "--pack", PACK)
    assert ended.code == CODES["done"]
    shown = [line for line in ended.out.splitlines() if name in line]
    assert len(shown) >= 2
