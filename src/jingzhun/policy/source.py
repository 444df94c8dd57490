"""The files of a pack: only regular ones of a stated size are opened. YAML has the line of every value.

So that a fault of a pack can be shown where it stands, and that no file of a pack can fill the memory or never end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file: plain data, and the 1-based line of each value by its path."""

    path: Path
    data: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of ``place``, or of the nearest thing around it that has one."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return 1


DEEPEST = 500
"""Brackets open at once in a YAML file of a pack; nobody writes more."""
MOST_VALUES = 200_000
"""Values in one file, aliases unfolded: nine short lines can otherwise fill any memory."""


MOST_BYTES = {".yaml": 4 * 2**20, ".csv": 64 * 2**20, ".typ": 4 * 2**20}
"""What one file may be, by its ending: a hundred times the largest that ships; the villages of a whole country fit."""


class Unfit(ValueError):
    """What stands there is no file that a pack may hold; ``zh`` and ``en`` say why and what to do."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"{path}: {zh} {en}")
        self.path, self.zh, self.en = path, zh, en


def listed(root: Path) -> Iterator[Path]:
    """Everything in the folder of a pack that is called as a file of a pack is, in a fixed order."""
    yield from sorted(path for path in root.rglob("*") if path.suffix in MOST_BYTES)


def check_file(path: Path) -> None:
    """Raises ``Unfit`` for what is no regular file, too large, or not to be read. Opens nothing."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise Unfit(
            path,
            "这是一个目录，应当是文件；请换成文件本身。",
            "this is a folder where a file is wanted; put the file there.",
        )
    if not stat.S_ISREG(found.st_mode):
        raise Unfit(
            path,
            "这不是普通文件（是设备、管道，或指向它们的链接），没有读取；请换成文件本身。",
            "this is no regular file but a device, a pipe or a link to one, and was not read; put the file there.",
        )
    if found.st_size > _most(path):
        raise _too_large(path)
    if not os.access(path, os.R_OK):
        raise Unfit(path, "没有读取这个文件的权限；请改正权限。", "this file may not be read; correct its permissions.")


def read_text(path: Path) -> str:
    """The text of a file of a pack. Raises ``Unfit`` for what is none, and ``UnicodeDecodeError``."""
    check_file(path)
    try:
        with path.open("rb") as handle:
            content = handle.read(_most(path) + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(content) > _most(path):
        raise _too_large(path)
    return content.decode("utf-8")


def _most(path: Path) -> int:
    return MOST_BYTES[path.suffix]


def _too_large(path: Path) -> Unfit:
    megabytes = _most(path) // 2**20
    return Unfit(
        path,
        f"文件超过 {megabytes} MB，没有读取；请检查是否放错了文件，或拆成几个。",
        f"the file has more than {megabytes} MB and was not read; is it the right one? Else split it.",
    )


def _unreadable(path: Path, error: OSError) -> Unfit:
    if path.is_symlink() and not path.exists():
        return Unfit(
            path,
            "这个链接指向的文件不存在；请换成文件本身，或删除链接。",
            "this link leads to no file; put the file itself there, or remove the link.",
        )
    return Unfit(
        path,
        f"读不了这个文件（{error.strerror}）；请检查权限和磁盘。",
        f"this file cannot be read ({error.strerror}); check its permissions and the disk.",
    )


class NotYaml(ValueError):
    """The file is not YAML; ``line`` says where the parser gave up."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class _Lines(yaml.CSafeLoader):
    """The safe loader; duplicate keys are refused instead of silently overwritten."""


def read_yaml(path: Path) -> Document:
    """Parse one file. Raises ``NotYaml`` for anything that is not clean YAML, duplicate keys included; ``Unfit``."""
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        raise NotYaml(path, 1, f"not UTF-8 text ({error.reason})") from error
    lines: dict[Place, int] = {}
    if _depth(text) > DEEPEST:
        raise NotYaml(path, 1, "nested too deeply")
    loader = _Lines(text)
    try:
        node = loader.get_single_node()
        data = None if node is None else _build(loader, node, (), lines, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(path, mark.line + 1 if mark else 1, error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise NotYaml(path, 1, f"a character that no text holds ({' '.join(str(error).split())})") from error
    except RecursionError as error:
        raise NotYaml(path, 1, "nested too deeply") from error
    finally:
        loader.dispose()
    return Document(path, data, lines)


def _build(loader: _Lines, node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> Any:
    lines[place] = node.start_mark.line + 1
    if len(lines) > MOST_VALUES:
        raise NotYaml(path, lines[place], f"its aliases unfold to more than {MOST_VALUES:,} values")
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(loader, key_node)
            if not isinstance(key, Hashable):
                raise NotYaml(path, key_node.start_mark.line + 1, "a list or mapping cannot be a key")
            if key in result:
                raise NotYaml(path, key_node.start_mark.line + 1, f"duplicate key {key!r}")
            inside = (*place, cast("str | int", key))
            result[key] = _build(loader, value_node, inside, lines, path)
            lines[inside] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*place, index), lines, path) for index, item in enumerate(node.value)]
    return _scalar(loader, node)


def _scalar(loader: _Lines, node: yaml.Node) -> Any:
    """The value. A date that no calendar has stays text, so that the schema reports it where it stands.

    So does what does not fit its ``!!tag``.
    """
    try:
        return loader.construct_object(node, deep=True)
    except (ValueError, KeyError, AttributeError):
        return node.value


def _depth(text: str) -> int:
    """How many brackets are open at once, at the most; quotes are not looked at. The parser itself falls over it."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        deepest = max(deepest, depth)
    return deepest
