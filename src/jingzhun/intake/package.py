"""Zip packages read in pieces: whatever is wrong with a member is one error; nothing is believed but what is read."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from jingzhun.intake.reading import Refused

CHUNK = 1 << 20


class Damaged(Exception):
    """A member that does not unpack: encrypted, cut short, or packed in a way nobody can undo."""


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member in pieces. Raises ``Damaged`` for whatever keeps it from being unpacked."""
    try:
        with archive.open(info) as member:
            while chunk := member.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError) as error:
        # bz2 says OSError, a password RuntimeError, an unknown method NotImplementedError (a RuntimeError)
        raise Damaged(str(error)) from error


class Markup:
    """A streaming XML parser that refuses document types and entities, and broken XML.

    Elements are called back by local name and attributes as they are written: so the readers of workbooks look at
    them, which know no namespaces, and what they would see must be what was inspected.
    """

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._start = start
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._started
        self._parser.StartDoctypeDeclHandler = _refuse_declaration
        self._parser.EntityDeclHandler = _refuse_declaration
        if end is not None:
            self._parser.EndElementHandler = lambda name: end(_local(name) if ":" in name else name)
        if text is not None:
            self._parser.CharacterDataHandler = text

    def feed(self, data: bytes) -> None:
        self._parse(data, False)

    def close(self) -> None:
        self._parse(b"", True)

    def _parse(self, data: bytes, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Damaged(str(error)) from error

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._start(_local(name) if ":" in name else name, attributes)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_declaration(*_: Any) -> None:
    raise declaration()


def declaration() -> Refused:
    return Refused(
        "文件里有不允许的 XML 声明（DOCTYPE/ENTITY），可能被篡改；请用表格软件另存后再报。",
        "the file holds an XML declaration that is not allowed; save it anew and send that.",
    )


def elements(archive: zipfile.ZipFile, name: str, limit: int) -> list[tuple[str, dict[str, str]]]:
    """All elements of a small part that describes the package, in order, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    markup = Markup(lambda local, attributes: found.append((local, attributes)))
    read = 0
    for piece in pieces(archive, archive.getinfo(name)):
        read += len(piece)
        if read > limit:
            raise Damaged(f"{name} is too large")
        markup.feed(piece)
    markup.close()
    return found


def inside(folder: str, target: str) -> str:
    """The member that a relation of a part in ``folder`` points to."""
    parts: list[str] = []
    for part in PurePosixPath("/", folder, target.replace("\\", "/")).parts[1:]:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
