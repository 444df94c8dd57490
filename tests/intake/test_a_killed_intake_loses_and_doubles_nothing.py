"""The intake is killed at random moments and run again: what stands in the end is what an undisturbed run leaves.

The same harness is held against a sabotaged intake that writes its receipt first; it must notice.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jingzhun.model.receipt import read_receipts
from tests.intake.making import person, text, workbook

CHILD = """
import sys, time
from datetime import date
from pathlib import Path
from jingzhun.intake import store as store_module
from jingzhun.intake import take_in as module
take = sys.modules["jingzhun.intake.take_in"]
from jingzhun.policy import load_pack

publish = store_module.Store.publish
def slowly(self, temporary, target):
    time.sleep(0.004)
    publish(self, temporary, target)
    time.sleep(0.004)
store_module.Store.publish = slowly

if sys.argv[3] == "sabotaged":
    from jingzhun.model.receipt import FileReceipt
    honest = take._table
    def receipt_first(task, path, name, sha256, form):
        number = task.store.next_delivery()
        task.store.commit(FileReceipt(name, sha256, path.stat().st_size, number, None, (), None, None, *task.reading))
        return honest(task, path, name, sha256, form)
    take._table = receipt_first

pack = load_pack("luliang_2018")
print("ready", flush=True)
module(sorted(Path(sys.argv[1]).iterdir()), Path(sys.argv[2]), pack, received_on=date(2018, 12, 31))
"""
KILLS = 50
ROWS = 40


def deliveries(folder: Path) -> Path:
    """Six small files with clean, odd and refused rows, and one copy of another."""
    folder.mkdir()
    for number in range(5):
        rows = [person(number * 100 + n + 1, 性别="男" if n % 7 else "未知") for n in range(ROWS)]
        make = workbook if number % 2 else text
        make(folder / f"{number}_人员.{'xlsx' if number % 2 else 'csv'}", rows)
    (folder / "5_人员.csv").write_bytes((folder / "4_人员.csv").read_bytes())
    return folder


def start(files: Path, store: Path, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(files), str(store), how]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def left(store: Path) -> tuple[list[object], list[object]]:
    """Receipts without what may differ, and the staged rows that they make count."""
    receipts = read_receipts(store)
    said = [
        (
            receipt.file,
            receipt.sha256,
            receipt.refused,
            [(sheet.rows, sheet.accepted, sheet.quarantined) for sheet in receipt.sheets],
        )
        for receipt in receipts
    ]
    rows = [
        tuple(row.items())
        for receipt in receipts
        for sheet in receipt.sheets
        for staged in sheet.staged
        for row in pq.read_table(store / staged.path).to_pylist()
    ]
    return sorted(map(json.dumps, said)), sorted(map(str, rows))


def run_to_the_end(files: Path, store: Path, how: str) -> float:
    child = start(files, store, how)
    begun = time.perf_counter()
    assert child.wait() == 0
    return time.perf_counter() - begun


def killed_again_and_again(files: Path, store: Path, how: str, kills: int, longest: float, seed: int) -> None:
    """Each life is ended at a random moment of its work; every fifth kill begins a new store's worth of work."""
    chance = random.Random(seed)
    for _ in range(kills):
        child = start(files, store, how)
        time.sleep(chance.uniform(0.0, longest))
        child.send_signal(signal.SIGKILL)
        child.wait()


@pytest.mark.parametrize("round_", range(5))
def test_nothing_is_lost_or_doubled_by_kills(tmp_path: Path, round_: int) -> None:
    files = deliveries(tmp_path / "files")
    longest = run_to_the_end(files, tmp_path / "calm", "honest")
    store = tmp_path / "killed"
    killed_again_and_again(files, store, "honest", KILLS // 5, longest * 0.4, seed=round_)
    run_to_the_end(files, store, "honest")
    assert left(store) == left(tmp_path / "calm")


def test_the_harness_notices_an_intake_that_writes_its_receipt_first(tmp_path: Path) -> None:
    files = deliveries(tmp_path / "files")
    longest = run_to_the_end(files, tmp_path / "calm", "honest")
    for seed in range(20):
        store = tmp_path / f"killed-{seed}"
        killed_again_and_again(files, store, "sabotaged", 1, longest * 0.6, seed)
        run_to_the_end(files, store, "sabotaged")
        if left(store) != left(tmp_path / "calm"):
            return
    pytest.fail("20 kills of a sabotaged intake were not noticed: the harness proves nothing")
