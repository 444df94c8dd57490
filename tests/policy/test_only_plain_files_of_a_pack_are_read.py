"""A file of a pack is a regular file of a stated size; anything else is a fault and is never opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jingzhun.policy import PackFaults, load_pack
from jingzhun.policy.check import check_pack
from jingzhun.policy.source import MOST_BYTES
from tests.policy.packs import sound_pack


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(5 * 2**30)


def nowhere(path: Path) -> None:
    path.symlink_to("no such file")


def round_in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


INSTEAD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a link to a device": (device, "不是普通文件", "no regular file"),
    "a pipe": (pipe, "不是普通文件", "no regular file"),
    "a folder": (Path.mkdir, "这是一个目录", "a folder where a file is wanted"),
    "a file of five gigabytes": (sparse, "MB，没有读取", "MB and was not read"),
    "a link to nothing": (nowhere, "指向的文件不存在", "leads to no file"),
    "a link to itself": (round_in_a_circle, "链接", "link"),
}
FILES = [
    "pack.yaml",
    "regions/divisions.csv",
    "quality/rules/people.yaml",
    "answers/figures.yaml",
    "population/given_names.csv",
]
"""Read as one part, as rows, as a list of parts, as one file of a list, and by another room later."""


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("make", "zh", "en"), INSTEAD.values(), ids=INSTEAD)
def test_what_is_none_is_a_fault_told_once(
    tmp_path: Path, file: str, make: Callable[[Path], None], zh: str, en: str
) -> None:
    root = sound_pack(tmp_path)
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).unlink(missing_ok=True)
    make(root / file)
    told = [fault for fault in check_pack(root) if fault.file == file]
    assert [(fault.line, zh in fault.zh, en in fault.en) for fault in told] == [(1, True, True)], told
    with pytest.raises(PackFaults):
        load_pack(root)


def test_a_link_to_a_plain_file_is_read_as_that_file(tmp_path: Path) -> None:
    root = sound_pack(tmp_path)
    (root / "sources.csv").rename(tmp_path / "shared.csv")
    (root / "sources.csv").symlink_to(tmp_path / "shared.csv")
    assert check_pack(root) == []


@pytest.mark.parametrize("file", ["schemes/large.yaml", "regions/divisions.csv"])
def test_a_file_one_byte_too_long_is_a_fault(tmp_path: Path, file: str) -> None:
    root = sound_pack(tmp_path)
    with (root / file).open("wb") as handle:
        handle.truncate(MOST_BYTES[Path(file).suffix] + 1)
    assert "MB，没有读取" in next(fault.zh for fault in check_pack(root) if fault.file == file)


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    root = sound_pack(tmp_path)
    path = root / "regions" / "divisions.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"\xff\xfe\n", *lines[2:]]))
    told = next(fault for fault in check_pack(root) if fault.file == "regions/divisions.csv")
    assert told.line == 3 and "UTF-8" in told.zh and "codec" not in told.en


def test_a_folder_that_is_no_pack_is_not_searched(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "strange.yaml").symlink_to("/dev/zero")
    assert all(fault.file != "elsewhere/strange.yaml" for fault in check_pack(tmp_path))
