"""Files that are there whole or not at all: written beside their name and then renamed."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file. On a full disk nothing of it is left, and the error names it."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    return beside.replace(path)
