"""What is in a store was read by one pack on one day; another one reads the kept bytes again, never silently not."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from jingzhun.intake import Refused, take_in, to_read_again
from jingzhun.model.receipt import DamagedStore, read_receipts
from jingzhun.policy import Pack, load_pack
from jingzhun.snapshot import freeze
from tests.intake.making import RECEIVED, pack, person, workbook


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    first = workbook(tmp_path / "一_2018年.xlsx", [person(1), person(2, 民族="火星族")])
    return [first, workbook(tmp_path / "二_2018年.xlsx", [person(1, 姓名="改正")])]


@pytest.fixture
def store(tmp_path: Path, files: list[Path]) -> Path:
    take_in(files, tmp_path / "store", pack(), received_on=RECEIVED)
    return tmp_path / "store"


@pytest.fixture
def changed(tmp_path: Path) -> Pack:
    """The shipped pack, in which the ethnic group of the second row exists."""
    shutil.copytree(pack().root, tmp_path / "pack")
    path = next((tmp_path / "pack" / "catalogue" / "codes").glob("*ethnic*.yaml"))
    path.write_text(path.read_text("utf-8").replace("汉族", "火星族", 1), "utf-8")
    return load_pack(tmp_path / "pack")


def test_the_same_pack_and_day_change_nothing(store: Path, files: list[Path]) -> None:
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    assert to_read_again(store, pack(), RECEIVED) == []
    assert all(receipt.already for receipt in take_in(files, store, pack(), received_on=RECEIVED))
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_a_receipt_says_by_which_pack_and_day_the_file_was_read(store: Path) -> None:
    assert {(one.pack, one.received_on) for one in read_receipts(store)} == {(pack().fingerprint, "2018-12-31")}


def test_a_changed_pack_reads_every_file_of_the_store_again(store: Path, files: list[Path], changed: Pack) -> None:
    assert len(to_read_again(store, changed, RECEIVED)) == 2
    [given] = take_in(files[1:], store, changed, received_on=RECEIVED)
    assert not given.already
    first, second = read_receipts(store)
    assert (first.delivery, second.delivery) == (1, 2)
    assert {first.pack, second.pack} == {changed.fingerprint}
    assert {problem.value for problem in first.sheets[0].problems} == {"汉族"}
    assert len(list((store / "staged").rglob("*.parquet"))) == sum(
        len(sheet.staged) for one in (first, second) for sheet in one.sheets
    )


def test_another_day_reads_again_too_and_back_again_gives_the_same(store: Path, files: list[Path]) -> None:
    before = [receipt.to_json() for receipt in read_receipts(store)]
    take_in(files, store, pack(), received_on=date(2016, 12, 31))
    assert {receipt.received_on for receipt in read_receipts(store)} == {"2016-12-31"}
    take_in(files, store, pack(), received_on=RECEIVED)
    assert [receipt.to_json() for receipt in read_receipts(store)] == before


def test_what_cannot_be_read_again_is_refused_in_a_sentence(store: Path, files: list[Path], changed: Pack) -> None:
    shutil.rmtree(store / "originals")
    (store / "originals").mkdir()
    with pytest.raises(Refused, match="一_2018年") as refused:
        take_in(files[1:], store, changed, received_on=RECEIVED)
    assert refused.value.en


def test_a_store_read_by_another_pack_is_not_frozen(store: Path, changed: Pack, tmp_path: Path) -> None:
    with pytest.raises(DamagedStore, match="另一个政策包"):
        freeze(store, tmp_path / "snapshot", changed, RECEIVED)


def test_staged_rows_deleted_by_hand_are_read_again_from_the_original(
    store: Path, files: list[Path], tmp_path: Path
) -> None:
    before = [receipt.to_json() for receipt in read_receipts(store)]
    next((store / "staged").rglob("*.parquet")).unlink()
    with pytest.raises(DamagedStore, match="parquet"):
        freeze(store, tmp_path / "snapshot", pack(), RECEIVED)
    take_in(files, store, pack(), received_on=RECEIVED)
    assert [receipt.to_json() for receipt in read_receipts(store)] == before
    assert freeze(store, tmp_path / "snapshot", pack(), RECEIVED).tables["person"].rows == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "[" * 100_000, json.dumps({"sheets": [{"sheet": 1}]})])
def test_a_receipt_that_is_none_is_named(store: Path, text: str) -> None:
    path = next((store / "receipts").glob("*.json"))
    path.write_text(text, "utf-8")
    with pytest.raises(DamagedStore) as damaged:
        read_receipts(store)
    assert damaged.value.path == path and damaged.value.zh and damaged.value.en
