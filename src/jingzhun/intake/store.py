"""The store of deliveries: original bytes, staged rows, receipts. The receipt comes last, so a kill loses nothing."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jingzhun.intake.reading import Refused
from jingzhun.model.receipt import FileReceipt, read_receipts

CHUNK = 1 << 20
_OURS = re.compile(r"[0-9a-f]{64}(-[0-9]{4})?\.")
"""Names of files that an interrupted run may have left; nothing else in the folder is ours to delete."""


class Store:
    """A folder with ``originals``, ``staged``, ``receipts`` and ``refused``. One process writes at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("originals", "staged", "receipts", "refused"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._receipts: list[FileReceipt] = []

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store; what an interrupted run left behind is swept away first."""
        with (self.folder / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Refused(
                    f"接收库 {self.folder} 正被另一个接收任务使用；请等它结束。",
                    f"the store {self.folder} is in use by another intake; wait for it to end.",
                ) from error
            self._receipts = read_receipts(self.folder)
            self._sweep()
            yield

    def receipts(self, sha256: str) -> list[FileReceipt]:
        """The receipts of these bytes: several where only the file's name says of which year they are.

        The store must be held.
        """
        return [receipt for receipt in self._receipts if receipt.sha256 == sha256]

    def next_delivery(self) -> int:
        """The number of the next delivery; numbers are never used twice."""
        return max((receipt.delivery for receipt in self._receipts), default=0) + 1

    def keep_original(self, path: Path, sha256: str) -> None:
        target = self.folder / "originals" / sha256
        if not target.exists():
            temporary = target.with_suffix(".tmp")
            try:
                shutil.copyfile(path, temporary)
            except OSError as error:
                blamed = path if error.errno in (errno.EACCES, errno.ENOENT, errno.EISDIR) else target
                raise OSError(error.errno, error.strerror, str(blamed)) from error
            self.publish(temporary, target)

    def publish(self, temporary: Path, target: Path) -> None:
        """Make a finished file visible under its name, durably."""
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def commit(self, receipt: FileReceipt) -> None:
        """Write the receipt: from here on the file is taken in. It takes the place of an earlier refusal."""
        target = self._path(receipt)
        temporary = target.with_suffix(".tmp")
        temporary.write_text(json.dumps(receipt.to_json(), ensure_ascii=False), "utf-8")
        self.publish(temporary, target)
        for before in self.receipts(receipt.sha256):
            if before.refused is None and before.delivery != receipt.delivery:
                continue
            self._replace(before, receipt)
        self._receipts.append(receipt)

    def _replace(self, before: FileReceipt, receipt: FileReceipt) -> None:
        """Remove what an earlier refusal, or an earlier reading of the same delivery, left behind."""
        if self._path(before) != self._path(receipt):
            self._path(before).unlink()
        if before.returned and before.returned != receipt.returned:
            (self.folder / before.returned).unlink(missing_ok=True)
        for path in _staged(before) - _staged(receipt):
            (self.folder / path).unlink(missing_ok=True)
        self._receipts.remove(before)

    def drop_staged(self, stem: str) -> None:
        """Remove the staged rows of a file that turned out to be refused."""
        for path in (self.folder / "staged").rglob(f"{stem}.*"):
            if path.is_file():
                path.unlink()

    def _path(self, receipt: FileReceipt) -> Path:
        return self.folder / "receipts" / f"{receipt.delivery:06d}-{receipt.sha256}.json"

    def _sweep(self) -> None:
        counted = {staged.path for receipt in self._receipts for sheet in receipt.sheets for staged in sheet.staged}
        for path in (self.folder / "staged").rglob("*"):
            if path.is_file() and _OURS.match(path.name) and str(path.relative_to(self.folder)) not in counted:
                path.unlink()
        for path in (self.folder / "refused").glob("*.tmp"):
            if _OURS.match(path.name):
                path.unlink()
        for folder in ("originals", "receipts"):
            for path in (self.folder / folder).glob("*.tmp"):
                path.unlink()


def _staged(receipt: FileReceipt | None) -> set[str]:
    return {staged.path for sheet in receipt.sheets for staged in sheet.staged} if receipt else set()


def sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
