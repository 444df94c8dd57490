"""A folder that appears whole or not at all, and one writer at a time in another."""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".lock"


class InUse(RuntimeError):
    """Another process writes into the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.zh = f"目录 {folder} 正被另一个任务使用；请等它结束，或换一个输出目录。"
        self.en = f"the folder {folder} is in use by another run; wait for it to end, or name another folder."
        super().__init__(f"{self.zh} {self.en}")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder, made where it is not there. Raises ``InUse`` when another process holds it.

    The lock goes with the process: a killed one leaves nothing that stands in the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(folder) from error
        yield


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """A new empty folder, nobody else's, to be renamed to ``out`` when it is complete; otherwise it goes.

    What killed processes left beside ``out`` is swept away; what another one is still building is left alone.
    """
    start = f".{out.name}.building-"
    for left in out.parent.glob(".*.building-*"):
        if left.name.startswith(start) and (left / LOCK).is_file():
            _sweep(left)
    outer = out.with_name(start + secrets.token_hex(8))
    try:
        with held(outer):
            folder = outer / out.name
            folder.mkdir()
            yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _sweep(left: Path) -> None:
    try:
        with held(left):
            shutil.rmtree(left)
    except (InUse, FileNotFoundError):
        return
