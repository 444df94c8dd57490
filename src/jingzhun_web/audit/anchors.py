"""Heads of the chain, written to a file outside the database: without it, cutting the end off would go unseen.

Each line is a JSON object with ``sequence``, ``hash`` and ``at``. Put the file where the database's owner cannot write
it back, or copy it there: what nobody else holds proves nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from jingzhun_web.audit.chain import Anchor


class DamagedAnchors(ValueError):
    """A line of the file of anchors is not one."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path}:{line}")
        self.path, self.line = path, line


def append_due(before: int, head: Anchor) -> None:
    """Anchor the head if one was due among the entries after ``before`` (``JINGZHUN_ANCHOR_EVERY``)."""
    path: Path | None = settings.JINGZHUN.anchors
    every: int = settings.JINGZHUN.anchor_every
    if path is not None and head.sequence // every > before // every:
        append(path, head)


def append(path: Path, anchor: Anchor) -> None:
    """Write one line and wait until it is on the disk; one write call, so that lines of two processes do not mix."""
    line = json.dumps(
        {"sequence": anchor.sequence, "hash": anchor.hash, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, line.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> Iterator[Anchor]:
    """The anchors of a file; DamagedAnchors names the first line that is none."""
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
        try:
            found = json.loads(line)
            yield Anchor(int(found["sequence"]), str(found["hash"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedAnchors(path, number) from error
