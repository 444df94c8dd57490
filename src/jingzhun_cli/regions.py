"""``regions``: look divisions up on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from jingzhun.model.shown import brief
from jingzhun.policy import DivisionTree
from jingzhun.policy.schema import DivisionRow
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, PackName, UsageProblem, day_of, pack_of, region_of
from jingzhun_cli.console import say

HEADINGS = (
    ("代码", "code"),
    ("名称", "name"),
    ("上级", "above"),
    ("类别", "kind"),
    ("启用", "from"),
    ("撤销", "to"),
    ("继任", "successor"),
    ("说明", "note"),
)


def regions(
    query: Annotated[str, typer.Argument(help="名称或代码的一部分 / part of a name or code")] = "",
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="日期 / on this day")] = None,
    under: Annotated[str, typer.Option("--under", help="只看其下的区划 / only below this division")] = "",
    level: Annotated[int, typer.Option("--level", min=0, max=5, help="层级 1 省 … 5 村 / level")] = 0,
    pack: PackName = DEFAULT_PACK,
    json_: AsJson = False,
) -> None:
    """查询某一天的行政区划 / Divisions in force on a day."""
    chosen = pack_of(pack)
    day: date = day_of(on, chosen)
    tree = chosen.divisions.on(day)
    if not query and not under and not level:
        under, level = chosen.meta.root_region, 3
    root = region_of(chosen, under, day) if under else ""
    found = [row for row in _within(tree, root) if (not level or row.level == level) and _fits(row, query)]
    if not found:
        raise UsageProblem(f"{day} 没有符合“{brief(query)}”的区划。", f"no division fits {brief(query)!r} on {day}.")
    if json_:
        console.print_json([_plain(tree, row) for row in found])
        return
    console.table(
        say(f"{day} 的区划 {len(found)} 个", f"{len(found)} divisions on {day}"),
        [(say(zh, en), "left") for zh, en in HEADINGS],
        [_line(tree, row) for row in found],
    )


def _line(tree: DivisionTree, row: DivisionRow) -> list[str]:
    note = say("合成", "synthetic") if row.synthetic else ""
    period = [str(row.valid_from), str(row.valid_to or "")]
    return [row.region_code, row.name, _above(tree, row), row.kind, *period, row.successor_code, note]


def _within(tree: DivisionTree, root: str) -> list[DivisionRow]:
    return [tree.get(code) for code in (tree.under(root) if root else sorted(tree.rows))]


def _fits(row: DivisionRow, query: str) -> bool:
    return query in row.name or row.region_code.startswith(query)


def _above(tree: DivisionTree, row: DivisionRow) -> str:
    return "".join(tree.get(code).name for code in reversed(list(tree.ancestors(row.parent_code))))


def _plain(tree: DivisionTree, row: DivisionRow) -> dict[str, object]:
    return {**row.model_dump(mode="json"), "above": _above(tree, row)}
