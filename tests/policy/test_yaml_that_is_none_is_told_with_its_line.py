"""Whatever a pack's YAML holds, it is read or refused in a sentence; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from jingzhun.policy.source import NotYaml, read_yaml

REFUSED = {
    "a control character": "a: b\x01\n",
    "a list as a key": "a: 1\n? [b]\n: 2\n",
    "nested without end": "[" * 5000,
    "an alias to itself": "a: &a [*a]\n",
    "an object of Python": "a: !!python/object:x.Y z\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_it_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(NotYaml) as refused:
        read_yaml(path)
    assert refused.value.path == path and refused.value.line >= 1 and refused.value.reason


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("2018-13-45: 1\n", {"2018-13-45": 1}),
        ("a: 2018-13-45\n", {"a": "2018-13-45"}),
        ("a: !!bool x\n", {"a": "x"}),
        ("a: !!timestamp x\n", {"a": "x"}),
    ],
)
def test_what_is_no_date_stays_text_for_the_schema_to_report(tmp_path: Path, text: str, data: object) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text, "utf-8")
    assert read_yaml(path).data == data
