"""Two freezes into one place never mix: one snapshot is whole, the other attempt is refused."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from jingzhun.model.receipt import AccountingError
from jingzhun.snapshot import InUse, freeze, held, read_manifest, seal, verify
from tests.small import AS_OF, Store, household, person, small_pack


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = Store(tmp_path / "store")
    store.deliver("一.xlsx", {("household", "export"): [household("H1"), household("H2")]})
    store.deliver("二.xlsx", {("person", "export"): [person("P1"), person("P2")]})
    return store.folder


def test_a_second_freeze_in_the_middle_of_the_first_takes_nothing_from_it(store: Path, tmp_path: Path) -> None:
    out, others = tmp_path / "snapshot", []

    def meanwhile(*_: object) -> None:
        if not others:
            others.append(freeze(store, out, small_pack(), AS_OF).fingerprint)

    with pytest.raises(OSError, match="snapshot"):
        freeze(store, out, small_pack(), AS_OF, progress=meanwhile)
    assert verify(out) == []
    assert read_manifest(out).fingerprint == others[0]
    assert set(read_manifest(out).tables) >= {"household", "person"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot", "store"]


def test_a_folder_that_lost_a_table_is_not_sealed(store: Path, tmp_path: Path) -> None:
    lost = []

    def lose(*_: object) -> None:
        for path in tmp_path.glob(".snapshot.building-*/snapshot/household.parquet"):
            path.unlink()
            lost.append(path)

    with pytest.raises(AccountingError, match="household"):
        freeze(store, tmp_path / "snapshot", small_pack(), AS_OF, progress=lambda *at: lose() if at[1] == 2 else None)
    assert lost
    assert not (tmp_path / "snapshot").exists()


def test_a_folder_that_gained_a_table_is_not_sealed(store: Path, tmp_path: Path) -> None:
    manifest = freeze(store, tmp_path / "snapshot", small_pack(), AS_OF)
    counts = {name: count for name, count in manifest.tables.items() if name == "person"}
    with pytest.raises(AccountingError, match="household"):
        seal(tmp_path / "snapshot", small_pack(), AS_OF, counts=counts)


def test_a_folder_is_held_by_one_at_a_time_and_free_again_afterwards(tmp_path: Path) -> None:
    refused: list[InUse] = []

    def try_it() -> None:
        try:
            with held(tmp_path / "out"):
                pass
        except InUse as error:
            refused.append(error)

    with held(tmp_path / "out"):
        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    assert refused and str(tmp_path / "out") in refused[0].zh and str(tmp_path / "out") in refused[0].en
    with held(tmp_path / "out"):
        pass
