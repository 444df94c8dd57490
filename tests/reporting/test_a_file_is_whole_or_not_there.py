"""A file that could not be written to its end leaves nothing under its name, and what was there before stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from jingzhun.reporting.whole import write_whole


def test_a_full_disk_leaves_the_earlier_file_and_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_whole(tmp_path / "核查表.xlsx", b"before")

    def full(self: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError) as refused:
        write_whole(path, b"after")
    assert refused.value.errno == errno.ENOSPC and refused.value.filename == str(path)
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir()] == [path.name] and path.read_bytes() == b"before"
