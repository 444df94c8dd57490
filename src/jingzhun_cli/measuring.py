"""``measure``: estimates from a sample or a register, as a request says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun.measurement.answering import answer_request
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, PackName, UsageProblem, pack_of
from jingzhun_cli.console import say

HEADINGS = (
    ("编号", "id", "left"),
    ("分组", "group", "left"),
    ("分项", "component", "left"),
    ("估计", "estimate", "right"),
    ("标准误", "se", "right"),
    ("置信区间", "interval", "right"),
    ("自由度", "df", "right"),
    ("行数", "rows", "right"),
    ("未用", "left out", "right"),
)


def measure(
    request: Annotated[Path, typer.Argument(help="请求（YAML） / the request, YAML")],
    pack: PackName = DEFAULT_PACK,
    json_: AsJson = False,
) -> None:
    """按请求估计：抽样设计、指标、标准误和区间 / Estimates with their standard errors, as a request asks for."""
    if not request.is_file():
        raise UsageProblem(f"没有这个文件：{request}", f"no such file: {request}")
    estimates = answer_request(request, lambda name: _standard(pack, name))
    if json_:
        console.print_json({"estimates": estimates})
        return
    console.table(
        say("估计", "estimates"),
        [(say(zh, en), justify) for zh, en, justify in HEADINGS],
        [_line(entry) for entry in estimates],
    )


def _standard(pack: str, name: str) -> dict[str, Any] | None:
    """A standard of the pack; the pack is read only where a request names one."""
    found = pack_of(pack).deprivation.get(name)
    return None if found is None else found.arguments()


def _line(entry: dict[str, Any]) -> list[str]:
    low_high = entry["ci"]
    group = entry["group"]
    return [
        entry["id"],
        "—" if group is None else " / ".join(map(str, group if isinstance(group, list) else [group])),
        entry["component"] or "—",
        _shown(entry["estimate"]),
        _shown(entry["se"]),
        f"{_shown(low_high[0])} – {_shown(low_high[1])}" if low_high else "—",
        str(entry["df"]),
        f"{entry['n']:,}",
        f"{sum(entry['left_out'].values()):,}",
    ]


def _shown(value: float | None) -> str:
    """Seven significant digits, as statisticians print."""
    return "—" if value is None else f"{value:,.7g}"
