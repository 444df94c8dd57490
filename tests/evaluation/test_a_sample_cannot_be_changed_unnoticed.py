"""A sample that was touched after the draw is refused, with the file and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jingzhun.evaluation import NotASample, read_sample


def other_household(folder: Path) -> None:
    path = folder / "sampled_household.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)


def no_villages(folder: Path) -> None:
    (folder / "sampled_village.parquet").unlink()


def other_seed(folder: Path) -> None:
    path = folder / "sample.json"
    path.write_text(path.read_text("utf-8").replace('"seed": 7', '"seed": 8'), "utf-8")


def no_text(folder: Path) -> None:
    (folder / "sample.json").write_bytes(b"\xff\xfe{")


def a_list(folder: Path) -> None:
    (folder / "sample.json").write_text("[]", "utf-8")


def more_than_is_known(folder: Path) -> None:
    path = folder / "sample.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"extra": 1}), "utf-8")


def nothing(folder: Path) -> None:
    (folder / "sample.json").unlink()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other_household, "sampled_household.parquet；样本被改动过"),
        (no_villages, "sampled_village.parquet；样本被改动过"),
        (other_seed, "指纹不符"),
        (no_text, "无法使用"),
        (a_list, "无法使用"),
        (more_than_is_known, "无法使用"),
        (nothing, "缺少 sample.json"),
    ],
)
def test_a_change_is_refused(drawn: Path, change: Callable[[Path], None], says: str) -> None:
    assert read_sample(drawn).seed == 7
    change(drawn)
    with pytest.raises(NotASample, match=says) as refused:
        read_sample(drawn)
    assert "draw" in refused.value.en or "Point to" in refused.value.en


def test_a_visit_list_may_be_filled_in_where_it_lies(drawn: Path) -> None:
    [path] = (drawn / "visit_lists").glob("*.xlsx")
    path.write_bytes(path.read_bytes() + b"\0")
    assert read_sample(drawn).issued[f"visit_lists/{path.name}"]
