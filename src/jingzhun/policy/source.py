"""YAML with the line of every value, so that a fault of a pack can be shown where it stands."""

from __future__ import annotations

from collections.abc import Hashable
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


MOST_VALUES = 200_000
"""Values in one file, aliases unfolded: nine short lines can otherwise fill any memory."""


class NotYaml(ValueError):
    """The file is not YAML; ``line`` says where the parser gave up."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class _Lines(yaml.CSafeLoader):
    """The safe loader; duplicate keys are refused instead of silently overwritten."""


def read_yaml(path: Path) -> Document:
    """Parse one file. Raises ``NotYaml`` for anything that is not clean YAML, duplicate keys included."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise NotYaml(path, 1, f"not UTF-8 text ({error.reason})") from error
    lines: dict[Place, int] = {}
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
