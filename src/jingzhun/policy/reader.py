"""Read the files of a pack into its parts. Faults are collected, and every part remembers its file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jingzhun.policy.source import Document, NotYaml, Place, Unfit, check_file, listed, read_text, read_yaml

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a pack: where it stands, what is wrong, what to do."""

    file: str
    line: int
    zh: str
    en: str


@dataclass
class Reader:
    """Reads one pack folder.

    ``places`` says where each part of a YAML file stands, by ``kind:id``; ``lines`` says on which line each row of a
    CSV file stands, in the order of the rows.
    """

    root: Path
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, tuple[Document, Place]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    unfit: set[Path] = field(default_factory=set)
    """What is called as a file of a pack but is none; it is reported once and never opened."""

    def fault(self, path: Path, line: int, zh: str, en: str) -> None:
        self.faults.append(Fault(path.relative_to(self.root).as_posix(), line, zh, en))

    def look_over(self) -> None:
        """Report everything in the folder that is no file a pack may hold, used or not: a fingerprint reads them all.

        A folder without ``pack.yaml`` is no pack, and may be any folder of the machine: it is not searched.
        """
        head = self.root / "pack.yaml"
        if not head.exists() and not head.is_symlink():
            return
        for path in listed(self.root):
            try:
                check_file(path)
            except Unfit as error:
                self._unfit(error)

    def _unfit(self, error: Unfit) -> None:
        if error.path not in self.unfit:
            self.unfit.add(error.path)
            self.fault(error.path, 1, error.zh, error.en)

    def one(self, name: str, model: type[Part]) -> Part | None:
        """A file that must be there and holds one part."""
        path = self.root / name
        if path not in self.unfit and not path.exists():
            self._missing(path)
            return None
        document = self._document(path)
        if document is None:
            return None
        self.places[name] = (document, ())
        return self._part(document, (), document.data, model)

    def merged(self, names: Iterable[str], model: type[Part]) -> Part | None:
        """Files whose keys together are one part. None where there is no such file, or one has a fault."""
        before = len(self.faults)
        data: dict[str, Any] = {}
        owners: dict[str, Document] = {}
        for path in (self.root / name for name in names):
            document = self._document(path) if path.exists() else None
            if document is None:
                continue
            if not isinstance(document.data, dict):
                self.fault(path, 1, "文件应由“键: 值”组成。", "the file must hold keys with values.")
                continue
            data |= document.data
            owners |= dict.fromkeys(map(str, document.data), document)
        if not owners or len(self.faults) > before:
            return None
        first = next(iter(owners.values()))

        def where(place: Place) -> tuple[Path, int]:
            owner = owners.get(str(place[0]), first) if place else first
            return owner.path, owner.line(place)

        try:
            return model.model_validate(data)
        except ValidationError as error:
            self._validation(where, error)
            return None

    def each(self, pattern: str, model: type[Part], kind: str) -> dict[str, Part]:
        """Files that each hold one part."""
        parts: dict[str, Part] = {}
        for path in sorted(self.root.glob(pattern)):
            document = self._document(path)
            if document is not None:
                self._keep(parts, kind, document, (), model)
        return parts

    def lists(self, pattern: str, key: str, model: type[Part], kind: str) -> dict[str, Part]:
        """Files that each hold a list of parts under ``key``."""
        parts: dict[str, Part] = {}
        for path in sorted(self.root.glob(pattern)):
            document = self._document(path)
            if document is None:
                continue
            if not isinstance(document.data, dict) or not isinstance(document.data.get(key), list):
                self.fault(path, 1, f"文件应以“{key}:”列表开头。", f"the file must hold a list under {key!r}.")
                continue
            for index in range(len(document.data[key])):
                self._keep(parts, kind, document, (key, index), model)
        return parts

    def rows(self, name: str, model: type[Part], *, optional: bool = False) -> tuple[Part, ...]:
        """A CSV file whose header names the fields of ``model``; empty cells count as not given."""
        path = self.root / name
        parts: list[Part] = []
        lines = self.lines.setdefault(name, [])
        if path in self.unfit:
            return ()
        if not path.exists():
            if not optional:
                self._missing(path)
            return ()
        for line, row in self._csv(path):
            try:
                parts.append(model.model_validate(row, strict=False))
                lines.append(line)
            except ValidationError as error:
                self._validation(lambda _, line=line: (path, line), error)  # type: ignore[misc]
        return tuple(parts)

    def _csv(self, path: Path) -> list[tuple[int, dict[str | None, Any]]]:
        found: list[tuple[int, dict[str | None, Any]]] = []
        try:
            table = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
            for row in table:
                if None in row:
                    self.fault(
                        path, table.line_num, "这一行的列比表头多。", "this line has more cells than the header."
                    )
                    continue
                found.append((table.line_num, {key: value for key, value in row.items() if value}))
        except Unfit as error:
            self._unfit(error)
        except UnicodeDecodeError as error:
            self.fault(
                path,
                error.object.count(b"\n", 0, error.start) + 1,
                "无法按 UTF-8 CSV 读取：这一行有不是 UTF-8 的字节；请另存为“CSV UTF-8”。",
                "the file cannot be read as UTF-8 CSV: this line holds other bytes; save it as CSV UTF-8.",
            )
        except csv.Error:
            self.fault(
                path,
                found[-1][0] + 1 if found else 2,
                "从这一行起无法按 UTF-8 CSV 读取：引号不成对、单元格过长或有空字符；请检查这一行的引号。",
                "from this line on the file cannot be read as UTF-8 CSV: a quote does not close, a cell is too long or "
                "holds a NUL character; check the quotes of this line.",
            )
        return found

    def _keep(self, parts: dict[str, Part], kind: str, document: Document, place: Place, model: type[Part]) -> None:
        part = self._part(document, place, _at(document.data, place), model)
        if part is None:
            return
        identifier = str(part.id)  # type: ignore[attr-defined]
        if identifier in parts:
            other = self.places[f"{kind}:{identifier}"][0].path.relative_to(self.root)
            self.fault(
                document.path,
                document.line((*place, "id")),
                f"编号“{identifier}”重复，已在 {other} 中定义；请改名或删除其一。",
                f"id {identifier!r} is already defined in {other}; rename one of them.",
            )
            return
        parts[identifier] = part
        self.places[f"{kind}:{identifier}"] = (document, place)

    def _missing(self, path: Path) -> None:
        self.fault(path, 1, "缺少此文件，请补上。", "this file is missing; add it.")

    def _document(self, path: Path) -> Document | None:
        if path in self.unfit:
            return None
        try:
            return read_yaml(path)
        except Unfit as error:
            self._unfit(error)
            return None
        except NotYaml as error:
            self.fault(
                path, error.line, f"不是有效的 YAML：{error.reason}；请改正这一行。", f"not valid YAML: {error.reason}."
            )
            return None

    def _part(self, document: Document, place: Place, data: Any, model: type[Part]) -> Part | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self._validation(lambda loc: (document.path, document.line((*place, *loc))), error)
            return None

    def _validation(self, where: Callable[[Place], tuple[Path, int]], error: ValidationError) -> None:
        for detail in error.errors():
            self.fault(*where(detail["loc"]), *_in_words(dict(detail)))


def _at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _in_words(detail: dict[str, Any]) -> tuple[str, str]:
    """A validation detail as two sentences with the next action."""
    name = ".".join(str(part) for part in detail["loc"])
    given = detail["input"]
    expected = detail.get("ctx", {}).get("expected", "")
    pattern = detail.get("ctx", {}).get("pattern", "")
    match detail["type"]:
        case "missing":
            return f"缺少“{name}”，请补上。", f"{name!r} is missing; add it."
        case "extra_forbidden":
            return (
                f"“{name}”不是可用的字段，请检查拼写或删除（可用字段见 docs/reference/pack.md）。",
                f"{name!r} is not a field here; check its spelling or remove it (see docs/reference/pack.md).",
            )
        case "literal_error":
            return f"“{name}”的值 {given!r} 不在可选值中：{expected}。", f"{name!r} must be one of {expected}."
        case "string_pattern_mismatch":
            return f"“{name}”的值 {given!r} 格式不对，应符合 {pattern}。", f"{name!r} must match {pattern}."
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return (
                f"“{name}”的值 {given!r} 不是日期，请写成 2018-12-31。",
                f"{name!r} is not a date such as 2018-12-31.",
            )
        case _:
            return f"“{name}”的值 {given!r} 不对：{detail['msg']}。", f"{name!r} is {given!r}: {detail['msg']}."
